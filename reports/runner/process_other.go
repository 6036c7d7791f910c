//go:build !unix

package runner

import (
	"io/fs"
	"os"
	"os/exec"
)

// apart does nothing here: only the command itself can be ended.
func apart(*exec.Cmd) {}

func interrupt(cmd *exec.Cmd) { _ = cmd.Process.Kill() }

func kill(cmd *exec.Cmd) { _ = cmd.Process.Kill() }

func ended(state *os.ProcessState) (status int, signal string) { return state.ExitCode(), "" }

func inode(fs.FileInfo) any { return nil }

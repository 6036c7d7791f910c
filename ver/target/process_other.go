//go:build !unix

package target

import (
	"os/exec"
	"syscall"
)

// ownGroup does nothing where there are no process groups.
func ownGroup(*exec.Cmd) {}

// killGroup ends the command itself; what it has started goes on where there
// are no process groups.
func killGroup(cmd *exec.Cmd) { _ = cmd.Process.Kill() }

// groupLives does not know of what the command has started.
func groupLives(*exec.Cmd) bool { return false }

// endGroup has nothing to end: the command has been waited for.
func endGroup(*exec.Cmd) {}

// signalOf knows no signals.
func signalOf(*exec.ExitError) int { return 0 }

// control leaves it to the system how much a connection holds.
func (Window) control(string, string, syscall.RawConn) error { return nil }

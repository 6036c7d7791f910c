//go:build !unix

package target

import "os/exec"

// ownGroup does nothing where there are no process groups.
func ownGroup(*exec.Cmd) {}

// killGroup ends the command itself; what it has started goes on where there
// are no process groups.
func killGroup(cmd *exec.Cmd) { _ = cmd.Process.Kill() }

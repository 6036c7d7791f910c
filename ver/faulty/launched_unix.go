//go:build unix

package faulty

import (
	"os/exec"
	"syscall"
)

// ownSession gives a child a session of its own: it is in no group of others.
func ownSession(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} }

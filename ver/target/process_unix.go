//go:build unix

package target

import (
	"context"
	"os/exec"
	"syscall"
	"time"
)

// ownGroup starts the command in a process group of its own.
func ownGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// killGroup ends the command and everything in its group.
func killGroup(cmd *exec.Cmd) { _ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }

// groupLives reports whether something is left in the group of a command that has
// been waited for.
func groupLives(cmd *exec.Cmd) bool {
	for { // those that have been adopted, and have ended
		if pid, err := syscall.Wait4(-cmd.Process.Pid, nil, syscall.WNOHANG, nil); pid <= 0 && err != syscall.EINTR {
			break
		}
	}
	return syscall.Kill(-cmd.Process.Pid, 0) == nil
}

// endGroup ends what is left in the group of a command that has been waited for,
// and waits until nothing is, or for a second: who is killed needs a moment, and
// has its port until then.
func endGroup(cmd *exec.Cmd) {
	for until := time.Now().Add(time.Second); groupLives(cmd) && time.Now().Before(until); {
		killGroup(cmd)
		Pause(context.Background(), time.Millisecond)
	}
}

// signalOf gives the number of the signal that has ended a process.
func signalOf(exit *exec.ExitError) int {
	if status, ok := exit.Sys().(syscall.WaitStatus); ok {
		return int(status.Signal())
	}
	return 0
}

// control sets the buffers of a new connection.
func (w Window) control(_, _ string, raw syscall.RawConn) error {
	size := map[Window]int{Narrow: 64 << 10, Narrowest: 16 << 10}[w]
	return raw.Control(func(fd uintptr) {
		if w != Usual {
			_ = syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_RCVBUF, size)
		}
		if w == Narrowest { // the kernel sizes what it holds of what is sent by the length of a segment
			_ = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, syscall.TCP_MAXSEG, 1400)
		}
	})
}

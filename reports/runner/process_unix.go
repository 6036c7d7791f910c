//go:build unix

package runner

import (
	"io/fs"
	"os"
	"os/exec"
	"syscall"
)

// apart makes the command lead a process group, so that all that it starts can be ended.
func apart(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// interrupt asks all processes of the command to end.
func interrupt(cmd *exec.Cmd) { _ = syscall.Kill(-cmd.Process.Pid, syscall.SIGINT) }

// kill ends all processes of the command that are still there.
func kill(cmd *exec.Cmd) { _ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }

// ended tells how a process has ended.
func ended(state *os.ProcessState) (status int, signal string) {
	if ws, ok := state.Sys().(syscall.WaitStatus); ok && ws.Signaled() {
		return 128 + int(ws.Signal()), ws.Signal().String()
	}
	return state.ExitCode(), ""
}

// inode identifies a file that was exchanged for another with the same times.
func inode(info fs.FileInfo) any {
	if stat, ok := info.Sys().(*syscall.Stat_t); ok {
		return [2]uint64{uint64(stat.Dev), uint64(stat.Ino)}
	}
	return nil
}

package target

import (
	"os/exec"
	"runtime"
	"syscall"
)

// dieWithParent ends the command, not what it has started, with this process,
// should that be killed: the supervisor of a server is. It is for the process's
// main goroutine, which then keeps its thread.
func dieWithParent(cmd *exec.Cmd) {
	runtime.LockOSThread() // the kernel means the thread that started it
	cmd.SysProcAttr.Pdeathsig = syscall.SIGKILL
}

// adoptOrphans makes this process the parent of what its command leaves behind:
// in a container nobody else may wait for it, and what has ended would seem to
// live.
func adoptOrphans() {
	const setChildSubreaper = 36
	_, _, _ = syscall.RawSyscall(syscall.SYS_PRCTL, setChildSubreaper, 1, 0)
}

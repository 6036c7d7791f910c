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

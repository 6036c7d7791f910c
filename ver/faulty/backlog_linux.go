package faulty

import (
	"net"
	"syscall"
)

// backlog has the kernel keep so many clients waiting at a listener, and one more.
func backlog(ln net.Listener, n int) {
	raw, err := ln.(*net.TCPListener).SyscallConn()
	if err != nil {
		return
	}
	_ = raw.Control(func(fd uintptr) { _ = syscall.Listen(int(fd), n) })
}

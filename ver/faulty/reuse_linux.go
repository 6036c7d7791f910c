package faulty

import (
	"errors"
	"net"
	"syscall"
)

// listenAlone listens without SO_REUSEADDR, which Go sets.
var listenAlone = net.ListenConfig{Control: func(_, _ string, raw syscall.RawConn) (err error) {
	controlErr := raw.Control(func(fd uintptr) {
		err = syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_REUSEADDR, 0)
	})
	return errors.Join(controlErr, err)
}}

// backlog has the kernel keep so many clients waiting at a listener, and one more.
func backlog(ln net.Listener, n int) {
	raw, err := ln.(*net.TCPListener).SyscallConn()
	if err != nil {
		return
	}
	_ = raw.Control(func(fd uintptr) { _ = syscall.Listen(int(fd), n) })
}

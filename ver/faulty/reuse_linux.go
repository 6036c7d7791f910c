package faulty

import (
	"net"
	"syscall"
)

// refuseReuse takes SO_REUSEADDR, which Go sets, off a listener, and so off its
// connections.
func refuseReuse(ln net.Listener) {
	if raw, err := ln.(*net.TCPListener).SyscallConn(); err == nil {
		_ = raw.Control(func(fd uintptr) { _ = syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_REUSEADDR, 0) })
	}
}

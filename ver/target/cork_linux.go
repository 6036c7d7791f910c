package target

import (
	"net"
	"syscall"
)

// cork has the system hold back what is sent until the connection is closed, as far as
// it fits into a segment.
func cork(c *net.TCPConn) {
	raw, err := c.SyscallConn()
	if err != nil {
		return
	}
	_ = raw.Control(func(fd uintptr) {
		_ = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, syscall.TCP_CORK, 1)
	})
}

//go:build !linux

package faulty

import "net"

// backlog does nothing where the kernel's queue is not known to follow.
func backlog(net.Listener, int) {}

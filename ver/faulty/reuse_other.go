//go:build !linux

package faulty

import "net"

// listenAlone listens as Go does: only on Linux is it known that a port lingers.
var listenAlone net.ListenConfig

// backlog does nothing where the kernel's queue is not known to follow.
func backlog(net.Listener, int) {}

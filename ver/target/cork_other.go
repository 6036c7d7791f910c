//go:build !linux

package target

import "net"

// cork is not to be had here: what is sent and the end of the connection may come apart.
func cork(*net.TCPConn) {}

//go:build !linux

package target

import "net"

// acknowledge leaves it to the system when to acknowledge.
func acknowledge(*net.TCPConn) {}

// cork is not to be had here: what is sent and the end of the connection may come apart.
func cork(*net.TCPConn) {}

// Lingers is not known here.
func Lingers(string) bool { return false }

func bindable(string) bool { return true }

// ListenAlone listens as Go does: only on Linux is it known that a port lingers.
var ListenAlone net.ListenConfig

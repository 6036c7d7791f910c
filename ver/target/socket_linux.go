package target

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// acknowledge has the kernel acknowledge at once what comes next on a connection. A
// server that has not set TCP_NODELAY waits for that before it sends more, and the kernel
// lets it wait for 40 ms.
func acknowledge(conn *net.TCPConn) { switchOn(conn, syscall.TCP_QUICKACK) }

// cork has the system hold back what is sent until the connection is closed, as far as
// it fits into a segment.
func cork(conn *net.TCPConn) { switchOn(conn, syscall.TCP_CORK) }

// switchOn switches on an option of TCP.
func switchOn(conn *net.TCPConn, option int) {
	if raw, err := conn.SyscallConn(); err == nil {
		_ = raw.Control(func(fd uintptr) { _ = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, option, 1) })
	}
}

// The states of a connection in the kernel's tables.
const (
	timeWait = "06"
	listens  = "0A"
)

// Lingers reports whether the kernel alone keeps a port: for connections that were
// closed there first, and by nobody who listens. It does so for a minute, against
// everyone who wants to listen, where their server has not set SO_REUSEADDR.
func Lingers(addr string) bool {
	_, text, err := net.SplitHostPort(addr)
	port, portErr := strconv.Atoi(text)
	if err != nil || portErr != nil {
		return false
	}
	lingers := false
	for _, table := range []string{"/proc/net/tcp", "/proc/net/tcp6"} {
		data, _ := os.ReadFile(table) // a kernel without IPv6 has one of them
		for line := range strings.Lines(string(data)) {
			fields := strings.Fields(line)
			if len(fields) < 4 || !strings.HasSuffix(fields[1], fmt.Sprintf(":%04X", port)) {
				continue
			}
			switch fields[3] {
			case listens:
				return false
			case timeWait:
				lingers = true
			}
		}
	}
	return lingers
}

// bindable reports whether a server can have an address that has not set
// SO_REUSEADDR.
func bindable(addr string) bool {
	ln, err := ListenAlone.Listen(context.Background(), "tcp", addr)
	return err == nil && vacate(ln) == nil
}

// ListenAlone listens without SO_REUSEADDR, which Go sets.
var ListenAlone = net.ListenConfig{Control: func(_, _ string, raw syscall.RawConn) (err error) {
	controlErr := raw.Control(func(fd uintptr) {
		err = syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_REUSEADDR, 0)
	})
	return errors.Join(controlErr, err)
}}

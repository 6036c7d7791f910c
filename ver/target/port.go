package target

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"strconv"
	"sync"
	"time"
)

// Ports for servers: below those from which systems take the ports of connections,
// any of which could take a free one before the server does.
const firstPort, lastPort = 20000, 29999

// Listen listens at a port of the loopback interface that no other process is
// given by Listen or [FreeAddr] until it is released: who closes the listener can
// tell whether the port is free again.
func Listen() (ln net.Listener, release func(), err error) {
	for range lastPort - firstPort {
		addr := net.JoinHostPort("127.0.0.1", strconv.Itoa(firstPort+rand.IntN(lastPort-firstPort+1)))
		var lock net.PacketConn // whoever else asks finds it bound, by UDP
		if lock, err = net.ListenPacket("udp", addr); err != nil {
			continue
		}
		if ln, err = net.Listen("tcp", addr); err == nil {
			return ln, func() { _ = lock.Close() }, nil
		}
		_ = lock.Close()
	}
	return nil, nil, fmt.Errorf("no port from %d to %d is free: %w", firstPort, lastPort, err)
}

// kept has what releases the addresses that FreeAddr has given.
var kept sync.Map

// FreeAddr gives an address of the loopback interface at which nobody listens,
// which a server can have that has not set SO_REUSEADDR, and which is given to
// nobody else for as long as this process lives.
func FreeAddr() (string, error) {
	for range lastPort - firstPort {
		ln, release, err := Listen()
		if err != nil {
			return "", err
		}
		addr := ln.Addr().String()
		if err = vacate(ln); err != nil || !bindable(addr) {
			release()
			continue
		}
		kept.Store(addr, release)
		return addr, nil
	}
	return "", fmt.Errorf("connections linger at all ports from %d to %d: wait a minute", firstPort, lastPort)
}

// vacate closes a listener, and waits until its port is free. A process that is
// started at the same time by another goroutine has a copy of the listener, until
// its program runs.
func vacate(ln net.Listener) error {
	if err := ln.Close(); err != nil {
		return err
	}
	for until := time.Now().Add(10 * time.Second); time.Now().Before(until); Pause(context.Background(), time.Millisecond) {
		conn, err := net.Dial("tcp", ln.Addr().String())
		if err != nil {
			return nil
		}
		_ = conn.Close()
	}
	return fmt.Errorf("%s is not free, though its listener is closed", ln.Addr())
}

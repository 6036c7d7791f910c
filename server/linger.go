package server

import (
	"io"
	"net"
	"slices"
	"sync"
	"time"
)

// Limits of the wait for a client that has been left to end its side too.
const (
	drainTime    = time.Second           // for one that may be far away
	lastDrain    = 10 * time.Millisecond // once the server stops, because that waits
	drainBytes   = 1 << 20
	maxLingering = 8 // connections at a time: after that the oldest is closed
)

// lingering are the connections of clients that have been left and have yet to end
// their side. To close a connection of which bytes are unread, or still come in, makes
// the kernel send a reset, and that can destroy responses that are still on their way
// (Pm). The next clients do not wait for it.
type lingering struct {
	sync.WaitGroup
	mu    sync.Mutex
	conns []net.Conn // the oldest first
}

// add waits in a goroutine for the end of nc, and closes it.
func (l *lingering) add(nc net.Conn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.conns) == maxLingering {
		_ = l.conns[0].SetReadDeadline(time.Now())
		l.conns = slices.Delete(l.conns, 0, 1)
	}
	l.conns = append(l.conns, nc)
	_ = nc.SetReadDeadline(time.Now().Add(drainTime))
	l.Go(func() {
		_, _ = io.CopyN(io.Discard, nc, drainBytes)
		_ = nc.Close()
		l.mu.Lock()
		defer l.mu.Unlock()
		l.conns = slices.DeleteFunc(l.conns, func(other net.Conn) bool { return other == nc })
	})
}

// end closes all that linger, and waits for their goroutines.
func (l *lingering) end() {
	l.mu.Lock()
	for _, nc := range l.conns {
		_ = nc.SetReadDeadline(time.Now().Add(lastDrain))
	}
	l.mu.Unlock()
	l.Wait()
}

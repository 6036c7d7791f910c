package server

import (
	"io"
	"net"
	"slices"
	"sync"
	"time"
)

// Limits of the wait for a client to close its side of the connection.
const (
	drainTime    = time.Second           // the client may be far away
	lastDrain    = 10 * time.Millisecond // once the server stops, because Serve waits for it
	drainBytes   = 1 << 20
	maxLingering = 8 // connections at a time; then the oldest is closed
)

// lingering holds connections whose clients have not closed their side yet. Closing a
// connection with unread or still arriving bytes makes the kernel send a reset, which
// can destroy responses on their way (Pm). The next clients do not wait for this.
type lingering struct {
	sync.WaitGroup
	mu    sync.Mutex
	conns []net.Conn // the oldest first
}

// add waits in a goroutine until the client closes nc, then closes it.
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

// end closes all connections and waits for their goroutines.
func (l *lingering) end() {
	l.mu.Lock()
	for _, nc := range l.conns {
		_ = nc.SetReadDeadline(time.Now().Add(lastDrain))
	}
	l.mu.Unlock()
	l.Wait()
}

package target

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync/atomic"
	"time"

	"github.com/socket-oneline/oneline/ver/patience"
)

// Stream is what is being sent on a connection, for as long as that takes.
type Stream struct {
	conn  *Conn
	taken atomic.Int64  // bytes that the connection has taken
	over  atomic.Bool   // no more is to be sent
	done  chan struct{} // closed once all was taken, or no more will be
}

// Stream begins to write bytes, and does something at their end.
func (c *Conn) Stream(data string, end func()) *Stream {
	const chunk, slice, longest = 32 << 10, 100 * time.Millisecond, time.Minute
	c.log("event", nil, fmt.Sprintf("%d bytes are sent in the background", len(data)))
	s := &Stream{conn: c, done: make(chan struct{})}
	go func() {
		defer close(s.done)
		for until := time.Now().Add(longest); data != ""; {
			n, err := c.write(data[:min(chunk, len(data))], slice)
			if err != nil && !errors.Is(err, os.ErrDeadlineExceeded) || s.over.Load() || time.Now().After(until) {
				return
			}
			s.taken.Add(int64(n))
			data = data[n:]
		}
		end()
	}()
	return s
}

// Stuck waits until the connection takes no more, for as long as silence must last.
func (s *Stream) Stuck(ctx context.Context) {
	for before := int64(-1); ctx.Err() == nil; {
		now := s.taken.Load()
		if now == before {
			return
		}
		before = now
		quiet, cancel := patience.Within(ctx, s.conn.pace.Quiet())
		select {
		case <-s.done:
			cancel()
			return
		case <-quiet.Done():
			cancel()
		}
	}
}

// Stop ends what is still under way.
func (s *Stream) Stop() {
	s.over.Store(true)
	<-s.done
}

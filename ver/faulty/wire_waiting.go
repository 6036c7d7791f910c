package faulty

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"syscall"
	"time"
)

// waitingFaults go wrong about what a client does while it waits for its turn.
var waitingFaults = []wireFault{
	{"waiting-cut-at-1448", "keeps 1448 bytes of what a client sends while it waits", srs("017"), readsAhead(func(_ *visitor, kept []byte) []byte {
		return kept[:min(len(kept), 1448)]
	})},
	{"waiting-half-lost", "drops the unfinished packet of a client whose turn it is", srs("017"), readsAhead(func(_ *visitor, kept []byte) []byte {
		return kept[:bytes.LastIndexByte(kept, '\n')+1]
	})},
	{"waiting-disconnect-obeyed", "obeys the disconnect of a client that waits, and drops the one that it serves", srs("003"), readsAhead(func(c *visitor, kept []byte) []byte {
		if strings.Contains(string(kept), "disconnect\n") {
			c.closeOthers()
		}
		return kept
	})},
	{"waiting-shutdown-obeyed", "obeys the shutdown of a client that waits", srs("003"), readsAhead(func(c *visitor, kept []byte) []byte {
		if strings.HasPrefix(string(kept), "shutdown\n") {
			c.stop()
			c.closeOthers()
		}
		return kept
	})},
	{"waiting-reset-stops", "does not survive a client that has reset its connection before its turn", srs("034"), unheard(func(c *visitor, err error) {
		if errors.Is(err, syscall.ECONNRESET) {
			c.stop()
		}
	})},
	{"silent-close-hangs", "serves nobody after a client that has closed without having sent anything", srs("032"), unheard(func(c *visitor, err error) {
		if err == io.EOF {
			<-c.ctx.Done()
		}
	})},
}

// unheard does something when a client has left of which nothing was read.
func unheard(do func(c *visitor, err error)) func(*skeleton) {
	return func(s *skeleton) {
		s.take = countBytes
		s.ended = func(c *visitor, err error) {
			if c.count == 0 {
				do(c, err)
			}
		}
	}
}

// countBytes counts what was read of a client.
func countBytes(c *visitor, chunk []byte) {
	c.count += len(chunk)
	c.split(chunk)
}

// readsAhead reads what clients send while they wait. What is kept of it comes
// first when it is their turn; keep sees all of it after each read.
func readsAhead(keep func(c *visitor, kept []byte) []byte) func(*skeleton) {
	return func(s *skeleton) {
		pooled(firstCome)(s)
		attend := s.attend
		s.attend = func(c *visitor) {
			c.ahead = make(chan []byte, 1)
			s.group.Go(func() {
				var ahead []byte
				buf := make([]byte, 4096)
				for err := error(nil); err == nil; {
					var n int
					n, err = c.Read(buf)
					ahead = keep(c, append(ahead, buf[:n]...))
				}
				c.ahead <- ahead
			})
			attend(c)
		}
		s.enter = func(c *visitor) {
			_ = c.SetReadDeadline(time.Unix(1, 0))
			c.held = <-c.ahead
			_ = c.SetReadDeadline(time.Time{})
		}
		s.read = func(c *visitor, buf []byte) (int, error) {
			if len(c.held) > 0 {
				n := copy(buf, c.held)
				c.held = c.held[n:]
				return n, nil
			}
			return c.Read(buf)
		}
	}
}

// closeOthers closes all connections but this client's.
func (c *visitor) closeOthers() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for conn := range c.open {
		if conn != c.Conn {
			_ = conn.Close()
			delete(c.open, conn)
		}
	}
}

// haltAll is a shutdown of a server that has accepted clients which wait: they are
// closed first.
func (c *visitor) haltAll() {
	c.halt()
	c.closeOthers()
}

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
func waitingFaults() []wireFault {
	return []wireFault{
		{"waiting-cut-at-1448", "keeps 1448 bytes of what a client sends while it waits", srs("017"), readsAhead(func(_ *skeleton, _ *visitor, kept []byte) []byte {
			return kept[:min(len(kept), 1448)]
		})},
		{"waiting-half-lost", "drops the unfinished packet of a client whose turn it is", srs("017"), readsAhead(func(_ *skeleton, _ *visitor, kept []byte) []byte {
			return kept[:bytes.LastIndexByte(kept, '\n')+1]
		})},
		{"waiting-disconnect-obeyed", "obeys the disconnect of a client that waits, and drops the one that it serves", srs("003"), readsAhead(func(s *skeleton, c *visitor, kept []byte) []byte {
			if strings.Contains(string(kept), "disconnect\n") {
				s.closeOthers(c)
			}
			return kept
		})},
		{"waiting-shutdown-obeyed", "obeys the shutdown of a client that waits", srs("003"), readsAhead(func(s *skeleton, c *visitor, kept []byte) []byte {
			if strings.HasPrefix(string(kept), "shutdown\n") {
				s.stop()
				s.closeOthers(c)
			}
			return kept
		})},
		{"waiting-reset-stops", "does not survive a client that has reset its connection before its turn", srs("034"), unheard(func(s *skeleton, err error) {
			if errors.Is(err, syscall.ECONNRESET) {
				s.stop()
			}
		})},
		{"silent-close-hangs", "serves nobody after a client that has closed without having sent anything", srs("032"), unheard(func(s *skeleton, err error) {
			if err == io.EOF {
				<-s.ctx.Done()
			}
		})},
	}
}

// unheard does something when a client has left of which nothing was read.
func unheard(do func(s *skeleton, err error)) func(*skeleton) {
	return func(s *skeleton) {
		heard := 0
		s.enter = func(*visitor) { heard = 0 }
		s.take = func(c *visitor, chunk []byte) {
			heard += len(chunk)
			s.split(c, chunk)
		}
		s.ended = func(_ *visitor, err error) {
			if heard == 0 {
				do(s, err)
			}
		}
	}
}

// readsAhead reads what clients send while they wait. What is kept of it comes
// first when it is their turn; keep sees all of it after each read.
func readsAhead(keep func(s *skeleton, c *visitor, kept []byte) []byte) func(*skeleton) {
	return func(s *skeleton) {
		type waiter struct {
			*visitor
			ahead chan []byte // what was kept, once nothing more is read ahead
		}
		waiting := make(chan waiter, queueLength)
		var kept []byte
		read := s.read
		s.read = func(c *visitor, buf []byte) (int, error) {
			if len(kept) > 0 {
				n := copy(buf, kept)
				kept = kept[n:]
				return n, nil
			}
			return read(c, buf)
		}
		s.group.Go(func() {
			for {
				select {
				case w := <-waiting:
					_ = w.SetReadDeadline(time.Unix(1, 0))
					kept = <-w.ahead
					_ = w.SetReadDeadline(time.Time{})
					if s.stopped() {
						s.close(w.visitor)
					} else {
						s.talk(w.visitor)
					}
				case <-s.ctx.Done():
					return
				}
			}
		})
		s.shutdown = s.endAll
		s.attend = func(c *visitor) {
			w := waiter{c, make(chan []byte, 1)}
			s.group.Go(func() {
				var ahead []byte
				buf := make([]byte, 4096)
				for err := error(nil); err == nil; {
					var n int
					n, err = c.Read(buf)
					ahead = keep(s, c, append(ahead, buf[:n]...))
				}
				w.ahead <- ahead
			})
			waiting <- w
		}
	}
}

// closeOthers closes all connections but one.
func (s *skeleton) closeOthers(c *visitor) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for conn := range s.open {
		if conn != c.Conn {
			_ = conn.Close()
			delete(s.open, conn)
		}
	}
}

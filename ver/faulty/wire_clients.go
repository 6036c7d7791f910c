package faulty

import (
	"context"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/socket-oneline/oneline/ver/patience"
)

// poll is how often a fault looks for what it waits for.
const poll = 2 * time.Millisecond

// clientFaultsOnWire go wrong about further clients, at once or one after the
// other.
func clientFaultsOnWire() []wireFault {
	return []wireFault{
		{"clients-at-once", "serves all clients at once", srs("003", "017"), func(s *skeleton) {
			s.attend = func(c *visitor) { s.group.Go(func() { s.talk(c) }) }
		}},
		{"second-busy", "tells a second client that it is busy, and closes it", srs("003"), aside(grace, func(s *skeleton, c *visitor) {
			s.send(c, "busy\n")
			s.drop(c)
		})},
		{"second-busy-for-longer", "tells further clients that it is busy and closes them, until 20 ms after the first one has left", srs("003"), func(s *skeleton) {
			aside(0, func(s *skeleton, c *visitor) {
				s.send(c, "busy\n")
				s.drop(c)
			})(s)
			s.leavesLate()
		}},
		{"second-busy-in-pause", "tells further clients that it is busy once its client pauses within a packet", srs("003"), func(s *skeleton) {
			s.atPause(func(c *visitor) {
				if len(c.partial) > 0 {
					s.acceptWaiting(func(further *visitor) {
						s.send(further, "busy\n")
						s.drop(further)
					})
				}
			})
		}},
		{"second-greeted", "tells a second client to wait", srs("003", "017"), aside(grace, func(s *skeleton, c *visitor) { s.send(c, "wait\n") })},
		{"second-kept", "neither serves nor closes a second client, ever", srs("017", "040"), aside(grace, func(*skeleton, *visitor) {})},
		{"second-replaces-first", "drops its client when another one comes", srs("003", "017"), func(s *skeleton) {
			var current *visitor
			s.attend = func(c *visitor) {
				if current != nil {
					s.close(current)
				}
				current = c
				s.group.Go(func() { s.talk(c) })
			}
		}},
		{"waiting-data-lost", "drops what a client has sent while it waited", srs("017"), func(s *skeleton) {
			s.queue(queueLength)
			s.enter = func(c *visitor) {
				if s.waited(c) {
					_, _ = c.Read(make([]byte, 4096))
				}
			}
		}},
		{"waiting-first-lost", "forgets the first command of a client that had to wait", srs("017"), func(s *skeleton) {
			s.queue(queueLength)
			forgets := 0
			s.enter = func(c *visitor) {
				if s.waited(c) {
					forgets = c.number
				}
			}
			s.handle = func(c *visitor, p packet) {
				if forgets != c.number {
					s.obey(c, p)
				}
				forgets = 0
			}
		}},
		{"third-at-once", "serves a client that comes while two are there", srs("003", "017"), func(s *skeleton) {
			waiting := make(chan *visitor, queueLength)
			var there atomic.Int64
			s.leave = func(c *visitor) {
				there.Add(-1)
				s.drop(c)
			}
			s.group.Go(func() {
				for {
					select {
					case c := <-waiting:
						s.talk(c)
					case <-s.ctx.Done():
						return
					}
				}
			})
			s.attend = func(c *visitor) {
				if there.Add(1) > 2 {
					s.group.Go(func() { s.talk(c) })
				} else {
					waiting <- c
				}
			}
			s.shutdown = s.endAll
		}},
		{"third-lost", "forgets a client that comes while another one waits", srs("017"), func(s *skeleton) {
			s.queue(queueLength)
			attend := s.attend
			var there atomic.Int64
			s.attend = func(c *visitor) {
				if there.Add(1) > 2 {
					there.Add(-1)
				} else {
					attend(c)
				}
			}
			s.leave = func(c *visitor) {
				there.Add(-1)
				s.drop(c)
			}
		}},
		{"accepts-50", "ends its accept loop after the 50th client", srs("049"), func(s *skeleton) {
			s.leave = func(c *visitor) {
				if s.drop(c); c.number == 50 {
					s.stop()
				}
			}
		}},
		{"leaks-120", "has no descriptor left after 120 clients", srs("049"), func(s *skeleton) {
			s.attend = func(c *visitor) {
				if c.number > 120 {
					s.close(c)
				} else {
					s.talk(c)
				}
			}
		}},
		{"clients-7-bit", "does not answer its 128th client: the number has 7 bits", srs("049"), func(s *skeleton) {
			s.handle = func(c *visitor, p packet) {
				if c.number%128 != 0 {
					s.obey(c, p)
				}
			}
		}},
		{"response-for-next-client", "sends the last response of a client again to the next one", srs("019"), func(s *skeleton) {
			last := ""
			s.enter = func(c *visitor) { s.send(c, last) }
			s.send = func(c *visitor, text string) {
				last = text
				_, _ = c.Write([]byte(text))
			}
		}},
	}
}

// grace is how long a new client is given until the one before it is surely gone.
const grace = 30 * time.Millisecond

// aside serves one client, and treats those in another way that come meanwhile
// and have not been served after a while.
func aside(while time.Duration, treat func(s *skeleton, c *visitor)) func(*skeleton) {
	return func(s *skeleton) {
		free := make(chan struct{}, 1)
		free <- struct{}{}
		s.leave = func(c *visitor) {
			free <- struct{}{}
			s.drop(c)
		}
		s.attend = func(c *visitor) {
			if !within(while, free) {
				treat(s, c)
				return
			}
			if s.stopped() {
				s.close(c)
				return
			}
			s.group.Go(func() { s.talk(c) })
		}
	}
}

// within waits so long for a signal that may be there already.
func within(while time.Duration, signal <-chan struct{}) bool {
	select {
	case <-signal:
		return true
	default:
	}
	waiting, over := patience.Within(context.Background(), while) // a busy machine must not end it
	defer over()
	select {
	case <-signal:
		return true
	case <-waiting.Done():
		return false
	}
}

// queueLength is more than ever wait.
const queueLength = 100

// queue accepts clients at once, and serves them one after the other. Of those
// that wait it remembers so many, and forgets the others.
func (s *skeleton) queue(most int) {
	waiting := make(chan *visitor, most)
	s.group.Go(func() {
		for {
			select {
			case c := <-waiting:
				if s.stopped() {
					s.close(c)
				} else {
					s.talk(c)
				}
			case <-s.ctx.Done():
				return
			}
		}
	})
	s.attend = func(c *visitor) {
		select {
		case waiting <- c:
		default:
		}
	}
}

// pool accepts clients at once, and serves them one after the other in an order of
// its own: of so many that wait it is told which.
func (s *skeleton) pool(which func(n int) int) {
	var mu sync.Mutex
	var waiting []*visitor
	came := make(chan struct{}, queueLength)
	next := func() *visitor {
		mu.Lock()
		defer mu.Unlock()
		i := which(len(waiting))
		c := waiting[i]
		waiting = slices.Delete(waiting, i, i+1)
		return c
	}
	s.group.Go(func() {
		for {
			select {
			case <-came:
				if c := next(); s.stopped() {
					s.close(c)
				} else {
					s.talk(c)
				}
			case <-s.ctx.Done():
				return
			}
		}
	})
	s.attend = func(c *visitor) {
		mu.Lock()
		waiting = append(waiting, c)
		mu.Unlock()
		came <- struct{}{}
	}
}

// waited tells whether a client that is to be served had to wait for others:
// since it came they have sent more than what they may have left behind, and then
// disconnect.
func (s *skeleton) waited(c *visitor) bool { return s.polite && s.reads.Load()-c.since > 1 }

// acceptWaiting accepts the clients that wait already.
func (s *skeleton) acceptWaiting(do func(*visitor)) {
	ln := s.listener().(*net.TCPListener)
	for {
		_ = ln.SetDeadline(time.Now().Add(poll))
		conn, err := ln.Accept()
		if err != nil {
			_ = ln.SetDeadline(time.Time{})
			return
		}
		do(s.admit(conn))
	}
}

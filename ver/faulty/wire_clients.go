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
var clientFaultsOnWire = []wireFault{
	{"clients-at-once", "serves all clients at once", srs("003", "017"), onClient((*visitor).talkAside)},
	{"second-busy", "tells a second client that it is busy, and closes it", srs("003"), aside(grace, (*visitor).turnAway)},
	{"second-busy-for-longer", "tells further clients that it is busy and closes them, until 20 ms after the first one has left", srs("003"), func(s *skeleton) {
		aside(0, (*visitor).turnAway)(s)
		s.leavesLate()
	}},
	{"second-busy-in-pause", "tells further clients that it is busy once its client pauses within a packet", srs("003"), atPause(func(c *visitor) {
		if len(c.partial) > 0 {
			c.acceptWaiting((*visitor).turnAway)
		}
	})},
	{"second-greeted", "tells a second client to wait", srs("003", "017"), aside(grace, func(c *visitor) { c.send(c, "wait\n") })},
	{"second-kept", "neither serves nor closes a second client, ever", srs("017", "040"), aside(grace, func(*visitor) {})},
	{"second-replaces-first", "drops its client when another one comes", srs("003", "017"), func(s *skeleton) {
		var current *visitor
		s.attend = func(c *visitor) {
			if current != nil {
				current.hangUp()
			}
			current = c
			c.talkAside()
		}
	}},
	{"waiting-data-lost", "drops what a client has sent while it waited", srs("017"), func(s *skeleton) {
		s.pool(firstCome)
		s.enter = func(c *visitor) {
			if c.waited() {
				_, _ = c.Read(make([]byte, 4096))
			}
		}
	}},
	{"waiting-first-lost", "forgets the first command of a client that had to wait", srs("017"), func(s *skeleton) {
		s.pool(firstCome)
		s.enter = func(c *visitor) { c.marked = c.waited() }
		s.handle = func(c *visitor, p packet) {
			if !c.marked {
				c.obey(p)
			}
			c.marked = false
		}
	}},
	{"third-at-once", "serves a client that comes while two are there", srs("003", "017"), func(s *skeleton) {
		s.treatThird(func(c *visitor, _ *atomic.Int64) { c.talkAside() })
		s.shutdown = (*visitor).haltAll
	}},
	{"third-lost", "forgets a client that comes while another one waits", srs("017"), func(s *skeleton) {
		s.treatThird(func(_ *visitor, there *atomic.Int64) { there.Add(-1) })
	}},
	{"accepts-50", "ends its accept loop after the 50th client", srs("049"), onLeaving(func(c *visitor) {
		if c.drop(); c.number == 50 {
			c.stop()
		}
	})},
	{"leaks-120", "has no descriptor left after 120 clients", srs("049"), onClient(func(c *visitor) {
		if c.number > 120 {
			c.hangUp()
		} else {
			c.talk()
		}
	})},
	{"clients-7-bit", "does not answer its 128th client: the number has 7 bits", srs("049"), onPacket(func(c *visitor, p packet) {
		if c.number%128 != 0 {
			c.obey(p)
		}
	})},
	{"response-for-next-client", "sends the last response of a client again to the next one", srs("019"), func(s *skeleton) {
		last := ""
		s.enter = func(c *visitor) { c.send(c, last) }
		s.send = func(c *visitor, text string) {
			last = text
			_, _ = c.Write([]byte(text))
		}
	}},
}

// turnAway tells a client that the server is busy, and closes it.
func (c *visitor) turnAway() {
	c.send(c, "busy\n")
	c.drop()
}

// treatThird serves clients one after the other, and treats in another way those that come
// while two are there. It is told how many are.
func (s *skeleton) treatThird(treat func(c *visitor, there *atomic.Int64)) {
	s.pool(firstCome)
	attend := s.attend
	var there atomic.Int64
	s.attend = func(c *visitor) {
		if there.Add(1) > 2 {
			treat(c, &there)
		} else {
			attend(c)
		}
	}
	s.leave = func(c *visitor) {
		there.Add(-1)
		c.drop()
	}
}

// grace is how long a new client is given until the one before it is surely gone.
const grace = 30 * time.Millisecond

// aside serves one client, and treats those in another way that come meanwhile
// and have not been served after a while.
func aside(while time.Duration, treat func(c *visitor)) func(*skeleton) {
	return func(s *skeleton) {
		free := make(chan struct{}, 1)
		free <- struct{}{}
		s.leave = func(c *visitor) {
			free <- struct{}{}
			c.drop()
		}
		s.attend = func(c *visitor) {
			switch {
			case !within(while, free):
				treat(c)
			case s.stopped():
				c.hangUp()
			default:
				c.talkAside()
			}
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

// poolSize is more than ever wait.
const poolSize = 100

// firstCome serves the clients that wait in the order in which they came.
func firstCome(int) int { return 0 }

// pool accepts clients at once, and serves them one after the other: of so many that
// wait it is told which.
func (s *skeleton) pool(which func(n int) int) {
	var mu sync.Mutex
	var waiting []*visitor
	came := make(chan struct{}, poolSize)
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
					c.hangUp()
				} else {
					c.talk()
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

// waited reports whether a client that is to be served had to wait for others:
// since it came they have sent more than what they may have left behind, and then
// disconnect.
func (c *visitor) waited() bool { return c.polite && c.reads.Load()-c.since > 1 }

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

package faulty

import (
	"errors"
	"io"
	"syscall"
)

// earlyFaults go wrong when a client leaves before its answers have come or were
// read, or reads them late.
var earlyFaults = []wireFault{
	{"gone-client-stops", "does not survive that it writes to a client that has gone", srs("032", "034"), onGone(func(s *skeleton, _ error) { s.stop() })},
	{"broken-pipe-stops", "survives a reset, but not that it writes to a client that has closed", srs("032"), onGone(func(s *skeleton, err error) {
		if errors.Is(err, syscall.EPIPE) {
			s.stop()
		}
	})},
	{"gone-client-retried", "writes again and again to a client that has gone", srs("032", "034"), onGone(func(s *skeleton, _ error) { <-s.ctx.Done() })},
	{"writer-ends", "reads on for a client whose writer has ended, until its queue is full", srs("032", "034"), func(s *skeleton) {
		var queue chan string
		var ended chan struct{}
		s.enter = func(c *visitor) {
			queue, ended = make(chan string, 16), make(chan struct{})
			lines, done := queue, ended
			s.group.Go(func() {
				defer close(done)
				for text := range lines {
					if _, err := c.Write([]byte(text)); err != nil {
						return
					}
				}
			})
		}
		respondAtOnce(func(_ *visitor, text string) {
			select {
			case queue <- text:
			case <-s.ctx.Done():
			}
		})(s)
		s.leave = func(c *visitor) {
			close(queue)
			<-ended
			c.drop()
		}
	}},
	{"half-close-cuts-due", "sends no more than 1024 bytes of what is due after a half-close", srs("033"), readsOn(func(c *visitor, _ error) { c.due = c.due[:min(len(c.due), 1024)] })},
	{"half-close-discards", "discards what has not been sent yet when a client has closed its sending side", srs("033"), func(s *skeleton) {
		s.buffer = 0 // so that much is not sent yet
		s.ended = func(c *visitor, err error) {
			if err == io.EOF {
				c.flush()
				_ = c.tcp().SetLinger(0)
			}
		}
	}},
	{"disconnect-discards", "discards on disconnect what has not been sent yet", srs("041"), func(s *skeleton) {
		s.buffer = 0
		s.goodbye = func(c *visitor) {
			c.flush()
			c.reset()
			c.gone = true
		}
	}},
}

// respondAtOnce sends each response by itself.
func respondAtOnce(send func(c *visitor, text string)) func(*skeleton) {
	return func(s *skeleton) {
		s.send = send
		s.handle = func(c *visitor, p packet) {
			c.obey(p)
			c.flush()
		}
	}
}

// onGone does something when a response cannot be written, each by itself.
func onGone(do func(s *skeleton, err error)) func(*skeleton) {
	return respondAtOnce(func(c *visitor, text string) {
		if _, err := c.Write([]byte(text)); err != nil {
			c.gone = true
			do(c.skeleton, err)
		}
	})
}

// togetherFaults serve clients at once, but only after something has happened, or
// mix those up that are there at once.
var togetherFaults = []wireFault{
	{"together-after-reset", "serves all clients at once after one has reset its connection", srs("003"), together(func(_ *visitor, err error) bool {
		return errors.Is(err, syscall.ECONNRESET)
	})},
	{"together-after-close", "serves all clients at once after one has closed its connection", srs("003"), together(func(c *visitor, err error) bool {
		return err == io.EOF && c.count > 0
	})},
	{"together-after-retreat", "serves all clients at once after one has left that had never been served", srs("003"), together(func(c *visitor, err error) bool {
		return c.number > 1 && err == io.EOF
	})},
	{"second-clears-partial", "forgets the unfinished packet of its client when another one comes", srs("022"), mixesUp(func(current *visitor) { current.partial = nil })},
	{"second-ends-partial", "takes the coming of another client for the end of an unfinished packet", srs("022"), mixesUp(func(current *visitor) {
		if len(current.partial) > 0 {
			current.partial = append(current.partial, '?')
		}
	})},
}

// together serves all clients at once when one has left in some way.
func together(when func(c *visitor, err error) bool) func(*skeleton) {
	return func(s *skeleton) {
		s.take = countBytes
		s.ended = func(c *visitor, err error) {
			if when(c, err) {
				s.take, s.ended = (*visitor).split, func(*visitor, error) {}
				s.attend = (*visitor).talkAside
			}
		}
	}
}

// mixesUp closes further clients, and does something to the one that is served then.
func mixesUp(do func(current *visitor)) func(*skeleton) {
	return func(s *skeleton) {
		var current *visitor
		s.enter = func(c *visitor) {
			s.turn.Lock()
			defer s.turn.Unlock()
			current = c
		}
		aside(grace, func(c *visitor) {
			s.turn.Lock()
			do(current)
			s.turn.Unlock()
			c.hangUp()
		})(s)
	}
}

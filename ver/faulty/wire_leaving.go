package faulty

import (
	"errors"
	"io"
	"os"
	"syscall"
	"time"
)

// leavingFaults go wrong when a client leaves without disconnect.
var leavingFaults = []wireFault{
	{"eof-ends-packet", "takes the end of a connection for the end of a packet", srs("035"), onEnd(func(c *visitor, err error) {
		if err == io.EOF && len(c.partial) > 0 {
			c.split([]byte("\n"))
		}
	})},
	{"eof-runs-shutdown", "obeys a shutdown that was not ended", srs("035"), onEnd(func(c *visitor, _ error) {
		if string(c.partial) == "shutdown" {
			c.halt()
		}
	})},
	{"partial-for-next", "puts the unfinished packet of one client before the next one's", srs("035"), func(s *skeleton) {
		var left []byte
		s.enter = func(c *visitor) { c.partial = left }
		s.leave = func(c *visitor) {
			left = c.partial
			c.drop()
		}
	}},
	{"partial-of-disconnected", "keeps what follows disconnect for the next client", srs("035", "036"), func(s *skeleton) {
		var left []byte
		s.enter = func(c *visitor) {
			c.split(left)
			left = nil
			c.flush()
		}
		s.goodbye = func(c *visitor) { c.gone, c.marked = true, true }
		byByte(func(c *visitor, b byte) {
			if c.marked {
				left = append(left, b)
			} else {
				c.split([]byte{b})
			}
		})(s)
	}},
	{"reset-keeps-partial", "puts an unfinished packet before the next client's where its client has reset the connection", srs("035"), func(s *skeleton) {
		var left []byte
		s.enter = func(c *visitor) { c.partial, left = left, nil }
		s.ended = func(c *visitor, err error) {
			if err != io.EOF {
				left = c.partial
			}
		}
	}},
	{"mark-outlives-client", "takes the first packet of a client for invalid where the one before has left a byte that is not ASCII", srs("035"), func(s *skeleton) {
		marked := false
		s.ended = func(c *visitor, _ error) { marked = !isASCII(string(c.partial)) }
		s.valid = func(text string) bool {
			valid := isASCII(text) && !marked
			marked = false
			return valid
		}
	}},
	{"over-long-outlives-client", "drops bytes up to the next line feed, of whichever client, once a packet was too long", srs("035"), func(s *skeleton) {
		cut := false
		s.enter = func(c *visitor) { c.cut, cut = cut, false }
		s.ended = func(c *visitor, _ error) { cut = c.cut }
	}},
	{"close-stops", "does not survive a client that leaves without disconnect", srs("032", "033", "034"), onEnd(func(c *visitor, _ error) { c.stop() })},
	{"close-spins", "reads the end of a connection again and again", srs("032", "033", "034"), onReading(func(c *visitor, buf []byte) (int, error) {
		n, err := c.Read(buf)
		if err != nil {
			<-c.ctx.Done()
		}
		return n, err
	})},
	{"half-close-drops-due", "drops the responses due when the client has closed its sending side", srs("033"), readsOn(func(c *visitor, _ error) { c.due = nil })},
	{"half-close-bye", "says goodbye after a half-close", srs("033"), onEnd(func(c *visitor, _ error) { c.respond("bye") })},
	{"reset-stops", "does not survive a client that resets its connection", srs("034"), onEnd(func(c *visitor, err error) {
		if errors.Is(err, syscall.ECONNRESET) {
			c.stop()
		}
	})},
	{"reset-leaks", "loses one of 20 places with each client that resets its connection", srs("034"), func(s *skeleton) {
		places := 20
		s.ended = func(_ *visitor, err error) {
			if places--; errors.Is(err, syscall.ECONNRESET) && places <= 0 {
				<-s.ctx.Done()
			}
		}
	}},
	{"close-leaks", "loses one of 50 places with each client that leaves without disconnect", srs("032", "034"), func(s *skeleton) {
		places := 50
		s.ended = func(*visitor, error) {
			if places--; places == 0 {
				<-s.ctx.Done()
			}
		}
	}},
	{"reset-within-packet-stops", "does not survive a client that resets its connection within a packet", srs("035"), onEnd(func(c *visitor, err error) {
		if len(c.partial) > 0 && errors.Is(err, syscall.ECONNRESET) {
			c.stop()
		}
	})},
	{"close-within-packet-stops", "does not survive a client that closes within a packet", srs("035"), onEnd(func(c *visitor, _ error) {
		if len(c.partial) > 0 {
			c.stop()
		}
	})},
}

// readsOn reads on for a moment before it handles what it has, so that it sees the end
// of the connection together with what came before, and does something then.
func readsOn(ended func(c *visitor, err error)) func(*skeleton) {
	return func(s *skeleton) {
		s.ended = ended
		s.read = func(c *visitor, buf []byte) (int, error) {
			n, err := c.Read(buf)
			if err != nil {
				return n, err
			}
			_ = c.SetReadDeadline(time.Now().Add(poll))
			more, err := c.Read(buf[n:])
			_ = c.SetReadDeadline(time.Time{})
			if errors.Is(err, os.ErrDeadlineExceeded) {
				err = nil
			}
			return n + more, err
		}
	}
}

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

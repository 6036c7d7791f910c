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

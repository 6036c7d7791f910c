package faulty

import (
	"bytes"
	"io"
)

// sequenceFaults go wrong only where several things come together: commands,
// segments, and the way in which a client, or the one before it, leaves.
var sequenceFaults = []wireFault{
	{"empty-hides-next", "forgets the command of the application that follows an empty packet in its segment", srs("023"), inSegment(func(c *visitor, p packet) {
		if c.marked && p.text != "" && !predefined(p.text) {
			c.marked = false
			return
		}
		c.marked = p.text == ""
		c.obey(p)
	}, func(c *visitor) { c.marked = false })},
	{"rest-replaced", "keeps what is left of a segment with a command in it, but not what is left of the one after that", srs("022"), onBytes(func(c *visitor, chunk []byte) {
		end := bytes.LastIndexByte(chunk, '\n') + 1
		if end == 0 && c.marked { // a rest is kept
			c.partial = append([]byte(nil), chunk...)
			return
		}
		c.split(chunk)
		c.marked = end > 0 && end < len(chunk) && len(chunk) < 100
	})},
	{"reset-then-bye", "says bye at the disconnect of a client after one that has reset its connection", srs("034"), func(s *skeleton) {
		afterReset(s)
		s.goodbye = func(c *visitor) {
			if c.gone = true; c.marked {
				c.respond("bye")
			}
		}
	}},
	{"reset-then-half-close", "says bye at the half-close of a client after one that has reset its connection, once it has answered it", srs("034"), func(s *skeleton) {
		afterReset(s)
		ended := s.ended
		s.ended = func(c *visitor, err error) {
			if ended(c, err); c.marked && c.count > 1 {
				c.respond("bye")
			}
		}
	}},
	{"eof-completes-ping", "takes the beginning of a ping for one at the end of the connection", srs("035"), onEnd(func(c *visitor, _ error) {
		if part := string(c.partial); part == "p" || part == "pi" || part == "pin" {
			c.respond("pong")
		}
	})},
}

// afterReset marks a client that comes after one that has reset its connection, and
// counts what it is sent.
func afterReset(s *skeleton) {
	reset := false
	s.enter = func(c *visitor) { c.marked, reset = reset, false }
	s.ended = func(_ *visitor, err error) { reset = reset || err != io.EOF }
	s.send = func(c *visitor, text string) {
		c.count++
		_, err := c.Write([]byte(text))
		reset = reset || err != nil
	}
}

package faulty

import (
	"bytes"
	"io"
)

// sequenceFaults go wrong only where several things come together: commands,
// segments, and the way in which a client, or the one before it, leaves.
func sequenceFaults() []wireFault {
	return []wireFault{
		{"empty-hides-next", "forgets the command of the application that follows an empty packet in its segment", srs("023"), func(s *skeleton) {
			empty := false
			s.handle = func(c *visitor, p packet) {
				if empty && p.text != "" && p.text != "ping" && p.text != "disconnect" && p.text != "shutdown" {
					empty = false
					return
				}
				empty = p.text == ""
				s.obey(c, p)
			}
			s.afterTake(func(*visitor) { empty = false })
		}},
		{"rest-replaced", "keeps what is left of a segment with a command in it, but not what is left of the one after that", srs("022"), func(s *skeleton) {
			full := false // a rest is kept
			s.take = func(c *visitor, chunk []byte) {
				end := bytes.LastIndexByte(chunk, '\n') + 1
				if end == 0 && full {
					c.partial = append([]byte(nil), chunk...)
					return
				}
				s.split(c, chunk)
				full = end > 0 && end < len(chunk) && len(chunk) < 100
			}
			s.enter = func(*visitor) { full = false }
		}},
		{"reset-then-bye", "says bye at the disconnect of a client after one that has reset its connection", srs("034"), func(s *skeleton) {
			reset, after := false, false
			s.enter = func(*visitor) { after, reset = reset, false }
			s.ended = func(_ *visitor, err error) { reset = reset || err != io.EOF }
			s.send = func(c *visitor, text string) {
				_, err := c.Write([]byte(text))
				reset = reset || err != nil
			}
			s.goodbye = func(c *visitor) {
				if c.gone = true; after {
					s.respond(c, "bye")
				}
			}
		}},
		{"reset-then-half-close", "says bye at the half-close of a client after one that has reset its connection, once it has answered it", srs("034"), func(s *skeleton) {
			reset, after, answered := false, false, 0
			s.enter = func(*visitor) { after, reset, answered = reset, false, 0 }
			s.ended = func(c *visitor, err error) {
				if reset = reset || err != io.EOF; after && answered > 1 {
					s.respond(c, "bye")
				}
			}
			s.send = func(c *visitor, text string) {
				answered++
				_, err := c.Write([]byte(text))
				reset = reset || err != nil
			}
		}},
		{"eof-completes-ping", "takes the beginning of a ping for one at the end of the connection", srs("035"), func(s *skeleton) {
			s.ended = func(c *visitor, _ error) {
				if part := string(c.partial); part == "p" || part == "pi" || part == "pin" {
					s.respond(c, "pong")
				}
			}
		}},
	}
}

package faulty

import (
	"bytes"
	"io"
	"strings"
)

// segmentFaults mishandle the commands of one segment, or many of them.
var segmentFaults = []wireFault{
	{"second-command-forgotten", "handles the first packet of what one read gives, and forgets the others", srs("023"), perRead(1)},
	{"batch-of-16", "handles the first 16 packets of what one read gives, and forgets the others", srs("023", "050"), perRead(16)},
	{"second-command-late", "looks for one packet after each read, and leaves the others for the next one", srs("023"), onBytes(func(c *visitor, chunk []byte) {
		c.held = append(c.held, chunk...)
		i := bytes.IndexByte(c.held, '\n') + 1
		if i == 0 {
			i = len(c.held)
		}
		first := c.held[:i]
		c.held = c.held[i:]
		c.split(first)
	})},
	{"swapped", "swaps the responses of two commands of one segment", srs("023", "036", "041"), inSegment(func(c *visitor, p packet) {
		c.queue = append(c.queue, p)
	}, func(c *visitor) {
		for i := 0; i+1 < len(c.queue); i += 2 {
			c.queue[i], c.queue[i+1] = c.queue[i+1], c.queue[i]
		}
		c.obeyQueue()
	})},
	{"ping-first", "answers the pings of a segment before its other commands", srs("023", "041"), inSegment(func(c *visitor, p packet) {
		if predefined(p.text) {
			c.obey(p)
		} else {
			c.queue = append(c.queue, p)
		}
	}, (*visitor).obeyQueue)},
	{"last-twice", "handles the last of several commands of a segment twice", srs("023"), inSegment(func(c *visitor, p packet) {
		c.queue = append(c.queue, p)
		c.obey(p)
	}, func(c *visitor) {
		if n := len(c.queue); n > 1 {
			c.obey(c.queue[n-1])
		}
		c.queue = nil
	})},
	{"same-command-once", "handles equal commands of one segment once", srs("023"), func(s *skeleton) {
		seen := map[string]bool{}
		inSegment(func(c *visitor, p packet) {
			if !seen[p.text] {
				c.obey(p)
			}
			seen[p.text] = true
		}, func(*visitor) { clear(seen) })(s)
	}},
	{"responses-joined", "sends the responses of a segment as one packet", srs("023"), altersSent(func(text string) string {
		return strings.ReplaceAll(text[:len(text)-1], "\n", " ") + "\n"
	})},
	{"300th-lost", "loses every 300th command of a connection", srs("050"), everyNth(300, func(*visitor) {})},
	{"65536th-lost", "loses the 65536th command of a connection: its counter has 16 bits", srs("050"), everyNth(1<<16, func(*visitor) {})},
	{"2000th-twice", "answers every 2000th command of a connection twice", srs("050"), onPacket(func(c *visitor, p packet) {
		if c.obey(p); c.count%2000 == 1999 {
			c.obey(p)
		}
		c.count++
	})},
	{"command-limit", "hangs up after 400 commands", srs("050"), everyNth(400, func(c *visitor) { c.gone = true })},
	{"output-limit", "forgets what is due beyond 1024 bytes", srs("008", "018", "023", "042", "050"), altersSent(func(text string) string {
		return text[:min(len(text), 1024)]
	})},
}

// perRead makes a server look for so many packets after each read.
func perRead(most int) func(*skeleton) {
	return inSegment(func(c *visitor, p packet) {
		if c.count++; c.count <= most {
			c.obey(p)
		}
	}, func(c *visitor) { c.count = 0 })
}

// everyNth does something else with every n-th command of a connection.
func everyNth(n int, instead func(*visitor)) func(*skeleton) {
	return onPacket(func(c *visitor, p packet) {
		if c.count++; c.count%n == 0 {
			instead(c)
		} else {
			c.obey(p)
		}
	})
}

// altersSent changes what is sent at once.
func altersSent(change func(string) string) func(*skeleton) {
	return func(s *skeleton) {
		send := s.send
		s.send = func(c *visitor, text string) { send(c, change(text)) }
	}
}

// obeyQueue obeys the packets that were held back, until the client is gone.
func (c *visitor) obeyQueue() {
	for _, p := range c.queue {
		if c.gone {
			break
		}
		c.obey(p)
	}
	c.queue = nil
}

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

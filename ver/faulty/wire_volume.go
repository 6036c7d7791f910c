package faulty

import (
	"bytes"
	"slices"
	"strings"
)

// volumeFaults go wrong where there is much of something, or a packet has just the
// length of something.
var volumeFaults = []wireFault{
	{"responses-at-most-256", "sends no more than 256 responses of a command", srs("018"), altersResponses(func(all []string) []string { return all[:min(len(all), 256)] })},
	{"responses-8-bit", "counts the responses of a command with 8 bits", srs("018"), altersResponses(func(all []string) []string { return all[:len(all)&0xff] })},
	{"responses-reversed", "sends more than a hundred responses in the order of a stack", srs("018"), altersResponses(func(all []string) []string {
		if len(all) > 100 {
			slices.Reverse(all)
		}
		return all
	})},
	{"segment-of-900-closes", "hangs up on more than 900 commands in a segment", srs("050"), perSegment(900, func(c *visitor) { c.gone = true })},
	{"segment-of-4000-lost", "forgets what is behind 4000 commands in a segment", srs("050"), perSegment(4000, func(*visitor) {})},
	{"maximum-needs-feed", "takes a packet of just the maximum for one that is too long where its line feed comes later", srs("008", "030", "042"), onBytes(func(c *visitor, chunk []byte) {
		c.split(chunk)
		c.cut = c.cut || len(c.partial) == maximum
	})},
	{"late-feed-beyond-maximum", "forgets that a packet was too long where its line feed comes by itself", srs("030"), onLateFeed(func(c *visitor) {
		c.cut = false
	})},
	{"late-feed-at-258", "loses a packet of 256 to 260 bytes whose line feed comes by itself", srs("022"), onLateFeed(func(c *visitor) {
		if n := len(c.partial); n >= 256 && n <= 260 {
			c.partial = nil
		}
	})},
	{"late-feed-is-empty", "takes a line feed that comes by itself for an empty packet where a longer one is unfinished", srs("008", "022", "030", "042"), onLateFeed(func(c *visitor) {
		if len(c.partial) > 100 {
			c.partial, c.cut = nil, false
		}
	})},

	{"disconnect-obeys-behind", "goes on with the rest of the segment after disconnect, and only sends nothing", srs("036"), func(s *skeleton) {
		s.goodbye = func(c *visitor) {
			c.flush()
			c.marked = true
		}
		send := s.send
		s.send = func(c *visitor, text string) {
			if !c.marked {
				send(c, text)
			}
		}
		afterSegment(func(c *visitor) { c.gone = c.gone || c.marked })(s)
	}},
	{"disconnect-sees-shutdown", "obeys a shutdown that stands behind disconnect", srs("036"), onBytes(func(c *visitor, chunk []byte) {
		if c.split(chunk); bytes.Contains(chunk, []byte("disconnect\nshutdown\n")) {
			c.stop()
		}
	})},
	{"disconnect-defers", "carries out what stands behind disconnect once the connection is closed", srs("036"), func(s *skeleton) {
		byByte(func(c *visitor, b byte) {
			if c.gone {
				c.held = append(c.held, b)
			} else {
				c.split([]byte{b})
			}
		})(s)
		s.leave = func(c *visitor) {
			c.drop()
			if strings.Contains(string(c.held), "shutdown\n") {
				c.stop()
			}
		}
	}},
}

// onLateFeed does something before a line feed that comes by itself.
func onLateFeed(do func(c *visitor)) func(*skeleton) {
	return onBytes(func(c *visitor, chunk []byte) {
		if string(chunk) == "\n" {
			do(c)
		}
		c.split(chunk)
	})
}

// perSegment does something else with what is behind so many commands in a segment.
func perSegment(most int, instead func(*visitor)) func(*skeleton) {
	return onBytes(func(c *visitor, chunk []byte) {
		if n := bytes.Count(chunk, []byte("\n")); n <= most {
			c.split(chunk)
			return
		}
		end := 0
		for range most {
			end += bytes.IndexByte(chunk[end:], '\n') + 1
		}
		c.split(chunk[:end])
		instead(c)
	})
}

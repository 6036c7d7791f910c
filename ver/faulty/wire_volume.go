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

// maximumFaults go wrong about packets of the maximum's size, and longer ones.
var maximumFaults = []wireFault{
	{"maximum-too-long", "calls a packet of just the maximum too long", srs("008", "030", "042"), tooLongIf(func(n int) bool { return n >= maximum })},
	{"maximum-exceeded", "takes one byte more than the maximum", srs("030"), tooLongIf(func(n int) bool { return n > maximum+1 })},
	{"no-maximum", "takes packets of any length", srs("030"), tooLongIf(func(int) bool { return false })},
	{"over-long-unmarked", "hands what it has kept of an over-long packet to the callback, as if it were whole", srs("030"), onOverLong(func(c *visitor, p packet) {
		c.obey(packet{text: p.text})
	})},
	{"over-long-split", "takes the bytes past the maximum for the next packet", srs("030", "031"), byByte(func(c *visitor, b byte) {
		if len(c.partial) == maximum && b != '\n' {
			c.split([]byte("\n"))
		}
		c.split([]byte{b})
	})},
	{"over-long-cut-twice", "hands an over-long packet to the callback when it gets too long, and again when it ends", srs("030"), onOverLong(twice)},
	{"over-long-invalid-twice", "hands an over-long packet to the callback twice where it is not ASCII either", srs("030"), func(s *skeleton) {
		byByte(func(c *visitor, b byte) {
			c.marked = c.marked || b >= 0x80
			c.split([]byte{b})
			c.marked = c.marked && b != '\n'
		})(s)
		s.handle = func(c *visitor, p packet) {
			if c.obey(p); p.cut && c.marked {
				c.obey(p)
			}
		}
	}},
	{"over-long-early", "hands a packet to the callback as soon as it is too long", srs("030"), func(s *skeleton) {
		byByte(func(c *visitor, b byte) {
			cut := c.cut
			c.split([]byte{b})
			if c.cut && !cut {
				c.marked = true
				c.obey(packet{text: string(c.partial), cut: true})
			}
		})(s)
		s.handle = func(c *visitor, p packet) {
			if !c.marked {
				c.obey(p)
			}
			c.marked = false
		}
	}},
	{"over-long-end-missed", "misses the line feed of an over-long packet where it comes first in a read", srs("030", "031"), onBytes(func(c *visitor, chunk []byte) {
		if c.cut && len(chunk) > 0 {
			chunk[0] = 'x'
		}
		c.split(chunk)
	})},
	{"over-long-dropped", "drops an over-long packet without a word", srs("030"), onOverLong(func(*visitor, packet) {})},
	{"over-long-stops", "does not survive an over-long packet", srs("030", "031"), onOverLong(func(c *visitor, _ packet) { c.halt() })},
	{"over-long-swallows-next", "drops the packet after an over-long one with it", srs("030", "031"), onPacket(func(c *visitor, p packet) {
		if !c.marked {
			c.obey(p)
		}
		c.marked = p.cut
	})},
	{"over-long-drops-segment", "drops what has arrived together with the end of an over-long packet", srs("031"), inSegment(func(c *visitor, p packet) {
		if !c.marked {
			c.obey(p)
		}
		c.marked = c.marked || p.cut
	}, func(c *visitor) { c.marked = false })},
	{"over-long-tail", "keeps the end of an over-long packet, and obeys it", srs("008", "030", "031", "042"), byByte(func(c *visitor, b byte) {
		c.split([]byte{b})
		if len(c.partial) == maximum {
			c.partial = nil
		}
	})},
	{"over-long-never-ends", "never finds the end of a packet of twice the maximum", srs("030", "031"), func(s *skeleton) {
		dropped := 0
		s.tooLong = func(n int) bool {
			if n <= maximum {
				dropped = 0
				return false
			}
			dropped++
			return true
		}
		s.ends = func(b byte) bool { return b == '\n' && dropped < maximum }
	}},
}

// onOverLong does something else with over-long packets.
func onOverLong(instead func(c *visitor, p packet)) func(*skeleton) {
	return except(func(p packet) bool { return p.cut }, instead)
}

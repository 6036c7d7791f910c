package faulty

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

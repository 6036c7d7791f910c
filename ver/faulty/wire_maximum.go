package faulty

// maximumFaults go wrong about packets of the maximum's size, and longer ones.
func maximumFaults() []wireFault {
	return []wireFault{
		{"maximum-too-long", "calls a packet of just the maximum too long", srs("008", "030", "042"), func(s *skeleton) {
			s.tooLong = func(n int) bool { return n >= maximum }
		}},
		{"maximum-exceeded", "takes one byte more than the maximum", srs("030"), func(s *skeleton) {
			s.tooLong = func(n int) bool { return n > maximum+1 }
		}},
		{"no-maximum", "takes packets of any length", srs("030"), func(s *skeleton) {
			s.tooLong = func(int) bool { return false }
		}},
		{"over-long-unmarked", "hands what it has kept of an over-long packet to the callback, as if it were whole", srs("030"), onOverLong(func(s *skeleton, c *visitor, p packet) {
			s.obey(c, packet{text: p.text})
		})},
		{"over-long-split", "takes the bytes past the maximum for the next packet", srs("030", "031"), func(s *skeleton) {
			s.take = func(c *visitor, chunk []byte) {
				for _, b := range chunk {
					if len(c.partial) == maximum && b != '\n' {
						s.split(c, []byte("\n"))
					}
					s.split(c, []byte{b})
				}
			}
		}},
		{"over-long-cut-twice", "hands an over-long packet to the callback when it gets too long, and again when it ends", srs("030"), onOverLong(func(s *skeleton, c *visitor, p packet) {
			s.obey(c, p)
			s.obey(c, p)
		})},
		{"over-long-invalid-twice", "hands an over-long packet to the callback twice where it is not ASCII either", srs("030"), func(s *skeleton) {
			marked := false
			s.take = func(c *visitor, chunk []byte) {
				for _, b := range chunk {
					marked = marked || b >= 0x80
					s.split(c, []byte{b})
					marked = marked && b != '\n'
				}
			}
			s.handle = func(c *visitor, p packet) {
				if s.obey(c, p); p.cut && marked {
					s.obey(c, p)
				}
			}
		}},
		{"over-long-early", "hands a packet to the callback as soon as it is too long", srs("030"), func(s *skeleton) {
			told := false
			s.enter = func(*visitor) { told = false }
			s.take = func(c *visitor, chunk []byte) {
				for _, b := range chunk {
					cut := c.cut
					s.split(c, []byte{b})
					if c.cut && !cut {
						told = true
						s.obey(c, packet{text: string(c.partial), cut: true})
					}
				}
			}
			s.handle = func(c *visitor, p packet) {
				if !told {
					s.obey(c, p)
				}
				told = false
			}
		}},
		{"over-long-end-missed", "misses the line feed of an over-long packet where it comes first in a read", srs("030", "031"), func(s *skeleton) {
			s.take = func(c *visitor, chunk []byte) {
				if c.cut && len(chunk) > 0 {
					chunk[0] = 'x'
				}
				s.split(c, chunk)
			}
		}},
		{"over-long-dropped", "drops an over-long packet without a word", srs("030"), onOverLong(func(*skeleton, *visitor, packet) {})},
		{"over-long-stops", "does not survive an over-long packet", srs("030", "031"), onOverLong(func(s *skeleton, c *visitor, _ packet) {
			c.gone = true
			s.stop()
		})},
		{"over-long-swallows-next", "drops the packet after an over-long one with it", srs("030", "031"), func(s *skeleton) {
			long := false
			s.handle = func(c *visitor, p packet) {
				if !long {
					s.obey(c, p)
				}
				long = p.cut
			}
		}},
		{"over-long-drops-segment", "drops what has arrived together with the end of an over-long packet", srs("031"), func(s *skeleton) {
			long := false
			s.handle = func(c *visitor, p packet) {
				if !long {
					s.obey(c, p)
				}
				long = long || p.cut
			}
			s.afterTake(func(*visitor) { long = false })
		}},
		{"over-long-tail", "keeps the end of an over-long packet, and obeys it", srs("008", "030", "031", "042"), func(s *skeleton) {
			s.take = func(c *visitor, chunk []byte) {
				for _, b := range chunk {
					s.split(c, []byte{b})
					if len(c.partial) == maximum {
						c.partial = nil
					}
				}
			}
		}},
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
}

// onOverLong does something else with over-long packets.
func onOverLong(instead func(s *skeleton, c *visitor, p packet)) func(*skeleton) {
	return func(s *skeleton) {
		s.handle = func(c *visitor, p packet) {
			if p.cut {
				instead(s, c, p)
			} else {
				s.obey(c, p)
			}
		}
	}
}

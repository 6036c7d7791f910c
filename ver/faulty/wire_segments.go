package faulty

import "bytes"

// segmentFaults mishandle the commands of one segment, or many of them.
func segmentFaults() []wireFault {
	return []wireFault{
		{"second-command-forgotten", "handles the first packet of what one read gives, and forgets the others", srs("023"), perRead(1)},
		{"batch-of-16", "handles the first 16 packets of what one read gives, and forgets the others", srs("023", "050"), perRead(16)},
		{"second-command-late", "looks for one packet after each read, and leaves the others for the next one", srs("023"), func(s *skeleton) {
			var rest []byte
			s.enter = func(*visitor) { rest = nil }
			s.take = func(c *visitor, chunk []byte) {
				rest = append(rest, chunk...)
				i := bytes.IndexByte(rest, '\n') + 1
				if i == 0 {
					i = len(rest)
				}
				first := rest[:i]
				rest = rest[i:]
				s.split(c, first)
			}
		}},
		{"swapped", "swaps the responses of two commands of one segment", srs("023", "036", "041"), func(s *skeleton) {
			var queue []packet
			s.handle = func(_ *visitor, p packet) { queue = append(queue, p) }
			s.afterTake(func(c *visitor) {
				for i := 0; i+1 < len(queue); i += 2 {
					queue[i], queue[i+1] = queue[i+1], queue[i]
				}
				s.obeyAll(c, queue)
				queue = nil
			})
		}},
		{"ping-first", "answers the pings of a segment before its other commands", srs("023", "041"), func(s *skeleton) {
			var later []packet
			s.handle = func(c *visitor, p packet) {
				if p.text == "ping" || p.text == "disconnect" || p.text == "shutdown" {
					s.obey(c, p)
				} else {
					later = append(later, p)
				}
			}
			s.afterTake(func(c *visitor) {
				s.obeyAll(c, later)
				later = nil
			})
		}},
		{"last-twice", "handles the last of several commands of a segment twice", srs("023"), func(s *skeleton) {
			var count int
			var last packet
			s.handle = func(c *visitor, p packet) {
				count, last = count+1, p
				s.obey(c, p)
			}
			s.afterTake(func(c *visitor) {
				if count > 1 {
					s.obey(c, last)
				}
				count = 0
			})
		}},
		{"same-command-once", "handles equal commands of one segment once", srs("023"), func(s *skeleton) {
			seen := map[string]bool{}
			s.handle = func(c *visitor, p packet) {
				if !seen[p.text] {
					s.obey(c, p)
				}
				seen[p.text] = true
			}
			s.afterTake(func(*visitor) { clear(seen) })
		}},
		{"responses-joined", "sends the responses of a segment as one packet", srs("023"), func(s *skeleton) {
			send := s.send
			s.send = func(c *visitor, text string) {
				send(c, string(bytes.ReplaceAll([]byte(text[:len(text)-1]), []byte("\n"), []byte(" ")))+"\n")
			}
		}},
		{"300th-lost", "loses every 300th command of a connection", srs("050"), everyNth(300, func(*visitor) {})},
		{"65536th-lost", "loses the 65536th command of a connection: its counter has 16 bits", srs("050"), everyNth(1<<16, func(*visitor) {})},
		{"2000th-twice", "answers every 2000th command of a connection twice", srs("050"), func(s *skeleton) {
			count := 0
			s.enter = func(*visitor) { count = 0 }
			s.handle = func(c *visitor, p packet) {
				if s.obey(c, p); count%2000 == 1999 {
					s.obey(c, p)
				}
				count++
			}
		}},
		{"command-limit", "hangs up after 400 commands", srs("050"), everyNth(400, func(c *visitor) { c.gone = true })},
		{"output-limit", "forgets what is due beyond 1024 bytes", srs("008", "018", "023", "042", "050"), func(s *skeleton) {
			send := s.send
			s.send = func(c *visitor, text string) { send(c, text[:min(len(text), 1024)]) }
		}},
	}
}

// perRead makes a server look for so many packets after each read.
func perRead(most int) func(*skeleton) {
	return func(s *skeleton) {
		n := 0
		s.handle = func(c *visitor, p packet) {
			if n++; n <= most {
				s.obey(c, p)
			}
		}
		s.afterTake(func(*visitor) { n = 0 })
	}
}

// everyNth does something else with every n-th command of a connection.
func everyNth(n int, instead func(*visitor)) func(*skeleton) {
	return func(s *skeleton) {
		count := 0
		s.enter = func(*visitor) { count = 0 }
		s.handle = func(c *visitor, p packet) {
			if count++; count%n == 0 {
				instead(c)
			} else {
				s.obey(c, p)
			}
		}
	}
}

// afterTake does something after the packets of one read were handled.
func (s *skeleton) afterTake(do func(c *visitor)) {
	take := s.take
	s.take = func(c *visitor, chunk []byte) {
		take(c, chunk)
		do(c)
	}
}

// obeyAll obeys packets until the client is gone.
func (s *skeleton) obeyAll(c *visitor, packets []packet) {
	for _, p := range packets {
		if c.gone {
			return
		}
		s.obey(c, p)
	}
}

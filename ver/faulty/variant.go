package faulty

import (
	"math/rand/v2"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/socket-oneline/oneline/ver/target"
)

// variant is a server that conforms, although it is unlike the reference.
type variant struct {
	name, text string
	change     func(*skeleton)
	profile    func(*target.Profile) *target.Profile // nil: that of the sample application
}

// variants gives the servers all of whose requirements in scope must pass.
func variants() []Member {
	var members []Member
	for _, v := range slices.Concat(waysOfServing(), waysOfReading(), waysOfAnswering()) {
		members = append(members, v.member(v.name, v.text, func() *target.Target {
			t := onWire(v.name, serve(v.change))
			t.Limits.Loop = 500 * time.Millisecond // there is nothing that only many repetitions show
			return t
		}))
	}
	return members
}

func (v variant) member(name, text string, open func() *target.Target) Member {
	return Member{
		Name: name, Kind: Variant, Text: text,
		Target: func() *target.Target {
			t := open()
			t.Limits.Response = 2 * time.Second // nothing is missing: there is no hurry
			if v.profile != nil {
				t.Profile = v.profile(t.Profile)
			}
			return t
		},
	}
}

// waysOfServing treat clients in another way.
func waysOfServing() []variant {
	return []variant{
		{"plain", "the skeleton itself", func(*skeleton) {}, nil},
		{"second-closed", "closes a second client at once", aside(0, func(s *skeleton, c *visitor) { s.close(c) }), nil},
		{"second-closed-for-longer", "closes further clients until 20 ms after the first one has left", func(s *skeleton) {
			aside(0, func(s *skeleton, c *visitor) { s.close(c) })(s)
			s.leavesLate()
		}, nil},
		{"second-reset", "resets a second client", aside(0, func(s *skeleton, c *visitor) { s.reset(c) }), nil},
		{"second-held", "accepts a second client at once, and reads from it when the first one has left", func(s *skeleton) {
			s.queue(queueLength)
			s.shutdown = s.endAll
		}, nil},
		{"waiting-last-first", "serves of the clients that wait the one that came last", func(s *skeleton) {
			s.pool(func(n int) int { return n - 1 })
			s.shutdown = s.endAll
		}, nil},
		{"waiting-any-order", "serves the clients that wait in any order", func(s *skeleton) {
			s.pool(rand.New(rand.NewPCG(1, 2)).IntN)
			s.shutdown = s.endAll
		}, nil},
		{"queue-of-0", "has the shortest queue that there is: a further client waits, another one is not even answered", func(s *skeleton) { backlog(s.ln, 0) }, nil},
		{"queue-of-1", "has a queue for two further clients", func(s *skeleton) { backlog(s.ln, 1) }, nil},
		{"deaf-meanwhile", "does not listen while it serves a client", func(s *skeleton) {
			addr := s.ln.Addr().String()
			s.attend = func(c *visitor) {
				_ = s.listener().Close()
				if s.talk(c); !s.stopped() {
					s.move(addr)
					s.resume()
				}
			}
		}, nil},
		{"rests", "waits 5 ms before it takes the next client", func(s *skeleton) {
			s.leave = func(c *visitor) {
				s.drop(c)
				s.wait(5 * time.Millisecond)
			}
		}, nil},
		{"resets-at-disconnect", "resets instead of closing, once its responses have arrived", func(s *skeleton) {
			s.buffer = held / 256 // a client that reads slowly has nearly all of it once it was sent
			s.leave = func(c *visitor) {
				s.wait(10 * time.Millisecond) // loopback has delivered the rest by then
				s.reset(c)
			}
		}, nil},
		{"closes-waiting-at-shutdown", "closes the clients that wait before it stops", func(s *skeleton) {
			s.shutdown = func(c *visitor) {
				c.gone = true
				s.acceptWaiting(s.close)
				s.stop()
			}
		}, nil},
	}
}

// waysOfReading take bytes in another way.
func waysOfReading() []variant {
	return []variant{
		{"reads-bytes", "reads byte by byte", func(s *skeleton) {
			s.read = func(c *visitor, buf []byte) (int, error) { return c.Read(buf[:1]) }
		}, nil},
		{"reads-little", "reads at most 7 bytes at a time", func(s *skeleton) {
			s.read = func(c *visitor, buf []byte) (int, error) { return c.Read(buf[:7]) }
		}, nil},
		{"utf-8", "decodes packets as UTF-8, as its profile says", func(s *skeleton) { s.valid = utf8.ValidString }, func(p *target.Profile) *target.Profile {
			p.Encoding = "utf-8"
			return p
		}},
		{"utf-8-or-ascii", "decodes packets as UTF-8, and its profile is silent about it", func(s *skeleton) { s.valid = utf8.ValidString }, func(p *target.Profile) *target.Profile {
			p.Encoding = ""
			return p
		}},
		{"larger-maximum", "takes packets of up to 1 MiB, as its profile says", func(s *skeleton) {
			s.tooLong = func(n int) bool { return n > 1<<20 }
		}, func(p *target.Profile) *target.Profile {
			p.MaxPacket = 1 << 20
			return p
		}},
		{"smaller-maximum", "takes packets of up to 100 bytes, as its profile says", func(s *skeleton) {
			s.tooLong = func(n int) bool { return n > 100 }
		}, func(p *target.Profile) *target.Profile {
			p.MaxPacket = 100
			return p
		}},
		{"unlimited", "takes packets of any length, and its profile states no maximum", func(s *skeleton) {
			s.tooLong = func(int) bool { return false }
		}, func(p *target.Profile) *target.Profile {
			p.MaxPacket, p.TooLong = 0, nil
			return p
		}},
	}
}

// waysOfAnswering send responses in another way, or other responses.
func waysOfAnswering() []variant {
	return []variant{
		{"writes-bytes", "sends each byte for itself, of many at once the first 256", func(s *skeleton) {
			s.send = func(c *visitor, text string) {
				n := min(len(text), 256)
				for piece := range slices.Chunk([]byte(text[:n]), 1) {
					_, _ = c.Write(piece)
				}
				_, err := c.Write([]byte(text[n:]))
				c.gone = c.gone || err != nil
			}
		}, nil},
		{"writes-packets", "sends each packet for itself", func(s *skeleton) {
			s.send = func(c *visitor, text string) {
				for packet := range strings.Lines(text) {
					if _, err := c.Write([]byte(packet)); err != nil {
						c.gone = true
						return
					}
				}
			}
		}, nil},
		{"slow", "takes 2 ms for each command", func(s *skeleton) {
			s.handle = func(c *visitor, p packet) {
				s.wait(2 * time.Millisecond)
				s.obey(c, p)
				s.flush(c)
			}
		}, nil},
		{"no-profile", "has a callback of its own, of which nothing is known", func(s *skeleton) {
			s.answer = func(_ *visitor, p packet) []string { return []string{strconv.Itoa(len(p.text))} }
		}, func(*target.Profile) *target.Profile { return nil }},
		{"no-profile-no-response", "has a callback that never responds, of which nothing is known", func(s *skeleton) {
			s.answer = func(*visitor, packet) []string { return nil }
		}, func(*target.Profile) *target.Profile { return nil }},
		{"plain-sample", "has the sample application as P10 has it, with nothing added, and takes UTF-8", func(s *skeleton) {
			s.valid = utf8.ValidString
			s.answer = func(_ *visitor, p packet) []string {
				if p.valid && p.text == "cmd01" {
					return []string{"ack"}
				}
				return []string{"nak - unknown cmd"}
			}
		}, nil},
		{"unknown-unanswered", "does not answer commands that it does not know", func(s *skeleton) {
			s.answer = func(_ *visitor, p packet) []string { return apply(p) }
		}, func(p *target.Profile) *target.Profile { return otherwise(p) }},
		{"two-packets", "answers commands that it does not know by two packets", func(s *skeleton) {
			s.answer = func(_ *visitor, p packet) []string { return apply(p, "unknown", "nothing done") }
		}, func(p *target.Profile) *target.Profile { return otherwise(p, "unknown", "nothing done") }},
	}
}

// otherwise makes the profile one of an application that answers what it does
// not know in another way than the sample application.
func otherwise(p *target.Profile, texts ...string) *target.Profile {
	responses := []target.Response{}
	for _, text := range texts {
		responses = append(responses, target.Text(text))
	}
	p.Name = "another application"
	p.Commands = slices.DeleteFunc(p.Commands, func(d target.Dialogue) bool { return d.Send == "junk" })
	p.Otherwise, p.Empty, p.Invalid, p.TooLong = &responses, &responses, &responses, &responses
	return p
}

// leavesLate ends a connection 20 ms before the server is free for the next client.
func (s *skeleton) leavesLate() {
	leave := s.leave
	s.leave = func(c *visitor) {
		_ = c.Conn.(*net.TCPConn).CloseWrite()
		s.wait(20 * time.Millisecond)
		leave(c)
	}
}

// endAll is a shutdown of a server that has accepted clients which wait: they are
// closed first.
func (s *skeleton) endAll(c *visitor) {
	c.gone = true
	s.stop()
	s.closeOthers(c)
}

// reset ends a connection by a reset.
func (s *skeleton) reset(c *visitor) {
	_ = c.Conn.(*net.TCPConn).SetLinger(0)
	s.close(c)
}

package faulty

import (
	"io"
	"math/rand/v2"
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
	for _, v := range slices.Concat(waysOfServing, waysOfReading, waysOfAnswering) {
		members = append(members, Member{
			Name: v.name, Kind: Variant, Text: v.text,
			Target: func() *target.Target {
				t := onWire(v.name, serve(v.change))
				t.Limits.Loop = 500 * time.Millisecond // there is nothing that only many repetitions show
				t.Limits.Response = 2 * time.Second    // nothing is missing: there is no hurry
				if v.profile != nil {
					t.Profile = v.profile(t.Profile)
				}
				return t
			},
		})
	}
	return members
}

// waysOfServing treat clients in another way.
var waysOfServing = []variant{
	{"plain", "the skeleton itself", func(*skeleton) {}, nil},
	{"second-closed", "closes a second client at once", aside(0, (*visitor).hangUp), nil},
	{"second-closed-for-longer", "closes further clients until 20 ms after the first one has left", func(s *skeleton) {
		aside(0, (*visitor).hangUp)(s)
		s.leavesLate()
	}, nil},
	{"second-reset", "resets a second client", aside(0, (*visitor).reset), nil},
	{"second-held", "accepts a second client at once, and reads from it when the first one has left", pooled(firstCome), nil},
	{"waiting-last-first", "serves of the clients that wait the one that came last", pooled(func(n int) int { return n - 1 }), nil},
	{"waiting-any-order", "serves the clients that wait in any order", func(s *skeleton) {
		pooled(rand.New(rand.NewPCG(1, 2)).IntN)(s)
	}, nil},
	{"queue-of-0", "has the shortest queue that there is: a further client waits, another one is not even answered", func(s *skeleton) { backlog(s.ln, 0) }, nil},
	{"queue-of-1", "has a queue for two further clients", func(s *skeleton) { backlog(s.ln, 1) }, nil},
	{"deaf-meanwhile", "does not listen while it serves a client", func(s *skeleton) {
		addr := s.ln.Addr().String()
		s.attend = func(c *visitor) {
			_ = s.listener().Close()
			if c.talk(); !s.stopped() {
				s.move(addr)
				s.resume()
			}
		}
	}, nil},
	{"rests", "waits 5 ms before it takes the next client", onLeaving(func(c *visitor) {
		c.drop()
		target.Pause(c.ctx, 5*time.Millisecond)
	}), nil},
	{"resets-at-disconnect", "resets instead of closing, once its responses have arrived", func(s *skeleton) {
		s.buffer = held / 256 // a client that reads slowly has nearly all of it once it was sent
		s.leave = func(c *visitor) {
			target.Pause(s.ctx, 10*time.Millisecond) // loopback has delivered the rest by then
			c.reset()
		}
	}, nil},
	{"closes-waiting-at-shutdown", "closes the clients that wait before it stops", onShutdown(func(c *visitor) {
		c.acceptWaiting((*visitor).hangUp)
		c.halt()
	}), nil},
}

// waysOfReading take bytes in another way.
var waysOfReading = []variant{
	{"reads-bytes", "reads byte by byte", onReading(func(c *visitor, buf []byte) (int, error) { return c.Read(buf[:1]) }), nil},
	{"reads-little", "reads at most 7 bytes at a time", onReading(func(c *visitor, buf []byte) (int, error) { return c.Read(buf[:7]) }), nil},
	{"utf-8", "decodes packets as UTF-8, as its profile says", validIf(utf8.ValidString), func(p *target.Profile) *target.Profile {
		p.Encoding = "utf-8"
		return p
	}},
	{"utf-8-or-ascii", "decodes packets as UTF-8, and its profile is silent about it", validIf(utf8.ValidString), func(p *target.Profile) *target.Profile {
		p.Encoding = ""
		return p
	}},
	{"larger-maximum", "takes packets of up to 1 MiB, as its profile says", tooLongIf(func(n int) bool { return n > 1<<20 }), func(p *target.Profile) *target.Profile {
		p.MaxPacket = 1 << 20
		return p
	}},
	{"smaller-maximum", "takes packets of up to 100 bytes, as its profile says", tooLongIf(func(n int) bool { return n > 100 }), func(p *target.Profile) *target.Profile {
		p.MaxPacket = 100
		return p
	}},
	{"unlimited", "takes packets of any length, and its profile states no maximum", tooLongIf(func(int) bool { return false }), func(p *target.Profile) *target.Profile {
		p.MaxPacket, p.TooLong = 0, nil
		return p
	}},
}

// waysOfAnswering send responses in another way, or other responses.
var waysOfAnswering = []variant{
	{"writes-bytes", "sends each byte for itself, of many at once the first 256", onSending(func(c *visitor, text string) {
		err := writeBytes(c, []byte(text))
		c.gone = c.gone || err != nil
	}), nil},
	{"writes-packets", "sends each packet for itself", onSending(func(c *visitor, text string) {
		for packet := range strings.Lines(text) {
			if _, err := c.Write([]byte(packet)); err != nil {
				c.gone = true
				return
			}
		}
	}), nil},
	{"slow", "takes 2 ms for each command", onPacket(func(c *visitor, p packet) {
		target.Pause(c.ctx, 2*time.Millisecond)
		c.obey(p)
		c.flush()
	}), nil},
	{"no-profile", "has a callback of its own, of which nothing is known", answers(func(p packet) []string {
		return []string{strconv.Itoa(len(p.text))}
	}), unknown},
	{"no-profile-no-response", "has a callback that never responds, of which nothing is known", answers(func(packet) []string { return nil }), unknown},
	{"plain-sample", "has the sample application as P10 has it, with nothing added, and takes UTF-8", func(s *skeleton) {
		s.valid = utf8.ValidString
		s.answer = func(p packet) []string {
			if p.valid && p.text == "cmd01" {
				return []string{"ack"}
			}
			return []string{"nak - unknown cmd"}
		}
	}, nil},
	{"unknown-unanswered", "does not answer commands that it does not know", answers(func(p packet) []string { return apply(p) }), otherwise()},
	{"two-packets", "answers commands that it does not know by two packets", answers(func(p packet) []string {
		return apply(p, "unknown", "nothing done")
	}), otherwise("unknown", "nothing done")},
}

// writeBytes writes each byte by itself: of many, which would take too long, the first
// 256.
func writeBytes(w io.Writer, data []byte) error {
	n := min(len(data), 256)
	for piece := range slices.Chunk(data[:n], 1) {
		if _, err := w.Write(piece); err != nil {
			return err
		}
	}
	_, err := w.Write(data[n:])
	return err
}

// unknown is what is known of a server without a profile.
func unknown(*target.Profile) *target.Profile { return nil }

// otherwise makes the profile one of an application that answers what it does
// not know in another way than the sample application.
func otherwise(texts ...string) func(*target.Profile) *target.Profile {
	return func(p *target.Profile) *target.Profile {
		responses := []target.Response{}
		for _, text := range texts {
			responses = append(responses, target.Text(text))
		}
		p.Name = "another application"
		p.Commands = slices.DeleteFunc(p.Commands, func(d target.Dialogue) bool { return d.Send == "junk" })
		p.Otherwise, p.Empty, p.Invalid, p.TooLong = &responses, &responses, &responses, &responses
		return p
	}
}

// pooled serves the clients that wait in this order, and closes them before it stops.
func pooled(which func(n int) int) func(*skeleton) {
	return func(s *skeleton) {
		s.pool(which)
		s.shutdown = (*visitor).haltAll
	}
}

// leavesLate ends a connection 20 ms before the server is free for the next client.
func (s *skeleton) leavesLate() {
	leave := s.leave
	s.leave = func(c *visitor) {
		_ = c.tcp().CloseWrite()
		target.Pause(s.ctx, 20*time.Millisecond)
		leave(c)
	}
}

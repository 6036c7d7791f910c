package ver

import (
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/socket-oneline/oneline/trace"
	"github.com/socket-oneline/oneline/ver/target"
)

func (s *Suite) leaving() {
	s.protocol("TP-016", "leaving without disconnect", trace.About{
		Objectives:    []string{"However a client leaves, the next one is served, and gets nothing of its predecessor's."},
		Preconditions: []string{"The server listens at its address.", "No other client is connected."},
	}, func() {
		// SRS-032: When its client closes the connection without disconnect, the
		// server shall serve the next one.
		It("serves the next client after a close", trace.Req("SRS-032"), trace.Observe(target.Wire), closing, func(ctx SpecContext) {
			s.leave(ctx, "SRS-032", leavingWays[0], "read the answers and close the connection", func(c *target.Conn, due int) {
				// With answers that were not read a close would be a reset on the wire.
				for range due {
					_ = c.Receive(ctx)
				}
				_ = c.Close()
			})
		})

		// SRS-033: When its client closes its sending side only, the server shall
		// send the responses already due, and shall then serve the next client.
		It("sends the responses due after a half-close", trace.Req("SRS-033"), trace.Observe(target.Wire), halfClosing, func(ctx SpecContext) {
			s.pairs(ctx)
			c := s.pinging(ctx)
			trace.Step(ctx, "send ping twice and close the sending side; two pongs come, then the end")
			_ = c.Send("ping\nping\n")
			_ = c.CloseWrite()
			s.receive(ctx, c, []target.Response{target.Text("pong"), target.Text("pong")}, "SRS-033")
			ended := trace.Verify(ctx).Expect(c.Ending(ctx)).To(Equal(target.Closed))
			_ = c.Close()
			trace.Step(ctx, "connect again; the connection is served")
			if s.nextClient(ctx, "SRS-033") && ended {
				s.asked["\n"+leavingWays[1].name] = true
			}
		})

		It("serves the next client after a half-close, though the first stays", trace.Req("SRS-033"), trace.Observe(target.Wire), halfClosing, func(ctx SpecContext) {
			for range s.rounds(3, 2) {
				c := s.connect(ctx)
				trace.Step(ctx, "close the sending side, and keep the connection")
				_ = c.CloseWrite()
				trace.Step(ctx, "connect again; the connection is served")
				if !s.nextClient(ctx, "SRS-033") {
					return
				}
				_ = c.Close()
			}
		})

		// SRS-034: When its client resets the connection, the server shall serve
		// the next one.
		It("serves the next client after a reset", trace.Req("SRS-034"), trace.Observe(target.Wire), resetting, func(ctx SpecContext) {
			s.leave(ctx, "SRS-034", leavingWays[2], "read no answer and reset the connection", func(c *target.Conn, _ int) { _ = c.Reset() })
		})

		// SRS-035: The server shall drop the bytes of an unfinished packet when
		// its client leaves: they shall neither be run nor be put before the next
		// client's.
		It("does not run a packet that was not ended", trace.Req("SRS-035"), trace.Observe(target.Wire), halfClosing, func(ctx SpecContext) {
			s.departs(ctx, leavingWays[1])
			for _, before := range []string{"", "ping\n"}[:s.rounds(2, 2)] {
				c := s.pinging(ctx)
				trace.Step(ctx, "send %q, and ping without its line feed, and close the sending side; no pong comes for what was not ended", before)
				_ = c.Send(before + "ping")
				_ = c.CloseWrite()
				if before != "" {
					trace.Need(ctx).Expect(c.Receive(ctx)).To(Equal(target.Packet("pong")), "the response due")
				}
				trace.Verify(ctx).Expect(c.Ending(ctx)).To(Equal(target.Closed))
				_ = c.Close()
				if !s.nextClient(ctx, "SRS-035") {
					return
				}
			}
		})

		It("does not put an unfinished packet before the next client's", trace.Req("SRS-035"), trace.Observe(target.Wire), resetting-1, func(ctx SpecContext) {
			s.bears(ctx)
			for _, way := range leavingWays {
				s.departs(ctx, way)
			}
			for _, way := range append(leavingWays, leavingWay{"leave by disconnect", nil}) {
				first := s.pinging(ctx)
				strict := s.knows("otherwise") && len(*s.target.Profile.Otherwise) > 0 &&
					s.held(ctx, first, target.Dialogue{Send: "ng", Expect: *s.target.Profile.Otherwise})
				trace.Step(ctx, "send the first half of ping, and %s", way.name)
				if way.leave == nil {
					_ = first.Send("disconnect\npi")
					_ = first.Ending(ctx)
					_ = first.Close()
				} else {
					_ = first.Send("pi")
					_ = way.leave(first)
				}
				trace.Step(ctx, "the next client sends the second half, and ping: one pong comes")
				if strict {
					second := s.dialWith(ctx, "ng\n")
					s.receive(ctx, second, *s.target.Profile.Otherwise, "SRS-035")
					if s.slow() {
						s.answered(second)
					} else {
						s.next(ctx, second, "SRS-035")
					}
					s.part(ctx, second)
					_ = first.Close()
					continue
				}
				second := s.dialWith(ctx, "ng\nping\n")
				pongs, last := s.countPongs(ctx, second)
				trace.Verify(ctx).Expect(pongs).To(Equal(1), "pongs after the rest of a command and one ping")
				trace.Verify(ctx).Expect(last).To(Equal(target.Nothing), "what comes after the answers")
				second.Leave(ctx)
				_ = first.Close()
			}
		})

		It("forgets that an unfinished packet was invalid", trace.Req("SRS-035"), trace.Observe(target.Wire), invalid, func(ctx SpecContext) {
			ways := some(ctx, s, leavingWays, 1)
			for _, way := range ways {
				s.departs(ctx, way)
			}
			for _, way := range ways {
				c := s.connect(ctx)
				trace.Step(ctx, "send a byte 0xff without a line feed, and %s", way.name)
				_ = c.Send("\xff")
				target.Pause(ctx, s.pace.Limits().Pause) // a reset may destroy what has not been read
				_ = way.leave(c)
				trace.Step(ctx, "connect again; the connection is served")
				if !s.nextClient(ctx, "SRS-035") {
					return
				}
				_ = c.Close()
			}
		})

		It("forgets an over-long packet that was not ended", trace.Req("SRS-035"), trace.Observe(target.Wire), profile("max_packet"), overLong, func(ctx SpecContext) {
			ways := some(ctx, s, leavingWays, 1)
			for _, way := range ways {
				s.departs(ctx, way)
			}
			for _, way := range ways {
				c := s.connect(ctx)
				trace.Step(ctx, "send more than the maximum without a line feed, and %s", way.name)
				_ = c.Send(s.long(s.target.Profile.MaxPacket + 1000))
				_ = way.leave(c)
				trace.Step(ctx, "connect again; the connection is served")
				if !s.nextClient(ctx, "SRS-035") {
					return
				}
				_ = c.Close()
			}
		})

		It("does not run a shutdown that was not ended", trace.Req("SRS-035"), trace.Observe(target.Stop), nearShutdown, func(ctx SpecContext) {
			s.departs(ctx, leavingWays[1])
			c := s.connect(ctx)
			trace.Step(ctx, "send shutdown without its line feed, and close")
			_ = c.Send("shutdown")
			_ = c.CloseWrite()
			_ = c.Ending(ctx)
			_ = c.Close()
			trace.Step(ctx, "connect again; the server is still there")
			s.nextClient(ctx, "SRS-035")
		})
	})
}

// leavingWay is a way of leaving without disconnect.
type leavingWay struct {
	name  string
	leave func(*target.Conn) error
}

var leavingWays = []leavingWay{
	{"close the connection", (*target.Conn).Close},
	{"close the sending side", (*target.Conn).CloseWrite},
	{"reset the connection", (*target.Conn).Reset},
}

// departs makes sure that the next client is served after a client has left in
// some way with nothing unfinished, as a precondition: that is SRS-032, SRS-033 and
// SRS-034.
func (s *Suite) departs(ctx SpecContext, way leavingWay) {
	GinkgoHelper()
	left := "\n" + way.name
	if s.shown(left) {
		return
	}
	c := s.connect(ctx)
	_ = way.leave(c)
	if way.name == leavingWays[1].name {
		trace.Need(ctx).Expect(c.Ending(ctx)).To(Equal(target.Closed), "after a half-close with nothing unfinished")
	}
	s.goesOn(ctx)
	_ = c.Close()
	s.asked[left] = true
}

// leave verifies that the next client is served after a client has left in a way
// of its own: idle, and with answers due. Unfinished packets are SRS-035.
func (s *Suite) leave(ctx SpecContext, id string, way leavingWay, instruction string, leave func(c *target.Conn, due int)) {
	GinkgoHelper()
	s.goesOn(ctx)
	s.goesOn(ctx) // and after a client, too
	trace.Step(ctx, "connect and send nothing, %s; connect again; the connection is served", instruction)
	c := s.dial(ctx)
	target.Pause(ctx, s.pace.Limits().Pause) // the server may have accepted it by then
	leave(c, 0)
	if !s.nextClient(ctx, id) {
		return
	}
	for _, before := range some(ctx, s, []string{"", "ping\n", "ping\nping\n"}, 2) {
		c := s.connect(ctx)
		trace.Step(ctx, "send %q, %s", before, instruction)
		if before != "" {
			_ = c.Send(before)
		}
		leave(c, strings.Count(before, "\n"))
		trace.Step(ctx, "connect again; the connection is served")
		if !s.nextClient(ctx, id) {
			return
		}
	}
	if s.slow() {
		s.asked["\n"+way.name] = true
		return
	}
	trace.Step(ctx, "connect, %s, many times over; the next client is served", instruction)
	problem, done := "", 0
	s.repeat(ctx, 100, 2, func(int) bool {
		done++
		var c *target.Conn
		if c, problem = s.served(ctx, s.known(), silent); c != nil {
			leave(c, 0)
		}
		return problem == ""
	})
	if problem != "" {
		s.outlasts(ctx, done)
	}
	trace.Verify(ctx, id).Expect(attempt(problem)).To(beServed(), "client number %d", done)
	s.nextClient(ctx, id)
}

// outlasts makes sure that a fresh server serves as many clients as another one
// has failed after, if they leave by disconnect, as a precondition: that is
// SRS-049.
func (s *Suite) outlasts(ctx SpecContext, clients int) {
	GinkgoHelper()
	if !s.target.Server.Fresh() {
		return
	}
	addr, err := s.target.Server.Start(ctx)
	trace.Need(ctx).Expect(err).NotTo(HaveOccurred())
	s.addr = addr
	for i := range clients + 20 {
		if problem := s.visit(ctx); problem != "" {
			s.addr, _ = s.target.Server.Start(ctx) // this one is not what the spec leaves
			trace.Block(ctx, "client number %d is not served, though all before have left by disconnect: %s", i+1, problem)
		}
	}
}

package ver

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/socket-oneline/oneline/ver/target"
	"github.com/socket-oneline/oneline/ver/trace"
)

func (s *Suite) leaving() {
	s.protocol("TP-016", "leaving without disconnect", trace.About{
		Objectives:    []string{"However a client leaves, the next one is served, and gets nothing of its predecessor's."},
		Preconditions: []string{"The server listens at its address.", "No other client is connected."},
	}, func() {
		// SRS-032: When its client closes the connection without disconnect, the
		// server shall serve the next one.
		It("serves the next client after a close", trace.Req("SRS-032"), trace.Observe(target.Wire), closing, func(ctx SpecContext) {
			s.leave(ctx, "SRS-032", "close the connection", (*target.Conn).Close)
		})

		// SRS-033: When its client closes its sending side only, the server shall
		// send the responses already due, and shall then serve the next client.
		It("sends the responses due after a half-close", trace.Req("SRS-033"), trace.Observe(target.Wire), halfClosing, func(ctx SpecContext) {
			c := s.connect(ctx)
			trace.Step(ctx, "send ping twice and close the sending side; two pongs come, then the end")
			_ = c.Send("ping\nping\n")
			_ = c.CloseWrite()
			s.receive(ctx, c, []target.Response{target.Text("pong"), target.Text("pong")}, "SRS-033")
			trace.Verify(ctx).Expect(c.Ending(ctx)).To(Equal(target.Closed))
			_ = c.Close()
			trace.Step(ctx, "connect again; the connection is served")
			s.nextClient(ctx, "SRS-033")
		})

		It("serves the next client after a half-close, though the first stays", trace.Req("SRS-033"), trace.Observe(target.Wire), halfClosing, func(ctx SpecContext) {
			for range 3 {
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
			s.leave(ctx, "SRS-034", "reset the connection", (*target.Conn).Reset)
		})

		// SRS-035: The server shall drop the bytes of an unfinished packet when
		// its client leaves: they shall neither be run nor be put before the next
		// client's.
		It("does not run a packet that was not ended", trace.Req("SRS-035"), trace.Observe(target.Wire), halfClosing, func(ctx SpecContext) {
			c := s.connect(ctx)
			trace.Step(ctx, "send ping, and ping without its line feed, and close the sending side; one pong comes, then the end")
			_ = c.Send("ping\nping")
			_ = c.CloseWrite()
			s.receive(ctx, c, []target.Response{target.Text("pong")}, "SRS-035")
			trace.Verify(ctx).Expect(c.Ending(ctx)).To(Equal(target.Closed))
			_ = c.Close()
			s.nextClient(ctx, "SRS-035")
		})

		It("does not put an unfinished packet before the next client's", trace.Req("SRS-035"), trace.Observe(target.Wire), closing, func(ctx SpecContext) {
			for _, way := range []struct {
				name  string
				leave func(*target.Conn) error
			}{
				{"close", (*target.Conn).Close},
				{"disconnect", nil},
			} {
				first := s.connect(ctx)
				trace.Step(ctx, "send the first half of ping, and leave by %s", way.name)
				if way.leave == nil {
					_ = first.Send("disconnect\npi")
					_ = first.Ending(ctx)
					_ = first.Close()
				} else {
					_ = first.Send("pi")
					_ = way.leave(first)
				}
				trace.Step(ctx, "the next client sends the second half, and ping: one pong comes")
				second := s.dialWith(ctx, "ng\nping\n")
				s.onePong(ctx, second, "ng", "SRS-035")
				second.Leave(ctx)
			}
		})

		It("does not run a shutdown that was not ended", trace.Req("SRS-035"), trace.Observe(target.Stop), nearShutdown, func(ctx SpecContext) {
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

// leave verifies that the next client is served after a client has left in a way
// of its own, at every moment: idle, within a packet, with answers not read.
func (s *Suite) leave(ctx SpecContext, id, instruction string, leave func(*target.Conn) error) {
	GinkgoHelper()
	for _, before := range []string{"", "pi", "ping\n", "ping\nping\npi"} {
		c := s.connect(ctx)
		trace.Step(ctx, "send %q, read no answer, and %s", before, instruction)
		if before != "" {
			_ = c.Send(before)
		}
		_ = leave(c)
		trace.Step(ctx, "connect again; the connection is served")
		if !s.nextClient(ctx, id) {
			return
		}
	}
	trace.Step(ctx, "connect and %s, many times over; the next client is served", instruction)
	problem, done := "", 0
	s.repeat(ctx, 100, 2, func(int) bool {
		done++
		var c *target.Conn
		if c, problem = s.served(ctx, s.known(), silent); c != nil {
			_ = leave(c)
		}
		return problem == ""
	})
	trace.Verify(ctx, id).Expect(attempt(problem)).To(beServed(), "client number %d", done)
	s.nextClient(ctx, id)
}

// onePong verifies the answers to one command that is not predefined, and to the
// ping after it.
func (s *Suite) onePong(ctx SpecContext, c *target.Conn, command, id string) {
	GinkgoHelper()
	if s.knowsAll([]string{command}) {
		s.receive(ctx, c, *s.target.Profile.Otherwise, id)
		s.receive(ctx, c, []target.Response{target.Text("pong")}, id)
		s.next(ctx, c, id)
		return
	}
	pongs, last := s.countPongs(ctx, c)
	trace.Verify(ctx, id).Expect(pongs).To(Equal(1), "pongs after %q and one ping", command)
	trace.Verify(ctx, id).Expect(last).To(Equal(target.Nothing), "what comes after the answers")
}

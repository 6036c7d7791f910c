package ver

import (
	"context"
	"slices"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/socket-oneline/oneline/trace"
	"github.com/socket-oneline/oneline/ver/patience"
	"github.com/socket-oneline/oneline/ver/target"
)

func (s *Suite) reconnecting() {
	s.protocol("TP-003", "disconnect and reconnect", trace.About{
		Objectives:    []string{"After one client the server serves the next, however many there are."},
		Preconditions: []string{"The server listens at its address.", "No other client is connected."},
	}, func() {
		// SRS-016: When its client has left by disconnect, the server shall
		// serve the next one.
		It("serves the next client after disconnect", trace.Req("SRS-016"), trace.Observe(target.Wire), func(ctx SpecContext) {
			for range s.rounds(3, 2) {
				c := s.connect(ctx)
				trace.Step(ctx, "send disconnect, wait for the connection to end, and close")
				_ = c.Send("disconnect\n")
				_ = c.Ending(ctx)
				_ = c.Close()
				trace.Step(ctx, "connect again; the connection is served")
				if !s.nextClient(ctx, "SRS-016") {
					return
				}
			}
		})

		It("frees itself on disconnect, though the client stays", trace.Req("SRS-016"), trace.Observe(target.Wire), func(ctx SpecContext) {
			for range s.rounds(3, 2) {
				c := s.connect(ctx)
				trace.Step(ctx, "send disconnect, and keep this side of the connection open")
				_ = c.Send("disconnect\n")
				if s.slow() { // what that takes is not the next answer's time
					_ = c.Ending(ctx)
				}
				trace.Step(ctx, "connect another client; it is served")
				if !s.nextClient(ctx, "SRS-016") {
					return
				}
				_ = c.Close()
			}
		})

		// SRS-049: The server shall serve any number of clients, one after the
		// other.
		It("serves hundreds of clients, one after the other", trace.Req("SRS-049"), trace.Observe(target.Wire), afterAll, func(ctx SpecContext) {
			s.connect(ctx).Leave(ctx)
			trace.Step(ctx, "connect, send a command, receive its answer and leave by disconnect, many times over")
			problem, done := "", 0
			s.repeat(ctx, 300, 1, func(int) bool {
				done++
				problem = s.visit(ctx)
				return problem == ""
			})
			trace.Verify(ctx).Expect(attempt(problem)).To(beServed(), "client number %d", done)
		})
	})
}

// visit is a client that is served and leaves by disconnect. It leaves nothing
// in the transcript, and says what went wrong.
func (s *Suite) visit(ctx SpecContext) string {
	c, problem := s.served(ctx, s.known(), silent)
	if c == nil {
		return problem
	}
	defer c.Disconnect(ctx)
	if s.slow() {
		return ""
	}
	return exchange(ctx, c, s.known()) // and goes on being served
}

func (s *Suite) secondClient() {
	s.protocol("TP-005", "second client", trace.About{
		Objectives:    []string{"While one client is connected a further one is not served; when the first leaves, nothing is lost."},
		Preconditions: []string{"The server listens at its address.", "No other client is connected."},
	}, func() {
		// SRS-003: The server shall serve one client at a time: while one is
		// connected, a further one shall get no packet.
		//
		// SRS-017: A further client shall either be closed, or be left waiting
		// and be served when the first one leaves, with nothing that it sent
		// lost.
		It("does not serve a further client", trace.Req("SRS-003"), trace.Observe(target.Wire), func(ctx SpecContext) {
			first := s.connect(ctx)
			trace.Step(ctx, "a further client connects and sends ping; it gets no packet")
			second := s.dial(ctx)
			_ = second.Send("ping\n")
			if !s.slow() { // what comes now is there in the end, too
				s.unserved(ctx, second)
			}
			trace.Step(ctx, "the first client is served as before")
			s.next(ctx, first, "SRS-003")
			trace.Step(ctx, "the further one still gets no packet")
			trace.Verify(ctx).Expect(second.Listen(ctx)).To(beUnserved())
		})

		It("serves a waiting client when the first one leaves", trace.Req("SRS-017", "SRS-003"), trace.Observe(target.Wire), func(ctx SpecContext) {
			s.pairs(ctx)
			s.bears(ctx)
			first := s.pinging(ctx)
			trace.Step(ctx, "a further client connects and sends ping twice")
			second := s.dial(ctx)
			_ = second.Send("ping\nping\n")
			trace.Step(ctx, "the first client is served as before, and the further one gets no packet")
			s.next(ctx, first, "SRS-003")
			s.unserved(ctx, second)
			trace.Step(ctx, "the first client leaves by disconnect")
			_ = first.Send("disconnect\n")
			_ = first.Ending(ctx)
			_ = first.Close()
			trace.Step(ctx, "the further one is served, both commands in order, or was closed without a packet")
			s.servedOrClosed(ctx, second, second.Receive(ctx))
			second.Leave(ctx)
			s.goesOn(ctx)
		})

		It("serves all waiting clients, one after the other", trace.Req("SRS-017", "SRS-003"), trace.Observe(target.Wire), func(ctx SpecContext) {
			s.pairs(ctx)
			first := s.pinging(ctx)
			many := max(2, s.rounds(3, 1))
			trace.Step(ctx, "%d further clients connect; each sends ping twice", many)
			var waiting []*target.Conn
			for range many {
				c := s.dial(ctx)
				_ = c.Send("ping\nping\n")
				waiting = append(waiting, c)
			}
			trace.Step(ctx, "the first client is served as before; none of them gets a packet")
			s.next(ctx, first, "SRS-017", "SRS-003")
			if last := waiting[len(waiting)-1]; s.slow() { // which is given more time
				trace.Verify(ctx, "SRS-003").Expect(last.Listen(ctx)).To(beUnserved())
			}
			s.unserved(ctx, waiting...)
			first.Leave(ctx)
			for len(waiting) > 0 {
				trace.Step(ctx, "one of them, whichever the server takes, is served, or was closed without a packet; the others still wait")
				i, event := s.turn(ctx, waiting)
				c := waiting[i]
				waiting = slices.Delete(waiting, i, i+1)
				s.servedOrClosed(ctx, c, event)
				s.unserved(ctx, waiting...)
				c.Leave(ctx)
			}
		})

		s.waitingClients()
	})
}

// unserved verifies that clients that wait get no packet: while one of them is
// listened to, the others could get theirs. With a slow server it is not waited
// for: one that serves another client has had time to send it.
func (s *Suite) unserved(ctx SpecContext, waiting ...*target.Conn) {
	GinkgoHelper()
	listened := s.slow()
	for _, c := range waiting {
		var event target.Event
		if listened {
			event = c.Poll(ctx, s.pace.Limits().Pause)
		} else {
			event = c.Listen(ctx)
		}
		listened = listened || event == target.Nothing
		trace.Verify(ctx, "SRS-003").Expect(event).To(beUnserved())
	}
}

// turn gives the first of the clients that wait to get something, and what that
// is. In which order they are served nobody says (Pj).
func (s *Suite) turn(ctx context.Context, waiting []*target.Conn) (int, target.Event) {
	trying, cancel := patience.Within(ctx, s.pace.Response())
	defer cancel()
	for trying.Err() == nil {
		for i, c := range waiting {
			if event := c.Poll(ctx, s.pace.Limits().Pause); !event.IsNothing() {
				return i, event
			}
		}
	}
	return 0, waiting[0].Poll(ctx, s.pace.Limits().Pause)
}

// servedOrClosed verifies that a client that had to wait, and has sent ping
// twice, is now served, or was closed. The event is the first that it gets.
func (s *Suite) servedOrClosed(ctx SpecContext, c *target.Conn, event target.Event) {
	GinkgoHelper()
	if event == target.Closed {
		trace.Verify(ctx, "SRS-017").Expect(event).To(Equal(target.Closed))
		return
	}
	if trace.Verify(ctx, "SRS-017").Expect(event).To(Equal(target.Packet("pong"))) {
		s.receive(ctx, c, []target.Response{target.Text("pong")}, "SRS-017")
		if !s.slow() {
			s.next(ctx, c, "SRS-017")
		}
	}
}

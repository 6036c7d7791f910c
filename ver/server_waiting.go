package ver

import (
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/socket-oneline/oneline/trace"
	"github.com/socket-oneline/oneline/ver/target"
)

// manyWaiting is how many pings a client sends while it waits: more bytes than a
// server reads at once, fewer than a connection holds.
const manyWaiting = 3000

// waitingClients are the specs of what a further client does while it waits.
func (s *Suite) waitingClients() {
	It("keeps all that waiting clients have sent, until it is their turn", trace.Req("SRS-017", "SRS-003"), trace.Observe(target.Wire), func(ctx SpecContext) {
		s.bears(ctx)
		first := s.pinging(ctx)
		n := s.pace.Times(manyWaiting, 1)
		trace.Step(ctx, "send ping many times, %d times on a fast server, and the first half of another, and receive as many pongs", manyWaiting)
		_ = first.Send(strings.Repeat("ping\n", n) + "pi")
		event, _ := s.pongs(ctx, first, n)
		trace.Need(ctx).Expect(event).To(Equal(target.Packet("pong")), "answers to a client that does not have to wait")
		_ = first.Send("ng\n")
		s.need(ctx, first, target.Dialogue{Send: "ping", Expect: slices.Concat(ping.Expect, ping.Expect)})
		trace.Step(ctx, "a further client connects, and sends the same")
		second := s.dial(ctx)
		_ = second.Send(strings.Repeat("ping\n", n) + "pi")
		trace.Step(ctx, "a third one connects, and sends ping and disconnect; neither gets a packet")
		third := s.dial(ctx)
		_ = third.Send("ping\ndisconnect\n")
		event = second.Listen(ctx)
		trace.Step(ctx, "the first client is served as before, and leaves")
		if !trace.Verify(ctx, "SRS-003").Expect(event).To(beUnserved()) || !s.next(ctx, first, "SRS-003") {
			return
		}
		first.Leave(ctx)
		if event == target.Closed {
			second.Unread(event)
		}
		trace.Step(ctx, "the second one gets all its answers, and that to the second half which it sends now, or was closed without a packet")
		event, got := s.pongs(ctx, second, n)
		if event == target.Closed && got == 1 {
			trace.Verify(ctx, "SRS-017").Expect(event).To(Equal(target.Closed))
		} else if trace.Verify(ctx, "SRS-017").Expect(event).To(Equal(target.Packet("pong")), "answer number %d", got) {
			_ = second.Send("ng\n")
			s.receive(ctx, second, ping.Expect, "SRS-017")
			s.next(ctx, second, "SRS-017")
		}
		second.Leave(ctx)
		trace.Step(ctx, "the third one gets its answer, or was closed without a packet")
		if event = third.Receive(ctx); event != target.Closed {
			trace.Verify(ctx, "SRS-017").Expect(event).To(Equal(target.Packet("pong")))
		}
	})

	It("serves the next client after one that has closed while it waited", trace.Req("SRS-032"), trace.Observe(target.Wire), closing, func(ctx SpecContext) {
		s.leaveWaiting(ctx, "SRS-032", "close the connection", (*target.Conn).Close)
	})

	It("serves the next client after one that has reset while it waited", trace.Req("SRS-034"), trace.Observe(target.Wire), resetting, func(ctx SpecContext) {
		s.leaveWaiting(ctx, "SRS-034", "reset the connection", (*target.Conn).Reset)
	})
}

// pongs receives so many pongs, or until something else comes. It gives the last
// event, and its number.
func (s *Suite) pongs(ctx SpecContext, c *target.Conn, n int) (target.Event, int) {
	event, got := c.Receive(ctx), 1
	for ; got < n && event == target.Packet("pong"); got++ {
		event = c.Receive(ctx)
	}
	return event, got
}

// leaveWaiting verifies that clients which leave before their turn keep nobody
// from being served: neither the first client nor the next.
func (s *Suite) leaveWaiting(ctx SpecContext, id, instruction string, leave func(*target.Conn) error) {
	GinkgoHelper()
	s.goesOn(ctx)
	for _, sent := range some(ctx, s, []string{"", "ping\n"}, 1) {
		first := s.connect(ctx)
		trace.Step(ctx, "a further client connects, sends %q, and leaves before its turn: %s", sent, instruction)
		second := s.dial(ctx)
		if sent != "" {
			_ = second.Send(sent)
		}
		s.need(ctx, first, s.known()) // the server may have accepted the further one by then
		_ = leave(second)
		trace.Step(ctx, "the first client is served as before, and leaves")
		if !s.next(ctx, first, id) {
			return
		}
		first.Leave(ctx)
		trace.Step(ctx, "connect again; the connection is served")
		if !s.nextClient(ctx, id) {
			return
		}
	}
}

package ver

import (
	"context"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/socket-oneline/oneline/trace"
	"github.com/socket-oneline/oneline/ver/patience"
	"github.com/socket-oneline/oneline/ver/target"
)

// What a spec uses to show something else must work by itself. Where it does not,
// that is the affair of another requirement, and the spec is blocked: it blames
// nobody, and passes nothing.

// takeStock finds out, before the first spec, what can be used to show something
// else.
func (s *Suite) takeStock(ctx context.Context) {
	c, _ := s.served(ctx, s.probe, silent)
	if c == nil {
		return
	}
	defer c.Leave(ctx)
	_ = c.Send(s.probe.Send + "\n" + s.probe.Send + "\n")
	for _, want := range slices.Concat(s.probe.Expect, s.probe.Expect) {
		if !want.Matches(c.Receive(ctx)) {
			return
		}
	}
	s.paired = s.slow() || c.Listen(ctx) == target.Nothing
}

// pairs blocks a spec that sends several commands in one segment though it is
// about something else, where the server does not answer each of them: that is
// SRS-023.
func (s *Suite) pairs(ctx SpecContext) {
	GinkgoHelper()
	if s.probed && !s.paired {
		trace.Block(ctx, "this is shown by several commands in one segment, of which not each is answered")
	}
}

// unprobed gives a connection for a spec that is itself about how a command is
// answered. It is blocked where the server speaks first: that is SRS-019, and
// hides what the answer is.
func (s *Suite) unprobed(ctx SpecContext) *target.Conn {
	GinkgoHelper()
	if s.slow() { // which was listened to before the first spec
		return s.dial(ctx)
	}
	c, event := s.dialed(ctx, "")
	if _, unasked := event.IsPacket(); unasked {
		trace.Block(ctx, "there is %s before any command was sent", event)
	}
	return c
}

// goesOn makes sure that the server serves on, as a precondition.
func (s *Suite) goesOn(ctx SpecContext) {
	GinkgoHelper()
	c, problem := s.served(ctx, s.known(), s.log(ctx))
	if c == nil {
		trace.Block(ctx, "the server does not go on: %s", problem)
	}
	if s.keeps() {
		s.keep(c)
		return
	}
	c.Leave(ctx)
}

// survives makes sure that the server goes on serving its client after an invalid
// packet, whatever that is answered, as a precondition: that is SRS-007.
func (s *Suite) survives(ctx SpecContext, c *target.Conn) {
	GinkgoHelper()
	if s.shown(survived) {
		return
	}
	if s.slow() && s.knows("invalid") && s.held(ctx, c, target.Dialogue{Send: "\xff", Expect: *s.target.Profile.Invalid}) {
		return // by its answer, and that to the next command
	}
	_ = c.Send("\xff\n")
	s.settle(ctx, c)
	if problem := exchange(ctx, c, s.known()); problem != "" {
		trace.Block(ctx, "after an invalid packet: %s", problem)
	}
	s.asked[survived] = true
}

// settle receives whatever is still to come.
func (s *Suite) settle(ctx context.Context, c *target.Conn) {
	listening, cancel := patience.Within(ctx, 4*s.pace.Quiet())
	defer cancel()
	for listening.Err() == nil {
		if _, more := c.Listen(ctx).IsPacket(); !more {
			return
		}
	}
}

// wholly makes sure that a predefined command is told from longer packets that
// begin with it, as a precondition: else nothing can be learned of the byte that
// follows it. That they are told apart is SRS-025.
func (s *Suite) wholly(ctx SpecContext, command string) {
	GinkgoHelper()
	told := "\nlonger than " + command
	if s.shown(told) {
		return
	}
	c := s.pinging(ctx)
	if s.slow() && s.knows("otherwise") {
		defer s.part(ctx, c)
		if s.held(ctx, c, target.Dialogue{Send: command + "x", Expect: *s.target.Profile.Otherwise}) {
			s.asked[told] = true
			return
		}
		trace.Block(ctx, "%s is not told from longer packets that begin with it", command)
	}
	defer c.Leave(ctx)
	_ = c.Send(command + "x\n" + command + " x\nping\n")
	if pongs, _ := s.countPongs(ctx, c); pongs != 1 {
		trace.Block(ctx, "%s is not told from longer packets that begin with it", command)
	}
	s.asked[told] = true
}

// singles gives the commands of the profile with just one response.
func (s *Suite) singles() []target.Dialogue {
	return slices.DeleteFunc(slices.Clone(s.target.Profile.Commands), func(d target.Dialogue) bool { return len(d.Expect) != 1 })
}

// several gives the commands of the profile with another number of responses
// than one.
func (s *Suite) several() []target.Dialogue {
	return slices.DeleteFunc(slices.Clone(s.target.Profile.Commands), func(d target.Dialogue) bool { return len(d.Expect) == 1 })
}

// sound gives those of some commands that are answered as they should be where
// each is sent alone.
func (s *Suite) sound(ctx SpecContext, dialogues []target.Dialogue) []target.Dialogue {
	return slices.DeleteFunc(slices.Clone(some(ctx, s, dialogues, 2)), func(d target.Dialogue) bool {
		if s.shown(d.Send) {
			return false
		}
		c, _ := s.served(ctx, s.known(), silent)
		if c == nil {
			return true
		}
		defer c.Leave(ctx)
		return !s.held(ctx, c, d)
	})
}

// ended waits for the end of a connection, whatever comes before it.
func (s *Suite) ended(ctx context.Context, c *target.Conn, event target.Event) target.Event {
	waiting, cancel := patience.Within(ctx, s.pace.Response())
	defer cancel()
	for waiting.Err() == nil {
		if _, packet := event.IsPacket(); !packet {
			break
		}
		event = c.Ending(ctx)
	}
	return event
}

// letters is a text without capitals of n bytes in which no part is like another.
func letters(n int) string { return strings.ToLower(pattern(n)) }

// closes makes sure that the server closes on disconnect, as a precondition.
func (s *Suite) closes(ctx SpecContext) {
	GinkgoHelper()
	if s.shown(closes) {
		return
	}
	for range s.rounds(2, 2) {
		c := s.pinging(ctx)
		_ = c.Send("disconnect\n")
		trace.Need(ctx).Expect(s.ended(ctx, c, c.Ending(ctx))).To(Equal(target.Closed), "after disconnect alone")
		_ = c.Close()
	}
	s.asked[closes] = true
}

// bears blocks a spec that sends disconnect, though it is about something else, to
// a server that does not survive it: that is SRS-005.
func (s *Suite) bears(ctx SpecContext) {
	GinkgoHelper()
	if s.pace.Spares() {
		trace.Block(ctx, "this is shown by a client that leaves by disconnect, which the server does not survive")
	}
}

package ver

import (
	"context"
	"fmt"
	"time"

	. "github.com/onsi/ginkgo/v2"

	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/trace"
	"github.com/socket-oneline/oneline/ver/patience"
	"github.com/socket-oneline/oneline/ver/target"
)

// ping is the probe of a server that answers it as it should.
var ping = target.Dialogue{Send: "ping", Expect: []target.Response{target.Text("pong")}}

// Preflight contacts the server for the first time, and chooses the probe by
// which connections show that they are served: ping if it is answered by exactly
// one pong, else the first command of the profile with a response, else none. An
// error means that the server cannot be reached; every spec is blocked then.
func (s *Suite) Preflight(ctx context.Context) error {
	_ = s.Left() // from now on
	if s.target.Server == nil || s.gate != "" {
		return nil
	}
	addr, err := s.target.Server.Start(ctx)
	if err == nil {
		err = s.reach(ctx, addr)
	}
	if err == nil {
		addr, err = s.fragile(ctx, addr)
	}
	if err != nil {
		s.gate = err.Error()
		return err
	}
	s.addr = addr
	candidates := []target.Dialogue{ping}
	if own, ok := s.target.Profile.Probe(); ok {
		candidates = append(candidates, own)
	}
	heard := false
	for _, candidate := range candidates {
		exact, any := s.answers(ctx, candidate)
		heard = heard || any
		if exact {
			s.probe = candidate
			if s.probed = !s.greets(ctx); !s.probed {
				return nil
			}
			s.notes = append(s.notes, fmt.Sprintf("connections are probed with %q", candidate.Send))
			s.plainSample(ctx)
			s.takeStock(ctx)
			return nil
		}
	}
	s.notes = append(s.notes, "the server answers no command that is known: what is shown by an answer is not verified")
	if !heard {
		s.pace.GiveUp()
	}
	return nil
}

// fragile finds out whether a fresh server has survived its first visitor. One
// that is gone after disconnect is started again, and from then on left by closing:
// else every spec would end with a dead server, whatever it is about.
func (s *Suite) fragile(ctx context.Context, addr string) (string, error) {
	if !s.target.Server.Fresh() {
		return addr, nil
	}
	if c, err := target.Dial(ctx, addr, s.pace, silent); err == nil {
		c.Leave(ctx)
		return addr, nil
	}
	s.pace.SpareDisconnect()
	s.notes = append(s.notes, "the server does not survive disconnect: where that is not what is verified, connections are closed without it")
	return s.target.Server.Start(ctx)
}

// greets finds out whether a client that comes after another one is sent a packet
// that it has not asked for: no answer can be told from that.
func (s *Suite) greets(ctx context.Context) bool {
	c, err := target.Dial(ctx, s.addr, s.pace, silent)
	if err != nil {
		return false
	}
	defer c.Leave(ctx)
	event := c.Listen(ctx)
	_, packet := event.IsPacket()
	if packet {
		s.notes = append(s.notes, fmt.Sprintf("a new client is sent a %s unasked: what is shown by an answer is not verified", event))
	}
	return packet
}

// plainSample finds out whether the sample application of a foreign server is the
// one of P10 and no more: then what the reference adds to it is not expected. A
// server that answers echo by anything but P10's answer is held to the addition.
func (s *Suite) plainSample(ctx context.Context) {
	if s.target.Can(target.API) || !s.knows("sample") {
		return
	}
	plain := target.PlainSample()
	if exact, _ := s.answers(ctx, target.Dialogue{Send: s.target.Profile.Echo + "x", Expect: *plain.Otherwise}); exact {
		s.target.Profile = plain
		s.notes = append(s.notes, "the server has the sample application as P10 has it, without echo, count and none")
	}
}

// reach waits until the server can be dialled.
func (s *Suite) reach(ctx context.Context, addr string) error {
	ctx, cancel := context.WithTimeout(ctx, s.pace.Limits().Ready)
	defer cancel()
	for {
		c, err := target.Dial(ctx, addr, s.pace, silent)
		if err == nil {
			c.Leave(ctx)
			return nil
		}
		target.Pause(ctx, 20*time.Millisecond)
		if ctx.Err() != nil || s.target.Kind == target.Reference {
			return err
		}
	}
}

func silent(string, []byte, string) {}

// answers tells whether a command is answered by its responses and by nothing
// else, and whether it is answered by any packet.
func (s *Suite) answers(ctx context.Context, d target.Dialogue) (exact, any bool) {
	c, _ := s.served(ctx, d, func(direction string, _ []byte, _ string) { any = any || direction == evidence.Received })
	if c == nil {
		return false, any
	}
	defer c.Leave(ctx)
	return true, any
}

// served dials until a connection is answered, for as long as a response may
// take: a server may need a moment to see that its last client has left, and may
// close a new one until then.
func (s *Suite) served(ctx context.Context, d target.Dialogue, log target.Log) (*target.Conn, string) {
	return s.servedAt(ctx, s.addr, d, log)
}

// servedAt is served for an address other than the target's.
func (s *Suite) servedAt(ctx context.Context, addr string, d target.Dialogue, log target.Log) (*target.Conn, string) {
	s.release(ctx)
	dialling, cancel := patience.Within(ctx, s.pace.Response()+s.pace.Quiet())
	defer cancel()
	for {
		c, err := target.Dial(dialling, addr, s.pace, log)
		if err != nil {
			return nil, fmt.Sprintf("it cannot be dialled: %s", err)
		}
		problem := exchange(dialling, c, d)
		if problem == "" && !s.probed && addr == s.addr {
			problem = s.more(ctx, c, d)
		}
		if problem == "" {
			return c, ""
		}
		gone := c.Gone()
		c.Leave(dialling)
		if !gone || dialling.Err() != nil {
			return nil, problem
		}
		target.Pause(dialling, 5*time.Millisecond)
	}
}

// more says how a server answers more than it is asked. One that answers no
// command just as it should may be one that says pong to everything, or all the
// time: a command sent right after the answer to another one measures how long
// such a server pauses, and it is listened to for longer than that.
func (s *Suite) more(ctx context.Context, c *target.Conn, d target.Dialogue) string {
	if problem := exchange(ctx, c, d); problem != "" {
		return problem
	}
	event := c.Listen(ctx)
	if _, packet := event.IsPacket(); event == target.Nothing || packet && !d.Expect[0].Matches(event) {
		return "" // what is something else is not taken for an answer
	}
	return "after the answer there is still " + event.String()
}

// exchange sends a command and compares its responses; it says what was wrong.
func exchange(ctx context.Context, c *target.Conn, d target.Dialogue) string {
	_ = c.Send(d.Send + "\n")
	for _, want := range d.Expect {
		if got := c.Receive(ctx); !want.Matches(got) {
			return fmt.Sprintf("%q was answered by %s instead of %s", d.Send, got, want)
		}
	}
	return ""
}

// alive says what is wrong with the server; empty if it serves.
func (s *Suite) alive(ctx context.Context) string { return s.aliveAt(ctx, s.addr, silent) }

// aliveAt is alive for an address other than the target's. Of a server without a
// probe it is only known whether it can be dialled.
func (s *Suite) aliveAt(ctx context.Context, addr string, log target.Log) string {
	var c *target.Conn
	problem := ""
	if s.probed {
		c, problem = s.servedAt(ctx, addr, s.probe, log)
	} else if dialled, err := target.Dial(ctx, addr, s.pace, log); err != nil {
		problem = fmt.Sprintf("it cannot be dialled: %s", err)
	} else {
		c = dialled
	}
	if c != nil {
		c.Leave(ctx)
	}
	return problem
}

// connect gives a connection that the server serves, as a precondition: the spec
// is blocked, and nobody blamed, where there is none, or where no answer is known
// by which that could be told.
func (s *Suite) connect(ctx SpecContext) *target.Conn {
	GinkgoHelper()
	if !s.probed {
		trace.Block(ctx, "this is shown by the answer to a command, and none that is known is answered as it should be")
	}
	c := s.take(ctx)
	if c == nil {
		var problem string
		if c, problem = s.served(ctx, s.probe, s.log(ctx)); c == nil {
			trace.Block(ctx, "no connection is served: %s", problem)
		}
	}
	s.open = append(s.open, c)
	return c
}

// pinging is connect for a spec that shows by ping what is not about ping: it is
// blocked where ping is not answered by one pong, which is SRS-004.
func (s *Suite) pinging(ctx SpecContext) *target.Conn {
	GinkgoHelper()
	if s.probed && s.probe.Send != ping.Send {
		trace.Block(ctx, "this is shown by ping, which is not answered by one pong")
	}
	return s.connect(ctx)
}

// dial gives a connection that may not be served yet.
func (s *Suite) dial(ctx SpecContext) *target.Conn {
	GinkgoHelper()
	s.release(ctx)
	c, err := target.Dial(ctx, s.addr, s.pace, s.log(ctx))
	if err != nil {
		trace.Block(ctx, "the server cannot be dialled: %s", err)
	}
	s.open = append(s.open, c)
	return c
}

// dialWith gives a connection on which this was sent first thing. One that the
// server closes without a packet is dialled again: a server may need a moment to
// see that its last client has left, and may close a new one until then.
func (s *Suite) dialWith(ctx SpecContext, data string) *target.Conn {
	GinkgoHelper()
	c, event := s.dialed(ctx, data)
	if event != target.Nothing {
		c.Unread(event)
	}
	return c
}

// dialed is dialWith, and what the server sends then.
func (s *Suite) dialed(ctx SpecContext, data string) (*target.Conn, target.Event) {
	GinkgoHelper()
	trying, cancel := patience.Within(ctx, s.pace.Response())
	defer cancel()
	for {
		c := s.dial(ctx)
		if data != "" {
			_ = c.Send(data)
		}
		event := c.Listen(ctx)
		if event != target.Closed || trying.Err() != nil {
			return c, event
		}
		target.Pause(ctx, 5*time.Millisecond)
	}
}

// next verifies by order: it sends a command whose answer is known, and that
// answer must be what comes next. Whatever a command sent before has brought
// forth beyond what was received would come first.
func (s *Suite) next(ctx SpecContext, c *target.Conn, ids ...string) bool {
	GinkgoHelper()
	before := s.before
	ok := s.ask(ctx, c, s.known(), ids...)
	if ok {
		s.answered(c)
	}
	if ok && before != "" && s.slow() {
		s.asked[before] = true
	}
	return ok
}

// known is a command whose answer is known.
func (s *Suite) known() target.Dialogue {
	if s.probed {
		return s.probe
	}
	return ping
}

// ask verifies that a command is answered by its responses, and by nothing
// before them.
func (s *Suite) ask(ctx SpecContext, c *target.Conn, d target.Dialogue, ids ...string) bool {
	GinkgoHelper()
	_ = c.Send(d.Send + "\n")
	ok := s.receive(ctx, c, d.Expect, ids...)
	if s.before = ""; ok {
		s.before = d.Send
	}
	return ok
}

// need makes sure that a command is answered by its responses and by nothing
// else, as a precondition. A slow server is not asked again what it has shown, and
// shows only once that nothing else comes.
func (s *Suite) need(ctx SpecContext, c *target.Conn, d target.Dialogue) {
	GinkgoHelper()
	dialogues := []target.Dialogue{d, s.known()}
	switch {
	case d.Send == s.known().Send: // it is about the client that asks
	case s.shown(d.Send):
		return
	case s.shown(exact):
		dialogues = dialogues[:1]
	}
	for _, one := range dialogues {
		_ = c.Send(one.Send + "\n")
		for _, response := range one.Expect {
			trace.Need(ctx).Expect(c.Receive(ctx)).To(beResponse(response), "answer to %s", target.Packet(one.Send))
		}
	}
	s.asked[d.Send], s.asked[exact] = true, true
}

// held is holds for a command that a slow server is asked only once in a run.
func (s *Suite) held(ctx SpecContext, c *target.Conn, d target.Dialogue) bool {
	if s.shown(d.Send) {
		return true
	}
	s.asked[d.Send] = s.holds(ctx, c, d)
	return s.asked[d.Send]
}

// holds tells whether a command is answered by its responses and by nothing else.
// If not, whatever comes is received, so that it is not taken for the answer to a
// later one.
func (s *Suite) holds(ctx SpecContext, c *target.Conn, d target.Dialogue) bool {
	if exchange(ctx, c, d) == "" && exchange(ctx, c, s.known()) == "" {
		s.answered(c)
		return true
	}
	s.settle(ctx, c)
	return false
}

// receive verifies that these responses come next.
func (s *Suite) receive(ctx SpecContext, c *target.Conn, want []target.Response, ids ...string) bool {
	GinkgoHelper()
	for _, response := range want {
		if !trace.Verify(ctx, ids...).Expect(c.Receive(ctx)).To(beResponse(response)) {
			return false
		}
	}
	return true
}

// nextClient verifies that a further client is served. It leaves by disconnect.
func (s *Suite) nextClient(ctx SpecContext, ids ...string) bool {
	GinkgoHelper()
	c, problem := s.served(ctx, s.known(), s.log(ctx))
	switch {
	case c != nil && s.keeps():
		s.keep(c)
	case c != nil:
		defer c.Leave(ctx)
		problem = exchange(ctx, c, s.known()) // and goes on being served
	}
	return trace.Verify(ctx, ids...).Expect(attempt(problem)).To(beServed(), "the next client is served")
}

package play

import (
	"context"
	"fmt"
	"time"

	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/ver/patience"
	"github.com/socket-oneline/oneline/ver/target"
)

// findings are what was found out about the server.
type findings struct {
	probe   target.Dialogue     // shows that a connection is served
	probed  bool                // a probe was found; without one nothing is shown by an answer
	idled   bool                // it was found out what an idle client is sent
	unasked string              // what that is; empty: nothing
	gone    string              // how the server was found once its first clients had left, if it served no others
	able    map[Ability]finding // those that were measured
}

// Ping is the probe of a server that answers it as it should.
var Ping = target.Dialogue{Send: "ping", Expect: []target.Response{target.Text("pong")}}

// Preflight contacts the server for the first time, and chooses the probe by
// which connections show that they are served: ping if it is answered by exactly
// one pong, else the first command of the profile with a response, else none. An
// error means that the server cannot be reached; every spec is blocked then.
func (s *Suite) Preflight(ctx context.Context) error {
	_ = s.Left() // from now on
	if s.target.Server == nil || s.server.gate != "" {
		return nil
	}
	addr, err := s.target.Server.Start(ctx)
	if err == nil {
		err = s.reach(ctx, addr)
	}
	if err == nil {
		addr, err = s.outlive(ctx, addr)
	}
	if err != nil {
		s.server.gate = err.Error()
		return err
	}
	s.server.addr = addr
	candidates := []target.Dialogue{Ping}
	if own, ok := s.target.Profile.Probe(); ok {
		candidates = append(candidates, own)
	}
	heard := false
	for _, candidate := range candidates {
		exact, any := s.answers(ctx, candidate)
		heard = heard || any
		if exact {
			s.found.probe = candidate
			if s.found.probed = !s.greets(ctx); s.found.probed {
				s.notes = append(s.notes, fmt.Sprintf("connections are probed with %q", candidate.Send))
				s.plainSample(ctx)
				t := &Trial{run: &s.run, Context: ctx, recorder: mute{}}
				s.found.able[Pairs] = finding(measurePairs(t))
			}
			return nil
		}
	}
	s.notes = append(s.notes, "the server answers no command that is known: what is shown by an answer is not verified")
	if !heard {
		s.pace.GiveUp()
	}
	return nil
}

// outlive finds out whether the server has survived its first visitor. A fresh one that
// is gone after disconnect is started again, and from then on left by closing: else
// every spec would end with a dead server, whatever it is about.
func (r *run) outlive(ctx context.Context, addr string) (string, error) {
	if r.found.gone = r.comesAgain(ctx, addr); r.found.gone == "" || !r.target.Server.Fresh() {
		return addr, nil
	}
	r.pace.SpareDisconnect()
	r.notes = append(r.notes, "the server does not survive disconnect: where that is not what is verified, connections are closed without it")
	addr, err := r.target.Server.Start(ctx)
	if err == nil && r.comesAgain(ctx, addr) == "" {
		r.found.gone = r.comesAgain(ctx, addr)
	}
	return addr, err
}

// comesAgain visits a server that has been left by a client, and says why it cannot;
// empty if it can. A connection that ends at once may have been waiting at a server
// that was about to end, and is dialed again for a moment.
func (r *run) comesAgain(ctx context.Context, addr string) (problem string) {
	trying, cancel := patience.Within(ctx, r.pace.Response())
	defer cancel()
	for {
		c, err := r.dialUntil(ctx, target.Dial, addr, Silent)
		if err != nil {
			return r.autopsy("it cannot be dialed: " + err.Error())
		}
		stays := c.Listen(ctx) != target.Closed
		c.Leave(ctx)
		if stays || trying.Err() != nil {
			return ""
		}
		target.Pause(ctx, 5*time.Millisecond)
	}
}

// greets finds out whether a client that comes after another one is sent a packet
// that it has not asked for: no answer can be told from that.
func (r *run) greets(ctx context.Context) bool {
	for began := time.Now(); ; target.Pause(ctx, 5*time.Millisecond) {
		c, err := r.dialUntil(ctx, target.Dial, r.server.addr, Silent)
		if err != nil {
			return false
		}
		event := c.Listen(ctx)
		_, packet := event.IsPacket()
		again := packet && r.dismissed(ctx, c, began)
		if c.Leave(ctx); again {
			continue
		}
		if packet {
			r.notes = append(r.notes, fmt.Sprintf("a new client is sent a %s unasked: what is shown by an answer is not verified", event))
		}
		return packet
	}
}

// dismissed reports whether a server has ended the connection of a client that it had
// something to say to: one that comes just after another has left may be told that it
// is not served yet, and is dialed again for a moment.
func (r *run) dismissed(ctx context.Context, c *target.Conn, began time.Time) bool {
	if time.Since(began) > 8*r.pace.Quiet() {
		return false
	}
	event := c.Poll(ctx, r.pace.Quiet())
	if event != target.Nothing {
		c.Unread(event)
	}
	return event == target.Closed
}

// idles finds out whether a client that is served, and then idle for a while, is sent
// a packet that it has not asked for. Then nothing that comes can be told from that,
// and only what is sent unasked is verified.
func (r *run) idles(ctx context.Context) {
	if r.found.idled || !r.found.probed {
		return
	}
	if c, _ := r.served(ctx, r.server.addr, r.found.probe, Silent); c != nil {
		defer c.Leave(ctx)
		r.idle(ctx, c, r.found.probe)
	}
}

// idle waits for what a client is sent that is idle since it was answered. Where that
// answer is not known to be right, what comes may be more of it.
func (r *run) idle(ctx context.Context, c *target.Conn, answered target.Dialogue) target.Event {
	event := c.Wait(ctx, r.pace.Limits().Stall+r.pace.Quiet())
	if ctx.Err() != nil || !r.found.probed || answered.Send != r.found.probe.Send {
		return event
	}
	r.found.idled = true
	if _, packet := event.IsPacket(); packet {
		r.found.unasked = event.String()
		r.notes = append(r.notes, fmt.Sprintf("an idle client is sent a %s unasked: nothing else is verified", event))
	}
	return event
}

// plainSample finds out whether the sample application of a foreign server is the
// one of P10 and no more: then what the reference adds to it is not expected. A
// server that answers echo by anything but P10's answer is held to the addition.
func (r *run) plainSample(ctx context.Context) {
	if r.target.Can(target.API) || !Sample.StatedBy(r.target.Profile) {
		return
	}
	plain := target.PlainSample()
	if exact, _ := r.answers(ctx, target.Dialogue{Send: r.target.Profile.Echo + "x", Expect: *plain.Otherwise}); exact {
		r.target.Profile = plain
		r.notes = append(r.notes, "the server has the sample application as P10 has it, without echo, count and none")
	}
}

// reach waits until the server can be dialed.
func (r *run) reach(ctx context.Context, addr string) error {
	ctx, cancel := context.WithTimeout(ctx, r.pace.Limits().Ready)
	defer cancel()
	for {
		c, err := target.Dial(ctx, addr, r.pace, Silent)
		if err == nil {
			c.Leave(ctx)
			return nil
		}
		if r.target.Kind == target.Launched && r.target.Server.Ended(0) != "" {
			return nil // it was there when it was started
		}
		target.Pause(ctx, 20*time.Millisecond)
		if ctx.Err() != nil || r.target.Kind == target.Reference {
			return err
		}
	}
}

// answers reports whether a command is answered by its responses and by nothing
// else, and whether it is answered by any packet.
func (r *run) answers(ctx context.Context, d target.Dialogue) (exact, any bool) {
	c, _ := r.served(ctx, r.server.addr, d, func(direction string, _ []byte, _ string) { any = any || direction == evidence.Received })
	if c == nil {
		return false, any
	}
	defer c.Leave(ctx)
	return true, any
}

// served dials until a connection is answered, for as long as a response may
// take: a server may need a moment to see that its last client has left, and may
// close or refuse a new one until then.
func (r *run) served(ctx context.Context, addr string, d target.Dialogue, log target.Log) (*target.Conn, string) {
	return r.servedBy(ctx, target.Dial, addr, d, log)
}

// dialer is target.Dial or one like it.
type dialer func(context.Context, string, *target.Pace, target.Log) (*target.Conn, error)

func (r *run) servedBy(ctx context.Context, dial dialer, addr string, d target.Dialogue, log target.Log) (*target.Conn, string) {
	dialing, cancel := patience.Within(ctx, r.pace.Response()+r.pace.Quiet())
	defer cancel()
	began := time.Now()
	for {
		c, err := r.dialUntil(dialing, dial, addr, log)
		if err != nil {
			return nil, fmt.Sprintf("it cannot be dialed: %s", err)
		}
		problem := exchange(dialing, c, d)
		if problem == "" && !r.found.probed && addr == r.server.addr {
			problem = more(ctx, c, d)
		}
		if problem == "" {
			return c, ""
		}
		gone := c.Gone()
		gone = gone || r.dismissed(dialing, c, began)
		c.Leave(dialing)
		if !gone || dialing.Err() != nil {
			return nil, problem
		}
		target.Pause(dialing, 5*time.Millisecond)
	}
}

// dialUntil dials until a server accepts, for as long as a response may take: it may
// need a moment to see that its last client has left, and may refuse a new one until
// then. Whoever does not listen at all has ended.
func (r *run) dialUntil(ctx context.Context, dial dialer, addr string, log target.Log) (*target.Conn, error) {
	dialing, cancel := patience.Within(ctx, r.pace.Response())
	defer cancel()
	for {
		c, err := dial(ctx, addr, r.pace, log)
		if err == nil || dialing.Err() != nil || r.target.Server.Ended(0) != "" {
			return c, err
		}
		target.Pause(dialing, 5*time.Millisecond)
	}
}

// more says how a server answers more than it is asked. One that answers no
// command just as it should may be one that says pong to everything, or all the
// time: a command sent right after the answer to another one measures how long
// such a server pauses, and it is listened to for longer than that.
func more(ctx context.Context, c *target.Conn, d target.Dialogue) string {
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

// Known is a command whose answer is known.
func (r *run) Known() target.Dialogue {
	if r.found.probed {
		return r.found.probe
	}
	return Ping
}

// alive says what is wrong with the server; empty if it serves. Of a server
// without a probe it is only known whether it can be dialed.
func (r *run) alive(ctx context.Context, addr string, log target.Log) string {
	if r.found.probed {
		c, problem := r.served(ctx, addr, r.found.probe, log)
		if c != nil {
			c.Leave(ctx)
		}
		return problem
	}
	c, err := r.dialUntil(ctx, target.Dial, addr, log)
	if err != nil {
		return fmt.Sprintf("it cannot be dialed: %s", err)
	}
	c.Leave(ctx)
	return ""
}

package play

import (
	"cmp"
	"context"
	"fmt"

	"github.com/socket-oneline/oneline/reports/evidence"
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

// startClient finds out whether the client can be started. A program that is only run has
// none.
func (s *Suite) startClient() error {
	if s.Target.Client == nil {
		return nil
	}
	addr, err := target.FreeAddr()
	if err != nil {
		return err
	}
	client, err := s.Target.Client.New(addr)
	if err != nil {
		s.gate = err.Error()
		return err
	}
	_ = client.Quit()
	return nil
}

// Preflight contacts the server for the first time, and chooses the probe by
// which connections show that they are served: ping if it is answered by exactly
// one pong, else the first command of the profile with a response, else none. An
// error means that the server cannot be reached; every spec is blocked then.
func (s *Suite) Preflight(ctx context.Context) error {
	_ = s.Left() // from now on
	if s.gate != "" {
		return nil
	}
	if s.Target.Server == nil {
		return s.startClient()
	}
	addr, err := s.Target.Server.Start(ctx)
	if err == nil {
		err = s.reach(ctx, addr)
	}
	if err == nil {
		addr, err = s.outlive(ctx, addr)
	}
	if err != nil {
		s.gate = err.Error()
		return err
	}
	s.addr = addr
	candidates := []target.Dialogue{Ping}
	if own, ok := s.Target.Profile.Probe(); ok {
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
				(&Trial{run: &s.run, Context: ctx}).measure(AnswersPairs) // steps need it while a client is connected
			}
			return nil
		}
	}
	s.notes = append(s.notes, "the server answers no command that is known: what is shown by an answer is not verified")
	if !heard {
		s.Pace.GiveUp()
	}
	return nil
}

// outlive finds out whether the server has survived its first visitor. A fresh one that
// is gone after disconnect is started again, and from then on left by closing: else
// every spec would end with a dead server, whatever it is about.
func (r *run) outlive(ctx context.Context, addr string) (string, error) {
	if r.found.gone = r.comesAgain(ctx, addr); r.found.gone == "" || !r.Target.Server.Fresh() {
		return addr, nil
	}
	r.Pace.SparesDisconnect.Store(true)
	r.notes = append(r.notes, "the server does not survive disconnect: where that is not what is verified, connections are closed without it")
	addr, err := r.Target.Server.Start(ctx)
	if err == nil && r.comesAgain(ctx, addr) == "" {
		r.found.gone = r.comesAgain(ctx, addr)
	}
	return addr, err
}

// comesAgain visits a server that has been left by a client, and says why it cannot;
// empty if it can.
func (r *run) comesAgain(ctx context.Context, addr string) (problem string) {
	c, _, err := r.begin(ctx, addr, "", r.Pace.Quiet(), Silent)
	if err != nil {
		return r.autopsy("it cannot be dialed: " + err.Error())
	}
	c.Leave(ctx)
	return ""
}

// greets finds out whether a client that comes after another one is sent a packet
// that it has not asked for: no answer can be told from that.
func (r *run) greets(ctx context.Context) bool {
	c, event, err := r.begin(ctx, r.addr, "", r.Pace.Quiet(), Silent)
	if err != nil {
		return false
	}
	defer c.Leave(ctx)
	_, packet := event.IsPacket()
	if packet {
		r.notes = append(r.notes, fmt.Sprintf("a new client is sent a %s unasked: what is shown by an answer is not verified", event))
	}
	return packet
}

// idle waits for what a client is sent that is idle since it was answered. Where that
// answer is not known to be right, what comes may be more of it.
func (r *run) idle(ctx context.Context, c *target.Conn, answered target.Dialogue) target.Event {
	event := c.Wait(ctx, r.Pace.Limits.Stall+r.Pace.Quiet())
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
	if r.Target.Can(target.API) || !Sample.StatedBy(r.Target.Profile) {
		return
	}
	plain := target.PlainSample()
	if exact, _ := r.answers(ctx, target.Dialogue{Send: r.Target.Profile.Echo + "x", Expect: *plain.Otherwise}); exact {
		r.Target.Profile = plain
		r.notes = append(r.notes, "the server has the sample application as P10 has it, without echo, count and none")
	}
}

// reach waits until the server can be dialed. Where it cannot, what was wrong before the
// time was over tells more than that it is.
func (r *run) reach(ctx context.Context, addr string) error {
	ctx, cancel := context.WithTimeout(ctx, r.Pace.Limits.Ready)
	defer cancel()
	var before error
	for {
		err := r.visit(ctx, addr, Silent)
		if err == nil || r.Target.Server.Ended(0) != "" { // one that has ended was there when it was started
			return nil
		}
		if ctx.Err() != nil || r.Target.Kind == target.Reference {
			return cmp.Or(before, err)
		}
		before = err
	}
}

// answers reports whether a command is answered by its responses and by nothing
// else, and whether it is answered by any packet.
func (r *run) answers(ctx context.Context, d target.Dialogue) (exact, any bool) {
	c, _ := r.served(ctx, r.addr, target.Usual, d, func(direction string, _ []byte, _ string) { any = any || direction == evidence.Received })
	if c == nil {
		return false, any
	}
	defer c.Leave(ctx)
	return true, any
}

// more says how a server answers more than it is asked. One that answers no
// command just as it should may be one that says pong to everything, or all the
// time: a command sent right after the answer to another one measures how long
// such a server pauses, and it is listened to for longer than that.
func (r *run) more(ctx context.Context, c *target.Conn, d target.Dialogue) string {
	if problem := r.exchange(ctx, c, d); problem != "" {
		return problem
	}
	event := c.Listen(ctx)
	if _, packet := event.IsPacket(); event == target.Nothing || packet && !d.Expect[0].Matches(event) {
		return "" // what is something else is not taken for an answer
	}
	return "after the answer there is still " + event.String()
}

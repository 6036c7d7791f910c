// Package play carries out a suite: specs that are data, played to a target.
//
// A [Protocol] is a table of specs. A [Spec] is data: the requirements that it verifies,
// what the server must be able to do for it, and what is played.
//
//	{
//		Title: "serves a waiting client when the first one leaves",
//		IDs:   srs("017"),
//		Needs: play.Pongs,
//		Play: play.Script(
//			client.Connects,                                 // dials, and is answered
//			second.Dials, second.Sends("ping\n"),            // while the first one is connected
//			client.GetsNothingElse, second.IsNotServed,      // only the first one is answered
//			client.DisconnectsAndWaits, second.Gets("pong"), // now it is the second one's turn
//		),
//	},
//
// How clients come: Connects dials and is answered, Dials only dials, ConnectsSilently
// makes sure that nothing comes before the first command, BeginsWith sends that at once,
// and IsServed is always a new connection, which is answered and left by disconnect.
//
// How they go: Leaves and DisconnectsAndWaits send disconnect, the latter waits for the end
// that the server owes; Closes, ClosesHalf and Resets do not send it. How the server ends a
// connection: IsClosedSilently and SeesTheEnd let no packet come before, SeesTheEndAtLast
// does, and GetsNoPacket does not ask for the end. A segment is what one write sends.
//
// [New] takes a target and protocols, and [Suite.Register] hands the specs to Ginkgo;
// [Suite.Planned] gives the same specs as they are to be carried out, with nothing sent.
//
// Steps that verify fail the spec where what they verify does not hold: SendsLookalikesInVain,
// where a command that only resembles ping, disconnect or shutdown is taken for it. In a spec
// that is a function [Trial.Verify] verifies, [Trial.Must] ends the spec too, and
// [Trial.Require] blocks it.
//
// To show that something does not come, GetsNothingElse sends one more command: its answer
// must be the very next packet. Where that is impossible, Hears waits a while.
//
// A spec is not observable where the target does not show what it observes, or its
// application profile does not state App. It is blocked, and blames nobody, where a
// precondition does not hold: an [Ability] of the server that it Needs, measured once, or
// what [Given] and [Client.CanAsk] verify among the steps. A step may need abilities of its
// own, as its comment says. Given may stand last, too: then what it asks for is the subject
// of another requirement, without which this one is not shown.
//
// The one more command is [Trial.Known], which this server was found to answer as stated.
// [Trial.Many] and [Trial.Repeat] mean so many, or fewer to a server that takes long.
//
// Every spec is also rehearsed, to write the test protocol: then nothing is sent, and all
// that is verified holds. What asks [Trial.Rehearses] serves only that.
package play

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	. "github.com/onsi/ginkgo/v2"

	"github.com/socket-oneline/oneline/trace"
	"github.com/socket-oneline/oneline/ver/target"
)

// Suite verifies one target.
type Suite struct {
	run
	Only   []string                     // ids of the requirements and protocols that are carried out; nil: all
	OnSpec func(protocol, title string) // is called before every spec, to show progress; nil: nothing

	protocols []Protocol
	budget    budget
}

// run is what is known of the target as the run goes on.
type run struct {
	Target    *target.Target
	Pace      *target.Pace // what was measured of the target's speed
	rehearses bool         // nothing is sent
	seed      int64        // what is done at random follows from it
	addr      string       // where the server of the current spec listens
	gate      string       // why no spec can talk to the server any more
	left      bool         // a server has left processes behind, and that was noted
	found     findings
	notes     []string
}

// New gives a suite of protocols for a target. What it does at random follows from
// the seed.
func New(t *target.Target, seed int64, protocols []Protocol) *Suite {
	protocols = slices.Clone(protocols)
	for i := range protocols {
		p := &protocols[i]
		p.Specs = slices.Clone(p.Specs)
		for j := range p.Specs {
			p.Specs[j].Observe = cmp.Or(p.Specs[j].Observe, p.Observe, target.Wire)
		}
	}
	return &Suite{
		run:       run{Target: t, seed: seed, Pace: target.NewPace(t.Limits), found: findings{able: map[Ability]finding{}}},
		protocols: protocols,
	}
}

// Notes gives what a reader of the run should know, such as the probe chosen.
func (s *Suite) Notes() []string {
	notes := s.notes
	if s.Pace.Cut() {
		notes = append(notes, fmt.Sprintf("too many responses were missing: later ones were waited for %s only", s.Pace.Response()))
	}
	if short := s.ShortOfTime(); short != "" {
		notes = append(notes, short)
	}
	return notes
}

// Refuse makes the suite send nothing: every spec is blocked for this reason.
func (s *Suite) Refuse(reason string) { s.gate = reason }

// Register hands all specs to Ginkgo. It is called once, before Ginkgo runs.
func (s *Suite) Register() {
	for _, p := range s.protocols {
		about := trace.About{Objectives: []string{p.Objective}, Preconditions: p.Preconditions, Deviations: p.Deviations}
		trace.Protocol(p.ID, p.Title, about, func() {
			for _, sp := range p.Specs {
				It(sp.Title, sp.decorators(), func(ctx SpecContext) {
					if s.OnSpec != nil {
						s.OnSpec(p.ID, sp.Title)
					}
					s.carryOut(ctx, sp)
				})
			}
		})
	}
}

// carryOut carries out one spec, unless the target cannot show what it needs.
func (s *Suite) carryOut(ctx SpecContext, sp Spec) {
	if reason := s.lacks(sp); reason != "" {
		trace.NotObservable(ctx, reason)
	}
	if s.gate != "" {
		trace.Block(ctx, "%s", s.gate)
	}
	t := &Trial{run: &s.run, Context: ctx, spec: ctx, place: sp.Play.place, scope: scope{ids: sp.IDs}}
	t.stopped = sp.Phase == LastButOne || sp.Phase == Shutdown
	defer s.spend(sp)
	if sp.onServer() {
		if err := s.start(ctx); err != nil {
			trace.Block(ctx, "%s", s.gate)
		}
		DeferCleanup(func(ctx SpecContext) { s.end(ctx, t) })
		if sp.Phase != Foremost {
			mayRelyOnAnswers(t)
		}
		t.need(sp.Needs)
	}
	sp.Play.act(t)
}

// end leaves the server as the next spec may find it, and finds out whether it
// lives.
func (s *Suite) end(ctx SpecContext, t *Trial) {
	t.Context = ctx
	for _, c := range t.open {
		c.Leave(ctx)
	}
	title := ctx.SpecReport().LeafNodeText
	switch {
	case t.stopped:
		s.gate = "the server was told to stop"
	case s.over(ctx):
	default:
		if problem := s.alive(ctx, s.addr, Silent); problem != "" && !s.over(ctx) {
			trace.DeadTarget(ctx, "%s", s.autopsy(problem))
			t.stopped = true
			s.gate = fmt.Sprintf("the server did not survive %q", title)
		}
	}
	if t.stopped || s.Target.Server.Fresh() {
		s.noteEnd(ctx, s.Target.Server.Stop())
	}
	if t.stopped {
		if output := s.Target.Server.Output(); output != "" {
			trace.Note(ctx, "the server printed:\n%s", output)
		}
		if !s.over(ctx) {
			s.restart(ctx)
		}
	}
}

// Close ends what the target has started.
func (s *Suite) Close() {
	if s.Target.Server != nil {
		_ = s.Target.Server.Stop()
	}
}

// lacks says what the target lacks for a spec; empty if nothing.
func (s *Suite) lacks(sp Spec) string {
	if !s.Target.Can(sp.Observe) {
		return s.Target.Needs[sp.Observe]
	}
	if reason := sp.App.missing(s.Target.Profile); reason != "" {
		return reason
	}
	if sp.Phase == LastButOne && s.Target.Kind == target.Address {
		return "needs a launched server"
	}
	return ""
}

// Silent logs nothing.
func Silent(string, []byte, string) {}

var background = context.Background()

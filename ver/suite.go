// Package ver is the suite: it verifies a server and a client of the one-line
// protocol against the requirements of srs.json, over real sockets.
//
// Specs are data: a table per test protocol, with the text of a requirement above
// the specs that verify it. A spec names its requirements, what the target must be
// able to do for it, and what is played; most play a script of steps such as
// "client.sends" and "client.gets" (see script.go). [New] takes the target and
// [Suite.Register] hands the specs to Ginkgo, so that one suite runs under go test
// and inside the command. Package ver/verify does both.
//
// What is sent to a target stands in the specs as literal bytes, what comes back
// is compared byte for byte, and what must not come is excluded by order, wherever
// the answer to a later command can only come after it, else by silence. An
// absence never counts alone, only beside an answer on the same connection: a
// server that does nothing passes nothing.
package ver

import (
	"context"
	"fmt"
	"slices"
	"time"

	. "github.com/onsi/ginkgo/v2"

	"github.com/socket-oneline/oneline/trace"
	"github.com/socket-oneline/oneline/ver/target"
)

// Suite verifies one target.
type Suite struct {
	run
	protocols []protocol
	budget    budget
	onSpec    func(protocol, title string)
}

// run is what is known of the target as the run goes on.
type run struct {
	target *target.Target
	pace   *target.Pace
	seed   int64 // what is done at random follows from it
	server host
	found  findings
	notes  []string
}

// New gives a suite of protocols for a target. What it does at random follows from
// the seed.
func newSuite(t *target.Target, seed int64, protocols []protocol) *Suite {
	return &Suite{
		run:       run{target: t, seed: seed, pace: target.NewPace(t.Limits)},
		protocols: protocols, onSpec: func(string, string) {},
	}
}

// Pace gives what was measured of the target's speed.
func (s *Suite) Pace() *target.Pace { return s.pace }

// Notes gives what a reader of the run should know, such as the probe chosen.
func (s *Suite) Notes() []string {
	notes := s.notes
	if s.pace.Cut() {
		notes = append(notes, fmt.Sprintf("too many responses were missing: later ones were waited for %s only", s.pace.Response()))
	}
	if short := s.ShortOfTime(); short != "" {
		notes = append(notes, short)
	}
	return notes
}

// OnSpec has a function called before every spec. It is for showing progress.
func (s *Suite) OnSpec(f func(protocol, title string)) { s.onSpec = f }

// Refuse makes the suite send nothing: every spec is blocked for this reason.
func (s *Suite) Refuse(reason string) { s.server.gate = reason }

// Register hands all specs to Ginkgo. It is called once, before Ginkgo runs.
func (s *Suite) Register() {
	for _, p := range s.protocols {
		about := trace.About{Objectives: []string{p.objective}, Preconditions: p.preconditions, Deviations: p.deviations}
		trace.Protocol(p.id, p.title, about, func() {
			for _, sp := range p.specs {
				It(sp.title, sp.decorators(), func(ctx SpecContext) {
					s.onSpec(p.id, sp.title)
					s.carryOut(ctx, sp)
				})
			}
		})
	}
}

// carryOut carries out one spec, unless the target cannot show what it needs.
func (s *Suite) carryOut(ctx SpecContext, sp spec) {
	if reason := s.lacks(sp); reason != "" {
		trace.NotObservable(ctx, reason)
	}
	if s.server.gate != "" {
		trace.Block(ctx, "%s", s.server.gate)
	}
	if s.found.unasked != "" && sp.onServer() && !slices.Contains(sp.ids, "SRS-019") {
		trace.Block(ctx, "an idle client is sent a %s, so that answers cannot be told from that", s.found.unasked)
	}
	t := &trial{run: &s.run, Context: ctx, recorder: traced{ctx}, scope: scope{ids: sp.ids}}
	defer s.spend(sp)
	if sp.onServer() {
		if err := s.server.start(ctx, s.target); err != nil {
			trace.Block(ctx, "%s", s.server.gate)
		}
		DeferCleanup(func(ctx SpecContext) { s.end(ctx, t) })
		t.need(sp.needs)
	}
	sp.play.act(t)
}

// end leaves the server as the next spec may find it, and finds out whether it
// lives.
func (s *Suite) end(ctx SpecContext, t *trial) {
	t.Context = ctx
	for _, c := range t.open {
		c.Leave(ctx)
	}
	title := ctx.SpecReport().LeafNodeText
	switch {
	case t.stopped:
		s.server.gate = "the server was told to stop"
	case s.over(ctx):
	default:
		if problem := s.alive(ctx, s.server.addr, silent); problem != "" && !s.over(ctx) {
			trace.DeadTarget(ctx, "%s", s.autopsy(problem))
			t.stopped = true
			s.server.gate = fmt.Sprintf("the server did not survive %q", title)
		}
	}
	if t.stopped || s.target.Server.Fresh() {
		s.noteEnd(ctx, s.target.Server.Stop())
	}
	if t.stopped {
		if output := s.target.Server.Output(); output != "" {
			trace.Note(ctx, "the server printed:\n%s", output)
		}
		if !s.over(ctx) {
			s.server.restart(ctx, s.target)
		}
	}
}

// Close ends what the target has started.
func (s *Suite) Close() {
	if s.target.Server != nil {
		_ = s.target.Server.Stop()
	}
}

// lacks says what the target lacks for a spec; empty if nothing.
func (s *Suite) lacks(sp spec) string {
	kind := sp.observes()
	if !s.target.Can(kind) {
		return s.target.Needs[kind]
	}
	for _, p := range sp.app {
		if reason := p.missing(s.target.Profile); reason != "" {
			return reason
		}
	}
	if sp.restarts && s.target.Kind == target.Address {
		return "needs a launched server"
	}
	return ""
}

// silent logs nothing.
func silent(string, []byte, string) {}

// window is how long a spec waits for what has no response time of its own.
func (r *run) window() time.Duration { return r.pace.Limits().Response }

var background = context.Background()

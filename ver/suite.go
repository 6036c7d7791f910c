// Package ver is the suite: it verifies a server and a client of the one-line
// protocol against the requirements of srs.json, over real sockets.
//
// The specs stand in a file per group of requirements, the text of a requirement
// above its specs. They are not registered by being imported: [New] takes the
// target and [Suite.Register] hands the specs to Ginkgo, so that one suite runs
// under go test and inside the command. Package ver/verify does both.
//
// What is sent to a target stands in the specs as literal bytes, what comes back
// is compared byte for byte, and what must not come is excluded: by order,
// wherever the answer to a later command can only come after it, else by
// silence. An absence never counts alone, only beside an answer on the same
// connection: a server that does nothing passes nothing.
package ver

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	. "github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/types"

	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/trace"
	"github.com/socket-oneline/oneline/ver/patience"
	"github.com/socket-oneline/oneline/ver/target"
)

// The order of danger: specs that may kill a bad server come after all that
// cannot, so that one dead server does not hide what could still be learned.
const (
	afterAll     = SpecPriority(-10)  // many connections, long runs
	closing      = SpecPriority(-20)  // the client leaves without disconnect
	halfClosing  = SpecPriority(-30)  // ... by its sending side only
	resetting    = SpecPriority(-40)  // ... by a reset
	invalid      = SpecPriority(-50)  // bytes that are not ASCII
	anyWay       = SpecPriority(-55)  // all of these at random
	overLong     = SpecPriority(-60)  // packets without end
	nearShutdown = SpecPriority(-90)  // what a faulty server might take for shutdown
	shutdown     = SpecPriority(-100) // the server is gone
	exiting      = SpecPriority(-110) // ... and what it has started may keep its port
)

// Suite verifies one target.
type Suite struct {
	target *target.Target
	seed   int64
	pace   *target.Pace
	probe  target.Dialogue // shows that a connection is served
	probed bool            // a probe was found; without one nothing is shown by an answer
	paired bool            // the probe can be sent twice in a segment
	gate   string          // why no spec can talk to the server any more
	addr   string          // where the server of the current spec listens
	spare  *spare          // a connection that is served already; nil: none
	until  time.Time       // when the time of the suite is over; zero: not known yet

	open     []*target.Conn  // connections of the current spec
	settled  *target.Conn    // the one on which all was answered; nil: none
	then     int64           // how much had happened by then
	number   int             // of the last connection in the transcript
	happened atomic.Int64    // how much is in the transcripts
	stopped  bool            // the current spec has told the server to stop
	before   string          // the last command that was answered as it should be
	asked    map[string]bool // what a slow server is asked only once, and whether it held
	notes    []string
	left     bool // a server has left processes behind: it is noted
	onSpec   func(protocol, title string)
}

// New gives a suite for a target. What it does at random follows from the seed.
func New(t *target.Target, seed int64) *Suite {
	return &Suite{target: t, seed: seed, pace: target.NewPace(t.Limits), asked: map[string]bool{}}
}

// Pace gives what was measured of the target's speed.
func (s *Suite) Pace() *target.Pace { return s.pace }

// Notes gives what a reader of the run should know, such as the probe chosen.
func (s *Suite) Notes() []string {
	if s.pace.Cut() {
		return append(s.notes, fmt.Sprintf("too many responses were missing: later ones were waited for %s only", s.pace.Response()))
	}
	return s.notes
}

// OnSpec has a function called before every spec. It is for showing progress.
func (s *Suite) OnSpec(f func(protocol, title string)) { s.onSpec = f }

// Refuse makes the suite send nothing: every spec is blocked for this reason.
func (s *Suite) Refuse(reason string) { s.gate = reason }

// Register hands all specs to Ginkgo. It is called once, before Ginkgo runs.
func (s *Suite) Register() {
	for _, register := range []func(){
		s.basicServer, s.commonCommands, s.reconnecting, s.secondClient, s.severalCommands,
		s.packets, s.matching, s.responses, s.invalidPackets, s.overLongPackets,
		s.leaving, s.sequences, s.shuttingDown, s.process,
		s.serverParameters, s.callback, s.failingCallback, s.silentClient, s.stopping,
		s.clientParameters, s.basicClient, s.reconnectingClient, s.clientReceiving,
	} {
		register()
	}
}

// protocol is a test protocol of this suite: its specs are left out where the
// target cannot show what they need, and begin with a server that listens.
func (s *Suite) protocol(id, title string, about trace.About, body func()) {
	trace.Protocol(id, title, about, func() {
		BeforeEach(func(ctx SpecContext) {
			if s.onSpec != nil {
				s.onSpec(id, ctx.SpecReport().LeafNodeText)
			}
			s.begin(ctx)
		})
		body()
	})
}

// begin prepares a spec, and sees to what must be done after it.
func (s *Suite) begin(ctx SpecContext) {
	labels := ctx.SpecReport().Labels()
	if reason := s.Missing(labels); reason != "" {
		trace.NotObservable(ctx, reason)
	}
	if s.gate != "" {
		trace.Block(ctx, "%s", s.gate)
	}
	if !needsServer(labels) {
		return
	}
	addr, err := s.target.Server.Start(ctx)
	if err != nil {
		s.gate = fmt.Sprintf("the server cannot be started: %s", err)
		trace.Block(ctx, "%s", s.gate)
	}
	s.addr, s.open, s.settled, s.number, s.stopped = addr, nil, nil, 0, false
	DeferCleanup(s.end)
}

// end leaves the server as the next spec may find it, and finds out whether it
// lives.
func (s *Suite) end(ctx SpecContext) {
	s.handOver()
	for _, c := range s.open {
		if s.spare == nil || c != s.spare.conn {
			c.Leave(ctx)
		}
	}
	if !s.stopped && !s.over(ctx) {
		if problem := s.health(ctx); problem != "" && !s.over(ctx) {
			trace.DeadTarget(ctx, "%s", problem)
			s.stopped = true
			s.gate = fmt.Sprintf("the server did not survive %q", ctx.SpecReport().LeafNodeText)
		}
	} else if s.stopped {
		s.gate = "the server was told to stop"
	}
	if s.stopped {
		s.release(ctx)
	}
	if s.stopped || s.target.Server.Fresh() {
		s.note(ctx, s.target.Server.Stop())
	}
	if s.stopped {
		s.restart(ctx)
	}
}

// note notes how a server has ended, if it is not as it should be. That something
// was left of it stands in the head of the reports too.
func (s *Suite) note(ctx SpecContext, err error) {
	if err == nil {
		return
	}
	trace.Note(ctx, "%s", err)
	if errors.Is(err, target.ErrLeft) && !s.left {
		s.left = true
		s.notes = append(s.notes, fmt.Sprintf("after %q %s", ctx.SpecReport().LeafNodeText, err))
	}
}

// restart starts the server again after it has stopped.
func (s *Suite) restart(ctx SpecContext) {
	if output := s.target.Server.Output(); output != "" {
		trace.Note(ctx, "the server printed:\n%s", output)
	}
	if s.target.Server.Fresh() {
		s.gate = ""
		return
	}
	if s.over(ctx) {
		return
	}
	switch _, err := s.target.Server.Restart(ctx); {
	case err == nil:
		s.gate = ""
	case s.target.Kind != target.Address:
		s.gate += fmt.Sprintf(", and cannot be started again: %s", err)
	}
}

// over tells whether the run is: somebody has ended it, or its time is up. Then a
// server that was in the middle of something has no time to recover, and nothing
// is held against it.
func (s *Suite) over(ctx SpecContext) bool {
	return ctx.Err() != nil || !time.Now().Before(s.until) ||
		ctx.SpecReport().State.Is(types.SpecStateInterrupted|types.SpecStateTimedout)
}

// Left is how much is left of the time of the suite, which begins with
// [Suite.Preflight].
func (s *Suite) Left() time.Duration {
	if s.until.IsZero() {
		s.until = time.Now().Add(s.pace.Limits().Run)
	}
	return max(time.Until(s.until), time.Nanosecond)
}

// Close ends what the target has started.
func (s *Suite) Close() {
	s.release(context.Background())
	if s.target.Server != nil {
		_ = s.target.Server.Stop()
	}
}

// needsServer tells whether a spec talks to the target's server.
func needsServer(labels []string) bool {
	for _, label := range labels {
		if label == "observe:"+target.Wire || label == "observe:"+target.Stop {
			return true
		}
	}
	return false
}

// Missing says what the target lacks for a spec with these labels; empty if
// nothing.
func (s *Suite) Missing(labels []string) string {
	for _, label := range labels {
		if kind, ok := strings.CutPrefix(label, "observe:"); ok && !s.target.Can(kind) {
			return s.target.Needs[kind]
		}
		if part, ok := strings.CutPrefix(label, profileLabel); ok && !s.knows(part) {
			switch {
			case part == "sample":
				return "needs -app sample"
			case s.target.Profile == nil:
				return "needs -app"
			}
			return fmt.Sprintf("needs %q in the application profile", part)
		}
		if label == restartLabel && s.target.Kind == target.Address {
			return "needs a launched server"
		}
	}
	return ""
}

// Labels of what a spec needs beside its kind of observation.
const (
	profileLabel = "profile:"
	restartLabel = "restarts"
)

// profile labels a spec that needs a part of the application profile.
func profile(parts ...string) Labels {
	labels := make(Labels, len(parts))
	for i, part := range parts {
		labels[i] = profileLabel + part
	}
	return labels
}

// restarts labels a spec after which the server must be started again, though
// others are still to come.
var restarts = Label(restartLabel)

// knows tells whether the profile states a part.
func (s *Suite) knows(part string) bool {
	p := s.target.Profile
	if p == nil {
		return false
	}
	switch part {
	case "sample":
		return p.Name == target.Sample().Name
	case "commands":
		return len(p.Commands) > 0
	case "otherwise":
		return p.Otherwise != nil
	case "empty":
		return p.Empty != nil
	case "invalid":
		return p.Invalid != nil
	case "too_long":
		return p.TooLong != nil && p.MaxPacket > 0
	case "max_packet":
		return p.MaxPacket > 0
	case "echo":
		return p.Echo != ""
	case "encoding":
		return p.Encoding != "" && p.Invalid != nil
	}
	panic("ver: no such part of a profile: " + part)
}

// log writes what happens on a connection into the spec's transcript.
func (s *Suite) log(ctx SpecContext) target.Log {
	write := trace.Transcript(ctx)
	s.number++
	number := s.number
	var sending time.Time
	return func(direction string, data []byte, text string) {
		if direction == "sending" {
			sending = time.Now()
			return
		}
		s.happened.Add(1)
		var at time.Time
		if direction == evidence.Sent {
			at = sending
		}
		write(at, evidence.Exchange{Connection: number, Direction: direction, Bytes: data, Text: text})
	}
}

// repeat runs what takes so many responses each time, as often as wanted on a
// fast target and fewer times on a slow one, until it fails.
func (s *Suite) repeat(ctx context.Context, wanted, responses int, once func(i int) bool) {
	repeating, cancel := patience.Within(ctx, 2*s.pace.Limits().Loop)
	defer cancel()
	for i := range s.pace.Times(wanted, responses) {
		if ctx.Err() != nil || i >= 3 && repeating.Err() != nil || !once(i) {
			return
		}
	}
}

// window is how long a spec waits for what has no response time of its own.
func (s *Suite) window() time.Duration { return s.pace.Limits().Response }

// patiently is the context of such a wait. It ends with the spec's at the latest.
func (s *Suite) patiently(ctx context.Context) context.Context {
	ctx, _ = patience.Within(ctx, s.window())
	return ctx
}

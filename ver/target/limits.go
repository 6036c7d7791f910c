package target

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/socket-oneline/oneline/reports/evidence"
)

// Limits are the waits and limits that hold for every target. The connection
// enforces them.
type Limits struct {
	Response time.Duration // a due response that takes longer is missing
	Hurried  time.Duration // the same, at least, once too many responses were missing
	Quiet    time.Duration // how long silence is listened to, at least
	Ready    time.Duration // a server that cannot be dialed for so long is unreachable
	Exit     time.Duration // a process that has not ended by then stays
	Loop     time.Duration // what a repetition may take; it adapts its count
	Run      time.Duration // the whole run
	Pause    time.Duration // between two segments, so that they are two
	Stall    time.Duration // how long a client pauses within a packet, or reads nothing
	Packet   int           // bytes of one packet received
	Total    int           // bytes received on one connection
	Unread   int           // bytes that are more than a connection holds of what its client does not read
	Often    int           // repetitions of one thing, at most; 0: as many as a spec wants
}

// DefaultLimits hold for a server that is not known.
func DefaultLimits() Limits {
	return Limits{
		Response: 3 * time.Second,
		Hurried:  100 * time.Millisecond,
		Quiet:    250 * time.Millisecond,
		Ready:    10 * time.Second,
		Exit:     5 * time.Second,
		Loop:     time.Second,
		Run:      3 * time.Minute,
		Pause:    2 * time.Millisecond,
		Stall:    2 * time.Second,
		Packet:   2 << 20,
		Total:    64 << 20,
		Unread:   11 << 19,
	}
}

// Rows is the table of limits for a report.
func (l Limits) Rows() []evidence.Row {
	return []evidence.Row{
		{Name: "response time-out", Value: l.Response.String()},
		{Name: "the same once too many responses were missing, at least", Value: l.Hurried.String()},
		{Name: "least silence", Value: l.Quiet.String()},
		{Name: "time to be ready", Value: l.Ready.String()},
		{Name: "time to exit", Value: l.Exit.String()},
		{Name: "time for a repetition", Value: l.Loop.String()},
		{Name: "time for the whole run", Value: l.Run.String()},
		{Name: "pause between segments", Value: l.Pause.String()},
		{Name: "longest pause of a client", Value: l.Stall.String()},
		{Name: "longest packet received", Value: fmt.Sprintf("%d bytes", l.Packet)},
		{Name: "most bytes received on a connection", Value: fmt.Sprintf("%d bytes", l.Total)},
	}
}

// A server that owes responses again and again is not waited for as long as
// before: after missingBeforeCut of them a wait is cut to the longer of
// [Limits.Hurried] and cutFactor times the slowest response seen.
const (
	missingBeforeCut = 3
	shortestArrival  = time.Second // of a client, which may have to start
	cutFactor        = 10
	quietFactor      = 3
)

// Pace measures how fast a target answers, and says how long to wait for it. It
// is shared by all connections of a run.
type Pace struct {
	Limits           Limits
	SparesDisconnect atomic.Bool // the server does not survive disconnect: connections are left by closing

	missing atomic.Int32 // responses that did not come
	ignored failures     // of disconnect: it was not answered by the end of the connection
	absent  failures     // of a client that was told to connect

	mu      sync.Mutex
	slowest time.Duration
	count   int
	recent  [64]time.Duration // the last responses
}

// failures counts how often in a row something has failed.
type failures struct{ n atomic.Int32 }

func (f *failures) book(well bool) {
	if f.n.Add(1); well {
		f.n.Store(0)
	}
}

func (f *failures) inVain() bool { return f.n.Load() >= missingBeforeCut }

// NewPace begins to measure.
func NewPace(limits Limits) *Pace { return &Pace{Limits: limits} }

// seen books the time that a response took.
func (p *Pace) seen(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.slowest = max(p.slowest, d)
	p.recent[p.count%len(p.recent)] = d
	p.count++
}

// GiveUp cuts waits from now on: the server has answered nothing at all.
func (p *Pace) GiveUp() { p.missing.Store(missingBeforeCut) }

// leaving is how long a connection that is left is waited for to end: not at all
// where that was in vain before.
func (p *Pace) leaving() time.Duration {
	if p.ignored.inVain() {
		return 0
	}
	return p.Quiet()
}

// arrival is how long a client is waited for. One that is a program of its own
// has to start first; where that was in vain before, it is given less.
func (p *Pace) arrival() time.Duration {
	wait := 3 * p.Limits.Response
	if p.absent.inVain() {
		wait = min(wait, shortestArrival)
	}
	return wait
}

// Slowest gives the longest time that a response took.
func (p *Pace) Slowest() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.slowest
}

// Response is how long a due response is waited for.
func (p *Pace) Response() time.Duration {
	if !p.Cut() {
		return p.Limits.Response
	}
	return min(p.Limits.Response, max(p.Limits.Hurried, cutFactor*p.Slowest()))
}

// Cut reports whether waits are cut, because too many responses were missing.
func (p *Pace) Cut() bool { return p.missing.Load() >= missingBeforeCut }

// Quiet is how long silence must last to count: longer than responses usually take,
// so that one pause of the target does not make all later silences longer, and no
// longer than a due response is waited for.
func (p *Pace) Quiet() time.Duration {
	return min(max(p.Limits.Quiet, quietFactor*p.within(90)), p.Response())
}

// within is a time within which so many percent of the recent responses have come.
func (p *Pace) within(percent int) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := min(p.count, len(p.recent))
	if n == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(p.recent[:n]))
	return sorted[n*percent/100]
}

// Times says how often to do at once what takes a response each time: as often as
// wanted, or as fits into the time of a repetition. It goes by the usual response: a
// few slow ones, as on a busy machine, change nothing.
func (p *Pace) Times(wanted int) int {
	each := p.within(50)
	if each == 0 {
		return wanted
	}
	return min(wanted, max(1, int(p.Limits.Loop/each)))
}

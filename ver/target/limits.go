package target

import (
	"fmt"
	"slices"
	"sync"
	"time"
)

// Limits are the waits and limits that hold for every target. The connection
// enforces them.
type Limits struct {
	Response time.Duration // a due response that takes longer is missing
	Hurried  time.Duration // the same, at least, once too many responses were missing
	Quiet    time.Duration // how long silence is listened to, at least
	Ready    time.Duration // a server that cannot be dialled for so long is unreachable
	Exit     time.Duration // a process that has not ended by then stays
	Loop     time.Duration // what a repetition may take; it adapts its count
	Run      time.Duration // the whole run
	Pause    time.Duration // between two segments, so that they are two
	Stall    time.Duration // how long a client pauses within a packet, or reads nothing
	Packet   int           // bytes of one packet received
	Total    int           // bytes received on one connection
	Held     int           // bytes that are more than a connection holds of what its client does not read
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
		Held:     11 << 19,
	}
}

// Rows is the table of limits for a report.
func (l Limits) Rows() [][2]string {
	return [][2]string{
		{"response time-out", l.Response.String()},
		{"the same once too many responses were missing, at least", l.Hurried.String()},
		{"least silence", l.Quiet.String()},
		{"time to be ready", l.Ready.String()},
		{"time to exit", l.Exit.String()},
		{"time for a repetition", l.Loop.String()},
		{"time for the whole run", l.Run.String()},
		{"pause between segments", l.Pause.String()},
		{"longest pause of a client", l.Stall.String()},
		{"longest packet received", fmt.Sprintf("%d bytes", l.Packet)},
		{"most bytes received on a connection", fmt.Sprintf("%d bytes", l.Total)},
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
	limits Limits

	mu      sync.Mutex
	slowest time.Duration
	count   int
	recent  [64]time.Duration // the last responses
	missing int
	ignored int  // how often disconnect was not answered by the end of the connection
	absent  int  // how often a client did not come, though it was told to
	spare   bool // it does not survive disconnect
}

// NewPace begins to measure.
func NewPace(limits Limits) *Pace { return &Pace{limits: limits} }

// Limits gives the limits that the pace keeps to.
func (p *Pace) Limits() Limits { return p.limits }

// seen books the time that a response took.
func (p *Pace) seen(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.slowest = max(p.slowest, d)
	p.recent[p.count%len(p.recent)] = d
	p.count++
}

// missed books a response that did not come.
func (p *Pace) missed() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.missing++
}

// GiveUp cuts waits from now on: the server has answered nothing at all.
func (p *Pace) GiveUp() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.missing = max(p.missing, missingBeforeCut)
}

// left books whether a connection ended on disconnect.
func (p *Pace) left(ended bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if ended {
		p.ignored = 0
	} else {
		p.ignored++
	}
}

// SpareDisconnect has connections left by closing from now on: the server does
// not survive disconnect.
func (p *Pace) SpareDisconnect() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.spare = true
}

// Spares tells whether SpareDisconnect was called.
func (p *Pace) Spares() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.spare
}

// leaving is how long a connection that is left is waited for to end: not at all
// where that was in vain before.
func (p *Pace) leaving() time.Duration {
	p.mu.Lock()
	inVain := p.ignored >= missingBeforeCut
	p.mu.Unlock()
	if inVain {
		return 0
	}
	return p.Quiet()
}

// arrived books whether a client came.
func (p *Pace) arrived(came bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if came {
		p.absent = 0
	} else {
		p.absent++
	}
}

// Arrival is how long a client is waited for. One that is a program of its own
// has to start first; where that was in vain before, it is given less.
func (p *Pace) Arrival() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	wait := 3 * p.limits.Response
	if p.absent >= missingBeforeCut {
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
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.response()
}

func (p *Pace) response() time.Duration {
	if p.missing < missingBeforeCut {
		return p.limits.Response
	}
	return min(p.limits.Response, max(p.limits.Hurried, cutFactor*p.slowest))
}

// Cut tells whether waits are cut, because too many responses were missing.
func (p *Pace) Cut() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.missing >= missingBeforeCut
}

// Quiet is how long silence must last to count: longer than responses usually take,
// so that one pause of the target does not make all later silences longer, and no
// longer than a due response is waited for.
func (p *Pace) Quiet() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return min(max(p.limits.Quiet, quietFactor*p.within(90)), p.response())
}

// within is a time within which so many percent of the recent responses have come.
func (p *Pace) within(percent int) time.Duration {
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
	p.mu.Lock()
	defer p.mu.Unlock()
	each := p.within(50)
	if each == 0 {
		return wanted
	}
	return min(wanted, max(1, int(p.limits.Loop/each)))
}

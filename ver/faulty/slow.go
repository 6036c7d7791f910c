package faulty

import (
	"context"
	"time"

	"github.com/socket-oneline/oneline/ver/target"
)

// answerTime is what a slow server needs for a command. The limits of its target
// are to it as those of a server that needs half a second are to that.
const answerTime = 20 * time.Millisecond

// slowly is a target of a server on the wire with which the suite does less, and
// keeps connections: a slow one that, like a server that is launched, is started
// once.
func slowly(name string, change func(*skeleton)) *target.Target {
	t := onWire(name, serve(func(s *skeleton) {
		change(s)
		handle := s.handle
		s.handle = func(c *visitor, p packet) {
			s.wait(answerTime)
			handle(c, p)
			s.flush(c)
		}
	}))
	t.Limits.Loop = 2 * answerTime
	t.Server = &lasting{Server: t.Server}
	return t
}

// lasting is a server that goes on from spec to spec.
type lasting struct {
	target.Server
	addr string // empty: it is not started
}

func (l *lasting) Start(ctx context.Context) (string, error) {
	if l.addr != "" {
		return l.addr, nil
	}
	return l.Restart(ctx)
}

func (l *lasting) Fresh() bool { return false }

func (l *lasting) Restart(ctx context.Context) (addr string, err error) {
	l.addr, err = l.Server.Restart(ctx)
	return l.addr, err
}

func (l *lasting) Stop() error {
	l.addr = ""
	return l.Server.Stop()
}

// slowFaults are mistakes of slow servers: what the suite does less with these must
// still catch them.
func slowFaults() []Member {
	faults := map[string]wireFault{}
	for _, family := range wireFamilies() {
		for _, f := range family {
			faults[f.name] = f
		}
	}
	var members []Member
	for _, name := range slowToo {
		f, known := faults[name]
		if !known {
			panic("faulty: no such fault on the wire: " + name)
		}
		members = append(members, Member{
			Name: "slow-" + name, Kind: Fault, Text: "is slow, and " + f.text, Breaks: f.breaks,
			Target: func() *target.Target { return slowly(name, f.mistake) },
		})
	}
	return members
}

// slowToo are the names of the faults on the wire that break the same requirements
// with a slow server: what only many examples or repetitions show is not among them.
var slowToo = []string{
	"pause-forgets", "read-is-packet", "ping-in-any-case", "disconnect-trimmed",
	"invalid-twice", "latin-1", "maximum-exceeded", "over-long-swallows-next", "no-ping", "pong-newline", "greeting",
	"close-stops", "half-close-bye", "reset-stops", "partial-for-next", "disconnect-half", "disconnect-runs-rest",
	"shutdown-ignored", "shutdown-keeps-waiting", "clients-at-once", "third-at-once", "third-lost",
	"waiting-data-lost", "waiting-first-lost",
}

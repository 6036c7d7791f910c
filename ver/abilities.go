package ver

import (
	"slices"

	. "github.com/onsi/ginkgo/v2"

	"github.com/socket-oneline/oneline/ver/target"
)

// ability is something that a server must be able to do so that a spec can show
// something else by it. It is measured once in a run. Where the server is not able
// to do it, that is the subject of another requirement: the spec is blocked, blames
// nobody, and passes nothing.
type ability int

const (
	pongs                  ability = iota // SRS-004
	pairs                                 // SRS-023
	outlivesDisconnect                    // SRS-005
	closesOnDisconnect                    // SRS-005
	servesTheNext                         // SRS-016
	survivesInvalid                       // SRS-007
	tellsLongerPings                      // SRS-025
	tellsLongerDisconnects                // SRS-025
	survivesClose                         // SRS-032
	survivesHalfClose                     // SRS-033
	survivesReset                         // SRS-034
	answersEmpty                          // SRS-029
	lastAbility            = answersEmpty
)

// abilities say how an ability is named in reports, and measure it. A measurement
// gives what was wrong; empty if nothing.
var abilities = [...]struct {
	words   string
	measure func(*trial) string
}{
	pongs:                  {"the server answers ping by one pong", (*trial).measurePongs},
	pairs:                  {"the server answers each of several commands in one segment", (*trial).measurePairs},
	outlivesDisconnect:     {"the server survives a client that leaves by disconnect", (*trial).measureOutliving},
	closesOnDisconnect:     {"the server closes the connection on disconnect", (*trial).measureDisconnect},
	servesTheNext:          {"the server goes on after disconnect", (*trial).measureNext},
	survivesInvalid:        {"the server serves its client after an invalid packet", (*trial).measureInvalid},
	tellsLongerPings:       {"the server tells ping from longer packets that begin with it", longer("ping")},
	tellsLongerDisconnects: {"the server tells disconnect from longer packets that begin with it", longer("disconnect")},
	survivesClose:          {"the server serves the next client after a close with nothing unfinished", leavingBy(closeAll, false)},
	survivesHalfClose:      {"the server ends the connection after a half-close with nothing unfinished, and serves the next client", leavingBy(closeHalf, true)},
	survivesReset:          {"the server serves the next client after a reset with nothing unfinished", leavingBy(resetIt, false)},
	answersEmpty:           {"the server answers the empty packet as the profile says, if that says it", (*trial).measureEmpty},
}

// finding is what a measurement has found.
type finding struct {
	measured bool
	problem  string
}

func (f finding) String() string {
	if f.problem == "" {
		return "yes"
	}
	return "no: " + f.problem
}

// able expects the finding that a server is able to do something.
var able = expected[finding]{"yes", func(f finding) bool { return f.problem == "" }}

// need makes sure of abilities, as preconditions.
func (t *trial) need(all []ability) {
	GinkgoHelper()
	for _, a := range all {
		found := &t.found.able[a]
		if !t.rehearses() && !found.measured {
			before := t.number
			found.problem = abilities[a].measure(t)
			found.measured = t.Err() == nil
			if t.number > before && t.target.Server.Fresh() {
				_ = t.server.start(t, t.target) // the spec gets one that has served nobody
			}
		}
		t.require(abilities[a].words, *found, able)
	}
}

func (t *trial) measurePongs() string {
	if t.found.probed && t.found.probe.Send != ping.Send {
		return "another command is answered as it should be, but not ping"
	}
	return ""
}

func (t *trial) measurePairs() string {
	c, problem := t.arrive(t.log())
	if c == nil {
		return problem
	}
	defer c.Leave(t)
	_ = c.Send(t.known().Send + "\n" + t.known().Send + "\n")
	for _, want := range slices.Concat(t.known().Expect, t.known().Expect) {
		if got := c.Receive(t); !want.Matches(got) {
			return got.String() + " comes instead of " + want.String()
		}
	}
	if got := t.listen(c); got != target.Nothing {
		return "after the answers there is " + got.String()
	}
	return ""
}

func (t *trial) measureEmpty() string {
	if !empty.statedBy(t.target.Profile) {
		return ""
	}
	c, problem := t.arrive(t.log())
	if c == nil {
		return problem
	}
	defer c.Leave(t)
	return exchange(t, c, target.Dialogue{Expect: *t.target.Profile.Empty})
}

func (t *trial) measureOutliving() string {
	if t.pace.Spares() {
		return "it is gone after the first one"
	}
	return ""
}

func (t *trial) measureDisconnect() string {
	for range 2 {
		c, problem := t.arrive(t.log())
		if c == nil {
			return problem
		}
		_ = c.Send("disconnect\n")
		event := t.end(c, c.Ending(t))
		_ = c.Close()
		if event != target.Closed {
			return "there is " + event.String()
		}
	}
	return ""
}

func (t *trial) measureNext() string {
	for range 3 {
		c, problem := t.arrive(t.log())
		if c == nil {
			return problem
		}
		c.Leave(t)
	}
	return ""
}

func (t *trial) measureInvalid() string {
	c, problem := t.arrive(t.log())
	if c == nil {
		return problem
	}
	defer c.Leave(t)
	_ = c.Send("\xff\n")
	t.settle(c)
	return exchange(t, c, t.known())
}

// longer measures whether a predefined command is told from longer packets that
// begin with it. Else nothing can be learned of the byte that follows it.
func longer(command string) func(*trial) string {
	return func(t *trial) string {
		c, problem := t.arrive(t.log())
		if c == nil {
			return problem
		}
		defer c.Leave(t)
		_ = c.Send(command + "x\n" + command + " x\nping\n")
		if n, last := t.countPongs(c); n != 1 {
			return "after " + command + "x, " + command + " x and ping there is not one pong, and then " + last.String()
		}
		return ""
	}
}

// leavingBy measures whether the next client is served after one has left in a way
// with nothing unfinished.
func leavingBy(way func(*target.Conn) error, ends bool) func(*trial) string {
	return func(t *trial) string {
		c, problem := t.arrive(t.log())
		if c == nil {
			return problem
		}
		defer c.Close()
		_ = way(c)
		if ends {
			if event := c.Ending(t); event != target.Closed {
				return "after a half-close there is " + event.String()
			}
		}
		next, problem := t.arrive(t.log())
		if next != nil {
			next.Leave(t)
		}
		return problem
	}
}

// Ways of leaving without disconnect.
var (
	closeAll  = (*target.Conn).Close
	closeHalf = (*target.Conn).CloseWrite
	resetIt   = (*target.Conn).Reset
)

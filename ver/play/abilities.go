package play

import (
	"fmt"
	"slices"
	"strings"

	"github.com/socket-oneline/oneline/ver/target"
)

// Ability is something that a server must be able to do so that a spec can show
// something else by it; abilities are joined by |. Each is measured once in a run. Where
// the server is not able to do it, that is the subject of another requirement: the spec
// is blocked, blames nobody, and passes nothing.
type Ability uint

// The abilities of servers, with the requirements that they are the subject of.
const (
	Pongs                  Ability = 1 << iota // SRS-004
	Pairs                                      // SRS-023
	OutlivesDisconnect                         // SRS-005
	ClosesOnDisconnect                         // SRS-005
	ServesTheNext                              // SRS-016
	SurvivesInvalid                            // SRS-007
	TellsLongerPings                           // SRS-025
	TellsPingsAtTheEnd                         // SRS-025
	TellsLongerDisconnects                     // SRS-025
	SurvivesClose                              // SRS-032
	SurvivesHalfClose                          // SRS-033
	SurvivesReset                              // SRS-034
	ServesLateReaders                          // SRS-018
	AnswersEmpty                               // SRS-029
	AnswersThousands                           // SRS-050
)

// abilities say how each is named in reports, and measure it. A measurement gives what
// was wrong; empty if nothing.
var abilities = []struct {
	ability Ability
	words   string
	measure func(*Trial) string
}{
	{Pongs, "the server answers ping by one pong", measurePongs},
	{Pairs, "the server answers each of several commands in one segment", measurePairs},
	{OutlivesDisconnect, "the server survives a client that leaves by disconnect", measureOutliving},
	{ClosesOnDisconnect, "the server closes the connection on disconnect", measureDisconnect},
	{ServesTheNext, "the server goes on after disconnect", measureNext},
	{SurvivesInvalid, "the server serves its client after an invalid packet", measureInvalid},
	{TellsLongerPings, "the server tells ping from longer packets that begin with it", longer("pingx", "ping x")},
	{TellsPingsAtTheEnd, "the server tells ping from longer packets that end with it", longer("xping", "x ping")},
	{TellsLongerDisconnects, "the server tells disconnect from longer packets that begin with it", longer("disconnectx", "disconnect x")},
	{SurvivesClose, "the server serves the next client after a close with nothing unfinished", leavingBy((*target.Conn).Close, false)},
	{SurvivesHalfClose, "the server ends the connection after a half-close with nothing unfinished, and serves the next client", leavingBy((*target.Conn).CloseWrite, true)},
	{SurvivesReset, "the server serves the next client after a reset with nothing unfinished", leavingBy((*target.Conn).Reset, false)},
	{ServesLateReaders, "the server sends all answers to a client that reads late and stays", measureLateReader},
	{AnswersEmpty, "the server answers the empty packet as the profile says, if that says it", measureEmpty},
	{AnswersThousands, "the server answers thousands of pings in one segment to a client that stays", measureThousands},
}

// finding is what a measurement has found: what is wrong; empty if nothing.
type finding string

func (f finding) String() string {
	if f == "" {
		return "yes"
	}
	return "no: " + string(f)
}

// able expects the finding that a server is able to do something.
var able = Expected[finding]{"yes", func(f finding) bool { return f == "" }}

// mayRelyOnAnswers blocks a spec, unless it is about just that, where an idle client is
// sent something: no answer can be told from it.
func mayRelyOnAnswers(t *Trial) {
	if !t.found.idled && t.found.probed {
		t.idles(t)
		if t.target.Server.Fresh() {
			_ = t.server.start(t, t.target) // the spec gets one that has served nobody
		}
	}
	if t.found.unasked != "" && !slices.Contains(t.ids, "SRS-019") {
		t.Block("an idle client is sent a %s, so that answers cannot be told from that", t.found.unasked)
	}
}

// need makes sure of abilities, as preconditions.
func (t *Trial) need(all Ability) {
	for _, a := range abilities {
		if all&a.ability == 0 {
			continue
		}
		found, measured := t.found.able[a.ability]
		if !measured && !t.Rehearses() {
			before := t.number
			found = finding(a.measure(t))
			if t.Err() == nil {
				t.found.able[a.ability] = found
			}
			if t.number > before && t.target.Server.Fresh() {
				_ = t.server.start(t, t.target) // the spec gets one that has served nobody
			}
		}
		t.Require(a.words, found, able)
	}
}

func measurePongs(t *Trial) string {
	if t.found.probed && t.found.probe.Send != Ping.Send {
		return "another command is answered as it should be, but not ping"
	}
	return ""
}

func measurePairs(t *Trial) string {
	c, problem := t.Arrive(t.Log())
	if c == nil {
		return problem
	}
	defer c.Leave(t)
	_ = c.Send(t.Known().Send + "\n" + t.Known().Send + "\n")
	for _, want := range slices.Concat(t.Known().Expect, t.Known().Expect) {
		if got := c.Receive(t); !want.Matches(got) {
			return got.String() + " comes instead of " + want.String()
		}
	}
	if got := c.Listen(t); got != target.Nothing {
		return "after the answers there is " + got.String()
	}
	return ""
}

func measureEmpty(t *Trial) string {
	if !Empty.StatedBy(t.target.Profile) {
		return ""
	}
	c, problem := t.Arrive(t.Log())
	if c == nil {
		return problem
	}
	defer c.Leave(t)
	return exchange(t, c, target.Dialogue{Expect: *t.target.Profile.Empty})
}

func measureThousands(t *Trial) string {
	c, problem := t.Arrive(Silent)
	if c == nil {
		return problem
	}
	defer c.Leave(t)
	n := t.Many(20_000) // more than is read at once
	if n > 500 {
		n = max(n, 3000) // what it takes for one alone may be the time of the machine
	}
	_ = c.Send(strings.Repeat("ping\n", n))
	for i := range n {
		if got := c.Receive(t); got != target.Packet("pong") {
			// The spec that needs it is not blamed for a server that has not survived this.
			t.stopped = t.stopped || t.alive(t, t.server.addr, Silent) != ""
			return fmt.Sprintf("answer number %d is %s", i+1, got)
		}
	}
	return ""
}

func measureOutliving(t *Trial) string {
	if t.pace.Spares() {
		return "it is gone after the first one"
	}
	return ""
}

func measureDisconnect(t *Trial) string {
	for range 2 {
		c, problem := t.Arrive(t.Log())
		if c == nil {
			return problem
		}
		_ = c.Send("disconnect\n")
		event := t.End(c, c.Ending(t))
		_ = c.Close()
		if event != target.Closed {
			return "there is " + event.String()
		}
	}
	return ""
}

func measureNext(t *Trial) string {
	for range 3 {
		c, problem := t.Arrive(t.Log())
		if c == nil {
			return problem
		}
		c.Leave(t)
	}
	return ""
}

func measureInvalid(t *Trial) string {
	c, problem := t.Arrive(t.Log())
	if c == nil {
		return problem
	}
	defer c.Leave(t)
	_ = c.Send("\xff\n")
	t.settle(c)
	return exchange(t, c, t.Known())
}

// longer measures whether a predefined command is told from longer packets. Else
// nothing can be learned of the byte that follows it, or stands before it.
func longer(first, second string) func(*Trial) string {
	return func(t *Trial) string {
		c, problem := t.Arrive(t.Log())
		if c == nil {
			return problem
		}
		defer c.Leave(t)
		_ = c.Send(first + "\n" + second + "\nping\n")
		if n, last := countPongs(t, c); n != 1 {
			return "after " + first + ", " + second + " and ping there is not one pong, and then " + last.String()
		}
		return ""
	}
}

// leavingBy measures whether the next client is served after one has left in a way
// with nothing unfinished.
func leavingBy(way func(*target.Conn) error, ends bool) func(*Trial) string {
	return func(t *Trial) string {
		c, problem := t.Arrive(t.Log())
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
		next, problem := t.Arrive(t.Log())
		if next != nil {
			next.Leave(t)
		}
		return problem
	}
}

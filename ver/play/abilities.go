package play

import (
	"fmt"
	"math/bits"
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
	Pongs                          Ability = 1 << iota // answers ping by pong: SRS-004
	AnswersPairs                                       // answers two commands in one segment: SRS-023
	OutlivesDisconnect                                 // is still there after a disconnect: SRS-005
	ClosesOnDisconnect                                 // closes the connection on disconnect: SRS-005
	ServesAfterDisconnect                              // serves another client after a disconnect: SRS-016
	SurvivesInvalid                                    // goes on after a packet that is not ASCII: SRS-007
	TellsPingFromPingX                                 // does not take pingx for ping: SRS-025
	TellsPingFromXPing                                 // does not take xping for ping: SRS-025
	TellsDisconnectFromDisconnectX                     // does not take disconnectx for disconnect: SRS-025
	SurvivesClose                                      // serves another client after a close: SRS-032
	SurvivesHalfClose                                  // ... after a half-close: SRS-033
	SurvivesReset                                      // ... after a reset: SRS-034
	ServesLateReaders                                  // sends all to a client that reads late: SRS-018
	AnswersEmpty                                       // answers the empty packet as its profile says: SRS-029
	AnswersThousands                                   // answers thousands of pings in one segment: SRS-050
)

// abilities, in their order, have the name of each in reports, and measure it. A
// measurement says what was wrong; empty if nothing.
var abilities = []struct {
	ability Ability
	words   string
	measure func(*Trial) string
}{
	{Pongs, "the server answers ping by one pong", measurePongs},
	{AnswersPairs, "the server answers each of several commands in one segment", byVisits(1, answersPairs)},
	{OutlivesDisconnect, "the server survives a client that leaves by disconnect", measureOutliving},
	{ClosesOnDisconnect, "the server closes the connection on disconnect", byVisits(2, isClosed)},
	{ServesAfterDisconnect, "the server serves the next client after disconnect", byVisits(3, func(*Trial, *target.Conn) string { return "" })},
	{SurvivesInvalid, "the server serves its client after an invalid packet", byVisits(1, survivesInvalid)},
	{TellsPingFromPingX, "the server tells ping from longer packets that begin with it", byVisits(1, tells("pingx", "ping x"))},
	{TellsPingFromXPing, "the server tells ping from longer packets that end with it", byVisits(1, tells("xping", "x ping"))},
	{TellsDisconnectFromDisconnectX, "the server tells disconnect from longer packets that begin with it", byVisits(1, tells("disconnectx", "disconnect x"))},
	{SurvivesClose, "the server serves the next client after a close with nothing unfinished", byVisits(1, isFollowed((*target.Conn).Close, false))},
	{SurvivesHalfClose, "the server ends the connection after a half-close with nothing unfinished, and serves the next client", byVisits(1, isFollowed((*target.Conn).CloseWrite, true))},
	{SurvivesReset, "the server serves the next client after a reset with nothing unfinished", byVisits(1, isFollowed((*target.Conn).Reset, false))},
	{ServesLateReaders, "the server sends all answers to a client that reads late and stays", measureLateReader},
	{AnswersEmpty, "the server answers the empty packet as the profile says, if that says it", byVisits(1, answersEmpty)},
	{AnswersThousands, "the server answers thousands of pings in one segment to a client that stays", byVisits(1, answersThousands)},
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
		if c, _ := t.Arrive(Silent); c != nil {
			t.idle(t, c, t.Known())
			c.Leave(t)
		}
		_ = t.StartFresh() // the spec gets one that has served nobody
	}
	if t.found.unasked != "" && !slices.Contains(t.ids, "SRS-019") {
		t.Block("an idle client is sent a %s, so that answers cannot be told from that", t.found.unasked)
	}
}

// need makes sure of abilities, as preconditions.
func (t *Trial) need(all Ability) {
	for _, a := range abilities {
		if all&a.ability != 0 {
			t.Require(a.words, t.measure(a.ability), able)
		}
	}
}

// measure measures an ability, where it was not measured before.
func (t *Trial) measure(ability Ability) finding {
	found, measured := t.found.able[ability]
	if measured || t.Rehearses() {
		return found
	}
	before := t.number
	found = finding(abilities[bits.TrailingZeros(uint(ability))].measure(t))
	if t.Err() == nil {
		t.found.able[ability] = found
	}
	if t.number > before {
		_ = t.StartFresh() // the spec gets one that has served nobody
	}
	return found
}

// byVisits measures by so many clients that come one after the other, and leave.
func byVisits(n int, visit func(*Trial, *target.Conn) string) func(*Trial) string {
	return func(t *Trial) (problem string) {
		for i := 0; i < n && problem == ""; i++ {
			var c *target.Conn
			if c, problem = t.Arrive(t.Log()); c != nil {
				problem = visit(t, c)
				c.Leave(t)
			}
		}
		return problem
	}
}

func measurePongs(t *Trial) string {
	if t.found.probed && t.found.probe.Send != Ping.Send {
		return "another command is answered as it should be, but not ping"
	}
	return ""
}

func measureOutliving(t *Trial) string {
	if t.Pace.SparesDisconnect.Load() {
		return "it is gone after the first one"
	}
	return ""
}

func answersPairs(t *Trial, c *target.Conn) string {
	once := t.Known()
	both := target.Dialogue{Send: once.Send + "\n" + once.Send, Expect: slices.Concat(once.Expect, once.Expect)}
	if problem := t.exchange(t, c, both); problem != "" {
		return problem
	}
	if got := c.Listen(t); got != target.Nothing {
		return "after the answers there is " + got.String()
	}
	return ""
}

func answersEmpty(t *Trial, c *target.Conn) string {
	if !Empty.StatedBy(t.Profile()) {
		return ""
	}
	return t.exchange(t, c, target.Dialogue{Expect: *t.Profile().Empty})
}

func answersThousands(t *Trial, c *target.Conn) string {
	n := t.Many(20_000) // more than is read at once
	if n > 500 {
		n = max(n, 3000) // what it takes for one alone may be the time of the machine
	}
	c.LogTo(Silent)
	_ = c.Send(strings.Repeat("ping\n", n))
	for i := range n {
		if got := c.Receive(t); got != target.Packet("pong") {
			// The spec that needs it is not blamed for a server that has not survived this.
			t.stopped = t.stopped || t.alive(t, t.addr, Silent) != ""
			return fmt.Sprintf("answer number %d is %s", i+1, got)
		}
	}
	return ""
}

func isClosed(t *Trial, c *target.Conn) string {
	_ = c.Send("disconnect\n")
	event := t.End(c, c.Receive(t))
	_ = c.Close()
	if event != target.Closed {
		return "there is " + event.String()
	}
	return ""
}

func survivesInvalid(t *Trial, c *target.Conn) string {
	_ = c.Send("\xff\n")
	t.settle(c)
	return t.exchange(t, c, t.Known())
}

// tells measures whether a predefined command is told from longer packets. Else
// nothing can be learned of the byte that follows it, or stands before it.
func tells(first, second string) func(*Trial, *target.Conn) string {
	return func(t *Trial, c *target.Conn) string {
		_ = c.Send(first + "\n" + second + "\nping\n")
		if n, last := countPongs(t, c); n != 1 {
			return "after " + first + ", " + second + " and ping there is not one pong, and then " + last.String()
		}
		return ""
	}
}

// isFollowed measures whether the next client is served after one has left in a way
// with nothing unfinished; one that has closed half waits for the end of the connection.
func isFollowed(leave func(*target.Conn) error, half bool) func(*Trial, *target.Conn) string {
	return func(t *Trial, c *target.Conn) string {
		if _ = leave(c); half {
			if event := c.Receive(t); event != target.Closed {
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

package play

import (
	"strings"
	"time"

	"github.com/socket-oneline/oneline/ver/patience"
	"github.com/socket-oneline/oneline/ver/target"
)

// LateReader is a client that sends long commands to be echoed, reads nothing for a
// while, and then the answers.
type LateReader struct {
	t     *Trial
	echo  target.Dialogue
	times int
}

// NewLateReader makes sure that a long command is answered, and gives a client that sends
// many of them.
func NewLateReader(t *Trial) LateReader {
	r, problem := lateReader(t)
	t.Require("the server answers a long command, in two segments too", finding(problem), able)
	return r
}

// lateReader says what is wrong with the answer to a long command. A server that takes
// its time for every byte is sent fewer of them.
func lateReader(t *Trial) (r LateReader, problem string) {
	d := t.Profile().Echoing(Pattern(min(50_000, t.Profile().MaxPacket/2))) // well below the maximum, which is another subject
	r = LateReader{t, d, t.pace.Limits().Held/len(d.Send) + 1}
	if t.Rehearses() {
		return r, ""
	}
	c, problem := t.Arrive(t.Log())
	if c == nil {
		return r, problem
	}
	defer c.Leave(t)
	quickest := t.Window()
	for range 3 { // one may be slow by accident
		began := time.Now()
		if problem := exchange(t, c, d); problem != "" {
			return r, problem
		}
		quickest = min(quickest, time.Since(began))
	}
	if problem := exchange(t, c, t.Known()); problem != "" {
		return r, "there are more: " + problem
	}
	if loop := t.pace.Limits().Loop; quickest > loop/20 {
		r.times = min(r.times, int(loop/quickest)+1)
	}
	half := len(d.Send) / 2
	_ = c.SendSegments(t, d.Send[:half], d.Send[half:]+"\n")
	if got := c.Receive(t); !d.Expect[0].Matches(got) {
		return r, "in two segments it is answered by " + got.String()
	}
	return r, ""
}

// Reads sends the commands, and something behind them, and reads nothing until the
// connection is full, and for a stall at least. It gives the connection, and the first
// answer that is wrong, or the last one. The client may do something at the end of what
// it sends; nil: it stays.
func (r LateReader) Reads(behind string, end func(*target.Conn)) (*target.Conn, target.Event) {
	t := r.t
	c := t.connectBy(target.DialNarrow)
	began := time.Now()
	stream := c.Stream(strings.Repeat(r.echo.Send+"\n", r.times)+behind, func() {
		if end != nil {
			end(c)
		}
	})
	defer stream.Stop()
	stream.Stuck(t)
	stalling, over := patience.Within(t, t.pace.Limits().Stall-time.Since(began)) // a busy machine needs longer
	<-stalling.Done()
	over()
	event := c.Receive(t)
	for n := r.times; n > 1 && r.echo.Expect[0].Matches(event); n-- {
		event = c.Receive(t)
	}
	if behind == "" && end == nil && !t.Rehearses() && t.Err() == nil {
		t.found.able[ServesLateReaders] = ""
		if !r.echo.Expect[0].Matches(event) {
			t.found.able[ServesLateReaders] = finding(event.String())
		}
	}
	return c, event
}

// Right expects the answer that each of its commands has.
func (r LateReader) Right() Expected[target.Event] { return Response(r.echo.Expect[0]) }

// measureLateReader has one that stays read late.
func measureLateReader(t *Trial) string {
	r, problem := lateReader(t)
	if problem == "" {
		c, _ := r.Reads("", nil)
		c.Leave(t)
		problem = string(t.found.able[ServesLateReaders])
	}
	return problem
}

package play

import (
	"strings"
	"time"

	"github.com/socket-oneline/oneline/ver/patience"
	"github.com/socket-oneline/oneline/ver/target"
)

// LateReader is a client that sends commands with more responses than a connection
// holds, reads nothing for a while, and then the responses.
type LateReader struct {
	t       *Trial
	command target.Dialogue
	times   int
	window  target.Window
}

// NewLateReader makes sure that a long command is answered, and gives a client that sends
// many of them.
func NewLateReader(t *Trial) LateReader {
	r := echoReader(t)
	t.Require("the server answers a long command, in two segments too", finding(r.problem()), able)
	return *r
}

// echoReader has a text echoed that is well below the maximum, which is another subject.
func echoReader(t *Trial) *LateReader {
	d := t.Profile().Echoing(Pattern(min(50_000, t.Profile().MaxPacket/2)))
	return &LateReader{t, d, t.Pace.Limits.Held/d.Size() + 1, target.Narrow}
}

// NewLateReaderOf is NewLateReader for a short command that has many responses. The
// segments of the connection are short, so that the kernel of the server holds little.
func NewLateReaderOf(t *Trial, d target.Dialogue) LateReader {
	r := &LateReader{t, d, t.Pace.Limits.Held/8/d.Size() + 1, target.Narrowest}
	t.Require("the server sends all responses of the command, in two segments too", finding(r.problem()), able)
	return *r
}

// problem says what is wrong with the answer to the command. A server that takes its
// time for it is sent fewer of them.
func (r *LateReader) problem() string {
	t, d := r.t, r.command
	if t.Rehearses() {
		return ""
	}
	c, problem := t.Arrive(t.Log())
	if c == nil {
		return problem
	}
	defer c.Leave(t)
	quickest := t.Window()
	for range 3 { // one may be slow by accident
		began := time.Now()
		if problem := exchange(t, c, d); problem != "" {
			return problem
		}
		quickest = min(quickest, time.Since(began))
	}
	if problem := exchange(t, c, t.Known()); problem != "" {
		return "there are more: " + problem
	}
	if loop := t.Pace.Limits.Loop; time.Duration(r.times)*quickest > 6*loop {
		r.times = min(r.times, int(loop/quickest)+1)
	}
	half := len(d.Send) / 2
	_ = c.SendSegments(t, d.Send[:half], d.Send[half:]+"\n")
	for _, want := range d.Expect {
		if got := c.Receive(t); !want.Matches(got) {
			return "in two segments it is answered by " + got.String()
		}
	}
	return ""
}

// Reads sends the commands, and something behind them, and reads nothing until the
// connection is full, and for a stall at least. It gives the connection, the first
// response that is wrong, or the last one, and what it should be. The client may do
// something at the end of what it sends; nil: it stays.
func (r LateReader) Reads(behind string, end func(*target.Conn)) (*target.Conn, target.Event, Expected[target.Event]) {
	t := r.t
	c := t.connect(r.window)
	began := time.Now()
	stream := c.Stream(strings.Repeat(r.command.Send+"\n", r.times)+behind, func() {
		if end != nil {
			end(c)
		}
	})
	defer stream.Stop()
	stream.Stuck(t)
	stalling, over := patience.Within(t, t.Pace.Limits.Stall-time.Since(began)) // a busy machine needs longer
	<-stalling.Done()
	over()
	event, want := r.receive(c)
	if behind == "" && end == nil && !t.Rehearses() && t.Err() == nil {
		t.found.able[ServesLateReaders] = ""
		if !want.Matches(event) {
			t.found.able[ServesLateReaders] = finding(event.String())
		}
	}
	if len(r.command.Expect) > 1 {
		return c, event, Expecting("the response that is due", want.Matches)
	}
	return c, event, Response(want)
}

// receive receives all responses, or the first that is wrong.
func (r LateReader) receive(c *target.Conn) (event target.Event, want target.Response) {
	for range r.times {
		for _, want = range r.command.Expect {
			if event = c.Receive(r.t); !want.Matches(event) {
				return event, want
			}
		}
		if r.t.Rehearses() {
			break
		}
	}
	return event, want
}

// measureLateReader has one that stays read late.
func measureLateReader(t *Trial) string {
	r := echoReader(t)
	problem := r.problem()
	if problem == "" {
		c, _, _ := r.Reads("", nil)
		c.Leave(t)
		problem = string(t.found.able[ServesLateReaders])
	}
	return problem
}

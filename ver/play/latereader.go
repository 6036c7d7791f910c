package play

import (
	"strings"
	"sync"
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

// LongEcho is a text to be echoed that is well below the maximum, which is another
// subject.
func LongEcho(t *Trial) target.Dialogue {
	return t.Profile().Echoing(Pattern(min(50_000, t.Profile().MaxPacket/2)))
}

// NewLateReader makes sure that a command is answered, and gives a client that sends many
// of them.
func NewLateReader(t *Trial, d target.Dialogue) LateReader {
	r, problem := newLateReader(t, d)
	t.Require("the server sends all responses of the command, in two segments too", finding(problem), able)
	return r
}

// newLateReader says what is wrong with the answer to the command. A server that takes
// its time for it is sent fewer of them; one that has many responses to a short command
// gets short segments, so that its kernel holds little.
func newLateReader(t *Trial, d target.Dialogue) (r LateReader, problem string) {
	r = LateReader{t, d, t.Pace.Limits.Unread/d.Size() + 1, target.Narrow}
	if len(d.Expect) > 1 {
		r.times, r.window = t.Pace.Limits.Unread/8/d.Size()+1, target.Narrowest
	}
	if t.Rehearses() {
		r.times = 1
		return r, ""
	}
	c, problem := t.Arrive(t.Log())
	if c == nil {
		return r, problem
	}
	defer c.Leave(t)
	quickest := t.Limit()
	for range 3 { // one may be slow by accident
		began := time.Now()
		if problem := t.exchange(t, c, d); problem != "" {
			return r, problem
		}
		quickest = min(quickest, time.Since(began))
	}
	if problem := t.exchange(t, c, t.Known()); problem != "" {
		return r, "there are more: " + problem
	}
	if loop := t.Pace.Limits.Loop; time.Duration(r.times)*quickest > 6*loop {
		r.times = min(r.times, int(loop/quickest)+1)
	}
	half := len(d.Send) / 2
	_ = c.SendSegments(t, d.Send[:half], d.Send[half:]+"\n")
	for _, want := range d.Expect {
		if got := c.Receive(t); !want.Matches(got) {
			return r, "in two segments it is answered by " + got.String()
		}
	}
	return r, ""
}

// Stays sends the commands and reads late. It gives the connection, and the first response
// that is wrong, or the last one, and what that should be. What it finds is known to other
// specs: those whose client leaves need not wait as long again.
func (r LateReader) Stays() (*target.Conn, target.Event, target.Response) {
	t := r.t
	c, event, want := r.reads("", nil, t.Pace.Limits.Stall)
	if !t.Rehearses() && t.Err() == nil {
		t.found.able[ServesLateReaders] = ""
		if !want.Matches(event) {
			t.found.able[ServesLateReaders] = finding(event.String())
		}
	}
	return c, event, want
}

// Leaves is Stays for a client that sends something behind the commands, or does something
// then; nil: nothing.
func (r LateReader) Leaves(behind string, end func(*target.Conn)) (*target.Conn, target.Event, target.Response) {
	return r.reads(behind, end, r.t.Pace.Limits.Stall/4)
}

// reads reads nothing until the connection is full, and for so long at least.
func (r LateReader) reads(behind string, end func(*target.Conn), least time.Duration) (c *target.Conn, event target.Event, want target.Response) {
	t := r.t
	c = t.connect(r.window)
	began := time.Now()
	stream := c.Stream(strings.Repeat(r.command.Send+"\n", r.times)+behind, func() {
		if end != nil {
			end(c)
		}
	})
	defer stream.Stop()
	stream.Stuck(t)
	stalling, over := patience.Within(t, least-time.Since(began)) // a busy machine needs longer
	<-stalling.Done()
	over()
	for range r.times {
		for _, want = range r.command.Expect {
			if event = c.Receive(t); !want.Matches(event) && !t.Rehearses() {
				return c, event, want
			}
		}
	}
	return c, event, want
}

// measureLateReader has one that stays read late.
func measureLateReader(t *Trial) string {
	r, problem := newLateReader(t, LongEcho(t))
	if problem == "" {
		c, _, _ := r.Stays()
		c.Leave(t)
		problem = string(t.found.able[ServesLateReaders])
	}
	return problem
}

// Pattern is a text of n bytes in which no part is like another, so that a piece
// lost or moved shows. It is the beginning of every longer one.
func Pattern(n int) string {
	longest.Lock()
	defer longest.Unlock()
	if n > len(longest.pattern) {
		text := make([]byte, n)
		for i := range text {
			text[i] = byte('!' + (i*7+i/93)%93)
		}
		longest.pattern = string(text)
	}
	return longest.pattern[:max(n, 0)]
}

// longest is the longest pattern so far: many are asked for, some of megabytes.
var longest struct {
	sync.Mutex
	pattern string
}

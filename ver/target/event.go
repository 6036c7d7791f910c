package target

import (
	"fmt"
	"strings"
)

// Event is what a connection gives: a packet, nothing in time, or its end. It is
// a value, so that what did not come is an actual that can be compared and
// printed like what came.
type Event struct {
	kind eventKind
	text string // a packet, or the bytes of one that was not ended
}

type eventKind string

const (
	isPacket  eventKind = "packet"
	isNothing eventKind = "nothing"
	isClosed  eventKind = "closed"
	isTooMuch eventKind = "too much"
)

// Packet is a packet without its line feed.
func Packet(text string) Event { return Event{isPacket, text} }

// Nothing came in time; Closed is the end of the connection, an end of file and
// a reset alike (Pm).
var (
	Nothing = Event{kind: isNothing}
	Closed  = Event{kind: isClosed}
)

// IsPacket reports whether the event is a packet, and gives its text.
func (e Event) IsPacket() (string, bool) { return e.text, e.kind == isPacket }

// Holds reports whether a text is in what came, be it ended or not.
func (e Event) Holds(text string) bool { return strings.Contains(e.text, text) }

// IsClosed reports whether the connection has ended, within a packet or not.
func (e Event) IsClosed() bool { return e.kind == isClosed }

// IsNothing reports whether nothing whole came in time.
func (e Event) IsNothing() bool { return e.kind == isNothing }

// String writes the event as evidence shows it.
func (e Event) String() string {
	switch {
	case e.kind == isPacket:
		return "packet " + quote(e.text)
	case e.kind == isTooMuch:
		return "more than can be taken, without a line feed: " + quote(e.text)
	case e.kind == isClosed && e.text != "":
		return "connection closed within a packet: " + quote(e.text)
	case e.kind == isClosed:
		return "connection closed"
	case e.text != "":
		return "no packet, but bytes without a line feed: " + quote(e.text)
	}
	return "nothing"
}

// quote shows a text that may be long.
func quote(text string) string {
	const most = 200
	if len(text) <= most {
		return fmt.Sprintf("%q", text)
	}
	return fmt.Sprintf("%q ... %q (%d bytes)", text[:most/2], text[len(text)-most/4:], len(text))
}

// Answer is what a client under test reports.
type Answer struct {
	Kind AnswerKind
	Text string // of a response; true or false for Connected; the reason of an error
}

// AnswerKind is the first word of an answer.
type AnswerKind string

// The kinds of answer.
const (
	OK      AnswerKind = "ok"
	Timeout AnswerKind = "timeout"
	Ended   AnswerKind = "closed"
	Failed  AnswerKind = "error"
	Missing AnswerKind = "no report" // it has not answered, or not as it should: a failure is not reported by that
)

// String writes the answer as evidence shows it.
func (a Answer) String() string {
	if a.Text == "" && a.Kind != OK {
		return string(a.Kind)
	}
	return string(a.Kind) + " " + quote(a.Text)
}

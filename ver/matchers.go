package ver

import (
	"fmt"
	"strings"

	"github.com/onsi/gomega/types"

	"github.com/socket-oneline/oneline/trace"
	"github.com/socket-oneline/oneline/ver/target"
)

// described is a matcher with words of its own for what it expects.
type described[T any] struct {
	expected string
	match    func(T) bool
}

// Expected implements trace.Described.
func (d described[T]) Expected() string { return d.expected }

func (d described[T]) Match(actual any) (bool, error) {
	value, ok := actual.(T)
	if !ok && actual != nil {
		return false, fmt.Errorf("a %T cannot be compared with %s", actual, d.expected)
	}
	return d.match(value), nil
}

func (d described[T]) FailureMessage(actual any) string {
	return fmt.Sprintf("expected %s, got %s", d.expected, trace.Text(actual))
}

func (d described[T]) NegatedFailureMessage(actual any) string {
	return fmt.Sprintf("expected anything but %s, got %s", d.expected, trace.Text(actual))
}

// beResponse matches the event that a response is.
func beResponse(want target.Response) types.GomegaMatcher {
	return described[target.Event]{want.String(), want.Matches}
}

// beUnserved matches what a further client may see while another one is served:
// nothing, or the end of its connection, but no packet (Pj).
func beUnserved() types.GomegaMatcher {
	return described[target.Event]{"nothing, or the end of the connection", func(e target.Event) bool {
		return e == target.Nothing || e == target.Closed
	}}
}

// beNoPacket matches anything but a packet.
func beNoPacket() types.GomegaMatcher {
	return described[target.Event]{"no packet", func(e target.Event) bool {
		_, packet := e.IsPacket()
		return !packet
	}}
}

// beNoScrap matches anything but an empty packet or bytes without a line feed.
func beNoScrap() types.GomegaMatcher {
	return described[target.Event]{"neither an empty packet nor bytes that are not ended", func(e target.Event) bool {
		text, packet := e.IsPacket()
		return packet && text != "" || e == target.Nothing
	}}
}

// attempt is what became of a new connection: the problem with it, if any.
type attempt string

func (a attempt) String() string {
	if a == "" {
		return "a connection that is served"
	}
	return "none: " + string(a)
}

// beServed matches a connection that is served.
func beServed() types.GomegaMatcher {
	return described[attempt]{"a connection that is served", func(a attempt) bool { return a == "" }}
}

// beAnError matches an error that says something.
func beAnError() types.GomegaMatcher {
	return described[error]{"an error that says why", func(err error) bool { return err != nil && err.Error() != "" }}
}

// mention matches a text that holds another, which differs from run to run: what
// is expected says what it is.
func mention(text, what string) types.GomegaMatcher {
	return described[string]{"a text that mentions " + what, func(s string) bool { return strings.Contains(s, text) }}
}

// beNoText matches what a client reports where it has received no response. That
// this is a time-out and nothing else is SRS-052.
func beNoText() types.GomegaMatcher {
	return described[target.Answer]{"a time-out", func(a target.Answer) bool {
		return a.Kind != target.OK && a.Kind != target.Missing || a == target.Answer{Kind: target.OK}
	}}
}

// beWhole matches the report of a response with this text, or of a failure: a
// client may have a maximum, but may not pass a part off for the whole.
func beWhole(text string) types.GomegaMatcher {
	return described[target.Answer]{fmt.Sprintf("a response of %d bytes, or an error", len(text)), func(a target.Answer) bool {
		return a.Kind == target.Failed || a == target.Answer{Kind: target.OK, Text: text}
	}}
}

// beSent matches the packets that a client was told to send, or its report that it
// could not.
func beSent() types.GomegaMatcher {
	return described[sending]{"each command whole and the report ok, or the report of an error", func(s sending) bool {
		return s.report.Kind == target.Failed || s.came == target.Packet(s.want) && s.report == target.Answer{Kind: target.OK}
	}}
}

// sending is what came of commands that a client was told to send: the last one,
// or the first that is not as it was.
type sending struct {
	want   string
	came   target.Event
	report target.Answer
}

func (s sending) String() string { return s.came.String() + " and the report " + s.report.String() }

// beFailure matches the answer of a client that reports a failure.
func beFailure() types.GomegaMatcher {
	return described[target.Answer]{"an error", func(a target.Answer) bool { return a.Kind == target.Failed }}
}

package ver

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/onsi/gomega/types"

	"github.com/socket-oneline/oneline/trace"
	"github.com/socket-oneline/oneline/ver/target"
)

// expectation is a matcher that says in words what it expects.
type expectation interface {
	types.GomegaMatcher
	trace.Described
}

// expected is an expectation of a value of one type.
type expected[T any] struct {
	words string
	holds func(T) bool
}

func (e expected[T]) Expected() string { return e.words }

func (e expected[T]) Match(actual any) (bool, error) {
	value, ok := actual.(T)
	if !ok && actual != nil {
		return false, fmt.Errorf("a %T cannot be compared with %s", actual, e.words)
	}
	return e.holds(value), nil
}

func (e expected[T]) FailureMessage(actual any) string {
	return fmt.Sprintf("expected %s, got %s", e.words, trace.Text(actual))
}

func (e expected[T]) NegatedFailureMessage(actual any) string {
	return fmt.Sprintf("expected anything but %s, got %s", e.words, trace.Text(actual))
}

// is expects a value.
func is[T comparable](want T) expected[T] {
	return expected[T]{trace.Text(want), func(got T) bool { return got == want }}
}

// isNot expects any value but one.
func isNot[T comparable](other T) expected[T] {
	return expected[T]{"not " + trace.Text(other), func(got T) bool { return got != other }}
}

// are expects a list.
func are[T comparable](want []T) expected[[]T] {
	return expected[[]T]{trace.Text(want), func(got []T) bool { return slices.Equal(got, want) }}
}

// isEmpty expects a list without elements.
func isEmpty[T any]() expected[[]T] {
	return expected[[]T]{"none", func(got []T) bool { return len(got) == 0 }}
}

// atLeast expects a time that is no shorter.
func atLeast(least time.Duration) expected[time.Duration] {
	return expected[time.Duration]{"at least " + least.String(), func(d time.Duration) bool { return d >= least }}
}

var (
	isTrue    = is(true)
	noError   = expected[error]{"no error", func(err error) bool { return err == nil }}
	anError   = expected[error]{"an error that says why", func(err error) bool { return err != nil && err.Error() != "" }}
	someWords = expected[string]{"some text", func(s string) bool { return s != "" }}
)

// mentions expects a text that holds another. What is shown says what that is: it
// may differ from run to run.
func mentions(text, what string) expected[string] {
	return expected[string]{"a text that mentions " + what, func(s string) bool { return strings.Contains(s, text) }}
}

// mentionsNot expects a text that does not hold another.
func mentionsNot(text, what string) expected[string] {
	return expected[string]{"a text that does not mention " + what, func(s string) bool { return !strings.Contains(s, text) }}
}

// Expectations of what comes on a connection.

var (
	nothing = is(target.Nothing)
	theEnd  = is(target.Closed)

	// nothingOrTheEnd is what a further client may see while another one is
	// served (Pj).
	nothingOrTheEnd = expected[target.Event]{"nothing, or the end of the connection", func(e target.Event) bool {
		return e == target.Nothing || e == target.Closed
	}}

	noPacket = expected[target.Event]{"no packet", func(e target.Event) bool {
		_, packet := e.IsPacket()
		return !packet
	}}

	// noScrap is anything but an empty packet or bytes without a line feed.
	noScrap = expected[target.Event]{"neither an empty packet nor bytes that are not ended", func(e target.Event) bool {
		text, packet := e.IsPacket()
		return packet && text != "" || e == target.Nothing
	}}
)

// packet expects a packet with this text.
func packet(text string) expected[target.Event] { return is(target.Packet(text)) }

// response expects the packet that a response is.
func response(want target.Response) expected[target.Event] {
	return expected[target.Event]{want.String(), want.Matches}
}

// service is what came of a new connection: what was wrong with it, or nothing.
type service string

func (s service) String() string {
	if s == "" {
		return "a connection that is served"
	}
	return "none: " + string(s)
}

var served = is(service(""))

// Expectations of what a client reports.

var (
	ok      = is(target.Answer{Kind: target.OK})
	yes     = target.Answer{Kind: target.OK, Text: "true"}
	failure = expected[target.Answer]{"an error", func(a target.Answer) bool { return a.Kind == target.Failed }}

	// notOK is a report that something has not gone well, whatever it is.
	notOK = expected[target.Answer]{"a report that it failed", func(a target.Answer) bool {
		return a.Kind != target.OK && a.Kind != target.Missing && a.Kind != ""
	}}

	// reported is a report, whatever it says.
	reported = expected[target.Answer]{"a report", func(a target.Answer) bool { return a.Kind != target.Missing && a.Kind != "" }}

	// notConnected is what a client reports of what it cannot do without a connection.
	notConnected = expected[target.Answer]{"an error, or that it is closed", func(a target.Answer) bool {
		return a.Kind == target.Failed || a.Kind == target.Ended
	}}

	// noText is what a client reports that has received no response. That this is a
	// time-out and nothing else is SRS-052.
	noText = expected[target.Answer]{"a time-out", func(a target.Answer) bool {
		return a.Kind != target.OK && a.Kind != target.Missing || a == target.Answer{Kind: target.OK}
	}}
)

// received expects the report of a response.
func received(text string) expected[target.Answer] {
	return is(target.Answer{Kind: target.OK, Text: text})
}

// wholeOrError expects the report of a response with this text, or of a failure:
// a client may have a maximum, but may not pass a part off for the whole.
func wholeOrError(text string) expected[target.Answer] {
	return expected[target.Answer]{fmt.Sprintf("a response of %d bytes, or an error", len(text)), func(a target.Answer) bool {
		return a.Kind == target.Failed || a == target.Answer{Kind: target.OK, Text: text}
	}}
}

// delivery is what came of commands that a client was told to send: the last one,
// or the first that came otherwise.
type delivery struct {
	want   string
	came   target.Event
	report target.Answer
}

func (d delivery) String() string { return d.came.String() + " and the report " + d.report.String() }

// wholeOrReported expects the packets that a client was told to send, or its
// report that it could not send them.
var wholeOrReported = expected[delivery]{"each command whole and the report ok, or the report of an error", func(d delivery) bool {
	return d.report.Kind == target.Failed || d.came == target.Packet(d.want) && d.report == target.Answer{Kind: target.OK}
}}

package ver

import (
	"fmt"

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

// expecting makes an expectation from its words, and what holds for what it expects.
func expecting[T any](words string, holds func(T) bool) expected[T] { return expected[T]{words, holds} }

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

var (
	isTrue    = is(true)
	noError   = expected[error]{"no error", func(err error) bool { return err == nil }}
	anError   = expected[error]{"an error that says why", func(err error) bool { return err != nil && err.Error() != "" }}
	someWords = expected[string]{"some text", func(s string) bool { return s != "" }}
)

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

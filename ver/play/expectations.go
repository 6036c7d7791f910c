package play

import (
	"fmt"

	"github.com/onsi/gomega/types"

	"github.com/socket-oneline/oneline/trace"
	"github.com/socket-oneline/oneline/ver/target"
)

// Expectation is a matcher that says in words what it expects.
type Expectation interface {
	types.GomegaMatcher
	trace.Described
}

// Expected is an expectation of a value of one type.
type Expected[T any] struct {
	words   string
	matches func(T) bool
}

// Expecting makes an expectation from its words, and what holds for what it expects.
func Expecting[T any](words string, matches func(T) bool) Expected[T] {
	return Expected[T]{words, matches}
}

func (e Expected[T]) Expected() string { return e.words }

func (e Expected[T]) Match(actual any) (bool, error) {
	value, ok := actual.(T)
	if !ok && actual != nil {
		return false, fmt.Errorf("a %T cannot be compared with %s", actual, e.words)
	}
	return e.matches(value), nil
}

func (e Expected[T]) FailureMessage(actual any) string {
	return fmt.Sprintf("expected %s, got %s", e.words, trace.Text(actual))
}

func (e Expected[T]) NegatedFailureMessage(actual any) string {
	return fmt.Sprintf("expected anything but %s, got %s", e.words, trace.Text(actual))
}

// Is expects a value.
func Is[T comparable](want T) Expected[T] {
	return Expected[T]{trace.Text(want), func(got T) bool { return got == want }}
}

// IsNot expects any value but one.
func IsNot[T comparable](other T) Expected[T] {
	return Expected[T]{"not " + trace.Text(other), func(got T) bool { return got != other }}
}

var (
	IsTrue    = Is(true)
	NoError   = Expected[error]{"no error", func(err error) bool { return err == nil }}
	AnError   = Expected[error]{"an error that says why", func(err error) bool { return err != nil && err.Error() != "" }}
	SomeWords = Expected[string]{"some text", func(s string) bool { return s != "" }}
)

// Expectations of what comes on a connection.

var (
	Nothing = Is(target.Nothing)
	TheEnd  = Is(target.Closed)

	// NothingOrTheEnd is what a further client may see while another one is
	// served (Pj).
	NothingOrTheEnd = Expected[target.Event]{"nothing, or the end of the connection", func(e target.Event) bool {
		return e == target.Nothing || e == target.Closed
	}}

	NoPacket = Expected[target.Event]{"no packet", func(e target.Event) bool {
		_, packet := e.IsPacket()
		return !packet
	}}
)

// Packet expects a packet with this text.
func Packet(text string) Expected[target.Event] { return Is(target.Packet(text)) }

// Response expects the packet that a response is.
func Response(want target.Response) Expected[target.Event] {
	return Expected[target.Event]{want.String(), want.Matches}
}

// Service is what came of a new connection: what was wrong with it, or nothing.
type Service string

func (s Service) String() string {
	if s == "" {
		return "a connection that is served"
	}
	return "none: " + string(s)
}

// Served expects that a connection is served.
var Served = Is(Service(""))

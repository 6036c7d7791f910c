package words_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/onsi/gomega"

	"github.com/socket-oneline/oneline/trace/words"
)

type node struct {
	Name string
	next *node
}

type locked struct {
	sync.Mutex
	n int
}

type talker struct{ text string }

func (t *talker) String() string { return t.text } // panics on nil

func TestValue(t *testing.T) {
	ring := &node{Name: "a"}
	ring.next = ring
	for want, value := range map[string]any{
		"nil":                  (*talker)(nil),
		`"a  b"`:               "a  b",
		`"\xff\n"`:             []byte("\xff\n"),
		`["a" "b  c"]`:         []string{"a", "b  c"},
		"[]":                   []string{},
		`error: two\n  lines`:  errors.New("two\n  lines"),
		"1s":                   time.Second,
		"2026-11-30T12:00:00Z": noon,
		`&{Name:"a" next:...}`: ring,
		"&a locked":            &locked{n: 1},
		"a function":           func() {},
		"a channel":            make(chan int),
		"{A:1 B:\"x  y\"}":     pair{1, "x  y"},
		`[error: gone nil]`:    []error{errGone, nil},
		"(1+2i)":               complex(1, 2),
		`{"a":&{A:1 B:""}}`:    map[string]*pair{"a": {A: 1}},
	} {
		if got := words.Value(value); got != want {
			t.Errorf("%s, not %s", got, want)
		}
	}
}

// A nil pointer in an interface is nil, whatever its methods do.
func TestNilPointerWithMethods(t *testing.T) {
	if got := words.Value(error((*nilError)(nil))); got != "nil" {
		t.Error(got)
	}
	if got := words.Value(fmt.Stringer((*talker)(nil))); got != "nil" {
		t.Error(got)
	}
}

// shy is a matcher whose own words panic.
type shy struct{ gomegaMatcher }

type gomegaMatcher = words.Matcher

func (shy) Expected() string { panic("oh") }

type function func(any) bool

func (f function) Match(actual any) (bool, error)   { return f(actual), nil }
func (f function) FailureMessage(any) string        { return "Expected\n    <int>: 3\nto be even" }
func (f function) NegatedFailureMessage(any) string { panic("oh") }

// No matcher of anybody's can make the recording panic.
func TestForeignMatchers(t *testing.T) {
	even := function(func(v any) bool { return v.(int)%2 == 0 })
	for want, got := range map[string]string{
		"to be even":              words.Expected(even, 3, false),
		"not a match of function": words.Expected(even, 3, true),
		"5":                       words.Expected(gomega.Equal(5), 5, false),
		"to equal 5":              words.Expected(shy{gomega.Equal(5)}, 3, false),
	} {
		if got != want {
			t.Errorf("%q, not %q", got, want)
		}
	}
}

func TestMessage(t *testing.T) {
	if got := words.Message("Expected\n    <*string | 0xc0000140a0>: a  b\nto be\n\n    <int>: 3 at 0xc0000140a0\n"); got != "Expected a  b to be 3 at ..." {
		t.Errorf("%q", got)
	}
}

// A row about a channel says what the channel gave.
func TestReceived(t *testing.T) {
	full, closed := make(chan int, 1), make(chan int)
	full <- 7
	close(closed)
	for want, c := range map[string]chan int{"a channel that gives 7": full, "a closed channel": closed, "a channel that gives nothing": make(chan int)} {
		m := gomega.Receive(gomega.Equal(8))
		_, _ = m.Match(c)
		if _, got := words.Outcome(m, c, false, false); got != want {
			t.Errorf("%s, not %s", got, want)
		}
	}
}

func TestLongValueIsBounded(t *testing.T) {
	if n := len(words.Value(make([]int, 1e6))); n > 10_000 {
		t.Error(n)
	}
}

func TestVisible(t *testing.T) {
	for text, want := range map[string]bool{
		"a": true, ".": true, "\u200b": false, " \t\n": false, "": false, "\u200b\ufeff\u00ad": false, "\u3164": false, "é": true, "\u0301": false,
	} {
		if words.Visible(text) != want {
			t.Errorf("%q", text)
		}
	}
}

func TestLine(t *testing.T) {
	for text, want := range map[string]string{
		"a  b": "a  b", "a\n b\n": `a\n b`, `C:\x "y"`: `C:\x "y"`, "\x00": `\x00`,
	} {
		if got := words.Line(text); got != want {
			t.Errorf("%q: %q, not %q", text, got, want)
		}
	}
}

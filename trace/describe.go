package trace

import (
	"fmt"
	"strings"

	"github.com/onsi/gomega/format"
	"github.com/onsi/gomega/matchers"
	"github.com/onsi/gomega/types"
)

// Described is a matcher that says in its own words what it expects, such as
// "a packet that begins with err". Matchers made of other matchers should
// implement it; for all others the words are taken from Gomega's message.
type Described interface {
	Expected() string
}

// witness is a matcher that remembers what it was shown last.
type witness struct {
	types.GomegaMatcher
	shown  bool
	actual any
	err    error
}

func (w *witness) Match(actual any) (bool, error) {
	ok, err := w.GomegaMatcher.Match(actual)
	w.shown, w.actual, w.err = true, actual, err
	return ok, err
}

// MatchMayChangeInTheFuture passes on what lets Gomega stop polling early.
func (w *witness) MatchMayChangeInTheFuture(actual any) bool {
	return types.MatchMayChangeInTheFuture(w.GomegaMatcher, actual)
}

// found is the actual value in words. Where the matcher was never shown one,
// the message of the failure has to do: it says, for instance, that a function
// returned an error.
func (w *witness) found(failure string) string {
	switch {
	case !w.shown && failure != "":
		return oneLine(failure)
	case !w.shown:
		return "nothing"
	case w.err != nil:
		return fmt.Sprintf("%s (%s)", Text(w.actual), oneLine(w.err.Error()))
	}
	return Text(w.actual)
}

// expected is what a matcher expects, in words.
func expected(w *witness, positive bool) string {
	prefix := ""
	if !positive {
		prefix = "not "
	}
	switch m := w.GomegaMatcher.(type) {
	case Described:
		return prefix + m.Expected()
	case *matchers.EqualMatcher:
		return prefix + Text(m.Expected)
	case *matchers.HaveOccurredMatcher:
		if positive {
			return "an error"
		}
		return "no error"
	case *matchers.SucceedMatcher:
		return prefix + "success"
	case *matchers.BeTrueMatcher:
		return prefix + "true"
	case *matchers.BeFalseMatcher:
		return prefix + "false"
	case *matchers.BeNilMatcher:
		return prefix + "nil"
	}
	return fromMessage(w, positive)
}

// fromMessage takes Gomega's message, "Expected ACTUAL to be so", without its
// first part. Some matchers cannot give the message of a case that did not
// happen; their type must do.
func fromMessage(w *witness, positive bool) (text string) {
	defer func() {
		if recover() != nil {
			text = fmt.Sprintf("%T", w.GomegaMatcher)
		}
	}()
	message := w.NegatedFailureMessage
	if positive {
		message = w.FailureMessage
	}
	whole := message(w.actual)
	rest, _ := strings.CutPrefix(whole, "Expected\n"+format.Object(w.actual, 1)+"\n")
	return oneLine(rest)
}

// Text writes a value as evidence shows it: on one line, strings quoted. A
// value with a String method speaks for itself.
func Text(value any) string {
	switch v := value.(type) {
	case nil:
		return "nil"
	case error:
		return "error: " + oneLine(v.Error())
	case fmt.Stringer:
		return oneLine(v.String())
	case string:
		return fmt.Sprintf("%q", v)
	case []byte, []string:
		return fmt.Sprintf("%q", v)
	case bool, int, int8, int16, int32, int64, uint, uint8, uint16, uint32, uint64, float32, float64:
		return fmt.Sprint(v)
	}
	return oneLine(fmt.Sprintf("%+v", value))
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

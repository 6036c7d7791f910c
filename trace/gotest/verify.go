package gotest

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/trace/record"
	"github.com/socket-oneline/oneline/trace/words"
)

// Matcher is a matcher as Gomega has them.
type Matcher = words.Matcher

// Verify begins a verification: the assertion that follows is recorded, with what
// was expected and what was found, whether it holds or not, and the test goes on.
// Without ids it means the one id of the Req that it comes from. Only ids that the
// test names may be given.
func (r *Requirements) Verify(ids ...string) *Verification {
	return r.begin(record.Verify, ids)
}

// Must is [Requirements.Verify], but a failure ends the test, as t.FailNow does:
// what follows would make no sense.
func (r *Requirements) Must(ids ...string) *Verification {
	return r.begin(record.Must, ids)
}

// Need is a precondition. If it does not hold, the test is blocked: it ends, and no
// requirement fails. The text, formatted as by fmt.Sprintf, says what must hold.
func (r *Requirements) Need(ok bool, text string, args ...any) {
	v := r.begin(record.Need, nil)
	v.conclude(ok, "true", fmt.Sprint(ok), append([]any{text}, args...))
}

// Verification waits for its assertion. Without one it is a fault.
type Verification struct {
	test *test
	open *record.Verification
}

func (r *Requirements) begin(verb record.Verb, ids []string) *Verification {
	t := r.test
	place := t.check(string(verb))
	if len(ids) == 0 && len(r.ids) == 1 {
		ids = r.ids
	}
	return &Verification{t, t.attempt.Verification(verb, string(verb), place, "add it to gotest.Req", ids)}
}

// conclude records the outcome and fails the test if it must.
func (v *Verification) conclude(ok bool, expected string, actual string, text []any) bool {
	done := evidence.Verification{
		Requirements: v.open.Requirements, Text: sentence(text), Expected: expected, Actual: actual, Passed: ok, Location: caller(),
	}
	v.open.Conclude(done)
	if ok {
		return true
	}
	failure := record.Failure(done)
	if v.open.Verb == record.Need {
		failure = fmt.Sprintf("blocked: %s: expected %s, got %s", done.Text, done.Expected, done.Actual)
	}
	v.test.print(done.Location, failure)
	switch v.open.Verb {
	case record.Need:
		v.test.SkipNow()
	case record.Must:
		v.test.FailNow()
	default:
		v.test.Fail()
	}
	return false
}

// Equal asserts that two values are deeply equal, as reflect.DeepEqual tells. A
// text, formatted as by fmt.Sprintf, says what is verified. Like all assertions it
// reports whether it holds.
func (v *Verification) Equal(actual, expected any, text ...any) bool {
	want, got := words.Value(expected), words.Value(actual)
	ok := reflect.DeepEqual(actual, expected)
	if !ok && want == got {
		want, got = words.Typed(expected), words.Typed(actual)
	}
	return v.conclude(ok, want, got, text)
}

// NotEqual asserts that two values are not deeply equal.
func (v *Verification) NotEqual(actual, unexpected any, text ...any) bool {
	return v.conclude(!reflect.DeepEqual(actual, unexpected), "not "+words.Value(unexpected), words.Value(actual), text)
}

// True asserts that a condition holds. The text should say which.
func (v *Verification) True(ok bool, text ...any) bool {
	return v.conclude(ok, "true", fmt.Sprint(ok), text)
}

// False asserts that a condition does not hold.
func (v *Verification) False(ok bool, text ...any) bool {
	return v.conclude(!ok, "false", fmt.Sprint(ok), text)
}

// NoError asserts that there is no error.
func (v *Verification) NoError(err error, text ...any) bool {
	return v.conclude(err == nil, "no error", words.Error(err), text)
}

// Error asserts that there is an error.
func (v *Verification) Error(err error, text ...any) bool {
	return v.conclude(err != nil, "an error", words.Error(err), text)
}

// ErrorIs asserts that an error is another one, as errors.Is tells.
func (v *Verification) ErrorIs(err, target error, text ...any) bool {
	return v.conclude(errors.Is(err, target), "an error that is "+words.Error(target), words.Error(err), text)
}

// Contains asserts that a text contains another.
func (v *Verification) Contains(actual, substring string, text ...any) bool {
	return v.conclude(strings.Contains(actual, substring), fmt.Sprintf("text that contains %q", substring), words.Value(actual), text)
}

// Expect asserts on a value by a matcher of Gomega's, or one like them. Further
// values, such as the error of a function, must be zero.
func (v *Verification) Expect(actual any, extra ...any) Assertion {
	v.waits("Expect")
	return Assertion{v, "", func(m Matcher, positive bool) (any, bool, error) {
		for _, more := range extra {
			if more != nil && !reflect.ValueOf(more).IsZero() {
				return actual, false, fmt.Errorf("and %s", words.Value(more))
			}
		}
		ok, err := m.Match(actual)
		return actual, err == nil && ok == positive, err
	}}
}

// Eventually asserts that a function gives what a matcher expects within a time.
// It is tried every 10 ms, and ends with the test's context.
func (v *Verification) Eventually(f func() any, within time.Duration) Assertion {
	v.waits("Eventually")
	return Assertion{v, fmt.Sprintf("eventually within %s: ", within), func(m Matcher, positive bool) (any, bool, error) {
		return v.poll(f, m, positive, within, true)
	}}
}

// Consistently asserts that a function gives what a matcher expects all the time.
// It is tried every 10 ms.
func (v *Verification) Consistently(f func() any, during time.Duration) Assertion {
	v.waits("Consistently")
	return Assertion{v, fmt.Sprintf("consistently for %s: ", during), func(m Matcher, positive bool) (any, bool, error) {
		return v.poll(f, m, positive, during, false)
	}}
}

// waits notes that an assertion waits for its matcher.
func (v *Verification) waits(assertion string) {
	v.open.Asserting = assertion
	v.open.Open()
}

// poll tries until the assertion is as wanted, or the time is over.
func (v *Verification) poll(f func() any, m Matcher, positive bool, during time.Duration, until bool) (actual any, ok bool, err error) {
	over := time.NewTimer(during)
	defer over.Stop()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		actual = f()
		ok, err = m.Match(actual)
		if ok = err == nil && ok == positive; ok == until {
			return actual, ok, err
		}
		select {
		case <-tick.C:
		case <-over.C:
			return actual, ok, err
		case <-v.test.Context().Done():
			return actual, false, v.test.Context().Err()
		}
	}
}

// Assertion waits for its matcher, and is a fault without one.
type Assertion struct {
	v      *Verification
	before string // the verb and its time, in words
	run    func(m Matcher, positive bool) (actual any, ok bool, err error)
}

// To asserts that the matcher matches. A text, formatted as by fmt.Sprintf, says
// what is verified.
func (a Assertion) To(m Matcher, text ...any) bool { return a.assert(m, true, text) }

// NotTo asserts that the matcher does not match.
func (a Assertion) NotTo(m Matcher, text ...any) bool { return a.assert(m, false, text) }

// Should is To, for Eventually and Consistently.
func (a Assertion) Should(m Matcher, text ...any) bool { return a.assert(m, true, text) }

// ShouldNot is NotTo, for Eventually and Consistently.
func (a Assertion) ShouldNot(m Matcher, text ...any) bool { return a.assert(m, false, text) }

func (a Assertion) assert(m Matcher, positive bool, text []any) bool {
	value, ok, err := a.run(m, positive)
	expected, actual := words.Outcome(m, value, !positive, ok || err != nil)
	if err != nil {
		actual += " (" + words.Message(err.Error()) + ")"
	}
	return a.v.conclude(ok, a.before+expected, actual, text)
}

func sentence(text []any) string {
	if len(text) == 0 {
		return ""
	}
	if format, ok := text[0].(string); ok {
		if len(text) == 1 {
			return format
		}
		return fmt.Sprintf(format, text[1:]...)
	}
	return fmt.Sprint(text...)
}

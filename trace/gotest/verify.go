package gotest

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/socket-oneline/oneline/trace/record"
	"github.com/socket-oneline/oneline/trace/words"
)

// Matcher is a matcher as Gomega has them.
type Matcher = words.Matcher

// Assertion waits for its matcher, and is a fault without one. Its methods report
// whether it held.
type Assertion = record.Assertion

// Verify begins a verification: the assertion that follows is recorded, with what
// was expected and what was found, whether it holds or not, and the test goes on.
// Without ids it means the one id of the Req that it comes from. Only ids that the
// test names may be given.
func (r *Requirements) Verify(ids ...string) *Verification { return r.begin(record.Verify, ids) }

// Must is [Requirements.Verify], but a failure ends the test, as t.FailNow does:
// what follows would make no sense.
func (r *Requirements) Must(ids ...string) *Verification { return r.begin(record.Must, ids) }

// Need is a precondition. If it does not hold, the test is blocked: it ends, and no
// requirement fails. The text, formatted as by fmt.Sprintf, says what must hold.
func (r *Requirements) Need(ok bool, text string, args ...any) {
	r.begin(record.Need, nil).True(ok, append([]any{text}, args...)...)
}

// Verification waits for its assertion. Without one it is a fault.
type Verification struct {
	test  *test
	begun *record.Verification
}

func (r *Requirements) begin(verb record.Verb, ids []string) *Verification {
	place := r.test.check(string(verb))
	if len(ids) == 0 && len(r.ids) == 1 && verb != record.Need {
		ids = r.ids
	}
	return &Verification{r.test, r.test.attempt.Verification(verb, place, ids)}
}

// Equal asserts that two values are deeply equal, by reflect.DeepEqual. A
// text, formatted as by fmt.Sprintf, says what is verified. Like all assertions it
// reports whether it holds.
func (v *Verification) Equal(actual, expected any, text ...any) bool {
	want, got := words.Value(expected), words.Value(actual)
	ok := reflect.DeepEqual(actual, expected)
	if !ok && want == got {
		want, got = words.Typed(expected), words.Typed(actual)
	}
	return v.begun.Conclude(ok, want, got, text)
}

// NotEqual asserts that two values are not deeply equal.
func (v *Verification) NotEqual(actual, unexpected any, text ...any) bool {
	return v.begun.Conclude(!reflect.DeepEqual(actual, unexpected), "not "+words.Value(unexpected), words.Value(actual), text)
}

// True asserts that a condition holds. The text should say which.
func (v *Verification) True(ok bool, text ...any) bool {
	return v.begun.Conclude(ok, "true", words.Value(ok), text)
}

// False asserts that a condition does not hold.
func (v *Verification) False(ok bool, text ...any) bool {
	return v.begun.Conclude(!ok, "false", words.Value(ok), text)
}

// NoError asserts that there is no error.
func (v *Verification) NoError(err error, text ...any) bool {
	return v.begun.Conclude(err == nil, "no error", words.Error(err), text)
}

// Error asserts that there is an error.
func (v *Verification) Error(err error, text ...any) bool {
	return v.begun.Conclude(err != nil, "an error", words.Error(err), text)
}

// ErrorIs asserts that an error is another one, by errors.Is.
func (v *Verification) ErrorIs(err, target error, text ...any) bool {
	return v.begun.Conclude(errors.Is(err, target), "an error that is "+words.Error(target), words.Error(err), text)
}

// Contains asserts that a text contains another.
func (v *Verification) Contains(actual, substring string, text ...any) bool {
	return v.begun.Conclude(strings.Contains(actual, substring), fmt.Sprintf("text that contains %q", substring), words.Value(actual), text)
}

// Expect asserts on a value by a matcher of Gomega's, or one like them. Further
// values, such as the error of a function, must be zero.
func (v *Verification) Expect(actual any, extra ...any) Assertion {
	return v.begun.Assertion("Expect", func(m Matcher, positive bool) (string, any, bool, error) {
		for _, more := range extra {
			if more != nil && !reflect.ValueOf(more).IsZero() {
				return "", actual, false, fmt.Errorf("and %s", words.Value(more))
			}
		}
		ok, err := m.Match(actual)
		return "", actual, err == nil && ok == positive, err
	})
}

// Eventually asserts that a function gives what a matcher expects within a time.
// It is tried every 10 ms, and ends with the test's context.
func (v *Verification) Eventually(f func() any, within time.Duration) Assertion {
	return v.poll("Eventually", f, within)
}

// Consistently asserts that a function gives what a matcher expects all the time.
// It is tried every 10 ms.
func (v *Verification) Consistently(f func() any, during time.Duration) Assertion {
	return v.poll("Consistently", f, during)
}

// poll asserts on what a function gives until that is settled, or the time is over.
func (v *Verification) poll(verb string, f func() any, during time.Duration) Assertion {
	eventually := verb == "Eventually"
	before := fmt.Sprintf("consistently for %s: ", during)
	if eventually {
		before = fmt.Sprintf("eventually within %s: ", during)
	}
	return v.begun.Assertion(verb, func(m Matcher, positive bool) (_ string, actual any, ok bool, err error) {
		over := time.NewTimer(during)
		defer over.Stop()
		tick := time.NewTicker(10 * time.Millisecond)
		defer tick.Stop()
		for {
			actual = f()
			ok, err = m.Match(actual)
			if ok = err == nil && ok == positive; ok == eventually {
				return before, actual, ok, err
			}
			select {
			case <-tick.C:
			case <-over.C:
				return before, actual, ok, err
			case <-v.test.Context().Done():
				return before, actual, false, v.test.Context().Err()
			}
		}
	})
}

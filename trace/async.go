package trace

import (
	"context"
	"fmt"
	"time"

	"github.com/onsi/gomega"
	"github.com/onsi/gomega/types"

	"github.com/socket-oneline/oneline/trace/words"
)

// AsyncAssertion is an assertion that is tried again and again. It has the options
// of Gomega's.
type AsyncAssertion struct {
	Assertion
	async types.AsyncAssertion
}

func (v *Verification) async(verb string, begin func(gomega.Gomega, any, ...any) types.AsyncAssertion, actual any, args []any) *AsyncAssertion {
	t := newTrial()
	a := &AsyncAssertion{async: begin(t, actual, args...)}
	a.Assertion = v.assertion(verb, t, func() (string, expectation) {
		own := words.Field(a.async, "ctx")
		hasOwn := !own.IsValid() || !own.IsNil()
		before := a.words(verb, t.Gomega, hasOwn)
		if !hasOwn {
			t.EnforceDefaultTimeoutsWhenUsingContexts()
			a.async = a.async.WithContext(v.ctx)
		}
		return before, a.async
	})
	return a
}

// WithTimeout sets how long to try, or for Consistently how long it must hold.
func (a *AsyncAssertion) WithTimeout(d time.Duration) *AsyncAssertion {
	a.async = a.async.WithTimeout(d)
	return a
}

// Within is WithTimeout.
func (a *AsyncAssertion) Within(d time.Duration) *AsyncAssertion { return a.WithTimeout(d) }

// WithPolling sets the time between two tries.
func (a *AsyncAssertion) WithPolling(d time.Duration) *AsyncAssertion {
	a.async = a.async.WithPolling(d)
	return a
}

// ProbeEvery is WithPolling.
func (a *AsyncAssertion) ProbeEvery(d time.Duration) *AsyncAssertion { return a.WithPolling(d) }

// WithContext ends the tries with ctx instead of the spec's context.
func (a *AsyncAssertion) WithContext(ctx context.Context) *AsyncAssertion {
	a.async = a.async.WithContext(ctx)
	return a
}

// WithArguments passes arguments to the function that is tried.
func (a *AsyncAssertion) WithArguments(args ...any) *AsyncAssertion {
	a.async = a.async.WithArguments(args...)
	return a
}

// MustPassRepeatedly sets how many tries in a row must hold.
func (a *AsyncAssertion) MustPassRepeatedly(count int) *AsyncAssertion {
	a.async = a.async.MustPassRepeatedly(count)
	return a
}

// words say which verb it is and how long it takes: unless it was said, Gomega's default,
// which a suite or the environment may have changed.
func (a *AsyncAssertion) words(verb string, g gomega.Gomega, ownContext bool) string {
	given := number(a.async, "timeoutInterval")
	lasts := func(word, name string) string {
		if given < 0 {
			given = number(g, "DurationBundle", name)
		}
		if given < 0 {
			return ""
		}
		return word + time.Duration(given).String()
	}
	text := "eventually, until its context ends"
	switch {
	case verb == "Consistently":
		text = "consistently" + lasts(" for ", "ConsistentlyDuration")
	case given >= 0 || !ownContext:
		text = "eventually" + lasts(" within ", "EventuallyTimeout")
	}
	if polling := number(a.async, "pollingInterval"); polling >= 0 {
		text += fmt.Sprintf(", tried every %s", time.Duration(polling))
	}
	if repeated := number(a.async, "mustPassRepeatedly"); repeated > 1 {
		text += fmt.Sprintf(", %d times in a row", repeated)
	}
	return text + ": "
}

// number is a setting that is a number: -1 if it was not made, as in Gomega.
func number(of any, path ...string) int64 {
	if v := words.Field(of, path...); v.CanInt() {
		return v.Int()
	}
	return -1
}

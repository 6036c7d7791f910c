package trace

import (
	"context"
	"fmt"
	"reflect"
	"time"

	"github.com/onsi/gomega"
	"github.com/onsi/gomega/types"
)

// AsyncAssertion is an assertion that is tried again and again. It has the options
// of Gomega's.
type AsyncAssertion struct {
	Assertion
	verb          string
	options       []func(types.AsyncAssertion) types.AsyncAssertion
	context       bool          // it has one of its own
	time, polling time.Duration // as they were given; -1 if they were not
	repeated      int           // times that it must pass in a row
}

func (v *Verification) async(verb string, begin func(gomega.Gomega, any, ...any) types.AsyncAssertion, actual any, args []any) *AsyncAssertion {
	a := &AsyncAssertion{verb: verb, time: -1, polling: -1}
	a.Assertion = v.assertion(verb, func(g gomega.Gomega, m types.GomegaMatcher, positive bool) string {
		if !a.context {
			g.EnforceDefaultTimeoutsWhenUsingContexts()
			a.options = append(a.options, func(async types.AsyncAssertion) types.AsyncAssertion { return async.WithContext(v.ctx) })
		}
		async := begin(g, actual, args...)
		for _, option := range a.options {
			async = option(async)
		}
		if positive {
			async.Should(m)
		} else {
			async.ShouldNot(m)
		}
		return a.words()
	})
	rest := args
	if _, ok := actual.(context.Context); ok && len(args) > 0 { // as in Gomega, it may precede the actual value
		if _, isTime := duration(args[0]); !isTime {
			a.context, rest = true, args[1:]
		}
	}
	for _, arg := range rest {
		if _, ok := arg.(context.Context); ok {
			a.context = true
		} else if d, ok := duration(arg); ok && a.time < 0 {
			a.time = d
		} else if ok {
			a.polling = d
		}
	}
	return a
}

// duration gives a time its meaning in Gomega: numbers are seconds, texts are
// durations.
func duration(arg any) (time.Duration, bool) {
	if d, ok := arg.(time.Duration); ok {
		return d, true
	}
	switch v := reflect.ValueOf(arg); {
	case v.CanInt(), v.CanUint(), v.CanFloat():
		seconds := v.Convert(reflect.TypeFor[float64]()).Float()
		return time.Duration(seconds * float64(time.Second)), true
	case v.Kind() == reflect.String:
		d, err := time.ParseDuration(v.String())
		return d, err == nil
	}
	return 0, false
}

func (a *AsyncAssertion) with(option func(types.AsyncAssertion) types.AsyncAssertion) *AsyncAssertion {
	a.options = append(a.options, option)
	return a
}

// WithTimeout sets how long to try, or for Consistently how long it must hold.
func (a *AsyncAssertion) WithTimeout(d time.Duration) *AsyncAssertion {
	a.time = d
	return a.with(func(g types.AsyncAssertion) types.AsyncAssertion { return g.WithTimeout(d) })
}

// Within is WithTimeout.
func (a *AsyncAssertion) Within(d time.Duration) *AsyncAssertion { return a.WithTimeout(d) }

// WithPolling sets the time between two tries.
func (a *AsyncAssertion) WithPolling(d time.Duration) *AsyncAssertion {
	a.polling = d
	return a.with(func(g types.AsyncAssertion) types.AsyncAssertion { return g.WithPolling(d) })
}

// ProbeEvery is WithPolling.
func (a *AsyncAssertion) ProbeEvery(d time.Duration) *AsyncAssertion { return a.WithPolling(d) }

// WithContext ends the tries with ctx instead of the spec's context.
func (a *AsyncAssertion) WithContext(ctx context.Context) *AsyncAssertion {
	a.context = true
	return a.with(func(g types.AsyncAssertion) types.AsyncAssertion { return g.WithContext(ctx) })
}

// WithArguments passes arguments to the function that is tried.
func (a *AsyncAssertion) WithArguments(args ...any) *AsyncAssertion {
	return a.with(func(g types.AsyncAssertion) types.AsyncAssertion { return g.WithArguments(args...) })
}

// MustPassRepeatedly sets how many tries in a row must hold.
func (a *AsyncAssertion) MustPassRepeatedly(count int) *AsyncAssertion {
	a.repeated = count
	return a.with(func(g types.AsyncAssertion) types.AsyncAssertion { return g.MustPassRepeatedly(count) })
}

// words say which verb it is and how long it takes.
func (a *AsyncAssertion) words() string {
	text := "eventually, until its context ends"
	switch {
	case a.verb == "Consistently":
		text = "consistently for " + a.lasts("ConsistentlyDuration", 100*time.Millisecond).String()
	case a.time >= 0 || !a.context:
		text = "eventually within " + a.lasts("EventuallyTimeout", time.Second).String()
	}
	if a.polling >= 0 {
		text += fmt.Sprintf(", tried every %s", a.polling)
	}
	if a.repeated > 1 {
		text += fmt.Sprintf(", %d times in a row", a.repeated)
	}
	return text + ": "
}

// lasts is how long to try: unless it was said, Gomega's default, which a suite or
// the environment may have changed.
func (a *AsyncAssertion) lasts(name string, otherwise time.Duration) time.Duration {
	if a.time >= 0 {
		return a.time
	}
	if g := reflect.Indirect(reflect.ValueOf(gomega.Default)); g.Kind() == reflect.Struct {
		if bundle := g.FieldByName("DurationBundle"); bundle.IsValid() {
			return time.Duration(bundle.FieldByName(name).Int())
		}
	}
	return otherwise
}

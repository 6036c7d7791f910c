package trace

import (
	"context"
	"fmt"
	"reflect"
	"time"

	. "github.com/onsi/ginkgo/v2"
	"github.com/onsi/gomega"
	"github.com/onsi/gomega/types"
)

// AsyncAssertion is an assertion that is tried again and again. It has the options
// of Gomega's.
type AsyncAssertion struct {
	Assertion
	asserted *asserted
	verb     string
	make     func(g gomega.Gomega, actual any, args ...any) types.AsyncAssertion
	actual   any
	args     []any
	options  []func(types.AsyncAssertion) types.AsyncAssertion
	context  context.Context // nil: the spec's
	repeated int             // times that it must pass in a row

	// As they were given; -1 if they were not.
	time, polling time.Duration
}

func (v *Verification) async(verb string, make func(gomega.Gomega, any, ...any) types.AsyncAssertion, actual any, args []any) *AsyncAssertion {
	GinkgoHelper()
	a := &AsyncAssertion{asserted: v.waits(verb), verb: verb, make: make, actual: actual, args: args, time: -1, polling: -1}
	a.Assertion = Assertion{a.carryOut}
	// As in Gomega, a context may stand first, before the actual value.
	if ctx, ok := actual.(context.Context); ok && len(args) > 0 {
		if _, isTime := duration(args[0]); !isTime {
			a.context, args = ctx, args[1:]
		}
	}
	for _, arg := range args {
		if ctx, ok := arg.(context.Context); ok {
			a.context = ctx
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
	case v.CanInt():
		return time.Duration(v.Int()) * time.Second, true
	case v.CanUint():
		return time.Duration(v.Uint()) * time.Second, true
	case v.CanFloat():
		return time.Duration(v.Float() * float64(time.Second)), true
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

// WithContext ends the tries with ctx instead of the spec's context. A context
// with a method Lasts() time.Duration tells evidence how long that is.
func (a *AsyncAssertion) WithContext(ctx context.Context) *AsyncAssertion {
	a.context = ctx
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

func (a *AsyncAssertion) carryOut(m types.GomegaMatcher, positive bool, text []any) bool {
	GinkgoHelper()
	return a.asserted.assert(a.words(), m, positive, text, func(g gomega.Gomega, m types.GomegaMatcher) bool {
		async := a.make(g, a.actual, a.args...)
		if a.context == nil {
			async = async.WithContext(a.asserted.ctx)
			if a.verb == "Eventually" && a.time < 0 { // which a context alone would take away
				async = async.WithTimeout(defaultTime(a.verb))
			}
		}
		for _, option := range a.options {
			async = option(async)
		}
		if positive {
			return async.Should(m, text...)
		}
		return async.ShouldNot(m, text...)
	})
}

// words say which verb it is and how long it takes.
func (a *AsyncAssertion) words() string {
	lasts := a.time
	if lasts < 0 {
		lasts = defaultTime(a.verb)
	}
	text := fmt.Sprintf("eventually within %s", lasts)
	if a.verb == "Consistently" {
		text = fmt.Sprintf("consistently for %s", lasts)
	} else if a.context != nil && a.time < 0 {
		text = "eventually, until its context ends"
		if l, ok := a.context.(interface{ Lasts() time.Duration }); ok {
			text = fmt.Sprintf("eventually within %s", l.Lasts())
		}
	}
	if a.polling >= 0 {
		text += fmt.Sprintf(", tried every %s", a.polling)
	}
	if a.repeated > 1 {
		text += fmt.Sprintf(", %d times in a row", a.repeated)
	}
	return text + ": "
}

// defaultTime is how long Gomega tries where nothing else is said, which a suite
// or the environment may have changed.
func defaultTime(verb string) time.Duration {
	name, otherwise := "EventuallyTimeout", time.Second
	if verb == "Consistently" {
		name, otherwise = "ConsistentlyDuration", 100*time.Millisecond
	}
	if g := reflect.Indirect(reflect.ValueOf(gomega.Default)); g.Kind() == reflect.Struct {
		if bundle := g.FieldByName("DurationBundle"); bundle.IsValid() {
			return time.Duration(bundle.FieldByName(name).Int())
		}
	}
	return otherwise
}

package trace

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	"github.com/onsi/gomega"
	"github.com/onsi/gomega/types"
)

// AsyncAssertion is an assertion that is tried again and again. It takes the
// options of Gomega's, waits for its matcher, and is a fault without one.
type AsyncAssertion struct {
	asserted *asserted
	verb     string
	make     func(g gomega.Gomega, actual any, args ...any) types.AsyncAssertion
	actual   any
	args     []any
	options  []func(types.AsyncAssertion) types.AsyncAssertion
	time     interval // timeout or duration
	polling  interval
	context  context.Context // nil: the spec's
	repeated int             // times that it must pass in a row
}

// interval is a time as it was given to Gomega: as it stands, if it is one.
type interval struct {
	given bool
	d     time.Duration
}

func (v *Verification) async(verb string, make func(gomega.Gomega, any, ...any) types.AsyncAssertion, actual any, args []any) AsyncAssertion {
	GinkgoHelper()
	a := AsyncAssertion{asserted: v.waits(verb), verb: verb, make: make, actual: actual, args: args}
	// As in Gomega, a context may stand first, before the actual value.
	if ctx, ok := actual.(context.Context); ok && len(args) > 0 {
		if _, isTime := duration(args[0]); !isTime {
			a.context, args = ctx, args[1:]
		}
	}
	for _, arg := range args {
		if ctx, ok := arg.(context.Context); ok {
			a.context = ctx
		} else if d, ok := duration(arg); ok && !a.time.given {
			a.time = interval{true, d}
		} else if ok {
			a.polling = interval{true, d}
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

func (a AsyncAssertion) with(option func(types.AsyncAssertion) types.AsyncAssertion) AsyncAssertion {
	a.options = append(a.options[:len(a.options):len(a.options)], option)
	return a
}

// WithTimeout sets how long to try, or for Consistently how long it must hold.
func (a AsyncAssertion) WithTimeout(d time.Duration) AsyncAssertion {
	a.time = interval{true, d}
	return a.with(func(g types.AsyncAssertion) types.AsyncAssertion { return g.WithTimeout(d) })
}

// Within is WithTimeout.
func (a AsyncAssertion) Within(d time.Duration) AsyncAssertion { return a.WithTimeout(d) }

// WithPolling sets the time between two tries.
func (a AsyncAssertion) WithPolling(d time.Duration) AsyncAssertion {
	a.polling = interval{true, d}
	return a.with(func(g types.AsyncAssertion) types.AsyncAssertion { return g.WithPolling(d) })
}

// ProbeEvery is WithPolling.
func (a AsyncAssertion) ProbeEvery(d time.Duration) AsyncAssertion { return a.WithPolling(d) }

// WithContext ends the tries with ctx instead of the spec's context. A context
// with a method Lasts() time.Duration tells evidence how long that is.
func (a AsyncAssertion) WithContext(ctx context.Context) AsyncAssertion {
	a.context = ctx
	return a.with(func(g types.AsyncAssertion) types.AsyncAssertion { return g.WithContext(ctx) })
}

// WithArguments passes arguments to the function that is tried.
func (a AsyncAssertion) WithArguments(args ...any) AsyncAssertion {
	return a.with(func(g types.AsyncAssertion) types.AsyncAssertion { return g.WithArguments(args...) })
}

// MustPassRepeatedly sets how many tries in a row must hold.
func (a AsyncAssertion) MustPassRepeatedly(count int) AsyncAssertion {
	a.repeated = count
	return a.with(func(g types.AsyncAssertion) types.AsyncAssertion { return g.MustPassRepeatedly(count) })
}

// Should asserts that the matcher matches in the end, or all the time.
func (a AsyncAssertion) Should(m types.GomegaMatcher, text ...any) bool {
	GinkgoHelper()
	return a.asserted.assert(a.words(), a.run, m, true, text)
}

// ShouldNot asserts that the matcher does not match in the end, or never does.
func (a AsyncAssertion) ShouldNot(m types.GomegaMatcher, text ...any) bool {
	GinkgoHelper()
	return a.asserted.assert(a.words(), a.run, m, false, text)
}

// To is Should.
func (a AsyncAssertion) To(m types.GomegaMatcher, text ...any) bool {
	GinkgoHelper()
	return a.asserted.assert(a.words(), a.run, m, true, text)
}

// NotTo is ShouldNot.
func (a AsyncAssertion) NotTo(m types.GomegaMatcher, text ...any) bool {
	GinkgoHelper()
	return a.asserted.assert(a.words(), a.run, m, false, text)
}

// ToNot is ShouldNot.
func (a AsyncAssertion) ToNot(m types.GomegaMatcher, text ...any) bool {
	GinkgoHelper()
	return a.asserted.assert(a.words(), a.run, m, false, text)
}

func (a AsyncAssertion) run(g gomega.Gomega, m types.GomegaMatcher, positive bool, text []any) bool {
	async := a.make(g, a.actual, a.args...)
	if a.context == nil {
		async = async.WithContext(a.asserted.ctx)
		if a.verb == "Eventually" && !a.time.given { // which a context alone would take away
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
}

// words say which verb it is and how long it takes.
func (a AsyncAssertion) words() string {
	var s strings.Builder
	switch {
	case a.verb == "Consistently":
		fmt.Fprintf(&s, "consistently for %s", a.lasts())
	case a.context != nil && !a.time.given:
		s.WriteString("eventually, until its context ends")
		if l, ok := a.context.(interface{ Lasts() time.Duration }); ok {
			s.Reset()
			fmt.Fprintf(&s, "eventually within %s", l.Lasts())
		}
	default:
		fmt.Fprintf(&s, "eventually within %s", a.lasts())
	}
	if a.polling.given {
		fmt.Fprintf(&s, ", tried every %s", a.polling.d)
	}
	if a.repeated > 1 {
		fmt.Fprintf(&s, ", %d times in a row", a.repeated)
	}
	return s.String() + ": "
}

func (a AsyncAssertion) lasts() time.Duration {
	if a.time.given {
		return a.time.d
	}
	return defaultTime(a.verb)
}

// defaultTime is how long Gomega tries where nothing else is said, which a suite
// or the environment may have changed.
func defaultTime(verb string) time.Duration {
	name := map[string]string{"Eventually": "EventuallyTimeout", "Consistently": "ConsistentlyDuration"}[verb]
	if g := reflect.Indirect(reflect.ValueOf(gomega.Default)); g.Kind() == reflect.Struct {
		if bundle := g.FieldByName("DurationBundle"); bundle.IsValid() {
			return time.Duration(bundle.FieldByName(name).Int())
		}
	}
	return map[string]time.Duration{"Eventually": time.Second, "Consistently": 100 * time.Millisecond}[verb]
}

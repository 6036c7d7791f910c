package trace

import (
	"context"
	"fmt"

	. "github.com/onsi/ginkgo/v2"
	"github.com/onsi/gomega"
	"github.com/onsi/gomega/types"

	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/trace/record"
	"github.com/socket-oneline/oneline/trace/words"
)

// Verify begins a verification of requirements: the assertion that follows is
// recorded, with what was expected and what was found, whether it holds or not,
// and the spec goes on. Without ids it means the one id that the spec is labeled
// with. Only ids that the spec is labeled with may be named.
func Verify(ctx SpecContext, ids ...string) *Verification {
	GinkgoHelper()
	return verification(ctx, record.Verify, ids)
}

// Must is [Verify], but a failure ends the spec: what follows would make no
// sense.
func Must(ctx SpecContext, ids ...string) *Verification {
	GinkgoHelper()
	return verification(ctx, record.Must, ids)
}

// Need begins a precondition. If it does not hold, the spec is blocked: it ends,
// and no requirement fails.
func Need(ctx SpecContext) *Verification {
	GinkgoHelper()
	return verification(ctx, record.Need, nil)
}

// Verification waits for its assertion. Without one it is a fault.
type Verification struct {
	ctx  SpecContext
	verb record.Verb
	ids  []string
	node node
	open *record.Verification // until an assertion takes it
}

func verification(ctx SpecContext, verb record.Verb, ids []string) *Verification {
	GinkgoHelper()
	v := &Verification{ctx: ctx, verb: verb, ids: ids, node: nodeOf(ctx, string(verb))}
	v.begin()
	return v
}

func (v *Verification) begin() {
	GinkgoHelper()
	if v.node.attempt != nil {
		v.open = v.node.attempt.Verification(v.verb, "trace."+string(v.verb), here(), "add it to trace.Req", v.ids)
	}
}

// Expect asserts on a value, as Gomega's Expect does.
func (v *Verification) Expect(actual any, extra ...any) Assertion {
	GinkgoHelper()
	a := v.waits("Expect")
	return Assertion{func(m types.GomegaMatcher, positive bool, text []any) bool {
		GinkgoHelper()
		return a.assert("", m, positive, text, func(g gomega.Gomega, m types.GomegaMatcher) bool {
			if positive {
				return g.Expect(actual, extra...).To(m, text...)
			}
			return g.Expect(actual, extra...).NotTo(m, text...)
		})
	}}
}

// Eventually asserts on what a function or channel gives in the end. Everything
// is as with Gomega's Eventually: numbers are seconds, a second interval is that
// of polling, and without an interval Gomega's default applies. It ends with the
// spec's context, unless it is given another.
func (v *Verification) Eventually(actual any, intervals ...any) *AsyncAssertion {
	GinkgoHelper()
	return v.async("Eventually", gomega.Gomega.Eventually, actual, intervals)
}

// Consistently asserts on what a function or channel keeps giving, as Gomega's
// Consistently does. See [Verification.Eventually].
func (v *Verification) Consistently(actual any, intervals ...any) *AsyncAssertion {
	GinkgoHelper()
	return v.async("Consistently", gomega.Gomega.Consistently, actual, intervals)
}

// waits notes that an assertion waits for its matcher.
func (v *Verification) waits(assertion string) *asserted {
	GinkgoHelper()
	if v.open == nil { // a second assertion on the same verification
		v.begin()
	}
	a := &asserted{Verification: v, record: v.open}
	if v.open != nil {
		v.open.Asserting, v.open = assertion, nil
	}
	return a
}

// asserted is a verification with its assertion.
type asserted struct {
	*Verification
	record *record.Verification // nil: it belongs to no spec
}

// Assertion waits for its matcher, and is a fault without one. Its methods report
// whether it held.
type Assertion struct {
	assert func(m types.GomegaMatcher, positive bool, text []any) bool
}

// To asserts that the matcher matches. A text, formatted as by fmt.Sprintf, says
// what is verified.
func (a Assertion) To(m types.GomegaMatcher, text ...any) bool {
	GinkgoHelper()
	return a.assert(m, true, text)
}

// NotTo asserts that the matcher does not match.
func (a Assertion) NotTo(m types.GomegaMatcher, text ...any) bool {
	GinkgoHelper()
	return a.assert(m, false, text)
}

// ToNot is NotTo.
func (a Assertion) ToNot(m types.GomegaMatcher, text ...any) bool {
	GinkgoHelper()
	return a.assert(m, false, text)
}

// Should is To, for Eventually and Consistently.
func (a Assertion) Should(m types.GomegaMatcher, text ...any) bool {
	GinkgoHelper()
	return a.assert(m, true, text)
}

// ShouldNot is NotTo, for Eventually and Consistently.
func (a Assertion) ShouldNot(m types.GomegaMatcher, text ...any) bool {
	GinkgoHelper()
	return a.assert(m, false, text)
}

// assert carries the assertion out by run and records it. The words before are
// those of Eventually and Consistently.
func (a *asserted) assert(before string, m types.GomegaMatcher, positive bool, text []any, run func(gomega.Gomega, types.GomegaMatcher) bool) bool {
	GinkgoHelper()
	a.refuseIfOver()
	failure := ""
	seen := &witness{GomegaMatcher: m}
	g := gomega.NewGomega(func(message string, _ ...int) {
		if failure = message; failure == "" {
			failure = "the assertion failed"
		}
	})
	run(g, seen)
	a.refuseIfOver()
	expected, actual := words.Outcome(m, seen.actual, !positive, failure == "")
	done := evidence.Verification{
		Requirements: a.record.Requirements,
		Text:         sentence(text),
		Expected:     before + expected,
		Actual:       seen.found(actual, failure),
		Passed:       failure == "",
		Location:     here(),
		Node:         a.node.name,
	}
	a.record.Conclude(done)
	if failure != "" {
		a.failed(done)
	}
	return failure == ""
}

// refuseIfOver ends the caller if nothing may be recorded any more. If the spec
// was interrupted or its time is up, that is nobody's fault; a verification in a
// cleanup or a goroutine with the context of a node that has ended is one.
func (a *asserted) refuseIfOver() {
	GinkgoHelper()
	switch {
	case a.record == nil: // the fault is recorded already
		Skip("trace: verification outside of its spec")
	case a.ctx.Err() == nil:
		return
	case context.Cause(a.ctx).Error() == nodeEnded:
		a.node.attempt.Fault(here(), fmt.Sprintf("trace.%s with the context of a node that has ended: wait for the goroutine, and use the own context of a cleanup", a.verb))
	}
	a.record.Drop()
	Skip("the spec is over")
}

// nodeEnded is the cause with which Ginkgo cancels the context of a node that ran
// to its end.
const nodeEnded = "spec has finished"

// failed tells Ginkgo at once that a verification failed, so that the place is
// the caller's, and ends the spec if the verb demands it.
func (a *asserted) failed(v evidence.Verification) {
	GinkgoHelper()
	switch a.verb {
	case record.Need:
		Skip(fmt.Sprintf("blocked: expected %s, got %s", v.Expected, v.Actual))
	case record.Must:
		Fail(record.Failure(v))
	default:
		a.node.attempt.failed.Store(true)
		defer func() { _ = recover() }() // the spec goes on
		Fail(record.Failure(v))
	}
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

// found completes the actual value in words. If the matcher was never shown one,
// the failure message says why: a function returned an error, for instance.
func (w *witness) found(actual, failure string) string {
	switch {
	case !w.shown && failure != "":
		return words.Message(failure)
	case !w.shown:
		return "nothing"
	case w.err != nil:
		return fmt.Sprintf("%s (%s)", actual, words.Message(w.err.Error()))
	}
	return actual
}

func sentence(text []any) string {
	if len(text) == 0 {
		return ""
	}
	if format, ok := text[0].(string); ok {
		return fmt.Sprintf(format, text[1:]...)
	}
	if f, ok := text[0].(func() string); ok {
		return f()
	}
	return fmt.Sprint(text...)
}

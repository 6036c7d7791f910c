package trace

import (
	"cmp"
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
	return verification(ctx, record.Verify, ids)
}

// Must is [Verify], but a failure ends the spec: what follows would make no
// sense.
func Must(ctx SpecContext, ids ...string) *Verification {
	return verification(ctx, record.Must, ids)
}

// Need begins a precondition. If it does not hold, the spec is blocked: it ends,
// and no requirement fails.
func Need(ctx SpecContext) *Verification { return verification(ctx, record.Need, nil) }

// Verification waits for its assertion. Without one it is a fault.
type Verification struct {
	ctx     SpecContext
	attempt *attempt
	begun   *record.Verification
}

// Assertion waits for its matcher, and is a fault without one. Its methods report
// whether it held.
type Assertion = record.Assertion

func verification(ctx SpecContext, verb record.Verb, ids []string) *Verification {
	n := nodeOf(ctx, string(verb))
	begun := n.attempt.Verification(verb, record.Caller(), ids)
	begun.Node = n.name
	return &Verification{ctx, n.attempt, begun}
}

// At sets the place of the verification, as file:line, where that is not the
// assertion's: in a suite whose specs are data, the entry of a table.
func (v *Verification) At(place string) *Verification {
	v.begun.At = place
	return v
}

// Expect asserts on a value, as Gomega's Expect does.
func (v *Verification) Expect(actual any, extra ...any) Assertion {
	t := newTrial()
	return v.assertion("Expect", t, func() (string, expectation) { return "", t.Expect(actual, extra...) })
}

// Eventually asserts on what a function or channel gives in the end. Everything
// is as with Gomega's Eventually: numbers are seconds, a second interval is that
// of polling, and without an interval Gomega's default applies. It ends with the
// spec's context, unless it is given another.
func (v *Verification) Eventually(actual any, intervals ...any) *AsyncAssertion {
	return v.async("Eventually", gomega.Gomega.Eventually, actual, intervals)
}

// Consistently asserts on what a function or channel keeps giving, as Gomega's
// Consistently does. See [Verification.Eventually].
func (v *Verification) Consistently(actual any, intervals ...any) *AsyncAssertion {
	return v.async("Consistently", gomega.Gomega.Consistently, actual, intervals)
}

// trial is a Gomega that keeps what failed.
type trial struct {
	gomega.Gomega
	failure string
}

func newTrial() *trial {
	t := &trial{}
	t.Gomega = gomega.NewGomega(func(message string, _ ...int) { t.failure = cmp.Or(message, "the assertion failed") })
	return t
}

// expectation is an assertion of Gomega's that waits for its matcher.
type expectation interface {
	Should(m types.GomegaMatcher, text ...any) bool
	ShouldNot(m types.GomegaMatcher, text ...any) bool
}

// assertion begins an assertion that t carries out. begin gives what waits for the
// matcher, and words that precede what was expected.
func (v *Verification) assertion(name string, t *trial, begin func() (string, expectation)) Assertion {
	return v.begun.Assertion(name, func(m words.Matcher, positive bool) (string, any, bool, error) {
		v.refuseIfOver()
		seen := &witness{GomegaMatcher: m}
		before, should := begin()
		if positive {
			should.Should(seen)
		} else {
			should.ShouldNot(seen)
		}
		v.refuseIfOver()
		if !seen.shown { // a function returned an error, for instance
			seen.actual = said(cmp.Or(words.Message(t.failure), "nothing"))
		}
		failed := t.failure != ""
		t.failure = "" // a further matcher begins anew
		return before, seen.actual, !failed, seen.err
	})
}

// said is text that stands where a value would.
type said string

func (s said) String() string { return string(s) }

// refuseIfOver ends the caller if nothing may be recorded any more. If the spec
// was interrupted or its time is up, that is nobody's fault; a verification in a
// cleanup or a goroutine with the context of a node that has ended is one.
func (v *Verification) refuseIfOver() {
	switch {
	case v.attempt == none: // the fault is recorded already
		Skip("trace: verification outside of its spec", depth())
	case v.ctx.Err() == nil:
		return
	case context.Cause(v.ctx).Error() == nodeEnded:
		v.attempt.Fault(record.Caller(), fmt.Sprintf("trace.%s with the context of a node that has ended: wait for the goroutine, and use the own context of a cleanup", v.begun.Verb))
	}
	Skip("the spec is over", depth())
}

// nodeEnded is the cause with which Ginkgo cancels the context of a node that ran
// to its end.
const nodeEnded = "spec has finished"

// fail tells Ginkgo at once that a verification failed, so that the place is the
// caller's, and ends the spec if the verb demands it.
func (a *attempt) fail(verb record.Verb, v evidence.Verification) {
	switch verb {
	case record.Need:
		Skip(fmt.Sprintf("blocked: expected %s, got %s", v.Expected, v.Actual), depth())
	case record.Verify:
		a.failed.Store(true)
		defer func() { _ = recover() }() // the spec goes on
	}
	Fail(record.Failure(v), depth())
}

// witness is a matcher that remembers what it was shown last.
type witness struct {
	types.GomegaMatcher
	shown  bool
	actual any
	err    error
}

func (w *witness) Match(actual any) (ok bool, err error) {
	ok, err = w.GomegaMatcher.Match(actual)
	w.shown, w.actual, w.err = true, actual, err
	return ok, err
}

// MatchMayChangeInTheFuture passes on what lets Gomega stop polling early.
func (w *witness) MatchMayChangeInTheFuture(actual any) bool {
	return types.MatchMayChangeInTheFuture(w.GomegaMatcher, actual)
}

package trace

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	"github.com/onsi/gomega"
	"github.com/onsi/gomega/types"

	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/ver/patience"
)

// Verify begins a verification of requirements of the spec: what follows is
// recorded, with what was expected and what was found, whether it holds or not,
// and the spec goes on. Without ids it means the one id that the spec is
// labelled with. Only ids that the spec is labelled with may be named.
func Verify(ctx SpecContext, ids ...string) *Verification {
	GinkgoHelper()
	return verification(ctx, verify, ids)
}

// Must is [Verify], but a failure ends the spec: what follows would make no
// sense.
func Must(ctx SpecContext, ids ...string) *Verification {
	GinkgoHelper()
	return verification(ctx, must, ids)
}

// Need begins a precondition. If it does not hold, the spec is blocked: it ends,
// and no requirement is blamed.
func Need(ctx SpecContext) *Verification {
	GinkgoHelper()
	return verification(ctx, need, nil)
}

// Verification is one assertion to be made with Gomega's words.
type Verification struct {
	ctx    SpecContext
	verb   verb
	ids    []string
	record *recorder
}

type verb string

const (
	verify verb = "Verify"
	must   verb = "Must"
	need   verb = "Need"
)

func verification(ctx SpecContext, verb verb, ids []string) *Verification {
	GinkgoHelper()
	v := &Verification{ctx: ctx, verb: verb, ids: ids, record: recorderOf(ctx, string(verb))}
	if v.record == nil || verb == need {
		return v
	}
	labels := v.record.labels()
	if len(ids) == 0 && len(labels) == 1 {
		v.ids = labels
	}
	if len(v.ids) == 0 {
		v.record.fault(fmt.Sprintf("%s: trace.%s names no requirement, and the spec is labelled with %s: name those that are meant",
			here(), verb, counted(len(labels))))
	}
	for _, id := range v.ids {
		if !slices.Contains(labels, id) {
			v.record.fault(fmt.Sprintf("%s: trace.%s names %s, which the spec is not labelled with: add it to trace.Req", here(), verb, id))
		}
	}
	return v
}

func counted(n int) string {
	if n == 0 {
		return "none"
	}
	return fmt.Sprintf("%d", n)
}

func (r *recorder) labels() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.spec.Requirements
}

// Expect asserts on a value, as Gomega's Expect does.
func (v *Verification) Expect(actual any, extra ...any) Assertion {
	return Assertion{v, func(g gomega.Gomega, m types.GomegaMatcher, positive bool, text []any) bool {
		if positive {
			return g.Expect(actual, extra...).To(m, text...)
		}
		return g.Expect(actual, extra...).NotTo(m, text...)
	}}
}

// Eventually asserts on what a function or channel gives in the end, as
// Gomega's Eventually does, within a time in which this process must run (see
// package patience). It ends with the spec's context.
func (v *Verification) Eventually(actual any, within time.Duration) Assertion {
	return Assertion{v, func(g gomega.Gomega, m types.GomegaMatcher, positive bool, text []any) bool {
		ctx, cancel := patience.Within(v.ctx, within)
		defer cancel()
		return should(g.Eventually(actual).WithContext(ctx), m, positive, text)
	}}
}

// Consistently asserts on what a function or channel keeps giving, as Gomega's
// Consistently does. It ends with the spec's context.
func (v *Verification) Consistently(actual any, during time.Duration) Assertion {
	return Assertion{v, func(g gomega.Gomega, m types.GomegaMatcher, positive bool, text []any) bool {
		return should(g.Consistently(actual).WithContext(v.ctx).WithTimeout(during), m, positive, text)
	}}
}

func should(a types.AsyncAssertion, m types.GomegaMatcher, positive bool, text []any) bool {
	if positive {
		return a.Should(m, text...)
	}
	return a.ShouldNot(m, text...)
}

// Assertion waits for its matcher. Its methods tell whether it held.
type Assertion struct {
	v   *Verification
	run func(g gomega.Gomega, m types.GomegaMatcher, positive bool, text []any) bool
}

// To asserts that the matcher matches. A text, formatted as by fmt.Sprintf,
// says in words what is verified.
func (a Assertion) To(m types.GomegaMatcher, text ...any) bool {
	GinkgoHelper()
	return a.assert(m, true, text)
}

// NotTo asserts that the matcher does not match.
func (a Assertion) NotTo(m types.GomegaMatcher, text ...any) bool {
	GinkgoHelper()
	return a.assert(m, false, text)
}

// Should is To.
func (a Assertion) Should(m types.GomegaMatcher, text ...any) bool {
	GinkgoHelper()
	return a.assert(m, true, text)
}

// ShouldNot is NotTo.
func (a Assertion) ShouldNot(m types.GomegaMatcher, text ...any) bool {
	GinkgoHelper()
	return a.assert(m, false, text)
}

func (a Assertion) assert(m types.GomegaMatcher, positive bool, text []any) bool {
	GinkgoHelper()
	v := a.v
	v.refuseIfOver()
	failure := ""
	seen := &witness{GomegaMatcher: m}
	g := gomega.NewGomega(func(message string, _ ...int) { failure = orElse(message, "the assertion failed") })
	a.run(g, seen, positive, text)
	v.refuseIfOver()
	done := evidence.Verification{
		Requirements: v.ids,
		Text:         clean(sentence(text)),
		Expected:     clean(expected(seen, positive)),
		Actual:       clean(seen.found(failure)),
		Passed:       failure == "",
		Location:     here(),
		At:           time.Now(),
	}
	v.record.add(v.verb, done)
	if failure != "" {
		v.stop(done)
	}
	return failure == ""
}

// refuseIfOver ends the caller where nothing may be recorded any more. A spec
// whose time is up or that is interrupted has seen nothing that could be held
// against its target; one that verifies in a cleanup or a goroutine with the
// context of a node that has ended is at fault itself.
func (v *Verification) refuseIfOver() {
	GinkgoHelper()
	switch {
	case v.record == nil: // the fault is booked already
		Skip("trace: verification outside of its spec")
	case v.ctx.Err() == nil:
		return
	case context.Cause(v.ctx).Error() == nodeEnded:
		v.record.fault(fmt.Sprintf("%s: trace.%s with the context of a node that has ended: use that of the cleanup itself", here(), v.verb))
	}
	Skip("the spec is over")
}

// nodeEnded is the cause with which Ginkgo cancels the context of a node that
// ran to its end.
const nodeEnded = "spec has finished"

// stop ends the spec as the verb demands.
func (v *Verification) stop(failed evidence.Verification) {
	GinkgoHelper()
	switch v.verb {
	case must:
		Fail(fmt.Sprintf("%s: expected %s, got %s", strings.Join(v.ids, ", "), failed.Expected, failed.Actual))
	case need:
		Skip(fmt.Sprintf("blocked: expected %s, got %s", failed.Expected, failed.Actual))
	}
}

// add books a verification to the current step.
func (r *recorder) add(verb verb, v evidence.Verification) {
	r.update(func(spec *evidence.Spec) {
		v.Step = len(spec.Steps)
		if verb == need {
			spec.Preconditions = append(spec.Preconditions, v)
			if !v.Passed && spec.Blocked == "" {
				spec.Blocked = fmt.Sprintf("%s: expected %s, got %s", orElse(v.Text, v.Location), v.Expected, v.Actual)
			}
			return
		}
		spec.Verifications = append(spec.Verifications, v)
		if verb == must && !v.Passed {
			spec.Stopped = v.Location
		}
	})
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

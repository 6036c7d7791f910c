package record

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/trace/words"
)

// Verb says what a failed assertion means.
type Verb string

// The verbs of both front ends.
const (
	Verify Verb = "Verify" // recorded; the spec goes on
	Must   Verb = "Must"   // recorded; the spec ends
	Need   Verb = "Need"   // the spec is blocked, and blames no requirement
)

// Verification is one that has begun, and must be carried out by an assertion.
type Verification struct {
	Verb      Verb
	Node      string // that makes it, such as BeforeEach; empty: the spec's own body
	At        string // file:line; empty: the place of the assertion
	attempt   *Attempt
	ids       []string // of the requirements
	place     string   // file:line
	asserting string   // the assertion that waits for its matcher, such as Eventually
}

// Verification begins a verification of requirements: without ids, of the only
// one that the spec names.
func (a *Attempt) Verification(verb Verb, place string, ids []string) *Verification {
	v := &Verification{Verb: verb, attempt: a, ids: ids, place: place}
	a.mu.Lock()
	a.expect(v)
	named := a.spec.Requirements
	a.mu.Unlock()
	if verb == Need {
		return v
	}
	help := "add it to " + a.front.Package + ".Req"
	switch {
	case len(ids) == 0 && len(named) == 1:
		v.ids = named
	case len(ids) == 0 && len(named) == 0:
		a.Fault(place, v.name()+" names no requirement, and neither does the spec: "+help)
	case len(ids) == 0:
		a.Fault(place, fmt.Sprintf("%s names no requirement, and the spec is labeled with %d: name those that are meant", v.name(), len(named)))
	}
	for _, id := range ids {
		if !slices.Contains(named, id) {
			a.Fault(place, fmt.Sprintf("%s names %s, which the spec is not labeled with: %s", v.name(), id, help))
		}
	}
	return v
}

// expect notes that a verification must be carried out.
func (a *Attempt) expect(v *Verification) {
	if !a.closed {
		a.open = append(a.open, v)
	}
}

func (v *Verification) name() string { return v.attempt.front.Package + "." + string(v.Verb) }

// unfinished says what is missing.
func (v *Verification) unfinished() string {
	switch v.asserting {
	case "":
		return v.name() + " asserts nothing: add an assertion, such as .Expect(x).To(Equal(y))"
	case "Expect":
		return v.name() + ".Expect asserts nothing: add .To(matcher)"
	}
	return v.name() + "." + v.asserting + " asserts nothing: add .Should(matcher)"
}

// Conclude records the outcome of the assertion, tells the front end if it is a
// failure, and reports whether it holds. The text, formatted as by fmt.Sprintf,
// says what was verified.
func (v *Verification) Conclude(passed bool, expected, actual string, text []any) bool {
	a := v.attempt
	done := evidence.Verification{
		Requirements: v.ids, Text: Clean(sentence(text)), Expected: Clean(expected), Actual: Clean(actual),
		Passed: passed, Location: cmp.Or(v.At, Caller()), At: time.Now(),
	}
	a.add(v, done)
	if !passed {
		a.front.Failed(v.Verb, done)
	}
	return passed
}

// add adds a verification to the evidence.
func (a *Attempt) add(v *Verification, done evidence.Verification) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.drop(v)
	if a.closed {
		return
	}
	done.Node, done.Step, done.Exchanges = v.Node, len(a.spec.Steps), len(a.spec.Transcript)
	if v.Verb == Need {
		a.spec.Preconditions = append(a.spec.Preconditions, done)
		if !done.Passed && a.spec.Blocked == "" {
			a.spec.Blocked = fmt.Sprintf("%s: expected %s, got %s", cmp.Or(done.Text, done.Location), done.Expected, done.Actual)
		}
		return
	}
	a.spec.Verifications = append(a.spec.Verifications, done)
	if done.Passed {
		return
	}
	if v.Verb == Must {
		a.spec.Stopped = done.Location
	}
	if !a.failed { // at once: the process may not live to see the end of the spec
		a.failed = true
		a.front.File.Write(evidence.Record{Number: a.front.Number, Spec: &a.spec})
	}
}

// drop forgets a verification that is no longer waited for.
func (a *Attempt) drop(v *Verification) {
	a.open = slices.DeleteFunc(a.open, func(other *Verification) bool { return other == v })
}

// Assertion waits for its matcher, and is a fault without one. Its methods report
// whether it held.
type Assertion struct {
	v   *Verification
	try Try
}

// Try carries an assertion out. It returns what the matcher was shown, and, for
// Eventually and Consistently, words that precede what was expected.
type Try func(m words.Matcher, positive bool) (before string, value any, ok bool, err error)

// Assertion begins an assertion by a matcher, such as Expect.
func (v *Verification) Assertion(name string, try Try) Assertion {
	a := v.attempt
	a.mu.Lock()
	defer a.mu.Unlock()
	if v.asserting != "" || !slices.Contains(a.open, v) { // it has an assertion already
		further := *v
		v = &further
		a.expect(v)
	}
	v.asserting = name
	return Assertion{v, try}
}

// To asserts that the matcher matches. A text, formatted as by fmt.Sprintf, says
// what is verified.
func (a Assertion) To(m words.Matcher, text ...any) bool { return a.assert(m, true, text) }

// NotTo asserts that the matcher does not match.
func (a Assertion) NotTo(m words.Matcher, text ...any) bool { return a.assert(m, false, text) }

// ToNot is NotTo.
func (a Assertion) ToNot(m words.Matcher, text ...any) bool { return a.assert(m, false, text) }

// Should is To, for Eventually and Consistently.
func (a Assertion) Should(m words.Matcher, text ...any) bool { return a.assert(m, true, text) }

// ShouldNot is NotTo, for Eventually and Consistently.
func (a Assertion) ShouldNot(m words.Matcher, text ...any) bool { return a.assert(m, false, text) }

func (a Assertion) assert(m words.Matcher, positive bool, text []any) bool {
	a.v.attempt.Update(func(*evidence.Spec) { a.v.attempt.drop(a.v) })
	before, value, ok, err := a.try(m, positive)
	expected, actual := words.Outcome(m, value, !positive, ok || err != nil)
	if err != nil {
		actual += " (" + words.Message(err.Error()) + ")"
	}
	return a.v.Conclude(ok, before+expected, actual, text)
}

func sentence(text []any) string {
	if len(text) == 0 {
		return ""
	}
	switch first := text[0].(type) {
	case string:
		if len(text) > 1 {
			return fmt.Sprintf(first, text[1:]...)
		}
	case func() string:
		return first()
	}
	return fmt.Sprint(text...)
}

// Failure is a failed verification in words.
func Failure(v evidence.Verification) string {
	of := strings.Join(v.Requirements, ", ")
	if of != "" {
		of += ": "
	}
	return fmt.Sprintf("%s%s\n  expected: %s\n  actual:   %s\n", of, cmp.Or(v.Text, "verification failed"), v.Expected, v.Actual)
}

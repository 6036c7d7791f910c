// Package gotest makes plain Go tests leave evidence: which requirements a test is
// about, which steps it took, what it expected and what it found. It has the verbs
// of package trace, and links neither Ginkgo nor Gomega; Gomega's matchers can be
// used all the same.
//
//	func TestAdd(t *testing.T) {
//		req := gotest.Req(t, "CALC-ADD-1")
//		req.Step("add 2, then 3")
//		req.Verify().Equal(c.Result(), 5)
//		req.Verify().Expect(c.Result()).To(BeNumerically(">", 4)) // with Gomega
//	}
//
// Three verbs say what a failed assertion means. After [Requirements.Verify] the
// test goes on, so that one fault does not hide the others. After
// [Requirements.Must] the test ends. [Requirements.Need] is a precondition: it
// blocks the test, and no requirement fails.
//
// Subtests, parallel tests, tables, fuzz seeds, -count and -shuffle work as ever:
// each test or subtest that calls [Req] is a spec of its own, named as go test
// names it. A test fails if a subtest does, so call Req in the subtests only.
// Goroutines may use the value that Req returns until their test ends.
//
// Misuse fails the test and makes the whole run inconclusive: a verification
// without an assertion, of an id that the test does not name, or by the Requirements
// of another test. A verification after the end of its test panics, as t.Log does.
//
// Evidence goes to a file of the process under "oneline run", which sets
// ONELINE_EVIDENCE; otherwise the tests only pass or fail. Go does not tell a package
// when its process ends: call [Main] in a TestMain to record that. Without it,
// "oneline run" takes the end from the stream of go test -json.
package gotest

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/trace/record"
)

// Requirements are requirements that a test verifies.
type Requirements struct {
	test *test
	ids  []string
}

// Req states that a test verifies requirements. It may be called several times in
// one test; what it returns stands for the ids of that call. An id is letters,
// digits, '.', '_', '-' and ':', and begins with a letter.
func Req(t testing.TB, ids ...string) *Requirements {
	return Protocol{}.Req(t, ids...)
}

// Protocol is a test protocol: a group of tests with an id of its own, such as
// TP-001. The zero value is none.
type Protocol struct {
	ID, Title     string
	Objectives    []string // what the protocol shows
	Preconditions []string // what must hold before it begins
	Deviations    []string // where it differs from what a reader would expect, and why
}

// Req is the function [Req] for a test of the protocol.
func (p Protocol) Req(t testing.TB, ids ...string) *Requirements {
	return &Requirements{tests.of(t, p, ids), ids}
}

// Observe states what a target must allow for the test to be carried out, such as
// "wire" or "exit".
func (r *Requirements) Observe(kinds ...string) *Requirements {
	r.test.attempt.Update(func(spec *evidence.Spec) { spec.Observe = append(spec.Observe, kinds...) })
	return r
}

// Step begins the next step of the test. Later verifications belong to it.
func (r *Requirements) Step(format string, args ...any) {
	r.test.check("Step")
	r.test.attempt.Step(fmt.Sprintf(format, args...))
}

// Note adds a remark for the readers of the report.
func (r *Requirements) Note(format string, args ...any) {
	r.test.check("Note")
	r.test.attempt.Note(fmt.Sprintf(format, args...))
}

// Block ends the test because something that it needs is missing. No requirement
// fails. It must be called from the test's own goroutine, as t.Skip.
func (r *Requirements) Block(format string, args ...any) {
	place, reason := r.test.check("Block"), fmt.Sprintf(format, args...)
	r.test.attempt.Block(reason)
	r.test.print(place, "blocked: "+reason)
	r.test.SkipNow()
}

// NotObservable ends the test because the target cannot show what the test is
// about. Nothing may have been sent to the target.
func (r *Requirements) NotObservable(reason string) {
	place := r.test.check("NotObservable")
	r.test.attempt.NotObservable(reason)
	r.test.print(place, "not observable: "+reason)
	r.test.SkipNow()
}

// DeadTarget records that the target did not survive the test, and how that was
// found out.
func (r *Requirements) DeadTarget(format string, args ...any) {
	place, problem := r.test.check("DeadTarget"), fmt.Sprintf(format, args...)
	r.test.attempt.DeadTarget(problem)
	r.test.print(place, "the target did not survive: "+problem)
	r.test.Fail()
}

// Transcript returns a function that adds an exchange to the test's transcript, at
// the time at which the exchange began; zero means now. It does nothing once the
// test is over.
func (r *Requirements) Transcript() func(at time.Time, e evidence.Exchange) {
	return r.test.attempt.Exchange
}

// test is a test that names requirements.
type test struct {
	testing.TB
	attempt *record.Attempt
	number  int     // in the process file
	runner  uintptr // the function that its goroutine runs; 0: not known
	began   time.Time
	ended   atomic.Bool
	end     evidence.End // set once it has ended
}

// registry has the tests of the process.
type registry struct {
	sync.Mutex
	running map[testing.TB]*test
	all     []*test // that have ended, if Main watches them
	watched bool
	late    []string // faults that no test can carry
}

var tests = registry{running: map[testing.TB]*test{}}

var file = sync.OnceValues(func() (*record.File, error) {
	return record.Open(evidence.Process{FrontEnd: evidence.GoTest})
})

// of finds the test of t, or begins to record it.
func (r *registry) of(t testing.TB, p Protocol, ids []string) *test {
	f, err := file()
	if err != nil {
		t.Fatalf("%s: the evidence cannot be written: %v", record.Variable, err)
	}
	place, runner := where()
	about := evidence.Protocol(p)
	r.Lock()
	own := r.running[t]
	begins := own == nil
	if begins {
		own = &test{TB: t, began: time.Now(), runner: runner}
		spec := evidence.Spec{Title: t.Name(), Location: place, Requirements: slices.Clone(ids), Observe: []string{}, Attempt: 1, Protocol: about}
		own.number = f.Begin(spec)
		own.attempt = record.Begin(spec, record.FrontEnd{
			Package: "gotest", File: f, Number: own.number, Print: own.print, Failed: own.fail, Late: r.fault,
			Fault: func(text string) {
				fmt.Fprintf(t.Output(), "harness fault: %s\n", text)
				t.Fail()
			},
		})
		r.running[t] = own
	}
	r.Unlock()
	if begins {
		t.Attr("oneline", "gotest")
		t.Cleanup(func() { own.finish(f) })
	} else {
		own.add(f, about, ids, place)
	}
	if len(ids) == 0 {
		own.attempt.Fault(place, "gotest.Req names no requirement")
	}
	for _, id := range ids {
		t.Attr("requirement", id)
	}
	return own
}

// add adds what a further call of Req says of the test.
func (t *test) add(f *record.File, about evidence.Protocol, ids []string, place string) {
	other := ""
	t.attempt.Update(func(spec *evidence.Spec) {
		for _, id := range ids {
			if !slices.Contains(spec.Requirements, id) {
				spec.Requirements = append(spec.Requirements, id)
			}
		}
		switch {
		case spec.Protocol.ID == "":
			spec.Protocol = about
		case about.ID != "" && about.ID != spec.Protocol.ID:
			other = spec.Protocol.ID
		}
		f.Write(evidence.Record{Number: t.number, Begin: spec})
	})
	if other != "" {
		t.attempt.Fault(place, fmt.Sprintf("the test is of the protocols %s and %s: choose one", other, about.ID))
	}
}

// fault records a fault that comes after the end of its test.
func (r *registry) fault(text string) {
	r.Lock()
	r.late = append(r.late, text)
	r.Unlock()
	f, _ := file()
	f.Write(evidence.Record{Fault: text})
}

// print shows a text with its place.
func (t *test) print(place, text string) {
	fmt.Fprintf(t.Output(), "%s: %s\n", place, strings.TrimSpace(text))
}

// fail fails the test because of a verification, or ends it as the verb demands.
func (t *test) fail(verb record.Verb, v evidence.Verification) {
	if verb == record.Need {
		t.print(v.Location, fmt.Sprintf("blocked: %s: expected %s, got %s", v.Text, v.Expected, v.Actual))
		t.SkipNow()
	}
	t.print(v.Location, record.Failure(v))
	if verb == record.Must {
		t.FailNow()
	}
	t.Fail()
}

// check returns the place of the caller. It panics if the test has ended, and is a
// fault if another test uses what belongs to it.
func (t *test) check(verb string) string {
	place, by := where()
	if t.ended.Load() {
		text := fmt.Sprintf("gotest.%s after the end of %s: wait for the goroutine that calls it", verb, t.Name())
		tests.fault(place + ": " + text)
		panic(text)
	}
	if by != t.runner && by != 0 && t.runner != 0 && !ofTesting(by) {
		t.attempt.Fault(place, fmt.Sprintf("gotest.%s of %s in another test: call gotest.Req there", verb, t.Name()))
	}
	return place
}

// finish ends the record of a test. Cleanups that were registered earlier are
// still to come, and may fail.
func (t *test) finish(f *record.File) {
	place, early := record.Unwinding()
	tests.Lock()
	delete(tests.running, t.TB)
	if tests.watched {
		tests.all = append(tests.all, t)
	}
	tests.Unlock()
	t.ended.Store(true)
	end := evidence.End{State: "passed", Attempts: 1, Seconds: time.Since(t.began).Seconds()}
	switch {
	case place != "":
		end.State, end.FailureAt, end.Failure = "panicked", place, "at "+place
		t.attempt.Update(func(spec *evidence.Spec) { spec.Panicked = place })
	case t.Failed():
		end.State = "failed"
	case t.Skipped():
		end.State = "skipped"
	case early: // by runtime.Goexit: the testing package fails it
		end.State, end.Failure = "failed", "it called runtime.Goexit"
	}
	spec := t.attempt.End(!early && place == "")
	if problem := record.Problem(spec); problem != "" && end.State == "passed" {
		end.State, end.Failure = "failed", problem
		fmt.Fprint(t.Output(), problem)
		t.Fail()
	}
	t.end = end
	f.Write(evidence.Record{Number: t.number, End: &end})
	if err := f.Err(); err != nil {
		t.Errorf("the evidence cannot be written: %v", err)
	}
}

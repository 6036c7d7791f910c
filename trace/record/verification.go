package record

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/socket-oneline/oneline/reports/evidence"
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
	Attempt      *Attempt
	Verb         Verb
	Requirements []string
	Place        string // file:line
	Asserting    string // the assertion that waits for its matcher, such as Eventually

	name string // of the verb, as the front end calls it
}

// Verification begins a verification of requirements: without ids, of the only
// one that the spec names. The name is that of the verb for the author of the
// spec, and help says how the spec names a further id.
func (a *Attempt) Verification(verb Verb, name, place, help string, ids []string) *Verification {
	v := &Verification{Attempt: a, Verb: verb, Requirements: ids, Place: place, name: name}
	if verb != Need {
		named := a.Requirements()
		switch {
		case len(ids) == 0 && len(named) == 1:
			v.Requirements = named
		case len(ids) == 0 && len(named) == 0:
			a.Fault(place, name+" names no requirement, and neither does the spec: "+help)
		case len(ids) == 0:
			a.Fault(place, fmt.Sprintf("%s names no requirement, and the spec is labeled with %d: name those that are meant", name, len(named)))
		}
		for _, id := range ids {
			if !slices.Contains(named, id) {
				a.Fault(place, fmt.Sprintf("%s names %s, which the spec is not labeled with: %s", name, id, help))
			}
		}
	}
	v.Open()
	return v
}

// Open notes that an assertion is missing.
func (v *Verification) Open() {
	a := v.Attempt
	a.mu.Lock()
	if !a.closed && !slices.Contains(a.open, v) {
		a.open = append(a.open, v)
	}
	a.mu.Unlock()
}

// unfinished says what is missing.
func (v *Verification) unfinished() string {
	wrote, missing := v.name+"."+v.Asserting, ".Should(matcher)"
	switch v.Asserting {
	case "":
		wrote, missing = v.name, "an assertion, such as .Expect(x).To(Equal(y))"
	case "Expect":
		missing = ".To(matcher)"
	}
	return wrote + " asserts nothing: add " + missing
}

// Conclude records the outcome of the assertion.
func (v *Verification) Conclude(done evidence.Verification) {
	done.Requirements, done.At = v.Requirements, time.Now()
	if v.Verb == Need {
		done.Requirements = nil
	}
	done.Text, done.Expected, done.Actual = Clean(done.Text), Clean(done.Expected), Clean(done.Actual)
	a := v.Attempt
	a.mu.Lock()
	defer a.mu.Unlock()
	a.open = slices.DeleteFunc(a.open, func(other *Verification) bool { return other == v })
	if a.closed {
		return
	}
	done.Step, done.Exchanges = len(a.spec.Steps), len(a.spec.Transcript)
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
	if !a.failed {
		a.failed = true
		a.hooks.Failed(a.spec)
	}
}

// Drop gives up a verification that can no longer be carried out.
func (v *Verification) Drop() {
	a := v.Attempt
	a.mu.Lock()
	defer a.mu.Unlock()
	a.open = slices.DeleteFunc(a.open, func(other *Verification) bool { return other == v })
}

// Failure is a failed verification in words.
func Failure(v evidence.Verification) string {
	of := strings.Join(v.Requirements, ", ")
	if of != "" {
		of += ": "
	}
	return fmt.Sprintf("%s%s\n  expected: %s\n  actual:   %s\n", of, cmp.Or(v.Text, "verification failed"), v.Expected, v.Actual)
}

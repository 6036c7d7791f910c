// Package record is what the front ends for Ginkgo and for plain Go tests have in
// common: the evidence of a spec while it runs, and the process file that it goes
// to. It links neither Ginkgo nor Gomega.
package record

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/trace/cover"
	"github.com/socket-oneline/oneline/trace/words"
)

// Limits of what one spec may leave behind: a target that never stops sending
// must not fill the memory of the suite.
const (
	maxExchanges     = 2000
	maxExchangeBytes = 512  // of one exchange; its whole length is recorded
	maxText          = 4096 // of one expected, actual or note
)

// Attempt collects the evidence of one attempt at one spec. It is safe for
// concurrent use.
type Attempt struct {
	mu     sync.Mutex
	spec   evidence.Spec
	began  time.Time
	closed bool
	cut    int             // exchanges left out
	open   []*Verification // begun and not yet carried out
	failed bool            // the file holds the first failure
	front  FrontEnd
	watch  *cover.Watch // of the code that the attempt executes; nil once it is over
}

// FrontEnd is what an attempt needs of its front end. Fault, Late and Print may be
// nil.
type FrontEnd struct {
	Package string // as suites import it, such as trace
	File    *File
	Number  int                               // of the spec in the file
	Failed  func(Verb, evidence.Verification) // fails the spec, and ends it if the verb does
	Fault   func(text string)                 // takes a fault while the attempt runs
	Late    func(text string)                 // takes a fault after its end
	Print   func(place, text string)          // shows what the spec does
}

// Begin begins an attempt.
func Begin(spec evidence.Spec, front FrontEnd) *Attempt {
	spec.Schema = evidence.Schema
	return &Attempt{spec: spec, began: time.Now(), front: front, watch: cover.Begin()}
}

// Over is an attempt that has ended, and takes no evidence.
func Over(front FrontEnd) *Attempt { return &Attempt{closed: true, front: front} }

// Update changes the evidence, and reports whether it did: it does not once the
// attempt is over.
func (a *Attempt) Update(change func(*evidence.Spec)) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.closed {
		change(&a.spec)
	}
	return !a.closed
}

// Step begins the next step.
func (a *Attempt) Step(text string) {
	place := Caller()
	if !words.Visible(text) {
		a.Fault(place, "a step without text: say what is done")
	}
	if !a.Update(func(spec *evidence.Spec) {
		spec.Steps = append(spec.Steps, evidence.Step{Number: len(spec.Steps) + 1, Text: Clean(text), At: time.Now()})
	}) {
		a.Fault(place, "a step after the end of its spec: wait for the goroutine that calls it")
		return
	}
	a.front.Print(place, "step: "+text)
}

// Block records that something is missing which the spec needs.
func (a *Attempt) Block(reason string) {
	a.Update(func(spec *evidence.Spec) { spec.Blocked = Clean(reason) })
}

// NotObservable records why the target cannot show what the spec is about.
func (a *Attempt) NotObservable(reason string) {
	a.Update(func(spec *evidence.Spec) { spec.NotObservable = Clean(reason) })
}

// Note adds a remark.
func (a *Attempt) Note(text string) {
	a.Update(func(spec *evidence.Spec) { spec.Notes = append(spec.Notes, Clean(text)) })
}

// Fault records a misuse of the harness at a place.
func (a *Attempt) Fault(place, text string) {
	text = Clean(place + ": " + text)
	tell := a.front.Fault
	if !a.Update(func(spec *evidence.Spec) { spec.Faults = append(spec.Faults, text) }) {
		tell = a.front.Late
	}
	if tell != nil {
		tell(text)
	}
}

// DeadTarget records that the target did not survive. A spec that was blocked
// before it had verified anything blames nobody for that: it is noted.
func (a *Attempt) DeadTarget(problem string) {
	problem = Clean(problem)
	a.Update(func(spec *evidence.Spec) {
		if spec.Blocked != "" && len(spec.Verifications) == 0 {
			spec.Notes = append(spec.Notes, "the target did not survive: "+problem)
			return
		}
		spec.DeadTarget = problem
	})
}

// Exchange adds what happened on a connection to the transcript, at the time at
// which it began; zero: now. It keeps the order of time, because what was sent is
// often recorded only after the answer has come.
func (a *Attempt) Exchange(at time.Time, e evidence.Exchange) {
	if at.IsZero() {
		at = time.Now()
	}
	e.Offset = max(at.Sub(a.began), 0)
	e.Length = max(e.Length, len(e.Bytes))
	e.Bytes = slices.Clone(e.Bytes[:min(len(e.Bytes), maxExchangeBytes)])
	e.Text = Clean(e.Text)
	a.Update(func(spec *evidence.Spec) {
		t := spec.Transcript
		if len(t) >= maxExchanges {
			a.cut++
			return
		}
		e.Step = len(spec.Steps)
		i := len(t)
		for i > 0 && t[i-1].Offset > e.Offset {
			i--
		}
		spec.Transcript = slices.Insert(t, i, e)
	})
}

// End ends the attempt, writes its evidence and returns it. In one that ran to its
// end, every verification must have been carried out.
func (a *Attempt) End(completed bool) evidence.Spec {
	a.mu.Lock()
	watch := a.watch
	a.watch = nil
	a.mu.Unlock()
	executed := watch.End() // waits for goroutines, which may still record
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.closed {
		return a.spec
	}
	a.closed = true
	executed(&a.spec)
	a.spec.Faults = append(a.spec.Faults, naming(a.spec)...)
	a.spec.Completed = completed && a.spec.Stopped == "" && a.spec.Blocked == "" && a.spec.NotObservable == ""
	if completed {
		for _, v := range a.open {
			a.spec.Faults = append(a.spec.Faults, v.place+": "+v.unfinished())
		}
	}
	if a.cut > 0 {
		a.spec.Notes = append(a.spec.Notes, fmt.Sprintf("%d more exchanges are not in the transcript", a.cut))
	}
	a.front.File.Write(evidence.Record{Number: a.front.Number, Spec: &a.spec})
	return a.spec
}

// Problem says what failed in a spec, for the front end's own report; it is
// empty if nothing did.
func Problem(spec evidence.Spec) string {
	var text strings.Builder
	for _, v := range spec.Verifications {
		if !v.Passed {
			text.WriteString(Failure(v))
			fmt.Fprintf(&text, "  at %s\n", v.Location)
		}
	}
	if spec.DeadTarget != "" {
		fmt.Fprintf(&text, "the target did not survive: %s\n", spec.DeadTarget)
	}
	for _, fault := range spec.Faults {
		fmt.Fprintf(&text, "harness fault: %s\n", fault)
	}
	return text.String()
}

// Clean makes text fit for evidence: valid UTF-8 of bounded length.
func Clean(text string) string {
	text = strings.ToValidUTF8(text, "\uFFFD")
	if len(text) <= maxText {
		return text
	}
	return strings.ToValidUTF8(text[:maxText], "") + fmt.Sprintf(" ... (%d bytes in all)", len(text))
}

// naming lists the names of a spec that are empty, or that have nothing to see.
func naming(spec evidence.Spec) (faults []string) {
	check := func(what, text string) {
		if !words.Visible(text) {
			faults = append(faults, spec.Location+": "+what+" is empty")
		}
	}
	check("the title of the spec", spec.Title)
	if spec.Protocol.ID != "" || spec.Protocol.Title != "" {
		check(fmt.Sprintf("the id of the protocol %q", spec.Protocol.Title), spec.Protocol.ID)
		check("the title of the protocol "+spec.Protocol.ID, spec.Protocol.Title)
	}
	return faults
}

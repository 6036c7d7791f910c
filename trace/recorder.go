package trace

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	. "github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/types"

	"github.com/socket-oneline/oneline/reports/evidence"
)

// Limits of what one spec may leave behind: a target that never stops sending
// must not fill the memory of the suite.
const (
	maxExchanges     = 2000
	maxExchangeBytes = 512  // of one exchange; its whole length is said
	maxText          = 4096 // of one expected, actual or note
)

// recorder collects the evidence of one attempt at one spec.
type recorder struct {
	mu     sync.Mutex
	spec   evidence.Spec
	began  time.Time
	closed bool
	cut    int // exchanges left out
}

// state of the package: Ginkgo runs one spec at a time.
var current struct {
	sync.Mutex
	recorder *recorder
	cover    *collection                   // nil: what specs execute is not collected
	contexts map[context.Context]*recorder // the contexts of a spec's nodes, as they show up
	stray    []string                      // faults that could not be booked to a spec
}

// begin opens the record of a spec. It runs before everything else that the
// protocol does, so that the cleanup that closes the record runs last.
func begin(ctx SpecContext, protocol evidence.Protocol) {
	report := ctx.SpecReport()
	r := &recorder{began: time.Now(), spec: evidence.Spec{
		Schema:       evidence.Schema,
		Title:        report.LeafNodeText,
		Location:     relative(report.LeafNodeLocation),
		Protocol:     protocol,
		Requirements: labelled(report, reqLabel),
		Observe:      labelled(report, observeLabel),
		Attempt:      report.NumAttempts,
	}}
	r.spec.Attempt = max(r.spec.Attempt, 1)
	current.Lock()
	r.spec.Faults, current.stray = current.stray, nil
	current.recorder = r
	// The old contexts are done, and keep their recorder closed: no node of an
	// earlier spec can write through them.
	current.contexts = map[context.Context]*recorder{ctx: r}
	collection := current.cover
	current.Unlock()
	if collection != nil {
		collection.begin()
	}
	DeferCleanup(func() { r.finish() })
}

// finish closes the record, hands it to Ginkgo, and only now tells Ginkgo what
// failed.
func (r *recorder) finish() {
	current.Lock()
	collection := current.cover
	current.Unlock()
	if collection != nil { // the clean-up is over too, but for this
		collection.end(r)
	}
	state := CurrentSpecReport().State
	r.mu.Lock()
	r.closed = true
	r.spec.Completed = state == types.SpecStatePassed && r.spec.Stopped == "" && r.spec.Blocked == ""
	if r.cut > 0 {
		r.spec.Notes = append(r.spec.Notes, fmt.Sprintf("%d more exchanges are not in the transcript", r.cut))
	}
	spec := r.spec
	r.mu.Unlock()
	current.Lock()
	current.recorder = nil
	current.Unlock()

	AddReportEntry(evidence.SpecEntry, specEntry{spec}, ReportEntryVisibilityNever)
	if problem := verdict(spec); problem != "" && state == types.SpecStatePassed {
		Fail(problem)
	}
}

// verdict says in Ginkgo's place what failed in a spec; empty if nothing did.
func verdict(spec evidence.Spec) string {
	var text strings.Builder
	for _, v := range spec.Verifications {
		if !v.Passed {
			fmt.Fprintf(&text, "%s: %s\n  expected: %s\n  actual:   %s\n  at %s\n",
				strings.Join(v.Requirements, ", "), orElse(v.Text, "verification failed"), v.Expected, v.Actual, v.Location)
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

// recorderOf finds the record that ctx belongs to. It gives nil, and books a
// fault, if ctx belongs to a spec that is over: a step that leaks past its spec
// must not write into the next one.
func recorderOf(ctx SpecContext, verb string) *recorder {
	GinkgoHelper()
	current.Lock()
	defer current.Unlock()
	r, known := current.contexts[ctx]
	if !known && ctx.Err() == nil {
		r = current.recorder
		if current.contexts != nil {
			current.contexts[ctx] = r
		}
	}
	switch {
	case r == nil && ctx.Err() == nil:
		current.stray = append(current.stray, fmt.Sprintf("%s: trace.%s outside of a trace.Protocol", here(), verb))
	case r == nil:
		current.stray = append(current.stray, fmt.Sprintf("%s: trace.%s after the end of its spec: wait for the goroutine that calls it", here(), verb))
	}
	return r
}

// takeStray gives the faults that no later spec can carry.
func takeStray() []string {
	current.Lock()
	defer current.Unlock()
	stray := current.stray
	current.stray = nil
	return stray
}

// update changes the record, unless the spec is over: then it gives false.
func (r *recorder) update(change func(*evidence.Spec)) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return false
	}
	change(&r.spec)
	return true
}

func (r *recorder) step(text string) {
	r.update(func(spec *evidence.Spec) {
		spec.Steps = append(spec.Steps, evidence.Step{Number: len(spec.Steps) + 1, Text: clean(text), At: time.Now()})
	})
}

func (r *recorder) note(text string) {
	r.update(func(spec *evidence.Spec) { spec.Notes = append(spec.Notes, clean(text)) })
}

// fault books a misuse of this package. That of a spec that is over goes to the
// next one's record or to that of the run: it must not get lost.
func (r *recorder) fault(text string) {
	if !r.update(func(spec *evidence.Spec) { spec.Faults = append(spec.Faults, text) }) {
		current.Lock()
		defer current.Unlock()
		current.stray = append(current.stray, text)
	}
}

func (r *recorder) exchange(e evidence.Exchange) {
	e.Offset = time.Since(r.began)
	e.Length = max(e.Length, len(e.Bytes))
	e.Bytes = slices.Clone(e.Bytes[:min(len(e.Bytes), maxExchangeBytes)])
	e.Text = clean(e.Text)
	r.update(func(spec *evidence.Spec) {
		if len(spec.Transcript) >= maxExchanges {
			r.cut++
			return
		}
		spec.Transcript = append(spec.Transcript, e)
	})
}

// labelled lists the words of the spec's labels that bear the prefix.
func labelled(report types.SpecReport, prefix string) []string {
	words := []string{}
	for _, label := range report.Labels() {
		if word, ok := strings.CutPrefix(label, prefix); ok {
			words = append(words, word)
		}
	}
	return words
}

// clean makes text fit for evidence: valid UTF-8 of bounded length.
func clean(text string) string {
	text = strings.ToValidUTF8(text, "\uFFFD")
	if len(text) <= maxText {
		return text
	}
	return strings.ToValidUTF8(text[:maxText], "") + fmt.Sprintf(" ... (%d bytes in all)", len(text))
}

func orElse(text, other string) string {
	if text == "" {
		return other
	}
	return text
}

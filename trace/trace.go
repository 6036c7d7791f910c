// Package trace makes Ginkgo specs leave evidence: which requirements a spec is
// about, which steps it took, what it expected and what it got.
//
// A suite groups its specs in test protocols, labels every spec with the ids of
// its requirements, and verifies with Gomega's words:
//
//	var _ = trace.Protocol("TP-001", "addition", trace.About{}, func() {
//		It("adds two numbers", trace.Req("CALC-1"), func(ctx SpecContext) {
//			trace.Step(ctx, "add 2 and 3")
//			sum := calculator.Add(2, 3)
//			trace.Verify(ctx).Expect(sum).To(Equal(5))
//		})
//	})
//
// Three verbs tell what a failed assertion means. [Verify] records it and lets
// the spec go on, so that one fault does not hide the others. [Must] records it
// and stops the spec. [Need] is a precondition: it blocks the spec and blames no
// requirement.
//
// Each spec's evidence becomes a report entry of Ginkgo's, so that the JSON
// report that Ginkgo writes (--json-report) holds all of it; the report tool
// makes coverage table, trace matrix, protocol and report from that file. The
// package knows nothing of what is tested.
package trace

import (
	"fmt"

	. "github.com/onsi/ginkgo/v2"

	"github.com/socket-oneline/oneline/reports/evidence"
)

// Prefixes of the Ginkgo labels that tie a spec to its requirements. A label
// filter may name them: --label-filter='req: containsAny SRS-004'.
const (
	reqLabel      = "req:"
	observeLabel  = "observe:"
	protocolLabel = "protocol:"
)

// Req labels a spec, or a container of specs, with the ids of the requirements
// that it verifies. An id is letters, digits, '.', '_', '-' and ':', and begins
// with a letter.
func Req(ids ...string) Labels { return prefixed(reqLabel, ids) }

// Observe labels a spec with the kinds of observation that a target must allow
// for the spec to be carried out, such as "wire" or "exit". A requirement file
// that states the same of its requirements keeps a deleted spec from going
// unnoticed.
func Observe(kinds ...string) Labels { return prefixed(observeLabel, kinds) }

func prefixed(prefix string, words []string) Labels {
	labels := make(Labels, len(words))
	for i, word := range words {
		labels[i] = prefix + word
	}
	return labels
}

// About is what the test protocol says of itself beside its title.
type About struct {
	Objectives    []string // what it is to show
	Preconditions []string // what must hold before it begins
	Deviations    []string // where it departs from what a reader would expect, and why
}

// Protocol is a container of specs that bears the id of a test protocol, such
// as TP-001. Its specs are the parts of the protocol. Like Ginkgo's Describe it
// may stand at the top level of a file or in another container, and takes
// Ginkgo's decorators. An id is used once: the report refuses a second
// container with the same one.
func Protocol(id, title string, about About, body func(), decorators ...any) bool {
	protocol := evidence.Protocol{
		ID: id, Title: title,
		Objectives:    about.Objectives,
		Preconditions: about.Preconditions,
		Deviations:    about.Deviations,
	}
	GinkgoHelper()
	args := append([]any{Label(protocolLabel + id)}, decorators...)
	return Describe(title, append(args, func() {
		// A top-level BeforeEach would be lost when the specs are previewed.
		BeforeEach(func(ctx SpecContext) { begin(ctx, protocol) })
		body()
	})...)
}

// Step begins the next step of the spec. What is verified from now on belongs
// to it.
func Step(ctx SpecContext, format string, args ...any) {
	GinkgoHelper()
	if r := recorderOf(ctx, "Step"); r != nil {
		text := fmt.Sprintf(format, args...)
		r.step(text)
		GinkgoWriter.Printf("step: %s\n", text)
	}
}

// Note adds a remark that a reader of the report should see.
func Note(ctx SpecContext, format string, args ...any) {
	GinkgoHelper()
	if r := recorderOf(ctx, "Note"); r != nil {
		r.note(fmt.Sprintf(format, args...))
	}
}

// NotObservable ends the spec, because the target cannot show what the spec is
// about. Nothing may have been sent to the target.
func NotObservable(ctx SpecContext, reason string) {
	GinkgoHelper()
	if r := recorderOf(ctx, "NotObservable"); r != nil {
		r.update(func(spec *evidence.Spec) { spec.NotObservable = clean(reason) })
	}
	Skip("not observable: " + reason)
}

// Block ends the spec, because something that it needs is not there. It blames
// no requirement. [Need] does the same with a matcher. Where the spec was ended
// from outside meanwhile, that is the reason.
func Block(ctx SpecContext, format string, args ...any) {
	GinkgoHelper()
	reason := clean(fmt.Sprintf(format, args...))
	if r := recorderOf(ctx, "Block"); r != nil && ctx.Err() == nil {
		r.update(func(spec *evidence.Spec) { spec.Blocked = reason })
	}
	Skip("blocked: " + reason)
}

// DeadTarget records that the target did not survive the spec, and how that was
// found. It may be called from a cleanup. A spec that was blocked before it had
// verified anything blames nobody for that either: it is noted.
func DeadTarget(ctx SpecContext, format string, args ...any) {
	GinkgoHelper()
	if r := recorderOf(ctx, "DeadTarget"); r != nil {
		r.update(func(spec *evidence.Spec) {
			problem := clean(fmt.Sprintf(format, args...))
			if spec.Blocked != "" && len(spec.Verifications) == 0 {
				spec.Notes = append(spec.Notes, "the target did not survive: "+problem)
				return
			}
			spec.DeadTarget = problem
		})
	}
}

// Transcript gives a function that adds an exchange to the spec's transcript.
// It may be called from any goroutine, and does nothing once the spec is over.
// The offset is filled in.
func Transcript(ctx SpecContext) func(evidence.Exchange) {
	GinkgoHelper()
	r := recorderOf(ctx, "Transcript")
	if r == nil {
		return func(evidence.Exchange) {}
	}
	return r.exchange
}

// Record attaches run to the report of the suite. It is called once, before
// the suite runs; what run holds when the suite has ended is what counts.
func Record(run *evidence.Run) {
	if run.Schema == "" {
		run.Schema = evidence.Schema
	}
	ReportBeforeSuite(func(Report) {
		AddReportEntry(evidence.RunEntry, runEntry{run}, ReportEntryVisibilityNever)
	})
	ReportAfterSuite("evidence of the run", func(Report) {
		run.Faults = append(run.Faults, takeStray()...)
	})
}

// runEntry and specEntry keep Ginkgo from printing evidence in its own format.
type runEntry struct{ *evidence.Run }

func (runEntry) String() string { return "" }

type specEntry struct{ evidence.Spec }

func (specEntry) String() string { return "" }

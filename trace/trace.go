// Package trace makes Ginkgo specs leave evidence: which requirements a spec is
// about, which steps it took, what it expected and what it found.
//
// A suite groups its specs in test protocols, labels each spec with the ids of
// its requirements, and verifies with Gomega's matchers:
//
//	var _ = trace.Protocol("TP-001", "addition", trace.About{}, func() {
//		It("adds two numbers", trace.Req("CALC-1"), func(ctx SpecContext) {
//			trace.Step(ctx, "add 2 and 3")
//			sum := calculator.Add(2, 3)
//			trace.Verify(ctx).Expect(sum).To(Equal(5))
//		})
//	})
//
// Three verbs say what a failed assertion means. After [Verify] the spec goes on,
// so that one fault does not hide the others. After [Must] the spec ends. [Need]
// is a precondition: it blocks the spec, and no requirement fails.
//
// A verification counts for a spec if the spec's own body made it. What a
// BeforeEach or another node verifies is recorded too, but by itself it is no
// evidence for any spec; if it fails there, the spec fails.
//
// Misuse fails the spec and makes the whole run inconclusive: a verification
// without an assertion, of an id that the spec does not name, or after the spec
// has ended.
//
// Evidence goes two ways. Under "oneline run", which sets ONELINE_EVIDENCE, each
// test process writes it to a file of its own as it runs, so that a crash loses
// nothing. It is also attached to the Ginkgo report as report entries, so that a
// JSON report (--json-report) holds all of it.
package trace

import (
	"context"
	"fmt"
	"time"

	. "github.com/onsi/ginkgo/v2"

	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/trace/words"
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

// Observe labels a spec with the kinds of observation that a target must allow,
// such as "wire" or "exit". If the requirement file states the same of its
// requirements, a deleted spec does not go unnoticed.
func Observe(kinds ...string) Labels { return prefixed(observeLabel, kinds) }

func prefixed(prefix string, words []string) Labels {
	var labels Labels
	for _, word := range words {
		labels = append(labels, prefix+word)
	}
	return labels
}

// About describes a test protocol. All of it is optional.
type About struct {
	Objectives    []string // what the protocol shows
	Preconditions []string // what must hold before it begins
	Deviations    []string // where it differs from what a reader would expect, and why
}

// Protocol is a container of specs with the id of a test protocol, such as
// TP-001. Like Ginkgo's Describe it may stand at the top level of a file or in
// another container, and takes Ginkgo's decorators. Each id may be used once.
func Protocol(id, title string, about About, body func(), decorators ...any) bool {
	protocol := evidence.Protocol{ID: id, Title: title, Objectives: about.Objectives, Preconditions: about.Preconditions, Deviations: about.Deviations}
	GinkgoHelper()
	args := append([]any{
		Label(protocolLabel + id),
		AroundNode(func(ctx context.Context, run func(context.Context)) { aroundNode(ctx, protocol, run) }),
	}, decorators...)
	return Describe(title, append(args, func() {
		current.announce()
		ReportBeforeEach(func(report SpecReport) { willRun(report, protocol) })
		ReportAfterEach(hasRun)
		// This must be the first node that registers a cleanup: the evidence is
		// complete once all other cleanups are over.
		BeforeEach(func(ctx SpecContext) {
			attempt := current.begin(ctx.SpecReport(), protocol)
			DeferCleanup(func() { finish(attempt) })
		})
		body()
	})...)
}

// Step begins the next step of the spec. Later verifications belong to it.
func Step(ctx SpecContext, format string, args ...any) {
	nodeOf(ctx, "Step").attempt.Step(fmt.Sprintf(format, args...))
}

// Note adds a remark for the readers of the report.
func Note(ctx SpecContext, format string, args ...any) {
	nodeOf(ctx, "Note").attempt.Note(fmt.Sprintf(format, args...))
}

// NotObservable ends the spec because the target cannot show what the spec is
// about. Nothing may have been sent to the target.
func NotObservable(ctx SpecContext, reason string) {
	nodeOf(ctx, "NotObservable").attempt.NotObservable(reason)
	Skip("not observable: "+reason, depth())
}

// Block ends the spec because something that it needs is missing. No requirement
// fails. [Need] does the same with a matcher. If the spec was interrupted, that is
// the reason instead.
func Block(ctx SpecContext, format string, args ...any) {
	reason := fmt.Sprintf(format, args...)
	if n := nodeOf(ctx, "Block"); ctx.Err() == nil {
		n.attempt.Block(reason)
	}
	Skip("blocked: "+reason, depth())
}

// DeadTarget records that the target did not survive the spec, and how that was
// found out. It may be called from a cleanup. If the spec was blocked before it
// had verified anything, this is only noted.
func DeadTarget(ctx SpecContext, format string, args ...any) {
	nodeOf(ctx, "DeadTarget").attempt.DeadTarget(fmt.Sprintf(format, args...))
}

// Transcript returns a function that adds an exchange to the spec's transcript,
// at the time at which the exchange began; zero means now. It may be called from
// any goroutine, and does nothing once the spec is over.
func Transcript(ctx SpecContext) func(at time.Time, e evidence.Exchange) {
	return nodeOf(ctx, "Transcript").attempt.Exchange
}

// Described is a matcher that says in its own words what it expects, such as
// "a packet that begins with err".
type Described = words.Described

// Text writes a value as evidence shows it: on one line, with strings quoted.
func Text(value any) string { return words.Value(value) }

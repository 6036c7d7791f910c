package trace

import (
	"context"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	. "github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/types"

	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/trace/record"
)

// attempt is one attempt at one spec.
type attempt struct {
	*record.Attempt
	returned bool        // the spec's own body did, without a panic
	failed   atomic.Bool // a verification failed, and Ginkgo was told so
	earlier  int         // failures that Ginkgo knew before it began
	began    time.Time   // of the spec
	number   int         // of the attempt
}

// none takes what belongs to no spec.
var none = &attempt{Attempt: record.Over(record.FrontEnd{Package: "trace"})}

// suite is the state of the package: Ginkgo runs one spec at a time.
type suite struct {
	sync.Mutex
	attempt   *attempt
	nodes     map[any]node // of the spec, by their contexts
	spec      int          // the number of the spec in the process file
	stray     []string     // faults that belong to no spec
	run       *evidence.Run
	announced *record.File // which holds the run
}

var current suite

// node is a node of a spec that runs or has run.
type node struct {
	attempt *attempt
	name    string // such as BeforeEach; empty for the spec's own body
}

// begin begins an attempt, unless a BeforeAll that ran before it has.
func (s *suite) begin(report SpecReport, protocol evidence.Protocol) *attempt {
	s.Lock()
	defer s.Unlock()
	if a := s.attempt; a != nil && a.began.Equal(report.StartTime) && a.number == report.NumAttempts {
		return a
	}
	spec := newSpec(report, protocol)
	spec.Faults, s.stray = s.stray, nil
	a := &attempt{earlier: len(report.AdditionalFailures), began: report.StartTime, number: report.NumAttempts}
	a.Attempt = record.Begin(spec, record.FrontEnd{
		Package: "trace", File: openFile(), Number: s.spec, Failed: a.fail, Late: stray,
		Print: func(_, text string) { GinkgoWriter.Println(text) },
	})
	s.attempt = a
	s.nodes = map[any]node{} // contexts of earlier specs have ended
	return a
}

// newSpec is what is known of a spec before it runs.
func newSpec(report SpecReport, protocol evidence.Protocol) evidence.Spec {
	return evidence.Spec{
		Schema:       evidence.Schema,
		Title:        report.LeafNodeText,
		Containers:   report.ContainerHierarchyTexts,
		Location:     relative(report.LeafNodeLocation),
		Protocol:     protocol,
		Requirements: labeled(report, reqLabel),
		Observe:      labeled(report, observeLabel),
		Attempt:      max(report.NumAttempts, 1),
	}
}

// labeled lists the words of the spec's labels that have the prefix.
func labeled(report SpecReport, prefix string) []string {
	words := []string{}
	for _, label := range report.Labels() {
		if word, ok := strings.CutPrefix(label, prefix); ok {
			words = append(words, word)
		}
	}
	return words
}

// aroundNode runs a node of a protocol.
func aroundNode(ctx context.Context, protocol evidence.Protocol, run func(context.Context)) {
	report := CurrentSpecReport()
	name := nodeName(report)
	if strings.HasPrefix(name, "Report") {
		run(ctx)
		return
	}
	if name == "BeforeAll" { // it runs before the BeforeEach that begins the record
		current.begin(report, protocol)
	}
	current.Lock()
	a := current.attempt
	if a != nil {
		current.nodes[key(ctx)] = node{a, name}
	}
	current.Unlock()
	if a == nil || name != "" {
		run(ctx)
		return
	}
	defer func() {
		if !a.returned {
			place, _ := record.Unwinding()
			a.Update(func(spec *evidence.Spec) { spec.Panicked = place })
		}
	}()
	run(ctx)
	a.returned = true
}

// key identifies the context that Ginkgo made for a node, however it was wrapped.
func key(ctx context.Context) any {
	if own := ctx.Value("GINKGO_SPEC_CONTEXT"); own != nil {
		return own
	}
	return ctx
}

// nodeName is the kind of the node that runs: empty for the body of a spec, else
// BeforeEach and the like.
func nodeName(report SpecReport) string {
	for _, e := range slices.Backward(report.SpecEvents) {
		if e.SpecEventType == types.SpecEventNodeStart {
			name, _, _ := strings.Cut(e.NodeType.String(), " ")
			return strings.TrimPrefix(name, "It")
		}
	}
	return ""
}

// finish ends an attempt, attaches its evidence to Ginkgo's report, and tells
// Ginkgo what failed as far as it does not know yet.
func finish(a *attempt) {
	current.Lock()
	over := current.attempt != a
	if !over {
		current.attempt = nil
	}
	current.Unlock()
	if over {
		return
	}
	report := CurrentSpecReport()
	passed := report.State == types.SpecStatePassed ||
		report.State == types.SpecStateFailed && a.failed.Load() && len(report.AdditionalFailures) == a.earlier
	a.Update(func(spec *evidence.Spec) {
		if said := report.Failure.ForwardedPanic; spec.Panicked != "" && said != "" {
			spec.Panicked += ": " + record.Clean(said)
		}
	})
	spec := a.End(a.returned && passed)
	AddReportEntry(evidence.SpecEntry, specEntry{spec}, ReportEntryVisibilityNever)
	if err := openFile().Err(); err != nil {
		Fail("the evidence cannot be written: " + err.Error())
	}
	if problem := record.Problem(spec); problem != "" && report.State == types.SpecStatePassed {
		Fail(problem)
	}
}

// nodeOf finds the node that ctx belongs to. If there is none, or its spec is over,
// it records a fault and returns none: nothing must be recorded for the spec that
// happens to run.
func nodeOf(ctx SpecContext, verb string) node {
	current.Lock()
	n, known := current.nodes[key(ctx)]
	if !known && current.attempt != nil && ctx.Err() == nil { // a node of an outer container
		n = node{current.attempt, nodeName(ctx.SpecReport())}
		current.nodes[key(ctx)] = n
	}
	current.Unlock()
	switch {
	case n.attempt != nil:
		return n
	case ctx.Err() == nil:
		stray(record.Caller() + ": trace." + verb + " outside of a trace.Protocol")
	default:
		stray(record.Caller() + ": trace." + verb + " after the end of its spec: wait for the goroutine that calls it")
	}
	return node{attempt: none}
}

// depth is how many functions of this package lie between its caller and the suite.
func depth() int {
	var pcs [16]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs[:])])
	for n := 0; ; n++ {
		if frame, more := frames.Next(); !more || !record.Own(frame.Function) {
			return n
		}
	}
}

func relative(l types.CodeLocation) string { return record.Place(l.FileName, l.LineNumber) }

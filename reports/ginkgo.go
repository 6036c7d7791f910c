package reports

import (
	"cmp"
	"encoding/json"
	"fmt"
	"path"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/socket-oneline/oneline/reports/evidence"
)

// What is read of a Ginkgo JSON report: only what verdicts need. The types are
// ours, because Ginkgo's decode every stack trace, and every entry twice.
type (
	ginkgoSuite struct {
		SuitePath                  *string // nil: this is no suite
		SuiteDescription           string
		SuiteSucceeded             bool
		SpecialSuiteFailureReasons []string
		PreRunStats                struct{ SpecsThatWillRun, TotalSpecs int }
		StartTime, EndTime         time.Time
		SuiteConfig                struct {
			RandomSeed int64
			DryRun     bool
		}
		SpecReports []ginkgoSpec
	}
	ginkgoSpec struct {
		ContainerHierarchyTexts     []string
		ContainerHierarchyLocations []ginkgoLocation
		ContainerHierarchyLabels    [][]string
		LeafNodeType                string
		LeafNodeLocation            ginkgoLocation
		LeafNodeLabels              []string
		LeafNodeText                string
		State                       string
		RunTime                     time.Duration
		Failure                     ginkgoFailure
		AdditionalFailures          []struct {
			State   string
			Failure ginkgoFailure
		}
		NumAttempts           int
		MaxMustPassRepeatedly int
		ReportEntries         []ginkgoEntry
	}
	ginkgoLocation struct {
		FileName   string
		LineNumber int
	}
	ginkgoFailure struct{ Message, ForwardedPanic string }
	ginkgoEntry   struct {
		Name  string
		Value struct{ AsJSON json.RawMessage }
	}
)

// The states that Ginkgo gives to a spec. None at all is "".
const (
	statePassed      = "passed"
	stateFailed      = "failed"
	statePanicked    = "panicked"
	stateTimedOut    = "timedout"
	stateAborted     = "aborted"
	stateInterrupted = "interrupted"
	stateSkipped     = "skipped"
	statePending     = "pending"
)

var states = []string{
	"", statePassed, stateFailed, statePanicked, stateTimedOut, stateAborted, stateInterrupted, stateSkipped, statePending,
}

// Prefixes of the labels with which package trace ties specs to requirements.
const (
	reqLabel      = "req:"
	observeLabel  = "observe:"
	protocolLabel = "protocol:"
)

// A suite is one run of one suite.
type suite struct {
	run      evidence.Run
	specs    []spec
	dryRun   bool
	complete bool     // every spec that was chosen to run did so
	filtered bool     // not every spec was chosen
	notes    []string // what Ginkgo says of the suite as a whole
	problems []string // nodes of the suite that failed, runs recorded twice
}

// A spec is what a suite recorded of one of its specs.
type spec struct {
	title      string
	location   string // file:line
	protocol   evidence.Protocol
	protocols  []string // the ids that its containers bear, from the outermost
	protocolAt string   // file:line of the innermost
	ids        []string
	observe    []string
	state      string
	attempts   int // 0: it did not begin
	repeated   bool
	failure    string // what Ginkgo says of it
	cleanup    string // a failure after the one that decided its state
	seconds    float64
	attempted  []evidence.Spec // in the order of the attempts
}

func newSuite(g *ginkgoSuite) (suite, error) {
	s := suite{
		dryRun:   g.SuiteConfig.DryRun,
		filtered: g.PreRunStats.SpecsThatWillRun < g.PreRunStats.TotalSpecs,
	}
	records, err := decodeEvidence(g.SpecReports)
	if err != nil {
		return s, err
	}
	roots := sourceRoots{suite: slashed(*g.SuitePath)}
	for i := range g.SpecReports {
		for _, e := range records[i].specs {
			roots.learn(g.SpecReports[i].LeafNodeLocation, e.Location)
		}
	}
	runs, began, failed := 0, 0, false
	for i := range g.SpecReports {
		r := &g.SpecReports[i]
		for _, run := range records[i].runs {
			s.run = run
			runs++
		}
		failed = failed || isFailure(r.State)
		if r.LeafNodeType == "It" {
			if r.NumAttempts > 0 {
				began++
			}
			s.specs = append(s.specs, newSpec(r, records[i].specs, &roots))
		} else if isFailure(r.State) && r.State != stateInterrupted && !suiteTimeUp(r.State, r.Failure.Message) {
			s.problems = append(s.problems, located(roots.relative(r.LeafNodeLocation),
				fmt.Sprintf("%s %s: %s", r.LeafNodeType, r.State, orElse(failureText(r.Failure), "no reason given"))))
		}
	}
	if runs > 1 {
		s.problems = append(s.problems, fmt.Sprintf("the suite %q holds the evidence of %d runs: call trace.Record once", g.SuiteDescription, runs))
	}
	for _, reason := range g.SpecialSuiteFailureReasons {
		s.notes = append(s.notes, "Ginkgo says of the suite: "+oneLine(reason))
	}
	if !g.SuiteSucceeded && !failed && len(s.notes) == 0 {
		s.notes = append(s.notes, "Ginkgo says that the suite failed, and gives no reason")
	}
	s.complete = !s.dryRun && began >= g.PreRunStats.SpecsThatWillRun && len(s.notes) == 0
	s.completeRun(g)
	return s, nil
}

// completeRun fills in what the suite did not record of its run, or all of it
// where the suite knows nothing of package trace.
func (s *suite) completeRun(g *ginkgoSuite) {
	r := &s.run
	r.Schema = evidence.Schema
	r.Type = orElse(r.Type, "dev")
	if s.dryRun {
		r.Type = "dryrun"
	}
	if r.Started.IsZero() {
		r.Started = g.StartTime
	}
	if r.Ended.IsZero() {
		r.Ended = g.EndTime
	}
	r.Target.Name = orElse(r.Target.Name, g.SuiteDescription)
	r.Seed = cmp.Or(r.Seed, g.SuiteConfig.RandomSeed)
}

func newSpec(r *ginkgoSpec, records []evidence.Spec, roots *sourceRoots) spec {
	s := spec{
		title:     r.LeafNodeText,
		location:  roots.relative(r.LeafNodeLocation),
		state:     r.State,
		attempts:  r.NumAttempts,
		repeated:  r.MaxMustPassRepeatedly > 0,
		failure:   failureText(r.Failure),
		seconds:   r.RunTime.Seconds(),
		attempted: records,
	}
	for i, labels := range r.ContainerHierarchyLabels {
		for _, label := range labels {
			if id, ok := strings.CutPrefix(label, protocolLabel); ok {
				s.protocols = append(s.protocols, id)
				s.protocol.ID, s.protocol.Title, s.protocolAt = id, at(r.ContainerHierarchyTexts, i), roots.relative(at(r.ContainerHierarchyLocations, i))
			}
		}
		s.addLabels(labels)
	}
	s.addLabels(r.LeafNodeLabels)
	for _, f := range r.AdditionalFailures {
		if isFailure(f.State) && f.State != stateInterrupted && s.cleanup == "" {
			s.cleanup = orElse(failureText(f.Failure), f.State)
		}
	}
	for _, e := range records {
		if s.protocol.ID == "" || s.protocol.ID == e.Protocol.ID {
			s.protocol = e.Protocol
		}
		s.location = orElse(e.Location, s.location)
	}
	return s
}

func (s *spec) addLabels(labels []string) {
	for _, label := range labels {
		if id, ok := strings.CutPrefix(label, reqLabel); ok && !slices.Contains(s.ids, id) {
			s.ids = append(s.ids, id)
		}
		if kind, ok := strings.CutPrefix(label, observeLabel); ok && !slices.Contains(s.observe, kind) {
			s.observe = append(s.observe, kind)
		}
	}
}

// isFailure tells whether Ginkgo counts a state as a failure.
func isFailure(state string) bool {
	switch state {
	case stateFailed, statePanicked, stateTimedOut, stateAborted, stateInterrupted:
		return true
	}
	return false
}

// suiteTimeUp tells whether a node was ended because the time of the whole
// suite was over. Ginkgo gives it the same state as a node that exceeded its
// own time, and only the message differs.
func suiteTimeUp(state, message string) bool {
	return state == stateTimedOut && strings.HasPrefix(message, "A suite timeout occurred")
}

func failureText(f ginkgoFailure) string {
	if f.ForwardedPanic != "" {
		return strings.TrimSpace(f.Message) + ": " + f.ForwardedPanic
	}
	return strings.TrimSpace(f.Message)
}

// evidenceOf is the evidence that one node of the report carries.
type evidenceOf struct {
	specs []evidence.Spec
	runs  []evidence.Run
}

// decodeEvidence decodes the entries of all specs, several at a time: they are
// most of a report. Of several broken ones it reports the first.
func decodeEvidence(specs []ginkgoSpec) ([]evidenceOf, error) {
	decoded, failures := make([]evidenceOf, len(specs)), make([]error, len(specs))
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(specs)) {
		workers.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(specs); i = int(next.Add(1)) - 1 {
				if err := decoded[i].decode(&specs[i]); err != nil {
					failures[i] = fmt.Errorf("%s %q (%s:%d): %w", specs[i].LeafNodeType, specs[i].LeafNodeText,
						path.Base(slashed(specs[i].LeafNodeLocation.FileName)), specs[i].LeafNodeLocation.LineNumber, err)
				}
			}
		})
	}
	workers.Wait()
	for _, err := range failures {
		if err != nil {
			return nil, err
		}
	}
	return decoded, nil
}

func (e *evidenceOf) decode(s *ginkgoSpec) error {
	if !slices.Contains(states, s.State) {
		return fmt.Errorf("its state %q is not one of Ginkgo's: use the release of oneline that fits the suite", s.State)
	}
	for i := range s.ReportEntries {
		value := s.ReportEntries[i].Value.AsJSON
		switch s.ReportEntries[i].Name {
		case evidence.SpecEntry:
			var record evidence.Spec
			if err := decodeEntry(value, &record, &record.Schema); err != nil {
				return err
			}
			e.specs = append(e.specs, record)
		case evidence.RunEntry:
			var record evidence.Run
			if err := decodeEntry(value, &record, &record.Schema); err != nil {
				return err
			}
			e.runs = append(e.runs, record)
		}
	}
	s.ReportEntries = nil // the text is of no more use
	slices.SortStableFunc(e.specs, func(a, b evidence.Spec) int { return a.Attempt - b.Attempt })
	return nil
}

// sourceRoots turns Ginkgo's locations, which are absolute, into those of
// evidence, which are relative to the module.
type sourceRoots struct {
	suite   string   // folder of the suite: the next best, where nothing is learned
	modules []string // folders of modules, each with its slash
}

// learn notes in which folder the file of a spec lies whose place in its module
// is known.
func (r *sourceRoots) learn(absolute ginkgoLocation, relative string) {
	file, _, _ := strings.Cut(relative, ":")
	root, ok := strings.CutSuffix(slashed(absolute.FileName), file)
	if ok && file != "" && strings.HasSuffix(root, "/") && !slices.Contains(r.modules, root) {
		r.modules = append(r.modules, root)
	}
}

// relative writes a location as file:line; it is empty for one without file.
func (r *sourceRoots) relative(l ginkgoLocation) string {
	if l.FileName == "" {
		return ""
	}
	file := slashed(l.FileName)
	for _, root := range append(r.modules, strings.TrimSuffix(r.suite, "/")+"/") {
		if rest, ok := strings.CutPrefix(file, root); ok {
			file = rest
			break
		}
	}
	return file + ":" + strconv.Itoa(l.LineNumber)
}

// slashed is a path as Go writes it, also where the suite ran on Windows.
func slashed(name string) string {
	if len(name) > 1 && name[1] == ':' {
		return strings.ReplaceAll(name, `\`, "/")
	}
	return name
}

// at is the i-th of list, or nothing.
func at[T any](list []T, i int) (t T) {
	if i < len(list) {
		t = list[i]
	}
	return t
}

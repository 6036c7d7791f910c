package reports

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/socket-oneline/oneline/reports/evidence"
)

// What is read of a Ginkgo JSON report: only what verdicts need.
type (
	ginkgoSuite struct {
		path        *string // nil: this is no suite
		description string
		succeeded   bool
		reasons     []string // SpecialSuiteFailureReasons
		stats       struct{ SpecsThatWillRun, TotalSpecs int }
		start, end  time.Time
		config      struct {
			RandomSeed int64
			DryRun     bool
		}
		nodes []ginkgoNode // SpecReports: specs, and nodes of the suite
	}
	ginkgoNode struct {
		containers []string // texts
		places     []ginkgoLocation
		labels     [][]string
		kind       string
		place      ginkgoLocation
		own        []string // labels
		text       string
		state      string
		took       time.Duration
		failure    ginkgoFailure
		more       []ginkgoFailure
		attempts   int
		mustPass   int // MaxMustPassRepeatedly

		specs []evidence.Spec // in the order of their attempts
		runs  []evidence.Run
	}
	ginkgoLocation struct {
		FileName   string
		LineNumber int
	}
	ginkgoFailure struct {
		State                   string
		Message, ForwardedPanic string
		Failure                 *ginkgoFailure // of an additional failure, which has a state of its own
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
	manual     bool   // a person carries it out
	failure    string // what Ginkgo says of it
	cleanup    string // a failure after the one that decided its state
	seconds    float64
	attempted  []evidence.Spec // in the order of the attempts
}

func newSuite(g *ginkgoSuite) suite {
	s := suite{
		dryRun:   g.config.DryRun,
		filtered: g.stats.SpecsThatWillRun < g.stats.TotalSpecs,
	}
	roots := sourceRoots{suite: slashed(*g.path)}
	for i := range g.nodes {
		for k := range g.nodes[i].specs {
			roots.learn(g.nodes[i].place, g.nodes[i].specs[k].Location)
		}
	}
	runs := 0
	for i := range g.nodes {
		for _, run := range g.nodes[i].runs {
			s.run = run
			runs++
		}
	}
	if module := s.run.Suite.Module; module != "" {
		roots.modules = append(roots.modules, module+"/") // where it was built with -trimpath
	}
	began, failed := 0, false
	for i := range g.nodes {
		n := &g.nodes[i]
		failed = failed || isFailure(n.state)
		if n.kind == "It" {
			if n.attempts > 0 {
				began++
			}
			s.specs = append(s.specs, newSpec(n, &roots))
		} else if isFailure(n.state) && n.state != stateInterrupted && !suiteTimeUp(n.state, n.failure.Message) {
			s.problems = append(s.problems, located(roots.relative(n.place),
				fmt.Sprintf("%s %s: %s", n.kind, n.state, orElse(n.failure.text(), "no reason given"))))
		}
	}
	if runs > 1 {
		s.problems = append(s.problems, fmt.Sprintf("the suite %q holds the evidence of %d runs: call trace.Record once", g.description, runs))
	}
	for _, reason := range g.reasons {
		s.notes = append(s.notes, "Ginkgo says of the suite: "+oneLine(reason))
	}
	if !g.succeeded && !failed && len(s.notes) == 0 {
		s.notes = append(s.notes, "Ginkgo says that the suite failed, and gives no reason")
	}
	s.complete = began >= g.stats.SpecsThatWillRun && len(s.notes) == 0 && s.run.Unreachable == "" && !s.run.Interrupted
	s.completeRun(g)
	s.dryRun = s.dryRun || s.run.Type == "dryrun"
	return s
}

// manual tells whether persons carried out the suite.
func (s *suite) manual() bool {
	return len(s.specs) > 0 && !slices.ContainsFunc(s.specs, func(s spec) bool { return !s.manual })
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
		r.Started = g.start
	}
	if r.Ended.IsZero() {
		r.Ended = g.end
	}
	r.Target.Name = orElse(r.Target.Name, g.description)
	r.Seed = cmp.Or(r.Seed, g.config.RandomSeed)
}

func newSpec(n *ginkgoNode, roots *sourceRoots) spec {
	s := spec{
		title:     n.text,
		location:  roots.relative(n.place),
		state:     n.state,
		attempts:  n.attempts,
		repeated:  n.mustPass > 0,
		failure:   n.failure.text(),
		seconds:   n.took.Seconds(),
		attempted: n.specs,
	}
	for i, labels := range n.labels {
		for _, label := range labels {
			if id, ok := strings.CutPrefix(label, protocolLabel); ok {
				s.protocols = append(s.protocols, id)
				s.protocol.ID, s.protocol.Title, s.protocolAt = id, at(n.containers, i), roots.relative(at(n.places, i))
			}
		}
		s.addLabels(labels)
	}
	s.addLabels(n.own)
	for _, f := range n.more {
		if isFailure(f.State) && f.State != stateInterrupted && !suiteTimeUp(f.State, f.text()) && s.cleanup == "" {
			s.cleanup = orElse(f.text(), f.State)
		}
	}
	for i := range n.specs {
		e := &n.specs[i]
		if s.protocol.ID == "" || s.protocol.ID == e.Protocol.ID {
			s.protocol = e.Protocol
		}
		s.location = orElse(e.Location, s.location)
		s.manual = s.manual || e.Manual
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

// text is what Ginkgo says of a failure.
func (f *ginkgoFailure) text() string {
	if f.Failure != nil {
		return f.Failure.text()
	}
	if f.ForwardedPanic != "" {
		return strings.TrimSpace(f.Message) + ": " + f.ForwardedPanic
	}
	return strings.TrimSpace(f.Message)
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

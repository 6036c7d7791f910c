package reports

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/results"
)

// judged is a spec with what it says of its requirements.
type judged struct {
	*results.Spec
	suite    *results.Suite
	shown    string    // its id in documents
	findings []finding // in the order of its ids
	overall  finding   // the worst of them
	all      Counts    // of its verifications, each once
}

// finding is what one spec says of one of its requirements.
type finding struct {
	*judged
	id     string
	result Result
	reason string // why it is no pass
	counts Counts

	unaccepted bool // an outcome that may only count against the requirement
}

// worst returns the finding that counts of several, the first if they are alike.
func worst(findings []finding) finding {
	return slices.MinFunc(findings, func(a, b finding) int { return severity(a.result, b.result) })
}

// tally counts the verifications of one requirement in all attempts, or of all requirements
// if id is empty, and the places of the source at which they stand.
func (s *judged) tally(id string) (c Counts, places int) {
	seen := make(map[string]bool)
	for i := range s.Attempted {
		for _, v := range s.Attempted[i].Verifications {
			if id == "" || slices.Contains(v.Requirements, id) {
				c.add(v.Passed)
				seen[v.Location] = true
			}
		}
	}
	return c, len(seen)
}

// judge returns a spec with what it says of each of its ids. All attempts count.
func (b *builder) judge(suite *results.Suite, spec *results.Spec) *judged {
	s := &judged{Spec: spec, suite: suite}
	s.all, _ = s.tally("")
	for _, id := range s.Requirements {
		counts, _ := s.tally(id)
		s.findings = append(s.findings, b.find(s, id, counts))
	}
	if len(s.findings) > 0 {
		s.overall = worst(s.findings)
	} else {
		s.overall = b.find(s, "", Counts{})
	}
	return s
}

// find returns what a spec says of one id. of counts its verifications of that id.
func (b *builder) find(s *judged, id string, of Counts) finding {
	f := finding{judged: s, id: id, counts: of, unaccepted: s.Grade == results.Outcome && !b.opt.AcceptOutcomes}
	f.result, f.reason = s.decide(of, b.opt.AcceptOutcomes)
	why := b.outdated(&s.suite.Run, id)
	switch {
	case f.result == ResultNotObservable:
	case why != "" && (f.result == ResultPass || f.result == ResultFail):
		f.result, f.reason = ResultNoEvidence, why
	case s.suite.DryRun:
		f.result, f.reason = ResultNoEvidence, "dry run"
	case s.unrecorded():
		f.result, f.reason = ResultSkipped, notRecorded
	}
	return f
}

// decide is the table of results: the first case that holds.
func (s *judged) decide(of Counts, accept bool) (Result, string) {
	unobservable, blame, blocked := s.unobservable(), s.blame(), s.blocked()
	switch {
	case unobservable != "":
		return ResultNotObservable, unobservable
	case of.Failed > 0:
		return ResultFail, failedOf(of)
	case blame != "" && s.all.Failed == 0:
		return ResultFail, blame
	case blocked != "":
		return ResultBlocked, blocked
	case s.NoEvidence != "":
		return ResultNoEvidence, oneLine(s.NoEvidence)
	case s.State == results.Pending:
		return ResultSkipped, "pending"
	case s.State == results.Skipped && s.Attempts == 0:
		return ResultSkipped, oneLine(s.Failure)
	case s.State == results.Skipped:
		return ResultSkipped, cmp.Or(oneLine(s.Failure), "by its author")
	case s.Grade == results.Outcome && accept:
		return ResultPassOutcome, ""
	case s.Grade == results.Outcome:
		return ResultNoEvidence, outcomeOnly
	case of.Passed == 0:
		return ResultNoEvidence, ""
	case s.setupOnly() != "":
		return ResultNoEvidence, "only its " + s.setupOnly() + " verified"
	}
	return ResultPass, ""
}

// setupOnly returns the name of a node, such as BeforeEach, if it made all verifications
// of an attempt, else "". Specs share such nodes, so its verifications alone are no
// evidence for one of them.
func (s *judged) setupOnly() string {
	own := func(v evidence.Verification) bool { return v.Node == "" }
	return s.first(func(e *evidence.Spec) string {
		if len(e.Verifications) == 0 || slices.ContainsFunc(e.Verifications, own) {
			return ""
		}
		return e.Verifications[0].Node
	})
}

// first returns the first text that an attempt gives; empty if none does.
func (s *judged) first(text func(*evidence.Spec) string) string {
	for i := range s.Attempted {
		if t := text(&s.Attempted[i]); t != "" {
			return t
		}
	}
	return ""
}

func panicked(e *evidence.Spec) string { return e.Panicked }

// notRecorded is the reason for what a person should have carried out.
const notRecorded = "manual and not recorded"

// unrecorded reports whether the spec is manual and nobody has begun it.
func (s *judged) unrecorded() bool { return s.Manual && s.Attempts == 0 }

// leftOut reports whether the spec was left out of its run: by a filter or a focus,
// because it is pending, or because no person has begun it.
func (s *judged) leftOut() bool {
	return s.unrecorded() || s.State == results.Pending || s.State == results.Skipped && s.Attempts == 0 && s.Failure == ""
}

func failedOf(c Counts) string {
	if c.Failed+c.Passed == 1 {
		return "the verification failed"
	}
	return fmt.Sprintf("%d of %d verifications failed", c.Failed, c.Failed+c.Passed)
}

// unobservable says why the target cannot show what the spec is about; empty if it can,
// or if the spec found something nevertheless.
func (s *judged) unobservable() string {
	if s.hasFindings() {
		return ""
	}
	return s.notShown()
}

// notShown says why the target cannot show what the spec is about: in the spec's words,
// or by its labels.
func (s *judged) notShown() string {
	said := s.first(func(e *evidence.Spec) string { return oneLine(e.NotObservable) })
	return cmp.Or(said, needs(&s.suite.Run, s.Observe))
}

// hasFindings reports whether the spec verified something or went wrong.
func (s *judged) hasFindings() bool {
	return s.ownFailure() || s.Cleanup != "" || slices.ContainsFunc(s.Attempted, func(e evidence.Spec) bool {
		return len(e.Verifications) > 0 || e.DeadTarget != ""
	})
}

// blame says why the spec failed apart from its verifications; empty if it did not.
func (s *judged) blame() string {
	if dead := s.first(func(e *evidence.Spec) string { return e.DeadTarget }); dead != "" {
		return "the target did not survive it: " + oneLine(dead)
	}
	switch said := s.first(panicked); {
	case s.Attempts > 1 && !s.Repeated:
		return fmt.Sprintf("it was tried %d times: %s", s.Attempts, cmp.Or(oneLine(s.Cleanup+s.Failure), "a spec is tried again only where it failed"))
	case s.ownFailure():
		who := "it"
		if s.FailedIn != "" {
			who = "its " + s.FailedIn
		}
		return who + " " + stateWords[s.State] + ": " + cmp.Or(oneLine(s.Failure), "no reason given")
	case s.Cleanup != "":
		return "its cleanup failed: " + oneLine(s.Cleanup)
	case said != "" && s.State == results.Passed:
		return "it panicked: " + oneLine(said)
	}
	return ""
}

// failure returns what went wrong besides verifications, and where. The suite knows more
// about a panic than Ginkgo, which may report an earlier failure.
func (s *judged) failure() (text, place string) {
	if said := s.first(panicked); said != "" {
		place, text, _ := strings.Cut(said, ": ")
		return text, place
	}
	return s.Failure, s.FailureAt
}

var stateWords = map[results.State]string{
	results.Failed: "failed", results.Panicked: "panicked", results.TimedOut: "exceeded its time", results.Aborted: "aborted the suite",
}

// ownFailure reports whether the state blames the spec itself. An interrupt and the end
// of the suite's time do not.
func (s *judged) ownFailure() bool {
	switch s.State {
	case results.Failed, results.Panicked, results.Aborted:
		return true
	case results.TimedOut:
		return !s.SuiteTimeUp
	}
	return false
}

// blocked says why the spec did not run to its end, where it is not to blame; empty if it
// did, or if it was skipped on purpose.
func (s *judged) blocked() string {
	run := s.suite
	stopped := s.first(func(e *evidence.Spec) string {
		if e.Blocked == "" && e.Stopped != "" {
			return "stopped by a failed verification at " + e.Stopped
		}
		return oneLine(e.Blocked)
	})
	switch {
	case stopped != "":
		return stopped
	case s.Attempts == 0 && run.Run.Unreachable != "":
		return oneLine(run.Run.Unreachable)
	case s.State == results.Interrupted:
		return "interrupted"
	case s.SuiteTimeUp:
		return "the time of the suite was over"
	case s.State == results.Skipped && s.Attempts == 0 && s.Failure == "" && !run.Complete && !run.Filtered:
		return "the run ended before it"
	case s.State == results.Prevented:
		if s.FailedIn != "" {
			return "its " + s.FailedIn + " failed: " + oneLine(s.Failure)
		}
		return cmp.Or(oneLine(s.Failure), "something before it failed")
	case s.State == results.Crashed:
		return "it began, and its process ended before it did"
	case s.State == results.Unknown:
		return "it is not known what became of it"
	case s.State == results.Skipped || s.State == results.Pending:
		return ""
	case s.State != results.Passed && s.State != results.Failed:
		return "it " + stateWords[s.State]
	case len(s.Attempted) > 0 && len(s.Attempted) < s.Attempts:
		return "an attempt at it left no evidence"
	}
	return s.first(func(e *evidence.Spec) string {
		for _, p := range e.Preconditions {
			if !p.Passed {
				return "a precondition did not hold: " + oneLine(cmp.Or(p.Text, "it")+" is "+p.Actual+", not "+p.Expected)
			}
		}
		if !e.Completed {
			return "it did not run to its end"
		}
		return ""
	})
}

// counting returns the evidence of the attempt that counts: the worst, and the first of
// equal ones. It is nil if the spec left none.
func (s *judged) counting() *evidence.Spec {
	if len(s.Attempted) == 0 {
		return nil
	}
	worst := slices.MaxFunc(s.Attempted, func(x, y evidence.Spec) int { return harm(&x) - harm(&y) })
	return &worst
}

// harm orders attempts by how bad they are.
func harm(e *evidence.Spec) int {
	failed := 0
	for _, v := range e.Verifications {
		if !v.Passed {
			failed++
		}
	}
	switch {
	case failed > 0:
		return 3 + failed
	case e.DeadTarget != "":
		return 3
	case e.Blocked != "":
		return 2
	case !e.Completed:
		return 1
	}
	return 0
}

func (c *Counts) add(passed bool) {
	if passed {
		c.Passed++
	} else {
		c.Failed++
	}
}

func (c *Counts) plus(other Counts) {
	c.Passed += other.Passed
	c.Failed += other.Failed
}

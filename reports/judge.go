package reports

import (
	"fmt"
	"slices"

	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/results"
)

// A judgement is what one spec says: of each of its requirements, and as a
// whole.
type judgement struct {
	said    []idJudgement // in the order of the spec's ids
	overall idJudgement   // the worst of them; id is empty
	all     Counts        // of its verifications, each once
}

// idJudgement is what one spec says of one of its requirements.
type idJudgement struct {
	id     string
	result Result
	reason string // why it is no pass
	counts Counts
}

// severity orders results: where several are to be taken together, the one
// with the highest counts. What could not be observed says nothing beside what
// was.
var severity = map[Result]int{
	ResultNotObservable: 0, ResultPass: 1, ResultNoEvidence: 2, ResultSkipped: 3, ResultBlocked: 4, ResultFail: 5,
}

// worse gives the one of two judgements that counts, the first if they are
// alike.
func worse(a, b idJudgement) idJudgement {
	if severity[b.result] > severity[a.result] {
		return b
	}
	return a
}

// judge applies the rules of results, in their order, for each id of the spec.
// All attempts at the spec count.
func (s *judged) judge() judgement {
	var j judgement
	for i := range s.Attempted {
		for k := range s.Attempted[i].Verifications {
			j.all.add(s.Attempted[i].Verifications[k].Passed)
		}
	}
	unobservable, blame := s.unobservable(), ""
	if j.all.Failed == 0 {
		blame = s.blame()
	}
	blocked := s.blocked()
	verdict := func(id string) idJudgement {
		of := idJudgement{id: id, counts: s.count(id)}
		switch of.result, of.reason = s.decide(of.counts, unobservable, blame, blocked); {
		case of.result == ResultNotObservable:
		case s.suite.DryRun:
			of.result, of.reason = ResultNoEvidence, "dry run"
		case s.unrecorded():
			of.result, of.reason = ResultSkipped, notRecorded
		}
		return of
	}
	for _, id := range s.Requirements {
		j.said = append(j.said, verdict(id))
	}
	if len(j.said) == 0 {
		j.overall = verdict("")
		return j
	}
	j.overall = j.said[0]
	for _, of := range j.said[1:] {
		j.overall = worse(j.overall, of)
	}
	j.overall.id = ""
	return j
}

// decide is the table of results: the first row that holds.
func (s *judged) decide(of Counts, unobservable, blame, blocked string) (Result, string) {
	switch {
	case unobservable != "":
		return ResultNotObservable, unobservable
	case of.Failed > 0:
		return ResultFail, failedOf(of)
	case blame != "":
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
		return ResultSkipped, orElse(oneLine(s.Failure), "by its author")
	case of.Passed == 0:
		return ResultNoEvidence, ""
	}
	return ResultPass, ""
}

// notRecorded is the reason of what a person should have done, and nobody has.
const notRecorded = "manual and not recorded"

// unrecorded tells whether it is a manual spec that nobody has begun.
func (s *judged) unrecorded() bool { return s.Manual && s.Attempts == 0 }

func failedOf(c Counts) string {
	if c.Failed+c.Passed == 1 {
		return "the verification failed"
	}
	return fmt.Sprintf("%d of %d verifications failed", c.Failed, c.Failed+c.Passed)
}

// unobservable says why the target cannot show what the spec is about; empty if
// it can, or if the spec has something to say of it all the same.
func (s *judged) unobservable() string {
	if s.tells() {
		return ""
	}
	return s.notShown()
}

// notShown says why the target does not show what the spec is about, in the
// spec's own words or by its labels.
func (s *judged) notShown() string {
	for i := range s.Attempted {
		if s.Attempted[i].NotObservable != "" {
			return oneLine(s.Attempted[i].NotObservable)
		}
	}
	return needs(&s.suite.Run, s.Observe)
}

// tells tells whether the spec has something to say of its target: it verified
// something, or went wrong.
func (s *judged) tells() bool {
	return s.ownFailure() || s.Cleanup != "" || slices.ContainsFunc(s.Attempted, func(e evidence.Spec) bool {
		return len(e.Verifications) > 0 || e.DeadTarget != ""
	})
}

// blame says why the spec failed, whatever it verified; empty if it did not.
func (s *judged) blame() string {
	for i := range s.Attempted {
		if dead := s.Attempted[i].DeadTarget; dead != "" {
			return "the target did not survive it: " + oneLine(dead)
		}
	}
	switch {
	case s.Attempts > 1 && !s.Repeated:
		return fmt.Sprintf("it was tried %d times: %s", s.Attempts, orElse(oneLine(s.Cleanup+s.Failure), "a spec is tried again only where it failed"))
	case s.ownFailure():
		return "it " + stateWords[s.State] + ": " + orElse(oneLine(s.Failure), "no reason given")
	case s.Cleanup != "":
		return "its cleanup failed: " + oneLine(s.Cleanup)
	}
	return ""
}

var stateWords = map[results.State]string{
	results.Failed: "failed", results.Panicked: "panicked", results.TimedOut: "exceeded its time", results.Aborted: "aborted the suite",
}

// ownFailure reports whether its state blames the spec itself: neither an
// interrupt nor the end of the suite's time does.
func (s *judged) ownFailure() bool {
	switch s.State {
	case results.Failed, results.Panicked, results.Aborted:
		return true
	case results.TimedOut:
		return !s.SuiteTimeUp
	}
	return false
}

// blocked says why the spec did not run to its end, if nothing that it did is
// the reason; empty if it did, or was skipped on purpose.
func (s *judged) blocked() string {
	run := s.suite
	for i := range s.Attempted {
		if e := &s.Attempted[i]; e.Blocked != "" {
			return oneLine(e.Blocked)
		} else if e.Stopped != "" {
			return "stopped by a failed verification at " + e.Stopped
		}
	}
	switch {
	case s.Attempts == 0 && run.Run.Unreachable != "":
		return oneLine(run.Run.Unreachable)
	case s.State == results.Interrupted:
		return "interrupted"
	case s.SuiteTimeUp:
		return "the time of the suite was over"
	case s.State == results.Skipped && s.Attempts == 0 && s.Failure == "" && !run.Complete && !run.Filtered:
		return "the run ended before it"
	case s.State == results.Prevented:
		return orElse(oneLine(s.Failure), "something before it failed")
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
	for i := range s.Attempted {
		if !s.Attempted[i].Completed {
			return "it did not run to its end"
		}
	}
	return ""
}

func (s *judged) count(id string) Counts {
	var c Counts
	for i := range s.Attempted {
		for k := range s.Attempted[i].Verifications {
			if v := &s.Attempted[i].Verifications[k]; slices.Contains(v.Requirements, id) {
				c.add(v.Passed)
			}
		}
	}
	return c
}

// worst is the evidence of the attempt that counts: the one that went wrong
// most, the first of several alike. It is nil if the spec left none.
func (s *judged) worst() *evidence.Spec {
	if len(s.Attempted) == 0 {
		return nil
	}
	rank := func(e *evidence.Spec) int {
		failed := 0
		for i := range e.Verifications {
			if !e.Verifications[i].Passed {
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
	worst := 0
	for i := range s.Attempted {
		if rank(&s.Attempted[i]) > rank(&s.Attempted[worst]) {
			worst = i
		}
	}
	return &s.Attempted[worst]
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

package reports

import (
	"fmt"
	"slices"
	"strings"

	"github.com/socket-oneline/oneline/reports/evidence"
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
func (s *spec) judge(run *suite) judgement {
	var j judgement
	for i := range s.attempted {
		for k := range s.attempted[i].Verifications {
			j.all.add(s.attempted[i].Verifications[k].Passed)
		}
	}
	unobservable, blame := s.unobservable(&run.run), ""
	if j.all.Failed == 0 {
		blame = s.blame()
	}
	blocked := s.blocked(run)
	verdict := func(id string) idJudgement {
		of := idJudgement{id: id, counts: s.count(id)}
		switch of.result, of.reason = s.result(of.counts, unobservable, blame, blocked); {
		case of.result == ResultNotObservable:
		case run.dryRun:
			of.result, of.reason = ResultNoEvidence, "dry run"
		case s.unrecorded():
			of.result, of.reason = ResultSkipped, notRecorded
		}
		return of
	}
	for _, id := range s.ids {
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

// result is the table of results: the first row that holds.
func (s *spec) result(of Counts, unobservable, blame, blocked string) (Result, string) {
	switch {
	case unobservable != "":
		return ResultNotObservable, unobservable
	case of.Failed > 0:
		return ResultFail, failedOf(of)
	case blame != "":
		return ResultFail, blame
	case blocked != "":
		return ResultBlocked, blocked
	case s.state == statePending:
		return ResultSkipped, "pending"
	case s.state == stateSkipped && s.attempts == 0:
		return ResultSkipped, oneLine(s.failure)
	case s.state == stateSkipped:
		return ResultSkipped, orElse(oneLine(s.failure), "by its author")
	case of.Passed == 0:
		return ResultNoEvidence, ""
	}
	return ResultPass, ""
}

// notRecorded is the reason of what a person should have done, and nobody has.
const notRecorded = "manual and not recorded"

// unrecorded tells whether it is a manual spec that nobody has begun.
func (s *spec) unrecorded() bool { return s.manual && s.attempts == 0 }

func failedOf(c Counts) string {
	if c.Failed+c.Passed == 1 {
		return "the verification failed"
	}
	return fmt.Sprintf("%d of %d verifications failed", c.Failed, c.Failed+c.Passed)
}

// unobservable says why the target cannot show what the spec is about; empty if
// it can, or if the spec has something to say of it all the same.
func (s *spec) unobservable(run *evidence.Run) string {
	if s.tells() {
		return ""
	}
	return s.notShown(run)
}

// notShown says why the target does not show what the spec is about, in the
// spec's own words or by its labels.
func (s *spec) notShown(run *evidence.Run) string {
	for i := range s.attempted {
		if s.attempted[i].NotObservable != "" {
			return oneLine(s.attempted[i].NotObservable)
		}
	}
	return needs(run, s.observe)
}

// tells tells whether the spec has something to say of its target: it verified
// something, or went wrong.
func (s *spec) tells() bool {
	return s.ownFailure() || s.cleanup != "" || slices.ContainsFunc(s.attempted, func(e evidence.Spec) bool {
		return len(e.Verifications) > 0 || e.DeadTarget != ""
	})
}

// blame says why the spec failed, whatever it verified; empty if it did not.
func (s *spec) blame() string {
	for i := range s.attempted {
		if dead := s.attempted[i].DeadTarget; dead != "" {
			return "the target did not survive it: " + oneLine(dead)
		}
	}
	switch {
	case s.attempts > 1 && !s.repeated:
		return fmt.Sprintf("it was tried %d times: %s", s.attempts, orElse(oneLine(s.cleanup+s.failure), "a spec is tried again only where it failed"))
	case s.ownFailure():
		return "it " + stateWords[s.state] + ": " + orElse(oneLine(s.failure), "no reason given")
	case s.cleanup != "":
		return "its cleanup failed: " + oneLine(s.cleanup)
	}
	return ""
}

var stateWords = map[string]string{
	stateFailed: "failed", statePanicked: "panicked", stateTimedOut: "exceeded its time", stateAborted: "aborted the suite",
}

// ownFailure tells whether Ginkgo's state blames the spec itself: neither an
// interrupt nor the end of the suite's time does.
func (s *spec) ownFailure() bool {
	switch s.state {
	case stateFailed, statePanicked, stateAborted:
		return true
	case stateTimedOut:
		return !suiteTimeUp(s.state, s.failure)
	}
	return false
}

// blocked says why the spec did not run to its end, if nothing that it did is
// the reason; empty if it did, or was skipped on purpose.
func (s *spec) blocked(run *suite) string {
	for i := range s.attempted {
		if e := &s.attempted[i]; e.Blocked != "" {
			return oneLine(e.Blocked)
		} else if e.Stopped != "" {
			return "stopped by a failed verification at " + e.Stopped
		}
	}
	switch {
	case s.attempts == 0 && run.run.Unreachable != "":
		return oneLine(run.run.Unreachable)
	case s.state == stateInterrupted:
		return "interrupted"
	case suiteTimeUp(s.state, s.failure):
		return "the time of the suite was over"
	case s.state == stateSkipped && s.attempts == 0 && s.failure == "" && !run.complete && !run.filtered:
		return "the run ended before it"
	case s.state == stateSkipped && s.attempts == 0 && s.failure != "" && !strings.Contains(s.failure, "Skip()"):
		return oneLine(s.failure) // an earlier spec of its container failed
	case s.state == "":
		return "Ginkgo does not say what became of it"
	case s.state == stateSkipped || s.state == statePending:
		return ""
	case s.state != statePassed && s.state != stateFailed:
		return "it " + stateWords[s.state]
	case len(s.attempted) > 0 && len(s.attempted) < s.attempts:
		return "an attempt at it left no evidence"
	}
	for i := range s.attempted {
		if !s.attempted[i].Completed {
			return "it did not run to its end"
		}
	}
	return ""
}

func (s *spec) count(id string) Counts {
	var c Counts
	for i := range s.attempted {
		for k := range s.attempted[i].Verifications {
			if v := &s.attempted[i].Verifications[k]; slices.Contains(v.Requirements, id) {
				c.add(v.Passed)
			}
		}
	}
	return c
}

// worst is the evidence of the attempt that counts: the one that went wrong
// most, the first of several alike. It is nil if the spec left none.
func (s *spec) worst() *evidence.Spec {
	if len(s.attempted) == 0 {
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
	for i := range s.attempted {
		if rank(&s.attempted[i]) > rank(&s.attempted[worst]) {
			worst = i
		}
	}
	return &s.attempted[worst]
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

package reports_test

import (
	"testing"

	"github.com/onsi/ginkgo/v2/types"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/results"
)

// incomplete is evidence of an attempt that did not run to its end.
func incomplete(e *evidence.Spec) { e.Completed = false }

// TestResults has the table of results: what one spec that is labelled with A
// and B says of both.
func TestResults(t *testing.T) {
	const (
		pass, fail, blocked = reports.ResultPass, reports.ResultFail, reports.ResultBlocked
		skipped, none, not  = reports.ResultSkipped, reports.ResultNoEvidence, reports.ResultNotObservable
	)
	notObservable := func(e *evidence.Spec) { e.NotObservable, e.Completed = "needs -shutdown", false }
	need := func(e *evidence.Spec) { e.Blocked, e.Completed = "no pong came", false }
	must := func(e *evidence.Spec) { e.Stopped, e.Completed = "ver/add.go:12", false }
	dead := func(e *evidence.Spec) { e.DeadTarget = "no pong after it" }
	repeated := func(s *types.SpecReport) { s.MaxMustPassRepeatedly = s.NumAttempts }
	after := func(state types.SpecState, message string) option {
		return func(s *types.SpecReport) {
			s.AdditionalFailures = []types.AdditionalFailure{{State: state, Failure: types.Failure{Message: message}}}
		}
	}
	panicked := func(s *types.SpecReport) {
		s.State, s.Failure = types.SpecStatePanicked, types.Failure{Message: "Test Panicked", ForwardedPanic: "nil map"}
	}
	for _, c := range []struct {
		name    string
		options []option
		a, b    reports.Result
		reason  string // for A
	}{
		{"verified", []option{left("A B A")}, pass, pass, ""},
		{"verified together", []option{left("A,B")}, pass, pass, ""},
		{"one verified", []option{left("A")}, pass, none, ""},
		{"one failed", []option{state(types.SpecStateFailed, "told at the end"), left("A !A B")}, fail, pass, "1 of 2 verifications failed"},
		{"passed says Ginkgo, failed says the evidence", []option{left("!A B")}, fail, pass, "the verification failed"},
		{"failed says Ginkgo, passed says the evidence", []option{state(types.SpecStateFailed, "not in line"), left("A B")}, fail, fail, "it failed: not in line"},
		{"failed and gave up", []option{state(types.SpecStateFailed, "gave up"), left("!A B", incomplete)}, fail, blocked, "the verification failed"},
		{"Must", []option{state(types.SpecStateFailed, "SRS"), left("B !A", must)}, fail, blocked, "the verification failed"},
		{"Must stopped before the rest", []option{state(types.SpecStateFailed, "SRS"), left("!B", must)}, blocked, fail, "stopped by a failed verification at ver/add.go:12"},
		{"Need", []option{state(types.SpecStateSkipped, "blocked: no pong came"), left("", need)}, blocked, blocked, "no pong came"},
		{"Need after a verification", []option{state(types.SpecStateSkipped, "blocked"), left("A", need)}, blocked, blocked, "no pong came"},
		{"Need after a failed verification", []option{state(types.SpecStateSkipped, "blocked"), left("!A", need)}, fail, blocked, "the verification failed"},
		{"not observable", []option{state(types.SpecStateSkipped, "not observable"), left("", notObservable)}, not, not, "needs -shutdown"},
		{"dead target", []option{state(types.SpecStateFailed, "dead"), left("A B", dead)}, fail, fail, "the target did not survive it: no pong after it"},
		{"dead target after a failed verification", []option{state(types.SpecStateFailed, "dead"), left("!A B", dead)}, fail, pass, "the verification failed"},
		{"failed in its cleanup", []option{state(types.SpecStateFailed, "not closed"), left("A B")}, fail, fail, "it failed: not closed"},
		{"skipped, and failed in its cleanup", []option{state(types.SpecStateSkipped, "enough"), after(types.SpecStateFailed, "not closed"), left("A B", incomplete)}, fail, fail, "its cleanup failed: not closed"},

		{"skipped, and panicked in its cleanup without a word", []option{state(types.SpecStateSkipped, "enough"), after(types.SpecStatePanicked, ""), left("A B", incomplete)}, fail, fail, "its cleanup failed: panicked"},
		{"skipped, and interrupted in its cleanup", []option{state(types.SpecStateSkipped, "enough"), after(types.SpecStateInterrupted, "Interrupted by User"), left("A B", incomplete)}, skipped, skipped, "enough"},
		{"skipped, and out of the suite's time in its cleanup", []option{state(types.SpecStateSkipped, "enough"), after(types.SpecStateTimedout, "A suite timeout occurred"), left("A B", incomplete)}, skipped, skipped, "enough"},

		{"retried and passed", []option{attempts(2), left("A B", incomplete), left("A B")}, fail, fail, "it was tried 2 times: a spec is tried again only where it failed"},
		{"retried and passed, with the failure in the evidence", []option{attempts(2), left("!A B"), left("A B")}, fail, pass, "1 of 2 verifications failed"},
		{"retried, an attempt without evidence", []option{attempts(2), left("!A B")}, fail, blocked, "the verification failed"},
		{"repeated and always passed", []option{attempts(2), repeated, left("A B"), left("A B")}, pass, pass, ""},
		{"repeated, an attempt without evidence", []option{attempts(2), repeated, left("A B")}, blocked, blocked, "an attempt at it left no evidence"},

		{"panicked", []option{panicked, left("A B", incomplete)}, fail, fail, "it panicked: Test Panicked: nil map"},
		{"panicked after a failed verification", []option{panicked, left("!A B")}, fail, blocked, "the verification failed"},
		{"panicked before any evidence", []option{panicked}, fail, fail, "it panicked: Test Panicked: nil map"},
		{"exceeded its own time", []option{state(types.SpecStateTimedout, "A spec timeout occurred"), left("A", incomplete)}, fail, fail, "it exceeded its time: A spec timeout occurred"},
		{"exceeded its time after a failed verification", []option{state(types.SpecStateTimedout, "A node timeout occurred"), left("!A B", incomplete)}, fail, blocked, "the verification failed"},
		{"the suite's time was over", []option{state(types.SpecStateTimedout, "A suite timeout occurred"), left("A B", incomplete)}, blocked, blocked, "the time of the suite was over"},
		{"interrupted", []option{state(types.SpecStateInterrupted, "Interrupted by User"), left("A B", incomplete)}, blocked, blocked, "interrupted"},
		{"interrupted in its cleanup", []option{state(types.SpecStateInterrupted, "Interrupted by User"), left("A B")}, blocked, blocked, "interrupted"},
		{"interrupted after a failed verification", []option{state(types.SpecStateInterrupted, "Interrupted by User"), left("!A", incomplete)}, fail, blocked, "the verification failed"},
		{"aborted the suite", []option{state(types.SpecStateAborted, "hopeless"), left("A B", incomplete)}, fail, fail, "it aborted the suite: hopeless"},
		{"no state", []option{state(types.SpecStateInvalid, ""), left("A B")}, blocked, blocked, "it is not known what became of it"},
		{"passed, but not to its end", []option{left("A B", incomplete)}, blocked, blocked, "it did not run to its end"},

		{"filtered out", []option{unstarted("")}, skipped, skipped, ""},
		{"an earlier one failed", []option{unstarted("Spec skipped because an earlier spec in an ordered container failed")}, blocked, blocked, "Spec skipped because an earlier spec in an ordered container failed"},
		{"skipped by its container", []option{unstarted("Spec skipped because Skip() was called in BeforeAll")}, skipped, skipped, "Spec skipped because Skip() was called in BeforeAll"},
		{"pending", []option{state(types.SpecStatePending, ""), attempts(0)}, skipped, skipped, "pending"},
		{"skipped by its author", []option{state(types.SpecStateSkipped, "not today"), left("", incomplete)}, skipped, skipped, "not today"},
		{"skipped without a word", []option{state(types.SpecStateSkipped, ""), left("A", incomplete)}, skipped, skipped, "by its author"},
		{"without trace", nil, none, none, ""},
		{"without a verification", []option{left("")}, none, none, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := built(t, requirements("A B"), it("A B", c.options...))
			a, b := row(t, m, "A").Specs[0], row(t, m, "B").Specs[0]
			if a.Result != c.a || b.Result != c.b || a.Reason != c.reason {
				t.Errorf("A: %s (%s), B: %s (%s); want %s (%s), %s", a.Result, a.Reason, b.Result, b.Reason, c.a, c.reason, c.b)
			}
			if spec := m.Protocols[0].Specs[0]; spec.Results["A"] != c.a || spec.Results["B"] != c.b {
				t.Errorf("the protocol says %v", spec.Results)
			}
			if len(m.Problems) > 0 {
				t.Errorf("problems: %q", m.Problems)
			}
			if want := map[bool]int{true: reports.ExitFailed, false: reports.ExitIncomplete}[c.a == fail || c.b == fail]; c.a == pass && c.b == pass {
				if m.ExitCode != reports.ExitPassed {
					t.Errorf("exit code %d", m.ExitCode)
				}
			} else if m.ExitCode != want {
				t.Errorf("exit code %d, want %d", m.ExitCode, want)
			}
		})
	}
}

// A report that does not say how many specs were chosen is taken as it is.
func TestSkippedInAReportWithoutStatistics(t *testing.T) {
	r := recorded(it("A", filteredOut()))
	r.PreRunStats = types.PreRunStats{}
	m := reports.Build(requirements("A"), []*results.Results{parsed(t, r)}, reports.Options{})
	if a := row(t, m, "A"); a.Reason != "skipped" {
		t.Errorf("A: %s (%s)", a.Verdict, a.Reason)
	}
}

// A spec has each of its ids and kinds once, however often it is labelled, and
// belongs to the protocol that it stands in, whatever its evidence says.
func TestLabels(t *testing.T) {
	m := built(t, requirements("A"), it("A A", observe("wire", "wire"), left("A", func(e *evidence.Spec) { e.Protocol.ID = "TP-999" }), func(s *types.SpecReport) {
		s.ContainerHierarchyLabels[0] = append(s.ContainerHierarchyLabels[0], "req:A", "observe:wire", "slow")
	}))
	s := m.Protocols[0].Specs[0]
	if len(row(t, m, "A").Specs) != 1 || len(s.Requirements) != 1 || len(s.Observe) != 1 || m.Protocols[0].ID != "TP-001" {
		t.Errorf("%s: %+v", m.Protocols[0].ID, s)
	}
}

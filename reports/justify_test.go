package reports_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/onsi/ginkgo/v2/types"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/justification"
	"github.com/socket-oneline/oneline/reports/results"
)

func justifying(ids string) *justification.File {
	f := &justification.File{Name: "justified.json", SHA256: strings.Repeat("c", 64), Of: map[string]justification.Justification{}}
	for _, id := range strings.Fields(ids) {
		f.Of[id] = justification.Justification{Text: "it is " + id, Author: "J. Roe", Date: "2026-11-25"}
	}
	return f
}

// TestJustified: a justification stands beside the verdict and is counted, and
// moves the exit code only where that is asked for, never from 2 or 3, and never
// to 0 where nothing was verified.
func TestJustified(t *testing.T) {
	passed := passing("A")
	failed := it("B", at(20), left("!B"))
	unseen := withRun(recorded(passed), at127())
	for _, c := range []struct {
		name      string
		ids       string // of the requirements
		suite     types.Report
		justified string
		counted   int
		complete  bool
		strict    int // exit code
		accepting int // with AcceptJustified
	}{
		{"a failure", "A B", recorded(passed, failed), "B", 1, false, 1, 0},
		{"one of two failures", "A B C", recorded(passed, failed, it("C", at(21), left("!C"))), "B", 1, false, 1, 1},
		{"a failure, and another is open", "A B C", recorded(passed, failed), "B", 1, false, 1, 4},
		{"not tested", "A B", recorded(passed), "B", 1, false, 4, 0},
		{"partial", "A B", recorded(passed, passing("B", at(20)), it("B", at(21), filteredOut())), "B", 1, false, 4, 0},
		{"not observable", "A B/stop", unseen, "B", 1, false, 0, 0},
		{"not observable, and completeness is asked for", "A B/stop", unseen, "B", 1, true, 4, 0},
		{"passed", "A", recorded(passed), "A", 0, false, 0, 0},
		{"nothing verified", "B", recorded(it("B", filteredOut())), "B", 1, false, 4, 4},
		{"a fault", "A B", withRun(recorded(passed, failed), evidence.Run{Faults: []string{"leak"}}), "B", 1, false, 2, 2},
		{"unreachable", "A B", withRun(recorded(it("A B", unstarted(""))), evidence.Run{Unreachable: "nobody"}), "A B", 2, false, 3, 3},
		{"an invalid id", "A", recorded(passed, passing("B", at(20))), "B", 0, false, 2, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			for want, opt := range map[int]reports.Options{
				0: {Complete: c.complete},
				1: {Complete: c.complete, Justifications: justifying(c.justified)},
				2: {Complete: c.complete, Justifications: justifying(c.justified), AcceptJustified: true},
			} {
				m := reports.Build(requirements(c.ids), []*results.Results{parsed(t, c.suite)}, opt)
				code, counted := []int{c.strict, c.strict, c.accepting}[want], []int{0, c.counted, c.counted}[want]
				if m.ExitCode != code || m.Summary.Justified != counted {
					t.Errorf("%+v: exit code %d, %d justified; want %d, %d", opt, m.ExitCode, m.Summary.Justified, code, counted)
				}
				s := &m.Summary
				if s.Pass+s.Fail+s.Partial+s.NotTested+s.NotObservable != s.Requirements {
					t.Errorf("the verdicts do not add up: %+v", s)
				}
				text := strings.Join(m.Conclusion, "\n")
				if strings.Contains(text, "Accepted, because they are justified: without -accept-justified the exit code would be") != (opt.AcceptJustified && c.strict != c.accepting) {
					t.Errorf("conclusion:\n%s", text)
				}
				if strings.Contains(text, " justified: ") != (counted > 0) {
					t.Errorf("conclusion:\n%s", text)
				}
			}
		})
	}
}

// TestJustificationIsNoPass: verdict and reason are the same with it.
func TestJustificationIsNoPass(t *testing.T) {
	suite := recorded(passing("A"), it("B", at(20), left("!B")))
	plain := reports.Build(requirements("A B C"), []*results.Results{parsed(t, suite)}, reports.Options{})
	m := reports.Build(requirements("A B C"), []*results.Results{parsed(t, suite)}, reports.Options{Justifications: justifying("A B C"), AcceptJustified: true})
	for i, r := range m.Requirements {
		if r.Verdict != plain.Requirements[i].Verdict || r.Reason != plain.Requirements[i].Reason {
			t.Errorf("%s: %s (%s) with a justification, %s without", r.ID, r.Verdict, r.Reason, plain.Requirements[i].Verdict)
		}
		if (r.Justification == nil) != (r.Verdict == reports.Pass) {
			t.Errorf("%s, %s: justification %v", r.ID, r.Verdict, r.Justification)
		}
	}
	if !slices.Contains(m.Run.Notes, "justified, but passed: A") {
		t.Errorf("notes: %q", m.Run.Notes)
	}
	if j := m.Run.Justifications; j == nil || j.Name != "justified.json" {
		t.Errorf("the file of justifications is %v", j)
	}
}

// TestJustificationsLeftOut: a report of a run that had some, made without them,
// says so.
func TestJustificationsLeftOut(t *testing.T) {
	run := evidence.Run{Justifications: &evidence.File{Name: "why.json", SHA256: "ab"}}
	m := reports.Build(requirements("A"), []*results.Results{parsed(t, withRun(recorded(passing("A")), run))}, reports.Options{})
	if m.Run.Justifications != nil || !slices.Contains(m.Run.Notes, "the run had justifications, which this report was not given: why.json with SHA-256 ab") {
		t.Errorf("%v, notes: %q", m.Run.Justifications, m.Run.Notes)
	}
}

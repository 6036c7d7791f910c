package reports_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/onsi/ginkgo/v2/types"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/results"
	"github.com/socket-oneline/oneline/reports/srs"
)

// byHand makes a spec one that Jane Roe has carried out.
func byHand(e *evidence.Spec) {
	e.Manual = true
	for i := range e.Verifications {
		e.Verifications[i].By = "JR"
	}
}

// unrecorded is a manual spec of the id that nobody has begun.
func unrecorded(id string, line int) types.SpecReport {
	s := it(id, at(line), left("", byHand, incomplete))
	s.State, s.NumAttempts = types.SpecStateSkipped, 0
	return s
}

func testedBy(tester string, file *srs.File) *srs.File {
	file = &srs.File{Name: file.Name, SHA256: file.SHA256, Requirements: slices.Clone(file.Requirements)}
	file.Requirements[1].Tester = tester
	return file
}

// TestPersons: B is verified by the kinds of testers that its requirement names,
// and a person does not stand in for a program, nor the other way round. A has
// passed.
func TestPersons(t *testing.T) {
	auto, autoFails := passing("B", at(20)), it("B", at(20), left("!B"))
	hand := it("B", at(30), left("B", byHand))
	handFails := it("B", at(30), left("!B", byHand))
	handBlocked := it("B", at(30), state(types.SpecStateSkipped, ""), left("", byHand, incomplete, func(e *evidence.Spec) { e.Blocked = "step 2 cannot be done, says JR: dark" }))
	handOpen := it("B", at(30), left("B", byHand, incomplete))
	none := unrecorded("B", 30)
	const (
		pass, fail, partial, not = reports.Pass, reports.Fail, reports.Partial, reports.NotTested
		lacking                  = "manual and not recorded"
	)
	for _, c := range []struct {
		tester      string
		specs       []types.SpecReport
		verdict     reports.Verdict
		reason      string
		dev, formal int // exit codes
	}{
		{"manual", nil, not, lacking, 4, 4},
		{"manual", []types.SpecReport{none}, not, lacking, 4, 4},
		{"manual", []types.SpecReport{hand}, pass, "", 0, 0},
		{"manual", []types.SpecReport{handFails}, fail, "the verification failed", 1, 1},
		{"manual", []types.SpecReport{handBlocked}, not, "blocked: step 2 cannot be done, says JR: dark", 4, 4},
		{"manual", []types.SpecReport{handOpen}, not, "blocked: it did not run to its end", 4, 4},
		{"manual", []types.SpecReport{hand, unrecorded("B", 31)}, partial, "1 of 2 specs passed; " + lacking, 4, 4},
		{"manual", []types.SpecReport{auto}, partial, "every spec passed; " + lacking, 4, 4},
		{"manual", []types.SpecReport{autoFails}, fail, "the verification failed", 1, 1},
		{"manual", []types.SpecReport{auto, hand}, pass, "", 0, 0},

		{"both", nil, not, "no spec", 4, 4},
		{"both", []types.SpecReport{auto}, partial, "every spec passed; " + lacking, 4, 4},
		{"both", []types.SpecReport{auto, none}, partial, "1 of 2 specs passed; " + lacking, 4, 4},
		{"both", []types.SpecReport{none}, not, lacking + "; no automated spec", 4, 4},
		{"both", []types.SpecReport{hand}, partial, "every spec passed; no automated spec", 4, 4},
		{"both", []types.SpecReport{auto, hand}, pass, "", 0, 0},
		{"both", []types.SpecReport{auto, handFails}, fail, "1 of 2 specs: the verification failed", 1, 1},
		{"both", []types.SpecReport{autoFails, hand}, fail, "1 of 2 specs: the verification failed", 1, 1},
		{"both", []types.SpecReport{auto, handBlocked}, partial, "1 of 2 specs passed; blocked: step 2 cannot be done, says JR: dark", 4, 4},
		{"both", []types.SpecReport{it("B", at(20), filteredOut()), none}, not, "skipped; " + lacking, 4, 4},

		{"auto", []types.SpecReport{hand}, partial, "every spec passed; no automated spec", 4, 4},
		{"auto", []types.SpecReport{none}, not, lacking + "; no automated spec", 4, 4},
		{"auto", []types.SpecReport{auto, handFails}, fail, "1 of 2 specs: the verification failed", 1, 1},
	} {
		for kind, code := range map[string]int{"dev": c.dev, "formal": c.formal} {
			suite := withRun(recorded(append([]types.SpecReport{passing("A")}, c.specs...)...), evidence.Run{Type: kind, Testers: []evidence.Tester{{Initials: "JR", Name: "Jane Roe"}}})
			m := reports.Build(testedBy(c.tester, requirements("A B")), []*results.Results{parsed(t, suite)}, reports.Options{})
			b := row(t, m, "B")
			if b.Verdict != c.verdict || b.Reason != c.reason || m.ExitCode != code || len(m.Problems) > 0 {
				t.Errorf("%s, %d specs, %s run: %s (%s), exit code %d; want %s (%s), %d; %q",
					c.tester, len(c.specs), kind, b.Verdict, b.Reason, m.ExitCode, c.verdict, c.reason, code, m.Problems)
			}
		}
	}
}

// TestManualResultsBeside: results recorded by hand neither widen the scope of a
// run nor take its place, in whatever order they are given.
func TestManualResultsBeside(t *testing.T) {
	run := at127()
	run.ID, run.Seed = "auto-1", 7
	auto := parsed(t, withRun(recorded(passing("A", observe("wire")), it("C", at(21), observe("stop"), filteredOut())), run))
	people := evidence.Run{
		ID: "hand-1", Target: evidence.Target{Kind: "manual", Name: "manual protocols"},
		Testers: []evidence.Tester{{Initials: "JR", Name: "Jane Roe"}}, Manual: &evidence.File{Name: "m.json", SHA256: "ab"},
	}
	hand := parsed(t, withRun(recorded(it("B", at(30), protocol("MP-1", 1), left("B", byHand))), people))
	for _, given := range [][]*results.Results{{auto, hand}, {hand, auto}} {
		m := reports.Build(testedBy("manual", requirements("A/wire B/wire C/stop D/api")), given, reports.Options{})
		for id, want := range map[string]reports.Verdict{"A": reports.Pass, "B": reports.Pass, "C": reports.NotObservable, "D": reports.NotObservable} {
			if r := row(t, m, id); r.Verdict != want {
				t.Errorf("%s is %s (%s), want %s", id, r.Verdict, r.Reason, want)
			}
		}
		if len(m.Problems) > 0 {
			t.Errorf("%q", m.Problems)
		}
		if m.Run.ID != "auto-1" || m.Run.Target.Name != "127.0.0.1:5001" || len(m.Run.Testers) != 1 || m.Run.Manual == nil {
			t.Errorf("the run is %+v", m.Run)
		}
		if text := strings.Join(m.Run.Notes, "\n"); strings.Contains(text, "targets") {
			t.Errorf("notes: %s", text)
		}
	}
}

// TestDryRunPassesNothing: whatever stands in the evidence of a dry run, nothing
// is verified by it, and nothing fails.
func TestDryRunPassesNothing(t *testing.T) {
	suite := withRun(recorded(passing("A"), it("B", at(20), left("!B")), it("C", at(21), left("", func(e *evidence.Spec) {
		e.Planned = []evidence.Verification{{Requirements: []string{"C"}, Expected: "1"}}
	}))), evidence.Run{Type: "dryrun"})
	m := reports.Build(requirements("A B C"), []*results.Results{parsed(t, suite)}, reports.Options{})
	for _, r := range m.Requirements {
		if r.Verdict != reports.NotTested || r.Reason != "no evidence: dry run" {
			t.Errorf("%s is %s (%s)", r.ID, r.Verdict, r.Reason)
		}
	}
	if m.ExitCode != reports.ExitIncomplete {
		t.Errorf("exit code %d", m.ExitCode)
	}
	both := reports.Build(requirements("A"), []*results.Results{parsed(t, suite), parsed(t, withRun(recorded(passing("A")), evidence.Run{Type: "formal"}))}, reports.Options{})
	if a := row(t, both, "A"); a.Verdict == reports.Pass {
		t.Errorf("a run and a dry run together: %s", a.Verdict)
	}
	if both.ExitCode != reports.ExitNothing || !strings.Contains(strings.Join(problems(both), "\n"), "the runs differ in their type") {
		t.Errorf("exit code %d, problems: %q", both.ExitCode, problems(both))
	}
}

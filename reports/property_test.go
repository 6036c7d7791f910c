package reports_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/onsi/ginkgo/v2/types"
	"pgregory.net/rapid"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/read"
	"github.com/socket-oneline/oneline/reports/results"
	"github.com/socket-oneline/oneline/reports/srs"
)

var anyState = rapid.SampledFrom([]types.SpecState{
	types.SpecStateInvalid, types.SpecStatePending, types.SpecStateSkipped, types.SpecStatePassed, types.SpecStateFailed,
	types.SpecStateAborted, types.SpecStatePanicked, types.SpecStateInterrupted, types.SpecStateTimedout,
})

var kinds = rapid.SampledFrom([]string{"wire", "stop", "api"})

// anyFile draws some requirements, of which few are retired.
func anyFile(t *rapid.T) *srs.File {
	file := &srs.File{Name: "srs.json", SHA256: "00"}
	for i := range rapid.IntRange(0, 6).Draw(t, "requirements") {
		file.Requirements = append(file.Requirements, srs.Requirement{
			ID:      fmt.Sprintf("R-%d", i),
			Tester:  rapid.SampledFrom([]string{"auto", "manual", "both"}).Draw(t, "tester"),
			Group:   rapid.SampledFrom([]string{"server", "client"}).Draw(t, "group"),
			Desc:    "It shall.",
			Level:   rapid.SampledFrom([]string{"", "rule", "settled"}).Draw(t, "level"),
			Observe: rapid.SliceOfNDistinct(kinds, 0, 2, rapid.ID[string]).Draw(t, "observe"),
			Retired: rapid.IntRange(0, 9).Draw(t, "retired") == 0,
		})
	}
	return file
}

// anySpec draws a spec that names up to three ids, most of them known.
func anySpec(t *rapid.T, line int) types.SpecReport {
	ids := rapid.SliceOfNDistinct(rapid.IntRange(0, 6), 0, 3, rapid.ID[int]).Draw(t, "ids")
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = fmt.Sprintf("R-%d", id)
	}
	ended, least, message := anyState.Draw(t, "state"), 0, rapid.SampledFrom([]string{"", "message"}).Draw(t, "message")
	if ended == types.SpecStatePassed { // anything else contradicts itself
		least, message = 1, ""
	}
	s := it(strings.Join(names, " "), at(line),
		observe(rapid.SliceOfNDistinct(kinds, 0, 2, rapid.ID[string]).Draw(t, "kinds")...),
		state(ended, message), attempts(rapid.IntRange(least, 2).Draw(t, "attempts")))
	manual := rapid.IntRange(0, 3).Draw(t, "manual") == 0
	for range rapid.IntRange(0, s.NumAttempts).Draw(t, "entries") {
		var words []string
		for range rapid.IntRange(0, 4).Draw(t, "verifications") {
			word := fmt.Sprintf("R-%d", rapid.IntRange(0, 6).Draw(t, "verified"))
			if len(names) > 0 {
				word = rapid.SampledFrom(names).Draw(t, "verified")
			}
			words = append(words, rapid.SampledFrom([]string{"", "", "!"}).Draw(t, "failed")+word)
		}
		left(strings.Join(words, " "), func(e *evidence.Spec) {
			if manual {
				byHand(e)
			}
			e.Completed = rapid.IntRange(0, 3).Draw(t, "completed") > 0
			e.NotObservable = rapid.SampledFrom([]string{"", "", "", "needs -shutdown"}).Draw(t, "not observable")
			e.Blocked = rapid.SampledFrom([]string{"", "", "", "no pong"}).Draw(t, "blocked")
			e.DeadTarget = rapid.SampledFrom([]string{"", "", "", "gone"}).Draw(t, "dead")
		})(&s)
	}
	return s
}

func anySuite(t *rapid.T) types.Report {
	var specs []types.SpecReport
	for i := range rapid.IntRange(0, 6).Draw(t, "specs") {
		specs = append(specs, anySpec(t, 10+i))
	}
	r := recorded(specs...)
	if rapid.Bool().Draw(t, "with a run") {
		run := at127()
		run.Testers = []evidence.Tester{{Initials: "JR", Name: "Jane Roe"}}
		run.Groups = rapid.SampledFrom([][]string{nil, {"server"}, {"client"}}).Draw(t, "groups")
		run.Unreachable = rapid.SampledFrom([]string{"", "", "nobody listens"}).Draw(t, "unreachable")
		run.Type = rapid.SampledFrom([]string{"dev", "formal"}).Draw(t, "type")
		r = withRun(r, run)
	}
	return r
}

// readAny is read for a drawn suite.
func readAny(t *rapid.T, suite types.Report) *results.Results {
	data, err := json.Marshal([]types.Report{suite})
	if err != nil {
		t.Fatal(err)
	}
	loaded, err := read.From("results.json", strings.NewReader(string(data)))
	if err != nil {
		t.Fatal(err)
	}
	return loaded
}

// Whatever a suite left behind, all counts add up, every reason is said, and
// the exit code holds what it promises.
func TestCountsAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		file := anyFile(t)
		given := []*results.Results{readAny(t, anySuite(t))}
		if rapid.IntRange(0, 3).Draw(t, "again") == 0 {
			given = append(given, readAny(t, anySuite(t)))
		}
		m := reports.Build(file, given, reports.Options{Complete: rapid.Bool().Draw(t, "complete"), Level: rapid.SampledFrom([]string{"", "rule"}).Draw(t, "only")})
		s := m.Summary
		live := 0
		for _, r := range file.Requirements {
			if !r.Retired {
				live++
			}
		}
		sums := map[string][2]int{
			"verdicts":            {s.Pass + s.Fail + s.Partial + s.NotTested + s.NotObservable, s.Requirements},
			"requirements":        {live, s.Requirements},
			"testers":             {s.Manual + s.ManualAndAuto + s.Auto, s.Requirements},
			"file":                {s.Requirements + s.Retired, len(file.Requirements)},
			"rows":                {s.Requirements + s.Invalid, len(m.Requirements)},
			"in scope":            {s.Requirements - s.NotObservable, s.InScope},
			"verified":            {s.Pass + s.Fail, s.Verified},
			"specs":               {specsOf(m), s.Specs},
			"verifications":       {passedOf(m), s.Verifications.Passed},
			"failed":              {failedOf(m), s.Verifications.Failed},
			"protocols":           {min(1, s.Specs), s.Protocols},
			"levels and the rest": {levelsOf(m), s.Requirements},
		}
		for what, n := range sums {
			if n[0] != n[1] {
				t.Errorf("%s: %d, but %d are counted", what, n[0], n[1])
			}
		}
		for _, r := range m.Requirements {
			checkRequirement(t, r)
		}
		checkExitCode(t, m)
	})
}

func checkRequirement(t *rapid.T, r reports.Requirement) {
	if r.Verdict != reports.Pass && r.Reason == "" {
		t.Errorf("%s is %s, and no reason is said", r.ID, r.Verdict)
	}
	if out := r.Verdict == reports.NotObservable || r.Verdict == reports.Invalid; out == r.InScope {
		t.Errorf("%s is %s, in scope: %t", r.ID, r.Verdict, r.InScope)
	}
	passed := 0
	for _, s := range r.Specs {
		if s.Result == reports.ResultPass {
			passed++
			if s.Verifications.Passed == 0 || s.Verifications.Failed > 0 {
				t.Errorf("%s passed in %s with %+v", r.ID, s.Spec, s.Verifications)
			}
		} else if s.Reason == "" && s.Result != reports.ResultSkipped && s.Result != reports.ResultNoEvidence {
			t.Errorf("%s is %s in %s, and no reason is said", r.ID, s.Result, s.Spec)
		}
		if s.Result == reports.ResultFail && r.Verdict == reports.Pass {
			t.Errorf("%s is PASS, though %s failed", r.ID, s.Spec)
		}
	}
	if r.Verdict == reports.Pass && passed == 0 {
		t.Errorf("%s is PASS, and no spec passed", r.ID)
	}
}

func checkExitCode(t *rapid.T, m *reports.Model) {
	s := m.Summary
	switch m.ExitCode {
	case reports.ExitPassed:
		if s.Pass == 0 || s.Fail+s.Invalid+len(m.Problems) > 0 || !m.Run.Complete {
			t.Errorf("exit code 0: %+v, %q", s, m.Problems)
		}
		for _, r := range m.Requirements {
			if (r.Verdict == reports.Partial || r.Verdict == reports.NotTested) && !strings.HasSuffix(r.Reason, "manual and not recorded") {
				t.Errorf("exit code 0, but %s is %s (%s)", r.ID, r.Verdict, r.Reason)
			}
		}
	case reports.ExitFailed:
		if s.Fail == 0 || len(m.Problems) > 0 {
			t.Errorf("exit code 1: %+v, %q", s, m.Problems)
		}
	case reports.ExitNothing:
		if len(m.Problems) == 0 {
			t.Error("exit code 2 without a problem")
		}
	case reports.ExitNoTarget, reports.ExitIncomplete:
		if s.Fail > 0 && m.ExitCode == reports.ExitIncomplete || len(m.Problems) > 0 {
			t.Errorf("exit code %d: %+v, %q", m.ExitCode, s, m.Problems)
		}
	}
	if s.Invalid > 0 && m.ExitCode != reports.ExitNothing {
		t.Errorf("exit code %d with an invalid id", m.ExitCode)
	}
}

// A run of some of the specs passes no requirement that the run of all does not
// pass.
func TestFocusPassesNothingMore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		file, all := anyFile(t), anySuite(t)
		some := all
		some.SpecReports = append(types.SpecReports{}, all.SpecReports...)
		for i := range some.SpecReports {
			s := &some.SpecReports[i]
			if s.LeafNodeType == types.NodeTypeIt && rapid.Bool().Draw(t, "left out") {
				s.State, s.NumAttempts, s.Failure, s.ReportEntries, s.AdditionalFailures = types.SpecStateSkipped, 0, types.Failure{}, nil, nil
			}
		}
		full := reports.Build(file, []*results.Results{readAny(t, all)}, reports.Options{})
		focused := reports.Build(file, []*results.Results{readAny(t, some)}, reports.Options{})
		if slices.ContainsFunc(full.Problems, func(p reports.Problem) bool { return strings.Contains(p.Text, "though the target cannot show it") }) {
			t.Skip("the suite contradicts itself: nothing can be concluded from its full run")
		}
		for i, r := range focused.Requirements {
			if before := full.Requirements[i]; r.Verdict == reports.Pass && before.Verdict != reports.Pass {
				t.Errorf("%s is PASS where specs are left out, and %s (%s) where none is", r.ID, before.Verdict, before.Reason)
			}
		}
		if focused.ExitCode == reports.ExitPassed && full.ExitCode != reports.ExitPassed {
			t.Errorf("exit code 0 where specs are left out, and %d where none is", full.ExitCode)
		}
	})
}

func specsOf(m *reports.Model) (n int) {
	for _, p := range m.Protocols {
		n += len(p.Specs)
	}
	return n
}

func passedOf(m *reports.Model) (n int) {
	for _, p := range m.Protocols {
		for _, s := range p.Specs {
			n += s.Verifications.Passed
		}
	}
	return n
}

func failedOf(m *reports.Model) (n int) {
	for _, p := range m.Protocols {
		for _, s := range p.Specs {
			n += s.Verifications.Failed
		}
	}
	return n
}

// levelsOf counts the requirements of all levels, and those of none.
func levelsOf(m *reports.Model) (n int) {
	for _, l := range m.Summary.Levels {
		n += l.Total
	}
	for _, r := range m.Requirements {
		if r.Level == "" && r.Verdict != reports.Invalid {
			n++
		}
	}
	return n
}

package reports_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/evidence"
)

// covered is a model with one requirement, A; an empty verdict: without it.
func covered(v reports.Verdict, results ...reports.Result) reports.Compared {
	m := &reports.Model{Schema: reports.Schema, Run: reports.Run{Complete: true}}
	m.Run.SRS.SHA256 = "aa"
	if v != "" {
		r := reports.Requirement{ID: "A", Desc: "It shall A.", Verdict: v}
		for i, result := range results {
			r.Specs = append(r.Specs, reports.SpecResult{ID: fmt.Sprint("TP-1.", i), Protocol: "TP-1", Spec: "adds", Result: result, Places: 2})
		}
		m.Requirements = append(m.Requirements, r)
	}
	return reports.Compared{File: "coverage.json", Model: m}
}

// Every pair of verdicts has its change, and a regression the exit code 1.
func TestChanges(t *testing.T) {
	const same = reports.Change("")
	verdicts := []reports.Verdict{reports.Pass, reports.Partial, reports.NotTested, reports.Fail, reports.Invalid, reports.NotObservable, ""}
	want := map[reports.Verdict][]reports.Change{ // by the old verdict, in the order of verdicts
		reports.Pass:          {same, "regressed", "regressed", "regressed", "regressed", "regressed", "removed"},
		reports.Partial:       {"improved", same, "regressed", "regressed", "regressed", "vanished", "removed"},
		reports.NotTested:     {"improved", "improved", same, "regressed", "regressed", "vanished", "removed"},
		reports.Fail:          {"improved", "improved", "changed", same, "regressed", "vanished", "removed"},
		reports.Invalid:       {"improved", "improved", "improved", "regressed", same, "vanished", "vanished"},
		reports.NotObservable: {"appeared", "appeared", "appeared", "regressed", "regressed", same, "removed"},
		"":                    {"added", "added", "added", "regressed", "regressed", "added", same},
	}
	for before, changes := range want {
		for i, after := range verdicts {
			t.Run(fmt.Sprintf("%s to %s", before, after), func(t *testing.T) {
				d := reports.Difference(covered(before), covered(after))
				got := same
				if len(d.Requirements) > 0 {
					got = d.Requirements[0].Change
				}
				code := 0
				if changes[i] == reports.Regressed {
					code = 1
				}
				if got != changes[i] || d.ExitCode != code {
					t.Errorf("%q with exit code %d, want %q with %d", got, d.ExitCode, changes[i], code)
				}
				if last := d.Conclusion[len(d.Conclusion)-1]; !strings.HasSuffix(last, fmt.Sprintf("exit code %d", code)) {
					t.Errorf("conclusion: %q", d.Conclusion)
				}
			})
		}
	}
}

// The same verdict by other specs is a change; by less of them it is a regression.
func TestSameVerdictOtherwise(t *testing.T) {
	pass, fail, away := reports.ResultPass, reports.ResultFail, reports.ResultNotObservable
	for _, c := range []struct {
		before, after reports.Compared
		want          reports.Change
	}{
		{covered(reports.Pass, pass, pass), covered(reports.Pass, pass, pass), ""},
		{covered(reports.Pass, pass, pass), covered(reports.Pass, pass, away), reports.Regressed},
		{covered(reports.Pass, pass, pass), covered(reports.Pass, pass), reports.Regressed},
		{covered(reports.Pass, pass), covered(reports.Pass, pass, pass), reports.Changed},
		{covered(reports.Fail, fail, fail), covered(reports.Fail, pass, fail), reports.Changed},
		{covered(reports.Fail, fail, pass), covered(reports.Fail, fail, fail), reports.Regressed},
		{covered(reports.NotObservable), covered(reports.NotObservable), ""},
	} {
		d := reports.Difference(c.before, c.after)
		code := 0
		if c.want == reports.Regressed {
			code = 1
		}
		if c.want != "" && d.Counts[c.want] != 1 || c.want == "" && len(d.Requirements) > 0 || d.ExitCode != code {
			t.Errorf("%+v to %+v: %+v, exit code %d; want %q", c.before.Model.Requirements, c.after.Model.Requirements, d.Counts, d.ExitCode, c.want)
		}
	}
	fewer := covered(reports.Pass, pass)
	fewer.Model.Requirements[0].Specs[0].Places = 1
	if d := reports.Difference(covered(reports.Pass, pass), fewer); d.Counts[reports.Regressed] != 1 {
		t.Errorf("a spec that verifies at fewer places: %+v", d.Counts)
	}
	if d := reports.Difference(fewer, covered(reports.Pass, pass)); len(d.Requirements) > 0 {
		t.Errorf("a spec that verifies at more places: %+v", d.Counts)
	}
}

// Runs that mean different things by their verdicts are not compared.
func TestIncomparable(t *testing.T) {
	for name, change := range map[string]func(*reports.Model){
		"different levels": func(m *reports.Model) { m.Run.Level = "rule" },
		"a different application profile": func(m *reports.Model) {
			m.Run.Inputs = []evidence.Input{{Title: "application profile", File: evidence.File{Name: "lamp"}, Binding: true}, {Title: "log", File: evidence.File{Name: "a"}}}
		},
		"nothing can be concluded": func(m *reports.Model) { m.ExitCode, m.Problems = 2, []reports.Problem{{Text: "a leak"}} },
	} {
		for _, newer := range []bool{false, true} {
			before, after := covered(reports.Pass), covered(reports.Fail)
			if change(before.Model); newer {
				before, after = covered(reports.Pass), covered(reports.Fail)
				change(after.Model)
			}
			d := reports.Difference(before, after)
			if d.ExitCode != 2 || len(d.Incomparable) != 1 || !strings.Contains(d.Incomparable[0], name) || len(d.Requirements) > 0 {
				t.Errorf("%s: exit code %d, %q", name, d.ExitCode, d.Incomparable)
			}
		}
	}
	renamed := covered(reports.Pass)
	renamed.Model.Run.SRS.Name = "other.json"
	if d := reports.Difference(covered(reports.Pass), renamed); d.ExitCode != 0 {
		t.Errorf("a requirement file of another name: %q", d.Incomparable)
	}
}

// What a reader should know though the runs can be compared.
func TestNotesOfDifference(t *testing.T) {
	after := covered(reports.Pass)
	after.Model.Run.Complete = false
	after.Model.Run.Target = evidence.Target{Kind: "address", Name: "127.0.0.1:1", Version: "2"}
	after.Model.Run.Suite.Version = "v2"
	d := reports.Difference(covered(reports.Pass), after)
	notes := strings.Join(d.Notes, "\n")
	for _, want := range []string{"the targets differ", "127.0.0.1:1 (address), version 2", "the suites differ", "is not complete"} {
		if !strings.Contains(notes, want) {
			t.Errorf("nothing says %q:\n%s", want, notes)
		}
	}
}

// A requirement with another text is listed, and all others are compared.
func TestOtherTexts(t *testing.T) {
	for _, c := range []struct {
		before, after reports.Verdict
		want          reports.Change
	}{
		{reports.Pass, reports.Pass, reports.Reworded},
		{reports.Pass, reports.NotTested, reports.Reworded},
		{reports.Fail, reports.Fail, reports.Reworded},
		{reports.Pass, reports.Fail, reports.Regressed},
	} {
		after := covered(c.after)
		after.Model.Run.SRS.SHA256 = "bb"
		after.Model.Requirements[0].Desc = "It shall B."
		d := reports.Difference(covered(c.before), after)
		if d.Counts[c.want] != 1 || len(d.Incomparable) > 0 || !strings.Contains(strings.Join(d.Notes, "\n"), "the requirement files differ") {
			t.Errorf("%s, then %s with another text: %+v %q, want %s", c.before, c.after, d.Counts, d.Notes, c.want)
		}
		after.Model.Requirements[0].Desc = "It  shall\n A."
		d = reports.Difference(covered(c.before), after)
		if d.Counts[reports.Reworded] > 0 {
			t.Errorf("other blanks are another text: %+v", d.Counts)
		}
	}
}

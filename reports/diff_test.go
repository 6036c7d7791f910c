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
		for _, result := range results {
			r.Specs = append(r.Specs, reports.SpecResult{Protocol: "TP-1", Spec: "adds", Result: result})
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
		reports.Pass:          {same, "regressed", "regressed", "regressed", "regressed", "regressed", "regressed"},
		reports.Partial:       {"improved", same, "regressed", "regressed", "regressed", "vanished", "vanished"},
		reports.NotTested:     {"improved", "improved", same, "regressed", "regressed", "vanished", "vanished"},
		reports.Fail:          {"improved", "improved", "changed", same, "regressed", "vanished", "vanished"},
		reports.Invalid:       {"improved", "improved", "improved", "regressed", same, "vanished", "vanished"},
		reports.NotObservable: {"appeared", "appeared", "appeared", "regressed", "regressed", same, same},
		"":                    {"appeared", "appeared", "appeared", "regressed", "regressed", same, same},
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

// The same verdict by other specs is a change, and no regression.
func TestSameVerdictOtherwise(t *testing.T) {
	pass, fail, away := reports.ResultPass, reports.ResultFail, reports.ResultNotObservable
	for _, c := range []struct {
		before, after reports.Compared
		changed       bool
	}{
		{covered(reports.Pass, pass, pass), covered(reports.Pass, pass, pass), false},
		{covered(reports.Pass, pass, pass), covered(reports.Pass, pass, away), true},
		{covered(reports.Pass, pass), covered(reports.Pass, pass, pass), true},
		{covered(reports.Fail, fail, pass), covered(reports.Fail, pass, fail), true},
		{covered(reports.NotObservable), covered(reports.NotObservable), false},
	} {
		d := reports.Difference(c.before, c.after)
		if changed := d.Counts[reports.Changed] == 1; changed != c.changed || d.ExitCode != 0 {
			t.Errorf("%+v to %+v: changed: %t, exit code %d", c.before.Model.Requirements, c.after.Model.Requirements, changed, d.ExitCode)
		}
	}
}

// Runs that mean different things by their verdicts are not compared.
func TestIncomparable(t *testing.T) {
	for name, change := range map[string]func(*reports.Model){
		"different requirements": func(m *reports.Model) { m.Run.SRS.SHA256 = "bb" },
		"different levels":       func(m *reports.Model) { m.Run.Level = "rule" },
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

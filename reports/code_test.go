package reports_test

import (
	"strings"
	"testing"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/results"
)

// watching is a suite of one spec of A and B that executed some of a file of two
// functions, of a statement each.
func watching(t *testing.T, name, executed string, o ...option) *results.Results {
	t.Helper()
	code := &evidence.Structure{Files: []evidence.SourceFile{{Name: name, Package: "calc", Functions: []evidence.Function{
		{Name: "calc.Add", Blocks: []evidence.Block{{3, 1, 5, 2, 1}}}, {Name: "calc.Sub", Blocks: []evidence.Block{{7, 1, 9, 2, 1}}},
	}}}}
	with := func(e *evidence.Spec) { e.Executed = executed }
	return parsed(t, withRun(recorded(it("A B", append(o, left("A B", with))...)), evidence.Run{Structure: code}))
}

// What several runs of the same code execute is taken together; a run of other
// code is left out, and that is noted.
func TestCodeOfSeveralResults(t *testing.T) {
	unwatched := parsed(t, recorded(passing("A B")))
	for _, c := range []struct {
		name    string
		results []*results.Results
		reached int
		noted   bool
	}{
		{"one", []*results.Results{watching(t, "a.go", "0")}, 1, false},
		{"of the same code", []*results.Results{watching(t, "a.go", "0"), watching(t, "a.go", "1")}, 2, false},
		{"of other code", []*results.Results{watching(t, "a.go", "0"), watching(t, "b.go", "1")}, 1, true},
		{"one not watched", []*results.Results{unwatched, watching(t, "a.go", "1")}, 1, false},
		{"none watched", []*results.Results{unwatched}, 0, false},
	} {
		m := reports.Build(requirements("A B"), c.results, reports.Options{})
		if got := m.Structure.Total.Reached; got != c.reached {
			t.Errorf("%s: %d statements reached, want %d", c.name, got, c.reached)
		}
		if noted := strings.Contains(strings.Join(m.Run.Notes, "\n"), "1 suite of other code"); noted != c.noted {
			t.Errorf("%s: noted %t, want %t: %q", c.name, noted, c.noted, m.Run.Notes)
		}
		if m.Run.Structure != nil {
			t.Errorf("%s: the model holds the evidence of the code", c.name)
		}
		row := row(t, m, "B")
		if (row.Executes != nil) != (c.reached > 0) || row.Executes != nil && row.Executes.Statements != c.reached {
			t.Errorf("%s: B executes %+v, want %d statements", c.name, row.Executes, c.reached)
		}
	}
}

// The conclusion names what is not reached, what passed without executing
// anything, and why nothing was collected. Where nothing was to be, it is silent.
func TestConclusionOfCode(t *testing.T) {
	missing := parsed(t, withRun(recorded(passing("A B")), evidence.Run{Structure: &evidence.Structure{Missing: "no luck"}}))
	for _, c := range []struct {
		name    string
		results *results.Results
		want    []string
	}{
		{"all", watching(t, "a.go", "0-1"), []string{"2 of 2 statements reached by requirements that passed."}},
		{"some", watching(t, "a.go", "1"), []string{"1 of 2 statements reached by requirements that passed.", "1 statement not reached: a.go:3-5."}},
		{"none", watching(t, "a.go", ""), []string{
			"0 of 2 statements reached by requirements that passed.", "2 statements not reached: a.go:3-5; a.go:7-9.",
			"2 passed without executing any statement: A, B.",
		}},
		{"missing", missing, []string{"What the requirements execute was not collected: no luck."}},
		{"not watched", parsed(t, recorded(passing("A B"))), nil},
	} {
		m := reports.Build(requirements("A B"), []*results.Results{c.results}, reports.Options{})
		got := m.Conclusion[2 : len(m.Conclusion)-1] // between the lock and the exit code
		if strings.Join(got, "\n") != strings.Join(c.want, "\n") {
			t.Errorf("%s:\n got %q\nwant %q", c.name, got, c.want)
		}
		if m.ExitCode != reports.ExitPassed {
			t.Errorf("%s: exit code %d, want 0", c.name, m.ExitCode)
		}
	}
}

package reports_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/onsi/ginkgo/v2/types"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/results"
	"github.com/socket-oneline/oneline/reports/srs"
)

// levels makes a requirement file of lines such as "B < A" or "B/stop < A".
func levels(t *testing.T, lines ...string) *srs.File {
	t.Helper()
	var all []string
	for _, line := range lines {
		id, parents, _ := strings.Cut(line, " < ")
		id, observe, _ := strings.Cut(id, "/")
		entry := fmt.Sprintf(`%q: {"tester": "auto", "group": "g", "desc": "d"`, id)
		if observe != "" {
			entry += fmt.Sprintf(`, "observe": [%q]`, observe)
		}
		if parents != "" {
			entry += `, "parents": ["` + strings.ReplaceAll(parents, " ", `", "`) + `"]`
		}
		all = append(all, entry+"}")
	}
	file, err := srs.Parse("srs.json", []byte("{"+strings.Join(all, ",\n")+"}"))
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// A requirement with children has the worst verdict of these, and of its own specs.
func TestRollUp(t *testing.T) {
	for name, c := range map[string]struct {
		file  []string
		specs []types.SpecReport
		want  []string // verdict and reason of each requirement with children
		exit  int
	}{
		"all passed": {
			[]string{"A", "B < A", "C < A", "D < C"},
			[]types.SpecReport{passing("B"), passing("D", at(11))},
			[]string{"A PASS ()", "C PASS ()"},
			0,
		},
		"a leaf failed, two levels down": {
			[]string{"A", "B < A", "C < A", "D < C", "E < C"},
			[]types.SpecReport{passing("B"), passing("D", at(11)), it("E", at(12), left("!E"))},
			[]string{"A FAIL (C > E: the verification failed)", "C FAIL (E: the verification failed)"},
			1,
		},
		"a leaf has no spec": {
			[]string{"A", "B < A", "C < A"},
			[]types.SpecReport{passing("B")},
			[]string{"A NOT TESTED (C: no spec)"},
			4,
		},
		"many leaves have no spec": {
			[]string{"A", "B < A", "C < A", "D < A", "E < A", "F < A"},
			[]types.SpecReport{passing("B")},
			[]string{"A NOT TESTED (C: no spec; D: no spec; E: no spec; and 1 more)"},
			4,
		},
		"not tested is worse than partial": {
			[]string{"A", "B < A", "C < A", "D", "E < D"},
			[]types.SpecReport{
				passing("B"), it("B", at(11), filteredOut()), passing("E", at(12)), it("E", at(13), filteredOut()),
			},
			[]string{"A NOT TESTED (C: no spec)", "D PARTIAL (E: 1 of 2 specs passed; skipped)"},
			4,
		},
		"one with specs needs both": {
			[]string{"A", "B < A", "C", "D < C", "E", "F < E"},
			[]types.SpecReport{
				it("A", at(11), left("!A")), passing("B", at(12)), passing("C", at(13)), it("D", at(14), left("!D")), passing("E", at(15)), passing("F", at(16)),
			},
			[]string{"A FAIL (its own specs: the verification failed)", "C FAIL (D: the verification failed)", "E PASS ()"},
			1,
		},
		"two parents": {
			[]string{"A", "B", "C < A B"},
			[]types.SpecReport{it("C", left("!C"))},
			[]string{"A FAIL (C: the verification failed)", "B FAIL (C: the verification failed)"},
			1,
		},
	} {
		m := built(t, levels(t, c.file...), c.specs...)
		var got []string
		for _, r := range m.Requirements {
			if len(r.Children) > 0 {
				got = append(got, fmt.Sprintf("%s %s (%s)", r.ID, r.Verdict, r.Reason))
			}
		}
		if d := cmp.Diff(c.want, got); d != "" || m.ExitCode != c.exit {
			t.Errorf("%s: exit code %d, want %d; (-want +got):\n%s", name, m.ExitCode, c.exit, d)
		}
	}
}

// What a target cannot show keeps the requirement above from passing too.
func TestRollUpNotObservable(t *testing.T) {
	m := reports.Build(levels(t, "A", "B < A", "C/stop < A"), []*results.Results{parsed(t, withRun(recorded(passing("B")), at127()))}, reports.Options{})
	if a := row(t, m, "A"); a.Verdict != reports.NotObservable || a.InScope || !strings.HasPrefix(a.Reason, "C: needs ") || m.ExitCode != 0 {
		t.Errorf("%s (%s), in scope: %t, exit code %d", a.Verdict, a.Reason, a.InScope, m.ExitCode)
	}
}

// A requirement is excused where all that keeps it from passing is justified.
func TestRollUpJustified(t *testing.T) {
	file := levels(t, "A", "B < A", "C < B", "D < B", "E < A")
	specs := recorded(it("C", left("!C")), passing("D", at(11)), it("E", at(12), left("!E")))
	for justified, want := range map[string]int{"C": 1, "C E": 0, "B E": 1, "A B C": 1, "B": 1} {
		m := reports.Build(file, []*results.Results{parsed(t, specs)}, reports.Options{Justifications: justifying(justified), AcceptJustified: true})
		if m.ExitCode != want {
			t.Errorf("%s justified: exit code %d, want %d", justified, m.ExitCode, want)
		}
	}
}

// The model says both directions, and who is missing in one of them.
func TestFamilies(t *testing.T) {
	file := levels(t, "A", "C < A", "B < A", "X")
	m := built(t, file, passing("B"))
	if a, b := row(t, m, "A"), row(t, m, "B"); !slices.Equal(a.Children, []string{"B", "C"}) || !slices.Equal(b.Parents, []string{"A"}) {
		t.Errorf("children of A: %q, parents of B: %q", a.Children, b.Parents)
	}
	if got := reports.Orphans(file); !slices.Equal(got, []string{"A", "X"}) {
		t.Errorf("without a parent: %q", got)
	}
	if got := m.Unverified(); !slices.Equal(got, []string{"C", "X"}) {
		t.Errorf("with neither child nor spec: %q", got)
	}
	if !strings.Contains(strings.Join(m.Conclusion, "\n"), "3 not tested: A (through their children); C, X (no spec).") {
		t.Errorf("%q", m.Conclusion)
	}
	if got := reports.Orphans(levels(t, "A", "B")); got != nil {
		t.Errorf("where nobody has a parent: %q", got)
	}
}

package mutation_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/socket-oneline/oneline/reports/justification"
	"github.com/socket-oneline/oneline/reports/mutation"
)

func mutants() *mutation.Report {
	all := []string{"A", "B"}
	return &mutation.Report{Schema: mutation.Schema, Mutants: []mutation.Mutant{
		{File: "p.go", Line: 1, Function: "p.f", Operator: "value", ExecutedBy: all, NoticedBy: []string{"A"}},
		{File: "p.go", Line: 2, Function: "p.f", Operator: "call", Diff: "-f()\n", ExecutedBy: []string{"B"}},
		{File: "p.go", Line: 3, Function: "p.f", Operator: "call", Diff: "-100 % g()\n", ExecutedBy: all},
		{File: "p.go", Line: 4, Function: "p.g", Operator: "value", ExecutedBy: all, NoticedBy: []string{"B"}, BrokeBy: []string{"A"}},
		{File: "p.go", Line: 5, Function: "p.g", Operator: "value", ExecutedBy: []string{"A"}, BrokeBy: []string{"A"}},
		{File: "p.go", Line: 6, Function: "p.g", Operator: "value"},
	}}
}

func percent(p float64) *float64 { return &p }

func TestCount(t *testing.T) {
	r := mutants()
	r.Count([]string{"A", "B", "C"}, 6, true)
	want := []mutation.Requirement{
		{ID: "C", Score: percent(0)}, // its specs execute nothing
		{ID: "B", Mutants: 4, Noticed: 1, Survived: 3, Score: percent(25)},
		{ID: "A", Mutants: 4, Noticed: 1, Broke: 2, Survived: 1, Score: percent(50)},
	}
	if d := cmp.Diff(want, r.Requirements); d != "" {
		t.Errorf("requirements (-want +got):\n%s", d)
	}
	total := mutation.Total{Made: 6, Executed: 5, Noticed: 2, Broke: 1, Survived: 2, Score: percent(50)}
	if d := cmp.Diff(total, r.Total); d != "" {
		t.Errorf("total (-want +got):\n%s", d)
	}
	r.Count([]string{"C"}, 6, false)
	if r.Requirements[0].Score != nil {
		t.Errorf("score %v of a requirement that executes nothing of the packages chosen", *r.Requirements[0].Score)
	}
}

// A justification stands for so many survivors of one function and operator. If more
// survive, none is justified; if fewer do, it is stale, but not in a sample.
func TestJustify(t *testing.T) {
	for name, tt := range map[string]struct {
		mutants, leftOut, justified int
		stale                       string
	}{
		"as many":          {2, 0, 2, ""},
		"more survive":     {1, 0, 0, "p.go: p.f: call: 1 justified, but 2 survived"},
		"fewer survive":    {3, 0, 2, "p.go: p.f: call: 3 justified, and 2 survived"},
		"fewer, of a part": {3, 1, 2, ""},
	} {
		r := mutants()
		r.LeftOut = tt.leftOut
		r.Justify([]justification.Survivor{{File: "p.go", Function: "p.f", Operator: "call", Mutants: tt.mutants}})
		r.Count([]string{"A", "B"}, 6, true)
		if got := strings.Join(r.Stale, "; "); got != tt.stale || r.Total.Justified != tt.justified || len(r.Survivors()) != 2-tt.justified {
			t.Errorf("%s: %d justified, %d survivors, stale %q", name, r.Total.Justified, len(r.Survivors()), got)
		}
	}
}

func TestBelow(t *testing.T) {
	r := mutants()
	r.Count([]string{"A", "B"}, 6, true)
	for _, tt := range []struct {
		all   float64
		least map[string]float64
		want  string
	}{
		{0, nil, ""},
		{30, nil, "B: 25.0 %, at least 30 is asked for"},
		{30, map[string]float64{"B": 25}, ""},
		{0, map[string]float64{"A": 50.5}, "A: 50.0 %, at least 50.5 is asked for"},
	} {
		if got := strings.Join(r.Below(tt.all, tt.least), "; "); got != tt.want {
			t.Errorf("at least %v, %v: %q, want %q", tt.all, tt.least, got, tt.want)
		}
	}
}

// The survivor that most requirements execute comes first.
func TestSurvivors(t *testing.T) {
	var lines []int
	for _, m := range mutants().Survivors() {
		lines = append(lines, m.Line)
	}
	if d := cmp.Diff([]int{3, 2}, lines); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestRead(t *testing.T) {
	if _, err := mutation.Read("m.json", strings.NewReader(`{"schema": "oneline-mutation/2"}`)); err == nil || !strings.Contains(err.Error(), "oneline-mutation/1") {
		t.Errorf("another form: %v", err)
	}
	if r, err := mutation.Read("m.json", strings.NewReader(`{"schema": "oneline-mutation/1", "mutants": [{"file": "p.go"}]}`)); err != nil || len(r.Mutants) != 1 {
		t.Errorf("%+v, %v", r, err)
	}
}

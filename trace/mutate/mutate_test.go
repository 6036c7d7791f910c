package mutate_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/socket-oneline/oneline/reports/mutation"
	"github.com/socket-oneline/oneline/trace/mutate"
)

// run mutates package calc.
func run(t *testing.T, change func(*mutate.Options)) (*mutation.Report, []mutate.Progress) {
	t.Helper()
	command, err := mutate.Parse([]string{"go", "test", "./testdata/calc", "-args", "word"})
	if err != nil {
		t.Fatal(err)
	}
	var stages []mutate.Progress
	o := mutate.Options{Command: command, Jobs: 2, Progress: func(p mutate.Progress) { stages = append(stages, p) }}
	change(&o)
	report, err := mutate.Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return report, stages
}

// What a requirement notices, what only breaks its test, and what survives. A
// requirement whose test verifies nothing has the score 0, and comes first.
func TestScores(t *testing.T) {
	cache := filepath.Join(t.TempDir(), "decided.json")
	report, _ := run(t, func(o *mutate.Options) { o.Cache = cache })
	got := map[string]mutation.Requirement{}
	for _, q := range report.Requirements {
		got[q.ID] = q
	}
	of := func(percent float64) *float64 { return &percent }
	want := map[string]mutation.Requirement{
		"WEAK":   {ID: "WEAK", Mutants: 3, Survived: 3, Score: of(0)},
		"ADD":    {ID: "ADD", Mutants: 2, Noticed: 2, Score: of(100)},
		"DIVIDE": {ID: "DIVIDE", Mutants: 4, Noticed: 4, Score: of(100)}, // the test does not reach ErrZero
		"WAIT":   {ID: "WAIT", Mutants: 4, Noticed: 2, Broke: 2, Score: of(100)},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("requirements (-want +got):\n%s", d)
	}
	if report.Requirements[0].ID != "WEAK" {
		t.Errorf("%s comes first, want the one with the lowest score", report.Requirements[0].ID)
	}
	if len(report.Unable) != 1 || !strings.Contains(report.Unable[0], "depends on another spec: it does not pass alone") {
		t.Errorf("left out: %q", report.Unable)
	}
	if n := len(report.Survivors()); n != 3 {
		t.Errorf("%d survivors, want those of Weak", n)
	}
	var unexecuted []string
	for _, m := range report.Mutants {
		if len(m.ExecutedBy) == 0 {
			unexecuted = append(unexecuted, m.Function)
		}
	}
	if d := cmp.Diff([]string{"calc.Divide", "calc.Divide", "calc.Nobody"}, unexecuted); d != "" {
		t.Errorf("functions of mutants that no test executes (-want +got):\n%s", d)
	}

	// Once more: nothing is tested again, and the result is the same. With only one
	// requirement, nothing is said of the others.
	again, stages := run(t, func(o *mutate.Options) { o.Cache = cache })
	if d := cmp.Diff(report, again, cmpopts.EquateEmpty()); d != "" {
		t.Errorf("first and second run (-first +second):\n%s", d)
	}
	for _, p := range stages {
		if p.Stage == "testing mutants" {
			t.Errorf("the second run tests mutants again: %+v", p)
		}
	}
	sample, _ := run(t, func(o *mutate.Options) { o.Only, o.Sample, o.Seed = []string{"DIVIDE"}, 3, 7 })
	if len(sample.Mutants) != 3 || sample.LeftOut != 1 || sample.Seed != 7 || len(sample.Requirements) != 1 || sample.Requirements[0].Noticed != 3 {
		t.Errorf("a sample of three for DIVIDE: %d mutants, %d left out, %+v", len(sample.Mutants), sample.LeftOut, sample.Requirements)
	}
}

func TestParse(t *testing.T) {
	for text, want := range map[string]mutate.Command{
		"go test":                                {Packages: []string{"."}},
		"go test ./...":                          {Packages: []string{"./..."}},
		"go -C dir test -race -tags x ./a ./b":   {Dir: "dir", Build: []string{"-race", "-tags=x"}, Packages: []string{"./a", "./b"}},
		"go test -v -count=1 -timeout 5m -short": {Packages: []string{"."}, Test: []string{"-test.short"}},
		"go test -run X . -args -n 3":            {Packages: []string{"."}, Test: []string{"-test.run=X"}, Args: []string{"-n", "3"}},
		"ginkgo -r -p --race":                    {Build: []string{"-race"}, Packages: []string{"./..."}},
		"ginkgo run --procs 4 --tags=x -r a b":   {Build: []string{"-tags=x"}, Packages: []string{"./a/...", "./b/..."}},
		"ginkgo --label-filter A ./a -- -n=3":    {Packages: []string{"./a"}, Test: []string{"-ginkgo.label-filter=A"}, Args: []string{"-n=3"}},
	} {
		want.Text = text
		got, err := mutate.Parse(strings.Fields(text))
		if err != nil {
			t.Errorf("%s: %v", text, err)
		} else if d := cmp.Diff(&want, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", text, d)
		}
	}
	for text, want := range map[string]string{
		"":                  "no command",
		"make test":         "go test and ginkgo commands only",
		"go build ./...":    "go test and ginkgo commands only",
		"go test -exec ssh": "-exec",
		"go test -tags":     "needs a value",
	} {
		if _, err := mutate.Parse(strings.Fields(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want an error with %q", text, err, want)
		}
	}
}

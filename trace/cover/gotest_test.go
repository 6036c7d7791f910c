package cover_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/read/process"
	"github.com/socket-oneline/oneline/reports/results"
	"github.com/socket-oneline/oneline/reports/structure"
	"github.com/socket-oneline/oneline/trace/rewrite"
)

// In the binary of go test, tests that run at the same time share what is executed
// then; what one executes alone is its own, and initialization is everybody's.
func TestParallelTests(t *testing.T) {
	set, err := rewrite.Counters(t.Context(), rewrite.Options{Patterns: []string{"./testdata/parallel"}, Folder: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	cmd := exec.CommandContext(t.Context(), "go", "test", "-count=1", "-parallel=2", "./testdata/parallel")
	cmd.Env = append(set.Environ(os.Environ()), "ONELINE_EVIDENCE="+dir)
	if output, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	var specs []*results.Spec
	for _, e := range attempts(t, dir) {
		specs = append(specs, &results.Spec{Requirements: e.Requirements, Attempted: []evidence.Spec{e}})
	}
	if silent, err := set.Finish(); err != nil || len(silent) > 0 {
		t.Errorf("silent: %q, %v", silent, err)
	}
	got, executed := structure.Compute(set.Code, []structure.Requirement{{ID: "FIRST", Passed: true}, {ID: "SECOND", Passed: true}}, specs, nil)
	functions := func(id string) string { return strings.Join(executed[id].Files[0].Functions, " ") }
	if d := cmp.Diff("parallel.initial parallel.One", functions("FIRST")); d != "" {
		t.Errorf("FIRST alone executes (-want +got):\n%s", d)
	}
	if d := cmp.Diff("parallel.initial", functions("SECOND")); d != "" {
		t.Errorf("SECOND alone executes (-want +got):\n%s", d)
	}
	var shared []string
	for _, p := range got.Unreached {
		shared = append(shared, p.Function+": "+strings.Join(p.Shared, " "))
	}
	if d := cmp.Diff([]string{"parallel.Started: ", "parallel.Two: FIRST SECOND"}, shared); d != "" {
		t.Errorf("not reached, and executed while these ran (-want +got):\n%s", d)
	}
}

// attempts reads the evidence of the process that left it in dir.
func attempts(t *testing.T, dir string) (all []evidence.Spec) {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, "*.jsonl"))
	if err != nil || len(paths) != 1 {
		t.Fatalf("evidence of %d processes, %v", len(paths), err)
	}
	data, err := os.ReadFile(paths[0])
	if err != nil {
		t.Fatal(err)
	}
	f, err := process.Parse(paths[0], data)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range f.Suite.Specs {
		all = append(all, s.Attempted...)
	}
	return all
}

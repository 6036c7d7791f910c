package rewrite_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/socket-oneline/oneline/trace/rewrite"
)

// Without a number, a program with mutants of constructs of all kinds does what it
// does without them.
func TestSleepingMutants(t *testing.T) {
	t.Parallel()
	dir, out, folder := module(t, "odd"), t.TempDir(), t.TempDir()
	program := filepath.Join(out, "plain")
	run(t, dir, nil, "go", "build", "-o", program, ".")
	plain := run(t, dir, nil, program)
	set, err := rewrite.Mutate(t.Context(), rewrite.Options{Dir: dir, Patterns: []string{"./..."}, Folder: folder})
	if err != nil {
		t.Fatal(err)
	}
	if len(set.Mutants) < 60 {
		t.Errorf("%d mutants, want some for every construct", len(set.Mutants))
	}
	program = filepath.Join(out, "mutants")
	run(t, dir, set.Environ(os.Environ()), "go", "build", "-o", program, ".")
	if d := cmp.Diff(plain, run(t, dir, nil, program)); d != "" {
		t.Errorf("printed without and with mutants (-without +with):\n%s", d)
	}
	for _, m := range set.Mutants {
		t.Logf("%d %s:%d %s %s block %d\n%s", m.Number, m.File, m.Line, m.Operator, m.Function, m.Block, m.Diff)
	}
	_ = strings.Contains
}

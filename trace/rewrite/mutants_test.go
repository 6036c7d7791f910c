package rewrite_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/socket-oneline/oneline/trace/rewrite"
)

// build builds a module of testdata as it is, and with mutants.
func build(t *testing.T, name string) (plain, mutants string, set *rewrite.Set) {
	t.Helper()
	dir, out := module(t, name), t.TempDir()
	plain, mutants = filepath.Join(out, "plain.exe"), filepath.Join(out, "mutants.exe")
	run(t, dir, nil, "go", "build", "-o", plain, ".")
	set, err := rewrite.Mutate(t.Context(), rewrite.Options{Dir: dir, Patterns: []string{"./..."}, Folder: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	run(t, dir, set.Environ(os.Environ()), "go", "build", "-o", mutants, ".")
	return plain, mutants, set
}

// Without a number, a program with mutants of constructs of all kinds does what it
// does without them.
func TestSleepingMutants(t *testing.T) {
	t.Parallel()
	plain, mutants, set := build(t, "odd")
	if len(set.Mutants) < 60 {
		t.Errorf("%d mutants, want some for every construct", len(set.Mutants))
	}
	if d := cmp.Diff(run(t, "", nil, plain), run(t, "", nil, mutants)); d != "" {
		t.Errorf("printed without and with mutants (-without +with):\n%s", d)
	}
}

// Each operator makes the mutants that it should, and each mutant changes what its
// function does, and nothing else.
func TestOperators(t *testing.T) {
	t.Parallel()
	plain, mutants, set := build(t, "operators")
	usual := strings.Split(run(t, "", nil, plain), "\n")
	got := map[string][]string{}
	for _, m := range set.Mutants {
		function := strings.TrimPrefix(m.Function, "main.")
		if function == "main" {
			continue
		}
		output := strings.Split(run(t, "", append(os.Environ(), fmt.Sprintf("%s=%d", rewrite.MutantVariable, m.Number)), mutants), "\n")
		var changed []string
		for i, line := range output {
			if i >= len(usual) || line != usual[i] {
				changed = append(changed, line)
			}
		}
		if len(changed) == 0 || !strings.HasPrefix(changed[0], function+" ") && !strings.HasPrefix(changed[0], "panic: ") {
			t.Errorf("%s:%d does not change what %s does, but %q:\n%s", m.File, m.Line, function, changed, m.Diff)
		}
		if function == "pair" { // passed calls it
			changed = changed[:1]
		}
		got[function] = append(got[function], m.Operator+": "+strings.Join(changed, " | "))
	}
	var text strings.Builder
	for _, function := range slices.Sorted(maps.Keys(got)) {
		for _, line := range got[function] {
			fmt.Fprintln(&text, line)
		}
	}
	want, err := os.ReadFile("testdata/operators.want")
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), text.String()); d != "" {
		t.Errorf("operators, and what is printed instead (-want +got):\n%s", d)
		if os.Getenv("UPDATE") != "" {
			_ = os.WriteFile("testdata/operators.want", []byte(text.String()), 0o600)
		}
	}
}

// What the compiler would refuse is not made, and the rest is.
func TestRefusedMutant(t *testing.T) {
	t.Parallel()
	_, mutants, set := build(t, "refused")
	if out := run(t, "", nil, mutants); out != "3\n" {
		t.Errorf("printed %q", out)
	}
	if len(set.Mutants) < 2 {
		t.Errorf("%d mutants, want those of the other lines", len(set.Mutants))
	}
	for _, m := range set.Mutants {
		if strings.Contains(m.Diff, "+\treturn nil") {
			t.Errorf("a mutant that does not compile was made:\n%s", m.Diff)
		}
	}
}

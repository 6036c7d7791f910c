package cover

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What is read of a program's data is what the go command reads of it.
func TestLikeTheGoCommand(t *testing.T) {
	described, counters, dir := data(t)
	m, err := readMeta(described)
	if err != nil {
		t.Fatal(err)
	}
	executed := map[counted]bool{}
	ours, err := readCounters(counters, m.hash, func(c counted) { executed[c] = true })
	if !ours || err != nil {
		t.Fatal(ours, err)
	}
	var got []string
	for i, p := range m.packages {
		for k, f := range p.functions {
			for n, u := range f.units {
				hit := 0
				if executed[counted{i, k, n}] {
					hit = 1
				}
				got = append(got, fmt.Sprintf("%s:%d.%d,%d.%d %d %d", f.file, u.line, u.column, u.endLine, u.endColumn, u.statements, hit))
			}
		}
	}
	profile := filepath.Join(t.TempDir(), "profile")
	if output, err := exec.CommandContext(t.Context(), "go", "tool", "covdata", "textfmt", "-i="+dir, "-o="+profile).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	text, err := os.ReadFile(profile)
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for line := range strings.Lines(string(text)) {
		if place, count, ok := cutLast(strings.TrimSpace(line), " "); ok && !strings.HasPrefix(line, "mode:") {
			want = append(want, place+" "+min(count, "1"))
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if d := cmp.Diff(want, got); d != "" || len(want) == 0 {
		t.Errorf("blocks (-go command +got):\n%s", d)
	}
}

// Data that is cut off or of another form is an error, and counters of another
// program are not ours.
func TestBrokenData(t *testing.T) {
	described, counters, _ := data(t)
	m, err := readMeta(described)
	if err != nil {
		t.Fatal(err)
	}
	none := func(counted) {}
	for n := range described {
		if _, err := readMeta(described[:n]); err == nil {
			t.Errorf("a description of %d bytes of %d is taken for whole", n, len(described))
		}
	}
	for n := range counters {
		if _, err := readCounters(counters[:n], m.hash, none); err == nil {
			t.Errorf("counters of %d bytes of %d are taken for whole", n, len(counters))
		}
	}
	later := slices.Clone(described)
	later[4]++
	if _, err := readMeta(later); err == nil || !strings.Contains(err.Error(), "version 2") {
		t.Errorf("a later version: %v", err)
	}
	if ours, err := readCounters(counters, hash{}, none); ours || err != nil {
		t.Errorf("counters of another program: ours %t, %v", ours, err)
	}
}

// data builds a covered program, runs it, and gives what it has left, with the
// folder of that.
func data(t *testing.T) (described, counters []byte, dir string) {
	t.Helper()
	const toy = "github.com/socket-oneline/oneline/trace/cover/testdata/"
	program := filepath.Join(t.TempDir(), "suite.exe")
	build := exec.CommandContext(t.Context(), "go", "build", "-cover", "-covermode=atomic", "-coverpkg="+toy+"toy,"+toy+"suite", "-o", program, "./testdata/suite")
	if output, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	dir = t.TempDir()
	child := exec.CommandContext(t.Context(), program)
	child.Env = append(os.Environ(), "GOCOVERDIR="+dir, "TOY_CHILD=1")
	if err := child.Run(); child.ProcessState.ExitCode() != 3 {
		t.Fatal(err)
	}
	one := func(pattern string) []byte {
		paths, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil || len(paths) != 1 {
			t.Fatalf("%s: %q, %v", pattern, paths, err)
		}
		data, err := os.ReadFile(paths[0])
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	return one("covmeta.*"), one("covcounters.*"), dir
}

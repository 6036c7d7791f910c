package cover_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/justification"
	"github.com/socket-oneline/oneline/reports/read"
	"github.com/socket-oneline/oneline/reports/results"
	"github.com/socket-oneline/oneline/reports/srs"
	"github.com/socket-oneline/oneline/reports/structure"
	"github.com/socket-oneline/oneline/trace/rewrite"
)

const (
	module = "github.com/socket-oneline/oneline"
	folder = "trace/cover/testdata/"
	toy    = folder + "toy/toy.go"
)

// build builds the suite of package toy, with counters in the packages that
// patterns name, and returns its path and the set; nil without patterns.
func build(t *testing.T, patterns ...string) (string, *rewrite.Set) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "suite.exe") // the ending matters on Windows alone
	cmd := exec.CommandContext(t.Context(), "go", "test", "-c", "-o", path, "./testdata/toy")
	var set *rewrite.Set
	if len(patterns) > 0 {
		var err error
		if set, err = rewrite.Counters(t.Context(), rewrite.Options{Patterns: patterns, Folder: t.TempDir()}); err != nil {
			t.Fatal(err)
		}
		cmd.Env = set.Environ(os.Environ())
	}
	if output, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	return path, set
}

// run runs the suite, and computes what its results say.
func run(t *testing.T, suite string, set *rewrite.Set, seed int) *reports.Model {
	t.Helper()
	path := filepath.Join(t.TempDir(), "results.json")
	cmd := exec.CommandContext(t.Context(), suite, "-ginkgo.json-report="+path, "-ginkgo.randomize-all", fmt.Sprintf("-ginkgo.seed=%d", seed))
	cmd.Dir, cmd.Env = t.TempDir(), os.Environ()
	if set != nil {
		cmd.Env = set.Environ(cmd.Env)
	}
	output, _ := cmd.CombinedOutput() // some of its specs fail
	if _, err := os.Stat(path); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	file, err := srs.Load("testdata/srs.json")
	if err != nil {
		t.Fatal(err)
	}
	loaded, err := read.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	return reports.Build(file, []*results.Results{loaded}, reports.Options{Justifications: &justification.File{
		Unreached: map[string]justification.Unreached{
			"toy.Child":    {Statements: 3, Justification: justification.Justification{Text: "a process has a name", Author: "J. Roe", Date: "2026-11-25"}},
			"toy.Believed": {Statements: 1},
		},
	}})
}

// marked reads from the source which requirements execute each line.
func marked(t *testing.T) map[int][]string {
	t.Helper()
	text, err := os.ReadFile("testdata/toy/toy.go")
	if err != nil {
		t.Fatal(err)
	}
	by := map[int][]string{}
	for i, line := range strings.Split(string(text), "\n") {
		if _, ids, ok := strings.Cut(line, "//:"); ok {
			by[i+1] = strings.Fields(ids)
		}
	}
	return by
}

// includes tells whether a line is among lines such as 12-15,20.
func includes(lines string, line int) bool {
	for part := range strings.SplitSeq(lines, ",") {
		from, to, isRange := strings.Cut(part, "-")
		if !isRange {
			to = from
		}
		first, _ := strconv.Atoi(from)
		last, _ := strconv.Atoi(to)
		if first <= line && line <= last {
			return true
		}
	}
	return false
}

// The suite of the toy, in several orders: each requirement executes exactly the
// lines that are marked with it.
func TestLinesByRequirement(t *testing.T) {
	suite, set := build(t, "./testdata/toy")
	want := marked(t)
	var first *reports.Model
	for seed := 1; seed <= 5; seed++ {
		m := run(t, suite, set, seed)
		if !m.Structure.Collected {
			t.Fatal("nothing was collected:", m.Structure.Reason)
		}
		got := map[int][]string{}
		for line := range want {
			got[line] = []string{}
			for _, r := range m.Requirements {
				if r.Executes != nil && includes(r.Executes.Files[0].Lines, line) {
					got[line] = append(got[line], r.ID)
				}
			}
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("seed %d: requirements by line (-marked +executed):\n%s", seed, d)
		}
		if first == nil {
			first = m
			continue
		}
		if d := cmp.Diff(first.Structure, m.Structure); d != "" {
			t.Errorf("seed %d is told otherwise than the first (-first +this):\n%s", seed, d)
		}
	}
	verdicts(t, first)
	lists(t, first)
}

// verdicts holds the ways in which the specs end: that they do not change what
// is executed would prove nothing otherwise.
func verdicts(t *testing.T, m *reports.Model) {
	t.Helper()
	got := map[string]reports.Verdict{}
	for _, r := range m.Requirements {
		got[r.ID] = r.Verdict
	}
	want := map[string]reports.Verdict{
		"TOY-ADD": reports.Pass, "TOY-DIV": reports.Pass, "TOY-FAIL": reports.Fail, "TOY-PANIC": reports.Fail,
		"TOY-BLOCK": reports.NotTested, "TOY-LATE": reports.Pass, "TOY-LEAVE": reports.Pass, "TOY-RETRY": reports.Fail,
		"TOY-CHILD": reports.Pass, "TOY-IDLE": reports.Pass, "TOY-SKIP": reports.NotTested, "TOY-NONE": reports.NotTested,
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("verdicts (-want +got):\n%s", d)
	}
}

// lists holds what the report lists: what no passing requirement reaches, what is
// accepted, and what was left running.
func lists(t *testing.T, m *reports.Model) {
	t.Helper()
	s := m.Structure
	if want := []string{"TOY-IDLE"}; !slices.Equal(s.Idle, want) {
		t.Errorf("passed without executing anything: %v, want %v", s.Idle, want)
	}
	reached := map[string]bool{"TOY-ADD": true, "TOY-DIV": true, "TOY-LATE": true, "TOY-LEAVE": true, "TOY-CHILD": true}
	for line, ids := range marked(t) {
		want := !slices.ContainsFunc(ids, func(id string) bool { return reached[id] })
		got := slices.ContainsFunc(s.Unreached, func(p structure.Place) bool { return p.File == toy && includes(p.Lines, line) }) ||
			slices.ContainsFunc(s.Accepted, func(p structure.Place) bool { return p.File == toy && includes(p.Lines, line) })
		if got != want {
			t.Errorf("%s:%d is listed as not reached: %t, want %t", toy, line, got, want)
		}
	}
	if len(s.Accepted) != 1 || s.Accepted[0].Statements != 3 || s.Accepted[0].Reason != "a process has a name (J. Roe, 2026-11-25)" {
		t.Errorf("accepted: %+v, want the three statements of a process without a name", s.Accepted)
	}
	if want := []string{"toy.Believed: 1 accepted, 0 unreached"}; !slices.Equal(s.Stale, want) {
		t.Errorf("stale: %q, want %q", s.Stale, want)
	}
	if len(s.Unsettled) != 1 || !strings.Contains(s.Unsettled[0], "toy.stay still ran") {
		t.Errorf("unsettled: %q, want toy.stay", s.Unsettled)
	}
	if n := s.Total; n.Reached+n.Accepted+n.Unreached != n.Statements || n.Statements == 0 {
		t.Errorf("the counts do not add up: %+v", n)
	}
}

// Without counters, a program says why it collects nothing, and its verdicts are
// the same.
func TestNothingToCollect(t *testing.T) {
	suite, _ := build(t)
	m := run(t, suite, nil, 1)
	const want = "oneline run -cover"
	if m.Structure.Collected || !strings.Contains(m.Structure.Reason, want) {
		t.Errorf("collected: %t, because %q; want %q", m.Structure.Collected, m.Structure.Reason, want)
	}
	verdicts(t, m)
	if text := strings.Join(m.Conclusion, "\n"); strings.Count(text, want) != 1 {
		t.Errorf("the conclusion does not say it once:\n%s", text)
	}
}

// Where counting fails, nothing can be concluded, since the code of some specs would
// pass for the code of all.
func TestCollectingFails(t *testing.T) {
	t.Setenv("TOY_BREAK", "1")
	suite, set := build(t, "./testdata/toy")
	m := run(t, suite, set, 1)
	if len(m.Problems) == 0 || !strings.Contains(m.Problems[0].Text, "could not be counted") {
		t.Errorf("problems: %q", m.Problems)
	}
}

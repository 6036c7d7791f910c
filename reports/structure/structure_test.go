package structure_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/justification"
	"github.com/socket-oneline/oneline/reports/results"
	"github.com/socket-oneline/oneline/reports/structure"
)

// text is a file with its blocks as the go command makes them.
const text = `package p

func f(n int) int {
	switch n {
	case 0:
		return 0
	case 1:
		// n is even
		n++
		if n > 2 {
			n--
		}
	case 2:
		return 2
	}
	if n < 0 { return n }
	return 3
}

func g() {
	// it takes luck
	h()
}

func h() {
	// nobody calls it
	_ = "a text"
}
`

// The blocks, by their numbers.
var blocks = []evidence.Function{
	{Name: "p.f", Blocks: []evidence.Block{
		{3, 19, 4, 11, 1},   // 0: switch
		{5, 9, 6, 11, 1},    // 1: return 0
		{7, 9, 10, 12, 2},   // 2: n++, if
		{10, 12, 12, 4, 1},  // 3: n--
		{13, 9, 14, 11, 1},  // 4: return 2
		{16, 2, 16, 11, 1},  // 5: if n < 0
		{17, 2, 17, 10, 1},  // 6: return 3
		{16, 11, 16, 23, 1}, // 7: return n
	}},
	{Name: "p.g", Blocks: []evidence.Block{{20, 10, 23, 2, 1}}}, // 8
	{Name: "p.h", Blocks: []evidence.Block{{25, 10, 28, 2, 1}}}, // 9
}

func compute(executed map[string]string) (structure.Coverage, map[string]*structure.Executed) {
	code := &evidence.Structure{Files: []evidence.SourceFile{{Name: "p.go", Package: "example.org/p", Text: text, Functions: blocks}}}
	requirements := []structure.Requirement{{ID: "A", Passed: true}, {ID: "B", Passed: true}, {ID: "C", Passed: false}}
	var specs []*results.Spec
	for _, r := range requirements {
		specs = append(specs, spec(evidence.Spec{Executed: executed[r.ID]}, r.ID, "unknown"))
	}
	return structure.Compute(code, requirements, specs, map[string]justification.Unreached{
		"p.f": {Statements: 4, Justification: even},
		"p.g": {Statements: 2, Seldom: true, Justification: luck},
	})
}

var (
	even = justification.Justification{Text: "n is even", Author: "J. Roe", Date: "2026-11-25"}
	luck = justification.Justification{Text: "it takes luck", Author: "J. Roe", Date: "2026-11-25"}
)

// spec is a spec that left this.
func spec(left evidence.Spec, ids ...string) *results.Spec {
	return &results.Spec{Location: "p_test.go:7", Requirements: ids, Attempted: []evidence.Spec{left}}
}

// What is reached, accepted and neither, and who executes what.
func TestCompute(t *testing.T) {
	got, executed := compute(map[string]string{"A": "0-1,5-6", "C": "0,4"})
	if want := (structure.Counts{Statements: 11, Reached: 4, Accepted: 5, Unreached: 2}); got.Total != want {
		t.Errorf("total %+v, want %+v", got.Total, want)
	}
	want := []structure.Place{
		{File: "p.go", Lines: "14", Function: "p.f", Statements: 1, Requirements: []string{"C"}},
		{File: "p.go", Lines: "27", Function: "p.h", Statements: 1, Requirements: []string{}},
	}
	if d := cmp.Diff(want, got.Unreached, cmpopts.EquateEmpty()); d != "" {
		t.Errorf("unreached (-want +got):\n%s", d)
	}
	want = []structure.Place{
		{File: "p.go", Lines: "9-11", Function: "p.f", Statements: 3, Requirements: []string{}, Reason: even.Signed()},
		{File: "p.go", Lines: "16", Function: "p.f", Statements: 1, Requirements: []string{}, Reason: even.Signed()},
		{File: "p.go", Lines: "22", Function: "p.g", Statements: 1, Requirements: []string{}, Reason: luck.Signed()},
	}
	if d := cmp.Diff(want, got.Accepted, cmpopts.EquateEmpty()); d != "" {
		t.Errorf("accepted (-want +got):\n%s", d)
	}
	if d := cmp.Diff([]string{"B"}, got.Idle); d != "" {
		t.Errorf("idle (-want +got):\n%s", d)
	}
	if d := cmp.Diff(map[string]*structure.Executed{
		"A": {Statements: 4, Files: []structure.Part{{File: "p.go", Lines: "4-6,16-17", Functions: []string{"p.f"}}}},
		"C": {Statements: 2, Files: []structure.Part{{File: "p.go", Lines: "4,14", Functions: []string{"p.f"}}}},
	}, executed); d != "" {
		t.Errorf("executed (-want +got):\n%s", d)
	}
	if d := cmp.Diff([]string{"A", "C"}, got.Functions[0].Requirements); d != "" || got.Functions[0].Line != 3 {
		t.Errorf("p.f, line %d, is executed by (-want +got):\n%s", got.Functions[0].Line, d)
	}
}

// What was executed while several specs ran is reached by none of them alone, and
// accepted neither. A file that no process contained does not count, but its blocks
// have their numbers.
func TestSharedAndNotBuilt(t *testing.T) {
	code := &evidence.Structure{Files: []evidence.SourceFile{
		{Name: "other.go", NotBuilt: true, Functions: []evidence.Function{{Name: "p.other", Blocks: []evidence.Block{{1, 1, 2, 1, 3}}}}},
		{Name: "p.go", Functions: []evidence.Function{{Name: "p.f", Blocks: []evidence.Block{{1, 1, 2, 1, 3}, {2, 1, 3, 1, 1}}}}},
	}}
	requirements := []structure.Requirement{{ID: "A", Passed: true}, {ID: "B", Passed: true}}
	got, executed := structure.Compute(code, requirements, []*results.Spec{
		spec(evidence.Spec{Executed: "1", Shared: "2"}, "A"), spec(evidence.Spec{Shared: "1-2"}, "B"),
	}, map[string]justification.Unreached{"p.f": {Statements: 1, Justification: luck}})
	if want := (structure.Counts{Statements: 4, Reached: 3, Unreached: 1}); got.Total != want || len(got.Files) != 1 {
		t.Errorf("total %+v of %d files, want %+v of one", got.Total, len(got.Files), want)
	}
	want := []structure.Place{{File: "p.go", Lines: "2-3", Function: "p.f", Statements: 1, Shared: []string{"A", "B"}}}
	if d := cmp.Diff(want, got.Unreached, cmpopts.EquateEmpty()); d != "" {
		t.Errorf("unreached (-want +got):\n%s", d)
	}
	if executed["B"] != nil || len(got.Idle) > 0 {
		t.Errorf("B reaches %+v alone; idle: %q", executed["B"], got.Idle)
	}
}

// An acceptance covers at most as many statements as it says. Where fewer are
// unreached it is stale, unless only some runs reach them.
func TestAcceptance(t *testing.T) {
	for name, test := range map[string]struct {
		executed string // by A, which passed
		accepted int
		stale    []string
	}{
		"as accepted":    {"0-1,4-6", 5, nil}, // n++, if, n-- and return n
		"fewer":          {"0-6", 2, []string{"p.f: 4 accepted, 1 unreached"}},
		"more":           {"0", 1, nil},
		"all is reached": {"0-8", 0, []string{"p.f: 4 accepted, 0 unreached"}},
	} {
		got, _ := compute(map[string]string{"A": test.executed})
		if d := cmp.Diff(test.stale, got.Stale); d != "" || got.Total.Accepted != test.accepted {
			t.Errorf("%s: %d accepted, want %d; stale (-want +got):\n%s", name, got.Total.Accepted, test.accepted, d)
		}
	}
	got, _ := structure.Compute(&evidence.Structure{Files: []evidence.SourceFile{{Name: "p.go", Functions: blocks}}},
		nil, nil, map[string]justification.Unreached{"p.none": {Statements: 1}})
	if d := cmp.Diff([]string{"p.none: no such function"}, got.Stale); d != "" {
		t.Errorf("stale (-want +got):\n%s", d)
	}
}

// The source view holds every line once, and says of each what holds.
func TestView(t *testing.T) {
	got, _ := compute(map[string]string{"A": "0-1,5-6", "C": "0,4"})
	want := map[int]structure.State{
		1: "", 3: "", 4: structure.Reached, 6: structure.Reached, 8: structure.Accepted, 9: structure.Accepted, 11: structure.Accepted,
		14: structure.Unreached, 16: structure.Partly, 17: structure.Reached, 19: "", 22: structure.Accepted, 27: structure.Unreached,
	}
	states, lines := map[int]structure.State{}, []string{}
	for _, s := range got.Files[0].Segments {
		if s.First != len(lines)+1 {
			t.Errorf("a segment begins at line %d, after %d lines", s.First, len(lines))
		}
		for range s.Lines {
			states[len(states)+1] = s.State
		}
		lines = append(lines, s.Lines...)
	}
	if d := cmp.Diff(strings.TrimSuffix(text, "\n"), strings.Join(lines, "\n")); d != "" {
		t.Errorf("lines (-want +got):\n%s", d)
	}
	for line, state := range want {
		if states[line] != state {
			t.Errorf("line %d is %q, want %q", line, states[line], state)
		}
	}
}

// Where nothing was collected, or what was cannot be right, the reason is said.
func TestNotCollected(t *testing.T) {
	requirements := []structure.Requirement{{ID: "A", Passed: true}}
	code := &evidence.Structure{Files: []evidence.SourceFile{{Name: "p.go", Functions: blocks}}}
	executes := func(blocks string) []*results.Spec {
		return []*results.Spec{spec(evidence.Spec{Executed: blocks}, "A")}
	}
	for name, tt := range map[string]struct {
		code  *evidence.Structure
		specs []*results.Spec
		want  string
	}{
		"nothing watched":    {nil, nil, "did not collect"},
		"nothing to collect": {&evidence.Structure{Missing: "no luck"}, nil, "no luck"},
		"no code":            {&evidence.Structure{}, nil, "no statement is counted"},
		"out of range":       {code, executes("3,9-10"), "p_test.go:7"},
		"backwards":          {code, executes("4-3"), "p_test.go:7"},
		"no number":          {code, executes("1,x"), "p_test.go:7"},
	} {
		got, executed := structure.Compute(tt.code, requirements, tt.specs, nil)
		if got.Collected || !strings.Contains(got.Reason, tt.want) || executed != nil || got.Total != (structure.Counts{}) {
			t.Errorf("%s: %+v, %v; want a reason with %q", name, got, executed, tt.want)
		}
	}
}

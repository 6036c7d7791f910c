package reports_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/results"
)

// runOf is a run on a launched server.
func runOf(name string, change ...func(*evidence.Run)) evidence.Run {
	run := evidence.Run{Type: "dev", ID: "1", Target: evidence.Target{Kind: "launched", Name: name}}
	for _, c := range change {
		c(&run)
	}
	return run
}

// Verdicts of different targets are never taken together, whatever the order
// in which their results come, and also where one file holds them all.
func TestTargetsSideBySide(t *testing.T) {
	file := requirements("A B C")
	good := withRun(recorded(passing("A B"), passing("C", at(11))), runOf("good"))
	bad := withRun(recorded(it("A B", left("!A B")), passing("C", at(11))), runOf("bad"))
	again := withRun(recorded(it("A B", left("A !B")), passing("C", at(11))), runOf("bad"))
	for name, given := range map[string][]*results.Results{
		"file by file": {parsed(t, good), parsed(t, bad), parsed(t, again)},
		"mixed":        {parsed(t, good), parsed(t, bad, again)},
		"in one file":  {parsed(t, good, bad), parsed(t, again)},
	} {
		targets := reports.ByTarget(given)
		if len(targets) != 2 {
			t.Fatalf("%s: %d targets, want 2", name, len(targets))
		}
		c := reports.Compare(file, targets, reports.Options{})
		if c.ExitCode != reports.ExitFailed || c.Targets[0].ExitCode != 0 || c.Targets[1].ExitCode != reports.ExitFailed {
			t.Errorf("%s: exit codes %d, %d of all %d", name, c.Targets[0].ExitCode, c.Targets[1].ExitCode, c.ExitCode)
		}
		want := [][]reports.Verdict{{reports.Pass, reports.Fail}, {reports.Pass, reports.Fail}, {reports.Pass, reports.Pass}}
		for i, r := range c.Requirements {
			if !slices.Equal(r.Verdicts, want[i]) {
				t.Errorf("%s: %s is %q, want %q", name, r.ID, r.Verdicts, want[i])
			}
		}
		if !strings.HasSuffix(c.Conclusion[0], "2 requirements have different ones: A, B.") {
			t.Errorf("%s: %q", name, c.Conclusion)
		}
	}
}

// One target, or suites that do not say what they verified, are one column:
// no comparison.
func TestOneTarget(t *testing.T) {
	plain := func() *results.Results { return parsed(t, recorded(passing("A"))) }
	for name, given := range map[string][]*results.Results{
		"none":             nil,
		"twice the same":   {parsed(t, withRun(recorded(passing("A")), runOf("x"))), parsed(t, withRun(recorded(passing("A")), runOf("x")))},
		"not stated":       {plain(), plain()},
		"one not stated":   {plain(), parsed(t, withRun(recorded(passing("A")), runOf("x")))},
		"in other suites":  {parsed(t, recorded(passing("A")), recorded(passing("A")))},
		"stated beside it": {parsed(t, recorded(passing("A")), withRun(recorded(passing("A")), runOf("x")))},
	} {
		if got := reports.ByTarget(given); len(got) != 1 {
			t.Errorf("%s: %d targets", name, len(got))
		}
	}
}

// What was recorded by hand goes with the target that it names, or with the
// only one if it names none.
func TestRecordedByHand(t *testing.T) {
	of := func(target evidence.Target) *results.Results {
		return parsed(t, withRun(recorded(passing("A")), evidence.Run{Type: "dev", Target: target}))
	}
	x := evidence.Target{Kind: "launched", Name: "x", Command: "./x {addr}"}
	y := evidence.Target{Kind: "launched", Name: "y"}
	for _, c := range []struct {
		targets []evidence.Target
		want    int
	}{
		{[]evidence.Target{{Kind: "manual", Name: "manual protocols"}, x}, 1},
		{[]evidence.Target{{Kind: "by hand", Name: "x"}, x}, 1},
		{[]evidence.Target{x, {Kind: "by hand", Name: "x"}, y}, 2},
		{[]evidence.Target{x, {Kind: "by hand", Name: "x", Version: "2"}}, 1},
		{[]evidence.Target{x, {Kind: "by hand", Name: "z"}}, 2},
		{[]evidence.Target{x, {Kind: "manual", Name: "manual protocols"}, y}, 3},
	} {
		var given []*results.Results
		for _, target := range c.targets {
			given = append(given, of(target))
		}
		if got := reports.ByTarget(given); len(got) != c.want {
			t.Errorf("%+v: %d targets, want %d", c.targets, len(got), c.want)
		}
	}
}

// What makes it another target.
func TestOtherTargets(t *testing.T) {
	for name, change := range map[string]func(*evidence.Run){
		"program": func(r *evidence.Run) { r.Target.SHA256 = "ab" },
		"address": func(r *evidence.Run) { r.Target.Address = "127.0.0.1:1" },
		"command": func(r *evidence.Run) { r.Target.Command = "y" },
		"kind":    func(r *evidence.Run) { r.Target.Kind = "address" },
	} {
		given := []*results.Results{
			parsed(t, withRun(recorded(passing("A")), runOf("x"))),
			parsed(t, withRun(recorded(passing("A")), runOf("x", change, func(r *evidence.Run) { r.ID = "2" }))),
		}
		c := reports.Compare(requirements("A"), reports.ByTarget(given), reports.Options{})
		if len(c.Targets) != 2 || c.Targets[0].Title == c.Targets[1].Title {
			t.Errorf("%s: %d targets: %+v", name, len(c.Targets), c.Targets)
		}
	}
}

// Build refuses what must not be taken together.
func TestMixedTargets(t *testing.T) {
	m := reports.Build(requirements("A"), []*results.Results{
		parsed(t, withRun(recorded(passing("A")), runOf("x"))), parsed(t, withRun(recorded(passing("A")), runOf("y"))),
	}, reports.Options{})
	if m.ExitCode != reports.ExitNothing || !strings.Contains(strings.Join(problems(m), "\n"), "of 2 targets") {
		t.Errorf("exit code %d, problems %q", m.ExitCode, m.Problems)
	}
}

// The exit code of a comparison is the worst, in the order 2, 3, 1, 4, 0.
func TestExitCodeOfComparison(t *testing.T) {
	file := requirements("A B")
	whole := recorded(passing("A B"))
	fails := recorded(it("A B", left("!A B")))
	half := recorded(passing("A"))
	unknown := recorded(passing("A B X"))
	away := func(r *evidence.Run) { r.Unreachable = "nobody listens" }
	of := map[int]*results.Results{
		0: parsed(t, withRun(whole, runOf("0"))),
		1: parsed(t, withRun(fails, runOf("1"))),
		2: parsed(t, withRun(unknown, runOf("2"))),
		3: parsed(t, withRun(recorded(it("A B", unstarted(""))), runOf("3", away))),
		4: parsed(t, withRun(half, runOf("4"))),
	}
	order := []int{2, 3, 1, 4, 0}
	for i, worse := range order {
		for _, better := range order[i+1:] {
			c := reports.Compare(file, reports.ByTarget([]*results.Results{of[better], of[worse]}), reports.Options{})
			if c.ExitCode != worse || c.Targets[0].ExitCode != better || c.Targets[1].ExitCode != worse {
				t.Errorf("%d and %d give %d (%d and %d)", better, worse, c.ExitCode, c.Targets[0].ExitCode, c.Targets[1].ExitCode)
			}
		}
	}
}

// A target that cannot show a requirement does not differ in it; one whose
// results name an id that the others don't has a row for it.
func TestRowsOfComparison(t *testing.T) {
	file := requirements("A/stop B")
	wire := runOf("wire", func(r *evidence.Run) { r.Shows = []string{"wire"} })
	c := reports.Compare(file, reports.ByTarget([]*results.Results{
		parsed(t, withRun(recorded(it("A", observe("stop"), unstarted("")), passing("B", at(11))), wire)),
		parsed(t, withRun(recorded(passing("A", observe("stop")), passing("B X", at(11))), runOf("all"))),
	}), reports.Options{})
	want := [][]reports.Verdict{{reports.NotObservable, reports.Pass}, {reports.Pass, reports.Pass}, {"", reports.Invalid}}
	for i, r := range c.Requirements {
		if !slices.Equal(r.Verdicts, want[i]) || r.Differs {
			t.Errorf("%s: %q, differs: %t", r.ID, r.Verdicts, r.Differs)
		}
	}
	if len(c.Requirements) != 3 || c.Requirements[2].ID != "X" {
		t.Errorf("rows: %+v", c.Requirements)
	}
}

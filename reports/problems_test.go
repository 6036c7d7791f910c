package reports_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/onsi/ginkgo/v2/types"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/results"
	"github.com/socket-oneline/oneline/reports/srs"
)

// TestProblems has a case for each mistake of a suite that keeps anything from
// being concluded. Each is one line that names the place.
func TestProblems(t *testing.T) {
	one := requirements("A")
	for _, c := range []struct {
		name  string
		file  *srs.File
		suite types.Report
		want  []string
	}{
		{"no id", one, recorded(passing("A"), it("", at(20))), []string{
			`ver/add.go:20: the spec "spec of line 20" names no requirement: add trace.Req`,
		}},
		{"no id, and filtered out", one, recorded(passing("A"), it("", at(20), filteredOut())), []string{
			`ver/add.go:20: the spec "spec of line 20" names no requirement: add trace.Req`,
		}},
		{"unknown id", one, recorded(passing("A"), it("B", at(20), filteredOut())), []string{
			`ver/add.go:20: the spec "spec of line 20" names B, which no requirement in srs.json has: correct the id or add the requirement`,
		}},
		{"retired id", retired(requirements("A B"), "B"), recorded(passing("A B")), []string{
			`ver/add.go:10: the spec "adds" names B, which is retired: remove the id`,
		}},
		{"retired id that needed something", retired(requirements("A B/wire"), "B"), recorded(passing("A B")), []string{
			`ver/add.go:10: the spec "adds" names B, which is retired: remove the id`,
		}},
		{"fault of a spec", one, recorded(it("A", left("A", func(e *evidence.Spec) {
			e.Faults = []string{"ver/add.go:12: trace.Verify after the end of its spec"}
		}))), []string{
			"ver/add.go:12: trace.Verify after the end of its spec",
		}},
		{"fault of the run", one, withRun(recorded(passing("A")), evidence.Run{Faults: []string{"ver/x.go:3: trace.Step outside of a trace.Protocol"}}), []string{
			"ver/x.go:3: trace.Step outside of a trace.Protocol",
		}},
		{"two runs", one, withRun(withRun(recorded(passing("A")), at127()), at127()), []string{
			`it holds the evidence of 2 runs: call trace.Record once (suite calculator)`,
		}},
		{"evidence twice", one, recorded(it("A", left("A"), left("A", func(e *evidence.Spec) { e.Attempt = 1 }))), []string{
			`ver/add.go:10: the spec "adds" left evidence twice in attempt 1: let one harness record it`,
		}},
		{"a verification of another requirement", requirements("A B"), recorded(it("A", left("A B")), passing("B", at(20))), []string{
			`ver/add.go:12: a verification names B, which the spec "adds" (ver/add.go:10) is not labelled with: add it to trace.Req`,
		}},
		{"a verification of another requirement, told by the harness", requirements("A B"), recorded(it("A", left("A B", func(e *evidence.Spec) {
			e.Faults = []string{"ver/add.go:12: trace.Verify names B, which the spec is not labelled with"}
		}))), []string{
			"ver/add.go:12: trace.Verify names B, which the spec is not labelled with",
		}},
		{"a verification of nothing", one, recorded(it("A", left("A", func(e *evidence.Spec) {
			e.Verifications = append(e.Verifications, evidence.Verification{Location: "ver/add.go:13"})
		}))), []string{
			`ver/add.go:13: a verification of the spec "adds" (ver/add.go:10) names no requirement: name those that are meant`,
		}},
		{"not observable, but verified", one, recorded(passing("A"), it("A", at(20), state(types.SpecStateSkipped, ""), left("!A", func(e *evidence.Spec) { e.NotObservable = "needs -client" }))), []string{
			`ver/add.go:20: the spec "spec of line 20" verified something or failed, though the target cannot show it (needs -client): call trace.NotObservable before anything else`,
		}},
		{"not observable, but failed", one, recorded(it("A", state(types.SpecStateFailed, "no"), left("", func(e *evidence.Spec) { e.NotObservable = "needs -client" }))), []string{
			`ver/add.go:10: the spec "adds" verified something or failed, though the target cannot show it (needs -client): call trace.NotObservable before anything else`,
		}},
		{"not observable, but its target died", one, recorded(it("A", state(types.SpecStateSkipped, "no"), left("", func(e *evidence.Spec) {
			e.NotObservable, e.DeadTarget = "needs -client", "gone"
		}))), []string{
			`ver/add.go:10: the spec "adds" verified something or failed, though the target cannot show it (needs -client): call trace.NotObservable before anything else`,
		}},
		{"its target does not show it, but verified", one, withRun(recorded(passing("A", observe("stop"))), at127()), []string{
			`ver/add.go:10: the spec "adds" verified something or failed, though the target cannot show it (needs -shutdown): call trace.NotObservable before anything else`,
		}},
		{"its target does not show it, but failed", one, withRun(recorded(it("A", observe("stop"), state(types.SpecStateFailed, "no"))), at127()), []string{
			`/src/calc/ver/add.go:10: the spec "adds" verified something or failed, though the target cannot show it (needs -shutdown): call trace.NotObservable before anything else`,
		}},
		{"one id for two protocols", one, recorded(passing("A"), passing("A", at(40), protocol("TP-001", 30)), passing("A", at(41), protocol("TP-001", 30))), []string{
			"ver/add.go:30: the protocol TP-001 is already at ver/add.go:5: give one of them another id",
		}},
		{"a protocol in a protocol", one, recorded(passing("A", func(s *types.SpecReport) {
			s.ContainerHierarchyLabels = append(s.ContainerHierarchyLabels, []string{"protocol:TP-002"})
			s.ContainerHierarchyTexts = append(s.ContainerHierarchyTexts, "of more than two")
			s.ContainerHierarchyLocations = append(s.ContainerHierarchyLocations, types.CodeLocation{FileName: suiteFolder + "/add.go", LineNumber: 7})
		})), []string{
			`ver/add.go:10: the spec "adds" is in several protocols (TP-001, TP-002): put none into another`,
		}},
		{"observed otherwise", requirements("A/wire,stop"), recorded(passing("A", observe("wire")), passing("A", at(20), observe("wire", "api"))), []string{
			"ver/add.go:10, ver/add.go:20: A is observed by stop, wire in srs.json, but by api, wire in its specs: make them agree",
		}},
		{"observed by nothing", requirements("A/wire"), recorded(passing("A"), passing("A", at(12)), passing("A", at(13)), passing("A", at(14)), passing("A", at(15)), passing("A", at(16)), passing("A", at(17))), []string{
			"ver/add.go:10, ver/add.go:12, ver/add.go:13, ver/add.go:14, ver/add.go:15, and 2 more: A is observed by wire in srs.json, but by nothing in particular in its specs: make them agree",
		}},
		{"the suite's own node failed", one, recorded(passing("A"), types.SpecReport{
			LeafNodeType: types.NodeTypeAfterSuite, State: types.SpecStateFailed,
			LeafNodeLocation: types.CodeLocation{FileName: suiteFolder + "/suite.go", LineNumber: 3},
			Failure:          types.Failure{Message: "left a goroutine\nbehind"},
		}), []string{
			"ver/suite.go:3: AfterSuite failed: left a goroutine behind",
		}},
		{"the suite's own node failed, who knows where", one, recorded(types.SpecReport{LeafNodeType: types.NodeTypeBeforeSuite, State: types.SpecStatePanicked}), []string{
			"BeforeSuite panicked: no reason given (suite calculator)",
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := reports.Build(c.file, []*results.Results{parsed(t, c.suite)}, reports.Options{})
			if !slices.Equal(problems(m), c.want) {
				t.Errorf("problems:\n%s\nwant:\n%s", strings.Join(problems(m), "\n"), strings.Join(c.want, "\n"))
			}
			if m.ExitCode != reports.ExitNothing {
				t.Errorf("exit code %d, want %d", m.ExitCode, reports.ExitNothing)
			}
			if text := strings.Join(m.Conclusion, "\n"); !strings.Contains(text, "Nothing can be concluded, because of") || !strings.Contains(text, c.want[0]) {
				t.Errorf("conclusion:\n%s", text)
			}
		})
	}
}

// TestNoProblems has what looks like a mistake and is none.
func TestNoProblems(t *testing.T) {
	node := func(s types.SpecState, message string) types.SpecReport {
		return types.SpecReport{LeafNodeType: types.NodeTypeAfterSuite, State: s, Failure: types.Failure{Message: message}}
	}
	for name, c := range map[string]struct {
		file  *srs.File
		suite types.Report
	}{
		"specs agree together":             {requirements("A/wire,api"), recorded(passing("A", observe("wire")), passing("A", at(20), observe("api")))},
		"only its specs say":               {requirements("A"), recorded(passing("A", observe("wire")))},
		"no spec":                          {requirements("A B/wire"), recorded(passing("A"))},
		"a protocol in several places":     {requirements("A"), recorded(passing("A"), passing("A", at(20)))},
		"an interrupted cleanup":           {requirements("A"), recorded(passing("A"), node(types.SpecStateInterrupted, ""))},
		"a skipped suite":                  {requirements("A"), recorded(passing("A"), node(types.SpecStateSkipped, "no"))},
		"the time of the suite":            {requirements("A"), recorded(passing("A"), node(types.SpecStateTimedout, "A suite timeout occurred"))},
		"its protocol is in evidence only": {requirements("A"), recorded(passing("A"), passing("A", at(20), func(s *types.SpecReport) { s.ContainerHierarchyLabels = nil }))},
		"no protocol":                      {requirements("A"), recorded(passing("A", func(s *types.SpecReport) { s.ContainerHierarchyLabels = nil }))},
	} {
		t.Run(name, func(t *testing.T) {
			m := reports.Build(c.file, []*results.Results{parsed(t, c.suite)}, reports.Options{})
			if len(m.Problems) > 0 {
				t.Errorf("problems: %q", m.Problems)
			}
			if row(t, m, "A").Verdict != reports.Pass {
				t.Errorf("A: %s", row(t, m, "A").Verdict)
			}
		})
	}
}

// A mistake is not listed as often as it is met, and the conclusion does not
// list them all again.
func TestProblemsAreListedOnce(t *testing.T) {
	fault := func(e *evidence.Spec) { e.Faults = []string{"ver/add.go:1: leak"} }
	m := built(t, requirements("A"), it("A", left("A", fault)), it("A", at(20), left("A", fault)))
	if len(m.Problems) != 1 {
		t.Errorf("problems: %q", m.Problems)
	}
	m = built(t, requirements("A"), it("", at(1)), it("", at(2)), it("", at(3)), it("", at(4)), it("", at(5)))
	last := m.Conclusion[len(m.Conclusion)-3]
	if len(m.Problems) != 5 || !strings.HasSuffix(last, "; and 2 more.") {
		t.Errorf("%d problems, concluded %q", len(m.Problems), last)
	}
}

// Nothing to judge, or nothing to judge it by, is no success.
func TestProblemsOfTheCall(t *testing.T) {
	m := reports.Build(requirements("A"), nil, reports.Options{})
	if m.ExitCode != reports.ExitNothing || !strings.Contains(problems(m)[0], "there are no results") {
		t.Errorf("without results: exit code %d, %q", m.ExitCode, m.Problems)
	}
	m = reports.Build(requirements("A"), []*results.Results{parsed(t, recorded(passing("A")))}, reports.Options{Level: "rul"})
	if m.ExitCode != reports.ExitNothing || !slices.Contains(problems(m), "no requirement in srs.json is of level rul: correct the level") {
		t.Errorf("unknown level: exit code %d, %q", m.ExitCode, m.Problems)
	}
}

// INVALID rows stand for ids that specs name and must not. They are no
// requirements.
func TestInvalid(t *testing.T) {
	m := built(t, retired(requirements("A B"), "B"), passing("A B C"))
	b, c := row(t, m, "B"), row(t, m, "C")
	if b.Verdict != reports.Invalid || b.Reason != "retired: no spec may name it" || b.InScope {
		t.Errorf("B: %+v", b)
	}
	if c.Verdict != reports.Invalid || c.Reason != "no requirement in srs.json has this id" || len(c.Specs) != 1 || c.Protocols[0] != "TP-001" {
		t.Errorf("C: %+v", c)
	}
	if s := m.Summary; s.Requirements != 1 || s.Retired != 1 || s.Invalid != 2 || s.Pass != 1 {
		t.Errorf("summary %+v", s)
	}
}

func retired(f *srs.File, id string) *srs.File {
	for i := range f.Requirements {
		f.Requirements[i].Retired = f.Requirements[i].Retired || f.Requirements[i].ID == id
	}
	return f
}

// A problem names its suite, once.
func TestProblemNamesItsSuite(t *testing.T) {
	for want, p := range map[string]reports.Problem{
		"a leak (suite pump)":                      {Suite: "pump", Text: "a leak"},
		`a.xml:3: the suite "pump" claims 2 tests`: {Suite: "pump", Place: "a.xml:3", Text: `the suite "pump" claims 2 tests`},
	} {
		if p.String() != want {
			t.Errorf("%q, want %q", p, want)
		}
	}
}

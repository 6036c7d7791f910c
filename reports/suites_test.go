package reports_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/onsi/ginkgo/v2/types"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/results"
)

// ids are those of all specs of a model, by title.
func idsOf(m *reports.Model) map[string][]string {
	ids := make(map[string][]string)
	for _, p := range m.Protocols {
		for _, s := range p.Specs {
			ids[s.Title] = append(ids[s.Title], s.ID)
		}
	}
	return ids
}

// A spec keeps its id when others are added, and everything refers to specs by it.
func TestIDsOfSpecs(t *testing.T) {
	file := requirements("A")
	few := reports.Build(file, []*results.Results{parsed(t, recorded(passing("A", at(20)), passing("A", at(40))))}, reports.Options{})
	many := reports.Build(file, []*results.Results{parsed(t, recorded(
		passing("A", at(10)), passing("A", at(20)), passing("A", at(30)), passing("A", at(40)), passing("A", at(40))))}, reports.Options{})
	old, now := idsOf(few), idsOf(many)
	for title, ids := range old {
		if !slices.Contains(now[title], ids[0]) || !strings.HasPrefix(ids[0], "TP-001.") {
			t.Errorf("the id of %q was %q and is %q", title, ids, now[title])
		}
	}
	seen := make(map[string]bool)
	for _, s := range row(t, many, "A").Specs {
		if seen[s.ID] || !slices.Contains(now[s.Spec], s.ID) {
			t.Errorf("%s (%s) is named twice, or is no spec's", s.ID, s.Spec)
		}
		seen[s.ID] = true
	}
	if len(seen) != 5 {
		t.Errorf("%d ids, want 5", len(seen))
	}
}

// So many specs of one protocol that short ids would collide have different ids.
func TestIDsDoNotCollide(t *testing.T) {
	suite := results.Suite{Path: "calc"}
	for range 3000 {
		suite.Specs = append(suite.Specs, results.Spec{Title: "adds", Identity: results.NewIdentity("calc", evidence.Protocol{}, nil, "adds")})
	}
	results.Number(suite.Specs)
	m := reports.Build(requirements("A"), []*results.Results{{Suites: []results.Suite{suite}}}, reports.Options{})
	ids := idsOf(m)["adds"]
	slices.Sort(ids)
	if all := len(ids); len(slices.Compact(ids)) != all || all != 3000 || !strings.HasPrefix(ids[0], "calc.") {
		t.Errorf("%d of %d ids differ; the first is %s", len(slices.Compact(ids)), all, ids[0])
	}
}

// The same title in two containers is two specs, each with its own results.
func TestContainers(t *testing.T) {
	in := func(container string) option {
		return func(s *types.SpecReport) {
			s.ContainerHierarchyTexts = append(s.ContainerHierarchyTexts, container)
			s.ContainerHierarchyLocations = append(s.ContainerHierarchyLocations, types.CodeLocation{})
			s.ContainerHierarchyLabels = append(s.ContainerHierarchyLabels, nil)
		}
	}
	m := built(t, requirements("A"), passing("A", in("battery full")), it("A", in("battery empty"), left("!A")))
	specs := m.Protocols[0].Specs
	if len(specs) != 2 || specs[0].ID == specs[1].ID || specs[0].Containers[0] == specs[1].Containers[0] {
		t.Errorf("%+v", specs)
	}
}

// Evidence that was recorded for another text of a requirement is none.
func TestOtherText(t *testing.T) {
	now := requirements("A B")
	before := requirements("A B")
	before.SHA256 = "old"
	before.Requirements[1].Desc = "It shall not."
	run := at127()
	run.Shows = nil
	run.SRS = evidence.File{Name: "srs.json", SHA256: "old"}
	for name, c := range map[string]struct {
		demands map[string]string
		a, b    reports.Verdict
		reason  string
	}{
		"the texts are known":     {before.Demands(), reports.Pass, reports.NotTested, "no evidence: recorded for another text of the requirement"},
		"the texts are not known": {nil, reports.NotTested, reports.NotTested, "no evidence: recorded for other requirements, SHA-256 old"},
		"the texts are the same":  {now.Demands(), reports.Pass, reports.Pass, ""},
	} {
		run.Demands = c.demands
		m := reports.Build(now, []*results.Results{parsed(t, withRun(recorded(passing("A B")), run))}, reports.Options{})
		if a, b := row(t, m, "A"), row(t, m, "B"); a.Verdict != c.a || b.Verdict != c.b || b.Reason != c.reason {
			t.Errorf("%s: A %s, B %s (%s)", name, a.Verdict, b.Verdict, b.Reason)
		}
		if m.Run.RecordedSRS == nil || m.Run.RecordedSRS.SHA256 != "old" || m.Run.SRS.SHA256 != now.SHA256 {
			t.Errorf("%s: the run names %+v and %+v", name, m.Run.RecordedSRS, m.Run.SRS)
		}
	}
	// What failed against another text says nothing of this one either.
	run.Demands = before.Demands()
	m := reports.Build(now, []*results.Results{parsed(t, withRun(recorded(it("B", left("!B"))), run))}, reports.Options{})
	if b := row(t, m, "B"); b.Verdict != reports.NotTested || m.ExitCode != reports.ExitIncomplete {
		t.Errorf("B %s, exit code %d", b.Verdict, m.ExitCode)
	}
}

// What a setup verifies is evidence only for a spec whose body verifies too.
func TestSetupsAlone(t *testing.T) {
	before := func(e *evidence.Spec) { e.Verifications[0].Node = "BeforeEach" }
	for name, c := range map[string]struct {
		spec   option
		want   reports.Verdict
		reason string
	}{
		"only the setup":         {left("A", before), reports.NotTested, "no evidence: only its BeforeEach verified"},
		"the setup and the body": {left("A A", before), reports.Pass, ""},
		"the setup failed":       {left("!A", before), reports.Fail, "the verification failed"},
	} {
		m := built(t, requirements("A"), it("A", c.spec))
		if a := row(t, m, "A"); a.Verdict != c.want || a.Reason != c.reason {
			t.Errorf("%s: %s (%s)", name, a.Verdict, a.Reason)
		}
	}
}

func TestGivenTwice(t *testing.T) {
	one := parsed(t, recorded(passing("A")))
	two := parsed(t, recorded(passing("A")))
	one.Name, two.Name = "a.json", "b.json"
	one.SHA256, two.SHA256 = "aa", "aa"
	m := reports.Build(requirements("A"), []*results.Results{one, two}, reports.Options{})
	if m.Summary.Verifications.Passed != 1 || !slices.Equal(m.Run.Notes, []string{"b.json holds the same as a.json, and counts once"}) {
		t.Errorf("%d verifications, %q", m.Summary.Verifications.Passed, m.Run.Notes)
	}
	two.SHA256 = "bb"
	m = reports.Build(requirements("A"), []*results.Results{one, two}, reports.Options{})
	if m.Summary.Verifications.Passed != 2 || strings.Contains(strings.Join(m.Run.Notes, "\n"), "counts once") {
		t.Errorf("%d verifications, %q", m.Summary.Verifications.Passed, m.Run.Notes)
	}
}

// What belongs to a suite names it where there are several.
func TestSuitesAreNamed(t *testing.T) {
	calc, conv := recorded(passing("A")), recorded(passing("A"))
	calc.SpecialSuiteFailureReasons = []string{"Suite did not run because prior suites failed"}
	conv.SuitePath, conv.SuiteDescription = "/src/calc/conv", "converter"
	conv.SpecialSuiteFailureReasons = []string{"Failed to compile conv:\n\n./x.go:3:1: syntax error"}
	m := reports.Build(requirements("A"), []*results.Results{parsed(t, calc, conv)}, reports.Options{})
	if want := []string{"conv/x.go:3: the suite was not built: syntax error (suite converter)"}; !slices.Equal(problems(m), want) {
		t.Errorf("problems: %q", problems(m))
	}
	if want := []reports.Problem{{Suite: "calculator", Text: "Ginkgo says of the suite: Suite did not run because prior suites failed"}}; !slices.Equal(m.Incomplete, want) {
		t.Errorf("incomplete: %+v", m.Incomplete)
	}
	if m.Run.Target.Name != "calculator, converter" || strings.Contains(strings.Join(m.Run.Notes, "\n"), "targets") || m.ExitCode != reports.ExitNothing {
		t.Errorf("target %q, notes %q, exit code %d", m.Run.Target.Name, m.Run.Notes, m.ExitCode)
	}
}

func TestIDsThatAreHardToSee(t *testing.T) {
	spec := it("A")
	spec.LeafNodeLabels = append(spec.LeafNodeLabels, "req:", "req:A\u200b")
	m := built(t, requirements("A"), spec)
	want := []string{`names "", which no`, `names "A\u200b", which no`}
	for i, w := range want {
		if got := problems(m); len(got) != len(want) || !strings.Contains(got[i], w) {
			t.Errorf("problems %q", got)
		}
	}
}

package reports_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/onsi/ginkgo/v2/types"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/results"
)

// What specs say, for the table of verdicts.
var (
	passed      = left("A")
	failed      = left("!A")
	noEvidence  = left("")
	notShown    = left("", func(e *evidence.Spec) { e.NotObservable, e.Completed = "needs -shutdown", false })
	needsEcho   = left("", func(e *evidence.Spec) { e.NotObservable, e.Completed = `needs "echo" in the profile`, false })
	notShownToo = left("", func(e *evidence.Spec) { e.NotObservable, e.Completed = "the profile has no echo", false })
	blockedBy   = left("", func(e *evidence.Spec) { e.Blocked, e.Completed = "no pong", false })
)

// TestVerdicts has the table of verdicts: what the specs of a requirement say
// together.
func TestVerdicts(t *testing.T) {
	for _, c := range []struct {
		name    string
		specs   []option
		want    reports.Verdict
		reason  string
		inScope bool
		exit    int
	}{
		{"no spec", nil, reports.NotTested, "no spec", true, reports.ExitIncomplete},
		{"passed", []option{passed}, reports.Pass, "", true, reports.ExitPassed},
		{"all passed", []option{passed, passed}, reports.Pass, "", true, reports.ExitPassed},
		{"failed", []option{failed}, reports.Fail, "the verification failed", true, reports.ExitFailed},
		{"one of two failed", []option{passed, failed}, reports.Fail, "1 of 2 specs: the verification failed", true, reports.ExitFailed},
		{"failed and blocked", []option{failed, blockedBy}, reports.Fail, "1 of 2 specs: the verification failed", true, reports.ExitFailed},
		{"failed and not observable", []option{failed, notShown}, reports.Fail, "1 of 2 specs: the verification failed", true, reports.ExitFailed},
		{"passed and blocked", []option{passed, blockedBy}, reports.Partial, "1 of 2 specs passed; blocked: no pong", true, reports.ExitIncomplete},
		{"passed and skipped", []option{passed, filteredOut()}, reports.Partial, "1 of 2 specs passed; skipped", true, reports.ExitIncomplete},
		{"passed and without evidence", []option{passed, noEvidence}, reports.Partial, "1 of 2 specs passed; no evidence", true, reports.ExitIncomplete},
		{"passed, blocked and not observable", []option{passed, blockedBy, notShown}, reports.Partial, "1 of 3 specs passed; blocked: no pong", true, reports.ExitIncomplete},
		{"passed and one not observable", []option{passed, passed, notShown}, reports.Pass, "2 of 3 specs: the other needs -shutdown", true, reports.ExitPassed},
		{"passed and more not observable", []option{passed, notShown, notShown}, reports.Pass, "1 of 3 specs: the others need -shutdown", true, reports.ExitPassed},
		{"passed and the profile lacks one", []option{passed, notShownToo}, reports.Pass, "1 of 2 specs: the other is not observable: the profile has no echo", true, reports.ExitPassed},
		{"passed and the profile lacks more", []option{passed, notShownToo, notShownToo}, reports.Pass, "1 of 3 specs: the others are not observable: the profile has no echo", true, reports.ExitPassed},
		{"not observable", []option{notShown, notShownToo}, reports.NotObservable, "needs -shutdown; the profile has no echo", false, reports.ExitIncomplete},
		{"not observable, and each need is enough", []option{notShown, needsEcho}, reports.NotObservable, `needs -shutdown; or needs "echo" in the profile`, false, reports.ExitIncomplete},
		{"blocked", []option{blockedBy, blockedBy}, reports.NotTested, "blocked: no pong", true, reports.ExitIncomplete},
		{"skipped", []option{filteredOut()}, reports.NotTested, "skipped", true, reports.ExitIncomplete},
		{"no evidence", []option{noEvidence}, reports.NotTested, "no evidence", true, reports.ExitIncomplete},
		{
			"blocked and skipped and no evidence and pending",
			[]option{noEvidence, filteredOut(), blockedBy, state(types.SpecStatePending, "")},
			reports.NotTested,
			"blocked: no pong; skipped; skipped: pending; and 1 more", true, reports.ExitIncomplete,
		},
		{"skipped and not observable", []option{filteredOut(), notShown}, reports.NotTested, "skipped", true, reports.ExitIncomplete},
	} {
		t.Run(c.name, func(t *testing.T) {
			var specs []types.SpecReport
			for i, o := range c.specs {
				specs = append(specs, it("A", at(10+i), o))
			}
			m := built(t, requirements("A"), specs...)
			a := row(t, m, "A")
			if a.Verdict != c.want || a.Reason != c.reason || a.InScope != c.inScope {
				t.Errorf("%s (%s), in scope: %t; want %s (%s), %t", a.Verdict, a.Reason, a.InScope, c.want, c.reason, c.inScope)
			}
			if m.ExitCode != c.exit {
				t.Errorf("exit code %d, want %d", m.ExitCode, c.exit)
			}
			if len(c.specs) > 0 && m.Protocols[0].Verdict != c.want {
				t.Errorf("the protocol: %s, want %s", m.Protocols[0].Verdict, c.want)
			}
		})
	}
}

// A model holds all that the suite recorded of a spec, and its counts.
func TestModel(t *testing.T) {
	file := requirements("SRS-10 SRS-2")
	file.Requirements[0].Level, file.Requirements[1].Level = "rule", "settled"
	run := evidence.Run{
		Type: "formal", Target: evidence.Target{Name: "reference", Kind: "reference"}, Repeat: "oneline verify", RepeatOnly: "oneline verify -only",
		SRS: evidence.File{Name: "embedded srs.json", SHA256: file.SHA256}, Notes: []string{"a note"},
	}
	specs := []types.SpecReport{
		it("SRS-10 SRS-2", at(30), protocol("TP-10", 29), state(types.SpecStateFailed, "told"), left("SRS-10 SRS-10,SRS-2 !SRS-2")),
		passing("SRS-2", at(20), protocol("TP-9", 19), observe("wire", "api")),
		it("SRS-2", at(9), protocol("TP-9", 19), state(types.SpecStatePanicked, "Test Panicked")),
	}
	m := reports.Build(file, []*results.Results{parsed(t, withRun(recorded(specs...), run))}, reports.Options{
		Reported: evidence.Suite{Version: "v1"}, Manifest: &evidence.File{Name: "run.json"},
	})

	if got := []string{m.Requirements[0].ID, m.Requirements[1].ID, m.Protocols[0].ID, m.Protocols[1].ID}; !slices.Equal(got, []string{"SRS-2", "SRS-10", "TP-9", "TP-10"}) {
		t.Errorf("order: %q", got)
	}
	two := m.Requirements[0]
	if two.Verifications != (reports.Counts{Passed: 2, Failed: 1}) || !slices.Equal(two.Protocols, []string{"TP-9", "TP-10"}) {
		t.Errorf("SRS-2: %+v", two)
	}
	if want := (reports.SpecResult{
		ID: m.Protocols[0].Specs[1].ID, Protocol: "TP-9", Spec: "spec of line 20", Location: "ver/add.go:20", Result: reports.ResultPass, Verifications: reports.Counts{Passed: 1}, Places: 1,
	}); fmt.Sprint(two.Specs[1]) != fmt.Sprint(want) {
		t.Errorf("SRS-2's second spec: %+v", two.Specs[1])
	}
	if s := m.Summary; s.Verifications.Passed != 3 || s.Verifications.Failed != 1 || s.Specs != 3 || s.Protocols != 2 || s.ProtocolsFail != 2 ||
		!slices.Equal(s.Levels, []reports.Level{{Name: "rule", Pass: 1, InScope: 1, Total: 1}, {Name: "settled", InScope: 1, Total: 1}}) {
		t.Errorf("summary: %+v", s)
	}
	for v, want := range map[reports.Verdict]int{reports.Pass: 1, reports.Fail: 1, reports.Invalid: 0, "": 0} {
		if got := m.Summary.Count(v); got != want {
			t.Errorf("%q: %d, want %d", v, got, want)
		}
	}
	tp := m.Protocols[1]
	if tp.Desc != "addition" || tp.Objectives[0] != "sums" || tp.Specs[0].Repeat != "oneline verify -only SRS-10,SRS-2" || tp.Specs[0].Evidence == nil ||
		tp.Specs[0].Failure != "" || tp.Specs[0].Seconds != 1 || tp.Specs[0].State != "failed" || tp.Specs[0].Reason != "1 of 2 verifications failed" {
		t.Errorf("TP-10: %+v", tp)
	}
	if first := m.Protocols[0].Specs[0]; first.Location != "ver/add.go:9" || first.Failure != "" || first.FailureAt != "ver/add.go:9" || first.Evidence != nil {
		t.Errorf("the first spec of TP-9: %+v", first)
	}
	if r := m.Run; r.SRS.Name != "embedded srs.json" || r.Reported.Version != "v1" || !r.Complete || r.Type != "formal" ||
		!slices.Equal(r.Notes, []string{"a note"}) || r.Seed != 7 || !r.Started.Equal(began) || r.Ended.IsZero() {
		t.Errorf("run: %+v", r)
	}
}

// A suite that knows nothing of package trace is judged too.
func TestPlainSuite(t *testing.T) {
	m := built(t, requirements("A"), it("A", func(s *types.SpecReport) {
		s.ContainerHierarchyLabels, s.ContainerHierarchyTexts, s.ContainerHierarchyLocations = nil, nil, nil
	}))
	if r := m.Run; r.Type != "dev" || r.Target.Name != "calculator" || r.Seed != 7 || !r.Started.Equal(began) || r.SRS.Name != "srs.json" {
		t.Errorf("run: %+v", r)
	}
	if a := row(t, m, "A"); a.Verdict != reports.NotTested || a.Reason != "outcomes only: -accept outcome counts them" || len(a.Protocols) != 0 {
		t.Errorf("A: %+v", a)
	}
	if p := m.Protocols[0]; p.ID != "" || p.Desc != "specs without a protocol" || m.Summary.Protocols != 0 {
		t.Errorf("protocol: %+v", p)
	}
	if loc := m.Protocols[0].Specs[0].Location; loc != "/src/calc/ver/add.go:10" {
		t.Errorf("where no module is known a place is absolute, but it is %s", loc)
	}
}

// Several results make one model, in which the worst counts for each
// requirement of a spec.
func TestSeveralResults(t *testing.T) {
	file := requirements("A B")
	both := func(o ...option) *results.Results { return parsed(t, recorded(it("A B", o...))) }
	for _, c := range []struct {
		name        string
		first, then *results.Results
		a, b        reports.Verdict
		verified    int // verifications of A
	}{
		{"alike", both(left("A B")), both(left("A B", func(e *evidence.Spec) { e.Notes = []string{"again"} })), reports.Pass, reports.Pass, 2},
		{"failed later", both(left("A B")), both(left("!A B")), reports.Fail, reports.Pass, 2},
		{"failed before", both(left("!A B")), both(left("A B")), reports.Fail, reports.Pass, 2},
		{"each failed once", both(left("!A B")), both(left("A !B")), reports.Fail, reports.Fail, 2},
		{"left out before", both(filteredOut()), both(left("A B")), reports.Pass, reports.Pass, 1},
		{"left out later", both(left("A B")), both(filteredOut()), reports.Pass, reports.Pass, 1},
		{"pending before", both(state(types.SpecStatePending, "")), both(left("A B")), reports.Pass, reports.Pass, 1},
		{"skipped by its author before", both(state(types.SpecStateSkipped, "no")), both(left("A B")), reports.NotTested, reports.NotTested, 1},
		{"given twice", both(left("A B")), both(left("A B")), reports.Pass, reports.Pass, 1},
		{"not observable before", both(notShown), both(left("A B")), reports.Pass, reports.Pass, 1},
		{"not observable later", both(left("A B")), both(notShown), reports.Pass, reports.Pass, 1},
		{"labelled otherwise", both(left("A B")), parsed(t, recorded(passing("A"))), reports.Pass, reports.Pass, 2},
		{"labelled with more", parsed(t, recorded(passing("A"))), both(left("A !B")), reports.Pass, reports.Fail, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := reports.Build(file, []*results.Results{c.first, c.then}, reports.Options{})
			a, b := row(t, m, "A"), row(t, m, "B")
			if a.Verdict != c.a || b.Verdict != c.b || m.Summary.Specs != 1 || len(a.Specs) != 1 {
				t.Errorf("A %s, B %s, %d specs; want %s, %s, 1", a.Verdict, b.Verdict, m.Summary.Specs, c.a, c.b)
			}
			if got := a.Verifications.Passed + a.Verifications.Failed; got != c.verified {
				t.Errorf("%d verifications of A, want %d", got, c.verified)
			}
			if n := m.Summary.Verifications; n.Passed != a.Verifications.Passed+b.Verifications.Passed || n.Failed != a.Verifications.Failed+b.Verifications.Failed {
				t.Errorf("verifications: %+v in all, %+v of A, %+v of B", n, a.Verifications, b.Verifications)
			}
			if p := m.Protocols[0]; (p.Verdict == reports.Fail) != (c.a == reports.Fail || c.b == reports.Fail) || p.Verdict == reports.Fail && p.Specs[0].Reason == "" {
				t.Errorf("the protocol: %s (%s)", p.Verdict, p.Specs[0].Reason)
			}
		})
	}
}

// Specs of one suite that share title and place, as a loop makes them, are
// different specs.
func TestSpecsAlike(t *testing.T) {
	suite := parsed(t, recorded(passing("A"), it("A", left("!A"))))
	m := reports.Build(requirements("A"), []*results.Results{suite, suite}, reports.Options{})
	if m.Summary.Specs != 2 || row(t, m, "A").Reason != "1 of 2 specs: the verification failed" {
		t.Errorf("%d specs, %s", m.Summary.Specs, row(t, m, "A").Reason)
	}
}

// What is true of one run only is said.
func TestNotes(t *testing.T) {
	file := requirements("A")
	run := at127()
	run.SRS = evidence.File{Name: "old.json", SHA256: "00"}
	run.Demands = file.Demands()
	other := recorded(passing("A"))
	other.SpecialSuiteFailureReasons = []string{"Detected pending specs and --fail-on-pending is set"}
	m := reports.Build(file, []*results.Results{parsed(t, withRun(recorded(passing("A")), run)), parsed(t, other)}, reports.Options{})
	want := []string{
		"the run had other requirements than this report: old.json with SHA-256 00",
	}
	if !slices.Equal(m.Run.Notes, want) {
		t.Errorf("notes:\n%s", strings.Join(m.Run.Notes, "\n"))
	}
	if m.Run.SRS.Name != "srs.json" || m.Run.Target.Name != "127.0.0.1:5001" || m.Run.Complete {
		t.Errorf("run: %+v", m.Run)
	}
	m = reports.Build(file, []*results.Results{parsed(t, other), parsed(t, recorded(passing("A")))}, reports.Options{})
	if m.Run.Complete {
		t.Error("the run is complete, though the first of two was not")
	}
}

// Build changes nothing of what it is given, and says the same each time.
func TestBuildIsPure(t *testing.T) {
	file := requirements("B A C")
	given := []*results.Results{parsed(t, withRun(recorded(passing("A B"), it("A", at(11), left("!A")), it("X", at(12))), at127())), parsed(t, recorded(passing("A B")))}
	var first []byte
	for range 20 {
		m := reports.Build(file, given, reports.Options{})
		data, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = data
		}
		if !bytes.Equal(first, data) {
			t.Fatalf("%s\nthen\n%s", first, data)
		}
	}
	if !reflect.DeepEqual(file, requirements("B A C")) {
		t.Error("the requirements were changed")
	}
}

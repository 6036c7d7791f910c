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

// TestScope has what is in scope at an address, which shows the wire, and where
// only a level or a group is asked for.
func TestScope(t *testing.T) {
	client := at127()
	client.Groups = []string{"client"}
	server := at127()
	server.Groups = []string{"server", "sample"}
	leveled := at127()
	leveled.Level = "rule"
	all := evidence.Run{}
	stop := at127()
	stop.Needs = nil
	for _, c := range []struct {
		name   string
		run    evidence.Run
		kinds  string // of the requirement A, which is a rule of the server group
		spec   []option
		want   reports.Verdict
		reason string
	}{
		{"no spec, shown", at127(), "/wire", nil, reports.NotTested, "no spec"},
		{"no spec, any kind", at127(), "", nil, reports.NotTested, "no spec"},
		{"no spec, shown in part", at127(), "/api,wire", nil, reports.NotTested, "no spec"},
		{"no spec, not shown", at127(), "/stop", nil, reports.NotObservable, "needs -shutdown"},
		{"no spec, not shown in two ways", at127(), "/stop,api", nil, reports.NotObservable, "needs -shutdown, needs a launched server"},
		{"no spec, not shown, who knows how", stop, "/stop", nil, reports.NotObservable, "needs a target that shows stop"},
		{"no spec, everything is shown", all, "/stop", nil, reports.NotTested, "no spec"},
		{"filtered, shown", at127(), "", []option{observe("wire"), filteredOut()}, reports.NotTested, "skipped"},
		{"filtered, not shown", at127(), "", []option{observe("wire", "stop"), filteredOut()}, reports.NotObservable, "needs -shutdown"},
		{"filtered, everything is shown", all, "", []option{observe("stop"), filteredOut()}, reports.NotTested, "skipped"},
		{"pending, not shown", at127(), "", []option{observe("stop"), state(types.SpecStatePending, ""), attempts(0)}, reports.NotObservable, "needs -shutdown"},
		{"verified nothing, not shown", at127(), "", []option{observe("stop"), left("")}, reports.NotObservable, "needs -shutdown"},
		{"blocked, not shown", at127(), "", []option{observe("stop"), blockedBy}, reports.NotObservable, "needs -shutdown"},
		{"verified, though it is not shown", at127(), "", []option{observe("stop"), left("A")}, reports.Pass, ""},
		{"said so itself", at127(), "/wire", []option{observe("wire"), notShown}, reports.NotObservable, "needs -shutdown"},
		{"failed, though it is not shown", at127(), "", []option{observe("stop"), state(types.SpecStateFailed, "no")}, reports.Fail, "it failed: no"},

		{"its group", server, "", []option{left("A")}, reports.Pass, ""},
		{"another group", client, "/api", []option{observe("api"), filteredOut()}, reports.NotObservable, "group server is not in scope of this target: needs a launched server"},
		{"another group, and its specs say what it needs", client, "", []option{observe("api"), filteredOut()}, reports.NotObservable, "group server is not in scope of this target: needs a launched server"},
		{"another group, though it passed", client, "/wire", []option{observe("wire"), left("A")}, reports.NotObservable, "group server is not in scope of this target"},
		{"its level", leveled, "", []option{left("A")}, reports.Pass, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var specs []types.SpecReport
			if c.spec != nil {
				specs = append(specs, it("A", c.spec...))
			}
			file := requirements("A" + c.kinds + " B")
			file.Requirements[0].Level = "rule"
			m := reports.Build(file, []*results.Results{parsed(t, withRun(recorded(specs...), c.run))}, reports.Options{})
			a := row(t, m, "A")
			if a.Verdict != c.want || a.Reason != c.reason || a.InScope == (c.want == reports.NotObservable) {
				t.Errorf("%s (%s), in scope: %t; want %s (%s)", a.Verdict, a.Reason, a.InScope, c.want, c.reason)
			}
			if b := row(t, m, "B"); c.run.Level == "rule" && b.Reason != "no level is left out by -level rule" {
				t.Errorf("B: %s (%s)", b.Verdict, b.Reason)
			}
		})
	}
}

// Where several targets were verified, each shows what it can.
func TestScopeOfSeveralTargets(t *testing.T) {
	launched := evidence.Run{Shows: []string{"wire", "stop"}, Groups: []string{"server"}}
	address := at127()
	address.Groups = []string{"client"}
	file := requirements("A/stop B/api C/stop D/wire")
	file.Requirements[3].Group = "other"
	m := reports.Build(file, []*results.Results{parsed(t, withRun(recorded(), address), withRun(recorded(), launched))}, reports.Options{})
	for id, want := range map[string]string{
		"A": "no spec", "B": "needs a launched server", "C": "no spec", "D": "group other is not in scope of this target",
	} {
		if a := row(t, m, id); a.Reason != want {
			t.Errorf("%s: %s (%s), want %s", id, a.Verdict, a.Reason, want)
		}
	}
	m = reports.Build(requirements("A/stop"), []*results.Results{parsed(t, withRun(recorded(it("A", observe("stop"), filteredOut())), at127()))}, reports.Options{})
	if a := row(t, m, "A"); a.Verdict != reports.NotObservable || !slices.Equal(a.Observe, []string{"stop"}) {
		t.Errorf("A: %+v", a)
	}
}

// TestExitCodes has the precedence of exit codes: 2, 3, 1, 4, 0.
func TestExitCodes(t *testing.T) {
	unreachable := at127()
	unreachable.Unreachable = "nobody listens at 127.0.0.1:5001"
	faulty := unreachable
	faulty.Faults = []string{"leak"}
	formal := at127()
	formal.Type = "formal"
	manual := func(file *srs.File, id string) *srs.File {
		for i := range file.Requirements {
			if file.Requirements[i].ID == id {
				file.Requirements[i].Tester = "manual"
			}
		}
		return file
	}
	leveled := requirements("A B")
	leveled.Requirements[0].Level, leveled.Requirements[1].Level = "rule", "settled"
	dry := recorded(it("A", attempts(0)))
	dry.SuiteConfig.DryRun = true
	dry.PreRunStats.SpecsThatWillRun = 1
	fails := it("A", left("!A"))
	interrupted := func(specs ...types.SpecReport) types.Report {
		r := recorded(specs...)
		r.SuiteSucceeded, r.PreRunStats.SpecsThatWillRun = false, len(specs)
		r.SpecialSuiteFailureReasons = []string{"Interrupted by User"}
		return r
	}
	short := recorded(passing("A"), it("B", at(20), unstarted("")))
	short.PreRunStats.SpecsThatWillRun = 2
	mystery := recorded(passing("A"))
	mystery.SuiteSucceeded = false

	for _, c := range []struct {
		name    string
		file    *srs.File
		suite   types.Report
		opt     reports.Options
		want    int
		reason  string // for the last requirement
		running bool   // the run is not complete
	}{
		{"passed", requirements("A"), withRun(recorded(passing("A")), at127()), reports.Options{}, 0, "", false},
		{"failed", requirements("A"), recorded(fails), reports.Options{}, 1, "the verification failed", false},
		{"unreachable", requirements("A"), withRun(recorded(it("A", unstarted(""))), unreachable), reports.Options{}, 3, "blocked: nobody listens at 127.0.0.1:5001", true},
		{"unreachable, no spec", requirements("A"), withRun(recorded(), unreachable), reports.Options{}, 3, "no spec", true},
		{"unreachable and faulty", requirements("A"), withRun(recorded(it("A", unstarted(""))), faulty), reports.Options{}, 2, "blocked: nobody listens at 127.0.0.1:5001", true},
		{"unreachable, but a spec failed", requirements("A"), withRun(recorded(fails), unreachable), reports.Options{}, 1, "the verification failed", true},
		{"unreachable, but a spec passed", requirements("A"), withRun(recorded(passing("A")), unreachable), reports.Options{}, 4, "", true},
		{"failed and faulty", requirements("A"), withRun(recorded(fails), faulty), reports.Options{}, 2, "the verification failed", true},
		{"failed and open", requirements("A B"), recorded(fails), reports.Options{}, 1, "no spec", false},
		{"open", requirements("A B"), recorded(passing("A")), reports.Options{}, 4, "no spec", false},
		{"not observable", requirements("A B/stop"), withRun(recorded(passing("A")), at127()), reports.Options{}, 0, "needs -shutdown", false},
		{"not observable, and completeness is asked for", requirements("A B/stop"), withRun(recorded(passing("A")), at127()), reports.Options{Complete: true}, 4, "needs -shutdown", false},
		{"observable, and completeness is asked for", requirements("A"), withRun(recorded(passing("A")), at127()), reports.Options{Complete: true}, 0, "", false},
		{"out of level", leveled, recorded(passing("A")), reports.Options{Level: "rule"}, 0, "settled is left out by -level rule", false},
		{"out of level, and completeness is asked for", leveled, recorded(passing("A")), reports.Options{Level: "rule", Complete: true}, 0, "settled is left out by -level rule", false},
		{"manual", manual(requirements("A B"), "B"), withRun(recorded(passing("A")), at127()), reports.Options{}, 4, "manual and not recorded", false},
		{"manual, and only what is automated is in scope", manual(requirements("A B"), "B"), withRun(recorded(passing("A")), at127()), reports.Options{Tester: "auto"}, 0, "what persons verify is out of scope", false},
		{"the same, and completeness is asked for", manual(requirements("A B"), "B"), withRun(recorded(passing("A")), at127()), reports.Options{Tester: "auto", Complete: true}, 0, "what persons verify is out of scope", false},
		{"both, and only what is automated is in scope", testedBy("both", requirements("A B")), recorded(passing("A B")), reports.Options{Tester: "auto"}, 0, "", false},
		{"one of two specs is not observable", requirements("A"), recorded(passing("A"), it("A", at(20), notShown)), reports.Options{}, 0, "1 of 2 specs: the other needs -shutdown", false},
		{"the same, and completeness is asked for", requirements("A"), recorded(passing("A"), it("A", at(20), notShown)), reports.Options{Complete: true}, 4, "1 of 2 specs: the other needs -shutdown", false},
		{"manual in a formal run", manual(requirements("A B"), "B"), withRun(recorded(passing("A")), formal), reports.Options{}, 4, "manual and not recorded", false},
		{"manual with a spec", manual(requirements("A B"), "B"), recorded(passing("A"), it("B", at(20), filteredOut())), reports.Options{}, 4, "skipped; manual and not recorded", false},
		{"nothing but manual", manual(requirements("A"), "A"), recorded(), reports.Options{}, 4, "manual and not recorded", false},
		{"nothing in scope", requirements("A/stop"), withRun(recorded(), at127()), reports.Options{}, 4, "needs -shutdown", false},
		{"nothing ran", requirements("A"), recorded(it("A", filteredOut())), reports.Options{}, 4, "skipped", false},
		{"dry run", requirements("A"), dry, reports.Options{}, 4, "no evidence: dry run", true},
		{"interrupted", requirements("A B"), interrupted(passing("A"), it("B", at(20), unstarted(""))), reports.Options{}, 4, "blocked: the run ended before it", true},
		{"interrupted at its end", requirements("A"), interrupted(passing("A")), reports.Options{}, 4, "", true},
		{"interrupted after a failure", requirements("A B"), interrupted(fails, it("B", at(20), unstarted(""))), reports.Options{}, 1, "blocked: the run ended before it", true},
		{"ended early", requirements("A B"), short, reports.Options{}, 4, "blocked: the run ended before it", true},
		{"failed, says Ginkgo, and not why", requirements("A"), mystery, reports.Options{}, 4, "", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := reports.Build(c.file, []*results.Results{parsed(t, c.suite)}, c.opt)
			last := m.Requirements[len(m.Requirements)-1]
			if m.ExitCode != c.want || last.Reason != c.reason || m.Run.Complete == c.running {
				t.Errorf("exit code %d, %s: %s (%s), complete: %t; want %d, %s", m.ExitCode, last.ID, last.Verdict, last.Reason, m.Run.Complete, c.want, c.reason)
			}
			if c.suite.SuiteConfig.DryRun != (m.Run.Type == "dryrun") {
				t.Errorf("the type of the run is %s", m.Run.Type)
			}
			text := strings.Join(m.Conclusion, "\n")
			if strings.Contains(text, "not complete") != c.running || strings.Contains(text, "could not be reached") != (m.Run.Unreachable != "") {
				t.Errorf("conclusion:\n%s", text)
			}
		})
	}
}

// A filter may leave out specs even where the run was cut short: they are not
// said to have been chosen.
func TestFilteredAndInterrupted(t *testing.T) {
	r := recorded(passing("A"), it("B", at(20), unstarted("")), it("C", at(21), unstarted("")))
	r.PreRunStats.SpecsThatWillRun = 2
	r.SpecialSuiteFailureReasons = []string{"Interrupted by User"}
	m := reports.Build(requirements("A B C"), []*results.Results{parsed(t, r)}, reports.Options{})
	if b := row(t, m, "B"); b.Verdict != reports.NotTested || b.Reason != "skipped" || m.ExitCode != reports.ExitIncomplete {
		t.Errorf("B: %s (%s), exit code %d", b.Verdict, b.Reason, m.ExitCode)
	}
}

// TestConclusion has the whole text of a run at an address.
func TestConclusion(t *testing.T) {
	file := requirements("SRS-001/api SRS-002/client SRS-003 SRS-004 SRS-005 SRS-006/stop SRS-016/api SRS-017 SRS-018 SRS-019 X/api")
	for i := range file.Requirements {
		file.Requirements[i].Level = []string{"rule", "settled", ""}[i%3]
	}
	file.Requirements[1].Group = "client"
	run := at127()
	run.Groups = []string{"server"}
	m := reports.Build(file, []*results.Results{parsed(t, withRun(recorded(
		passing("SRS-003"), passing("SRS-004", at(20)), it("SRS-005", at(21), left("!SRS-005")),
		it("SRS-017", at(22), left("SRS-017")), it("SRS-017", at(23), filteredOut()),
		it("SRS-001 X", at(24), observe("api"), filteredOut()), it("SRS-006", at(25), observe("stop"), filteredOut()),
		it("SRS-016", at(26), observe("api"), filteredOut()), it("SRS-002", at(27), observe("client"), filteredOut()),
	), run))}, reports.Options{})
	want := []string{
		"127.0.0.1:5001: 3 of 11 requirements tested: 2 passed, 1 failed.",
		"1 failed: SRS-005.",
		"5 not observable at an address: SRS-001, 016, X need a launched server; SRS-002 (group client is not in scope of this target: needs -client); SRS-006 needs -shutdown.",
		"1 tested in part: SRS-017 (1 of 2 specs passed; skipped).",
		"2 not tested: SRS-018, 019 (no spec).",
		"No lock: a deleted spec goes unnoticed.",
		"rules 1 of 2, settled 0 of 2.    exit code 1",
	}
	if !slices.Equal(m.Conclusion, want) {
		t.Errorf("conclusion:\n%s\nwant:\n%s", strings.Join(m.Conclusion, "\n"), strings.Join(want, "\n"))
	}
}

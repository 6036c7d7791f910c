package reports_test

import (
	"strings"
	"testing"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/folder"
	"github.com/socket-oneline/oneline/reports/read"
	"github.com/socket-oneline/oneline/reports/results"
	"github.com/socket-oneline/oneline/reports/srs"
)

// outcomes are requirements A, B, ... and results that name them: JUnit XML, and
// suites of other sources.
func judge(t *testing.T, opt reports.Options, cases string, suites ...results.Suite) *reports.Model {
	t.Helper()
	file, err := srs.Parse("srs.json", []byte(`{
		"A": {"tester": "auto", "group": "g", "desc": "The first."},
		"B": {"tester": "auto", "group": "g", "desc": "The second."}
	}`))
	if err != nil {
		t.Fatal(err)
	}
	r, err := read.From("r.xml", strings.NewReader("<testsuite name='S'>"+cases+"</testsuite>"))
	if err != nil {
		t.Fatal(err)
	}
	given := []*results.Results{r}
	if len(suites) > 0 {
		given = append(given, &results.Results{Name: "p.jsonl", Format: "process", Suites: suites})
	}
	return reports.Build(file, given, opt)
}

// verified is a suite of one spec that recorded a verification of A.
func verified(passed bool) results.Suite {
	state := results.Passed
	if !passed {
		state = results.Failed
	}
	return results.Suite{Path: "S", Name: "S", Complete: true, Run: evidence.Run{Schema: evidence.Schema, Type: "dev"}, Specs: []results.Spec{{
		Identity: results.NewIdentity("S", evidence.Protocol{}, nil, "a"), Title: "a", Requirements: []string{"A"}, State: state, Attempts: 1,
		Attempted: []evidence.Spec{{Title: "a", Completed: true, Attempt: 1, Verifications: []evidence.Verification{{Requirements: []string{"A"}, Passed: passed}}}},
	}}}
}

func TestOutcomes(t *testing.T) {
	const (
		a       = "<testcase name='a' req='A'/>"
		a2      = "<testcase name='a2' req='A'/>"
		b       = "<testcase name='b' req='B'/>"
		failed  = "<testcase name='f' req='A'><failure message='m'/></testcase>"
		skipped = "<testcase name='s' req='A'><skipped message='no'/></testcase>"
		flaky   = "<testcase name='y' req='A'><flakyFailure message='m'/></testcase>"
		unknown = "<testcase name='c' req='C'/>"
		none    = "<testcase name='n'/>"
		noneBad = "<testcase name='n'><failure/></testcase>"
	)
	accept := reports.Options{AcceptOutcomes: true}
	for name, row := range map[string]struct {
		opt     reports.Options
		cases   string
		suites  []results.Suite
		verdict reports.Verdict // of A
		reason  string
		code    int
	}{
		"outcomes alone do not count":             {reports.Options{}, a + b, nil, reports.NotTested, "outcomes only: -accept outcome counts them", reports.ExitIncomplete},
		"accepted outcomes do":                    {accept, a + b, nil, reports.PassOutcome, "by the outcome of a test", reports.ExitPassed},
		"several":                                 {accept, a + a2 + b, nil, reports.PassOutcome, "by the outcomes of 2 tests", reports.ExitPassed},
		"no case, accepted":                       {accept, b, nil, reports.NotTested, "no spec", reports.ExitIncomplete},
		"a failure always counts":                 {reports.Options{}, a + b + failed, nil, reports.Fail, "it failed: m", reports.ExitFailed},
		"an accepted failure":                     {accept, a + b + failed, nil, reports.Fail, "1 of 2 specs: it failed: m", reports.ExitFailed},
		"a retried test":                          {accept, a + b + flaky, nil, reports.Fail, "1 of 2 specs: it was tried 2 times: m", reports.ExitFailed},
		"a retried test, not accepted":            {reports.Options{}, b + flaky, nil, reports.Fail, "it was tried 2 times: m", reports.ExitFailed},
		"skipped":                                 {accept, a + b + skipped, nil, reports.Partial, "1 of 2 specs passed; skipped: no", reports.ExitIncomplete},
		"skipped alone":                           {accept, b + skipped, nil, reports.NotTested, "skipped: no", reports.ExitIncomplete},
		"verified beside an outcome":              {reports.Options{}, a2 + b, []results.Suite{verified(true)}, reports.Pass, "", reports.ExitIncomplete},
		"verified beside an accepted outcome":     {accept, a2 + b, []results.Suite{verified(true)}, reports.Pass, "", reports.ExitPassed},
		"verified beside one that was skipped":    {reports.Options{}, b + skipped, []results.Suite{verified(true)}, reports.Pass, "", reports.ExitIncomplete},
		"verified beside one that failed":         {reports.Options{}, b + failed, []results.Suite{verified(true)}, reports.Fail, "1 of 2 specs: it failed: m", reports.ExitFailed},
		"failed beside an accepted outcome":       {accept, a2 + b, []results.Suite{verified(false)}, reports.Fail, "1 of 2 specs: the verification failed", reports.ExitFailed},
		"the same test, verified and its outcome": {accept, a + b, []results.Suite{verified(true)}, reports.Pass, "", reports.ExitPassed},
		"the same test, failed by its outcome":    {accept, "<testcase name='a' req='A'><failure message='m'/></testcase>" + b, []results.Suite{verified(true)}, reports.Fail, "it failed: m", reports.ExitFailed},
		"an id that no requirement has":           {accept, a + b + unknown, nil, reports.PassOutcome, "by the outcome of a test", reports.ExitNothing},
		"a test without one":                      {accept, a + b + none, nil, reports.PassOutcome, "by the outcome of a test", reports.ExitPassed},
		"a test without one, refused":             {reports.Options{AcceptOutcomes: true, Untagged: reports.RefuseUntagged}, a + b + none, nil, reports.PassOutcome, "by the outcome of a test", reports.ExitNothing},
		"a test without one that failed":          {accept, a + b + noneBad, nil, reports.PassOutcome, "by the outcome of a test", reports.ExitNothing},
		"a test without one that failed with A":   {accept, a + b + noneBad + failed, nil, reports.Fail, "1 of 2 specs: it failed: m", reports.ExitFailed},
		"only tests without one":                  {accept, none, nil, reports.NotTested, "no spec", reports.ExitIncomplete},
	} {
		t.Run(name, func(t *testing.T) {
			m := judge(t, row.opt, row.cases, row.suites...)
			r := m.Requirements[0]
			if r.Verdict != row.verdict || r.Reason != row.reason || m.ExitCode != row.code {
				t.Errorf("%s %q %d, not %s %q %d; %v", r.Verdict, r.Reason, m.ExitCode, row.verdict, row.reason, row.code, m.Problems)
			}
			s := m.Summary
			if s.Pass+s.Fail+s.Partial+s.NotTested+s.NotObservable != s.Requirements {
				t.Errorf("the counts do not add up: %+v", s)
			}
		})
	}
}

func TestOutcomesAreTold(t *testing.T) {
	m := judge(t, reports.Options{AcceptOutcomes: true}, "<testcase name='a' req='A'/><testcase name='b' req='B'/><testcase name='n'/><testcase name='o'><skipped/></testcase>")
	text := strings.Join(m.Conclusion, "\n")
	for _, want := range []string{
		"2 passed by the outcomes of tests alone, which do not say what was checked: A, B.",
		"2 tests name no requirement and prove nothing: 1 passed, 0 failed, 1 skipped.",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
	if m.Summary.Outcomes != 2 || !m.AcceptOutcomes || m.Untagged.Count() != 2 || m.Protocols[0].Specs[0].Grade != "outcome" || m.Requirements[0].Specs[0].Grade != "outcome" {
		t.Errorf("%+v %+v", m.Summary, m.Untagged)
	}
}

// A shard passes on outcomes too, where they count.
func TestShardOfOutcomes(t *testing.T) {
	r, err := read.From("r.xml", strings.NewReader("<testsuite name='S'><testcase name='a' req='A'/></testsuite>"))
	if err != nil {
		t.Fatal(err)
	}
	shard := reports.NewSource("one", "one", folder.Manifest{Type: "dev", ID: "one", Shard: "1/2", Command: &folder.Command{}}, []*results.Results{r}, nil)
	for accepted, code := range map[bool]int{true: reports.ExitPassed, false: reports.ExitIncomplete} {
		m := reports.Build(requirements("A B"), shard.Results, reports.Options{AcceptOutcomes: accepted, Sources: []reports.Source{shard}})
		if m.ExitCode != code {
			t.Errorf("accepted %v: exit code %d, want %d\n%s", accepted, m.ExitCode, code, strings.Join(m.Conclusion, "\n"))
		}
	}
}

// A suite that uses package trace must say which requirements its specs verify,
// until it is allowed not to.
func TestUntaggedSpecs(t *testing.T) {
	suite := verified(true)
	suite.Specs = append(suite.Specs, results.Spec{Identity: results.NewIdentity("S", evidence.Protocol{}, nil, "u"), Title: "u", State: results.Passed, Attempts: 1})
	for untagged, code := range map[reports.Untagged]int{reports.ByDefault: reports.ExitNothing, reports.ListUntagged: reports.ExitPassed, reports.RefuseUntagged: reports.ExitNothing} {
		m := judge(t, reports.Options{AcceptOutcomes: true, Untagged: untagged}, "<testcase name='b' req='B'/>", suite)
		if m.ExitCode != code || (untagged == reports.ListUntagged) != (m.Untagged.Count() == 1) {
			t.Errorf("%q: exit code %d, %+v, %v", untagged, m.ExitCode, m.Untagged, m.Problems)
		}
	}
}

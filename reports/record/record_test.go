package record_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/read"
	"github.com/socket-oneline/oneline/reports/record"
	"github.com/socket-oneline/oneline/reports/results"
	"github.com/socket-oneline/oneline/reports/srs"
)

// suite has a spec of every kind.
func suite() record.Suite {
	verified := func(passed bool) []evidence.Verification {
		return []evidence.Verification{{Requirements: []string{"A"}, Step: 1, Expected: "1", Actual: "1\xff", Passed: passed, Location: "p.json:4"}}
	}
	spec := func(title string, began bool, e evidence.Spec) record.Spec {
		e.Title, e.Location, e.Requirements, e.Observe = title, "p.json:3", []string{"A"}, []string{"wire"}
		e.Protocol = evidence.Protocol{ID: "TP-1", Title: "t", Objectives: []string{"o"}}
		return record.Spec{Spec: e, Began: began, ProtocolAt: "p.json:1"}
	}
	return record.Suite{
		Name: "things",
		Run:  evidence.Run{Type: "dev", ID: "r", Target: evidence.Target{Kind: "address", Name: "x"}, Shows: []string{"wire"}},
		Specs: []record.Spec{
			spec("passed", true, evidence.Spec{Completed: true, Verifications: verified(true)}),
			spec("failed", true, evidence.Spec{Completed: true, Verifications: verified(false)}),
			spec("blocked", true, evidence.Spec{Blocked: "no key"}),
			spec("stopped", true, evidence.Spec{Verifications: verified(true)}),
			spec("not observable", true, evidence.Spec{Completed: true, NotObservable: "needs -shutdown"}),
			spec("not begun", false, evidence.Spec{Manual: true, Planned: verified(false)}),
		},
	}
}

// TestJudged: package reports takes what is written for what it is.
func TestJudged(t *testing.T) {
	path := filepath.Join(t.TempDir(), "results.json")
	if err := os.WriteFile(path, record.Encode(suite(), record.Suite{Name: "another", Run: evidence.Run{Type: "dev"}}), 0o600); err != nil {
		t.Fatal(err)
	}
	loaded, err := read.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	file := &srs.File{Name: "srs.json", Requirements: []srs.Requirement{{ID: "A", Tester: "both", Group: "g", Desc: "d"}}}
	m := reports.Build(file, []*results.Results{loaded}, reports.Options{})
	if len(m.Problems) > 0 {
		t.Fatal(m.Problems)
	}
	got := map[string]string{}
	for _, s := range m.Requirements[0].Specs {
		got[s.Spec] = strings.TrimSuffix(string(s.Result)+": "+s.Reason, ": ")
		if s.Location != "p.json:3" || s.Protocol != "TP-1" {
			t.Errorf("%+v", s)
		}
	}
	if d := cmp.Diff(map[string]string{
		"passed": "pass", "failed": "fail: the verification failed", "blocked": "blocked: no key",
		"stopped": "blocked: it did not run to its end", "not observable": "not observable: needs -shutdown",
		"not begun": "skipped: manual and not recorded",
	}, got); d != "" {
		t.Error(d)
	}
	if !m.Run.Complete || m.Run.ID != "r" || m.Run.Target.Name != "x" {
		t.Errorf("%+v", m.Run)
	}
}

// TestDecode: what was written comes back.
func TestDecode(t *testing.T) {
	got, err := record.Decode("results.json", record.Encode(suite()))
	if err != nil {
		t.Fatal(err)
	}
	want := suite()
	want.Run.Schema = evidence.Schema
	for i := range want.Specs {
		s := &want.Specs[i]
		s.Schema, s.Attempt = evidence.Schema, 1
		for _, v := range [][]evidence.Verification{s.Verifications, s.Planned} {
			for k := range v {
				v[k].Actual = "1\uFFFD"
			}
		}
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	for text, want := range map[string]string{
		"":        "these are not the results of one suite that was recorded by hand",
		"[]":      "these are not the results of one suite that was recorded by hand",
		"[{},{}]": "these are not the results of one suite that was recorded by hand",
		`[{"SpecReports":[{"ReportEntries":[{"Name":"oneline evidence","Value":{"AsJSON":"{"}}]}]}]`: "the evidence in it is broken",
	} {
		if _, err := record.Decode("results.json", []byte(text)); err == nil || !strings.HasPrefix(err.Error(), "results.json: "+want) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

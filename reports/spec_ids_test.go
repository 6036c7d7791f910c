package reports_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/results"
	"github.com/socket-oneline/oneline/reports/srs"
)

// shownIDs are the ids of specs with these titles, as the protocols and as the
// requirements name them.
func shownIDs(t *testing.T, titles ...string) (map[string]string, *reports.Model) {
	t.Helper()
	suite := results.Suite{Path: "example.org/s", Complete: true}
	for i, title := range titles {
		p := evidence.Protocol{ID: "TP-1", Title: "one"}
		suite.Specs = append(suite.Specs, results.Spec{
			Identity: results.NewIdentity(suite.Path, p, []string{"one", fmt.Sprint("when ", i%2)}, title), Title: title, Location: "a.go:1", Protocol: p,
			Containers: []string{fmt.Sprint("when ", i%2)}, Requirements: []string{"A-1"}, State: results.Passed, Attempts: 1,
		})
	}
	results.Number(suite.Specs)
	file := &srs.File{Name: "srs.json", Requirements: []srs.Requirement{{ID: "A-1", Tester: "auto", Desc: "d"}}}
	m := reports.Build(file, []*results.Results{{Name: "r", Suites: []results.Suite{suite}}}, reports.Options{})
	ids := map[string]string{}
	for _, s := range m.Protocols[0].Specs {
		ids[s.FullTitle()+fmt.Sprint(len(ids))] = s.ID
	}
	return ids, m
}

// TestSpecIDs: specs of one title and place have ids of their own, the same for
// the requirement, and a spec more changes none.
func TestSpecIDs(t *testing.T) {
	_, m := shownIDs(t, "alarms", "alarms", "alarms", "alarms")
	seen := map[string]bool{}
	for i, s := range m.Protocols[0].Specs {
		if seen[s.ID] || !strings.HasPrefix(s.ID, "TP-1.") {
			t.Errorf("the id %q is another's, or not of its protocol", s.ID)
		}
		seen[s.ID] = true
		if r := m.Requirements[0].Specs[i]; r.ID != s.ID || r.FullTitle() != s.FullTitle() || !strings.HasPrefix(s.FullTitle(), "when ") {
			t.Errorf("the requirement calls %s %q, and %s %q", s.ID, s.FullTitle(), r.ID, r.FullTitle())
		}
	}
	_, more := shownIDs(t, "another", "another", "alarms", "alarms", "alarms", "alarms")
	for _, s := range more.Protocols[0].Specs {
		if s.Title == "alarms" && !seen[s.ID] {
			t.Errorf("a spec more made %s of an id", s.ID)
		}
	}
}

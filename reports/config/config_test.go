package config_test

import (
	"maps"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/socket-oneline/oneline/reports/config"
	"github.com/socket-oneline/oneline/reports/layout"
)

func TestParse(t *testing.T) {
	c, err := config.Parse("conf/oneline.json", []byte(`{ // all keys
		"header": "Example Ltd.", "footer": "confidential", "paper": "letter", "orientation": "portrait",
		"documents": {"report": {"number": "EX-104", "revision": "B"}, "trace": {"number": "EX-105"}, "summary": {}, "protocol": {"revision": "1"}},
		"approvers": [{"role": "quality", "name": "J. Roe"}, {"role": "customer"}],
		"tester": "M. Moe", "run": {"type": "formal", "id": "r1"}, "target": {"name": "lamp", "version": "1.4", "serial": "7"},
		"justifications": "why.json",
		"accept": "outcome", "id_pattern": "R-[0-9]+", "untagged": "refuse",
		"mutation": {"min_score": {"A": 50, "B": 99.5}}
	}`))
	if err != nil {
		t.Fatal(err)
	}
	want := layout.Layout{
		Paper: "letter", Portrait: true, Header: "Example Ltd.", Footer: "confidential",
		Documents: map[string]layout.Identity{"report": {Number: "EX-104", Revision: "B"}, "trace": {Number: "EX-105"}, "summary": {}, "protocol": {Revision: "1"}},
		Approvers: []layout.Approver{{Name: "J. Roe", Role: "quality"}, {Role: "customer"}},
	}
	if d := cmp.Diff(want, c.Layout); d != "" {
		t.Error(d)
	}
	if err := c.Layout.Check(); err != nil {
		t.Error(err)
	}
	if c.Tester != "M. Moe" || c.Run.Type != "formal" || c.Run.ID != "r1" || c.Target.Name != "lamp" || c.Target.Version != "1.4" || c.Target.Serial != "7" {
		t.Errorf("%+v", c)
	}
	if c.Accept != "outcome" || c.IDPattern != "R-[0-9]+" || c.Untagged != "refuse" {
		t.Errorf("%+v", c)
	}
	if c.Justifications != filepath.Join("conf", "why.json") || c.File.Name != "conf/oneline.json" || len(c.File.SHA256) != 64 {
		t.Errorf("%+v", c)
	}
}

func TestMinScore(t *testing.T) {
	for text, want := range map[string]config.MinScore{
		`{"mutation": {"min_score": 80}}`:          {"": 80},
		`{"mutation": {"min_score": {"A": 12.5}}}`: {"A": 12.5},
		`{}`: nil,
	} {
		if c, err := config.Parse("oneline.json", []byte(text)); err != nil || !maps.Equal(c.Mutation.MinScore, want) {
			t.Errorf("%s: %v, %v", text, c.Mutation.MinScore, err)
		}
	}
	for _, text := range []string{`{"mutation": {"min_score": 101}}`, `{"mutation": {"min_score": {"A": "x"}}}`, `{"mutation": {"score": 1}}`} {
		if _, err := config.Parse("oneline.json", []byte(text)); err == nil {
			t.Errorf("%s was taken", text)
		}
	}
}

func TestLoad(t *testing.T) {
	t.Chdir(t.TempDir())
	if c, err := config.Load(""); err != nil || c.File != nil || c.Layout.Check() != nil {
		t.Errorf("without a file: %+v, %v", c, err)
	}
	if _, err := config.Load("absent.json"); err == nil {
		t.Error("a file that is named and not there was passed over")
	}
	if err := os.WriteFile(config.Name, []byte(`{"tester": "J. Roe"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if c, err := config.Load(""); err != nil || c.Tester != "J. Roe" {
		t.Errorf("%+v, %v", c, err)
	}
}

// All that is wrong is said at once, with its place.
func TestMistakes(t *testing.T) {
	_, err := config.Parse("oneline.json", []byte(`{
		"paper": "A5", "orientation": "up", "documents": {"letter": {}, "report": {"number": 7}},
		"approvers": [{"name": "x"}], "run": {"type": "test"}, "tester": " ", "colour": "red"
	}`))
	const want = `oneline.json:2:12: "paper" is "A5": it must be "A4" or "letter"
oneline.json:2:33: "orientation" is "up": it must be "landscape" or "portrait"
oneline.json:2:53: unknown key "letter" in "documents": remove it, or write one of protocol, report, summary, trace
oneline.json:2:88: "number" of "report" of "documents" is 7: it must be a text that is not blank
oneline.json:3:17: missing key "role" in item 1 of "approvers": add it, a text that is not blank
oneline.json:3:49: "type" of "run" is "test": it must be "dev", "dryrun" or "formal"
oneline.json:3:68: "tester" is " ": it must be a text that is not blank
oneline.json:3:73: unknown key "colour" in the file: remove it, or write one of accept, approvers, documents, footer, header, id_pattern, import, justifications, lock, mutation, orientation, paper, run, target, tester, untagged`
	if err == nil {
		t.Fatal("accepted")
	}
	if d := cmp.Diff(want, err.Error()); d != "" {
		t.Error(d)
	}
}

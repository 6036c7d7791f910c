package justification_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/socket-oneline/oneline/reports/justification"
	"github.com/socket-oneline/oneline/reports/srs"
)

func requirements(t *testing.T) *srs.File {
	t.Helper()
	file, err := srs.Parse("srs.json", []byte(`{
		"A": {"tester": "auto", "group": "g", "desc": "d"},
		"B": {"tester": "manual", "group": "g", "desc": "d"},
		"OLD": {"tester": "auto", "group": "g", "desc": "d", "retired": true}
	}`))
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func TestLoad(t *testing.T) {
	path := filepath.Join(t.TempDir(), "justified.json")
	text := `{ // why
		"justifications": [
			{"requirements": ["B", "A"], "text": "no\n\u0000 =1+1", "author": "J. Roe", "date": "2026-11-25"},
		]
	}`
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := justification.Load(path, requirements(t))
	if err != nil {
		t.Fatal(err)
	}
	j := justification.Justification{Text: "no\n\x00 =1+1", Author: "J. Roe", Date: "2026-11-25"}
	if d := cmp.Diff(map[string]justification.Justification{"A": j, "B": j}, f.Of); d != "" {
		t.Error(d)
	}
	if f.Name != path || len(f.SHA256) != 64 {
		t.Errorf("%q, SHA-256 %q", f.Name, f.SHA256)
	}
}

// Without requirements, ids are not looked at; one survivor is meant unless a number
// is given.
func TestSurvivors(t *testing.T) {
	f, err := justification.Parse("j.json", []byte(`{
		"justifications": [{"requirements": ["X"], "text": "t", "author": "a", "date": "2026-11-25"}],
		"survivors": [
			{"file": "p.go", "function": "p.f", "operator": "call", "text": "t", "author": "a", "date": "2026-11-25"},
			{"file": "p.go", "function": "p.T.g", "operator": "value", "mutants": 3, "text": "u", "author": "b", "date": "2026-11-26"}
		]
	}`), nil)
	if err != nil {
		t.Fatal(err)
	}
	want := []justification.Survivor{
		{File: "p.go", Function: "p.f", Operator: "call", Mutants: 1, Justification: justification.Justification{Text: "t", Author: "a", Date: "2026-11-25"}},
		{File: "p.go", Function: "p.T.g", Operator: "value", Mutants: 3, Justification: justification.Justification{Text: "u", Author: "b", Date: "2026-11-26"}},
	}
	if d := cmp.Diff(want, f.Survivors); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// All that is wrong is said at once, with its place.
func TestMistakes(t *testing.T) {
	for text, want := range map[string]string{
		`{}`: `j.json:1:1: the file is an empty object: it must be an object with "justifications", "unreached" or "survivors"`,
		`{"unreached": [
			{"functions": {"p.f": 2}, "text": "t", "author": "a", "date": "2026-11-25"},
			{"functions": {"p.g": 1, "p.f": 1}, "text": "t", "author": "a", "date": "2026-11-25", "seldom": true}]}`: `j.json:3:36: p.f is accepted already: keep one entry`,
		`{"unreached": [{"functions": {"p.f": 0}, "text": "t", "author": "a", "date": "2026-11-25"}]}`: `j.json:1:38: "p.f" of "functions" of item 1 of "unreached" is 0: it must be a number of statements, at least 1`,
		`{"justifications": [
			{"requirements": ["X",
				"OLD", "A"], "text": "t", "author": "a", "date": "2026-11-25"},
			{"requirements": ["A"], "text": "t", "author": "a", "date": "2026-11-25"}]}`: `j.json:2:22: no requirement in srs.json has the id "X": correct it
j.json:3:5: OLD is retired and needs no justification: remove it
j.json:4:22: A has a justification already: keep one of them`,
		`{"justifications": [{"requirements": [], "text": " ", "author": "a", "date": "25.11.2026", "by": 1}]}`: `j.json:1:38: "requirements" of item 1 of "justifications" is an empty list: it must be a list of requirement ids, at least one
j.json:1:50: "text" of item 1 of "justifications" is " ": it must be a text that is not blank
j.json:1:78: "date" of item 1 of "justifications" is "25.11.2026": it must be a day such as "2026-11-25"
j.json:1:92: unknown key "by" in item 1 of "justifications": remove it, or write one of author, date, requirements, text`,
		`{"justifications": [{"requirements": ["A"]}]}`: `j.json:1:21: missing key "author" in item 1 of "justifications": add it, a text that is not blank
j.json:1:21: missing key "date" in item 1 of "justifications": add it, a day such as "2026-11-25"
j.json:1:21: missing key "text" in item 1 of "justifications": add it, a text that is not blank`,
	} {
		_, err := justification.Parse("j.json", []byte(text), requirements(t))
		if err == nil {
			t.Errorf("%s: accepted", text)
			continue
		}
		if d := cmp.Diff(want, err.Error()); d != "" {
			t.Errorf("%s (-want +got):\n%s", text, d)
		}
	}
	if _, err := justification.Load("absent.json", requirements(t)); err == nil || !strings.HasPrefix(err.Error(), "absent.json: cannot be read: ") {
		t.Error(err)
	}
}

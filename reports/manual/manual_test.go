package manual_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/manual"
	"github.com/socket-oneline/oneline/reports/srs"
)

const box = `{
    // what only a person can see
    "MP-1": {
        "title": "the label", "objectives": ["Show that it can be read."], "preconditions": ["The box is switched off."],
        "specs": [
            {
                "title": "names the version", "requirements": ["BOX-1", "BOX-2"],
                "steps": [
                    {"do": "Open the case."},
                    {"do": "Read the label.", "expect": "It names the version."},
                    {"do": "Turn the box.", "expect": "The label is not upside down.", "requirements": ["BOX-2"]}
                ]
            },
            {"title": "smells of nothing", "requirements": ["BOX-2"], "steps": [{"do": "Sniff.", "expect": "Nothing."}]}
        ]
    },
    "MP-2": {"title": "the lamp", "specs": [{"title": "is green", "requirements": ["BOX-3"], "steps": [{"do": "Look.", "expect": "Green\u001b[31m."}]}]}
}`

func requirements(t testing.TB) *srs.File {
	t.Helper()
	file, err := srs.Parse("srs.json", []byte(`{
		"BOX-1": {"tester": "manual", "group": "box", "desc": "The label shall name the version."},
		"BOX-2": {"tester": "manual", "group": "box", "desc": "The label shall be readable."},
		"BOX-3": {"tester": "both", "group": "box", "desc": "The lamp shall be green."},
		"BOX-4": {"tester": "auto", "group": "box", "desc": "The box shall answer."},
		"BOX-5": {"tester": "manual", "group": "box", "desc": "It shall hum.", "retired": true}
	}`))
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func protocols(t testing.TB) *manual.File {
	t.Helper()
	f, err := manual.Parse("box.json", []byte(box), requirements(t))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestParse(t *testing.T) {
	f := protocols(t)
	if len(f.Specs) != 3 || f.Name != "box.json" || len(f.SHA256) != 64 {
		t.Fatalf("%+v", f)
	}
	want := evidence.Spec{
		Manual: true, Title: "names the version", Location: "box.json:6", Requirements: []string{"BOX-1", "BOX-2"},
		Protocol: evidence.Protocol{ID: "MP-1", Title: "the label", Objectives: []string{"Show that it can be read."}, Preconditions: []string{"The box is switched off."}},
		Steps:    []evidence.Step{{Number: 1, Text: "Open the case."}, {Number: 2, Text: "Read the label."}, {Number: 3, Text: "Turn the box."}},
		Planned: []evidence.Verification{
			{Requirements: []string{"BOX-1", "BOX-2"}, Step: 2, Expected: "It names the version.", Location: "box.json:10"},
			{Requirements: []string{"BOX-2"}, Step: 3, Expected: "The label is not upside down.", Location: "box.json:11"},
		},
	}
	if d := cmp.Diff(want, f.Specs[0].Spec); d != "" {
		t.Error(d)
	}
	if s := f.Specs[0]; s.Began || s.ProtocolAt != "box.json:3" {
		t.Errorf("began: %t, protocol at %s", s.Began, s.ProtocolAt)
	}
}

// All that is wrong is said at once, with its place.
func TestMistakes(t *testing.T) {
	for text, want := range map[string]string{
		`{}`: "m.json:1:1: the file is an empty object: it must be an object with at least one protocol, by its id",
		`{"MP 1": {"title": " ", "steps": []}}`: `m.json:1:2: invalid key "MP 1" in the file: it must be an id such as "MP-001" (a letter, then letters, digits, . _ - or :); ' ' cannot stand there
m.json:1:2: missing key "specs" in "MP 1": add it, a list of specs, at least one, each with "title", "requirements" and "steps"
m.json:1:20: "title" of "MP 1" is " ": it must be a text that is not blank
m.json:1:25: unknown key "steps" in "MP 1": remove it, or write one of deviations, objectives, preconditions, specs, title`,
		`{"MP-1": {"title": "t", "specs": [
			{"title": "a", "requirements": ["BOX-4", "BOX-5", "BOX-9"], "steps": [{"do": "x", "expect": "y"}]},
			{"title": "a", "requirements": ["BOX-1", "BOX-2"], "steps": [{"do": "x", "requirements": ["BOX-1"]}, {"do": "x", "expect": "y", "requirements": ["BOX-2", "BOX-3"]}]}]}}`: `m.json:2:36: the tester of BOX-4 is auto: let a spec of the suite verify it, or make it manual or both
m.json:2:45: BOX-5 is retired: remove the id
m.json:2:54: no requirement in srs.json has the id "BOX-9": correct it
m.json:3:14: the protocol has a spec "a" already: give this one another title
m.json:3:36: no step of the spec expects anything for BOX-1: add one
m.json:3:65: the step names requirements, but expects nothing: say what, or leave them out
m.json:3:158: BOX-3 is not among the requirements of the spec: add it there`,
	} {
		_, err := manual.Parse("m.json", []byte(text), requirements(t))
		if err == nil {
			t.Errorf("%s: accepted", text)
			continue
		}
		if d := cmp.Diff(want, err.Error()); d != "" {
			t.Errorf("%s (-want +got):\n%s", text, d)
		}
	}
	if _, err := manual.Load("absent.json", requirements(t)); err == nil || !strings.HasPrefix(err.Error(), "absent.json: cannot be read: ") {
		t.Error(err)
	}
}

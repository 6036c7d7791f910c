package srs_test

import (
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/socket-oneline/oneline/reports/srs"
	"github.com/socket-oneline/oneline/reports/strictjson"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// A file of the Python original's kind is valid as it stands.
func TestOriginalForm(t *testing.T) {
	f, err := srs.Load("testdata/original.json")
	if err != nil {
		t.Fatal(err)
	}
	want := []srs.Requirement{
		{ID: "SRS-001", Tester: "auto", Group: "server", Desc: "The server shall start.", File: "testdata/original.json", Line: 3, Column: 3},
		{ID: "SRS-003", Tester: "both", Group: "client", Desc: "The client shall stop.", File: "testdata/original.json", Line: 10, Column: 3},
	}
	if diff := cmp.Diff(want, f.Requirements); diff != "" {
		t.Error(diff)
	}
}

func TestEveryKey(t *testing.T) {
	const text = "\ufeff" + `{"b.C_2:x-": {"tester": "manual", "group": "g", "desc": "d", "source": "P4", "level": "hope",
		"observe": ["wire", "x.y"], "rationale": "r", "parents": ["A"], "retired": true}, "A": {"tester": "auto", "group": "g", "desc": "\u00e4"}}`
	f, err := srs.Parse("mine.json", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	want := []srs.Requirement{
		{
			ID: "b.C_2:x-", Tester: "manual", Group: "g", Desc: "d", Source: "P4", Level: "hope", Rationale: "r",
			Observe: []string{"wire", "x.y"}, Parents: []string{"A"}, Retired: true, File: "mine.json", Line: 1, Column: 2,
		},
		{ID: "A", Tester: "auto", Group: "g", Desc: "ä", File: "mine.json", Line: 2, Column: 85},
	}
	if diff := cmp.Diff(want, f.Requirements); diff != "" {
		t.Error(diff)
	}
	if f.Name != "mine.json" {
		t.Errorf("name %q", f.Name)
	}
}

// The hash is that of the file as it lies on disk, so that sha256sum confirms it.
func TestSHA256(t *testing.T) {
	f, err := srs.Parse("x", []byte(`{"A":{"tester":"auto","group":"g","desc":"d"}}`))
	if err != nil {
		t.Fatal(err)
	}
	const want = "6f0ce554e3fff40e0a8ce7fa97ca2045c4f56bbadd41fd4cc1471fdc28236a35"
	if f.SHA256 != want {
		t.Errorf("SHA256 = %s, want %s", f.SHA256, want)
	}
}

func TestLookup(t *testing.T) {
	read, err := srs.Load("testdata/original.json")
	if err != nil {
		t.Fatal(err)
	}
	made := &srs.File{Requirements: read.Requirements}
	for name, f := range map[string]*srs.File{"read": read, "made by hand": made} {
		if r, ok := f.Lookup("SRS-003"); !ok || r.Desc != "The client shall stop." {
			t.Errorf("%s: Lookup(SRS-003) = %v, %v", name, r, ok)
		}
		if r, ok := f.Lookup("SRS-002"); ok || r.ID != "" {
			t.Errorf("%s: Lookup(SRS-002) = %v, %v", name, r, ok)
		}
	}
}

// Every mistake of a file is reported in one run, in plain English, with line
// and column.
func TestMistakes(t *testing.T) {
	const golden = "testdata/mistakes.golden"
	data, err := os.ReadFile("testdata/mistakes.json")
	if err != nil {
		t.Fatal(err)
	}
	_, err = srs.Parse("srs.json", data)
	got := err.Error() + "\n"
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Error(diff)
	}
}

func TestNoRequirements(t *testing.T) {
	for text, want := range map[string]string{
		"":          "srs.json:1:1: the file is empty: write an object, { ... }",
		" {\n}":     "srs.json:1:2: the file is an empty object: it must be an object with at least one requirement",
		"\n [\n]":   "srs.json:2:2: the file is an empty list: it must be an object with at least one requirement",
		`"SRS-001"`: `srs.json:1:1: the file is "SRS-001": it must be an object with at least one requirement`,
	} {
		_, err := srs.Parse("srs.json", []byte(text))
		var list strictjson.Errors
		if !errors.As(err, &list) || len(list) != 1 || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}

// White space of every kind is not a text.
func TestBlank(t *testing.T) {
	for _, blank := range []string{"", " ", `\t\r\n`, `\u000b\f`, `\u0085`, `\u00a0`, `\u2003\u2028`, `\u3000`, `\ufeff`} {
		_, err := srs.Parse("x", []byte(`{"A":{"tester":"auto","group":"g","desc":"`+blank+`"}}`))
		if err == nil || !strings.Contains(err.Error(), "x:1:42: \"desc\" of \"A\" is ") {
			t.Errorf("%q: %v", blank, err)
		}
	}
}

func TestLoadNoFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "none.json")
	_, err := srs.Load(path)
	var list strictjson.Errors
	if !errors.As(err, &list) || len(list) != 1 || list[0].Line != 0 || list[0].File != path {
		t.Errorf("%#v", err)
	}
}

// What the schema says of itself must stay what this version of the schema
// library understands: it ignores the keywords of later drafts.
func TestSchemaDraft(t *testing.T) {
	var s struct {
		Schema string `json:"$schema"`
	}
	if err := json.Unmarshal(srs.SchemaJSON, &s); err != nil || s.Schema != "http://json-schema.org/draft-07/schema#" {
		t.Errorf("%q, %v", s.Schema, err)
	}
}

// FuzzParse looks for panics, for positions outside of the file and for files
// that are taken although they hold no requirement or one twice.
func FuzzParse(f *testing.F) {
	for _, name := range []string{"testdata/original.json", "testdata/mistakes.json"} {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte(`{"A":{"tester":"auto","group":"g","desc":"d","observe":["a"],"retired":false}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := srs.Parse("srs.json", data)
		if err != nil {
			if len(err.(strictjson.Errors)) == 0 {
				t.Error("an error without an entry")
			}
			return
		}
		seen := map[string]bool{}
		for _, r := range file.Requirements {
			if seen[r.ID] || r.Tester == "" || r.Group == "" || strings.TrimSpace(r.Desc) == "" || r.Line < 1 || r.Column < 1 {
				t.Errorf("%+v", r)
			}
			seen[r.ID] = true
		}
		if len(seen) == 0 {
			t.Error("a file without requirements")
		}
	})
}

package srs_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/socket-oneline/oneline/reports/srs"
)

// source makes a file of requirements, one a line, each "ID" or "ID < PARENT, PARENT"
// or "ID retired".
func source(name string, lines ...string) srs.Source {
	var b strings.Builder
	b.WriteString("{")
	for i, line := range lines {
		id, parents, _ := strings.Cut(line, " < ")
		id, retired := strings.CutSuffix(id, " retired")
		if i > 0 {
			b.WriteString(",")
		}
		fmt.Fprintf(&b, "\n%q: {\"tester\": \"auto\", \"group\": \"g\", \"desc\": \"d\", \"retired\": %t", id, retired)
		if parents != "" {
			fmt.Fprintf(&b, ", \"parents\": [\"%s\"]", strings.ReplaceAll(parents, ", ", `", "`))
		}
		b.WriteString("}")
	}
	return srs.Source{Name: name, Text: b.String() + "\n}\n"}
}

// Several files are one: a requirement may have parents in another.
func TestSeveralFiles(t *testing.T) {
	sys, low := source("sys.json", "SYS-1", "SYS-2"), source("srs.json", "SRS-1 < SYS-1, SYS-2", "SRS-2")
	f, err := srs.ParseAll([]srs.Source{sys, low})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range f.Requirements {
		got = append(got, fmt.Sprintf("%s %s:%d %v", r.ID, r.File, r.Line, r.Parents))
	}
	if d := cmp.Diff([]string{"SYS-1 sys.json:2 []", "SYS-2 sys.json:3 []", "SRS-1 srs.json:2 [SYS-1 SYS-2]", "SRS-2 srs.json:3 []"}, got); d != "" {
		t.Error(d)
	}
	sum := sha256.Sum256([]byte(sys.Text + low.Text))
	if f.Name != "sys.json, srs.json" || f.SHA256 != hex.EncodeToString(sum[:]) || len(f.Files) != 2 || f.Files[1].Text != low.Text || len(f.Files[1].SHA256) != 64 {
		t.Errorf("%q, SHA-256 %s, %d files", f.Name, f.SHA256, len(f.Files))
	}
	if r, ok := f.Lookup("SRS-2"); !ok || r.ID != "SRS-2" {
		t.Errorf("SRS-2: %v, %t", r, ok)
	}
}

// What is wrong between requirements is reported at its place, all of it at once.
func TestMistakesBetweenRequirements(t *testing.T) {
	for name, test := range map[string]struct {
		sources []srs.Source
		want    []string
	}{
		"unknown and retired parents": {
			[]srs.Source{source("a.json", "A", "OLD retired < GONE"), source("b.json", "B < A, X", "C < OLD")},
			[]string{
				"b.json:2:87: B has the parent X, which no requirement in a.json, b.json has: correct the id, or give its file too",
				"b.json:3:82: C has the parent OLD, which is retired: give another, or remove it",
			},
		},
		"itself":  {[]srs.Source{source("a.json", "A < A")}, []string{"a.json:2:82: A is its own ancestor (A > A): remove one of these parents"}},
		"a cycle": {[]srs.Source{source("a.json", "X < A", "A < B", "B < C", "C < A, D", "D")}, []string{"a.json:5:82: A is its own ancestor (A > B > C > A): remove one of these parents"}},
		"two cycles": {
			[]srs.Source{source("a.json", "A < B", "B < A"), source("b.json", "C < D", "D < C")},
			[]string{
				"a.json:3:82: A is its own ancestor (A > B > A): remove one of these parents",
				"b.json:3:82: C is its own ancestor (C > D > C): remove one of these parents",
			},
		},
		"no cycle": {[]srs.Source{source("a.json", "A < B, C", "B < D", "C < D", "D")}, nil},
		"the same id": {
			[]srs.Source{source("a.json", "A-1", "a-1"), source("b.json", "A-1", "A-2")},
			[]string{
				"a.json:3:1: the id a-1 differs only in case from A-1 at a.json:2:1: give another",
				"b.json:2:1: the id A-1 is taken by a.json:2:1: give another",
			},
		},
		"mistakes of both files": {
			[]srs.Source{{Name: "a.json", Text: "["}, {Name: "b.json", Text: `{"A B": {"tester": "auto", "group": "g", "desc": "\u200b"}}`}},
			[]string{
				"a.json:1:2: the file ends too early: complete it",
				`b.json:1:2: invalid key "A B" in the file: it must be an id (a letter, then letters, digits, . _ - or :); ' ' cannot stand there`,
				`b.json:1:50: "desc" of "A B" is "\u200b": it must be a text that is not blank (what shall be the case)`,
			},
		},
	} {
		_, err := srs.ParseAll(test.sources)
		var got []string
		if err != nil {
			got = strings.Split(err.Error(), "\n")
		}
		if d := cmp.Diff(test.want, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
	}
}

package render

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/results"
	"github.com/socket-oneline/oneline/reports/srs"
)

// threeLevels is a report on requirements of three levels, one of whose leaves failed.
func threeLevels(t testing.TB) *reports.Model {
	t.Helper()
	file, err := srs.Parse("srs.json", []byte(`{
		"SYS-1": {"tester": "auto", "group": "g", "level": "system", "desc": "The pump shall be safe."},
		"SYS-2": {"tester": "auto", "group": "g", "level": "system", "desc": "The pump shall be quiet."},
		"HLR-1": {"tester": "auto", "group": "g", "level": "high", "desc": "It shall stop on an alarm.", "parents": ["SYS-1"]},
		"HLR-2": {"tester": "auto", "group": "g", "level": "high", "desc": "It shall have an alarm.", "parents": ["SYS-1", "SYS-2"]},
		"LLR-1": {"tester": "auto", "group": "g", "level": "low", "desc": "stop() shall stop.", "parents": ["HLR-1"]},
		"LLR-2": {"tester": "auto", "group": "g", "level": "low", "desc": "alarm() shall sound.", "parents": ["HLR-1", "HLR-2"]}
	}`))
	if err != nil {
		t.Fatal(err)
	}
	suite := results.Suite{Path: "example.org/pump", Name: "pump", Complete: true}
	for i, id := range []string{"LLR-1", "LLR-2"} {
		suite.Specs = append(suite.Specs, results.Spec{
			Identity: results.NewIdentity(suite.Path, evidence.Protocol{}, nil, id), Title: "verifies " + id, Location: fmt.Sprintf("pump_test.go:%d", 10+i),
			Requirements: []string{id}, State: results.Passed, Attempts: 1,
			Attempted: []evidence.Spec{{Title: "verifies " + id, Completed: true, Requirements: []string{id}, Verifications: []evidence.Verification{
				{Requirements: []string{id}, Passed: id == "LLR-1", Expected: "on", Actual: "off", Location: fmt.Sprintf("pump_test.go:%d", 20+i)},
			}}},
		})
	}
	return reports.Build(file, []*results.Results{{Name: "results.json", Suites: []results.Suite{suite}}}, reports.Options{})
}

// The failure of a leaf is seen at the top, with the way down to it, in every format;
// and every document of the trace shows both directions.
func TestLevels(t *testing.T) {
	m := threeLevels(t)
	if m.ExitCode != reports.ExitFailed {
		t.Fatalf("exit code %d, %q", m.ExitCode, m.Problems)
	}
	for _, f := range writersOf(Options{}) {
		if f.Name == annexName { // about specs
			continue
		}
		var b bytes.Buffer
		if err := f.Write(&b, m); err != nil {
			t.Fatal(err)
		}
		text := strings.ReplaceAll(strings.ReplaceAll(b.String(), "&gt;", ">"), `\u003e`, ">")
		switch f.Format {
		case "pdf", "docx", "badge", "github", "junit": // packed, or about specs
			continue
		}
		if strings.HasPrefix(f.Name, "protocol") {
			continue // it has no verdicts
		}
		text = strings.Join(strings.Fields(text), " ")
		if !strings.Contains(text, "SYS-1, by HLR-1 > LLR-2; SYS-2, by HLR-2 > LLR-2.") && !strings.Contains(text, "HLR-1 > LLR-2: the verification failed") {
			t.Errorf("%s does not show the way from SYS-1 to LLR-2:\n%.3000s", f.Name, text)
		}
	}
}

// The matrix has a column for each level, and what is below a requirement once.
func TestLevelTrace(t *testing.T) {
	var text string
	for _, f := range writersOf(Options{}) {
		if f.Name == "trace.txt" {
			text = string(written(t, f, threeLevels(t)))
		}
	}
	begin, end := strings.Index(text, "From top to bottom"), strings.Index(text, "From requirements to verifications")
	if begin < 0 || end < begin {
		t.Fatalf("no levels in\n%s", text)
	}
	var got []string
	for line := range strings.Lines(text[begin:end]) {
		if first := strings.TrimLeft(line, " "); strings.HasPrefix(first, "SYS-") || strings.HasPrefix(first, "HLR-") || strings.HasPrefix(first, "LLR-") {
			got = append(got, line[:min(len(line)-1, 58)])
		}
	}
	want := []string{
		"SYS-1                      FAIL     2 children   The pump ",
		"         HLR-1             FAIL     2 children   It shall ",
		"                  LLR-1    PASS     1 spec       stop() sh",
		"                  LLR-2    FAIL     1 spec       alarm() s",
		"         HLR-2             FAIL     1 child      It shall ",
		"                  LLR-2    FAIL     1 spec       alarm() s",
		"SYS-2                      FAIL     1 child      The pump ",
		"         HLR-2             FAIL     1 child      see above",
		"LLR-1        PASS         1  HLR-1         SYS-1",
		"LLR-2        FAIL         1  HLR-1, HLR-2  SYS-1, SYS-2",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// The page can be walked up and down.
func TestLevelLinks(t *testing.T) {
	page := string(written(t, thePage(), threeLevels(t)))
	for _, want := range []string{
		`<dt>parent</dt><dd><a href="#HLR-2">HLR-2</a> It shall have an alarm.</dd>`,
		`<dt>children</dt><dd><a href="#HLR-1">HLR-1</a>, <a href="#HLR-2">HLR-2</a></dd>`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not hold %s", want)
		}
	}
}

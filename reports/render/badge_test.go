package render

import (
	"bytes"
	"encoding/xml"
	"strings"
	"testing"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/justification"
	"github.com/socket-oneline/oneline/reports/render/document"
)

// The badge says what the exit code says, and never more than that.
func TestBadge(t *testing.T) {
	for _, c := range []struct {
		code, pass, fail int
		accepted         bool
		want, color      string
	}{
		{0, 59, 0, false, "59 of 59 passed", badgeColors[document.Good]},
		{0, 27, 0, false, "27 of 59 passed", badgeColors[document.Good]},
		{0, 57, 2, true, "57 of 59 passed, 2 failed", badgeColors[document.Warn]},
		{1, 24, 3, false, "24 of 59 passed, 3 failed", badgeColors[document.Bad]},
		{2, 59, 0, false, "Nothing concluded", badgeColors[document.Bad]},
		{3, 0, 0, false, "Target not reached", badgeColors[document.Warn]},
		{4, 58, 0, false, "58 of 59 passed, not all verified", badgeColors[document.Warn]},
	} {
		m := &reports.Model{ExitCode: c.code, AcceptJustified: c.accepted}
		m.Summary.Requirements, m.Summary.Pass, m.Summary.Fail = 59, c.pass, c.fail
		if c.accepted {
			m.Requirements = []reports.Requirement{{ID: "A", InScope: true, Verdict: reports.Fail, Justification: &justification.Justification{Text: "so"}}}
		}
		var b bytes.Buffer
		if err := Badge(&b, m); err != nil {
			t.Fatal(err)
		}
		if err := xml.Unmarshal(b.Bytes(), new(struct{})); err != nil {
			t.Errorf("no XML: %v\n%s", err, b.String())
		}
		if !strings.Contains(b.String(), ">"+c.want+"</text>") || !strings.Contains(b.String(), c.color) {
			t.Errorf("exit code %d: no %q in %s\n%s", c.code, c.want, c.color, b.String())
		}
	}
}

// Remarks name the file and the line, and no text makes a line of its own.
func TestAnnotations(t *testing.T) {
	m := sample()
	m.Problems = []reports.Problem{{Place: "ver/one.go:12:3", Text: "the spec names SRS-7"}, {Text: "a leak"}}
	var b bytes.Buffer
	if err := Annotations(&b, m); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(b.String()) {
		if !strings.HasPrefix(line, "::error ") && !strings.HasPrefix(line, "::warning ") && !strings.HasPrefix(line, "::notice ") || strings.ContainsAny(line, "\x1b\r") {
			t.Errorf("no remark: %q", line)
		}
	}
	for _, want := range []string{
		"::error file=ver/one.go,line=12,title=nothing can be concluded::the spec names SRS-7\n",
		"::error title=nothing can be concluded::a leak\n",
		"::error file=ver/commands.go,line=30,title=SRS-004 FAIL%3A answers ping with pong::wait for the answer: expected packet \"pong\", got nothing within 3s%0A",
		"::warning title=SRS-008 NOT TESTED::",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("nothing begins %q:\n%s", want, b.String())
		}
	}
	m.AcceptJustified = true
	for i := range m.Requirements {
		m.Requirements[i].Justification = &justification.Justification{Text: "so"}
	}
	b.Reset()
	if err := Annotations(&b, m); err != nil || strings.Contains(b.String(), "::error file=ver/commands.go") {
		t.Errorf("what is accepted is an error still (%v):\n%s", err, b.String())
	}
}

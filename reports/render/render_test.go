package render

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/justification"
	"github.com/socket-oneline/oneline/reports/layout"
	"github.com/socket-oneline/oneline/reports/render/content"
	"github.com/socket-oneline/oneline/reports/render/document"
	"github.com/socket-oneline/oneline/reports/render/text"
)

// hostile draws a text that does harm where it is written as it is.
func hostile() *rapid.Generator[string] {
	bits := rapid.SampledFrom([]string{
		"::error::x", "##vso[x", "@octocat", ":smile:", "http://a.b", "www.a.b", "#12", "</script>", "<img src=x onerror=alert(1)>", "]]>", "&amp;", "'\"", "|", "`", "```", "\n", "\r\n", "=cmd()", "+1", "-1", "@x", "# ",
		"\x00", "\x1b[2J", "\x1b]0;title\x07", "\u009b", "\x7f", "\xff\xfe", "\xed\xa0\x80", "\ufffe", "\uffff", "\u2028", "\u202e", "\u200b",
		"שלום", "👩‍👩‍👧", "e\u0301", "１", "word", " ", strings.Repeat("long", 260), "1. ", "{{.}}", "%!v", `\`,
	})
	return rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(bits, 0, 6).Draw(t, "bits"), "") + string(rapid.SliceOfN(rapid.Byte(), 0, 4).Draw(t, "bytes"))
	})
}

// drawModel is a part of the sample with hostile texts and random verdicts in it: of
// each protocol a spec.
func drawModel(t *rapid.T) *reports.Model {
	text := func() string { return hostile().Draw(t, "text") }
	m := sample()
	m.Requirements = slices.DeleteFunc(m.Requirements, func(r reports.Requirement) bool {
		return !slices.Contains([]string{"SRS-003", "SRS-004", "SRS-020", "SRS-100"}, r.ID)
	})
	for i := range m.Protocols {
		m.Protocols[i].Specs = m.Protocols[i].Specs[:1]
	}
	verdicts := []reports.Verdict{reports.Pass, reports.Fail, reports.Partial, reports.NotTested, reports.NotObservable, reports.Invalid}
	for i := range m.Requirements {
		r := &m.Requirements[i]
		r.Protocols, r.Specs = nil, nil
		r.Desc, r.Group, r.Reason, r.Level, r.Source = text(), text(), text(), text(), text()
		r.Verdict = rapid.SampledFrom(verdicts).Draw(t, "verdict")
		if r.Justification != nil {
			r.Justification = &justification.Justification{Text: text(), Author: text(), Date: text()}
		}
	}
	m.Conclusion, m.Problems = []string{text(), text()}, []reports.Problem{{Text: text()}}
	m.Run.Target.Name, m.Run.Machine, m.Run.Repeat, m.Run.ID = text(), text(), text(), text()
	m.Run.Notes = []string{text()}
	file := func() *evidence.File { return &evidence.File{Name: text(), SHA256: text()} }
	m.Run.Config, m.Run.Protocol, m.Run.Justifications, m.Run.Manual = file(), file(), file(), file()
	m.Run.Testers = []evidence.Tester{{Initials: text(), Name: text()}, {Initials: text(), Name: text()}}
	for i := range m.Protocols {
		p := &m.Protocols[i]
		p.Desc, p.Objectives = text(), []string{text()}
		for j := range p.Specs {
			drawSpec(&p.Specs[j], text)
		}
	}
	link(m)
	return m
}

func drawSpec(s *reports.Spec, text func() string) {
	s.Title, s.Location, s.Reason, s.Failure, s.Repeat = text(), text(), text(), text(), text()
	e := s.Evidence
	e.Notes, e.Blocked = []string{text()}, text()
	for i := range e.Steps {
		e.Steps[i].Text = text()
		if s.Manual {
			e.Steps[i].By = text()
		}
	}
	e.Planned = append(e.Planned, evidence.Verification{Step: 1, Requirements: []string{text()}, Text: text(), Expected: text()})
	for i := range e.Verifications {
		v := &e.Verifications[i]
		v.Expected, v.Actual, v.Text, v.Location = text(), text(), text(), text()
		if s.Manual {
			v.By = text()
		}
	}
	e.Transcript = append(e.Transcript, evidence.Exchange{Direction: evidence.Received, Bytes: []byte(text())}, evidence.Exchange{Direction: "event", Text: text()})
}

// TestHostileTexts: no text makes a writer fail, break its format, or send
// what a terminal or a browser would obey.
func TestHostileTexts(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := func() string { return hostile().Draw(t, "text") }
		all := append(slices.DeleteFunc(writersOf(Options{Layout: layout.Layout{
			Header: text(), Footer: text(), Documents: map[string]layout.Identity{"report": {Number: text(), Revision: text()}},
			Approvers: []layout.Approver{{Name: text(), Role: text()}},
		}}), another), slices.DeleteFunc(writers(), func(f writer) bool {
			return f.Format != "terminal" || strings.Contains(f.Name, "color") // escape sequences of our own: see TestColor
		})...)
		m := drawModel(t)
		for range 2 { // of all, so that a run is quick; many runs see them all
			f := rapid.SampledFrom(all).Draw(t, "writer")
			var b bytes.Buffer
			if err := f.Write(&b, m); err != nil {
				t.Fatalf("%s: %v", f.Name, err)
			}
			if err := sound(f.Format, b.Bytes()); err != nil {
				t.Fatalf("%s: %v", f.Name, err)
			}
		}
	})
}

// TestLinksLead: every link of the page leads to a place on it.
func TestLinksLead(t *testing.T) {
	bare := tiny() // without a protocol
	bare.Protocols[0].ID, bare.Protocols[0].Desc = "", ""
	for i := range bare.Requirements {
		bare.Requirements[i].Protocols, bare.Requirements[i].Specs = nil, nil
	}
	link(bare)
	for name, m := range map[string]*reports.Model{"sample": theSample(), "bare": bare, "empty": {}} {
		page := string(written(t, thePage(), m))
		for _, l := range regexp.MustCompile(`href="#([^"]*)"`).FindAllStringSubmatch(page, -1) {
			if !strings.HasPrefix(l[1], "?") && !strings.Contains(page, ` id="`+l[1]+`"`) {
				t.Errorf("%s: nothing has the id %s", name, l[1])
			}
		}
	}
	if page := string(written(t, thePage(), theSample())); !strings.Contains(page, `<div id="SRS-004">`) {
		t.Error("SRS-004 cannot be linked to")
	}
}

// TestBarOfThousands: the shares of the bar are numbers as CSS writes them.
func TestBarOfThousands(t *testing.T) {
	m := &reports.Model{Summary: reports.Summary{Requirements: 1234, Pass: 1234}}
	if page := string(written(t, thePage(), m)); !strings.Contains(page, `style="flex-grow:1234"`) {
		t.Error("the bar has no share of 1234")
	}
}

// TestColor: colors come only where asked for, and every one ends on its
// line.
func TestColor(t *testing.T) {
	var color, plain bytes.Buffer
	if err := errors.Join(text.Terminal(&color, theSample(), text.TerminalOptions{Width: 80, Color: true}), text.Terminal(&plain, theSample(), text.TerminalOptions{Width: 80})); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(plain.String(), "\x1b") {
		t.Error("escape sequences without Color")
	}
	if !strings.Contains(color.String(), "\x1b[1;31m"+"FAIL") {
		t.Error("no color for FAIL")
	}
	for line := range strings.Lines(color.String()) {
		if strings.Count(line, "\x1b[0m")*2 != strings.Count(line, "\x1b[") {
			t.Errorf("a color does not end on its line: %q", line)
		}
	}
	bare := regexp.MustCompile("\x1b\\[[0-9;]*m").ReplaceAllString(color.String(), "")
	if bare != plain.String() {
		t.Error("the texts differ with color")
	}
}

// whole are lines that are not broken: commands, and files with their hashes.
var whole = regexp.MustCompile(`^ *(repeat|requirements|evidence|evidence in full|application profile|test protocol|manual protocols|justifications|configuration)  `)

// TestWidths: no line is wider than the terminal or the page.
func TestWidths(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := drawModel(t)
		width := rapid.IntRange(60, 140).Draw(t, "width")
		var b bytes.Buffer
		d := rapid.SampledFrom(layout.Documents).Draw(t, "document")
		if err := errors.Join(text.Terminal(&b, m, text.TerminalOptions{Width: width}), text.Write(&b, content.Build(d, m, content.Options{}), width)); err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(b.String()) {
			if n := document.Columns(strings.TrimSuffix(line, "\n")); n > width && !whole.MatchString(line) {
				t.Fatalf("%d columns, not %d: %q", n, width, line)
			}
		}
	})
}

// TestPipe: where there is no terminal, a table fits into a log, and all that can be
// searched for stands on one line.
func TestPipe(t *testing.T) {
	m := sample()
	long := strings.Repeat("a word and ", 20) + "an end"
	m.Requirements[1].Desc, m.Conclusion, m.Problems = long, []string{long + " of all"}, []reports.Problem{{Text: long + " of this"}}
	var b bytes.Buffer
	if err := text.Terminal(&b, m, text.TerminalOptions{Verbose: true}); err != nil {
		t.Fatal(err)
	}
	for _, whole := range []string{"\n" + long + " of all\n", "\n  - " + long + " of this\n"} {
		if !strings.Contains(b.String(), whole) {
			t.Errorf("it does not stand on one line: %q", whole)
		}
	}
	table, rest, _ := strings.Cut(b.String(), "\nFAIL  SRS-")
	for line := range strings.Lines(table) {
		if n := document.Columns(line); n > 101 {
			t.Errorf("%d columns: %s", n-1, line)
		}
	}
	if !strings.Contains(table, "SRS-003") || rest == "" {
		t.Error("there is no table")
	}
}

// brokenWriter fails after n bytes.
type brokenWriter struct{ n int }

var errBroken = errors.New("disk full")

func (w *brokenWriter) Write(p []byte) (int, error) {
	if w.n -= len(p); w.n < 0 {
		return 0, errBroken
	}
	return len(p), nil
}

// TestErrorsReachTheCaller: a full disk is never a whole report.
func TestErrorsReachTheCaller(t *testing.T) {
	t.Parallel()
	m := tiny()
	for _, f := range one() {
		size := len(written(t, f, m))
		for _, room := range []int{0, rand.IntN(size), size - 1} {
			if err := f.Write(&brokenWriter{room}, m); !errors.Is(err, errBroken) {
				t.Errorf("%s with room for %d of %d bytes: %v", f.Name, room, size, err)
			}
		}
	}
}

// TestEmptyModel: a run of which nothing is known still has all its reports.
func TestEmptyModel(t *testing.T) {
	for _, f := range writers() {
		data := written(t, f, &reports.Model{})
		if err := sound(f.Format, data); err != nil || len(data) == 0 {
			t.Errorf("%s: %v, %d bytes", f.Name, err, len(data))
		}
	}
}

// TestProtocolIsFree of what only a run can know: it is the same after a run
// in which everything went otherwise.
func TestProtocolIsFree(t *testing.T) {
	other := sample()
	other.ExitCode, other.Conclusion = 0, nil
	for i := range other.Protocols {
		p := &other.Protocols[i]
		p.Verdict = reports.Pass
		for j := range p.Specs {
			s := &p.Specs[j]
			s.Seconds, s.Reason, s.Failure, s.State, s.Results = 99, "", "", "passed", nil
			s.Evidence.Transcript, s.Evidence.Notes, s.Evidence.DeadTarget = nil, nil, ""
			for k := range s.Evidence.Steps {
				s.Evidence.Steps[k].At = time.Time{}
			}
			all := s.Evidence.Verifications
			for k := range all {
				all[k].Actual, all[k].Passed, all[k].At = "other", !all[k].Passed, time.Time{}
			}
			s.Evidence.Verifications = append(all, all...) // a faster target: repeated more often
		}
	}
	var a, b bytes.Buffer
	if err := errors.Join(text.Write(&a, content.Build("protocol", sample(), content.Options{}), 100), text.Write(&b, content.Build("protocol", other, content.Options{}), 100)); err != nil {
		t.Fatal(err)
	}
	if a.String() != b.String() {
		t.Error("the test protocol depends on how the run went")
	}
}

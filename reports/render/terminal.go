package render

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"github.com/socket-oneline/oneline/reports"
)

// TerminalOptions says what the terminal can do.
type TerminalOptions struct {
	Width int  // columns; 0: as wide as the texts need
	Color bool // whether it is a terminal that shows colours
}

// Terminal writes what a run ends with: the requirement-coverage table, the
// summary, what failed, and the conclusion. Without Color it holds no escape
// sequence, whatever the texts hold.
func Terminal(w io.Writer, m *reports.Model, opt TerminalOptions) error {
	t := &terminal{textWriter{bufio.NewWriter(w), opt.Width}, opt.Color}
	t.coverage(m)
	t.summary(m)
	t.failures(m)
	t.problems(m)
	t.line("")
	tone := Warn
	switch m.ExitCode {
	case reports.ExitPassed:
		tone = Good
	case reports.ExitFailed:
		tone = Bad
	}
	for _, l := range m.Conclusion {
		t.paragraph(l, tone)
	}
	return t.Flush()
}

type terminal struct {
	textWriter
	color bool
}

// escape sequences of the tones.
var sgr = map[Tone]string{
	Good: "\x1b[32m", Bad: "\x1b[1;31m", Warn: "\x1b[33m", Muted: "\x1b[2m",
}

// paint colours s, which must hold no line feed.
func (t *terminal) paint(s string, tone Tone) string {
	if !t.color || s == "" || sgr[tone] == "" {
		return s
	}
	return sgr[tone] + s + "\x1b[0m"
}

func (t *terminal) paragraph(s string, tone Tone) {
	for _, l := range wrap(show(s), t.width) {
		t.line(t.paint(l, tone))
	}
}

// coverage writes the requirement-coverage table. Its last column wraps, so
// that the others need not.
func (t *terminal) coverage(m *reports.Model) {
	if len(m.Requirements) == 0 {
		t.line("no requirements")
		return
	}
	cov := coverageTable(m)
	head := []string{"requirement", "group", "result", "verifications", "protocols", "text"}
	if t.width > 0 && t.width < 120 { // a narrow head leaves room to the text
		head = []string{"require-\nment", "group", "result", "verifi-\ncations", "protocols", "text"}
	}
	last := len(head) - 1
	rows := tableTexts(cov)
	rows[0] = head
	widths := layout(narrowed(cov.Columns, t.width), rows, t.width)

	tw := table.NewWriter()
	tw.SetStyle(plainStyle())
	tw.SetColumnConfigs([]table.ColumnConfig{{Number: 4, Align: text.AlignRight, AlignHeader: text.AlignRight}})
	for i, r := range rows {
		row := make(table.Row, len(r))
		for j, s := range r {
			lines := wrap(s, widths[j])
			tone := Plain
			if i > 0 && j < last {
				tone = cov.Rows[i-1][j].Tone
			}
			for k := range lines {
				lines[k] = t.paint(lines[k], tone)
			}
			row[j] = strings.Join(lines, "\n")
		}
		if i == 0 {
			tw.AppendHeader(row)
		} else {
			tw.AppendRow(row)
		}
	}
	for l := range strings.SplitSeq(tw.Render(), "\n") {
		t.line(l)
	}
}

// narrowed are the columns of the coverage table for a terminal of this
// width: on a narrow one the verdicts wrap.
func narrowed(cols []Column, width int) []Column {
	out := append([]Column(nil), cols...)
	if width > 0 && width < 100 {
		out[2].Width = 10
		out[4].Width = 9
	}
	return out
}

// plainStyle has no borders: they take the room that the texts need, and a
// table without them can be copied.
func plainStyle() table.Style {
	s := table.StyleDefault
	s.Format.Header = text.FormatDefault
	s.Options = table.Options{SeparateColumns: true, SeparateHeader: true}
	s.Box.PaddingLeft, s.Box.PaddingRight = "", ""
	s.Box.MiddleVertical, s.Box.MiddleHorizontal, s.Box.MiddleSeparator = gap, "-", "--"
	return s
}

// summary writes the summary's rows.
func (t *terminal) summary(m *reports.Model) {
	t.line("")
	sum := summaryTable(m)
	rows := tableTexts(sum)[1:]
	widths := layout(sum.Columns, rows, t.width)
	for i, r := range rows {
		figures := gap + pad(r[1], widths[1], true) + gap + pad(r[2], widths[2], true)
		for _, name := range wrap(r[0], widths[0]) {
			t.line(t.paint(pad(name, widths[0], false)+figures, sum.Rows[i][0].Tone))
			figures = ""
		}
	}
}

func (t *terminal) failures(m *reports.Model) {
	first := true
	for f, left := range failures(m) {
		if first {
			t.line("")
			t.line("What failed")
			first = false
		}
		t.line("")
		t.paragraph("FAIL "+f.requirements, Bad)
		pairs := f.pairs()
		for _, p := range pairs {
			t.hanging("  "+pad(p.Name, 8, false)+"  ", show(p.Value))
		}
		if left > 0 {
			t.line(fmt.Sprintf("  and %s more of this spec; the test report has them all", thousands(left)))
		}
	}
}

func (t *terminal) problems(m *reports.Model) {
	if len(m.Problems) == 0 {
		return
	}
	t.line("")
	t.paragraph("Nothing can be concluded from this run, because:", Bad)
	for _, p := range m.Problems {
		t.hanging("  - ", show(p))
	}
}

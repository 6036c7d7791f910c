package text

import (
	"bufio"
	"fmt"
	"io"
	"slices"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/render/content"
	"github.com/socket-oneline/oneline/reports/render/document"
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
	t := &terminal{textWriter{Writer: bufio.NewWriter(w), width: opt.Width, dense: true, paint: plainly}}
	if opt.Color {
		t.paint = colour
	}
	t.coverage(m)
	t.table(content.SummaryTable(m))
	t.failures(m)
	t.problems(m)
	t.line("")
	_, tone := content.Outcome(m)
	for _, l := range m.Conclusion {
		t.paragraph(l, tone)
	}
	return t.Flush()
}

// terminal is a textWriter that may paint.
type terminal struct{ textWriter }

// escape sequences of the tones.
var sgr = map[document.Tone]string{
	document.Good: "\x1b[32m", document.Bad: "\x1b[1;31m", document.Warn: "\x1b[33m", document.Muted: "\x1b[2m",
}

// colour paints s, which holds no line feed.
func colour(s string, tone document.Tone) string {
	if s == "" || sgr[tone] == "" {
		return s
	}
	return sgr[tone] + s + "\x1b[0m"
}

func (t *terminal) paragraph(s string, tone document.Tone) {
	for _, l := range document.Wrap(document.Show(s), t.width) {
		t.line(t.paint(l, tone))
	}
}

// coverage writes the requirement-coverage table. On a narrow terminal the
// titles and the verdicts wrap, to leave room to the texts.
func (t *terminal) coverage(m *reports.Model) {
	table := content.CoverageTable(m)
	table.Columns = slices.Clone(table.Columns)
	if t.width > 0 && t.width < 110 {
		table.Columns[0].Title, table.Columns[3].Title = "Require-\nment", "Verifi-\ncations"
		table.Columns[2].Width, table.Columns[4].Width = 10, 9
	}
	t.table(table)
}

func (t *terminal) failures(m *reports.Model) {
	first := true
	for f, left := range content.Failures(m) {
		if first {
			t.line("")
			t.line("What failed")
			first = false
		}
		t.line("")
		t.paragraph("FAIL "+f.Requirements, document.Bad)
		pairs := f.Pairs()
		for _, p := range pairs {
			t.hanging("  "+pad(p.Name, 8, false)+"  ", document.Show(p.Value))
		}
		if left > 0 {
			t.line(fmt.Sprintf("  and %s more of this spec; the test report has them all", document.Thousands(left)))
		}
	}
}

func (t *terminal) problems(m *reports.Model) {
	if len(m.Problems) == 0 {
		return
	}
	t.line("")
	t.paragraph("Nothing can be concluded from this run, because:", document.Bad)
	for _, p := range m.Problems {
		t.hanging("  - ", document.Show(p.String()))
	}
}

// TerminalComparison writes what a report on several targets ends with: the
// table of requirements by targets, the counts, the conclusion of each target
// and of all.
func TerminalComparison(w io.Writer, c *reports.Comparison, opt TerminalOptions) error {
	t := &terminal{textWriter{Writer: bufio.NewWriter(w), width: opt.Width, dense: true, paint: plainly}}
	if opt.Color {
		t.paint = colour
	}
	const beside = 60 // columns that the texts need beside the verdicts
	t.table(content.MatrixTable(c, t.width == 0 || t.width >= beside+16*len(c.Targets)))
	t.table(content.CountsTable(c))
	for i := range c.Targets {
		t.line("")
		_, tone := content.ExitText(c.Targets[i].ExitCode)
		for j, l := range c.Targets[i].Conclusion {
			if j == 0 {
				l = content.Numbered(i, l)
			}
			t.paragraph(l, tone)
		}
	}
	t.line("")
	_, tone := content.ExitText(c.ExitCode)
	for _, l := range c.Conclusion {
		t.paragraph(l, tone)
	}
	return t.Flush()
}

package render

import (
	"bufio"
	"fmt"
	"io"
	"slices"

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
	t := &terminal{textWriter{Writer: bufio.NewWriter(w), width: opt.Width, dense: true, paint: plainly}}
	if opt.Color {
		t.paint = colour
	}
	t.coverage(m)
	t.table(summaryTable(m))
	t.failures(m)
	t.problems(m)
	t.line("")
	_, tone := outcome(m)
	for _, l := range m.Conclusion {
		t.paragraph(l, tone)
	}
	return t.Flush()
}

// terminal is a textWriter that may paint.
type terminal struct{ textWriter }

// escape sequences of the tones.
var sgr = map[Tone]string{
	Good: "\x1b[32m", Bad: "\x1b[1;31m", Warn: "\x1b[33m", Muted: "\x1b[2m",
}

// colour paints s, which holds no line feed.
func colour(s string, tone Tone) string {
	if s == "" || sgr[tone] == "" {
		return s
	}
	return sgr[tone] + s + "\x1b[0m"
}

func (t *terminal) paragraph(s string, tone Tone) {
	for _, l := range wrap(show(s), t.width) {
		t.line(t.paint(l, tone))
	}
}

// coverage writes the requirement-coverage table. On a narrow terminal the
// titles and the verdicts wrap, to leave room to the texts.
func (t *terminal) coverage(m *reports.Model) {
	table := coverageTable(m)
	table.Columns = slices.Clone(table.Columns)
	if t.width > 0 && t.width < 110 {
		table.Columns[0].Title, table.Columns[3].Title = "Require-\nment", "Verifi-\ncations"
		table.Columns[2].Width, table.Columns[4].Width = 10, 9
	}
	t.table(table)
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

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
	Width   int  // columns; 0: as wide as the texts need
	Color   bool // whether it is a terminal that shows colors
	Verbose bool // every requirement in a table of its own, and all counts; false: what passed stands in a line
}

// Terminal writes what a run ends with: what did not pass first and in full, the
// others by their ids, and the conclusion. Without Color it holds no escape
// sequence, whatever the texts hold.
func Terminal(w io.Writer, m *reports.Model, opt TerminalOptions) error {
	t := newTerminal(w, opt)
	if opt.Verbose {
		t.coverage(m)
		t.table(content.SummaryTable(m))
	}
	t.failures(m)
	t.open(m)
	t.passed(m)
	t.problems(m)
	t.differences(m)
	t.line("")
	_, tone := content.Outcome(m)
	for _, l := range m.Conclusion {
		t.paragraph(l, tone)
	}
	return t.Flush()
}

// terminal is a textWriter that may paint.
type terminal struct{ textWriter }

func newTerminal(w io.Writer, opt TerminalOptions) *terminal {
	t := &terminal{textWriter{Writer: bufio.NewWriter(w), width: opt.Width, dense: true, paint: plainly}}
	if opt.Color {
		t.paint = color
	}
	return t
}

// escape sequences of the tones.
var sgr = map[document.Tone]string{
	document.Good: "\x1b[32m", document.Bad: "\x1b[1;31m", document.Warn: "\x1b[33m", document.Muted: "\x1b[2m",
}

// color paints s, which holds no line feed.
func color(s string, tone document.Tone) string {
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

// indent is where the text of a requirement begins.
const indent = "      "

// requirement writes the verdict, the id and the text of one.
func (t *terminal) requirement(r *reports.Requirement) {
	t.line("")
	c := content.VerdictCell(r.Verdict)
	head := c.Text + "  " + document.Show(r.ID)
	t.line(t.paint(head, c.Tone))
	t.hanging(indent, r.Desc)
	if text := content.Justified(r); text != "" {
		t.hanging(indent, text)
	}
}

// failures writes what failed, by requirement and cause.
func (t *terminal) failures(m *reports.Model) {
	failed := content.Failures(m)
	for i := range failed {
		r := &failed[i]
		t.requirement(r.Requirement)
		for k := range r.Causes {
			t.cause(&r.Causes[k])
		}
		if text := r.WithText(); text != "" {
			t.hanging(indent, text)
		}
		if repeat := r.Requirement.Repeat; repeat != "" {
			t.hanging(indent+"repeat    ", repeat)
		}
	}
}

func (t *terminal) cause(c *content.Cause) {
	t.line("")
	for _, p := range c.Pairs() {
		t.hanging(indent+pad(p.Name, 8, false)+"  ", p.Value)
	}
	if more := c.MoreText(); more != "" {
		t.hanging(indent+pad("", 8, false)+"  ", more)
	}
}

// alike is how many requirements that are open for one reason stand together.
const alike = 3

// open writes the requirements that neither failed nor passed, with the reason.
func (t *terminal) open(m *reports.Model) {
	type kind struct {
		verdict reports.Verdict
		reason  string
	}
	of := map[kind][]*reports.Requirement{}
	var order []kind
	for i := range m.Requirements {
		r := &m.Requirements[i]
		switch r.Verdict {
		case reports.Partial, reports.NotTested, reports.Invalid:
			k := kind{r.Verdict, r.Reason}
			if of[k] == nil {
				order = append(order, k)
			}
			of[k] = append(of[k], r)
		}
	}
	for _, k := range order {
		if len(of[k]) >= alike {
			t.together(of[k])
			continue
		}
		for _, r := range of[k] {
			t.requirement(r)
			t.hanging(indent, document.Stated(r.Reason))
			if r.Repeat != "" {
				t.hanging(indent+"repeat    ", r.Repeat)
			}
		}
	}
}

// together writes requirements of one verdict and reason.
func (t *terminal) together(all []*reports.Requirement) {
	ids := make([]string, len(all))
	for i, r := range all {
		ids[i] = r.ID
	}
	t.line("")
	t.hanging(string(all[0].Verdict)+"  ", content.Ranges(ids))
	t.hanging(indent, document.Stated(all[0].Reason))
	for _, r := range all {
		if text := content.Justified(r); text != "" {
			t.hanging(indent, r.ID+": "+text)
		}
	}
}

// passed lists the requirements that did.
func (t *terminal) passed(m *reports.Model) {
	for _, v := range []reports.Verdict{reports.PassOutcome, reports.Pass} {
		var ids []string
		for i := range m.Requirements {
			if m.Requirements[i].Verdict == v {
				ids = append(ids, m.Requirements[i].ID)
			}
		}
		if len(ids) > 0 {
			t.line("")
			t.hanging(string(v)+"  ", content.Ranges(ids))
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
		t.hanging("  - ", p.String())
	}
}

// mostDifferences is how many rows about the lock a terminal shows.
const mostDifferences = 20

// differences writes how runs that are taken together differ, and what differs from the
// lock.
func (t *terminal) differences(m *reports.Model) {
	if len(reports.Differing(m.Runs)) > 0 {
		for _, b := range content.RunTables(m) {
			t.table(b.(document.Table))
		}
	}
	lock := content.LockTable(m)
	if more := len(lock.Rows) - mostDifferences; more > 0 {
		lock.Rows = lock.Rows[:mostDifferences]
		defer t.line(fmt.Sprintf("and %s more, in the reports", document.Thousands(more)))
	}
	if len(lock.Rows) > 0 {
		t.table(lock)
	}
}

// TerminalComparison writes what a report on several targets ends with: the
// table of requirements by targets, the counts, the conclusion of each target
// and of all.
func TerminalComparison(w io.Writer, c *reports.Comparison, opt TerminalOptions) error {
	t := newTerminal(w, opt)
	const beside = 60 // columns that the texts need beside the verdicts
	t.table(content.MatrixTable(c, t.width == 0 || t.width >= beside+16*len(c.Targets)))
	t.table(content.TargetsTable(c))
	for b := range content.Conclusions(c) {
		p := b.(document.Paragraph)
		t.line("")
		t.paragraph(p.Text, p.Tone)
	}
	return t.Flush()
}

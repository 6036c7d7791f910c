package text

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/render/content"
	"github.com/socket-oneline/oneline/reports/render/document"
)

// TerminalOptions says what the terminal can do.
type TerminalOptions struct {
	Width   int  // columns; 0: it is no terminal, see Write
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
	if problems := content.Problems(m); len(problems.Items) > 0 {
		t.line("")
		t.list(problems, document.Bad)
	}
	t.differences(m)
	t.line("")
	for _, l := range m.Conclusion {
		t.paragraph(l, content.Outcome(m).Tone)
	}
	return t.Flush()
}

func newTerminal(w io.Writer, opt TerminalOptions) *writer {
	return &writer{Writer: bufio.NewWriter(w), width: opt.Width, dense: true, color: opt.Color}
}

// escape sequences of the tones.
var sgr = map[document.Tone]string{
	document.Good: "\x1b[32m", document.Bad: "\x1b[1;31m", document.Warn: "\x1b[33m", document.Muted: "\x1b[2m",
}

// paint makes the tone of s seen, which holds no line feed. It takes as many columns.
func (t *writer) paint(s string, tone document.Tone) string {
	if !t.color || s == "" || sgr[tone] == "" {
		return s
	}
	return sgr[tone] + s + "\x1b[0m"
}

// coverage writes the requirement-coverage table. On a narrow terminal the
// titles and the verdicts wrap, to leave room to the texts.
func (t *writer) coverage(m *reports.Model) {
	table := content.CoverageTable(m)
	if t.width > 0 && t.width < 110 {
		table.Columns[0].Title, table.Columns[3].Title = "Require-\nment", "Verifi-\ncations"
		table.Columns[2].Width, table.Columns[4].Width = 10, 9
	}
	t.table(table)
}

// Where the text of a requirement begins, and how wide the names below it are.
const (
	indent    = "      "
	nameWidth = len("expected")
)

// requirement writes the verdict, the id and the text of one.
func (t *writer) requirement(r *reports.Requirement) {
	t.line("")
	c := content.VerdictCell(r.Verdict)
	head := c.Text + "  " + document.Show(r.ID)
	t.line(t.paint(head, c.Tone))
	t.hanging(indent, r.Desc)
	t.below(content.Justified(r))
}

// failures writes what failed, by requirement and cause.
func (t *writer) failures(m *reports.Model) {
	for _, r := range content.Failures(m) {
		t.requirement(r.Requirement)
		for _, c := range r.Causes {
			t.line("")
			pairs := c.Pairs()
			pairs.Add("", c.MoreText())
			t.named(indent, nameWidth, pairs)
		}
		t.below(r.WithText())
		t.repeat(r.Requirement)
	}
}

// repeat writes the command that verifies a requirement alone, if there is one.
func (t *writer) repeat(r *reports.Requirement) {
	var p document.Pairs
	p.AddCommand("repeat", r.Repeat)
	t.named(indent, nameWidth, p)
}

// below writes what more there is to say of a requirement, if anything.
func (t *writer) below(text string) {
	if text != "" {
		t.hanging(indent, text)
	}
}

// alike is how many requirements that are open for one reason stand together.
const alike = 3

// open writes the requirements that neither failed nor passed, with the reason.
func (t *writer) open(m *reports.Model) {
	type kind struct {
		verdict reports.Verdict
		reason  string
	}
	of := map[kind][]reports.Requirement{}
	for _, r := range m.Requirements {
		k := kind{r.Verdict, r.Reason}
		of[k] = append(of[k], r)
	}
	open := []reports.Verdict{reports.Partial, reports.NotTested, reports.Invalid}
	for _, first := range m.Requirements {
		all := of[kind{first.Verdict, first.Reason}]
		if !slices.Contains(open, first.Verdict) || all[0].ID != first.ID {
			continue
		}
		if len(all) >= alike {
			t.together(first.Verdict, all)
			t.hanging(indent, document.Stated(first.Reason))
			for _, r := range all {
				t.below(document.Prefix(r.ID+": ", content.Justified(&r)))
			}
			continue
		}
		for _, r := range all {
			t.requirement(&r)
			t.hanging(indent, document.Stated(r.Reason))
			t.repeat(&r)
		}
	}
}

// together writes the ids of requirements of one verdict.
func (t *writer) together(v reports.Verdict, all []reports.Requirement) {
	ids := make([]string, len(all))
	for i, r := range all {
		ids[i] = r.ID
	}
	t.line("")
	t.hanging(string(v)+"  ", ranges(ids))
}

// ranges lists sorted ids briefly: SRS-001, 003 to 006, 010.
func ranges(ids []string) string {
	var parts []string
	shared := ""
	for i := 0; i < len(ids); {
		prefix := strings.TrimRight(ids[i], "0123456789")
		digits := len(ids[i]) - len(prefix)
		number, _ := strconv.Atoi(ids[i][len(prefix):])
		n := 1
		for i+n < len(ids) && digits > 0 && len(ids[i+n]) == len(ids[i]) && ids[i+n] == fmt.Sprintf("%s%0*d", prefix, digits, number+n) {
			n++
		}
		if n < 3 { // two are as short one by one
			n = 1
		}
		part := ids[i]
		if prefix == shared && digits > 0 && i > 0 {
			part = part[len(prefix):]
		}
		if n > 1 {
			part += " to " + ids[i+n-1][len(prefix):]
		}
		parts, shared = append(parts, part), prefix
		i += n
	}
	return strings.Join(parts, ", ")
}

// passed lists the requirements that did.
func (t *writer) passed(m *reports.Model) {
	for _, v := range []reports.Verdict{reports.PassOutcome, reports.Pass} {
		other := func(r reports.Requirement) bool { return r.Verdict != v }
		if all := slices.DeleteFunc(slices.Clone(m.Requirements), other); len(all) > 0 {
			t.together(v, all)
		}
	}
}

// mostDifferences is how many rows about the lock a terminal shows.
const mostDifferences = 20

// differences writes how runs that are taken together differ, and what differs from the
// lock.
func (t *writer) differences(m *reports.Model) {
	if len(reports.Differing(m.Runs)) > 0 {
		for _, b := range content.RunTables(m) {
			t.block(b, 0)
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
	t.table(content.MatrixTable(c, cmp.Or(t.width, pipeWidth) >= beside+16*len(c.Targets)))
	t.table(content.TargetsTable(c))
	for b := range content.Conclusions(c) {
		t.block(b, 0)
	}
	return t.Flush()
}

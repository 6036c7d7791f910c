package text

import (
	"bufio"
	"cmp"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/socket-oneline/oneline/reports/render/document"
)

// pipeWidth is how many columns a table takes in a text that goes to no terminal: as
// many as the log of a build server, an editor or a mail shows side by side.
const pipeWidth = 100

// Write writes doc as plain text of at most width columns. 0 is for a text that goes to
// no terminal: its tables fit into a log, and all other lines are whole, so that they can
// be searched for.
func Write(w io.Writer, doc document.Document, width int) error {
	t := &writer{Writer: bufio.NewWriter(w), width: width}
	t.heading(doc.Title, 0)
	for b := range document.Concat(doc.Lead, doc.Chapters()) {
		t.block(b, 1)
	}
	return t.Flush()
}

// writer keeps the first error, as its bufio.Writer does, and reports it in Flush.
type writer struct {
	*bufio.Writer
	width int
	dense bool // no gap between rows of several lines
	color bool // tones are seen
}

func (t *writer) line(s string) {
	t.WriteString(harmless(strings.TrimRight(s, " ")))
	t.WriteByte('\n')
}

// command is what a build server may take for one of its own: GitHub obeys
// ::error:: at the beginning of a line, Azure and TeamCity ##vso[ and its like
// anywhere.
var command = regexp.MustCompile(`^( *):(:)|##(\w*)\[`)

// harmless makes a line of output a line of text for build servers. It takes as
// many columns as before, and a reader sees what was there.
func harmless(line string) string {
	if !strings.Contains(line, "::") && !strings.Contains(line, "##") {
		return line
	}
	return command.ReplaceAllStringFunc(line, func(found string) string {
		if strings.HasPrefix(found, "##") {
			return "##" + strings.TrimSuffix(found[2:], "[") + "⁅"
		}
		return strings.TrimSuffix(found, "::") + "∶:"
	})
}

// underlines of headings, by depth.
const underlines = "==-"

func (t *writer) heading(title string, depth int) {
	if depth > 0 {
		t.line("")
	}
	lines := document.Wrap(document.Show(title), t.width)
	for _, l := range lines {
		t.line(l)
	}
	if depth < len(underlines) {
		t.line(strings.Repeat(underlines[depth:depth+1], document.Widest(strings.Join(lines, "\n"))))
	}
}

func (t *writer) block(b document.Block, depth int) {
	switch b := b.(type) {
	case document.Section:
		title := b.Title
		if b.Badge.Text != "" {
			title += ": " + b.Badge.Text
		}
		t.heading(title, depth)
		for inner := range b.Body {
			t.block(inner, depth+1)
		}
	case document.Paragraph:
		t.line("")
		t.paragraph(b.Text, b.Tone)
	case document.List:
		t.line("")
		t.list(b, document.Plain)
	case document.Pairs:
		t.pairs(b)
	case document.Table:
		t.table(b)
	case document.Transcript:
		t.line("")
		for _, l := range b {
			lead := "    "
			if l.Hot {
				lead = "  ! "
			}
			t.hanging(lead, l.Text)
		}
	}
}

func (t *writer) paragraph(s string, tone document.Tone) {
	for _, l := range document.Wrap(document.Show(s), t.width) {
		t.line(t.paint(l, tone))
	}
}

func (t *writer) list(l document.List, tone document.Tone) {
	t.paragraph(l.Title, tone)
	for _, item := range l.Items {
		t.hanging("  - ", item)
	}
}

// hanging writes text behind a lead, its further lines indented as far.
func (t *writer) hanging(lead, text string) {
	room := 0
	if t.width > 0 {
		room = max(t.width-document.Columns(lead), 20)
	}
	for i, l := range document.Wrap(document.Show(text), room) {
		if i == 1 {
			lead = strings.Repeat(" ", document.Columns(lead))
		}
		t.line(lead + l)
	}
}

func (t *writer) pairs(pairs document.Pairs) {
	t.line("")
	widest := 0
	for _, p := range pairs {
		widest = max(widest, min(document.Columns(document.Show(p.Name)), 32))
	}
	t.named("", widest, pairs)
}

// named writes names, width columns wide, and values.
func (t *writer) named(indent string, width int, pairs document.Pairs) {
	for _, p := range pairs {
		name := document.Show(p.Name)
		lead := indent + name + strings.Repeat(" ", max(width-document.Columns(name), 0)) + gap
		if p.Whole {
			t.line(lead + strings.ReplaceAll(document.Show(p.Value), "\n", `\n`))
		} else {
			t.hanging(lead, p.Value)
		}
	}
}

// gap is what stands between two columns.
const gap = "  "

func (t *writer) table(tb document.Table) {
	t.line("")
	rows := tableTexts(tb)
	widths := layout(tb.Columns, rows, cmp.Or(t.width, pipeWidth))
	cells := make([][]string, len(widths))
	roomy := false // whether the row above takes several lines, and calls for a gap
	for i, r := range rows {
		if i > 1 && roomy && !t.dense {
			t.line("")
		}
		height := 1
		for j, text := range r {
			cells[j] = document.AppendWrapped(cells[j][:0], text, widths[j])
			height = max(height, len(cells[j]))
		}
		for n := range height {
			t.row(tb, i-1, widths, cells, n)
		}
		roomy = height > 1
		if i == 0 {
			for j, w := range widths {
				cells[j] = append(cells[j][:0], strings.Repeat("-", w))
			}
			t.row(tb, -1, widths, cells, 0)
		}
	}
}

// tableTexts are the texts of a table as they are shown, the titles first.
func tableTexts(tb document.Table) [][]string {
	rows := make([][]string, len(tb.Rows)+1)
	for i, c := range tb.Columns {
		rows[0] = append(rows[0], c.Title)
		for n, r := range tb.Rows {
			text := document.Show(r[i].Text)
			if c.Blank {
				text = strings.Repeat("_", c.Width)
			}
			rows[n+1] = append(rows[n+1], text)
		}
	}
	return rows
}

// row writes the n-th line of a row, without blanks at its end. Row -1 is that
// of the titles.
func (t *writer) row(tb document.Table, row int, widths []int, cells [][]string, n int) {
	blanks := 0
	for j, lines := range cells {
		if n < len(lines) && lines[n] != "" {
			fill := max(widths[j]-document.Columns(lines[n]), 0)
			if tb.Columns[j].Right {
				blanks, fill = blanks+fill, 0
			}
			for range blanks {
				t.WriteByte(' ')
			}
			tone := document.Plain
			if row >= 0 {
				tone = tb.Rows[row][j].Tone
			}
			t.WriteString(t.paint(harmless(lines[n]), tone))
			blanks = fill
		} else {
			blanks += widths[j]
		}
		blanks += len(gap)
	}
	t.WriteByte('\n')
}

// layout finds the width of each column. Columns that grow share what room
// the others leave, none beyond what its longest line needs.
func layout(cols []document.Column, rows [][]string, width int) []int {
	natural := make([]int, len(cols))
	for _, r := range rows {
		for i, text := range r {
			natural[i] = max(natural[i], document.Widest(text))
		}
	}
	widths := make([]int, len(cols))
	left := width - len(gap)*(len(cols)-1)
	for i, c := range cols {
		widths[i] = max(min(natural[i], c.Width), 1)
		left -= widths[i]
	}
	for used := true; used && left > 0; {
		used = false
		for i, c := range cols {
			if more := min(c.Grow, natural[i]-widths[i], left); more > 0 {
				widths[i] += more
				left -= more
				used = true
			}
		}
	}
	for ; left < 0 && slices.Max(widths) > 2; left++ { // too narrow: take from the widest
		widths[slices.Index(widths, slices.Max(widths))]--
	}
	return widths
}

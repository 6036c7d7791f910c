package render

import (
	"bufio"
	"io"
	"strings"
)

// Text writes doc as plain text of at most width columns; 0 means as wide as
// it needs.
func Text(w io.Writer, doc Document, width int) error {
	t := &textWriter{Writer: bufio.NewWriter(w), width: width}
	t.heading(doc.Title, 0)
	t.block(Pairs(doc.Run), 0)
	for b := range doc.Body {
		t.block(b, 1)
	}
	return t.Flush()
}

// textWriter keeps the first error of its bufio.Writer, as that does itself,
// and reports it in Flush.
type textWriter struct {
	*bufio.Writer
	width int
}

func (t *textWriter) line(s string) {
	t.WriteString(strings.TrimRight(s, " "))
	t.WriteByte('\n')
}

// underlines of headings, by depth.
const underlines = "==-"

func (t *textWriter) heading(title string, depth int) {
	title = show(title)
	if depth > 0 {
		t.line("")
	}
	longestLine := 0
	for _, l := range wrap(title, t.width) {
		t.line(l)
		longestLine = max(longestLine, columns(l))
	}
	if depth < len(underlines) {
		t.line(strings.Repeat(underlines[depth:depth+1], longestLine))
	}
}

func (t *textWriter) block(b Block, depth int) {
	switch b := b.(type) {
	case Section:
		title := b.Title
		if b.Badge.Text != "" {
			title += ": " + b.Badge.Text
		}
		t.heading(title, depth)
		for inner := range b.Body {
			t.block(inner, depth+1)
		}
	case Paragraph:
		t.line("")
		for _, l := range wrap(show(b.Text), t.width) {
			t.line(l)
		}
	case List:
		t.line("")
		t.line(show(b.Title))
		for _, item := range b.Items {
			t.hanging("  - ", show(item))
		}
	case Pairs:
		t.pairs(b)
	case Table:
		t.table(b)
	case Transcript:
		t.line("")
		for _, l := range b {
			t.hanging("    ", show(l.Text))
		}
	}
}

// hanging writes text behind a lead, its further lines indented as far.
func (t *textWriter) hanging(lead, text string) {
	room := 0
	if t.width > 0 {
		room = max(t.width-columns(lead), 20)
	}
	for i, l := range wrap(text, room) {
		if i == 1 {
			lead = strings.Repeat(" ", columns(lead))
		}
		t.line(lead + l)
	}
}

func (t *textWriter) pairs(pairs Pairs) {
	t.line("")
	widest := 0
	for _, p := range pairs {
		widest = max(widest, min(columns(show(p.Name)), 32))
	}
	for _, p := range pairs {
		t.hanging(pad(show(p.Name), widest, false)+"  ", show(p.Value))
	}
}

// gap is what stands between two columns.
const gap = "  "

func (t *textWriter) table(tb Table) {
	t.line("")
	rows := make([][]string, 1, len(tb.Rows)+1)
	head := make([]string, len(tb.Columns))
	for i, c := range tb.Columns {
		head[i] = c.Title
	}
	rows[0] = head
	for _, r := range tb.Rows {
		texts := make([]string, len(r))
		for i, c := range r {
			texts[i] = show(c.Text)
		}
		rows = append(rows, texts)
	}
	widths := layout(tb.Columns, rows, t.width)
	wrapped := make([][]string, len(widths))
	roomy := false // whether rows of several lines call for a line between rows
	for i, r := range rows {
		if i > 1 && roomy {
			t.line("")
		}
		height := 1
		for j, text := range r {
			wrapped[j] = wrap(text, widths[j])
			height = max(height, len(wrapped[j]))
		}
		for n := range height {
			t.row(tb.Columns, widths, wrapped, n)
		}
		roomy = height > 1
		if i == 0 {
			t.rule(widths)
		}
	}
}

// row writes the n-th line of a row.
func (t *textWriter) row(cols []Column, widths []int, cells [][]string, n int) {
	var b strings.Builder
	for j, lines := range cells {
		if j > 0 {
			b.WriteString(gap)
		}
		text := ""
		if n < len(lines) {
			text = lines[n]
		}
		b.WriteString(pad(text, widths[j], cols[j].Right))
	}
	t.line(b.String())
}

func (t *textWriter) rule(widths []int) {
	parts := make([]string, len(widths))
	for i, w := range widths {
		parts[i] = strings.Repeat("-", w)
	}
	t.line(strings.Join(parts, gap))
}

// pad fills s up to width columns.
func pad(s string, width int, right bool) string {
	fill := strings.Repeat(" ", max(width-columns(s), 0))
	if right {
		return fill + s
	}
	return s + fill
}

// layout finds the width of each column. Columns that grow share what room
// the others leave, none beyond what its longest line needs; width 0 is room
// enough for all.
func layout(cols []Column, rows [][]string, width int) []int {
	natural := make([]int, len(cols))
	for _, r := range rows {
		for i, text := range r {
			for line := range strings.SplitSeq(text, "\n") {
				natural[i] = max(natural[i], columns(line))
			}
		}
	}
	if width == 0 {
		return natural
	}
	widths := make([]int, len(cols))
	left := width - len(gap)*(len(cols)-1)
	for i, c := range cols {
		widths[i] = max(min(natural[i], c.Width), 1)
		left -= widths[i]
	}
	grow(cols, natural, widths, left)
	for left < 0 { // too narrow: take from the widest
		widest := 0
		for i, w := range widths {
			if w > widths[widest] {
				widest = i
			}
		}
		if widths[widest] <= 2 {
			break
		}
		widths[widest]--
		left++
	}
	return widths
}

// grow shares left among the columns that grow, until it is used up or every
// column has what it needs.
func grow(cols []Column, natural, widths []int, left int) {
	for used := true; used && left > 0; {
		used = false
		for i, c := range cols {
			more := min(c.Grow, natural[i]-widths[i], left)
			if more > 0 {
				widths[i] += more
				left -= more
				used = true
			}
		}
	}
}

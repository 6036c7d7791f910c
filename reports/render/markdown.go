package render

import (
	"bufio"
	"html"
	"io"
	"strings"

	"github.com/socket-oneline/oneline/reports/render/document"
)

// Markdown writes doc as GitHub flavoured Markdown.
func Markdown(w io.Writer, doc document.Document) error {
	m := &markdownWriter{bufio.NewWriter(w)}
	m.text("# ", escapeMarkdown(doc.Title), "\n")
	m.block(document.Pairs(doc.Run), 1)
	for b := range doc.Body {
		m.block(b, 2)
	}
	return m.Flush()
}

// markdownWriter keeps the first error, as textWriter does.
type markdownWriter struct{ *bufio.Writer }

func (m *markdownWriter) text(parts ...string) {
	for _, p := range parts {
		m.WriteString(p)
	}
}

// mdSpecial are the characters that mean something somewhere in a line.
var mdSpecial = strings.NewReplacer(
	`\`, `\\`, "`", "\\`", `*`, `\*`, `_`, `\_`, `[`, `\[`, `]`, `\]`, `<`, `&lt;`, `>`, `&gt;`,
	`|`, `\|`, `#`, `\#`, `~`, `\~`, `$`, `\$`, `&`, `&amp;`, `!`, `\!`, "\n", "<br>",
)

// escapeMarkdown makes s stand for itself in a line or a table cell.
func escapeMarkdown(s string) string {
	s = strings.Trim(mdSpecial.Replace(document.Show(s)), " ")
	rest := strings.TrimLeft(s, "0123456789")
	switch digits := len(s) - len(rest); {
	case rest == "":
	case digits == 0 && strings.IndexByte("-+=", rest[0]) >= 0, // a list, a rule, a heading
		digits > 0 && strings.IndexByte(".)", rest[0]) >= 0 && (len(rest) == 1 || rest[1] == ' '): // a numbered list
		return s[:digits] + `\` + rest
	}
	return s
}

func (m *markdownWriter) block(b document.Block, depth int) {
	m.text("\n")
	switch b := b.(type) {
	case document.Section:
		m.anchor(b.Anchor, "\n\n")
		m.text(strings.Repeat("#", min(depth, 6)), " ", escapeMarkdown(b.Title))
		if b.Badge.Text != "" {
			m.text(": ", mdTone(b.Badge))
		}
		m.text("\n")
		for inner := range b.Body {
			m.block(inner, depth+1)
		}
	case document.Paragraph:
		m.text(escapeMarkdown(b.Text), "\n")
	case document.List:
		m.text(escapeMarkdown(b.Title), "\n\n")
		for _, item := range b.Items {
			m.text("- ", escapeMarkdown(item), "\n")
		}
	case document.Pairs:
		for _, p := range b {
			m.text("- ", escapeMarkdown(p.Name), ": ", escapeMarkdown(p.Value), "\n")
		}
	case document.Table:
		m.table(b)
	case document.Transcript:
		m.transcript(b)
	}
}

func (m *markdownWriter) anchor(id, after string) {
	if id != "" {
		m.text(`<a id="`, html.EscapeString(document.AnchorName(id)), `"></a>`, after)
	}
}

func mdTone(c document.Cell) string {
	text := escapeMarkdown(c.Text)
	if text != "" && (c.Tone == document.Bad || c.Tone == document.Warn) {
		return "**" + text + "**"
	}
	return text
}

func (m *markdownWriter) table(t document.Table) {
	for _, c := range t.Columns {
		m.text("| ", escapeMarkdown(c.Title), " ")
	}
	m.text("|\n")
	for _, c := range t.Columns {
		if c.Right {
			m.text("| ---: ")
		} else {
			m.text("| --- ")
		}
	}
	m.text("|\n")
	for _, r := range t.Rows {
		for _, c := range r {
			m.text("| ")
			m.cell(c)
			m.text(" ")
		}
		m.text("|\n")
	}
}

func (m *markdownWriter) cell(c document.Cell) {
	m.anchor(c.Anchor, "")
	// A row that links to itself elsewhere is the place that links lead to.
	if c.Link != "" && c.Link != c.Anchor && c.Text != "" {
		m.text("[", mdTone(c), "](#", document.AnchorName(c.Link), ")")
		return
	}
	m.text(mdTone(c))
}

// transcript writes a fenced block; the fence is longer than any run of
// backquotes in it.
func (m *markdownWriter) transcript(t document.Transcript) {
	longestRun, run := 2, 0
	lines := make([]string, len(t))
	for i, l := range t {
		lines[i] = strings.ReplaceAll(document.Show(l.Text), "\n", `\n`)
		run = 0
		for _, r := range lines[i] {
			if r != '`' {
				run = 0
				continue
			}
			run++
			longestRun = max(longestRun, run)
		}
	}
	fence := strings.Repeat("`", longestRun+1)
	m.text(fence, "text\n")
	for _, l := range lines {
		m.text(l, "\n")
	}
	m.text(fence, "\n")
}

package render

import (
	"bufio"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/socket-oneline/oneline/reports/render/document"
)

// Markdown writes doc as GitHub flavoured Markdown.
func Markdown(w io.Writer, doc document.Document) error {
	m := &markdownWriter{bufio.NewWriter(w)}
	m.text("# ", escapeMarkdown(doc.Title), "\n")
	for b := range document.Concat(doc.Lead, doc.Chapters()) {
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
	s = unlinked(strings.Trim(mdSpecial.Replace(document.Show(s)), " "))
	rest := strings.TrimLeft(s, "0123456789")
	switch digits := len(s) - len(rest); {
	case rest == "":
	case digits == 0 && strings.IndexByte("-+=", rest[0]) >= 0, // a list, a rule, a heading
		digits > 0 && strings.IndexByte(".)", rest[0]) >= 0 && (len(rest) == 1 || rest[1] == ' '): // a numbered list
		return s[:digits] + `\` + rest
	}
	return s
}

// joiner is a character without a width, at which no line breaks.
const joiner = "&#8288;"

// mdLinks are what GitHub makes links and pictures of without any sign: names of
// people and teams, addresses, :emoji:, issues. Each is broken by
// a joiner.
var mdLinks = []struct {
	parts  []string // a text without any of them has no such link; this is the faster question
	found  *regexp.Regexp
	broken string
}{
	{[]string{"#"}, regexp.MustCompile(`#(\d)`), "#" + joiner + "$1"}, // first, since the joiner holds "#8" itself
	{[]string{"@"}, regexp.MustCompile(`@`), "@" + joiner},
	{[]string{"w.", "W."}, regexp.MustCompile(`(?i)(www)\.`), "$1" + joiner + "."},
	{[]string{"h-", "H-"}, regexp.MustCompile(`(?i)\b(gh)-(\d)`), "$1" + joiner + "-$2"},
	{[]string{":"}, regexp.MustCompile(`:(//|[a-z_+-]|100:|1234:|8ball:)`), ":" + joiner + "$1"},
}

// unlinked keeps GitHub from making more of a text than it says.
func unlinked(s string) string {
	for _, l := range mdLinks {
		if slices.ContainsFunc(l.parts, func(part string) bool { return strings.Contains(s, part) }) {
			s = l.found.ReplaceAllString(s, l.broken)
		}
	}
	return s
}

// code sets a text in a fixed-width face, every blank kept.
func code(s string) string {
	lines := strings.Split(document.Show(s), "\n")
	for i, line := range lines {
		if line == "" {
			continue
		}
		if strings.Contains(line, "|") { // a backslash before it would not keep it in its cell
			lines[i] = "<code>" + unlinked(mdSpecial.Replace(line)) + "</code>"
			continue
		}
		fence := strings.Repeat("`", longestRun(line, '`')+1)
		if strings.HasPrefix(line, "`") || strings.HasSuffix(line, "`") || strings.HasPrefix(line, " ") || strings.HasSuffix(line, " ") {
			line = " " + line + " " // which is taken off again
		}
		lines[i] = fence + line + fence
	}
	return strings.Join(lines, "<br>")
}

// longestRun is how often r stands in a row at most.
func longestRun(s string, r rune) int {
	longest, run := 0, 0
	for _, c := range s {
		run++
		if c != r {
			run = 0
		}
		longest = max(longest, run)
	}
	return longest
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
			value := escapeMarkdown(p.Value)
			if p.Fixed {
				value = code(p.Value)
			}
			m.text("- ", escapeMarkdown(p.Name), ": ", value, "\n")
		}
	case document.Table:
		m.table(b)
	case document.Transcript:
		m.transcript(b)
	}
}

func (m *markdownWriter) anchor(id, after string) {
	if id != "" {
		m.text(`<a id="`, document.AnchorName(id), `"></a>`, after)
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
		for i, c := range r {
			m.text("| ")
			m.cell(c, t.Columns[i].Fixed)
			m.text(" ")
		}
		m.text("|\n")
	}
}

func (m *markdownWriter) cell(c document.Cell, fixed bool) {
	m.anchor(c.Anchor, "")
	// A row that links to itself elsewhere is the place that links lead to.
	if c.Link != "" && c.Link != c.Anchor && c.Text != "" {
		m.text("[", mdTone(c), "](#", document.AnchorName(c.Link), ")")
		return
	}
	if fixed {
		m.text(code(c.Text))
		return
	}
	m.text(mdTone(c))
}

// transcript writes a fenced block; the fence is longer than any run of
// backquotes in it.
func (m *markdownWriter) transcript(t document.Transcript) {
	longest := 2
	lines := make([]string, len(t))
	for i, l := range t {
		lines[i] = strings.ReplaceAll(document.Show(l.Text), "\n", `\n`)
		if l.Hot {
			lines[i] += "   <--"
		}
		longest = max(longest, longestRun(lines[i], '`'))
	}
	fence := strings.Repeat("`", longest+1)
	m.text(fence, "text\n")
	for _, l := range lines {
		m.text(l, "\n")
	}
	m.text(fence, "\n")
}

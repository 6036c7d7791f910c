package page

import (
	"bytes"
	"cmp"
	"html"
	"strconv"
	"strings"

	"github.com/socket-oneline/oneline/reports/render/document"
)

// writer writes blocks as HTML. It does not go through html/template, which
// takes seconds for 100,000 rows: every text passes esc, and stands only as text
// or in a quoted attribute.
type writer struct {
	body         bytes.Buffer
	used         map[string]bool // ids on the page so far: what links lead to is the first place of a name
	ruled        map[string]bool // the names of the tables that have style rules
	wide, narrow strings.Builder // these rules, for wide and for narrow pages
}

func newWriter() *writer { return &writer{used: map[string]bool{}, ruled: map[string]bool{}} }

func esc(s string) string { return html.EscapeString(document.Show(s)) }

func (h *writer) text(parts ...string) {
	for _, p := range parts {
		h.body.WriteString(p)
	}
}

// id is the id attribute of an anchor, or nothing if there is none or the page
// has it already.
func (h *writer) id(anchor string) string {
	name := document.AnchorName(anchor)
	if name == "" || h.used[name] {
		return ""
	}
	h.used[name] = true
	return ` id="` + name + `"`
}

// tag writes the start of an element with those of the classes that are not
// empty.
func (h *writer) tag(start string, classes ...string) {
	h.body.WriteString(start)
	lead := ` class="`
	for _, n := range classes {
		if n != "" {
			h.text(lead, n)
			lead = " "
		}
	}
	if lead == " " {
		h.body.WriteByte('"')
	}
	h.body.WriteByte('>')
}

func (h *writer) badge(c document.Cell) {
	if c.Text != "" {
		h.tag(" <span", "badge", string(c.Tone))
		h.text(esc(c.Text), "</span>")
	}
}

func (h *writer) block(b document.Block, depth int) {
	switch b := b.(type) {
	case document.Section:
		h.section(b, depth)
	case document.Paragraph:
		h.tag("<p", string(b.Tone))
		h.text(esc(b.Text), "</p>\n")
	case document.List:
		if b.Title != "" {
			h.text(`<p class="list">`, esc(b.Title), "</p>")
		}
		h.text("<ul>\n")
		for _, item := range b.Items {
			h.text("<li>", esc(item), "</li>\n")
		}
		h.text("</ul>\n")
	case document.Pairs:
		h.pairs(b)
	case document.Table:
		h.table(b, "")
	case document.Transcript:
		h.transcript(b)
	}
}

func (h *writer) pairs(pairs document.Pairs) {
	h.text("<dl>\n")
	for _, p := range pairs {
		h.text("<dt>", esc(p.Name), "</dt>")
		h.tag("<dd", when(p.Fixed, "fixed"), when(p.Fixed && p.Whole, "command"))
		h.link(document.Cell{Text: p.Value, Parts: p.Parts})
		h.text("</dd>\n")
	}
	h.text("</dl>\n")
}

func when(on bool, class string) string {
	if on {
		return class
	}
	return ""
}

func (h *writer) section(s document.Section, depth int) {
	level := strconv.Itoa(min(depth, 6))
	open, after, shut := "<section", "\n", "</section>\n"
	if s.Fold {
		open, after, shut = `<details class="fold"`, "</summary>\n", "</details>\n"
	}
	h.text(open, h.id(s.Anchor), ">")
	if s.Fold {
		h.text("<summary>")
	}
	h.text("<h", level, ">", esc(s.Title))
	h.badge(s.Badge)
	h.text("</h", level, ">", after)
	for b := range s.Body {
		h.block(b, depth+1)
	}
	h.text(shut)
}

// table writes a table; one that stands beside others of its kind has a caption.
func (h *writer) table(t document.Table, caption string) {
	h.rules(t)
	name := t.Name
	if t.Grid {
		name += " grid"
	}
	h.text(`<div class="scroll"`)
	if t.Grid {
		h.text(` role="region" aria-label="`, esc(t.Columns[0].Title), `" tabindex="0"`)
	}
	h.tag("><table", name)
	if caption != "" {
		h.text("<caption>", esc(caption), "</caption>")
	}
	h.head(t)
	h.text("<tbody>\n")
	for _, r := range t.Rows {
		h.text("<tr")
		if len(r) > 0 {
			h.text(h.id(r[0].Anchor))
		}
		h.text(">")
		for i, c := range r {
			h.cell(t, i, c)
		}
		h.text("</tr>\n")
	}
	h.text("</tbody></table></div>\n")
}

func (h *writer) head(t document.Table) {
	h.text("<thead><tr>")
	for i, c := range t.Columns {
		if t.Grid && i == 0 || c.Title == "" {
			h.text("<td></td>")
			continue
		}
		h.tag(`<th scope="col"`, when(c.Right, "r"))
		h.link(document.Cell{Text: c.Title, Link: c.Link, Label: c.Label})
		h.text("</th>")
	}
	h.text("</tr></thead>")
}

func (h *writer) cell(t document.Table, i int, c document.Cell) {
	col := t.Columns[i]
	start, end := "<td", "</td>"
	if i == 0 && (t.Grid || t.Heads) {
		start, end = `<th scope="row"`, "</th>"
	}
	h.tag(start, when(col.Right, "r"), when(col.Blank, "blank"), when(col.Fixed, "fixed"), string(c.Tone))
	if len(c.Parts) > 1 && !t.Grid { // together they are one thing beside its label on a narrow page
		start, end = "<span>", "</span>"+end
		h.text(start)
	}
	h.link(c)
	h.text(end)
}

func (h *writer) link(c document.Cell) {
	for _, p := range c.Parts {
		h.link(p)
	}
	if len(c.Parts) > 0 {
		return
	}
	href := c.Href
	if href == "" && c.Link != "" {
		href = "#" + document.AnchorName(c.Link)
	}
	switch {
	case c.Text == "":
	case href != "":
		h.text(`<a href="`, esc(href), `"`, label(c), ">", esc(c.Text), "</a>")
	case c.Tone == document.Changed:
		h.text("<mark>", esc(c.Text), "</mark>")
	case c.Label != "":
		h.text(`<span role="img"`, label(c), ">", esc(c.Text), "</span>")
	default:
		h.text(esc(c.Text))
	}
}

// label says what a mark means, to those who point at it and those who cannot
// see it.
func label(c document.Cell) string {
	if c.Label == "" {
		return ""
	}
	text := esc(c.Label)
	return ` title="` + text + `" aria-label="` + text + `"`
}

// speakers are the classes of the lines of a transcript.
var speakers = map[string]string{">": "sent", "<": "received"}

func (h *writer) transcript(t document.Transcript) {
	h.text(`<pre class="exchanges">`)
	for _, l := range t {
		h.tag("<span", cmp.Or(speakers[l.Mark], "event"), when(l.Hot, "hot"))
		h.text(esc(l.Text), "</span>\n")
	}
	h.text("</pre>\n")
}

package page

import (
	"bufio"
	"html"
	"strconv"

	"github.com/socket-oneline/oneline/reports/render/document"
	"github.com/socket-oneline/oneline/reports/render/text"
)

// htmlWriter writes blocks as HTML. It does not go through html/template,
// which takes seconds for 100,000 rows: every text passes esc, and stands only
// as text or in a quoted attribute.
type htmlWriter struct {
	*bufio.Writer
	used    map[string]bool   // ids on the page so far: what links lead to is the first place of a name
	replace map[string]func() // writes the table of this name otherwise
	compact bool              // writes steps as plain text: a page of 100,000 rows has room for a tenth of the elements
}

func esc(s string) string { return html.EscapeString(document.Show(s)) }

func (h *htmlWriter) text(parts ...string) {
	for _, p := range parts {
		h.WriteString(p)
	}
}

// id is the id attribute of an anchor, or nothing if there is none or the page
// has it already.
func (h *htmlWriter) id(anchor string) string {
	if anchor == "" {
		return ""
	}
	name := document.AnchorName(anchor)
	if h.used[name] {
		return ""
	}
	h.used[name] = true
	return ` id="` + name + `"`
}

// class writes a class attribute of the names that are not empty.
func (h *htmlWriter) class(names ...string) {
	lead := ` class="`
	for _, n := range names {
		if n != "" {
			h.text(lead, n)
			lead = " "
		}
	}
	if lead == " " {
		h.WriteByte('"')
	}
}

// tag writes the start of an element with its class.
func (h *htmlWriter) tag(start string, classes ...string) {
	h.WriteString(start)
	h.class(classes...)
	h.WriteByte('>')
}

func (h *htmlWriter) block(b document.Block, depth int) {
	switch b := b.(type) {
	case document.Section:
		h.section(b, depth)
	case document.Paragraph:
		h.tag("<p", string(b.Tone))
		h.text(esc(b.Text), "</p>\n")
	case document.List:
		h.text(`<p class="list">`, esc(b.Title), "</p><ul>\n")
		for _, item := range b.Items {
			h.text("<li>", esc(item), "</li>\n")
		}
		h.text("</ul>\n")
	case document.Pairs:
		if h.compact && depth > 3 {
			h.plainly(b)
			return
		}
		h.text("<dl>\n")
		for _, p := range b {
			h.text("<dt>", esc(p.Name), "</dt>")
			h.tag("<dd", fixed(p))
			h.text(esc(p.Value), "</dd>\n")
		}
		h.text("</dl>\n")
	case document.Table:
		h.table(b)
	case document.Transcript:
		h.transcript(b)
	}
}

func fixed(p document.Pair) string {
	if p.Fixed {
		return "command"
	}
	return ""
}

func (h *htmlWriter) section(s document.Section, depth int) {
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
	if s.Badge.Text != "" {
		h.tag(" <span", "badge", string(s.Badge.Tone))
		h.text(esc(s.Badge.Text), "</span>")
	}
	h.text("</h", level, ">", after)
	for b := range s.Body {
		h.block(b, depth+1)
	}
	h.text(shut)
}

func (h *htmlWriter) table(t document.Table) {
	if other := h.replace[t.Name]; other != nil {
		other()
		return
	}
	if h.compact && (t.Kin || len(t.Rows) > manyRows) {
		h.plainly(t)
		return
	}
	h.tag(`<div class="scroll"><table`, t.Name)
	h.text("<thead><tr>")
	for _, c := range t.Columns {
		h.tag(`<th scope="col"`, right(c))
		h.text(esc(c.Title), "</th>")
	}
	h.text("</tr></thead><tbody>\n")
	for _, r := range t.Rows {
		h.text("<tr")
		if len(r) > 0 {
			h.text(h.id(r[0].Anchor))
		}
		h.text(">")
		for i, c := range r {
			h.tag("<td", right(t.Columns[i]), blank(t.Columns[i]), string(c.Tone))
			h.link(c)
			h.text("</td>")
		}
		h.text("</tr>\n")
	}
	h.text("</tbody></table></div>\n")
}

func right(c document.Column) string {
	if c.Right {
		return "r"
	}
	return ""
}

func blank(c document.Column) string {
	if c.Blank {
		return "blank"
	}
	return ""
}

// manyRows is from where on a table is no longer one that is looked at.
const manyRows = 2000

// plainly writes a block as the text files do.
func (h *htmlWriter) plainly(b document.Block) {
	h.text("<pre>", html.EscapeString(text.Fragment(b, textWidth)), "</pre>\n")
}

// textWidth is how many columns plain blocks take.
const textWidth = 132

func (h *htmlWriter) link(c document.Cell) {
	for _, p := range c.Parts {
		h.link(p)
	}
	if len(c.Parts) > 0 {
		return
	}
	if c.Link == "" || c.Text == "" {
		h.text(esc(c.Text))
		return
	}
	h.text(`<a href="#`, document.AnchorName(c.Link), `">`, esc(c.Text), "</a>")
}

func (h *htmlWriter) transcript(t document.Transcript) {
	h.text(`<pre class="exchanges">`)
	for _, l := range t {
		who := "event"
		switch l.Mark {
		case ">":
			who = "sent"
		case "<":
			who = "received"
		}
		h.text(`<span class="`, who, `">`, esc(l.Text), "</span>\n")
	}
	h.text("</pre>\n")
}

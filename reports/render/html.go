package render

import (
	"bufio"
	"html"
	"strconv"
)

// htmlWriter writes blocks as HTML. It does not go through html/template,
// which takes seconds for 100,000 rows: every text passes esc, and stands only
// as text or in a quoted attribute.
type htmlWriter struct {
	*bufio.Writer
	used map[string]bool // ids on the page so far: what links lead to is the first place of a name
}

func esc(s string) string { return html.EscapeString(show(s)) }

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
	name := anchorName(anchor)
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

func (h *htmlWriter) block(b Block, depth int) {
	switch b := b.(type) {
	case Section:
		h.section(b, depth)
	case Paragraph:
		h.tag("<p", string(b.Tone))
		h.text(esc(b.Text), "</p>\n")
	case List:
		h.text(`<p class="list">`, esc(b.Title), "</p><ul>\n")
		for _, item := range b.Items {
			h.text("<li>", esc(item), "</li>\n")
		}
		h.text("</ul>\n")
	case Pairs:
		h.text("<dl>\n")
		for _, p := range b {
			h.text("<dt>", esc(p.Name), "</dt><dd>", esc(p.Value), "</dd>\n")
		}
		h.text("</dl>\n")
	case Table:
		h.table(b)
	case Transcript:
		h.transcript(b)
	}
}

func (h *htmlWriter) section(s Section, depth int) {
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

func (h *htmlWriter) table(t Table) {
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
			h.tag("<td", right(t.Columns[i]), string(c.Tone))
			h.cell(c)
			h.text("</td>")
		}
		h.text("</tr>\n")
	}
	h.text("</tbody></table></div>\n")
}

func right(c Column) string {
	if c.Right {
		return "r"
	}
	return ""
}

func (h *htmlWriter) cell(c Cell) {
	if len(c.More) == 0 {
		h.link(c)
		return
	}
	h.text("<details><summary>", esc(c.Text), "</summary><ul>")
	for _, m := range c.More {
		h.tag("<li", string(m.Tone))
		h.link(m)
		h.text("</li>")
	}
	h.text("</ul></details>")
}

func (h *htmlWriter) link(c Cell) {
	if c.Link == "" || c.Text == "" {
		h.text(esc(c.Text))
		return
	}
	h.text(`<a href="#`, anchorName(c.Link), `">`, esc(c.Text), "</a>")
}

func (h *htmlWriter) transcript(t Transcript) {
	h.text("<pre>")
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

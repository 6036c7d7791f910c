package docx

import (
	"bufio"
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/socket-oneline/oneline/reports/render/document"
)

func writeDocument(w io.Writer, doc document.Document, page paper) error {
	d := &writer{Writer: bufio.NewWriter(w), page: page, used: map[string]bool{}, live: doc.Anchors(), title: document.OneLine(doc.Title)}
	d.text(xml.Header, `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" `,
		`xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><w:body>`)
	d.paragraph(paragraph{style: "Title"}, document.Text(doc.Title))
	if doc.Subject != "" {
		d.paragraph(paragraph{style: "Subtitle"}, document.Text(document.OneLine(doc.Subject)))
	}
	for b := range document.Concat(doc.Lead) {
		d.block(b, 2)
	}
	d.contents(doc)
	d.newPage()
	for b := range doc.Chapters() {
		d.block(b, 1)
	}
	across := ` w:orient="landscape"`
	if d.page.portrait {
		across = ""
	}
	fmt.Fprintf(d, `<w:sectPr><w:headerReference w:type="default" r:id="rId3"/><w:footerReference w:type="default" r:id="rId2"/>`+
		`<w:pgSz w:w="%d" w:h="%d"%s/>`+
		`<w:pgMar w:top="%[4]d" w:right="%[4]d" w:bottom="%[4]d" w:left="%[4]d" w:header="567" w:footer="567" w:gutter="0"/></w:sectPr>`,
		d.page.width, d.page.height, across, d.page.margin)
	d.text(`</w:body></w:document>`)
	return d.Flush()
}

// contents lists the chapters with their pages, which the word processor counts.
func (d *writer) contents(doc document.Document) {
	d.listed = document.ContentsOf(doc)
	if len(d.listed.Entries) == 0 {
		return
	}
	if len(d.listed.Entries) > besideRun {
		d.newPage()
	}
	d.paragraph(paragraph{style: "ContentsTitle"}, document.Text("Contents"))
	for i, e := range d.listed.Entries {
		mark := contentsMark(i)
		d.text(`<w:p><w:pPr><w:pStyle w:val="Contents`, strconv.Itoa(e.Depth), `"/><w:tabs>`)
		fmt.Fprintf(d, `<w:tab w:val="right" w:leader="dot" w:pos="%d"/></w:tabs></w:pPr><w:hyperlink w:anchor="%s">`, d.page.room(), mark)
		d.styled(document.Text(document.OneLine(e.Title)), false)
		d.text(`<w:r><w:tab/></w:r><w:r><w:fldChar w:fldCharType="begin" w:dirty="true"/></w:r>`, // the word processor counts the pages
			`<w:r><w:instrText xml:space="preserve"> PAGEREF `, mark, ` \h </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>`,
			`<w:r><w:t>1</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:hyperlink></w:p>`)
	}
}

// besideRun is how many lines of contents have room on the page of the run.
const besideRun = 8

func (d *writer) newPage() { d.text(`<w:p><w:r><w:br w:type="page"/></w:r></w:p>`) }

// contentsMark is the bookmark of the n-th heading of the contents.
func contentsMark(n int) string { return "contents_" + strconv.Itoa(n+1) }

func (d *writer) block(b document.Block, depth int) {
	switch b := b.(type) {
	case document.Section:
		d.heading(b, depth)
		var held document.Pairs // until it is known what follows
		for inner := range b.Body {
			if held != nil {
				_, table := inner.(document.Table)
				d.pairs(held, table)
			}
			var ok bool
			if held, ok = inner.(document.Pairs); !ok {
				d.block(inner, depth+1)
			}
		}
		if held != nil {
			d.pairs(held, false)
		}
	case document.Paragraph:
		d.paragraph(paragraph{box: b.Tone, keep: b.Tone == document.Bad}, document.Text(b.Text)) // a failure, and what there is to say of it
	case document.List:
		if b.Title != "" {
			d.paragraph(paragraph{style: "ListTitle"}, document.Text(b.Title))
		}
		for _, item := range b.Items {
			d.paragraph(paragraph{style: "ListBullet"}, document.Text("• "+item))
		}
	case document.Pairs:
		d.pairs(b, false)
	case document.Table:
		d.table(b)
	case document.Transcript:
		for _, l := range b {
			d.paragraph(paragraph{style: "Transcript"}, document.Cell{Text: l.Text, Tone: l.Spoken()})
		}
		d.paragraph(paragraph{style: "AfterTable"}, document.Cell{})
	}
}

// color writes one of document.Ink and its like; empty: none.
func color(of map[document.Tone]int, t document.Tone) string {
	c := of[t]
	if c == 0 || t == document.Plain {
		return ""
	}
	return fmt.Sprintf("%06X", c)
}

// paragraph is how a paragraph is set.
type paragraph struct {
	fixed bool // in a fixed-width face
	style string
	keep  bool          // on the page of what follows
	box   document.Tone // the color of the box that it stands in, if it has one
	mark  string        // a bookmark; empty: none
}

func (d *writer) heading(s document.Section, depth int) {
	d.title = document.OneLine(s.Title)
	p := paragraph{style: "Heading" + strconv.Itoa(min(depth, 6))}
	if n, listed := d.listed.Meet(s, depth); listed {
		p.mark = contentsMark(n)
	}
	title := document.Cell{Text: s.Title, Anchor: s.Anchor}
	if s.Badge.Text == "" {
		d.paragraph(p, title)
		return
	}
	title.Text += ": "
	d.paragraph(p, title, s.Badge)
}

func (d *writer) paragraph(p paragraph, cells ...document.Cell) {
	d.text("<w:p>")
	fill := color(document.Fill, p.box)
	if p.style != "" || p.keep || fill != "" {
		d.text("<w:pPr>")
		if p.style != "" {
			d.text(`<w:pStyle w:val="`, p.style, `"/>`)
		}
		if p.keep {
			d.text("<w:keepNext/>")
		}
		if fill != "" {
			d.text(`<w:pBdr><w:left w:val="single" w:sz="24" w:space="8" w:color="`, color(document.Ink, p.box), `"/></w:pBdr><w:shd w:val="clear" w:fill="`, fill, `"/>`,
				`<w:ind w:left="200"/>`)
		}
		d.text("</w:pPr>")
	}
	if p.mark != "" {
		d.bookmark(p.mark)
	}
	for _, c := range cells {
		if c.Anchor != "" {
			d.bookmark(bookmark(c.Anchor))
		}
		linked := c.Link != c.Anchor && d.live[c.Link]
		if linked {
			d.text(`<w:hyperlink w:anchor="`, bookmark(c.Link), `">`)
			if c.Tone == document.Plain {
				c.Tone = document.Linked
			}
		}
		d.styled(c, p.fixed)
		if linked {
			d.text(`</w:hyperlink>`)
		}
	}
	d.text("</w:p>")
}

// bookmark makes this place one, unless another has its name.
func (d *writer) bookmark(name string) {
	if d.used[name] {
		return
	}
	d.used[name] = true
	id := strconv.Itoa(len(d.used))
	d.text(`<w:bookmarkStart w:id="`, id, `" w:name="`, name, `"/><w:bookmarkEnd w:id="`, id, `"/>`)
}

// styled writes a text with its line breaks.
func (d *writer) styled(c document.Cell, fixed bool) {
	if c.Text == "" {
		return
	}
	face, bold, ink := "", "", ""
	if fixed {
		face = `<w:rFonts w:ascii="Courier New" w:hAnsi="Courier New" w:cs="Courier New"/>`
	} else if c.Tone == document.Good || c.Tone == document.Bad || c.Tone == document.Warn {
		bold = "<w:b/>"
	}
	if color := color(document.Ink, c.Tone); color != "" {
		ink = `<w:color w:val="` + color + `"/>`
	}
	d.text("<w:r>")
	if face+bold+ink != "" {
		d.text("<w:rPr>", face, bold, ink, "</w:rPr>")
	}
	for i, line := range strings.Split(document.Show(c.Text), "\n") {
		if i > 0 {
			d.text("<w:br/>")
		}
		d.text(`<w:t xml:space="preserve">`)
		d.escaped(line)
		d.text("</w:t>")
	}
	d.text("</w:r>")
}

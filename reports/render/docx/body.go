package docx

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/socket-oneline/oneline/reports/render/document"
)

func (d *docxWriter) document(doc document.Document) {
	d.text(`<?xml version="1.0" encoding="UTF-8"?>`, "\n", `<w:document `, docxNames, `><w:body>`)
	d.live, d.title = doc.Anchors(), document.OneLine(doc.Title)
	d.paragraph(docxParagraph{style: "Title"}, document.Text(doc.Title))
	if doc.Subject != "" {
		d.paragraph(docxParagraph{style: "Subtitle"}, document.Text(document.OneLine(doc.Subject)))
	}
	for b := range doc.Opening() {
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
}

// contents lists the chapters with their pages, which the word processor counts.
func (d *docxWriter) contents(doc document.Document) {
	d.entries = document.Contents(doc)
	if len(d.entries) == 0 {
		return
	}
	if len(d.entries) > besideRun {
		d.newPage()
	}
	d.paragraph(docxParagraph{style: "ContentsTitle"}, document.Text("Contents"))
	for i, e := range d.entries {
		mark := contentsMark(i)
		d.text(`<w:p><w:pPr><w:pStyle w:val="Contents`, strconv.Itoa(e.Depth), `"/><w:tabs>`)
		fmt.Fprintf(d, `<w:tab w:val="right" w:leader="dot" w:pos="%d"/></w:tabs></w:pPr><w:hyperlink w:anchor="%s">`, d.page.room(), mark)
		d.run(document.Text(document.OneLine(e.Title)))
		d.text("<w:r><w:tab/></w:r>")
		d.field("PAGEREF "+mark+` \h`, true)
		d.text("</w:hyperlink></w:p>")
	}
}

// besideRun is how many lines of contents have room on the page of the run.
const besideRun = 8

func (d *docxWriter) newPage() { d.text(`<w:p><w:r><w:br w:type="page"/></w:r></w:p>`) }

// contentsMark is the bookmark of the n-th heading of the contents.
func contentsMark(n int) string { return "contents_" + strconv.Itoa(n+1) }

func (d *docxWriter) block(b document.Block, depth int) {
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
		d.paragraph(docxParagraph{box: b.Tone, keep: b.Tone == document.Bad}, document.Text(b.Text)) // a failure, and what there is to say of it
	case document.List:
		if b.Title != "" {
			d.paragraph(docxParagraph{style: "ListTitle"}, document.Text(b.Title))
		}
		for _, item := range b.Items {
			d.paragraph(docxParagraph{style: "ListBullet"}, document.Text("• "+item))
		}
	case document.Pairs:
		d.pairs(b, false)
	case document.Table:
		d.table(b)
	case document.Transcript:
		for _, l := range b {
			tone := document.Muted
			switch l.Mark {
			case ">":
				tone = sent
			case "<":
				tone = received
			}
			d.paragraph(docxParagraph{style: "Transcript"}, document.Cell{Text: l.Text, Tone: tone})
		}
		d.paragraph(docxParagraph{style: "AfterTable"}, document.Cell{})
	}
}

// Tones of a transcript alone.
const (
	sent     document.Tone = "sent"
	received document.Tone = "received"
)

// colors of the tones, dark enough for paper.
var docxColors = map[document.Tone]string{
	document.Good: "13703C", document.Bad: "B3201F", document.Warn: "8A5300", document.Muted: "5B6575", sent: "0B57B0", received: "13703C",
}

// docxFills are what stands behind a text of a tone.
var docxFills = map[document.Tone]string{document.Good: "EEF7F1", document.Bad: "FDF1F0", document.Warn: "FDF6E9"}

// docxParagraph is how a paragraph is set.
type docxParagraph struct {
	fixed bool // in a fixed-width face
	style string
	keep  bool          // on the page of what follows
	box   document.Tone // the color of the box that it stands in, if it has one
	marks []string      // bookmarks
}

func (d *docxWriter) heading(s document.Section, depth int) {
	d.title = document.OneLine(s.Title)
	p := docxParagraph{style: "Heading" + strconv.Itoa(min(depth, 6))}
	if d.listed < len(d.entries) {
		if e := d.entries[d.listed]; e.Depth == depth && e.Title == s.Title {
			p.marks = append(p.marks, contentsMark(d.listed))
			d.listed++
		}
	}
	title := document.Cell{Text: s.Title, Anchor: s.Anchor}
	if s.Badge.Text == "" {
		d.paragraph(p, title)
		return
	}
	title.Text += ": "
	d.paragraph(p, title, s.Badge)
}

func (d *docxWriter) paragraph(p docxParagraph, cells ...document.Cell) {
	d.text("<w:p>")
	fill := docxFills[p.box]
	if p.style != "" || p.keep || fill != "" {
		d.text("<w:pPr>")
		if p.style != "" {
			d.text(`<w:pStyle w:val="`, p.style, `"/>`)
		}
		if p.keep {
			d.text("<w:keepNext/>")
		}
		if fill != "" {
			d.text(`<w:pBdr><w:left w:val="single" w:sz="24" w:space="8" w:color="`, docxColors[p.box], `"/></w:pBdr><w:shd w:val="clear" w:fill="`, fill, `"/>`,
				`<w:ind w:left="200"/>`)
		}
		d.text("</w:pPr>")
	}
	for _, mark := range p.marks {
		d.bookmark(mark)
	}
	for _, c := range cells {
		if c.Anchor != "" {
			d.bookmark(bookmark(c.Anchor))
		}
		linked := c.Link != c.Anchor && d.live[c.Link]
		if linked {
			d.text(`<w:hyperlink w:anchor="`, bookmark(c.Link), `">`)
			if c.Tone == document.Plain {
				c.Tone = sent // the color of links
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
func (d *docxWriter) bookmark(name string) {
	if d.used[name] {
		return
	}
	d.used[name] = true
	id := strconv.Itoa(len(d.used))
	d.text(`<w:bookmarkStart w:id="`, id, `" w:name="`, name, `"/><w:bookmarkEnd w:id="`, id, `"/>`)
}

func (d *docxWriter) run(c document.Cell) { d.styled(c, false) }

// styled writes a text with its line breaks.
func (d *docxWriter) styled(c document.Cell, fixed bool) {
	if c.Text == "" {
		return
	}
	face, bold, ink := "", "", ""
	if fixed {
		face = `<w:rFonts w:ascii="Courier New" w:hAnsi="Courier New" w:cs="Courier New"/>`
	} else if c.Tone == document.Good || c.Tone == document.Bad || c.Tone == document.Warn {
		bold = "<w:b/>"
	}
	if color := docxColors[c.Tone]; color != "" {
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

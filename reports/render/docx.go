package render

import (
	"archive/zip"
	"bufio"
	"embed"
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"
)

// DOCX writes doc for word processors: headings that make an outline, tables
// whose header row repeats on every page and whose rows don't split, links, and
// page x of y. Times inside the file are at, so that the same document gives
// the same bytes.
func DOCX(w io.Writer, doc Document, layout Layout, at time.Time) error {
	z := zip.NewWriter(w)
	for _, p := range docxParts {
		text, err := docxFiles.ReadFile("docx/" + p.file)
		if err == nil {
			err = docxPart(z, p.name, at, func(d *docxWriter) { d.Write(text) })
		}
		if err != nil {
			return err
		}
	}
	page := docxPage(layout)
	for _, p := range []struct {
		name  string
		write func(*docxWriter)
	}{
		{"word/header1.xml", func(d *docxWriter) { d.margin("hdr", "Header", doc.Header, func() { d.run(cell(doc.Number)) }) }},
		{"word/footer1.xml", func(d *docxWriter) { d.margin("ftr", "Footer", doc.Footer, d.pageNumber) }},
		{"word/document.xml", func(d *docxWriter) { d.document(doc) }},
	} {
		if err := docxPart(z, p.name, at, func(d *docxWriter) { d.page = page; p.write(d) }); err != nil {
			return err
		}
	}
	return z.Close()
}

// docxFiles are the parts of every DOCX file but the document itself.
//
//go:embed docx
var docxFiles embed.FS

// docxParts says which file is which part, in the order that readers expect.
var docxParts = []struct{ name, file string }{
	{"[Content_Types].xml", "content_types.xml"},
	{"_rels/.rels", "package.rels"},
	{"word/_rels/document.xml.rels", "document.rels"},
	{"word/styles.xml", "styles.xml"},
}

func docxPart(z *zip.Writer, name string, at time.Time, write func(*docxWriter)) error {
	part, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: at.UTC()})
	if err != nil {
		return err
	}
	d := &docxWriter{Writer: bufio.NewWriter(part), used: map[string]bool{}}
	write(d)
	return d.Flush()
}

// paper is a page in twentieths of a point, and how many characters stand
// across it, with room for a wider font.
type paper struct {
	width, height, margin int
	columns               int
	portrait              bool
}

func docxPage(l Layout) paper {
	const perMM = 1440 / 25.4
	width, height := l.size()
	p := paper{width: int(math.Round(width * perMM)), height: int(math.Round(height * perMM)), margin: 1134, portrait: l.Portrait}
	p.columns = p.room() * 100 / 14570
	return p
}

// room is the width between the margins.
func (p paper) room() int { return p.width - 2*p.margin }

// docxWriter writes one part. As in textWriter, the bufio.Writer keeps the
// first error.
type docxWriter struct {
	*bufio.Writer
	page paper
	used map[string]bool // bookmarks so far
}

const docxNames = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" ` +
	`xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`

// margin writes what stands at the head or the foot of every page: a text on
// the left, something else on the right.
func (d *docxWriter) margin(element, style, left string, right func()) {
	d.text(xml.Header, "<w:", element, " ", docxNames, `><w:p><w:pPr><w:pStyle w:val="`, style, `"/><w:tabs>`)
	fmt.Fprintf(d, `<w:tab w:val="right" w:pos="%d"/></w:tabs></w:pPr>`, d.page.room())
	d.run(cell(left))
	d.text("<w:r><w:tab/></w:r>")
	right()
	d.text("</w:p></w:", element, ">")
}

func (d *docxWriter) pageNumber() {
	d.run(cell("Page "))
	d.field("PAGE")
	d.run(cell(" of "))
	d.field("NUMPAGES")
}

// field is a value that the word processor knows.
func (d *docxWriter) field(name string) {
	d.text(`<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>`, name, `</w:instrText></w:r>`,
		`<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>`)
}

func (d *docxWriter) text(parts ...string) {
	for _, p := range parts {
		d.WriteString(p)
	}
}

func (d *docxWriter) document(doc Document) {
	d.text(xml.Header, `<w:document `, docxNames, `><w:body>`)
	d.paragraph("Title", Cell{Text: doc.Title})
	d.block(Pairs(doc.Run), 1)
	for b := range doc.Body {
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

func (d *docxWriter) block(b Block, depth int) {
	switch b := b.(type) {
	case Section:
		title := b.Title
		if b.Badge.Text != "" {
			title += ": " + b.Badge.Text
		}
		d.paragraph("Heading"+strconv.Itoa(min(depth, 6)), Cell{Text: title, Anchor: b.Anchor})
		for inner := range b.Body {
			d.block(inner, depth+1)
		}
	case Paragraph:
		d.paragraph("", cell(b.Text))
	case List:
		d.paragraph("ListTitle", Cell{Text: b.Title})
		for _, item := range b.Items {
			d.paragraph("ListBullet", Cell{Text: "• " + item})
		}
	case Pairs:
		t := Table{Columns: []Column{{Width: 24}, {Width: 60, Grow: 1}}}
		for _, p := range b {
			t.Rows = append(t.Rows, []Cell{{Text: p.Name, Tone: Muted}, cell(p.Value)})
		}
		d.table(t, false)
	case Table:
		d.table(b, true)
	case Transcript:
		for _, l := range b {
			d.paragraph("Transcript", Cell{Text: l.Text})
		}
	}
}

// colours of the tones, dark enough for paper.
var docxColours = map[Tone]string{Good: "13703C", Bad: "B3201F", Warn: "8A5300", Muted: "5B6575"}

func (d *docxWriter) paragraph(style string, c Cell) {
	d.text("<w:p>")
	if style != "" {
		d.text(`<w:pPr><w:pStyle w:val="`, style, `"/></w:pPr>`)
	}
	mark := bookmark(c.Anchor)
	if c.Anchor != "" && !d.used[mark] {
		d.used[mark] = true
		id := strconv.Itoa(len(d.used))
		d.text(`<w:bookmarkStart w:id="`, id, `" w:name="`, mark, `"/><w:bookmarkEnd w:id="`, id, `"/>`)
	}
	linked := c.Link != "" && c.Link != c.Anchor
	if linked {
		d.text(`<w:hyperlink w:anchor="`, bookmark(c.Link), `">`)
	}
	d.run(c)
	if linked {
		d.text(`</w:hyperlink>`)
	}
	d.text("</w:p>")
}

// run writes a text with its line breaks.
func (d *docxWriter) run(c Cell) {
	if c.Text == "" {
		return
	}
	d.text("<w:r>")
	if colour := docxColours[c.Tone]; colour != "" {
		bold := "<w:b/>"
		if c.Tone == Muted {
			bold = ""
		}
		d.text("<w:rPr>", bold, `<w:color w:val="`, colour, `"/></w:rPr>`)
	}
	for i, line := range wrap(show(c.Text), 0) {
		if i > 0 {
			d.text("<w:br/>")
		}
		d.text(`<w:t xml:space="preserve">`)
		_ = xml.EscapeText(d, []byte(line)) // the bufio.Writer keeps the error
		d.text("</w:t>")
	}
	d.text("</w:r>")
}

func (d *docxWriter) table(t Table, head bool) {
	widths := layout(t.Columns, tableTexts(t), d.page.columns)
	for i := range widths {
		widths[i] = (widths[i] + len(gap)) * d.page.room() / (d.page.columns + len(gap))
	}
	d.text(`<w:tbl><w:tblPr><w:tblStyle w:val="Rows"/><w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>`)
	for _, w := range widths {
		fmt.Fprintf(d, `<w:gridCol w:w="%d"/>`, w)
	}
	d.text("</w:tblGrid>")
	if head {
		titles := make([]Cell, len(t.Columns))
		for i, c := range t.Columns {
			titles[i] = cell(c.Title)
		}
		d.row(t.Columns, widths, titles, "<w:cantSplit/><w:tblHeader/>", "TableHead")
	}
	for _, r := range t.Rows {
		d.row(t.Columns, widths, r, "<w:cantSplit/>", "TableText")
	}
	d.text(`</w:tbl>`)
	d.paragraph("AfterTable", Cell{})
}

func (d *docxWriter) row(cols []Column, widths []int, cells []Cell, properties, style string) {
	d.text("<w:tr><w:trPr>", properties, "</w:trPr>")
	for i, c := range cells {
		fmt.Fprintf(d, `<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/></w:tcPr>`, widths[i])
		s := style
		if cols[i].Right {
			s += "Right"
		}
		d.paragraph(s, c)
		d.text("</w:tc>")
	}
	d.text("</w:tr>")
}

// bookmark makes an anchor fit for a bookmark: a letter, then letters, digits
// and underscores, 40 at most.
func bookmark(anchor string) string {
	name := "a_" + strings.NewReplacer(".", "_", "-", "_", ":", "_").Replace(anchorName(anchor))
	return name[:min(len(name), 40)]
}

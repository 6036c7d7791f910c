package docx

import (
	"archive/zip"
	"bufio"
	"embed"
	"encoding/xml"
	"fmt"
	"hash/fnv"
	"io"
	"math"
	"strings"
	"time"

	"github.com/socket-oneline/oneline/reports/layout"
	"github.com/socket-oneline/oneline/reports/render/document"
)

// Write writes doc for word processors: headings that make an outline, tables
// whose header row repeats on every page and whose rows don't split, links, and
// page x of y. Times inside the file are at, so that the same document gives
// the same bytes.
func Write(w io.Writer, doc document.Document, l layout.Layout, at time.Time) error {
	z := zip.NewWriter(w)
	page := pageOf(l)
	for _, p := range []struct {
		name  string
		write func(*writer)
	}{ // in the order that readers expect
		{"[Content_Types].xml", same("content_types.xml")},
		{"_rels/.rels", same("package.rels")},
		{"word/_rels/document.xml.rels", same("document.rels")},
		{"word/styles.xml", same("styles.xml")},
		{"word/header1.xml", func(d *writer) { d.margin("hdr", "Header", doc.Header, func() { d.run(document.OneLine(doc.Number)) }) }},
		{"word/footer1.xml", func(d *writer) { d.margin("ftr", "Footer", doc.Footer, d.pageNumber) }},
		{"word/document.xml", func(d *writer) { d.document(doc) }},
		{"docProps/core.xml", func(d *writer) { d.properties(doc, at) }},
	} {
		if err := part(z, p.name, at, func(d *writer) { d.page = page; p.write(d) }); err != nil {
			return err
		}
	}
	return z.Close()
}

// files are the parts that are the same in every DOCX file.
//
//go:embed parts
var files embed.FS

func same(file string) func(*writer) {
	return func(d *writer) {
		text, _ := files.ReadFile("parts/" + file) // it is embedded
		d.Write(text)
	}
}

func part(z *zip.Writer, name string, at time.Time, write func(*writer)) error {
	part, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: at.UTC()})
	if err != nil {
		return err
	}
	d := &writer{Writer: bufio.NewWriter(part), used: map[string]bool{}}
	write(d)
	return d.Flush()
}

// paper is a page in twentieths of a point.
type paper struct {
	width, height, margin int
	portrait              bool
}

func pageOf(l layout.Layout) paper {
	const perMM = 1440 / 25.4
	width, height := l.Size()
	return paper{width: int(math.Round(width * perMM)), height: int(math.Round(height * perMM)), margin: 1134, portrait: l.Portrait}
}

// room is the width between the margins.
func (p paper) room() int { return p.width - 2*p.margin }

// writer writes one part. Its bufio.Writer keeps the first error.
type writer struct {
	*bufio.Writer
	page paper
	used map[string]bool // bookmarks so far
	live map[string]bool // anchors that links may lead to

	listed document.Contents
	title  string // of the document, or the last heading
}

func (d *writer) text(parts ...string) {
	for _, p := range parts {
		d.WriteString(p)
	}
}

const names = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" ` +
	`xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`

// margin writes what stands at the head or the foot of every page: a text on
// the left, something else on the right.
func (d *writer) margin(element, style, left string, right func()) {
	d.text(xml.Header, "<w:", element, " ", names, `><w:p><w:pPr><w:pStyle w:val="`, style, `"/><w:tabs>`)
	fmt.Fprintf(d, `<w:tab w:val="right" w:pos="%d"/></w:tabs></w:pPr>`, d.page.room())
	d.run(document.OneLine(left))
	d.text("<w:r><w:tab/></w:r>")
	right()
	d.text("</w:p></w:", element, ">")
}

func (d *writer) pageNumber() {
	d.run("Page ")
	d.field("PAGE", false)
	d.run(" of ")
	d.field("NUMPAGES", false)
}

// field is a value that the word processor knows. One that is stale is asked of
// it when the document is opened.
func (d *writer) field(name string, stale bool) {
	dirty := ""
	if stale {
		dirty = ` w:dirty="true"`
	}
	d.text(`<w:r><w:fldChar w:fldCharType="begin"`, dirty, `/></w:r><w:r><w:instrText xml:space="preserve"> `, name, ` </w:instrText></w:r>`,
		`<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>`)
}

// properties are what a word processor shows of a file.
func (d *writer) properties(doc document.Document, at time.Time) {
	d.text(xml.Header, `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" `,
		`xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" `,
		`xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>`)
	d.escaped(document.Show(document.OneLine(doc.Header)))
	d.text(`</dc:title><dc:subject>`)
	d.escaped(document.Show(document.OneLine(doc.Number)))
	d.text(`</dc:subject><dc:creator>oneline</dc:creator><dc:language>en-US</dc:language><dcterms:created xsi:type="dcterms:W3CDTF">`,
		at.UTC().Format(time.RFC3339), `</dcterms:created></cp:coreProperties>`)
}

func (d *writer) escaped(s string) { _ = xml.EscapeText(d, []byte(s)) } // the bufio.Writer keeps the error

// bookmark makes an anchor fit for a bookmark: a letter, then letters, digits
// and underscores, 40 at most.
func bookmark(anchor string) string {
	name := "a_" + strings.NewReplacer(".", "_", "-", "_", ":", "_").Replace(document.AnchorName(anchor))
	if len(name) <= 40 {
		return name
	}
	h := fnv.New32a() // what is cut off still tells it from others
	h.Write([]byte(anchor))
	return fmt.Sprintf("%s_%08x", name[:31], h.Sum32())
}

package pdf

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"github.com/socket-oneline/oneline/reports/layout"
	"github.com/socket-oneline/oneline/reports/render/document"
)

// Write writes doc for paper: a first page with the run, contents with page
// numbers, an outline, links within the document, and at the head and the foot
// of every page what the layout says, with page x of y. Tables repeat their
// header row on every page. The fonts are in the file; what they lack stands as
// an escape such as \u05e9. The file says that it was made at.
func Write(w io.Writer, doc document.Document, l layout.Layout, at time.Time) error {
	p := newPDF(doc, l, at)
	p.cover()
	p.newPage()
	for b := range doc.Chapters() {
		p.block(b, 1)
	}
	p.contents()
	p.margins()
	return p.file.Output(w)
}

// color is one of document.Ink and its like.
type color int

func (c color) rgb() (r, g, b int) { return int(c >> 16), int(c >> 8 & 0xff), int(c & 0xff) }

// The colors of what has no tone.
const (
	ruleColor  color = 0xc5ccd6
	rowColor   color = 0xe4e8ed
	shadeColor color = 0xf3f5f8
)

func inkOf(t document.Tone) color { return color(document.Ink[t]) }

var plain, soft = inkOf(document.Plain), inkOf(document.Muted)

// writer lays a document out on pages. All measures are in points; y is how
// far down the page the next thing begins.
type writer struct {
	file                *fpdf.Fpdf
	doc                 document.Document
	regular, bold, mono *face
	height              float64
	left, right         float64
	top, bottom         float64
	y                   float64
	now                 inkState // what the page's stream has set

	pages    int // so far
	listed   document.Contents
	entries  []entry         // those of listed, with their places
	reserved int             // the first page of the contents
	under    float64         // where the contents begin on it
	line     float64         // the height of a line of the contents
	live     map[string]bool // anchors that links may lead to
	links    map[string]int  // the numbers that fpdf has for them
	placed   map[string]bool // those whose place is known
}

// inkState is the font, size and color in force.
type inkState struct {
	face *face
	size float64
	ink  color
}

const (
	sideMargin = 48.0 // at the sides
	textSize   = 9.0
	pairsSize  = 8.5
	monoSize   = 7.4
	tableSize  = 8.0
	leading    = 1.32 // line height by size
)

func newPDF(doc document.Document, l layout.Layout, at time.Time) *writer {
	const perMM = 72 / 25.4
	width, height := l.Size()
	width, height = width*perMM, height*perMM
	p := &writer{
		doc: doc, regular: faces()[0], bold: faces()[1], mono: faces()[2],
		height: height, left: sideMargin, right: width - sideMargin, top: 58, bottom: height - 52,
		live: doc.Anchors(), links: map[string]int{}, placed: map[string]bool{},
	}
	f := fpdf.NewCustom(&fpdf.InitType{UnitStr: "pt", Size: fpdf.SizeType{Wd: width, Ht: height}})
	p.file = f
	for _, face := range faces() {
		f.AddUTF8FontFromBytes(face.name, "", bytes.Clone(face.data)) // fpdf writes into them
	}
	if at.IsZero() {
		at = time.Unix(0, 0) // fpdf takes zero for now
	}
	f.SetCreationDate(at.UTC())
	f.SetModificationDate(at.UTC())
	f.SetCatalogSort(true)
	f.SetTitle(p.regular.show(doc.Header), true)
	f.SetSubject(p.regular.show(doc.Number), true)
	f.SetCreator("oneline", true)
	f.SetProducer("oneline", true)
	f.SetLang("en")
	f.SetDisplayMode("fullwidth", "continuous")
	f.SetAutoPageBreak(false, 0)
	f.SetMargins(0, 0, 0)
	f.SetCellMargin(0)
	return p
}

// newPage begins a page.
func (p *writer) newPage() {
	p.file.AddPage()
	p.pages++
	p.y, p.now = p.top, inkState{}
}

// turnTo goes on on a page that was begun.
func (p *writer) turnTo(page int) {
	p.file.SetPage(page)
	p.y, p.now = p.top, inkState{}
}

// need begins a page unless there is room for height.
func (p *writer) need(height float64) {
	if p.y+height > p.bottom {
		p.newPage()
	}
}

// write puts a line of text, which show has made fit, on the page; y is its
// upper edge.
func (p *writer) write(x, y float64, text string, f *face, size float64, ink color) {
	if strings.TrimSpace(text) == "" {
		return
	}
	if p.now.face != f || p.now.size != size {
		p.file.SetFont(f.name, "", size)
		p.now.face, p.now.size = f, size
	}
	if p.now.ink != ink {
		p.file.SetTextColor(ink.rgb())
		p.now.ink = ink
	}
	p.file.Text(x, y+size, text)
}

func (p *writer) fill(x, y, w, h float64, c color) {
	p.file.SetFillColor(c.rgb())
	p.file.Rect(x, y, w, h, "F")
	p.now.ink = -1 // fpdf writes the color of the text only where it differs from this one
}

func (p *writer) rule(x1, x2, y, width float64, c color) {
	p.file.SetDrawColor(c.rgb())
	p.file.SetLineWidth(width)
	p.file.Line(x1, y, x2, y)
}

// link is the number of the links that lead to an anchor.
func (p *writer) link(anchor string) int {
	if p.links[anchor] == 0 {
		p.links[anchor] = p.file.AddLink()
	}
	return p.links[anchor]
}

// anchor makes this place what links to name lead to, if it is the first.
func (p *writer) anchor(name string, y float64) {
	if name != "" && !p.placed[name] {
		p.placed[name] = true
		p.file.SetLink(p.link(name), max(y-6, 0), p.pages)
	}
}

// margins writes the head and the foot of every page, now that their number is
// known.
func (p *writer) margins() {
	head, number := p.regular.show(document.OneLine(p.doc.Header)), p.regular.show(document.OneLine(p.doc.Number))
	foot := p.regular.show(document.OneLine(p.doc.Footer))
	for n := 1; n <= p.pages; n++ {
		p.turnTo(n)
		p.margin(26, head, number)
		p.rule(p.left, p.right, 42, 0.5, ruleColor)
		p.rule(p.left, p.right, p.height-40, 0.5, ruleColor)
		p.margin(p.height-34, foot, fmt.Sprintf("Page %s of %s", document.Thousands(n), document.Thousands(p.pages)))
	}
}

// margin is a line with a text at either end; the one on the left gives way.
func (p *writer) margin(y float64, left, right string) {
	const size = 7.5
	right = p.regular.wrap(right, size, (p.right-p.left)/2)[0]
	end := p.right - p.regular.width(right, size)
	p.write(end, y, right, p.regular, size, soft)
	p.write(p.left, y, p.regular.wrap(left, size, end-p.left-12)[0], p.regular, size, soft)
}

package pdf

import "github.com/socket-oneline/oneline/reports/render/document"

// entry is a line of the contents with the place of its heading.
type entry struct {
	document.Entry
	page, link int
}

// cover is the first page: the title, the run, and the contents if there is
// room for them. Else pages are kept free for these.
func (p *writer) cover() {
	p.newPage()
	p.y += 8
	p.lines(0, p.bold.title(p.doc.Title, 24, p.right-p.left), p.bold, 24, 30, plain)
	p.lines(0, p.regular.title(p.doc.Subject, 13, p.right-p.left), p.regular, 13, 17, soft)
	p.fill(p.left, p.y+5, 42, 2.5, plain)
	p.y += 22
	for b := range document.Concat(p.doc.Lead) {
		p.block(b, 2)
	}
	p.listed = document.ContentsOf(p.doc)
	for _, e := range p.listed.Entries {
		p.entries = append(p.entries, entry{Entry: e, link: p.file.AddLink()})
	}
	if len(p.entries) == 0 {
		return
	}
	if n := float64(len(p.entries)); p.y+contentsHead+n*contentsLine <= p.bottom {
		p.reserved, p.under = p.pages, p.y
		p.line = contentsLine
		return
	} else if p.line = (p.bottom - p.top - contentsHead) / n; p.line < contentsTight {
		p.line = contentsLine
	}
	p.line = min(p.line, contentsLine)
	p.newPage()
	p.reserved, p.under = p.pages, p.top
	left := float64(len(p.entries))*p.line + contentsHead
	for left -= p.bottom - p.top + 0.1; left > 0; left -= p.bottom - p.top - p.line {
		p.newPage()
	}
}

// The height of the title of the contents, of a line, and of one that makes room
// for a few more on a page.
const (
	contentsHead  = 34.0
	contentsLine  = 14.0
	contentsTight = 12.0
)

// contents writes the contents on the pages that were kept for them.
func (p *writer) contents() {
	if len(p.entries) == 0 {
		return
	}
	page := p.reserved
	p.turnTo(page)
	p.y = p.under + 8
	p.write(p.left, p.y, "Contents", p.bold, 12, plain)
	p.y += contentsHead - 8
	for _, e := range p.entries {
		if p.y+p.line > p.bottom+0.1 {
			page++
			p.turnTo(page)
		}
		p.contentsLine(e)
	}
}

func (p *writer) contentsLine(e entry) {
	const size = textSize
	f, x := p.bold, p.left
	if e.Depth > 1 {
		f, x = p.regular, p.left+16
	}
	number := document.Thousands(e.page)
	end := p.right - p.regular.width(number, size)
	title := f.title(e.Title, size, end-x-30)[0]
	p.write(x, p.y, title, f, size, plain)
	dots, dot := x+f.width(title, size)+6, p.regular.width(".", size)*2
	for at := p.right - 26; at > dots; at -= dot { // from the right, so that they stand below each other
		p.write(at, p.y, ".", p.regular, size, ruleColor)
	}
	p.write(end, p.y, number, p.regular, size, plain)
	p.file.Link(x, p.y, p.right-x, p.line, e.link)
	p.y += p.line
}

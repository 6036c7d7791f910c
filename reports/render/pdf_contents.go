package render

// contentsEntry is a line of the contents.
type contentsEntry struct {
	title string
	depth int
	spot  pdfSpot
}

// fewEnough is how many lines of contents anyone reads. A document with more
// sections lists its chapters alone; the outline has them all.
const fewEnough = 400

// contentsOf lists the chapters of a document, and the sections in them that
// are places of their own, such as protocols.
func contentsOf(doc Document) []contentsEntry {
	var chapters, all []contentsEntry
	for b := range doc.Body {
		s, ok := b.(Section)
		if !ok {
			continue
		}
		chapters = append(chapters, contentsEntry{title: s.Title, depth: 1})
		all = append(all, chapters[len(chapters)-1])
		for inner := range s.Body {
			if s, ok := inner.(Section); ok && s.Anchor != "" {
				all = append(all, contentsEntry{title: s.Title, depth: 2})
			}
		}
	}
	if len(all) > fewEnough {
		return chapters
	}
	return all
}

// cover is the first page: the title, the run, and the contents if there is
// room for them. Else pages are kept free for these.
func (p *pdfWriter) cover() {
	p.newPage()
	p.y += 8
	for _, line := range p.bold.title(p.doc.Title, 24, p.right-p.left) {
		p.write(p.left, p.y, line, p.bold, 24, pdfInk)
		p.y += 30
	}
	for _, line := range p.regular.title(p.doc.Subject, 13, p.right-p.left) {
		p.write(p.left, p.y, line, p.regular, 13, pdfSoft)
		p.y += 17
	}
	p.fill(p.left, p.y+5, 42, 2.5, pdfTones[Plain])
	p.y += 22
	p.pairs(p.doc.Run)
	p.entries = contentsOf(p.doc)
	if len(p.entries) == 0 {
		return
	}
	if p.y+contentsHead+float64(len(p.entries))*contentsLine <= p.bottom {
		p.reserved, p.under = p.pages, p.y
		return
	}
	p.newPage()
	p.reserved, p.under = p.pages, p.top
	left := float64(len(p.entries))*contentsLine + contentsHead
	for left -= p.bottom - p.top; left > 0; left -= p.bottom - p.top - contentsLine {
		p.newPage()
	}
}

const (
	contentsHead = 34.0
	contentsLine = 14.0
)

// contents writes the contents on the pages that were kept for them.
func (p *pdfWriter) contents() {
	if len(p.entries) == 0 {
		return
	}
	last, page := p.pages, p.reserved
	p.file.SetPage(page)
	p.now = inkState{}
	p.y = p.under + 8
	p.write(p.left, p.y, "Contents", p.bold, 12, pdfInk)
	p.y += contentsHead - 8
	for _, e := range p.entries {
		if p.y+contentsLine > p.bottom {
			page++
			p.file.SetPage(page)
			p.now, p.y = inkState{}, p.top
		}
		p.contentsLine(e, page)
	}
	p.file.SetPage(last)
}

func (p *pdfWriter) contentsLine(e contentsEntry, page int) {
	const size = textSize
	f, x := p.bold, p.left
	if e.depth > 1 {
		f, x = p.regular, p.left+16
	}
	number := thousands(e.spot.page)
	end := p.right - p.regular.width(number, size)
	title := f.title(e.title, size, end-x-30)[0]
	p.write(x, p.y, title, f, size, pdfInk)
	dots, dot := x+f.width(title, size)+6, p.regular.width(".", size)*2
	for at := p.right - 26; at > dots; at -= dot { // from the right, so that they stand below each other
		p.write(at, p.y, ".", p.regular, size, pdfLine)
	}
	p.write(end, p.y, number, p.regular, size, pdfInk)
	link := p.file.AddLink()
	p.file.SetLink(link, max(e.spot.y-6, 0), e.spot.page)
	p.file.Link(x, p.y, p.right-x, contentsLine, link)
	p.y += contentsLine
}

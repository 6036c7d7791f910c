package pdf

import "github.com/socket-oneline/oneline/reports/render/document"

func (p *writer) block(b document.Block, depth int) {
	switch b := b.(type) {
	case document.Section:
		p.heading(b, depth)
		for inner := range b.Body {
			p.block(inner, depth+1)
		}
	case document.Paragraph:
		p.paragraph(b)
	case document.List:
		p.list(b)
	case document.Pairs:
		p.pairs(b)
	case document.Table:
		p.table(b)
	case document.Transcript:
		p.transcript(b)
	}
}

// headings by depth: size, room above and room below.
var headings = [][3]float64{{16, 22, 9}, {11.5, 15, 5}, {10, 14, 4}, {9, 10, 3}}

// heading is kept together with what follows it, and stands in the outline.
func (p *writer) heading(s document.Section, depth int) {
	h := headings[min(depth, len(headings))-1]
	size, above, below := h[0], h[1], h[2]
	lines := p.bold.title(s.Title, size, p.right-p.left-90)
	height := float64(len(lines)) * size * leading
	if p.y > p.top {
		p.need(above + height + below + opening(s))
	}
	if p.y > p.top {
		p.y += above
	}
	p.anchor(s.Anchor, p.y)
	p.enter(s, depth)
	for i, line := range lines {
		p.write(p.left, p.y, line, p.bold, size, plain)
		if i == len(lines)-1 {
			p.badge(s.Badge, p.left+p.bold.width(line, size)+9, p.y, size)
		}
		p.y += size * leading
	}
	if depth == 1 {
		p.rule(p.left, p.right, p.y+3, 0.9, ruleColor)
		p.y += 4
	}
	p.y += below
}

// opening is how much of a section a reader wants to see below its heading: what
// introduces it, and the beginning of what follows that.
func opening(s document.Section) float64 {
	const most = 330 // a good half of a page
	height := 0.0
	for b := range s.Body {
		switch b := b.(type) {
		case document.List:
			height += float64(len(b.Items)+1)*textSize*1.35 + 8
			continue
		case document.Pairs:
			height += float64(len(b))*pairsSize*1.4 + 6
			continue
		case document.Table:
			height += 100
		case document.Section:
			height += 40 + opening(b)
		default:
			height += 40
		}
		break
	}
	return min(height, most)
}

// enter puts a heading into the outline, and its place into the contents.
func (p *writer) enter(s document.Section, depth int) {
	p.file.SetFont(p.regular.name, "", textSize)
	p.now.face = nil
	p.file.Bookmark(p.regular.show(document.OneLine(s.Title)), depth-1, max(p.y-6, 0))
	if n, listed := p.listed.Meet(s, depth); listed {
		p.entries[n].page = p.pages
		p.file.SetLink(p.entries[n].link, max(p.y-6, 0), p.pages)
	}
}

// badge is a verdict in a rounded box beside a title.
func (p *writer) badge(c document.Cell, x, y, size float64) {
	if c.Text == "" {
		return
	}
	const small = 7.5
	text, ink := p.bold.show(c.Text), inkOf(c.Tone)
	p.file.SetDrawColor(ink.rgb())
	p.file.SetLineWidth(0.7)
	top := y + (size*leading-small-5)/2
	p.file.RoundedRect(x, top, p.bold.width(text, small)+10, small+4.5, 3, "1234", "D")
	p.write(x+5, top+1.6, text, p.bold, small, ink)
}

// paragraph with a tone stands in a box with a bar of its color.
func (p *writer) paragraph(b document.Paragraph) {
	const size, line = textSize, textSize * 1.4
	back, boxed := document.Fill[b.Tone]
	ink, indent := inkOf(b.Tone), 0.0
	if boxed {
		ink, indent = plain, 12
	}
	lines := p.regular.wrap(p.regular.show(b.Text), size, p.right-p.left-2*indent)
	p.need(line + 8)
	if b.Tone == document.Bad { // a failure, and what there is to say of it
		p.need(float64(min(len(lines), 4))*line + 80)
	}
	if boxed {
		p.y += 2
	}
	for len(lines) > 0 {
		fit := min(max(int((p.bottom-p.y-8)/line), 1), len(lines))
		height := float64(fit) * line
		if boxed {
			p.fill(p.left, p.y, p.right-p.left, height+8, color(back))
			p.fill(p.left, p.y, 3, height+8, inkOf(b.Tone))
			p.y += 4
		}
		for i, text := range lines[:fit] {
			p.write(p.left+indent, p.y+float64(i)*line, text, p.regular, size, ink)
		}
		p.y += height + 4
		if lines = lines[fit:]; len(lines) > 0 {
			p.newPage()
		}
	}
	p.y += 4
}

func (p *writer) list(b document.List) {
	const line = textSize * 1.35
	wrapped := func(text string, indent float64) []string {
		return p.regular.wrap(p.regular.show(text), textSize, p.right-p.left-indent)
	}
	if b.Title != "" {
		p.need(2*line + 6)
		p.y += 4
		p.lines(0, wrapped(b.Title, 0), p.regular, textSize, line, soft)
	}
	for _, item := range b.Items {
		p.need(line)
		p.write(p.left+6, p.y, "•", p.regular, textSize, soft)
		p.lines(18, wrapped(item, 18), p.regular, textSize, line, plain)
	}
	p.y += 4
}

// lines writes lines below each other.
func (p *writer) lines(indent float64, lines []string, f *face, size, height float64, ink color) {
	for _, l := range lines {
		p.need(height)
		p.write(p.left+indent, p.y, l, f, size, ink)
		p.y += height
	}
}

// pairs are names and values, the values below each other.
func (p *writer) pairs(pairs document.Pairs) {
	const size, line = pairsSize, pairsSize * 1.4
	column := 60.0
	for _, pair := range pairs {
		column = max(column, min(p.regular.width(p.regular.show(pair.Name), size)+14, 170))
	}
	for _, pair := range pairs {
		names := p.regular.wrap(p.regular.show(pair.Name), size, column-8)
		f, height := p.regular, size
		if pair.Fixed {
			f, height = p.mono, monoSize
		}
		values := f.wrap(f.show(pair.Value), height, p.right-p.left-column)
		for i := range max(len(names), len(values)) {
			p.need(line)
			if i < len(names) {
				p.write(p.left, p.y, names[i], p.regular, size, soft)
			}
			if i < len(values) {
				p.write(p.left+column, p.y+size-height, values[i], f, height, plain)
			}
			p.y += line
		}
	}
	p.y += 6
}

// transcript tells who spoke by the mark in its text, and by the color.
func (p *writer) transcript(t document.Transcript) {
	const size, line = monoSize, monoSize * 1.38
	for n, l := range t {
		ink := inkOf(l.Spoken())
		for i, text := range p.mono.wrap(p.mono.show(l.Text), size, p.right-p.left-40) {
			indent := 8.0
			if i > 0 {
				indent = 32
			}
			p.need(line)
			if edge := 3.0; i == 0 && n == 0 || p.y == p.top {
				p.fill(p.left, p.y-edge, p.right-p.left, edge+0.2, shadeColor)
			}
			p.fill(p.left, p.y, p.right-p.left, line+0.2, shadeColor)
			p.write(p.left+indent, p.y+0.6, text, p.mono, size, ink)
			p.y += line
		}
	}
	p.fill(p.left, p.y, p.right-p.left, 2, shadeColor)
	p.y += 10
}

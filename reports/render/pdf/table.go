package pdf

import (
	"strings"

	"github.com/socket-oneline/oneline/reports/render/document"
)

// The measures of a table, in points.
const (
	headSize = 7.5  // of the titles
	cellGap  = 10.0 // between columns
	cellPad  = 3.2  // above and below the text
	tallRow  = 30.0 // a row that is signed in
	fewLines = 3    // lines of a row that is split that the next page gets at least
)

// tableState is a table being written.
type tableState struct {
	document.Table
	x, widths []float64
	line      float64
	end       float64 // its right edge
}

func (p *writer) table(t document.Table) {
	s := tableState{Table: t, line: tableSize * leading}
	s.widths = document.ColumnWidths(t, p.right-p.left, cellGap, tableSize*0.58, func(i int) float64 { return p.natural(t, i) })
	x := p.left
	for _, w := range s.widths {
		s.x = append(s.x, x)
		x += w + cellGap
	}
	s.end = x - cellGap
	p.y += 3
	var next laidRow
	for i := range t.Rows {
		row := next
		if i == 0 {
			row = p.lay(&s, t.Rows[0])
		}
		together := row.height
		if i+1 < len(t.Rows) {
			next = p.lay(&s, t.Rows[i+1])
		}
		if document.LoneRows(i, len(t.Rows)) {
			together += next.height
		}
		together = min(together, document.Tallest*s.line)
		if i == 0 {
			p.need(together + s.line + 4*cellPad)
			p.head(&s)
		} else if p.y+together > p.bottom {
			p.newPage()
			p.head(&s)
		}
		p.row(&s, row)
	}
	p.rule(p.left-4, s.end+4, p.y, 0.7, ruleColor)
	p.y += 8
}

// natural is the width of the longest text of a column.
func (p *writer) natural(t document.Table, column int) float64 {
	widest := p.bold.width(t.Columns[column].Title, headSize)
	for _, r := range t.Rows {
		f, size := p.face(t.Columns[column], r[column])
		for line := range strings.SplitSeq(f.show(r[column].Text), "\n") {
			widest = max(widest, f.width(line, size)+0.1)
		}
	}
	return widest
}

// face of a cell, and its size: verdicts are bold, and some columns keep every
// blank.
func (p *writer) face(column document.Column, c document.Cell) (*face, float64) {
	if column.Fixed {
		return p.mono, monoSize
	}
	if c.Tone == document.Good || c.Tone == document.Bad || c.Tone == document.Warn {
		return p.bold, tableSize
	}
	return p.regular, tableSize
}

// laidRow is a row with its texts broken into lines.
type laidRow struct {
	cells  []document.Cell
	lines  [][]string
	height float64
}

// lay breaks the texts of a row.
func (p *writer) lay(s *tableState, r []document.Cell) laidRow {
	row, most := laidRow{cells: r, lines: make([][]string, len(r))}, 1
	for i, c := range r {
		f, size := p.face(s.Columns[i], c)
		row.lines[i] = f.wrap(f.show(c.Text), size, s.widths[i])
		most = max(most, len(row.lines[i]))
		if s.Columns[i].Blank {
			row.height = tallRow
		}
	}
	row.height = max(row.height, float64(most)*s.line+2*cellPad)
	return row
}

// head is the row of titles.
func (p *writer) head(s *tableState) {
	height := s.line + 2*cellPad
	p.fill(p.left-4, p.y, s.end-p.left+8, height, shadeColor)
	for i, c := range s.Columns {
		title := p.bold.wrap(c.Title, headSize, s.widths[i]+cellGap)[0]
		x := s.x[i]
		if c.Right {
			x += s.widths[i] - p.bold.width(title, headSize)
		}
		p.write(x, p.y+cellPad+0.3, title, p.bold, headSize, soft)
	}
	p.y += height
	p.rule(p.left-4, s.end+4, p.y, 0.7, ruleColor)
}

// row writes a row. There is room for it, unless it is higher than what a reader
// would call a row: then it is split.
func (p *writer) row(s *tableState, r laidRow) {
	total := int((r.height - 2*cellPad + 0.01) / s.line)
	for from := 0; ; {
		left := r.height - float64(from)*s.line
		if p.y+left <= p.bottom+0.01 {
			p.part(s, r, from, total-from, left)
			return
		}
		room := max(min(int((p.bottom-p.y-2*cellPad)/s.line), total-from-fewLines), 1)
		p.part(s, r, from, room, float64(room)*s.line+2*cellPad)
		from += room
		p.newPage()
		p.head(s)
	}
}

// part writes n lines of a row.
func (p *writer) part(s *tableState, r laidRow, from, n int, height float64) {
	for _, c := range r.cells {
		if c.Tone == document.Bad && s.Name == "steps" {
			p.fill(p.left-4, p.y+0.3, s.end-p.left+8, height-0.3, color(document.Fill[document.Bad]))
		}
	}
	for i, c := range r.cells {
		if from == 0 {
			p.anchor(c.Anchor, p.y)
		}
		f, size := p.face(s.Columns[i], c)
		ink := inkOf(c.Tone)
		linked := c.Link != c.Anchor && p.live[c.Link]
		if linked && c.Tone == document.Plain {
			ink = inkOf(document.Linked)
		}
		for k := from; k < min(from+n, len(r.lines[i])); k++ {
			text, x, y := r.lines[i][k], s.x[i], p.y+cellPad+float64(k-from)*s.line
			if s.Columns[i].Right {
				x += s.widths[i] - f.width(text, size)
			}
			p.write(x, y, text, f, size, ink)
			if linked && text != "" {
				p.file.Link(x, y, f.width(text, size), s.line, p.link(c.Link))
			}
		}
	}
	p.y += height
	p.rule(p.left-4, s.end+4, p.y, 0.4, rowColor)
}

package docx

import (
	"fmt"

	"github.com/socket-oneline/oneline/reports/render/document"
)

// Twentieths of a point: between columns, of a character of a table, and of a
// row that is signed in.
const (
	gap  = 160
	char = 104
	tall = 620
)

// tableRow is how a row of a table is set.
type tableRow struct {
	properties string
	style      string
	keep       bool // on the page of the next row
	fill       string
}

// pairs stay together, and with the table that they introduce, as far as a page
// allows.
func (d *writer) pairs(pairs document.Pairs, introduce bool) {
	columns := []document.Column{{Width: 30}, {Width: 60, Grow: 1}}
	t := document.Table{Columns: columns}
	for _, p := range pairs {
		t.Rows = append(t.Rows, []document.Cell{{Text: p.Name, Tone: document.Muted}, document.Text(p.Value)})
	}
	widths := d.begin(t, "Pairs")
	for i, r := range t.Rows {
		columns[1].Fixed = pairs[i].Fixed
		d.row(columns, widths, r, tableRow{properties: split(r), style: "PairText", keep: introduce || i+1 < len(t.Rows)})
	}
	d.end(introduce)
}

func (d *writer) table(t document.Table) {
	widths := d.begin(t, "Rows")
	titles := make([]document.Cell, len(t.Columns))
	for i, c := range t.Columns {
		titles[i] = document.Text(c.Title)
	}
	d.row(t.Columns, widths, titles, tableRow{properties: "<w:cantSplit/><w:tblHeader/>", style: "TableHead", keep: true, fill: "F3F5F8"})
	for i, r := range t.Rows {
		row := tableRow{properties: split(r), style: "TableText", keep: document.LoneRows(i, len(t.Rows))}
		for j, c := range r {
			if c.Tone == document.Bad && t.Name == "steps" {
				row.fill = color(document.Fill, document.Bad)
			}
			if t.Columns[j].Blank {
				row.properties = fmt.Sprintf(`<w:cantSplit/><w:trHeight w:val="%d" w:hRule="atLeast"/>`, tall)
			}
		}
		d.row(t.Columns, widths, r, row)
	}
	d.end(false)
}

// split allows a row to go on on the next page only if it is a high one.
func split(r []document.Cell) string {
	for _, c := range r {
		if len(c.Text) > 1200 || len(document.Wrap(document.Show(c.Text), 40)) > document.Tallest {
			return ""
		}
	}
	return "<w:cantSplit/>"
}

// begin writes what stands before the rows, and returns the widths of the columns.
func (d *writer) begin(t document.Table, style string) []int {
	exact := document.ColumnWidths(t, float64(d.page.room()), gap, char, func(i int) float64 {
		n := document.Columns(t.Columns[i].Title) + 1 // bold
		for _, r := range t.Rows {
			n = max(n, document.Widest(document.Show(r[i].Text)))
		}
		return float64(n+1) * char
	})
	d.text(`<w:tbl><w:tblPr><w:tblStyle w:val="`, style, `"/><w:tblLayout w:type="fixed"/><w:tblCaption w:val="`)
	d.escaped(document.Show(d.title)) // for those who hear what the table is about
	d.text(`"/></w:tblPr><w:tblGrid>`)
	widths := make([]int, len(exact))
	for i, w := range exact {
		widths[i] = int(w) + gap
		if i == len(exact)-1 {
			widths[i] -= gap
		}
		fmt.Fprintf(d, `<w:gridCol w:w="%d"/>`, widths[i])
	}
	d.text("</w:tblGrid>")
	return widths
}

func (d *writer) end(keep bool) {
	d.text(`</w:tbl>`)
	d.paragraph(paragraph{style: "AfterTable", keep: keep}, document.Cell{})
}

func (d *writer) row(cols []document.Column, widths []int, cells []document.Cell, r tableRow) {
	d.text("<w:tr>")
	if r.properties != "" {
		d.text("<w:trPr>", r.properties, "</w:trPr>")
	}
	for i, c := range cells {
		fmt.Fprintf(d, `<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/>`, widths[i])
		if r.fill != "" {
			d.text(`<w:shd w:val="clear" w:fill="`, r.fill, `"/>`)
		}
		d.text("</w:tcPr>")
		p := paragraph{style: r.style, keep: r.keep, fixed: cols[i].Fixed}
		if cols[i].Right {
			p.style += "Right"
		}
		d.paragraph(p, c)
		d.text("</w:tc>")
	}
	d.text("</w:tr>")
}

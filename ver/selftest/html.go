package selftest

import (
	"io"
	"slices"

	"github.com/socket-oneline/oneline/reports/render/document"
	"github.com/socket-oneline/oneline/reports/render/page"
	"github.com/socket-oneline/oneline/ver/faulty"
)

// HTML writes the kill matrix as one page that needs no network and no script.
func HTML(w io.Writer, m *Matrix) error {
	head := page.Head{
		Kind: "Self-test of the suite", Title: "Kill matrix", Lines: []string{m.conclusion()},
		Verdict: document.Cell{Text: "As it should be", Tone: m.tone()},
	}
	if m.ExitCode != 0 {
		head.Verdict.Text = "Not as it should be"
	}
	doc := m.Document()
	doc.Lead = nil // it stands at the top of the page
	doc.Body = document.Blocks(append([]document.Block{section("Faults by requirements", m.grid())}, m.sections()...)...)
	return page.Write(w, head, doc)
}

// grid shows which faults fail which requirements.
func (m *Matrix) grid() document.Table {
	t := document.Table{Name: "kills", Grid: true, Columns: []document.Column{{Title: "Faults by requirements"}}}
	for _, row := range m.Requirements {
		t.Columns = append(t.Columns, document.Column{Title: row.ID, Link: row.ID, Label: row.ID + ": " + row.Desc})
	}
	for i := range m.Members {
		r := &m.Members[i]
		if r.Kind != faulty.Fault {
			continue
		}
		cells := []document.Cell{{Text: r.Name, Parts: []document.Cell{{Text: r.Name, Link: r.Name}, document.Text("  " + r.Text)}}}
		for _, row := range m.Requirements {
			cells = append(cells, r.mark(row.ID))
		}
		t.Rows = append(t.Rows, cells)
	}
	return t
}

// What a fault did to a requirement.
const (
	survived = "survived"
	blamed   = "blamed wrongly"
	killed   = "killed"
)

// outcomeFor is what a fault did to a requirement; empty for nothing.
func (r *Result) outcomeFor(id string) string {
	switch {
	case slices.Contains(r.Survived, id):
		return survived
	case slices.Contains(r.Blamed, id):
		return blamed
	case slices.Contains(r.Breaks, id):
		return killed
	}
	return ""
}

// marks show what a fault did to a requirement.
var marks = map[string]document.Cell{
	survived: {Text: "✗", Tone: document.Bad}, blamed: {Text: "!", Tone: document.Bad}, killed: {Text: "✓", Tone: document.Good},
}

func (r *Result) mark(id string) document.Cell {
	c := marks[r.outcomeFor(id)]
	if c.Text != "" {
		c.Label = r.Name + ", " + id + ": " + r.outcomeFor(id)
	}
	return c
}

package content

import (
	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/render/document"
)

// Marks show results without color.
var Marks = map[reports.Result]string{
	reports.ResultPass: "✓", reports.ResultPassOutcome: "✓", reports.ResultFail: "✗", reports.ResultBlocked: "!", reports.ResultSkipped: "–",
	reports.ResultNoEvidence: "?", reports.ResultNotObservable: "○",
}

// PairAnchor names the place, within the row of a requirement, of what a
// protocol says of it.
func PairAnchor(id, protocol string) string { return id + ":" + protocol }

// Grid shows requirements by protocols: the severest of the results that the
// specs of a protocol have for a requirement. Each mark leads to them.
func Grid(m *reports.Model) document.Table {
	t := document.Table{Name: "glance", Grid: true, Columns: []document.Column{{Title: "Requirements by protocols"}}}
	for _, p := range m.Protocols {
		t.Columns = append(t.Columns, document.Column{Title: p.ID, Link: p.ID, Label: p.ID + " " + p.Desc + ": " + string(p.Verdict)})
	}
	for _, r := range m.Requirements {
		t.Rows = append(t.Rows, gridRow(m, &r))
	}
	return t
}

func gridRow(m *reports.Model, r *reports.Requirement) []document.Cell {
	results := map[string]reports.Result{}
	for _, s := range r.Specs {
		if worst, found := results[s.Protocol]; !found || reports.Severer(s.Result, worst) {
			results[s.Protocol] = s.Result
		}
	}
	about := "  " + r.Desc
	if len(r.Specs) == 0 {
		about = "  " + document.Join(string(r.Verdict), r.Reason)
	}
	row := []document.Cell{{Text: r.ID, Tone: verdictTones[r.Verdict], Parts: []document.Cell{linkTo(r.ID), document.Text(about)}}}
	for _, p := range m.Protocols {
		var c document.Cell
		if result, found := results[p.ID]; found {
			c = ResultCell(result)
			c.Text, c.Link, c.Label = Marks[result], PairAnchor(r.ID, p.ID), r.ID+", "+p.ID+": "+c.Text
		}
		row = append(row, c)
	}
	return row
}

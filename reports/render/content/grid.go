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
	for i := range m.Protocols {
		p := &m.Protocols[i]
		t.Columns = append(t.Columns, document.Column{Title: p.ID, Link: p.ID, Label: p.ID + " " + p.Desc + ": " + string(p.Verdict)})
	}
	for i := range m.Requirements {
		t.Rows = append(t.Rows, gridRow(m, &m.Requirements[i]))
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
	row := []document.Cell{{Text: r.ID, Tone: VerdictTone(r.Verdict), Parts: []document.Cell{
		{Text: r.ID, Link: r.ID}, document.Text(about),
	}}}
	for i := range m.Protocols {
		id := m.Protocols[i].ID
		result, found := results[id]
		if !found {
			row = append(row, document.Cell{})
			continue
		}
		row = append(row, document.Cell{
			Text: Marks[result], Tone: ResultCell(result).Tone, Link: PairAnchor(r.ID, id), Label: r.ID + ", " + id + ": " + string(result),
		})
	}
	return row
}

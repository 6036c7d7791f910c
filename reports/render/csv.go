package render

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/exchange"
	"github.com/socket-oneline/oneline/reports/render/content"
	"github.com/socket-oneline/oneline/reports/render/document"
)

// TraceCSV writes the trace matrix for spreadsheets and scripts: a row per
// requirement and spec, one with empty cells for a requirement without a spec.
// No cell is taken for a formula.
func TraceCSV(w io.Writer, m *reports.Model) error {
	c := newCSV(w, "requirement", "group", "tester", "level", "source", "verdict", "in_scope", "reason",
		"protocol", "spec_id", "spec", "place", "result", "result_reason", "passed", "failed", "text", "justification", "parents", "children")
	for i := range m.Requirements {
		r := &m.Requirements[i]
		specs := r.Specs
		if len(specs) == 0 {
			specs = []reports.SpecResult{{}}
		}
		for _, s := range specs {
			c.row(r.ID, r.Group, r.Tester, r.Level, r.Source, string(r.Verdict), strconv.FormatBool(r.InScope), r.Reason,
				s.Protocol, s.ID, s.FullTitle(), s.Location, string(s.Result), s.Reason,
				strconv.Itoa(s.Verifications.Passed), strconv.Itoa(s.Verifications.Failed), r.Desc, content.Justified(r),
				strings.Join(r.Parents, " "), strings.Join(r.Children, " "))
		}
	}
	return c.flush()
}

// table writes CSV of which no cell is taken for a formula. It keeps the first
// error.
type table struct{ *csv.Writer }

func newCSV(w io.Writer, titles ...string) table {
	t := table{csv.NewWriter(w)}
	t.row(titles...)
	return t
}

func (t table) row(cells ...string) {
	for i, s := range cells {
		cells[i] = exchange.Harmless(document.Show(s))
	}
	_ = t.Write(cells) // the error stays in t
}

func (t table) flush() error {
	t.Flush()
	return t.Error()
}

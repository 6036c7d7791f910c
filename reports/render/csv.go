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
	c := csv.NewWriter(w)
	write := func(cells ...string) {
		for i, s := range cells {
			cells[i] = exchange.Harmless(document.Show(s))
		}
		_ = c.Write(cells) // the error stays in c
	}
	write("requirement", "group", "tester", "level", "source", "verdict", "in_scope", "reason",
		"protocol", "spec_id", "spec", "place", "result", "result_reason", "passed", "failed", "text", "justification", "parents", "children")
	for i := range m.Requirements {
		r := &m.Requirements[i]
		specs := r.Specs
		if len(specs) == 0 {
			specs = []reports.SpecResult{{}}
		}
		for _, s := range specs {
			write(r.ID, r.Group, r.Tester, r.Level, r.Source, string(r.Verdict), strconv.FormatBool(r.InScope), r.Reason,
				s.Protocol, s.ID, s.FullTitle(), s.Location, string(s.Result), s.Reason,
				strconv.Itoa(s.Verifications.Passed), strconv.Itoa(s.Verifications.Failed), r.Desc, content.Justified(r),
				strings.Join(r.Parents, " "), strings.Join(r.Children, " "))
		}
	}
	c.Flush()
	return c.Error()
}

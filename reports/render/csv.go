package render

import (
	"encoding/csv"
	"io"
	"iter"
	"strconv"
	"strings"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/exchange"
	"github.com/socket-oneline/oneline/reports/render/content"
	"github.com/socket-oneline/oneline/reports/render/document"
)

// CSV writes rows of which no cell is taken for a formula.
func CSV(w io.Writer, rows iter.Seq[[]string]) error {
	c := csv.NewWriter(w)
	for cells := range rows {
		for i, s := range cells {
			cells[i] = exchange.Harmless(document.Show(s))
		}
		_ = c.Write(cells) // c keeps the error
	}
	c.Flush()
	return c.Error()
}

// TraceCSV writes the trace matrix for spreadsheets and scripts: a row per
// requirement and spec, one with empty cells for a requirement without a spec.
func TraceCSV(w io.Writer, m *reports.Model) error {
	return CSV(w, func(yield func([]string) bool) {
		yield([]string{
			"requirement", "group", "tester", "level", "source", "verdict", "in_scope", "reason",
			"protocol", "spec_id", "spec", "place", "result", "result_reason", "passed", "failed", "text", "justification", "parents", "children",
		})
		for _, r := range m.Requirements {
			specs := r.Specs
			if len(specs) == 0 {
				specs = []reports.SpecResult{{}}
			}
			for _, s := range specs {
				yield([]string{
					r.ID, r.Group, r.Tester, r.Level, r.Source, string(r.Verdict), strconv.FormatBool(r.InScope), r.Reason,
					s.Protocol, s.ID, s.FullTitle(), s.Location, string(s.Result), s.Reason,
					strconv.Itoa(s.Verifications.Passed), strconv.Itoa(s.Verifications.Failed), r.Desc, content.Justified(&r),
					strings.Join(r.Parents, " "), strings.Join(r.Children, " "),
				})
			}
		}
	})
}

package content

import (
	"slices"
	"strings"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/render/document"
)

// Summary counts, and shows the requirement-coverage table.
func Summary(m *reports.Model) document.Document {
	return document.Document{
		Title: "Summary",
		Run:   runBlock(m),
		Body: document.Blocks(
			conclusion(m),
			problems(m),
			document.Section{Title: "Counts", Fold: true, Body: document.Blocks(SummaryTable(m))},
			codeSummary(m),
			document.Section{Title: "Requirement coverage", Body: document.Blocks(CoverageTable(m))},
		),
	}
}

// conclusion is the closing lines of the run.
func conclusion(m *reports.Model) document.Block {
	_, tone := Outcome(m)
	return document.Section{Title: "Conclusion", Body: document.Blocks(document.Paragraph{Text: strings.Join(m.Conclusion, "\n"), Tone: tone})}
}

// problems says why nothing can be concluded, if so.
func problems(m *reports.Model) document.Block {
	if len(m.Problems) == 0 {
		return nil
	}
	return document.Section{Title: "Problems", Body: document.Blocks(document.List{Title: "Nothing can be concluded from this run, because:", Items: lines(m.Problems)})}
}

// lines are problems, each as one line.
func lines(problems []reports.Problem) []string {
	all := make([]string, len(problems))
	for i, p := range problems {
		all[i] = p.String()
	}
	return all
}

// summaryRow is a row of the summary: what is counted, how many, and their
// share.
type summaryRow struct {
	name    string
	count   string
	percent string
	tone    document.Tone
	part    bool // it stands under the row before it that is no part
}

// summaryRows are the original's rows in the original's order, then ours.
// PASS + FAIL + Not tested + Partial + Not observable = #Requirements, and
// their percentages add up to 100. Invalid and retired ones are not among them.
func summaryRows(m *reports.Model) []summaryRow {
	s := m.Summary
	by := document.Percentages(s.Manual, s.ManualAndAuto, s.Auto)
	req := document.Percentages(s.Pass, s.Fail, s.NotTested, s.Partial, s.NotObservable)
	other := s.Protocols - s.ProtocolsPass - s.ProtocolsFail
	tp := document.Percentages(s.ProtocolsPass, s.ProtocolsFail, other)
	row := func(name string, n int, percent string, tone document.Tone, part bool) summaryRow {
		if n == 0 {
			tone = document.Plain
		}
		return summaryRow{name, document.Thousands(n), percent, tone, part}
	}
	rows := []summaryRow{
		row("#Requirements", s.Requirements, document.Ratio(s.Requirements, s.Requirements), document.Plain, false),
		row("Manual Requirements", s.Manual, by[0], document.Plain, true),
		row("Manual & Auto Requirements", s.ManualAndAuto, by[1], document.Plain, true),
		row("Automated Requirements", s.Auto, by[2], document.Plain, true),
		row("Invalid", s.Invalid, document.Ratio(s.Invalid, s.Requirements), document.Bad, true),
		row("PASS", s.Pass, req[0], document.Good, true),
		row("FAIL", s.Fail, req[1], document.Bad, true),
		row("Not tested", s.NotTested, req[2], document.Warn, true),
		row("#Protocols", s.Protocols, document.Ratio(s.Protocols, s.Protocols), document.Plain, false),
		row("PASS", s.ProtocolsPass, tp[0], document.Good, true),
		row("FAIL", s.ProtocolsFail, tp[1], document.Bad, true),
		row("Partial, not tested or not observable", other, tp[2], document.Plain, true),
		row("Partial", s.Partial, req[3], document.Warn, false),
		row("Not observable", s.NotObservable, req[4], document.Muted, false),
		row("In scope", s.InScope, document.Ratio(s.InScope, s.Requirements), document.Plain, false),
		row("Verified (PASS or FAIL)", s.Verified, document.Ratio(s.Verified, s.Requirements), document.Plain, false),
		row("Justified, whatever the verdict", s.Justified, document.Ratio(s.Justified, s.Requirements), document.Warn, false),
	}
	if s.Outcomes > 0 {
		rows = slices.Insert(rows, slices.IndexFunc(rows, func(r summaryRow) bool { return r.name == "FAIL" }),
			row("of these PASS (outcome)", s.Outcomes, document.Ratio(s.Outcomes, s.Requirements), document.Good, true))
	}
	for _, l := range s.Levels {
		rows = append(rows, summaryRow{
			name: "Level " + l.Name + ", PASS in scope", count: document.Thousands(l.Pass) + " of " + document.Thousands(l.InScope), percent: document.Ratio(l.Pass, l.InScope),
		})
	}
	v := s.Verifications
	held := document.Percentages(v.Passed, v.Failed)
	return append(rows,
		row("Retired", s.Retired, document.Ratio(s.Retired, s.Requirements), document.Plain, false),
		row("Specs", s.Specs, document.Ratio(s.Specs, s.Specs), document.Plain, false),
		row("Verifications", v.Passed+v.Failed, document.Ratio(v.Passed+v.Failed, v.Passed+v.Failed), document.Plain, false),
		row("PASS", v.Passed, held[0], document.Good, true),
		row("FAIL", v.Failed, held[1], document.Bad, true),
	)
}

func SummaryTable(m *reports.Model) document.Table {
	t := document.Table{Name: "summary", Fit: true, Columns: []document.Column{
		{Title: "What", Width: 40, Grow: 1}, {Title: "Count", Width: 12, Right: true}, {Title: "Share", Width: 8, Right: true},
	}}
	for _, r := range summaryRows(m) {
		name := r.name
		if r.part {
			name = "    " + name
		}
		t.Rows = append(t.Rows, []document.Cell{{Text: name, Tone: r.tone}, {Text: r.count, Tone: r.tone}, document.Text(r.percent)})
	}
	return t
}

var coverageColumns = []document.Column{
	{Title: "Requirement", Width: 16},
	{Title: "Group", Width: 12},
	{Title: "Result", Width: 14},
	{Title: "Verifications", Width: 13, Right: true},
	{Title: "Protocols", Width: 12},
	{Title: "Text", Width: 20, Grow: 1},
}

// coverageTable has a row per requirement.
func CoverageTable(m *reports.Model) document.Table {
	t := document.Table{Name: "coverage", Columns: coverageColumns, Rows: make([][]document.Cell, 0, len(m.Requirements))}
	for i := range m.Requirements {
		r := &m.Requirements[i]
		t.Rows = append(t.Rows, []document.Cell{
			{Text: r.ID, Anchor: r.ID, Link: r.ID},
			document.Text(r.Group),
			VerdictCell(r.Verdict),
			document.Text(Counts(r.Verifications)),
			document.Text(strings.Join(r.Protocols, ", ")),
			document.Text(Explained(r)),
		})
	}
	return t
}

// explained is the text of a requirement, and under it why it is not a plain
// PASS and why that may stand.
func Explained(r *reports.Requirement) string {
	text := r.Desc
	if r.Reason != "" {
		text += "\n(" + r.Reason + ")"
	}
	if r.Justification != nil {
		text += "\n" + Justified(r)
	}
	return strings.TrimLeft(text, "\n")
}

// justified says why a requirement that did not pass may stand so, and who
// answers for it; empty if nobody does.
func Justified(r *reports.Requirement) string {
	j := r.Justification
	if j == nil {
		return ""
	}
	return "Justified: " + j.Text + " (" + document.Join(j.Author, j.Date) + ")"
}

package render

import (
	"strings"

	"github.com/socket-oneline/oneline/reports"
)

// SummaryDocument counts, and shows the requirement-coverage table.
func SummaryDocument(m *reports.Model) Document {
	return Document{
		Title: "Summary",
		Run:   runBlock(m),
		Body: blocks(
			conclusion(m),
			problems(m),
			Section{Title: "Counts", Fold: true, Body: blocks(summaryTable(m))},
			codeSummary(m),
			Section{Title: "Requirement coverage", Body: blocks(coverageTable(m))},
		),
	}
}

// conclusion is the closing lines of the run.
func conclusion(m *reports.Model) Block {
	_, tone := outcome(m)
	return Section{Title: "Conclusion", Body: blocks(Paragraph{strings.Join(m.Conclusion, "\n"), tone})}
}

// problems says why nothing can be concluded, if so.
func problems(m *reports.Model) Block {
	if len(m.Problems) == 0 {
		return nil
	}
	return Section{Title: "Problems", Body: blocks(List{Title: "Nothing can be concluded from this run, because:", Items: m.Problems})}
}

// summaryRow is a row of the summary: what is counted, how many, and their
// share.
type summaryRow struct {
	name    string
	count   string
	percent string
	tone    Tone
	part    bool // it stands under the row before it that is no part
}

// summaryRows are the original's rows in the original's order, then ours.
// PASS + FAIL + Not tested + Partial + Not observable = #Requirements, and
// their percentages add up to 100. Invalid and retired ones are not among them.
func summaryRows(m *reports.Model) []summaryRow {
	s := m.Summary
	by := percentages(s.Manual, s.ManualAndAuto, s.Auto)
	req := percentages(s.Pass, s.Fail, s.NotTested, s.Partial, s.NotObservable)
	other := s.Protocols - s.ProtocolsPass - s.ProtocolsFail
	tp := percentages(s.ProtocolsPass, s.ProtocolsFail, other)
	row := func(name string, n int, percent string, tone Tone, part bool) summaryRow {
		if n == 0 {
			tone = Plain
		}
		return summaryRow{name, thousands(n), percent, tone, part}
	}
	rows := []summaryRow{
		row("#Requirements", s.Requirements, ratio(s.Requirements, s.Requirements), Plain, false),
		row("Manual Requirements", s.Manual, by[0], Plain, true),
		row("Manual & Auto Requirements", s.ManualAndAuto, by[1], Plain, true),
		row("Automated Requirements", s.Auto, by[2], Plain, true),
		row("Invalid", s.Invalid, ratio(s.Invalid, s.Requirements), Bad, true),
		row("PASS", s.Pass, req[0], Good, true),
		row("FAIL", s.Fail, req[1], Bad, true),
		row("Not tested", s.NotTested, req[2], Warn, true),
		row("#Protocols", s.Protocols, ratio(s.Protocols, s.Protocols), Plain, false),
		row("PASS", s.ProtocolsPass, tp[0], Good, true),
		row("FAIL", s.ProtocolsFail, tp[1], Bad, true),
		row("Partial, not tested or not observable", other, tp[2], Plain, true),
		row("Partial", s.Partial, req[3], Warn, false),
		row("Not observable", s.NotObservable, req[4], Muted, false),
		row("In scope", s.InScope, ratio(s.InScope, s.Requirements), Plain, false),
		row("Verified (PASS or FAIL)", s.Verified, ratio(s.Verified, s.Requirements), Plain, false),
		row("Justified, whatever the verdict", s.Justified, ratio(s.Justified, s.Requirements), Warn, false),
	}
	for _, l := range s.Levels {
		rows = append(rows, summaryRow{
			name: "Level " + l.Name + ", PASS in scope", count: thousands(l.Pass) + " of " + thousands(l.InScope), percent: ratio(l.Pass, l.InScope),
		})
	}
	v := s.Verifications
	held := percentages(v.Passed, v.Failed)
	return append(rows,
		row("Retired", s.Retired, ratio(s.Retired, s.Requirements), Plain, false),
		row("Specs", s.Specs, ratio(s.Specs, s.Specs), Plain, false),
		row("Verifications", v.Passed+v.Failed, ratio(v.Passed+v.Failed, v.Passed+v.Failed), Plain, false),
		row("PASS", v.Passed, held[0], Good, true),
		row("FAIL", v.Failed, held[1], Bad, true),
	)
}

func summaryTable(m *reports.Model) Table {
	t := Table{Name: "summary", Fit: true, Columns: []Column{
		{Title: "What", Width: 40, Grow: 1}, {Title: "Count", Width: 12, Right: true}, {Title: "Share", Width: 8, Right: true},
	}}
	for _, r := range summaryRows(m) {
		name := r.name
		if r.part {
			name = "    " + name
		}
		t.Rows = append(t.Rows, []Cell{{Text: name, Tone: r.tone}, {Text: r.count, Tone: r.tone}, cell(r.percent)})
	}
	return t
}

var coverageColumns = []Column{
	{Title: "Requirement", Width: 16},
	{Title: "Group", Width: 12},
	{Title: "Result", Width: 14},
	{Title: "Verifications", Width: 13, Right: true},
	{Title: "Protocols", Width: 12},
	{Title: "Text", Width: 20, Grow: 1},
}

// coverageTable has a row per requirement.
func coverageTable(m *reports.Model) Table {
	t := Table{Name: "coverage", Columns: coverageColumns, Rows: make([][]Cell, 0, len(m.Requirements))}
	for i := range m.Requirements {
		r := &m.Requirements[i]
		t.Rows = append(t.Rows, []Cell{
			{Text: r.ID, Anchor: r.ID, Link: r.ID},
			cell(r.Group),
			verdictCell(r.Verdict),
			cell(counts(r.Verifications)),
			cell(strings.Join(r.Protocols, ", ")),
			cell(explained(r)),
		})
	}
	return t
}

// explained is the text of a requirement, and under it why it is not a plain
// PASS and why that may stand.
func explained(r *reports.Requirement) string {
	text := r.Desc
	if r.Reason != "" {
		text += "\n(" + r.Reason + ")"
	}
	if r.Justification != nil {
		text += "\n" + justified(r)
	}
	return strings.TrimLeft(text, "\n")
}

// justified says why a requirement that did not pass may stand so, and who
// answers for it; empty if nobody does.
func justified(r *reports.Requirement) string {
	j := r.Justification
	if j == nil {
		return ""
	}
	return "Justified: " + j.Text + " (" + join(j.Author, j.Date) + ")"
}

// specKey identifies a spec in a model.
type specKey struct{ protocol, title, location string }

// specAnchor is what a link to the n-th spec of a protocol names.
func specAnchor(protocol string, n int) string { return protocol + "." + thousands(n) }

// specAnchors maps every spec to its anchor.
func specAnchors(m *reports.Model) map[specKey]string {
	anchors := make(map[specKey]string, m.Summary.Specs)
	for i := range m.Protocols {
		p := &m.Protocols[i]
		for j := range p.Specs {
			anchors[specKey{p.ID, p.Specs[j].Title, p.Specs[j].Location}] = specAnchor(p.ID, j+1)
		}
	}
	return anchors
}

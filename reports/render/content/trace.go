package content

import (
	"slices"
	"strings"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/render/document"
)

// Trace is the trace matrix, in both directions: between requirements of different
// levels, if there are any; every requirement with its protocols, specs,
// verifications and places, or why it has none; every spec with its requirements;
// and the same between requirements and code, where it is known what they execute.
func Trace(m *reports.Model) document.Document {
	return document.Document{
		Title: "Trace matrix",
		Lead:  document.Blocks(opening(m)...),
		Run:   runBlock(m),
		Body: document.Blocks(
			levelTrace(m),
			document.Section{Title: "From requirements to verifications", Body: document.Blocks(requirementTrace(m))},
			document.Section{Title: "From specs to requirements", Body: document.Blocks(specTrace(m))},
			codeTrace(m),
		),
	}
}

// requirementTrace has a row per requirement and spec.
func requirementTrace(m *reports.Model) document.Table {
	t := document.Table{Name: "trace", Columns: []document.Column{
		{Title: "Requirement", Width: 16},
		{Title: "Text", Width: 20, Grow: 3},
		{Title: "Verdict", Width: 14},
		{Title: "Protocol", Width: 12},
		{Title: "Spec", Width: 16, Grow: 3},
		{Title: "Result", Width: 14, Grow: 1},
		{Title: "Verifications", Width: 13, Right: true},
		{Title: "Place", Width: 20, Grow: 2},
	}}
	specs, reasons := specsByID(m), reasonsOf(m)
	for i := range m.Requirements {
		r := &m.Requirements[i]
		id, text, verdict := document.Cell{Text: r.ID, Anchor: r.ID}, explained(r, reasons[r.ID]), VerdictCell(r.Verdict)
		if len(r.Specs) == 0 {
			none := document.Cell{Text: strings.TrimSpace(document.Stated(r.Reason) + "\n" + Justified(r)), Tone: document.Muted}
			t.Add(id, r.Desc, verdict, "-", none, "-", 0, "-")
		}
		for j := range r.Specs {
			s := &r.Specs[j]
			result := ResultCell(s.Result)
			if s.Reason != "" {
				result.Text += ": " + s.Reason
			}
			t.Add(id, text, verdict, document.Cell{Text: s.Protocol, Link: s.Protocol}, document.Cell{Text: s.ID + " " + s.FullTitle(), Link: s.ID},
				result, Counts(s.Verifications), places(s.Location, specs[s.ID], r.ID))
			id, text, verdict = document.Text(r.ID), "", document.Cell{} // the text stands once
		}
	}
	return t
}

// places says where a spec stands, and under it where it verifies id, a line
// per file.
func places(spec string, e *evidence.Spec, id string) string {
	if e == nil {
		return spec
	}
	var b strings.Builder
	b.WriteString(spec)
	file, seen := "", map[string]bool{}
	for i := range e.Verifications {
		v := &e.Verifications[i]
		if seen[v.Location] || !slices.Contains(v.Requirements, id) {
			continue
		}
		seen[v.Location] = true
		colon := max(strings.LastIndexByte(v.Location, ':'), 0)
		if colon > 0 && v.Location[:colon] == file {
			b.WriteString("," + v.Location[colon+1:])
			continue
		}
		file = v.Location[:colon]
		b.WriteString("\n" + v.Location)
	}
	return b.String()
}

func specsByID(m *reports.Model) map[string]*evidence.Spec {
	specs := make(map[string]*evidence.Spec, m.Summary.Specs)
	for i := range m.Protocols {
		p := &m.Protocols[i]
		for j := range p.Specs {
			s := &p.Specs[j]
			specs[s.ID] = s.Evidence
		}
	}
	return specs
}

// specTrace has a row per spec.
func specTrace(m *reports.Model) document.Table {
	t := document.Table{Name: "specs", Columns: []document.Column{
		{Title: "Protocol", Width: 12},
		{Title: "Spec", Width: 20, Grow: 2},
		{Title: "Place", Width: 20, Grow: 1},
		{Title: "Requirements", Width: 20, Grow: 1},
	}}
	for i := range m.Protocols {
		p := &m.Protocols[i]
		for j := range p.Specs {
			s := &p.Specs[j]
			protocol := document.Cell{Text: p.ID, Link: p.ID}
			if j == 0 {
				protocol.Anchor = p.ID
			}
			t.Add(protocol, document.Cell{Text: s.ID + " " + s.FullTitle(), Anchor: s.ID, Link: s.ID}, s.Location, strings.Join(s.Requirements, ", "))
		}
	}
	return t
}

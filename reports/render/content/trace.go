package content

import (
	"slices"
	"strings"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/render/document"
)

// trace is the trace matrix, in both directions: between requirements of different
// levels, if there are any; every requirement with its protocols, specs,
// verifications and places, or why it has none; every spec with its requirements;
// and the same between requirements and code, where it is known what they execute.
func trace(m *reports.Model) document.Body {
	return document.Blocks(
		levelTrace(m),
		titled("From requirements to verifications", requirementTrace(m)),
		titled("From specs to requirements", specTrace(m)),
		codeTrace(m),
	)
}

// requirementTrace has a row per requirement and spec.
func requirementTrace(m *reports.Model) document.Table {
	t := document.Table{Name: "trace", Columns: []document.Column{
		requirementColumn, words("Text", 20, 3), verdictColumn, words("Protocol", 12, 0),
		words("Spec", 16, 3), words("Result", 14, 1), number("Verifications"), words("Place", 20, 2),
	}}
	specs, reasons := map[string]*evidence.Spec{}, Reasons(m)
	for _, s := range m.Specs() {
		specs[s.ID] = s.Evidence
	}
	for _, r := range m.Requirements {
		id, text, verdict := document.Cell{Text: r.ID, Anchor: r.ID}, explained(&r, reasons[r.ID]), VerdictCell(r.Verdict)
		if len(r.Specs) == 0 {
			none := document.Cell{Text: strings.TrimSpace(document.Stated(r.Reason) + "\n" + Justified(&r)), Tone: document.Muted}
			t.Add(id, r.Desc, verdict, "-", none, "-", 0, "-")
		}
		for _, s := range r.Specs {
			result := ResultCell(s.Result)
			if s.Reason != "" {
				result.Text += ": " + s.Reason
			}
			t.Add(id, text, verdict, linkTo(s.Protocol), document.Cell{Text: s.ID + " " + s.FullTitle(), Link: s.ID},
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
	text, last, seen := spec, "", map[string]bool{}
	for _, v := range e.Verifications {
		if seen[v.Location] || !slices.Contains(v.Requirements, id) {
			continue
		}
		seen[v.Location] = true
		file := v.Location[:max(strings.LastIndexByte(v.Location, ':'), 0)]
		if file != "" && file == last {
			text += "," + v.Location[len(file)+1:]
		} else {
			text += "\n" + v.Location
		}
		last = file
	}
	return text
}

// specTrace has a row per spec.
func specTrace(m *reports.Model) document.Table {
	t := document.Table{Name: "specs", Columns: []document.Column{
		words("Protocol", 12, 0), words("Spec", 20, 2), words("Place", 20, 1), words("Requirements", 20, 1),
	}}
	for p, s := range m.Specs() {
		protocol := linkTo(p.ID)
		if s == &p.Specs[0] {
			protocol.Anchor = p.ID
		}
		t.Add(protocol, document.Cell{Text: specTitle(s), Anchor: s.ID, Link: s.ID}, s.Location, strings.Join(s.Requirements, ", "))
	}
	return t
}

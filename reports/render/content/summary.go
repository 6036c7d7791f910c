package content

import (
	"strings"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/mutation"
	"github.com/socket-oneline/oneline/reports/render/document"
)

// summary counts, and shows the requirement-coverage table.
func summary(m *reports.Model) document.Body {
	return document.Blocks(
		conclusion(m),
		titled(LockTitle, LockTable(m)),
		document.Section{Title: "Counts", Fold: true, Body: document.Blocks(SummaryTable(m))},
		codeSummary(m),
		document.Section{Title: coverageTitle, Body: document.Blocks(CoverageTable(m))},
	)
}

// Titles of sections whose contents the rows of the page show.
const (
	conclusionTitle = "Conclusion"
	coverageTitle   = "Requirement coverage"
	failedTitle     = "What failed"
)

// OnPage has the titles of the sections that the page of a report does not repeat.
var OnPage = []string{conclusionTitle, coverageTitle, failedTitle}

// conclusion is the closing lines of the run.
func conclusion(m *reports.Model) document.Block {
	return document.Section{Title: conclusionTitle, Body: document.Blocks(document.Paragraph{Text: strings.Join(m.Conclusion, "\n"), Tone: Outcome(m).Tone})}
}

// Problems lists why nothing can be concluded from a run; it is empty if something can.
func Problems(m *reports.Model) document.List {
	l := document.List{Title: "Nothing can be concluded from this run, because:"}
	for _, p := range m.Problems {
		l.Items = append(l.Items, p.String())
	}
	return l
}

// SummaryTable counts what the model lists. The rows under #Requirements that bear a
// verdict add up to it, and their shares to 100 %; so do those under #Protocols, Specs
// and Verifications. Invalid ids are not requirements.
func SummaryTable(m *reports.Model) document.Table {
	t := document.Table{Name: "summary", Fit: true, Columns: []document.Column{
		words("What", 40, 1), {Title: "Count", Width: 12, Right: true}, number("Share"),
	}}
	s := m.Summary
	share := func(name string, n, of int) { t.Add(name, n, document.Ratio(n, of)) }
	parts := func(names []string, counts []int, tones []document.Tone) {
		for i, percent := range document.Percentages(counts...) {
			tone := document.Plain
			if counts[i] > 0 && tones != nil {
				tone = tones[i]
			}
			t.Add(document.Cell{Text: "    " + names[i], Tone: tone}, document.Cell{Text: document.Thousands(counts[i]), Tone: tone}, percent)
		}
	}
	verdicts := []document.Tone{document.Good, document.Bad, document.Warn, document.Warn, document.Muted}
	share("#Requirements", s.Requirements, s.Requirements)
	parts([]string{"PASS", "FAIL", "Partial", "Not tested", "Not observable"}, []int{s.Pass, s.Fail, s.Partial, s.NotTested, s.NotObservable}, verdicts)
	if s.Outcomes > 0 {
		t.Add(document.Cell{Text: "    PASS (outcome), among PASS", Tone: document.Good}, document.Cell{Text: document.Thousands(s.Outcomes), Tone: document.Good}, document.Ratio(s.Outcomes, s.Requirements))
	}
	parts([]string{"Manual Requirements", "Manual & Auto Requirements", "Automated Requirements"}, []int{s.Manual, s.ManualAndAuto, s.Auto}, nil)
	share("Invalid", s.Invalid, s.Requirements)
	share("Retired", s.Retired, s.Requirements)
	share("In scope", s.InScope, s.Requirements)
	share("Tested (PASS or FAIL)", s.Verified, s.Requirements)
	if m.Mutation != nil && m.Mutation.Score != nil {
		t.Add("Changes of the code noticed", m.Mutation.Noticed, mutation.Percent(m.Mutation.Score))
	}
	share("Justified, whatever the verdict", s.Justified, s.Requirements)
	for _, l := range s.Levels {
		t.Add("Level "+l.Name+", PASS in scope", document.Thousands(l.Pass)+" of "+document.Thousands(l.InScope), document.Ratio(l.Pass, l.InScope))
	}
	share("#Protocols", s.Protocols, s.Protocols)
	parts([]string{"PASS", "FAIL", "Partial, not tested or not observable"},
		[]int{s.ProtocolsPass, s.ProtocolsFail, s.Protocols - s.ProtocolsPass - s.ProtocolsFail}, verdicts)
	share("Specs", s.Specs, s.Specs)
	parts(specCounts(m))
	v := s.Verifications
	share("Verifications", v.Passed+v.Failed, v.Passed+v.Failed)
	parts([]string{"PASS", "FAIL"}, []int{v.Passed, v.Failed}, verdicts)
	return t
}

// specCounts counts specs by the worst of their results.
func specCounts(m *reports.Model) (names []string, counts []int, tones []document.Tone) {
	index := map[reports.Result]int{}
	for i, r := range Results {
		names, tones = append(names, string(r)), append(tones, ResultCell(r).Tone)
		index[r] = i
	}
	index[reports.ResultPassOutcome] = index[reports.ResultPass]
	counts = make([]int, len(Results))
	for _, s := range m.Specs() {
		counts[index[s.Worst()]]++
	}
	return names, counts, tones
}

// Results lists the results of specs in the order in which they are explained.
var Results = []reports.Result{
	reports.ResultPass, reports.ResultFail, reports.ResultBlocked, reports.ResultSkipped, reports.ResultNoEvidence, reports.ResultNotObservable,
}

// CoverageTable has a row per requirement.
func CoverageTable(m *reports.Model) document.Table {
	t := document.Table{Name: "coverage", Columns: []document.Column{
		requirementColumn, words("Group", 12, 0), words("Result", 14, 0), number("Verifications"), words("Protocols", 12, 0), words("Text", 20, 1),
	}, Rows: make([][]document.Cell, 0, len(m.Requirements))}
	reasons := Reasons(m)
	for _, r := range m.Requirements {
		t.Add(place(r.ID), r.Group, VerdictCell(r.Verdict), Counts(r.Verifications), strings.Join(r.Protocols, ", "), explained(&r, reasons[r.ID]))
	}
	return t
}

// explained is the text of a requirement, and under it why it is not a plain PASS
// and why that may stand.
func explained(r *reports.Requirement, reason string) string {
	text := r.Desc
	if reason != "" {
		text += "\n(" + reason + ")"
	}
	if r.Justification != nil {
		text += "\n" + Justified(r)
	}
	return strings.TrimLeft(text, "\n")
}

// Reasons says of each requirement why it is not a plain PASS: of one that
// failed what was seen, in words.
func Reasons(m *reports.Model) map[string]string {
	reasons := make(map[string]string, len(m.Requirements))
	for _, r := range m.Requirements {
		reasons[r.ID] = r.Reason
	}
	for _, f := range Failures(m) {
		if len(f.Causes) > 0 && f.Requirement.Verdict == reports.Fail {
			reasons[f.Requirement.ID] = Shorten(f.Causes[0].Sentence())
		}
	}
	return reasons
}

// Justified says why a requirement that did not pass may stand so, and who
// answers for it; empty if nobody does.
func Justified(r *reports.Requirement) string {
	j := r.Justification
	if j == nil {
		return ""
	}
	return "Justified: " + j.Text + " (" + document.Join(j.Author, j.Date) + ")"
}

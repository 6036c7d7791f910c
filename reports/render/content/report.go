package content

import (
	"fmt"
	"slices"
	"strings"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/render/document"
)

// Report is the test report: the test protocol with what happened,
// opened by the conclusion, what failed and what was not verified.
func Report(m *reports.Model) document.Document {
	return document.Document{
		Title: "Test report",
		Run:   runBlock(m),
		Body: document.Blocks(
			conclusion(m),
			problems(m),
			failureSection(m),
			verdictSection(m, "Partial, not tested and invalid", reports.Partial, reports.NotTested, reports.Invalid),
			verdictSection(m, "Not observable", reports.NotObservable),
			untagged(m),
			justifications(m),
			conditions(m),
			document.Section{Title: "Protocols", Body: eachProtocol(m,
				func(p *reports.Protocol) document.Cell { return VerdictCell(p.Verdict) },
				reportSpec)},
			signatures(m),
		),
	}
}

// reportSpec is what happened in the n-th spec of p. What passed may be shown
// closed.
func reportSpec(p *reports.Protocol, n int) document.Section {
	s := &p.Specs[n]
	worst := s.Worst()
	pairs := append(specPairs(s),
		pair("verifications", PassedFailed(s.Verifications)))
	if !s.Manual {
		pairs = append(pairs, pair("time", document.Seconds(s.Seconds)))
	}
	pairs.Add("results", resultsByID(s, worst))
	pairs.Add("reason", s.Reason)
	var notes []string
	if e := s.Evidence; e != nil {
		pairs.Add("stopped by", e.Stopped)
		pairs.Add("target", e.DeadTarget)
		notes = e.Notes
	}
	pairs.Add("failure", s.Failure)
	pairs.AddFixed("repeat", s.Repeat)
	body := []document.Block{pairs, StepTable(s.Evidence), document.List{Title: "Notes", Items: notes}}
	if lines := TranscriptOf(s.Evidence); wantsTranscript(worst) && len(lines) > 0 {
		body = append(body, document.Section{Title: "Transcript", Fold: true, Body: document.Blocks(lines)})
	}
	return document.Section{
		Title: SpecTitle(p, n), Anchor: s.ID, Badge: ResultCell(worst),
		Fold: worst == reports.ResultPass || worst == reports.ResultNotObservable, Body: document.Blocks(body...),
	}
}

// wantsTranscript tells whether a reader will ask what went over the wire.
func wantsTranscript(r reports.Result) bool {
	return r == reports.ResultFail || r == reports.ResultBlocked
}

// resultsByID says what the spec says of each requirement, unless it says the
// same of all.
func resultsByID(s *reports.Spec, worst reports.Result) string {
	text, differ := "", false
	for _, id := range s.Requirements {
		text = document.Join(text, id+" "+string(s.Results[id]))
		differ = differ || s.Results[id] != worst
	}
	if !differ {
		return ""
	}
	return text
}

func failureSection(m *reports.Model) document.Block {
	body := func(yield func(document.Block) bool) {
		for f, left := range Failures(m) {
			s := document.Section{Title: f.Requirements + ": " + f.Spec, Body: document.Blocks(f.Pairs())}
			if !yield(s) {
				return
			}
			if left > 0 && !yield(document.Paragraph{Text: fmt.Sprintf("%s more of this spec, see %s.", document.Thousands(left), f.Anchor), Tone: document.Muted}) {
				return
			}
		}
	}
	for range Failures(m) {
		return document.Section{Title: "What failed", Body: body}
	}
	return nil
}

var ReasonColumns = []document.Column{
	{Title: "Requirement", Width: 16}, {Title: "Verdict", Width: 14}, {Title: "Reason", Width: 20, Grow: 2}, {Title: "Text", Width: 20, Grow: 3},
}

// verdictSection lists the requirements that have one of the verdicts, with
// the reason.
func verdictSection(m *reports.Model, title string, verdicts ...reports.Verdict) document.Block {
	t := document.Table{Name: "reasons", Columns: ReasonColumns}
	for i := range m.Requirements {
		r := &m.Requirements[i]
		for _, v := range verdicts {
			if r.Verdict == v {
				t.Rows = append(t.Rows, []document.Cell{{Text: r.ID, Anchor: r.ID, Link: r.ID}, VerdictCell(v), document.Text(strings.TrimSpace(document.Stated(r.Reason) + "\n" + Justified(r))), document.Text(r.Desc)})
			}
		}
	}
	if len(t.Rows) == 0 {
		return nil
	}
	return document.Section{Title: title, Body: document.Blocks(t)}
}

// untagged lists the tests that name no requirement.
func untagged(m *reports.Model) document.Block {
	u := m.Untagged
	if u == nil {
		return nil
	}
	names := slices.Clone(u.Names)
	for i := range min(u.Failed, len(names)) {
		names[i] += " (failed)"
	}
	if n := u.Count() - len(names); n > 0 {
		names = append(names, fmt.Sprintf("and %s more", document.Thousands(n)))
	}
	counts := fmt.Sprintf("%s passed, %s failed, %s skipped. They prove nothing.", document.Thousands(u.Passed), document.Thousands(u.Failed), document.Thousands(u.Skipped))
	return document.Section{Title: "Tests that name no requirement", Body: document.Blocks(document.Paragraph{Text: counts}, document.List{Items: names})}
}

var justificationColumns = []document.Column{
	{Title: "Requirement", Width: 16}, {Title: "Verdict", Width: 14}, {Title: "Justification", Width: 20, Grow: 1}, {Title: "Author", Width: 20}, {Title: "Date", Width: 10},
}

// justifications lists what is justified, of whatever verdict.
func justifications(m *reports.Model) document.Block {
	t := document.Table{Name: "justified", Columns: justificationColumns}
	for i := range m.Requirements {
		r := &m.Requirements[i]
		if j := r.Justification; j != nil {
			t.Rows = append(t.Rows, []document.Cell{{Text: r.ID, Link: r.ID}, VerdictCell(r.Verdict), document.Text(j.Text), document.Text(j.Author), document.Text(j.Date)})
		}
	}
	if len(t.Rows) == 0 {
		return nil
	}
	return document.Section{Title: "Justifications", Body: document.Blocks(t)}
}

// conditions are the waits and limits that were in force, and what else a
// reader should know of the run.
func conditions(m *reports.Model) document.Block {
	var pairs document.Pairs
	for _, section := range m.Run.Sections {
		for _, row := range section.Rows {
			pairs = append(pairs, pair(row.Name, row.Value))
		}
	}
	if len(pairs)+len(m.Run.Notes) == 0 {
		return nil
	}
	return document.Section{Title: "Conditions of the run", Body: document.Blocks(pairs, document.List{Title: "Notes", Items: m.Run.Notes})}
}

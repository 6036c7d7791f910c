package render

import (
	"fmt"
	"slices"
	"strings"

	"github.com/socket-oneline/oneline/reports"
)

// ReportDocument is the test report: the test protocol with what happened,
// opened by the conclusion, what failed and what was not verified.
func ReportDocument(m *reports.Model) Document {
	return Document{
		Title: "Test report",
		Run:   runBlock(m),
		Body: blocks(
			conclusion(m),
			problems(m),
			failureSection(m),
			verdictSection(m, "Partial, not tested and invalid", reports.Partial, reports.NotTested, reports.Invalid),
			verdictSection(m, "Not observable", reports.NotObservable),
			justifications(m),
			conditions(m),
			Section{Title: "Protocols", Body: eachProtocol(m,
				func(p *reports.Protocol) Cell { return verdictCell(p.Verdict) },
				reportSpec)},
			signatures(m),
		),
	}
}

// reportSpec is what happened in the n-th spec of p. What passed may be shown
// closed.
func reportSpec(p *reports.Protocol, n int) Section {
	s := &p.Specs[n]
	worst := worstResult(s)
	pairs := append(specPairs(s),
		Pair{"verifications", passedFailed(s.Verifications)})
	if !s.Manual {
		pairs = append(pairs, Pair{"time", seconds(s.Seconds)})
	}
	add := func(name, value string) {
		if value != "" {
			pairs = append(pairs, Pair{name, value})
		}
	}
	add("results", resultsByID(s, worst))
	add("reason", s.Reason)
	var notes []string
	if e := s.Evidence; e != nil {
		add("stopped by", e.Stopped)
		add("target", e.DeadTarget)
		notes = e.Notes
	}
	add("failure", s.Failure)
	add("repeat", s.Repeat)
	body := []Block{pairs, reportSteps(s.Evidence), List{"Notes", notes}}
	if lines := transcript(s.Evidence); wantsTranscript(worst) && len(lines) > 0 {
		body = append(body, Section{Title: "Transcript", Fold: true, Body: blocks(lines)})
	}
	return Section{
		Title: specTitle(p, n), Anchor: specAnchor(p.ID, n+1), Badge: resultCell(worst),
		Fold: worst == reports.ResultPass || worst == reports.ResultNotObservable, Body: blocks(body...),
	}
}

// severity orders the results of a spec for its requirements: the first that
// one of them has is the result of the spec.
var severity = []reports.Result{
	reports.ResultFail, reports.ResultBlocked, reports.ResultSkipped,
	reports.ResultNoEvidence, reports.ResultNotObservable, reports.ResultPass,
}

// worstResult is the most severe result that a spec has for a requirement.
func worstResult(s *reports.Spec) reports.Result {
	for _, r := range severity {
		for _, id := range s.Requirements {
			if s.Results[id] == r {
				return r
			}
		}
	}
	return reports.ResultNoEvidence
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
		text = join(text, id+" "+string(s.Results[id]))
		differ = differ || s.Results[id] != worst
	}
	if !differ {
		return ""
	}
	return text
}

func failureSection(m *reports.Model) Block {
	body := func(yield func(Block) bool) {
		for f, left := range failures(m) {
			s := Section{Title: f.requirements + ": " + f.spec, Body: blocks(f.pairs())}
			if !yield(s) {
				return
			}
			if left > 0 && !yield(Paragraph{Text: fmt.Sprintf("%s more of this spec, see %s.", thousands(left), f.anchor), Tone: Muted}) {
				return
			}
		}
	}
	for range failures(m) {
		return Section{Title: "What failed", Body: body}
	}
	return nil
}

var reasonColumns = []Column{
	{Title: "Requirement", Width: 16}, {Title: "Verdict", Width: 14}, {Title: "Reason", Width: 20, Grow: 2}, {Title: "Text", Width: 20, Grow: 3},
}

// verdictSection lists the requirements that have one of the verdicts, with
// the reason.
func verdictSection(m *reports.Model, title string, verdicts ...reports.Verdict) Block {
	t := Table{Name: "reasons", Columns: reasonColumns}
	for i := range m.Requirements {
		r := &m.Requirements[i]
		for _, v := range verdicts {
			if r.Verdict == v {
				t.Rows = append(t.Rows, []Cell{{Text: r.ID, Anchor: r.ID, Link: r.ID}, verdictCell(v), cell(strings.TrimSpace(stated(r.Reason) + "\n" + justified(r))), cell(r.Desc)})
			}
		}
	}
	if len(t.Rows) == 0 {
		return nil
	}
	return Section{Title: title, Body: blocks(t)}
}

var justificationColumns = []Column{
	{Title: "Requirement", Width: 16}, {Title: "Verdict", Width: 14}, {Title: "Justification", Width: 20, Grow: 1}, {Title: "Author", Width: 20}, {Title: "Date", Width: 10},
}

// justifications lists what is justified, of whatever verdict.
func justifications(m *reports.Model) Block {
	t := Table{Name: "justified", Columns: justificationColumns}
	for i := range m.Requirements {
		r := &m.Requirements[i]
		if j := r.Justification; j != nil {
			t.Rows = append(t.Rows, []Cell{{Text: r.ID, Link: r.ID}, verdictCell(r.Verdict), cell(j.Text), cell(j.Author), cell(j.Date)})
		}
	}
	if len(t.Rows) == 0 {
		return nil
	}
	return Section{Title: "Justifications", Body: blocks(t)}
}

// conditions are the waits and limits that were in force, and what else a
// reader should know of the run.
func conditions(m *reports.Model) Block {
	var pairs Pairs
	for _, w := range m.Run.Waits {
		pairs = append(pairs, Pair{w.Name, w.Value})
	}
	limit := m.Run.ResponseTimeout
	if limit > 0 && !slices.ContainsFunc(pairs, func(p Pair) bool { return p.Name == "response time-out" }) {
		pairs = append(pairs, Pair{"response time-out", limit.String()})
	}
	if d := m.Run.SlowestResponse; d > 0 {
		text := d.String()
		if limit > 0 {
			text += fmt.Sprintf(", %.2g %% of the response time-out", 100*float64(d)/float64(limit))
		}
		pairs = append(pairs, Pair{"slowest response", text})
	}
	if len(pairs)+len(m.Run.Notes) == 0 {
		return nil
	}
	return Section{Title: "Conditions of the run", Body: blocks(pairs, List{"Notes", m.Run.Notes})}
}

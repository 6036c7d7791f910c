package content

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/render/document"
)

// report is the test report: what was found. What passed stands with what was
// done in a row a spec; what did not stands in full. The annex has every
// verification (see Evidence).
func report(m *reports.Model) document.Body {
	return document.Blocks(
		conclusion(m),
		titled(LockTitle, LockTable(m)),
		failureSection(m),
		verdictSection(m, "Partial, not tested and invalid", reports.Partial, reports.NotTested, reports.Invalid),
		verdictSection(m, "Passed by outcomes of tests alone", reports.PassOutcome),
		verdictSection(m, "Not observable", reports.NotObservable),
		untagged(m),
		justifications(m),
		conditions(m),
		document.Section{Title: "Protocols", Body: eachProtocol(m, true, reportSpecs)},
		signatures(m),
	)
}

// reportSpecs is a table of the specs of a protocol, and in full those that did
// not pass, or that a person carried out.
func reportSpecs(p *reports.Protocol) document.Body {
	t := document.Table{Name: "results", Columns: []document.Column{
		words("Spec", 13, 0), words("What was done", 30, 4), words("Requirements", 16, 1), number("Verifications"), words("Result", 14, 0), number("Time"),
	}}
	for n := range p.Specs {
		s := &p.Specs[n]
		id := linkTo(s.ID)
		if !inFull(s) {
			id = document.Cell{Text: s.ID, Anchor: s.ID}
		}
		t.Add(id, done(s), strings.Join(s.Requirements, ", "), Counts(s.Verifications), ResultCell(s.Worst()), took(s))
	}
	return document.Concat(document.Blocks(t), document.Each(p.Specs, func(s *reports.Spec) document.Block {
		if inFull(s) {
			return reportSpec(s)
		}
		return nil
	}))
}

// inFull reports whether the steps of a spec stand in the test report.
func inFull(s *reports.Spec) bool {
	worst := s.Worst()
	return s.Manual || !worst.Passed() && worst != reports.ResultNotObservable
}

func took(s *reports.Spec) string {
	if s.Manual {
		return "-"
	}
	return document.Seconds(s.Seconds)
}

// done is the title of a spec, and under it its steps, or why it did not run.
func done(s *reports.Spec) string {
	text := s.FullTitle()
	if inFull(s) {
		return text
	}
	if s.Worst() == reports.ResultNotObservable {
		return text + "\n(" + s.Reason + ")"
	}
	if s.Evidence == nil {
		return text
	}
	steps := s.Evidence.Steps
	more := len(steps) - stepsInRow
	if more > 1 {
		steps = steps[:stepsInRow]
	}
	for _, step := range steps {
		text += fmt.Sprintf("\n%d. %s", step.Number, Shorten(step.Text))
	}
	if more > 1 {
		text += fmt.Sprintf("\nand %d steps more, all as expected", more)
	}
	return text
}

// stepsInRow is how many steps of a spec that passed stand in its row.
const stepsInRow = 3

// reportSpec is what happened in a spec.
func reportSpec(s *reports.Spec) document.Section {
	worst := s.Worst()
	pairs := specPairs(s)
	pairs.Add("verifications", PassedFailed(s.Verifications))
	pairs.Add("time", took(s))
	pairs.Add("results", resultsByID(s, worst))
	pairs.Add("reason", s.Reason)
	var notes []string
	if e := s.Evidence; e != nil {
		pairs.Add("stopped by", e.Stopped)
		if !strings.Contains(s.Reason, e.DeadTarget) {
			pairs.Add("target", e.DeadTarget)
		}
		notes = e.Notes
	}
	if !strings.Contains(s.Reason, s.Failure) {
		pairs.Add("failure", s.Failure)
	}
	pairs.AddCommand("repeat", s.Repeat)
	detail := Brief
	if s.Manual {
		detail = Folded
	}
	body := []document.Block{pairs, StepTable(s.Evidence, detail), document.List{Title: "Notes", Items: notes}}
	if lines := excerpt(Transcript(s.Evidence, false)); wantsTranscript(worst) && len(lines) > 0 {
		body = append(body, document.Section{Title: "Transcript", Fold: true, Body: document.Blocks(lines)})
	}
	return document.Section{Title: specTitle(s), Anchor: s.ID, Badge: ResultCell(worst), Body: document.Blocks(body...)}
}

// Evidence is the annex of all documents: every step and every verification of
// every spec, those that passed too, and what went over the wire where one did
// not.
func Evidence(m *reports.Model) document.Document {
	return document.Document{Title: "Evidence", Lead: document.Blocks(RunTables(m)...), Run: runBlock(m), Body: eachProtocol(m, true, func(p *reports.Protocol) document.Body {
		return document.Each(p.Specs, func(s *reports.Spec) document.Block {
			body := []document.Block{specPairs(s), StepTable(s.Evidence, Everything)}
			if wantsTranscript(s.Worst()) {
				body = append(body, document.Section{Title: "Transcript", Body: document.Blocks(Transcript(s.Evidence, true))})
			}
			return document.Section{Title: specTitle(s), Anchor: s.ID, Badge: ResultCell(s.Worst()), Body: document.Blocks(body...)}
		})
	})}
}

// wantsTranscript reports whether a reader will ask what went over the wire.
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

// verdictSection lists the requirements that have one of the verdicts, with
// the reason.
func verdictSection(m *reports.Model, title string, verdicts ...reports.Verdict) document.Block {
	t := document.Table{Name: "reasons", Columns: []document.Column{
		requirementColumn, verdictColumn, words("Reason", 20, 2), words("Text", 20, 3),
	}}
	for _, r := range m.Requirements {
		if slices.Contains(verdicts, r.Verdict) {
			t.Add(place(r.ID), VerdictCell(r.Verdict), strings.TrimSpace(document.Stated(r.Reason)+"\n"+Justified(&r)), r.Desc)
		}
	}
	return titled(title, t)
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

// justifications lists what is justified, of whatever verdict.
func justifications(m *reports.Model) document.Block {
	t := document.Table{Name: "justified", Columns: []document.Column{
		requirementColumn, verdictColumn, words("Justification", 20, 1), words("Author", 20, 0), words("Date", 10, 0),
	}}
	for _, r := range m.Requirements {
		if j := r.Justification; j != nil {
			t.Add(linkTo(r.ID), VerdictCell(r.Verdict), j.Text, j.Author, j.Date)
		}
	}
	return titled("Justifications", t)
}

// conditions are the waits and limits that were in force, and what else a
// reader should know of the run.
func conditions(m *reports.Model) document.Block {
	var pairs document.Pairs
	for _, section := range m.Run.Sections {
		for _, row := range section.Rows {
			pairs = append(pairs, document.Pair{Name: row.Name, Value: row.Value})
		}
	}
	return titled("Conditions of the run", pairs, document.List{Title: "Notes", Items: m.Run.Notes})
}

// signatures is the table that the testers sign: who started the run, and who
// carried out manual protocols. A run that nobody is to sign has none.
func signatures(m *reports.Model) document.Block {
	r := &m.Run
	if len(r.Testers) == 0 && r.Type == "dev" {
		return nil
	}
	t := document.Table{Name: "signatures", Columns: []document.Column{
		words("Initials", 8, 0), words("Name", 20, 1), words("What", 24, 1), words("When", 30, 1),
		{Title: "Signature", Width: 28, Blank: true},
		{Title: "Date", Width: 12, Blank: true},
	}}
	add := func(initials, name, what string, first, last time.Time) {
		t.Add(initials, document.Stated(name), what, strings.TrimSpace(document.When(first)+"\n"+document.Prefix("to ", document.When(last))), "", "")
	}
	automated, done := false, map[string][]time.Time{} // when each tester did a step
	for _, spec := range m.Specs() {
		automated = automated || !spec.Manual
		if spec.Manual && spec.Evidence != nil {
			for _, s := range spec.Evidence.Steps {
				done[s.By] = append(done[s.By], s.At)
			}
		}
	}
	if automated {
		add("", r.Tester, r.Type+" run "+r.ID, r.Started, r.Ended)
	}
	for _, who := range r.Testers {
		at := done[who.Initials]
		if len(at) == 0 {
			at = []time.Time{{}}
		}
		slices.SortFunc(at, time.Time.Compare)
		add(who.Initials, who.Name, document.Plural(len(done[who.Initials]), "step")+" by hand", at[0], at[len(at)-1])
	}
	return document.Section{Title: "Testers", Body: document.Blocks(t)}
}

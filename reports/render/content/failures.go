package content

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/render/document"
)

// Failure is one reason why requirements failed: a verification that did not
// hold, or what became of a spec whose verifications all held.
type Failure struct {
	Requirements []string
	Spec         *reports.Spec
	Step         string                 // the instruction that it belongs to
	Verification *evidence.Verification // nil: no verification tells, see Reason
	Reason       string                 // what became of the spec
	Location     string
}

// Cause is what failures of a requirement have in common: one of them, and how
// many more are like it.
type Cause struct {
	Failure
	More int
	kind string
}

// FailedRequirement is a requirement with the causes of its failure.
type FailedRequirement struct {
	Requirement *reports.Requirement
	Causes      []Cause
	With        []string // the requirements under which the same failures stand already
}

// Failures lists what failed, by requirement and cause, in the order of the
// requirements. A failure of several requirements stands once, under the first.
func Failures(m *reports.Model) []FailedRequirement {
	of := map[string][]Failure{}
	for _, s := range m.Specs() {
		for _, f := range SpecFailures(s) {
			for _, id := range f.Requirements {
				of[id] = append(of[id], f)
			}
		}
	}
	var all []FailedRequirement
	under := map[*evidence.Verification]string{} // the requirement under which each stands
	for i := range m.Requirements {
		r := &m.Requirements[i]
		if len(of[r.ID]) == 0 && r.Verdict != reports.Fail {
			continue
		}
		row := FailedRequirement{Requirement: r}
		for _, f := range of[r.ID] {
			if id := under[f.Verification]; id == "" {
				row.add(f)
			} else if !slices.Contains(row.With, id) {
				row.With = append(row.With, id)
			}
			if f.Verification != nil {
				under[f.Verification] = cmp.Or(under[f.Verification], r.ID)
			}
		}
		all = append(all, row)
	}
	return all
}

// add adds a failure to its cause.
func (r *FailedRequirement) add(f Failure) {
	kind := f.Reason
	if v := f.Verification; v != nil {
		kind = v.Expected + "\n" + v.Actual
	}
	kind = particulars.ReplaceAllString(kind, "#")
	i := slices.IndexFunc(r.Causes, func(c Cause) bool { return c.kind == kind })
	if i < 0 {
		r.Causes = append(r.Causes, Cause{Failure: f, kind: kind})
	} else {
		r.Causes[i].More++
	}
}

// particulars are the parts of a text in which failures of one kind differ: what is
// quoted, and numbers.
var particulars = regexp.MustCompile(`"(?:\\.|[^"\\])*"|\d+`)

// SpecFailures lists the failed verifications of a spec, and its own failure
// for every requirement of which no verification failed.
func SpecFailures(s *reports.Spec) []Failure {
	var all []Failure
	failed := func(ids []string) []string { // evidence may not count for others
		return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return s.Results[id] != reports.ResultFail })
	}
	rest := failed(s.Requirements)
	e := cmp.Or(s.Evidence, &evidence.Spec{})
	for i := range e.Verifications {
		v := &e.Verifications[i]
		if v.Passed {
			continue
		}
		if ids := failed(v.Requirements); len(ids) > 0 {
			all = append(all, Failure{Requirements: ids, Spec: s, Step: stepText(e, v.Step), Verification: v, Location: v.Location})
			rest = slices.DeleteFunc(rest, func(id string) bool { return slices.Contains(ids, id) })
		}
	}
	if len(rest) > 0 {
		reason := s.Reason
		if !strings.Contains(reason, s.Failure) {
			reason = document.Join(reason, s.Failure)
		}
		all = append(all, Failure{Requirements: rest, Spec: s, Reason: cmp.Or(reason, "no reason is given"), Location: cmp.Or(s.FailureAt, s.Location)})
	}
	return all
}

func stepText(e *evidence.Spec, number int) string {
	i := slices.IndexFunc(e.Steps, func(s evidence.Step) bool { return s.Number == number })
	if i < 0 {
		return ""
	}
	return e.Steps[i].Text
}

// answerTo begins the text of a verification of what came back for a command.
const answerTo = "answer to "

// Sentence says what went wrong as a person would. Long values are cut to what
// surrounds the first difference.
func (f *Failure) Sentence() string {
	v := f.Verification
	if v == nil {
		return f.Reason
	}
	expected, actual := abridged(v.Expected, v.Actual)
	if asked, is := strings.CutPrefix(v.Text, answerTo); is {
		return "answered " + asked + " with " + actual + "; expected " + expected
	}
	var text string
	sent := f.Sent()
	if sent != "" {
		text = "sent " + sent + ": "
	}
	if about := cmp.Or(v.Text, f.Step); about != "" && (sent == "" || !strings.Contains(expected, `"`)) { // a value says what it is
		text += about + ": "
	}
	return text + "expected " + expected + ", got " + actual
}

// fitting is how long what was sent may be to stand in a sentence.
const fitting = 100

// Sent is what went to the target before it gave, or should have given, what was verified:
// all that was sent in the step, or if that is too long for a sentence, since the target
// last spoke. It is empty if that is not known, or too long as well.
func (f *Failure) Sent() string {
	if v := f.Verification; v != nil && v.Step > 0 {
		if text := f.sentIn(v.Step); text != "" {
			return text
		}
	}
	return f.sentIn(0)
}

// sentIn is what was sent in a step, and what led up to it, since the target last spoke
// before; step 0: since it last spoke at all.
func (f *Failure) sentIn(step int) string {
	var all []string
	answered := false
	for _, x := range slices.Backward(f.before()) {
		if x.Direction == evidence.Sent {
			all = append(all, quote(x.Bytes, x.Length))
		} else if len(all) > 0 && (step == 0 || x.Step != step) {
			break
		}
		answered = answered || x.Direction == evidence.Received
	}
	if !answered && f.Verification != nil && strings.Contains(f.Verification.Actual, `"`) {
		return "" // what was found was said before this was sent
	}
	slices.Reverse(all)
	if text := strings.Join(all, ", "); len(text) <= fitting {
		return text
	}
	return ""
}

// before are the exchanges up to the verification, if the evidence says which
// they were.
func (f *Failure) before() []evidence.Exchange {
	if v, e := f.Verification, f.Spec.Evidence; v != nil && e != nil && v.Exchanges <= len(e.Transcript) {
		return e.Transcript[:v.Exchanges]
	}
	return nil
}

// Pairs shows a failure as names and values.
func (f *Failure) Pairs() document.Pairs {
	p := document.Pairs{{Name: "spec", Value: specTitle(f.Spec), Parts: []document.Cell{linkTo(f.Spec.ID), document.Text(" " + f.Spec.FullTitle())}}}
	p.Add("step", f.Step)
	if v := f.Verification; v != nil {
		if sent := f.Sent(); sent != "" {
			p = append(p, document.Pair{Name: "sent", Value: sent, Fixed: true})
		}
		p.Add("verified", v.Text)
		expected, actual := Compared(v.Expected, v.Actual)
		p = append(p,
			document.Pair{Name: "expected", Value: v.Expected, Parts: expected.Parts, Fixed: true},
			document.Pair{Name: "actual", Value: v.Actual, Parts: actual.Parts, Fixed: true})
	}
	p.Add("reason", f.Reason)
	p.Add("at", f.Location)
	return p
}

// MoreText says how many failures are like the one that is shown; empty for none.
func (c *Cause) MoreText() string {
	if c.More == 0 {
		return ""
	}
	return fmt.Sprintf("%s more like it.", document.Thousands(c.More))
}

// WithText refers to the requirements under which the other failures stand;
// empty for none.
func (r *FailedRequirement) WithText() string {
	with := strings.Join(r.With, ", ")
	switch {
	case with == "" && len(r.Causes) == 0: // those of its children
		return r.Requirement.Reason
	case with == "":
		return ""
	case len(r.Causes) == 0:
		return "It fails together with " + with + "."
	}
	return "More of its failures stand under " + with + "."
}

// failureSection shows what failed, requirement by requirement.
func failureSection(m *reports.Model) document.Block {
	var sections []document.Block
	for _, f := range Failures(m) {
		r := f.Requirement
		all := []document.Block{document.Paragraph{Text: r.Desc}, document.Paragraph{Text: Justified(r), Tone: document.Warn}}
		repeat := r.Repeat
		for _, c := range f.Causes {
			all = append(all, document.Paragraph{Text: c.Sentence(), Tone: document.Bad}, c.Pairs(), muted(c.MoreText()))
			repeat = cmp.Or(repeat, c.Spec.Repeat)
		}
		var command document.Pairs
		command.AddCommand("repeat", repeat)
		all = append(all, muted(f.WithText()), command)
		sections = append(sections, document.Section{
			Title: r.ID, Anchor: "failed-" + r.ID, Minor: true, Badge: VerdictCell(r.Verdict), Body: document.Blocks(all...),
		})
	}
	return titled(failedTitle, sections...)
}

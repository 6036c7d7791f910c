package selftest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/ver/faulty"
)

// Result is what came of one member. Lists of ids are in the order of the
// requirement file's ids; none is nil.
type Result struct {
	Name     string      `json:"name"`
	Kind     faulty.Kind `json:"kind"`
	Text     string      `json:"text"`
	OK       bool        `json:"ok"`        // nothing of the below is wrong
	ExitCode int         `json:"exit_code"` // that of its run; -1 if it came to none

	Shows  []string `json:"shows"`  // what its target shows: wire, api, ...
	Breaks []string `json:"breaks"` // of a fault: what should fail
	Earns  []string `json:"earns"`  // of a null: what may pass

	Failed []string `json:"failed"` // the requirements that failed
	Passed []string `json:"passed"` // and those that passed

	Survived []string `json:"survived"` // of a fault: what should have failed, and did not
	Blamed   []string `json:"blamed"`   // of a fault or a variant: what failed, and should not have
	Unearned []string `json:"unearned"` // of a null: what passed, and should not have
	Missed   []string `json:"missed"`   // of a variant: what is in scope, and neither passed nor failed
	Defects  []string `json:"defects"`  // what was wrong with the run itself, a line each
}

// observed is what a run of a member left.
type observed struct {
	code   int            // exit code; -1 if it came to none
	model  *reports.Model // nil: there are no reports
	faults []string       // what was wrong with the run, a line each
}

// judge holds what was observed against what should have been.
func judge(m faulty.Member, o observed) Result {
	r := Result{
		Name: m.Name, Kind: m.Kind, Text: m.Text, ExitCode: o.code,
		Shows: []string{}, Breaks: sorted(m.Breaks), Earns: sorted(m.Earns),
		Failed: []string{}, Passed: []string{}, Survived: []string{},
		Blamed: []string{}, Unearned: []string{}, Missed: []string{},
		Defects: append([]string{}, o.faults...),
	}
	if o.model != nil {
		r.collect(o.model)
	}
	switch m.Kind {
	case faulty.Fault:
		if len(m.Breaks) == 0 {
			r.defect("the fault names no requirement that it breaks")
		}
		r.Survived = without(r.Breaks, r.Failed)
		r.Blamed = without(r.Failed, r.Breaks)
	case faulty.Null:
		r.Unearned = without(r.Passed, r.Earns)
		if o.code == reports.ExitPassed {
			r.defect("the exit code is 0")
		}
	case faulty.Variant:
		r.Blamed = r.Failed
		if o.code != reports.ExitPassed && len(r.Failed)+len(r.Missed) == 0 {
			r.defect(fmt.Sprintf("the exit code is %d, not 0", o.code))
		}
	default:
		r.defect(fmt.Sprintf("%q is no kind of member", m.Kind))
	}
	r.OK = len(r.failings()) == 0
	return r
}

// failing is something that is not as it should be.
type failing struct {
	word string // for a badge
	text string
}

// failings lists what is not as it should be, the gravest first.
func (r *Result) failings() (all []failing) {
	add := func(word, what string, ids []string) {
		if len(ids) > 0 {
			all = append(all, failing{word, what + " " + strings.Join(ids, ", ")})
		}
	}
	add("survived", "not failed:", r.Survived)
	if r.Kind == faulty.Variant {
		add("blamed", "failed, though it conforms:", r.Blamed)
	} else {
		add("blamed", "failed, though not broken:", r.Blamed)
	}
	add("unearned pass", "passed unearned:", r.Unearned)
	add("not verified", "not verified:", r.Missed)
	for _, defect := range r.Defects {
		all = append(all, failing{"defect", defect})
	}
	return all
}

// collect takes the verdicts of a run.
func (r *Result) collect(model *reports.Model) {
	if model.ExitCode != r.ExitCode {
		r.defect(fmt.Sprintf("the exit code is %d, but coverage.json says %d", r.ExitCode, model.ExitCode))
	}
	r.Shows = append(r.Shows, model.Run.Shows...)
	for _, problem := range model.Problems {
		r.defect("nothing can be concluded: " + problem.String())
	}
	for _, q := range model.Requirements {
		switch {
		case q.Verdict == reports.Fail:
			r.Failed = append(r.Failed, q.ID)
		case q.Verdict == reports.Pass:
			r.Passed = append(r.Passed, q.ID)
		case q.InScope && r.Kind == faulty.Variant:
			r.Missed = append(r.Missed, q.ID)
		}
	}
}

func (r *Result) defect(text string) { r.Defects = append(r.Defects, text) }

// sorted is a sorted copy without doubles, never nil.
func sorted(ids []string) []string {
	list := append([]string{}, ids...)
	slices.Sort(list)
	return slices.Compact(list)
}

// without is what of ids is not among others.
func without(ids, others []string) []string {
	rest := []string{}
	for _, id := range ids {
		if !slices.Contains(others, id) {
			rest = append(rest, id)
		}
	}
	return rest
}

// outcome says in a line what came of the member.
func (r *Result) outcome() string {
	var texts []string
	for _, f := range r.failings() {
		texts = append(texts, f.text)
	}
	if texts != nil {
		return strings.Join(texts, "; ")
	}
	switch r.Kind {
	case faulty.Fault:
		return "killed by " + strings.Join(r.Breaks, ", ")
	case faulty.Null:
		return "earned nothing that it does not meet"
	}
	return "passed"
}

package reports

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"

	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/justification"
	"github.com/socket-oneline/oneline/reports/mutation"
	"github.com/socket-oneline/oneline/reports/results"
	"github.com/socket-oneline/oneline/reports/structure"
)

// structure computes which requirement executes which code. Only suites that watched the
// same code as the first of them count.
func (b *builder) structure(m *Model) {
	code, specs, others := b.executed()
	b.watched = code != nil
	if others > 0 {
		m.Run.Notes = append(m.Run.Notes, fmt.Sprintf("coverage shows the code of the first results, and leaves out %s of other code", plural(others, "suite")))
	}
	requirements := make([]structure.Requirement, 0, len(m.Requirements))
	for i := range m.Requirements {
		if r := &m.Requirements[i]; r.Verdict != Invalid {
			requirements = append(requirements, structure.Requirement{ID: r.ID, Passed: r.Verdict.Passed()})
		}
	}
	var accepted map[string]justification.Unreached
	if file := b.opt.Justifications; file != nil {
		accepted = file.Unreached
	}
	coverage, executed := structure.Compute(code, requirements, specs, accepted)
	m.Structure = coverage
	for i := range m.Requirements {
		m.Requirements[i].Executes = executed[m.Requirements[i].ID]
	}
}

// mutation adds the scores of mutation testing.
func (b *builder) mutation(m *Model) {
	r := b.opt.Mutation
	if r == nil {
		return
	}
	m.Mutation = &r.Total
	for i := range r.Requirements {
		if row := b.rows[r.Requirements[i].ID]; row != nil {
			row.MutationScore = r.Requirements[i].Score
		}
	}
}

// concludeMutants states the score of mutation testing, and the requirements that would
// notice least.
func (m *Model) concludeMutants(l *lines) {
	if m.Mutation == nil {
		return
	}
	var scored []*Requirement
	for i := range m.Requirements {
		if r := &m.Requirements[i]; r.MutationScore != nil {
			scored = append(scored, r)
		}
	}
	slices.SortStableFunc(scored, func(a, b *Requirement) int { return cmp.Compare(*a.MutationScore, *b.MutationScore) })
	lowest := make([]string, len(scored))
	for i, r := range scored {
		lowest[i] = r.ID + " " + mutation.Percent(r.MutationScore)
	}
	l.add("Changes of the code would be noticed: %s. Lowest: %s.", mutation.Percent(m.Mutation.Score), firstOf(lowest))
}

// executed returns the code that was watched, and the specs that executed some of it. It
// counts the suites that watched other code.
func (b *builder) executed() (code *evidence.Structure, specs []*results.Spec, others int) {
	for _, s := range b.suites {
		watched := s.Run.Structure
		switch {
		case watched == nil:
			continue
		case code == nil:
			code = watched
		case !reflect.DeepEqual(code, watched):
			others++
			continue
		}
		for i := range s.Specs {
			specs = append(specs, &s.Specs[i])
		}
	}
	return code, specs, others
}

// concludeCode says how much of the code is reached.
func (m *Model) concludeCode(l *lines) {
	c := &m.Structure
	if !c.Collected {
		l.add("What the requirements execute was not collected: %s", fullStop(c.Reason))
		return
	}
	accepted := "."
	if n := c.Total.Accepted; n > 0 {
		accepted = fmt.Sprintf("; %d more accepted as unreached.", n)
	}
	l.add("%d of %s reached by requirements that passed%s", c.Total.Reached, plural(c.Total.Statements-c.Total.Accepted, "statement"), accepted)
	places := make([]string, len(c.Unreached))
	for i, p := range c.Unreached {
		places[i] = p.File + ":" + p.Lines
	}
	l.addIf(c.Total.Unreached > 0, "%s not reached: %s.", plural(c.Total.Unreached, "statement"), firstOf(places))
	l.addIf(len(c.Stale) > 0, "Acceptances that no longer fit the code: %s.", firstOf(c.Stale))
	l.addIf(len(c.Idle) > 0, "%d passed without executing any statement: %s.", len(c.Idle), ranges(c.Idle))
}

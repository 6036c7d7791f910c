package reports

import (
	"slices"
	"strings"

	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/results"
)

// Count returns how many requirements have a verdict.
func (s *Summary) Count(v Verdict) int { return *s.counter(v) }

// counter returns the count of a verdict.
func (s *Summary) counter(v Verdict) *int {
	switch v {
	case Pass, PassOutcome:
		return &s.Pass
	case Fail:
		return &s.Fail
	case Partial:
		return &s.Partial
	case NotTested:
		return &s.NotTested
	case NotObservable:
		return &s.NotObservable
	case Invalid:
		return &s.Invalid
	}
	return new(int)
}

// summary counts what the model lists.
func (b *builder) summary(m *Model) Summary {
	s := Summary{Levels: []Level{}, Specs: len(b.specs)}
	for _, r := range b.file.Requirements {
		if r.Retired {
			s.Retired++
		}
	}
	for _, r := range m.Requirements {
		*s.counter(r.Verdict)++
		if r.Verdict == PassOutcome {
			s.Outcomes++
		}
		if r.Verdict != Invalid {
			s.countRequirement(&r)
		}
	}
	s.Verified = s.Pass + s.Fail
	slices.SortFunc(s.Levels, func(x, y Level) int { return strings.Compare(x.Name, y.Name) })
	for _, p := range m.Protocols {
		if p.ID == "" {
			continue // specs without a protocol
		}
		s.Protocols++
		switch p.Verdict {
		case Pass, PassOutcome:
			s.ProtocolsPass++
		case Fail:
			s.ProtocolsFail++
		}
	}
	for _, j := range b.specs {
		s.Verifications.plus(j.all)
	}
	return s
}

func (s *Summary) countRequirement(r *Requirement) {
	s.Requirements++
	switch r.Tester {
	case "manual":
		s.Manual++
	case "both":
		s.ManualAndAuto++
	default:
		s.Auto++
	}
	if r.InScope {
		s.InScope++
	}
	if r.Justification != nil {
		s.Justified++
	}
	if r.Level == "" {
		return
	}
	i := slices.IndexFunc(s.Levels, func(l Level) bool { return l.Name == r.Level })
	if i < 0 {
		i = len(s.Levels)
		s.Levels = append(s.Levels, Level{Name: r.Level})
	}
	l := &s.Levels[i]
	l.Total++
	if r.InScope {
		l.InScope++
	}
	if r.Verdict.Passed() {
		l.Pass++
	}
}

// exitCode returns the first code that applies: nothing can be concluded, no target, a
// failure, something in scope not verified. It is never 0 if nothing was verified.
func (b *builder) exitCode(m *Model) int {
	s := &m.Summary
	switch {
	case len(m.Problems) > 0:
		return ExitNothing
	case b.unreachable(), b.unstarted != "":
		return ExitNoTarget
	case b.any(m, func(r *Requirement) bool { return r.Verdict == Fail }):
		return ExitFailed
	case b.shard != "" && m.Run.Complete && s.Verifications.Passed+s.Outcomes > 0:
		return ExitPassed // what other shards may carry out is not counted
	case s.Verified == 0, !m.Run.Complete, m.Lock != nil && len(m.Lock.Gone) > 0,
		b.any(m, func(r *Requirement) bool { return r.Verdict == Partial || r.Verdict == NotTested }),
		b.opt.Complete && b.any(m, b.unseen):
		return ExitIncomplete
	}
	return ExitPassed
}

// any reports whether something holds for a requirement that counts for the exit code:
// one that is justified may not.
func (b *builder) any(m *Model, holds func(*Requirement) bool) bool {
	return slices.ContainsFunc(m.Requirements, func(r Requirement) bool {
		return holds(&r) && !(b.opt.AcceptJustified && b.excused(&r))
	})
}

// unseen reports whether the target could not show a requirement in scope, or only in
// part.
func (b *builder) unseen(r *Requirement) bool {
	if b.scope.outsideLevel(r.Level) != "" || b.scope.outsideTester(r.Tester) != "" {
		return false
	}
	return r.Verdict == NotObservable || r.Verdict == Pass && slices.ContainsFunc(r.Specs, func(s SpecResult) bool { return s.Result == ResultNotObservable })
}

// unreachable reports whether a target could not be reached or launched and no spec
// began.
func (b *builder) unreachable() bool {
	found := false
	for _, s := range b.suites {
		found = found || s.Run.Unreachable != ""
		if slices.ContainsFunc(s.Specs, began) {
			return false
		}
	}
	return found
}

// began reports whether a spec did anything. One that was blocked at once did not.
func began(s results.Spec) bool {
	away := func(e evidence.Spec) bool {
		return (e.Blocked != "" || e.NotObservable != "") &&
			len(e.Verifications)+len(e.Preconditions)+len(e.Steps)+len(e.Transcript) == 0
	}
	return s.Attempts > 0 && (len(s.Attempted) == 0 || slices.ContainsFunc(s.Attempted, func(e evidence.Spec) bool { return !away(e) }))
}

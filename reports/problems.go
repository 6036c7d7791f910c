package reports

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/results"
	"github.com/socket-oneline/oneline/reports/srs"
)

// findProblems lists why nothing can be concluded: mistakes of the suite, which must not
// be taken for results of the target.
func (b *builder) findProblems() {
	if len(b.suites) == 0 && len(b.opt.Sources) == 0 {
		b.refuse("there are no results: name a results file")
	}
	if n := len(statedTargets(b.suites)); n > 1 {
		b.refuse("the results are of %d targets, which have no verdict in common: report each alone, or compare them", n)
	}
	if l := b.scope.level; l != "" && !slices.ContainsFunc(b.file.Requirements, func(r srs.Requirement) bool { return r.Level == l }) {
		b.refuse("no requirement in %s is of level %s: correct the level", b.file.Name, l)
	}
	for _, s := range b.suites {
		for _, fault := range s.Run.Faults {
			b.fault(s, fault)
		}
		for _, p := range s.Problems {
			b.problem(s, p.Place, "%s", p.Text)
		}
	}
	for _, j := range b.all {
		b.specProblems(j)
	}
	b.duplicateProtocols()
	b.observeDisagreements()
}

// refuse adds a problem with the results as a whole.
func (b *builder) refuse(format string, args ...any) { b.problem(nil, "", format, args...) }

// problem adds a problem, once. suite is nil if it belongs to no suite.
func (b *builder) problem(suite *results.Suite, place, format string, args ...any) {
	p := Problem{Suite: b.suiteName(suite), Place: place, Text: oneLine(fmt.Sprintf(format, args...))}
	if place == "" && suite != nil {
		p.Suite = cmp.Or(p.Suite, suite.Name, suite.Path)
	}
	if !b.told[p] {
		b.told[p] = true
		b.problems = append(b.problems, p)
	}
}

// fault adds a misuse of the harness, which may begin with its place.
func (b *builder) fault(suite *results.Suite, text string) {
	place, rest, _ := strings.Cut(text, ": ")
	if file, line, ok := strings.Cut(place, ":"); ok && file != "" && strings.Trim(line, "0123456789") == "" && !strings.Contains(file, " ") {
		b.problem(suite, place, "%s", rest)
		return
	}
	b.problem(suite, "", "%s", text)
}

// suiteName returns how messages name a suite: by its title, by its path if another has
// the same title, or not at all if there is only one.
func (b *builder) suiteName(suite *results.Suite) string {
	if suite == nil {
		return ""
	}
	alone, same := true, false
	for _, other := range b.suites {
		if other.Path != suite.Path || other.Name != suite.Name {
			alone = false
			same = same || other.Name == suite.Name
		}
	}
	switch {
	case alone:
		return ""
	case same:
		return cmp.Or(suite.Path, suite.Name)
	}
	return cmp.Or(suite.Name, suite.Path)
}

func (b *builder) specProblems(s *judged) {
	wrong := func(format string, args ...any) {
		b.problem(s.suite, s.Location, "the spec %q %s", s.Title, fmt.Sprintf(format, args...))
	}
	if len(s.Requirements) == 0 && s.Grade == results.Verified && b.opt.Untagged != ListUntagged {
		wrong("names no requirement: add trace.Req")
	}
	if strings.Contains(s.Failure, "unexpected call to os.Exit(0) during test") { // what package testing makes of it
		wrong("called os.Exit(0): whatever should have followed was not carried out")
	}
	for _, id := range s.Requirements {
		if r := b.known[id]; r == nil {
			wrong("names %s, which no requirement in %s has: correct the id or add the requirement", shownID(id), b.file.Name)
		} else if r.Retired {
			wrong("names %s, which is retired: remove the id", id)
		}
	}
	if len(s.Protocols) > 1 {
		wrong("is in several protocols (%s): put none into another", strings.Join(s.Protocols, ", "))
	}
	for i := range s.Attempted {
		e := &s.Attempted[i]
		for _, fault := range e.Faults {
			b.fault(s.suite, fault)
		}
		if i > 0 && e.Attempt == s.Attempted[i-1].Attempt {
			wrong("left evidence twice in attempt %d: let one harness record it", e.Attempt)
		}
		b.strayVerifications(s, e)
	}
	if why := s.contradiction(); why != "" {
		wrong("contradicts itself: %s: the file was altered; repeat the run", why)
	}
	if reason := s.notShown(); reason != "" && s.hasFindings() {
		wrong("verified something or failed, though the target cannot show it (%s): call trace.NotObservable before anything else", reason)
	}
}

// contradiction says what is impossible about the evidence of a spec; empty if nothing
// is.
func (s *judged) contradiction() string {
	run := &s.suite.Run
	switch {
	case s.Grade == results.Outcome || s.State != results.Passed:
	case s.Failure != "":
		return "it passed, and failed because of this: " + s.Failure
	case s.Attempts == 0 && !s.suite.DryRun:
		return "it passed, and was not tried"
	}
	return s.first(func(e *evidence.Spec) string {
		switch {
		case e.Title != "" && e.Title != s.Title:
			return fmt.Sprintf("it left evidence of the spec %q", e.Title)
		case e.Attempt > max(s.Attempts, 1):
			return fmt.Sprintf("it left evidence of attempt %d of %d", e.Attempt, s.Attempts)
		}
		for _, step := range e.Steps {
			if outside(run, step.At) {
				return fmt.Sprintf("step %d was carried out at %s, outside of its run", step.Number, stamp(step.At))
			}
		}
		for _, v := range e.Verifications {
			switch {
			case outside(run, v.At):
				return fmt.Sprintf("the verification at %s was made at %s, outside of its run", v.Location, stamp(v.At))
			case e.Manual && !slices.ContainsFunc(run.Testers, func(t evidence.Tester) bool { return t.Initials == v.By }):
				return fmt.Sprintf("the verification at %s does not name its tester", v.Location)
			}
		}
		return ""
	})
}

// outside reports whether a time is before the beginning of a run or after its end. It
// tolerates a minute, in case the clock was set meanwhile.
func outside(run *evidence.Run, at time.Time) bool {
	if at.IsZero() || run.Started.IsZero() {
		return false
	}
	return at.Before(run.Started.Add(-time.Minute)) || !run.Ended.IsZero() && at.After(run.Ended.Add(time.Minute))
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// strayVerifications finds verifications that count for no requirement of the spec, unless
// package trace has reported them already.
func (b *builder) strayVerifications(s *judged, e *evidence.Spec) {
	for _, v := range e.Verifications {
		told := func(fault string) bool { return strings.HasPrefix(fault, v.Location+": ") }
		if slices.ContainsFunc(e.Faults, told) {
			continue
		}
		if len(v.Requirements) == 0 {
			b.problem(s.suite, v.Location, "a verification of the spec %q (%s) names no requirement: name those that are meant", s.Title, s.Location)
		}
		for _, id := range v.Requirements {
			if !slices.Contains(s.Requirements, id) {
				b.problem(s.suite, v.Location, "a verification names %s, which the spec %q (%s) is not labelled with: add it to trace.Req", shownID(id), s.Title, s.Location)
			}
		}
	}
}

// duplicateProtocols finds protocol ids that are used in several places.
func (b *builder) duplicateProtocols() {
	first := make(map[string]*judged)
	for _, j := range b.specs {
		if j.ProtocolAt == "" {
			continue
		}
		f, known := first[j.Protocol.ID]
		switch {
		case !known:
			first[j.Protocol.ID] = j
		case f.ProtocolAt != j.ProtocolAt:
			b.problem(j.suite, j.ProtocolAt, "the protocol %s is already at %s: give one of them another id", j.Protocol.ID, f.ProtocolAt)
		}
	}
}

// maxPlaces is how many places a problem lists.
const maxPlaces = 5

// observeDisagreements finds requirements whose observe differs from that of their specs.
// If a spec was deleted, or its label changed, the scope would change unnoticed.
func (b *builder) observeDisagreements() {
	for _, r := range b.file.Requirements {
		specs := observers(b.findings[r.ID])
		if r.Retired || len(r.Observe) == 0 || len(specs) == 0 {
			continue
		}
		want, got := slices.Sorted(slices.Values(r.Observe)), observed(specs)
		if slices.Equal(want, got) {
			continue
		}
		var places []string
		for _, s := range specs {
			places = append(places, s.Location)
		}
		b.refuse("%s: %s is observed by %s in %s, but by %s in its specs: make them agree",
			listed(places, len(places), maxPlaces, ", "), r.ID, strings.Join(want, ", "), b.file.Name, cmp.Or(strings.Join(got, ", "), "nothing in particular"))
	}
}

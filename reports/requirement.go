package reports

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/results"
	"github.com/socket-oneline/oneline/reports/srs"
)

// requirement returns the row of a requirement of the file.
func (b *builder) requirement(r *srs.Requirement) Requirement {
	row := Requirement{
		ID: r.ID, Group: r.Group, Tester: r.Tester, Level: r.Level, Source: r.Source,
		Observe: r.Observe, Desc: r.Desc, Rationale: r.Rationale,
	}
	specs := b.findings[r.ID]
	row.addSpecs(specs)
	kinds := r.Observe
	if len(kinds) == 0 {
		kinds = observed(specs)
	}
	if outside := b.scope.outside(r, kinds); outside != "" {
		row.Verdict, row.Reason = NotObservable, outside
		return row
	}
	switch {
	case len(specs) > 0:
		row.Verdict, row.Reason = verdict(specs)
		if what := b.lacking(r.Tester, specs); what != "" {
			row.lack(what)
		}
	case !b.scope.shows(kinds):
		row.Verdict, row.Reason = NotObservable, b.scope.needs(kinds)
	case r.Tester == "manual":
		row.Verdict, row.Reason = NotTested, notRecorded
	default:
		row.Verdict, row.Reason = NotTested, "no spec"
	}
	row.InScope = row.Verdict != NotObservable
	if i := slices.IndexFunc(specs, func(s finding) bool { return !s.Manual }); i >= 0 && row.InScope {
		row.Repeat = repeat(&specs[i].suite.Run, r.ID)
	}
	return row
}

// lacking says which kind of spec a requirement lacks by its tester; empty if none. A
// program does not replace a person, nor a person a program.
func (b *builder) lacking(tester string, specs []finding) string {
	var manual, auto bool
	for _, s := range specs {
		manual = manual || s.Manual
		auto = auto || !s.Manual
	}
	switch {
	case tester != "auto" && !manual && b.scope.tester == "":
		return notRecorded
	case tester != "manual" && !auto:
		return "no automated spec"
	}
	return ""
}

// lack lowers the verdict because something is lacking.
func (r *Requirement) lack(what string) {
	switch r.Verdict {
	case Pass, PassOutcome:
		r.Verdict, r.Reason = Partial, cmp.Or(r.Reason, "every spec passed")
	case Partial, NotTested:
	default:
		return
	}
	r.Reason += reasonBreak + what
}

// invalid returns the row of an id that specs name and must not.
func (b *builder) invalid(id string) Requirement {
	row := Requirement{ID: id, Verdict: Invalid, Reason: "no requirement in " + b.file.Name + " has this id"}
	if r := b.known[id]; r != nil {
		row.Group, row.Tester, row.Desc = r.Group, r.Tester, r.Desc
		row.Reason = "retired: no spec may name it"
	}
	row.addSpecs(b.findings[id])
	return row
}

func (r *Requirement) addSpecs(specs []finding) {
	r.Protocols, r.Specs = []string{}, make([]SpecResult, len(specs))
	for i, s := range specs {
		if s.Protocol.ID != "" {
			r.Protocols = results.AppendNew(r.Protocols, s.Protocol.ID)
		}
		r.Verifications.plus(s.counts)
		_, places := s.tally(s.id)
		r.Specs[i] = SpecResult{
			ID: s.shown, Protocol: s.Protocol.ID, Spec: s.Title, Containers: s.Containers, Location: s.Location,
			Grade: string(s.Grade), Result: s.result, Reason: s.reason, Verifications: s.counts, Places: places,
		}
	}
}

// repeat returns the command that verifies only these requirements; empty if there is
// none.
func repeat(run *evidence.Run, ids ...string) string {
	if run.RepeatOnly == "" || len(ids) == 0 {
		return ""
	}
	return run.RepeatOnly + " " + strings.Join(ids, ",")
}

// observers returns the findings of specs that ask for what a target shows: neither those
// that a person carries out, nor tests of which only the outcome is known.
func observers(specs []finding) []finding {
	return slices.DeleteFunc(slices.Clone(specs), func(s finding) bool { return s.Manual || s.Grade == results.Outcome })
}

// observed returns the kinds of observation that specs ask for, sorted.
func observed(specs []finding) []string {
	var kinds []string
	for _, s := range observers(specs) {
		kinds = append(kinds, s.Observe...)
	}
	slices.Sort(kinds)
	return slices.Compact(kinds)
}

// verdict combines the findings about a requirement or a protocol, at least one, and says
// why the verdict is not a plain PASS. Outcomes that are not accepted count only if they
// failed.
func verdict(specs []finding) (Verdict, string) {
	specs = slices.DeleteFunc(slices.Clone(specs), func(s finding) bool { return s.unaccepted && s.result != ResultFail })
	if len(specs) == 0 {
		return NotTested, outcomeOnly
	}
	of := make(map[Result]int)
	for _, s := range specs {
		of[s.result]++
	}
	passed := of[ResultPass] + of[ResultPassOutcome]
	observable := len(specs) - of[ResultNotObservable]
	switch {
	case of[ResultFail] > 0 && len(specs) > 1:
		return Fail, fmt.Sprintf("%d of %d specs: %s", of[ResultFail], len(specs), reasons(specs, ResultFail))
	case of[ResultFail] > 0:
		return Fail, reasons(specs, ResultFail)
	case observable == 0:
		// One of these is enough.
		return NotObservable, strings.ReplaceAll(reasons(specs, ResultNotObservable), reasonBreak+"needs ", reasonBreak+"or needs ")
	case passed == 0:
		return NotTested, reasons(specs, ResultBlocked, ResultSkipped, ResultNoEvidence)
	case passed < observable:
		return Partial, fmt.Sprintf("%d of %d specs passed; %s", passed, len(specs), reasons(specs, ResultBlocked, ResultSkipped, ResultNoEvidence))
	case of[ResultPass] == 0:
		return PassOutcome, byOutcome(passed)
	case observable < len(specs):
		return Pass, fmt.Sprintf("%d of %d specs: %s", observable, len(specs), others(len(specs)-observable, reasons(specs, ResultNotObservable)))
	}
	return Pass, ""
}

// others says why n specs do not count.
func others(n int, reason string) string {
	verb, isNeed := strings.CutPrefix(reason, "needs ")
	switch {
	case isNeed && n == 1:
		return "the other needs " + verb
	case isNeed:
		return "the others need " + verb
	case n == 1:
		return "the other is not observable: " + reason
	}
	return "the others are not observable: " + reason
}

// maxReasons is how many reasons a text lists. Each spec states its own.
const maxReasons = 3

// reasonBreak separates reasons.
const reasonBreak = "; "

// reasons lists the reasons of the findings with one of these results, each once.
func reasons(specs []finding, of ...Result) string {
	var all []string
	for _, result := range of {
		for _, s := range specs {
			if s.result != result {
				continue
			}
			reason := s.reason
			if result != ResultFail && result != ResultNotObservable && reason != notRecorded {
				reason = strings.TrimSuffix(string(result)+": "+reason, ": ")
			}
			all = results.AppendNew(all, reason)
		}
	}
	return firstOf(all)
}

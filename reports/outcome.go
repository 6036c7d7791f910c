package reports

import (
	"fmt"

	"github.com/socket-oneline/oneline/reports/results"
)

// Untagged says how to treat tests that name no requirement. They never prove
// anything.
type Untagged string

// By default tests that name no requirement are listed, but the specs of a suite that
// uses package trace must name one.
const (
	ByDefault      Untagged = ""
	ListUntagged   Untagged = "list"   // specs of such suites are listed too
	RefuseUntagged Untagged = "refuse" // nothing can be concluded
)

// untagged counts the tests that name no requirement; nil if there are none. It adds a
// problem if they are refused, or if one of them failed and no requirement did: something
// is wrong that no requirement shows.
func (b *builder) untagged(m *Model) *results.Untagged {
	var all results.Untagged
	for _, s := range b.suites {
		all.Plus(&s.Untagged)
	}
	for _, j := range b.specs {
		if len(j.Requirements) == 0 && j.Grade == results.Verified && b.opt.Untagged == ListUntagged {
			all.Add(*j.Spec)
		}
	}
	n := all.Count()
	if n == 0 {
		return nil
	}
	if b.opt.Untagged == RefuseUntagged {
		b.refuse("%s no requirement, which is refused: %s", subject(n, "test names", "tests name"), listed(all.Names, n, maxReasons, ", "))
	}
	if all.Failed > 0 && !b.any(m, func(r *Requirement) bool { return r.Verdict == Fail }) {
		b.refuse("%s no requirement failed, and no requirement did: %s", subject(all.Failed, "test that names", "tests that name"), listed(all.Failures(), all.Failed, maxReasons, ", "))
	}
	return &all
}

// concludeOutcomes lists what is known only from outcomes of tests.
func (m *Model) concludeOutcomes(l *lines) {
	if ids := m.ids(PassOutcome); len(ids) > 0 {
		l.add("%d passed by the outcomes of tests alone, which do not say what was checked: %s.", len(ids), ranges(ids))
	}
	if u := m.Untagged; u != nil {
		l.add("%s nothing: %d passed, %d failed, %d skipped.",
			subject(u.Count(), "test names no requirement and proves", "tests name no requirement and prove"), u.Passed, u.Failed, u.Skipped)
	}
}

// outcomeOnly is the reason where there are only outcomes, and these do not count.
const outcomeOnly = "outcomes only: -accept outcome counts them"

// outdone reports whether j is an outcome that does not count because another source has
// the verifications of the same test. An outcome that failed always counts.
func (j *judged) outdone(by *judged) bool {
	return j.Grade == results.Outcome && by.Grade == results.Verified && j.overall.result != ResultFail
}

// byOutcome is the reason of a requirement that passed by n outcomes alone.
func byOutcome(n int) string {
	if n == 1 {
		return "by the outcome of a test"
	}
	return fmt.Sprintf("by the outcomes of %d tests", n)
}

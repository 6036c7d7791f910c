package results

import (
	"slices"
	"strings"
)

// Untagged counts the outcomes of tests that name no requirement. They prove
// nothing.
type Untagged struct {
	Passed, Skipped, Failed int
	Names                   []string // of the first of them, those that failed before all others
	failed                  int      // how many of Names failed
}

// maxUntagged is how many names are kept of tests that name no requirement.
const maxUntagged = 1000

// Count returns how many there are.
func (u *Untagged) Count() int { return u.Passed + u.Skipped + u.Failed }

// Failures returns the names of those that failed, as far as they are kept.
func (u *Untagged) Failures() []string { return u.Names[:u.failed] }

// Plus adds others.
func (u *Untagged) Plus(o *Untagged) {
	u.Passed, u.Skipped, u.Failed = u.Passed+o.Passed, u.Skipped+o.Skipped, u.Failed+o.Failed
	u.Names = slices.Insert(u.Names, u.failed, o.Names[:o.failed]...)
	u.Names = append(u.Names, o.Names[o.failed:]...)
	u.Names = u.Names[:min(len(u.Names), maxUntagged)]
	u.failed = min(u.failed+o.failed, maxUntagged)
}

// Add counts a test.
func (u *Untagged) Add(s Spec) {
	name := strings.Join(append(slices.Clone(s.Containers), s.Title), " ")
	at := len(u.Names)
	switch {
	case s.State == Passed:
		u.Passed++
	case s.State.Failure():
		u.Failed++
		at = u.failed
		u.failed = min(u.failed+1, maxUntagged)
	default:
		u.Skipped++
	}
	if at < maxUntagged {
		u.Names = slices.Insert(u.Names, at, name)
		u.Names = u.Names[:min(len(u.Names), maxUntagged)]
	}
}

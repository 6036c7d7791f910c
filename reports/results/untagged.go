package results

import (
	"slices"
	"strings"
)

// Untagged counts the outcomes of tests that name no requirement. They prove
// nothing.
type Untagged struct {
	Passed  int      `json:"passed"`
	Failed  int      `json:"failed"`
	Skipped int      `json:"skipped"`
	Names   []string `json:"names"` // of the first of them, those that failed before all others
}

// maxUntagged is how many names are kept of tests that name no requirement.
const maxUntagged = 1000

// Count returns how many there are; zero also for nil.
func (u *Untagged) Count() int {
	if u == nil {
		return 0
	}
	return u.Passed + u.Skipped + u.Failed
}

// Failures returns the names of those that failed, as far as they were kept.
func (u *Untagged) Failures() []string { return u.Names[:min(u.Failed, len(u.Names))] }

// Plus adds others.
func (u *Untagged) Plus(o *Untagged) {
	u.Names = slices.Insert(u.Names, len(u.Failures()), o.Failures()...)
	u.Names = append(u.Names, o.Names[len(o.Failures()):]...)
	u.Names = u.Names[:min(len(u.Names), maxUntagged)]
	u.Passed, u.Skipped, u.Failed = u.Passed+o.Passed, u.Skipped+o.Skipped, u.Failed+o.Failed
}

// Add counts a test.
func (u *Untagged) Add(s Spec) {
	one := Untagged{Names: []string{strings.Join(append(slices.Clone(s.Containers), s.Title), " ")}}
	switch {
	case s.State.Failure():
		one.Failed = 1
	case s.State == Passed:
		one.Passed = 1
	default:
		one.Skipped = 1
	}
	u.Plus(&one)
}

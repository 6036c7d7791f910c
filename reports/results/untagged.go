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
	u.insert(o.Failures(), o.Names[len(o.Failures()):])
	u.Passed, u.Skipped, u.Failed = u.Passed+o.Passed, u.Skipped+o.Skipped, u.Failed+o.Failed
}

// Add counts a test.
func (u *Untagged) Add(s Spec) {
	name := []string{strings.Join(append(slices.Clone(s.Containers), s.Title), " ")}
	switch {
	case s.State.Failure():
		u.insert(name, nil)
		u.Failed++
	case s.State == Passed:
		u.insert(nil, name)
		u.Passed++
	default:
		u.insert(nil, name)
		u.Skipped++
	}
}

// insert adds names while there is room, the failed ones first.
func (u *Untagged) insert(failed, others []string) {
	if len(failed) > 0 {
		u.Names = slices.Insert(u.Names, len(u.Failures()), failed...)
	}
	if room := maxUntagged - len(u.Names); room > 0 {
		u.Names = append(u.Names, others[:min(room, len(others))]...)
	}
	u.Names = u.Names[:min(len(u.Names), maxUntagged)]
}

// Package formal decides what a formal run must be. Such a run follows a test protocol
// that was issued before, and whoever has its commit can run it again: it is refused
// where it could not be held to that.
package formal

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/folder"
	"github.com/socket-oneline/oneline/reports/plan"
	"github.com/socket-oneline/oneline/reports/results"
)

// Refusal says why a run is not what its type asks for, a line for each reason. It means
// exit code 2.
type Refusal []string

func (r Refusal) Error() string { return strings.Join(r, "\n") }

// Add adds a reason.
func (r *Refusal) Add(format string, args ...any) { *r = append(*r, fmt.Sprintf(format, args...)) }

// Of returns the refusal of a run of a type; nil without reasons.
func (r Refusal) Of(kind string) error {
	if len(r) == 0 {
		return nil
	}
	of := make(Refusal, len(r))
	for i, reason := range r {
		of[i] = kind + " run refused: " + reason
	}
	return of
}

// Steps adds a reason for each way in which the steps now differ from those of the test
// protocol that was issued.
func (r *Refusal) Steps(name string, issued, now plan.Plan) {
	const most = 20
	changes := issued.Differences(now)
	for _, change := range changes[:min(len(changes), most)] {
		r.Add("%s: the steps have changed since it was issued: %s", name, change)
	}
	if more := len(changes) - most; more > 0 {
		r.Add("%s: there are %d more changes: issue the test protocol again", name, more)
	}
}

// After says why a run of a command was no formal run after all: what it carried out is
// not what the test protocol says, or not from the sources that its commit has.
func After(m *folder.Manifest, name string, issued plan.Plan, model *reports.Model, all []*results.Results) Refusal {
	var r Refusal
	switch c := m.Checkout; {
	case c == nil:
		r.Add("no commit is known: run it in a git checkout, and not from a program that was built before")
	case !c.Before.Clean:
		r.Add("the repository holds uncommitted changes: %s", strings.Join(c.Before.Changed, ", "))
	case c.Before.Commit != c.After.Commit, c.Before.Tree != c.After.Tree:
		r.Add("the repository changed while the run went on: %s", strings.Join(c.After.Changed, ", "))
	}
	for _, source := range all {
		for i := range source.Suites {
			r.suite(&source.Suites[i])
		}
	}
	r.Steps(name, issued, Plan(m, model))
	return r
}

// Plan is the test protocol that follows from what a run carried out.
func Plan(m *folder.Manifest, model *reports.Model) plan.Plan {
	p := plan.Of(model)
	if lock := m.Input(folder.Lock); lock != nil {
		p.Lock = lock.SHA256
	}
	return p
}

// suite adds what no spec of a formal run may be.
func (r *Refusal) suite(s *results.Suite) {
	where := cmp.Or(s.Path, s.Name)
	if s.Filtered {
		r.Add("%s: not every spec was carried out: remove filters, focus and pending specs", where)
	}
	for _, spec := range s.Specs {
		switch {
		case spec.State == results.Pending:
			r.Add("%s: the spec %q is pending", spec.Location, spec.Title)
		case spec.Attempts > 1 && !spec.Repeated:
			r.Add("%s: the spec %q was tried again: remove the flake attempts", spec.Location, spec.Title)
		case spec.NoEvidence == results.Cached:
			r.Add("%s: the result of %q was cached", where, spec.Title)
		}
	}
	*r = slices.Compact(*r)
}

package reports

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/lock"
	"github.com/socket-oneline/oneline/reports/results"
	"github.com/socket-oneline/oneline/reports/srs"
)

// Locked is how a report differs from the lock.
type Locked struct {
	File    evidence.File `json:"file"`
	Missing []LockedSpec  `json:"missing"` // specs that the lock names and the evidence lacks
	New     []LockedSpec  `json:"new"`     // specs that the lock does not name
	Suspect []string      `json:"suspect"` // requirements of which something else is demanded than the lock says
	Gone    []string      `json:"gone"`    // requirements that the lock has, and the file lacks or has retired
}

// LockedSpec is a spec of one requirement.
type LockedSpec struct {
	Requirement string           `json:"requirement"`
	Spec        results.Identity `json:"spec"`
}

func (s LockedSpec) String() string { return s.Requirement + ": " + specTitle(s.Spec) }

// Title names the spec by its protocol, containers and text, as far as it has them.
func (s LockedSpec) Title() string {
	title := words(s.Spec)
	if n := s.Spec.Ordinal; n > 0 {
		title += fmt.Sprintf(" (number %d of that title)", n+1)
	}
	return title
}

// specTitle names a spec in words, with the path of its suite.
func specTitle(id results.Identity) string {
	title := fmt.Sprintf("%q in %s", words(id), id.Path[0])
	if id.Ordinal > 0 {
		title += fmt.Sprintf(", number %d of that title", id.Ordinal+1)
	}
	return title
}

func words(id results.Identity) string {
	return strings.Join(slices.DeleteFunc(slices.Clone(id.Path[1:]), func(text string) bool { return text == "" }), " › ")
}

// hold compares the requirements with the lock, if there is one.
func (b *builder) hold(rows []Requirement) *Locked {
	if b.opt.Lock == nil {
		return nil
	}
	l := &Locked{
		File:    evidence.File{Name: b.opt.Lock.Name, SHA256: b.opt.Lock.SHA256},
		Missing: []LockedSpec{}, New: []LockedSpec{}, Suspect: []string{}, Gone: []string{},
	}
	for _, locked := range b.opt.Lock.Requirements {
		if r := b.known[locked.ID]; r == nil || r.Retired {
			l.Gone = append(l.Gone, locked.ID)
		}
	}
	for i := range rows {
		if r := &rows[i]; r.Verdict != Invalid {
			b.holdRequirement(l, r, b.opt.Lock.Of(r.ID))
		}
	}
	slices.SortFunc(l.Gone, natural)
	return l
}

func (b *builder) holdRequirement(l *Locked, r *Requirement, locked *lock.Requirement) {
	if locked == nil {
		locked = &lock.Requirement{Demand: b.known[r.ID].Demand()}
	}
	specs := b.findings[r.ID]
	for _, s := range specs {
		if !slices.ContainsFunc(locked.Specs, s.Identity.Equal) {
			l.New = append(l.New, LockedSpec{r.ID, s.Identity})
		}
	}
	var missing []string
	for _, id := range locked.Specs {
		if !slices.ContainsFunc(specs, func(s finding) bool { return s.Identity.Equal(id) }) {
			l.Missing = append(l.Missing, LockedSpec{r.ID, id})
			missing = append(missing, specTitle(id))
		}
	}
	if len(missing) > 0 && b.shard == "" && b.scope.outside(b.known[r.ID], r.Observe) == "" {
		r.lackSpecs("missing: " + firstOf(missing))
	}
	if locked.Demand != b.known[r.ID].Demand() {
		l.Suspect = append(l.Suspect, r.ID)
		if r.Verdict.Passed() || r.Verdict == Partial {
			r.Verdict = NotTested
			r.Reason = "suspect: something else is demanded than when its specs were accepted; look at them, then run oneline lock -only " + r.ID
		}
	}
}

// lackSpecs lowers the verdict because specs of the lock are missing.
func (r *Requirement) lackSpecs(missing string) {
	switch {
	case r.Verdict == NotTested && len(r.Specs) == 0:
		r.Reason = missing
		return
	case r.Verdict == NotObservable:
		r.Verdict, r.InScope = NotTested, true
	}
	r.lack(missing)
}

// concludeLock says how the requirements differ from the lock.
func (m *Model) concludeLock(lines *lines) {
	l := m.Lock
	if l == nil {
		lines.add("No lock: a deleted spec goes unnoticed.")
		return
	}
	missing, suspect, gone, added := len(l.Missing), len(l.Suspect), len(l.Gone), len(l.New)
	lines.addIf(missing > 0, "%s missing that %s names: %s.", plural(missing, "spec"), l.File.Name, firstOf(l.Missing))
	lines.addIf(suspect > 0, "%d suspect, because something else is demanded than in %s: %s.", suspect, l.File.Name, ranges(l.Suspect))
	lines.addIf(gone > 0, "%d gone or retired that %s has: %s.", gone, l.File.Name, ranges(l.Gone))
	lines.addIf(added > 0, "%s that %s does not name: %s.", plural(added, "spec"), l.File.Name, firstOf(l.New))
}

// NewLock makes a lock from a model that was built from the results given. It returns an
// error unless their runs were complete and can be trusted.
func NewLock(file *srs.File, given []*results.Results, m *Model) (*lock.File, error) {
	refuse := func(why string) (*lock.File, error) {
		return nil, fmt.Errorf("a lock is made of complete runs only: %s", why)
	}
	switch {
	case len(m.Problems) > 0:
		return refuse("nothing can be concluded from these: " + m.Problems[0].String())
	case m.ExitCode == ExitNothing || m.ExitCode == ExitNoTarget:
		return refuse(fmt.Sprintf("the exit code of these is %d: %s", m.ExitCode, cmp.Or(firstOf(m.Problems), m.Run.Unreachable)))
	case !m.Run.Complete:
		return refuse(cmp.Or(firstOf(m.Incomplete), "not every spec that was chosen to run did so"))
	}
	for _, s := range suitesOf(given) {
		switch name := cmp.Or(s.Path, s.Name); {
		case s.DryRun:
			return refuse("this is a dry run")
		case s.Filtered:
			return refuse("a filter or a focus left out specs of " + name)
		case s.EndUnseen:
			return refuse("the end of a test process of " + name + " was not seen")
		}
	}
	specs := make(map[string][]results.Identity) // by requirement
	for _, s := range m.Specs() {
		for _, id := range s.Requirements {
			specs[id] = append(specs[id], s.Identity)
		}
	}
	f := &lock.File{}
	for _, r := range file.Requirements {
		if !r.Retired {
			f.Requirements = append(f.Requirements, lock.Requirement{ID: r.ID, Demand: r.Demand(), Specs: specs[r.ID]})
		}
	}
	f.Sort()
	return f, nil
}

package reports

import (
	"slices"
	"strings"

	"github.com/socket-oneline/oneline/reports/srs"
)

// rollUp gives each requirement with children the worst verdict of its children and of
// its own specs, if it has any. Rows are sorted by id.
func (b *builder) rollUp(rows []Requirement) {
	b.rows, b.own, b.causes = make(map[string]*Requirement, len(rows)), map[string]Verdict{}, map[string]causes{}
	for i := range rows {
		if r := &rows[i]; r.Verdict != Invalid {
			b.rows[r.ID] = r
			r.Parents = b.known[r.ID].Parents
		}
	}
	for i := range rows {
		for _, parent := range rows[i].Parents {
			if p := b.rows[parent]; p != nil {
				p.Children = append(p.Children, rows[i].ID)
			}
		}
	}
	for i := range rows {
		if len(rows[i].Children) > 0 {
			b.rollUpTo(&rows[i])
		}
	}
}

// badness lists verdicts from the best to the worst, for requirements with children.
var badness = []Verdict{Pass, PassOutcome, NotObservable, Partial, NotTested, Fail}

// A cause is a requirement below another one, with the reason of its verdict.
type cause struct{ path, reason string }

func (c cause) String() string { return strings.TrimSuffix(c.path+": "+c.reason, ": ") }

// causes are the first maxReasons causes of a verdict, and the number of all.
type causes struct {
	first []cause
	all   int
}

func (c *causes) add(under string, more causes) {
	for _, m := range more.first {
		if len(c.first) < maxReasons {
			c.first = append(c.first, cause{strings.TrimSuffix(under+" > "+m.path, " > "), m.reason})
		}
	}
	c.all += more.all
}

func (c causes) String() string {
	return listed(c.first, c.all, maxReasons, reasonBreak)
}

// rollUpTo rolls up the requirements below r, then r, and returns what caused its
// verdict.
func (b *builder) rollUpTo(r *Requirement) causes {
	if c, visited := b.causes[r.ID]; visited {
		return c
	}
	c := causes{first: []cause{{"", r.Reason}}, all: 1}
	b.own[r.ID] = r.Verdict
	for _, id := range r.Children {
		b.rollUpTo(b.rows[id])
	}
	if len(r.Children) > 0 && b.scope.outsideLevel(r.Level) == "" {
		c = b.worstOfChildren(r, c)
	}
	b.causes[r.ID] = c
	return c
}

// worstOfChildren gives r the worst verdict of its children and its own specs, and
// returns what caused it. own are the causes of what its specs say.
func (b *builder) worstOfChildren(r *Requirement, own causes) (all causes) {
	worst := Pass
	if len(r.Specs) > 0 {
		worst = r.Verdict
	}
	for _, id := range r.Children {
		if v := b.rows[id].Verdict; slices.Index(badness, v) > slices.Index(badness, worst) {
			worst = v
		}
	}
	if !worst.Passed() {
		if len(r.Specs) > 0 && r.Verdict == worst {
			all.add("its own specs", own)
		}
		for _, id := range r.Children {
			if b.rows[id].Verdict == worst {
				all.add(id, b.causes[id])
			}
		}
	}
	if len(r.Specs) == 0 || r.Verdict != worst || !worst.Passed() {
		r.Reason = all.String()
	}
	r.Verdict, r.InScope = worst, worst != NotObservable
	return all
}

// ofChildren reports whether the verdict comes from the children alone.
func (r *Requirement) ofChildren() bool { return len(r.Children) > 0 && len(r.Specs) == 0 }

// failedAtTop returns the topmost requirements that failed because of requirements below
// them, each with the path to the first cause.
func (m *Model) failedAtTop() (failed []string) {
	for i := range m.Requirements {
		if r := &m.Requirements[i]; r.Verdict == Fail && len(r.Parents) == 0 && len(r.Children) > 0 {
			way, _, _ := strings.Cut(r.Reason, ": ")
			failed = append(failed, r.ID+", by "+way)
		}
	}
	return failed
}

// excused reports whether a requirement passed or is justified, or has children all of
// which are.
func (b *builder) excused(r *Requirement) bool {
	if r.Verdict.Passed() || r.Justification != nil {
		return true
	}
	if len(r.Children) == 0 || len(r.Specs) > 0 && !b.own[r.ID].Passed() {
		return false
	}
	return !slices.ContainsFunc(r.Children, func(id string) bool { return !b.excused(b.rows[id]) })
}

// Orphans returns the requirements without a parent where others of the same file and
// level have one.
func Orphans(file *srs.File) (ids []string) {
	type siblings struct{ file, level string }
	adopted := map[siblings]bool{}
	for _, r := range file.Requirements {
		if !r.Retired && len(r.Parents) > 0 {
			adopted[siblings{r.File, r.Level}] = true
		}
	}
	for _, r := range file.Requirements {
		if !r.Retired && len(r.Parents) == 0 && adopted[siblings{r.File, r.Level}] {
			ids = append(ids, r.ID)
		}
	}
	return ids
}

// Unverified returns the requirements that have neither a child nor a spec.
func (m *Model) Unverified() []string {
	return m.idsWhere(func(r *Requirement) bool { return len(r.Children) == 0 && len(r.Specs) == 0 })
}

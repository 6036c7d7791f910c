package reports

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/socket-oneline/oneline/reports/srs"
)

// DiffSchema is the version of the form of a difference as JSON.
const DiffSchema = "oneline-diff/1"

// Change says what became of a requirement between two runs.
type Change string

// The changes; a requirement has at most one. A requirement that a run cannot show, or
// does not know, is out of sight.
const (
	Regressed Change = "regressed" // it fails and did not, it passed and does not, or less of it is verified
	Improved  Change = "improved"  // it no longer fails, or more of it is verified
	Appeared  Change = "appeared"  // it came into sight, and does not fail
	Vanished  Change = "vanished"  // it was no pass, and is out of sight
	Changed   Change = "changed"   // it has the same verdict for other reasons, or one that is neither better nor worse
	Reworded  Change = "reworded"  // another text is demanded, so that its verdicts cannot be compared; it does not fail
	Added     Change = "added"     // the requirement file did not have it; it does not fail
	Removed   Change = "removed"   // the requirement file no longer has it
)

// Changes lists the changes, the most important first.
var Changes = []Change{Regressed, Vanished, Changed, Reworded, Removed, Added, Improved, Appeared}

// Diff is what changed from one run to another, requirement by requirement.
type Diff struct {
	Schema       string            `json:"schema"`
	ExitCode     int               `json:"exit_code"`
	Conclusion   []string          `json:"conclusion"`
	Old          DiffRun           `json:"old"`
	New          DiffRun           `json:"new"`
	Incomparable []string          `json:"incomparable"` // why the runs cannot be compared; then nothing else is said
	Notes        []string          `json:"notes"`        // what else a reader should know
	Counts       map[Change]int    `json:"counts"`
	Requirements []DiffRequirement `json:"requirements"` // those that changed, sorted by id
}

// DiffRun names a run.
type DiffRun struct {
	File string `json:"file"`
	Run  Run    `json:"run"`
}

// DiffRequirement is a requirement that changed.
type DiffRequirement struct {
	ID        string  `json:"id"`
	Desc      string  `json:"desc"`
	Change    Change  `json:"change"`
	Old       Verdict `json:"old"` // empty: not known to the run
	New       Verdict `json:"new"`
	OldReason string  `json:"old_reason"`
	NewReason string  `json:"new_reason"`
}

// Compared is a model with the name of the file that it was read from.
type Compared struct {
	File  string
	Model *Model
}

// Difference says what changed from before to after. The exit code is 1 if a
// requirement regressed, 2 if the runs cannot be compared, else 0.
func Difference(before, after Compared) *Diff {
	d := &Diff{
		Schema: DiffSchema, Old: DiffRun{before.File, before.Model.Run}, New: DiffRun{after.File, after.Model.Run},
		Incomparable: incomparable(before, after), Notes: []string{}, Counts: map[Change]int{}, Requirements: []DiffRequirement{},
	}
	if len(d.Incomparable) > 0 {
		d.ExitCode = ExitNothing
		d.Conclusion = slices.Concat([]string{"The runs cannot be compared:"}, d.Incomparable, []string{fmt.Sprintf("exit code %d", d.ExitCode)})
		return d
	}
	d.note(before, after)
	d.compare(before.Model, after.Model)
	if d.Counts[Regressed] > 0 {
		d.ExitCode = ExitFailed
	}
	d.conclude(before.Model, after.Model)
	return d
}

// incomparable says why the verdicts of two runs cannot be compared.
func incomparable(before, after Compared) []string {
	reasons := []string{}
	differ := func(what, x, y string) {
		if x != y {
			reasons = append(reasons, fmt.Sprintf("they have %s: %s in %s, %s in %s",
				what, cmp.Or(oneLine(x), "none"), before.File, cmp.Or(oneLine(y), "none"), after.File))
		}
	}
	x, y := &before.Model.Run, &after.Model.Run
	differ("different levels", x.Level, y.Level)
	was, is := binding(x), binding(y)
	either := maps.Clone(was)
	maps.Copy(either, is)
	for _, title := range slices.Sorted(maps.Keys(either)) {
		differ("a different "+title, was[title], is[title])
	}
	for _, c := range []Compared{before, after} {
		if c.Model.ExitCode == ExitNothing {
			reasons = append(reasons, fmt.Sprintf("nothing can be concluded from %s: %s", c.File, cmp.Or(firstOf(c.Model.Problems), "its exit code is 2")))
		}
	}
	return reasons
}

// binding returns the files that say what a run verifies, by title.
func binding(r *Run) map[string]string {
	files := make(map[string]string)
	for _, in := range r.Inputs {
		if in.Binding {
			files[in.Title] = strings.TrimSpace(in.Name + " " + in.SHA256)
		}
	}
	return files
}

// note states differences that do not prevent a comparison.
func (d *Diff) note(before, after Compared) {
	x, y := &d.Old.Run, &d.New.Run
	if a, b := targetText(x), targetText(y); a != b {
		d.Notes = append(d.Notes, fmt.Sprintf("the targets differ: %s, then %s", a, b))
	}
	if x.SRS.SHA256 != y.SRS.SHA256 {
		d.Notes = append(d.Notes, "the requirement files differ: what is demanded otherwise is listed, and the rest compared")
	}
	if a, b := x.Suite.Version+" "+x.Suite.Commit, y.Suite.Version+" "+y.Suite.Commit; a != b {
		d.Notes = append(d.Notes, fmt.Sprintf("the suites differ: %s, then %s", strings.TrimSpace(a), strings.TrimSpace(b)))
	}
	for _, c := range []Compared{before, after} {
		if m := c.Model; !m.Run.Complete {
			d.Notes = append(d.Notes, strings.TrimSuffix("the run of "+c.File+" is not complete: "+firstOf(m.Incomplete), ": "))
		}
	}
}

func targetText(r *Run) string {
	t := r.Target
	return cmp.Or(oneLine(t.Name), "not stated") + " (" + cmp.Or(t.Kind, "kind not stated") + ")" + prefixed(", version ", t.Version)
}

// compare finds the requirements that changed. One that a run does not know is the zero
// value there.
func (d *Diff) compare(before, after *Model) {
	old, now := before.ByID(), after.ByID()
	for _, id := range idsOf(before, after) {
		x, y := cmp.Or(old[id], &Requirement{}), cmp.Or(now[id], &Requirement{})
		if change := changeOf(x, y); change != "" {
			d.Counts[change]++
			d.Requirements = append(d.Requirements, DiffRequirement{
				ID: id, Desc: cmp.Or(y.Desc, x.Desc), Change: change,
				Old: x.Verdict, New: y.Verdict, OldReason: x.Reason, NewReason: y.Reason,
			})
		}
	}
}

// idsOf returns the ids of the requirements of several models, each once, sorted.
func idsOf(models ...*Model) []string {
	all := make(map[string]bool)
	for _, m := range models {
		for _, r := range m.Requirements {
			all[r.ID] = true
		}
	}
	return slices.SortedFunc(maps.Keys(all), natural)
}

// changeOf classifies what became of a requirement; empty if it did not change.
func changeOf(before, after *Requirement) Change {
	inFile := func(r *Requirement) bool { return r.Verdict != "" && r.Verdict != Invalid }
	fails := after.Verdict == Fail || after.Verdict == Invalid
	had, has := inFile(before), inFile(after)
	switch {
	case had && has && before.demand() != after.demand() && (!fails || before.Verdict == Fail):
		return Reworded
	case before.Verdict == "" && has && !fails:
		return Added
	case had && after.Verdict == "":
		return Removed
	}
	return cmp.Or(change(before.Verdict, after.Verdict), changeOfSpecs(before, after))
}

// demand identifies what a requirement demands.
func (r *Requirement) demand() string {
	return (&srs.Requirement{Desc: r.Desc, Tester: r.Tester, Observe: r.Observe, Level: r.Level, Parents: r.Parents}).Demand()
}

// rank orders the verdicts of what is in sight by how much is verified.
var rank = map[Verdict]int{Pass: 4, PassOutcome: 3, Partial: 2, NotTested: 1, Fail: 0, Invalid: 0}

// change classifies two verdicts; empty if they are the same.
func change(before, after Verdict) Change {
	was, had := rank[before]
	is, has := rank[after]
	switch {
	case before == after || !had && !has:
		return ""
	case has && is == rank[Fail]: // seen now, and not before
		return Regressed
	case before.Passed() && is < was, before.Passed() && !has:
		return Regressed // what passed is not to get out of sight either
	case !had:
		return Appeared
	case !has:
		return Vanished
	case is < was:
		return Regressed
	case before == Fail && after == NotTested:
		return Changed // it may fail as it did
	}
	return Improved
}

// changeOfSpecs compares what specs say of a requirement whose verdict is the
// same. It regressed if one that passed is gone, no longer passes, or verifies at
// fewer places.
func changeOfSpecs(before, after *Requirement) Change {
	now := make(map[string]*SpecResult, len(after.Specs))
	for i := range after.Specs {
		now[after.Specs[i].ID] = &after.Specs[i]
	}
	same := len(before.Specs) == len(after.Specs)
	for i := range before.Specs {
		x := &before.Specs[i]
		y := now[x.ID]
		if x.Result.Passed() && (y == nil || Severer(y.Result, x.Result) || !y.Result.Passed() || y.Places < x.Places) {
			return Regressed
		}
		same = same && y != nil && y.Result == x.Result
	}
	if same {
		return ""
	}
	return Changed
}

// conclude counts the changes.
func (d *Diff) conclude(before, after *Model) {
	first := "Nothing changed."
	if len(d.Requirements) > 0 {
		var counts []string
		for _, c := range Changes {
			if n := d.Counts[c]; n > 0 {
				counts = append(counts, fmt.Sprintf("%d %s: %s", n, c, ranges(d.ids(c))))
			}
		}
		first = strings.Join(counts, "; ") + "."
	}
	d.Conclusion = []string{first, fmt.Sprintf("%s: %d passed, %d failed. %s: %d passed, %d failed.    exit code %d",
		d.Old.File, before.Summary.Pass, before.Summary.Fail, d.New.File, after.Summary.Pass, after.Summary.Fail, d.ExitCode)}
}

func (d *Diff) ids(c Change) (ids []string) {
	for i := range d.Requirements {
		if d.Requirements[i].Change == c {
			ids = append(ids, d.Requirements[i].ID)
		}
	}
	return ids
}

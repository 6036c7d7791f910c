package reports

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/results"
	"github.com/socket-oneline/oneline/reports/srs"
)

// ComparisonForm is the version of the form of comparison.json, which
// comparison.schema.json describes. Keys are only ever added to it.
const ComparisonForm = "oneline-comparison/1"

// TargetFolder is the beginning of the names of the folders with the reports of the
// compared targets; the number of the target follows.
const TargetFolder = "target-"

// Comparison holds the verdicts of several targets side by side. Each target has its own
// model.
type Comparison struct {
	Schema       string                `json:"schema"`
	ExitCode     int                   `json:"exit_code"`  // the worst of the targets'
	Conclusion   []string              `json:"conclusion"` // the closing lines
	Targets      []ComparedTarget      `json:"targets"`    // in the order in which they were given
	Requirements []ComparedRequirement `json:"requirements"`
}

// ComparedTarget is a column of the comparison.
type ComparedTarget struct {
	Title      string   `json:"title"`  // the target's name, completed so that it is unique
	Folder     string   `json:"folder"` // of the target's own reports, beside the comparison
	ExitCode   int      `json:"exit_code"`
	Conclusion []string `json:"conclusion"`
	Run        Run      `json:"run"`
	Summary    Summary  `json:"summary"`
	Model      *Model   `json:"-"`
}

// ComparedRequirement is a row of the comparison.
type ComparedRequirement struct {
	ID       string    `json:"id"`
	Group    string    `json:"group"`
	Level    string    `json:"level,omitempty"`
	Desc     string    `json:"desc"`
	Differs  bool      `json:"differs"`  // not every target that could show it has the same verdict
	Verdicts []Verdict `json:"verdicts"` // in the order of the targets; empty: the target's results don't know the id
	Reasons  []string  `json:"reasons"`
}

// ByTarget groups results by their target, in the order of its first results. Suites
// that do not name a target belong to the only one that the others name. Results that
// were recorded by hand belong to the target of the same name. Versions and serial
// numbers do not separate targets: runs that differ in them contradict each other.
func ByTarget(given []*results.Results) [][]*results.Results {
	targets := statedTargets(suitesOf(given))
	if len(targets) < 2 {
		return [][]*results.Results{given}
	}
	var all [][]*results.Results
	at := make(map[evidence.Target]int)
	for _, r := range given {
		part := make(map[evidence.Target]*results.Results)
		for i := range r.Suites {
			t := targetOf(&r.Suites[i], targets)
			if part[t] == nil {
				if _, known := at[t]; !known {
					at[t] = len(all)
					all = append(all, nil)
				}
				part[t] = &results.Results{Name: r.Name, SHA256: r.SHA256, Format: r.Format}
				all[at[t]] = append(all[at[t]], part[t])
			}
			part[t].Suites = append(part[t].Suites, r.Suites[i])
		}
	}
	return all
}

func suitesOf(given []*results.Results) []*results.Suite {
	var all []*results.Suite
	for _, r := range given {
		for i := range r.Suites {
			all = append(all, &r.Suites[i])
		}
	}
	return all
}

// Kinds of target of what was recorded by hand: without a name and with one.
const (
	kindManual = "manual"
	kindByHand = "by hand"
)

// statedTargets returns the targets that suites name, each once.
func statedTargets(suites []*results.Suite) []evidence.Target {
	var targets []evidence.Target
	for _, byHand := range []bool{false, true} { // those that they may be about before
		for _, s := range suites {
			if byHand != (s.Run.Target.Kind == kindByHand) {
				continue
			}
			if t := targetOf(s, targets); t != (evidence.Target{}) {
				targets = results.AppendNew(targets, t)
			}
		}
	}
	return targets
}

// targetOf returns the target that a suite names, without version and serial number. For
// a suite that was recorded by hand it is one of targets, if the name is the same. It is
// the zero value if the suite names none.
func targetOf(s *results.Suite, targets []evidence.Target) evidence.Target {
	t := s.Run.Target
	t.Version, t.Serial = "", ""
	switch t.Kind {
	case "", kindManual:
		return evidence.Target{}
	case kindByHand:
		if i := slices.IndexFunc(targets, func(o evidence.Target) bool { return o.Name == t.Name }); i >= 0 {
			return targets[i]
		}
	}
	return t
}

// Compare computes the verdicts of each target separately, as [Build] does. given is
// what [ByTarget] returned.
func Compare(file *srs.File, given [][]*results.Results, opt Options) *Comparison {
	c := &Comparison{Schema: ComparisonForm, Requirements: []ComparedRequirement{}}
	for i, of := range given {
		m := Build(file, of, opt)
		c.Targets = append(c.Targets, ComparedTarget{
			Folder: fmt.Sprint(TargetFolder, i+1), ExitCode: m.ExitCode, Conclusion: m.Conclusion,
			Run: m.Run, Summary: m.Summary, Model: m,
		})
	}
	c.title()
	c.rows()
	c.ExitCode = c.worst()
	c.conclude()
	return c
}

// title gives each target a unique title.
func (c *Comparison) title() {
	for _, name := range []func(*ComparedTarget) string{
		func(t *ComparedTarget) string { return cmp.Or(oneLine(t.Run.Target.Name), "target not stated") },
		func(t *ComparedTarget) string { return t.Title + prefixed(", version ", t.Run.Target.Version) },
		func(t *ComparedTarget) string { return t.Title + prefixed(", serial number ", t.Run.Target.Serial) },
		func(t *ComparedTarget) string { return t.Title + prefixed(", run ", t.Run.ID) },
		func(t *ComparedTarget) string { return t.Title + prefixed(", ", t.Folder) },
	} {
		seen := make(map[string]int)
		for i := range c.Targets {
			seen[c.Targets[i].Title]++
		}
		for i := range c.Targets {
			if t := &c.Targets[i]; t.Title == "" || seen[t.Title] > 1 {
				t.Title = name(t)
			}
		}
	}
}

func prefixed(prefix, text string) string {
	if text == "" {
		return ""
	}
	return prefix + oneLine(text)
}

// rows adds a row for every id of any target.
func (c *Comparison) rows() {
	var models []*Model
	var byID []map[string]*Requirement
	for _, t := range c.Targets {
		models, byID = append(models, t.Model), append(byID, t.Model.ByID())
	}
	for _, id := range idsOf(models...) {
		row := ComparedRequirement{ID: id, Verdicts: make([]Verdict, len(models)), Reasons: make([]string, len(models))}
		for i := range models {
			if r := byID[i][id]; r != nil {
				row.Group, row.Level, row.Desc = r.Group, r.Level, r.Desc
				row.Verdicts[i], row.Reasons[i] = r.Verdict, r.Reason
			}
		}
		row.Differs = differ(row.Verdicts)
		c.Requirements = append(c.Requirements, row)
	}
}

// differ reports whether targets have different verdicts. NOT OBSERVABLE does not count.
func differ(verdicts []Verdict) bool {
	var different []Verdict
	for _, v := range verdicts {
		if v != NotObservable && v != "" {
			different = results.AppendNew(different, v)
		}
	}
	return len(different) > 1
}

// precedence lists the exit codes, the one that prevails first.
var precedence = []int{ExitNothing, ExitNoTarget, ExitFailed, ExitIncomplete, ExitPassed}

// worst returns the exit code that prevails.
func (c *Comparison) worst() int {
	for _, code := range precedence {
		if slices.ContainsFunc(c.Targets, func(t ComparedTarget) bool { return t.ExitCode == code }) {
			return code
		}
	}
	return ExitNothing
}

// conclude says which requirements have different verdicts.
func (c *Comparison) conclude() {
	var ids []string
	for i := range c.Requirements {
		if c.Requirements[i].Differs {
			ids = append(ids, c.Requirements[i].ID)
		}
	}
	different := "no requirement has different ones."
	if len(ids) > 0 {
		different = fmt.Sprintf("%s different ones: %s.", subject(len(ids), "requirement has", "requirements have"), ranges(ids))
	}
	c.Conclusion = []string{
		fmt.Sprintf("%d targets compared, each with its own verdicts: %s", len(c.Targets), different),
		fmt.Sprintf("exit code %d, the worst of theirs", c.ExitCode),
	}
}

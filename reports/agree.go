package reports

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/folder"
	"github.com/socket-oneline/oneline/reports/results"
	"github.com/socket-oneline/oneline/reports/srs"
)

// RunRow is one of several runs that a report takes together.
type RunRow struct {
	Name    string            `json:"name"`             // of its folder or file
	SHA256  string            `json:"sha256,omitempty"` // of its run.json; empty: there is none
	Type    string            `json:"type"`
	ID      string            `json:"id,omitempty"`
	Started time.Time         `json:"started"`
	Tester  string            `json:"tester,omitempty"`
	Target  string            `json:"target,omitempty"`
	Facts   map[string]string `json:"facts"` // what must be the same in all of them; what is not known is not in it
}

// Facts are what runs that are taken together must have in common.
var Facts = []string{"commit", "tree", "type", "requirements", "lock", "target version", "target serial"}

// changedTree is the tree of a run with uncommitted changes, which may hold any code.
const changedTree = "with uncommitted changes"

// agree finds how runs differ, and returns them if there are several.
func (b *builder) agree() []RunRow {
	rows := b.runRows()
	if len(rows) < 2 {
		return nil
	}
	if facts := Differing(rows); len(facts) > 0 && b.opt.Mixed {
		b.notes = append(b.notes, "the runs differ in their "+strings.Join(facts, ", "))
	} else if len(facts) > 0 {
		b.refuse("the runs differ in their %s: report on each alone, or on all of them with -mixed", strings.Join(facts, ", "))
	}
	unknown := slices.DeleteFunc(slices.Clone(Facts), func(fact string) bool {
		return !slices.ContainsFunc(rows, func(r RunRow) bool { return r.Facts[fact] == "" })
	})
	if severalNames(rows) && len(unknown) > 0 {
		b.notes = append(b.notes, "not known of every run, and taken to be the same: "+strings.Join(unknown, ", "))
	}
	return rows
}

// Differing returns the facts in which runs differ, as far as they are known. A tree with
// uncommitted changes differs from every other.
func Differing(rows []RunRow) []string {
	return slices.DeleteFunc(slices.Clone(Facts), func(fact string) bool {
		var values []string
		for _, r := range rows {
			if v := r.Facts[fact]; v != "" && !slices.Contains(values, v) {
				values = append(values, v)
			}
		}
		return len(values) < 2 && !(severalNames(rows) && slices.Contains(values, changedTree))
	})
}

// severalNames reports whether the rows are of several folders or files.
func severalNames(rows []RunRow) bool {
	return slices.ContainsFunc(rows, func(r RunRow) bool { return r.Name != rows[0].Name })
}

// runRows lists the runs of all suites, and of sources without one.
func (b *builder) runRows() (rows []RunRow) {
	add := func(name string, source *Source, r *evidence.Run, manual bool) {
		row := RunRow{Name: name, Type: r.Type, ID: r.ID, Started: r.Started, Tester: r.Tester, Target: r.Target.Name}
		row.Facts = map[string]string{"target version": r.Target.Version, "target serial": r.Target.Serial}
		if source != nil {
			row.Name, row.SHA256 = source.Name, source.SHA256
		}
		if !manual {
			row.Facts["commit"], row.Facts["type"], row.Facts["requirements"] = r.Suite.Commit, r.Type, r.SRS.SHA256
			if r.Demands != nil {
				row.Facts["requirements"] = srs.DemandOf(r.Demands)
			}
			if r.Suite.Modified != nil {
				row.Facts["tree"] = map[bool]string{false: "clean", true: changedTree}[*r.Suite.Modified]
			}
			if source != nil {
				if lock := source.Manifest.Input(folder.Lock); lock != nil {
					row.Facts["lock"] = lock.SHA256
				}
			}
		}
		maps.DeleteFunc(row.Facts, func(_, value string) bool { return value == "" })
		if !slices.ContainsFunc(rows, func(other RunRow) bool { return other.Name == row.Name && maps.Equal(other.Facts, row.Facts) }) {
			rows = append(rows, row)
		}
	}
	for i := range b.opt.Sources {
		if s := &b.opt.Sources[i]; len(suitesOf(s.Results)) == 0 {
			add(s.Name, s, &s.suite.Run, false)
		}
	}
	for _, s := range b.suites {
		of := b.origin[s]
		add(of.Name, b.sourceOf(of), &s.Run, s.Manual() || s.Run.Target.Kind == kindManual || s.Run.Target.Kind == kindByHand)
	}
	return rows
}

// sourceOf returns the run whose run.json vouches for results, or nil.
func (b *builder) sourceOf(r *results.Results) *Source {
	for i := range b.opt.Sources {
		s := &b.opt.Sources[i]
		if slices.ContainsFunc(s.Results, func(own *results.Results) bool { return own.Name == r.Name && own.SHA256 == r.SHA256 }) {
			return s
		}
	}
	return nil
}

// ownType ignores the type that a suite gives its run: only the tool may choose it, and
// records it in run.json.
func (b *builder) ownType(r *results.Results, s *results.Suite) {
	switch t := s.Run.Type; {
	case t == "" || t == "dev" || t == "dryrun" && s.DryRun || b.opt.Manifest != nil && len(b.opt.Sources) == 0, b.sourceOf(r) != nil:
	case t == "dryrun" || t == "formal":
		b.notes = append(b.notes, fmt.Sprintf("the type %s was set by hand in %s: it is ignored, as no run.json vouches for it", t, r.Name))
		s.Run.Type = "dev"
	default:
		b.problem(s, "", "%q is not a type of run: remove it, the tool sets the type", t)
	}
}

// shards finds missing shards. If the only source is a shard, it is returned as alone:
// then there is no verdict, since other shards may carry out what this one leaves out.
func (b *builder) shards() (alone string) {
	divided := make(map[int][]int) // shards, by how many there are
	for _, s := range b.opt.Sources {
		if i, n, ok := ParseShard(s.Manifest.Shard); ok {
			divided[n] = append(divided[n], i)
		} else if s.Manifest.Shard != "" {
			b.refuse("%s is no shard: run.json of %s was altered", shownID(s.Manifest.Shard), s.Name)
		}
	}
	switch {
	case len(divided) == 0:
		return ""
	case len(b.opt.Sources) == 1 && len(b.suites) == len(suitesOf(b.opt.Sources[0].Results)):
		return b.opt.Sources[0].Manifest.Shard
	case len(divided) > 1:
		b.refuse("these are shards of runs that were divided differently, into %s: report on those of one run", joined(slices.Sorted(maps.Keys(divided))))
	}
	for n, have := range divided {
		var missing []int
		for i := 1; i <= n; i++ {
			if !slices.Contains(have, i) {
				missing = append(missing, i)
			}
		}
		if len(missing) > 0 {
			b.missingShards = fmt.Sprintf("shard %s of %d is missing", joined(missing), n)
		}
	}
	return ""
}

const maxShards = 10_000

// ParseShard parses I/N, the I-th of N shards.
func ParseShard(text string) (i, n int, ok bool) {
	first, second, _ := strings.Cut(text, "/")
	i, _ = strconv.Atoi(first)
	n, _ = strconv.Atoi(second)
	return i, n, text == fmt.Sprintf("%d/%d", i, n) && 1 <= i && i <= n && n <= maxShards
}

// Package mutation holds what mutation testing found: which changes of the code the
// specs of each requirement would notice.
package mutation

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/socket-oneline/oneline/reports/justification"
)

// Schema is the form of mutation.json.
const Schema = "oneline-mutation/1"

// Report is what was found. Written as JSON, it is mutation.json.
type Report struct {
	Schema  string `json:"schema"`
	Command string `json:"command"`

	Total        Total         `json:"total"`
	Requirements []Requirement `json:"requirements"` // those with the lowest score first
	Mutants      []Mutant      `json:"mutants"`      // those that were decided

	Seed    int64    `json:"seed"`               // of the order, where only a sample was taken
	LeftOut int      `json:"left_out,omitempty"` // mutants outside of the sample, or for which there was no time
	Unable  []string `json:"unable,omitempty"`   // tests that do not pass alone, and were left out
	Stale   []string `json:"stale,omitempty"`    // justifications that no longer fit

	Interrupted bool `json:"interrupted,omitempty"` // those left out were to be tested
}

// Total counts mutants over all requirements.
type Total struct {
	Made      int      `json:"made"`     // in the packages
	Executed  int      `json:"executed"` // of those that were decided, by a test of some requirement
	Noticed   int      `json:"noticed"`  // by at least one requirement
	Broke     int      `json:"broke"`    // noticed by none, but some test crashed, hung or was blocked
	Survived  int      `json:"survived"`
	Justified int      `json:"justified"` // of those that survived
	Score     *float64 `json:"score"`     // as that of a requirement
}

// Requirement is what the specs of one requirement noticed.
type Requirement struct {
	ID        string `json:"id"`
	Mutants   int    `json:"mutants"` // that its specs execute
	Noticed   int    `json:"noticed"` // a verification of the requirement failed
	Broke     int    `json:"broke"`   // its specs only crashed, hung or were blocked
	Survived  int    `json:"survived"`
	Justified int    `json:"justified"` // of those that survived
	// Score is Noticed in percent of what was noticed and what survived without a
	// justification; null where there is neither. It is 0 where the specs execute
	// nothing that could be mutated.
	Score *float64 `json:"score"`
}

// Mutant is a change of the code, with what became of it.
type Mutant struct {
	File       string   `json:"file"`
	Line       int      `json:"line"`
	Function   string   `json:"function"`
	Operator   string   `json:"operator"`
	Diff       string   `json:"diff"`
	ExecutedBy []string `json:"executed_by"` // requirements
	NoticedBy  []string `json:"noticed_by"`
	BrokeBy    []string `json:"broke_by,omitempty"`
	Justified  string   `json:"justified,omitempty"` // why it may survive
}

// Survived reports whether a mutant was executed, and nothing came of it.
func (m *Mutant) Survived() bool {
	return len(m.ExecutedBy) > 0 && len(m.NoticedBy) == 0 && len(m.BrokeBy) == 0
}

// Justify marks the survivors that are justified, and lists the justifications that
// no longer fit. Of a sample, nobody can say that a justification is stale.
func (r *Report) Justify(all []justification.Survivor) {
	for _, j := range all {
		var survivors []*Mutant
		for i := range r.Mutants {
			if m := &r.Mutants[i]; m.Survived() && m.File == j.File && m.Function == j.Function && m.Operator == j.Operator {
				survivors = append(survivors, m)
			}
		}
		name := fmt.Sprintf("%s: %s: %s", j.File, j.Function, j.Operator)
		switch n := len(survivors); {
		case n > j.Mutants:
			r.Stale = append(r.Stale, fmt.Sprintf("%s: %d justified, but %d survived", name, j.Mutants, n))
			continue
		case n < j.Mutants && r.LeftOut == 0:
			r.Stale = append(r.Stale, fmt.Sprintf("%s: %d justified, and %d survived", name, j.Mutants, n))
		}
		for _, m := range survivors {
			m.Justified = j.Signed()
		}
	}
}

// Count computes all counts and scores of the requirements given. whole says that no
// part of the code was left out on purpose, so that a requirement which executes
// nothing has the score 0.
func (r *Report) Count(ids []string, made int, whole bool) {
	t := r.requirement("")
	r.Total = Total{made, t.Mutants, t.Noticed, t.Broke, t.Survived, t.Justified, t.Score}
	r.Requirements = nil
	for _, id := range ids {
		q := r.requirement(id)
		if q.Mutants == 0 && whole && r.LeftOut == 0 {
			q.Score = new(float64)
		}
		r.Requirements = append(r.Requirements, q)
	}
	slices.SortStableFunc(r.Requirements, func(a, b Requirement) int {
		return cmp.Or(cmp.Compare(rank(a.Score), rank(b.Score)), cmp.Compare(b.Survived-b.Justified, a.Survived-a.Justified))
	})
}

// requirement counts the mutants of a requirement; without an id, those of any.
func (r *Report) requirement(id string) Requirement {
	q := Requirement{ID: id}
	of := func(ids []string) bool { return slices.Contains(ids, id) || id == "" && len(ids) > 0 }
	for i := range r.Mutants {
		m := &r.Mutants[i]
		if !of(m.ExecutedBy) {
			continue
		}
		q.Mutants++
		switch {
		case of(m.NoticedBy):
			q.Noticed++
		case of(m.BrokeBy):
			q.Broke++
		default:
			q.Survived++
			if m.Justified != "" {
				q.Justified++
			}
		}
	}
	q.Score = score(q.Noticed, q.Survived-q.Justified)
	return q
}

// score is in percent, with one decimal, rounded down so that 100 means all.
func score(noticed, survived int) *float64 {
	if noticed+survived == 0 {
		return nil
	}
	s := math.Floor(1000*float64(noticed)/float64(noticed+survived)) / 10
	return &s
}

func rank(score *float64) float64 {
	if score == nil {
		return 101
	}
	return *score
}

// Survivors lists the mutants that nobody noticed and nothing justifies, those first
// that most requirements execute.
func (r *Report) Survivors() []*Mutant {
	var all []*Mutant
	for i := range r.Mutants {
		if m := &r.Mutants[i]; m.Survived() && m.Justified == "" {
			all = append(all, m)
		}
	}
	slices.SortStableFunc(all, func(a, b *Mutant) int { return cmp.Compare(len(b.ExecutedBy), len(a.ExecutedBy)) })
	return all
}

// Below lists the requirements whose score is lower than the least one: that of its
// own in least, or else the one for all.
func (r *Report) Below(all float64, least map[string]float64) []string {
	var below []string
	for _, q := range r.Requirements {
		limit, ok := least[q.ID]
		if !ok {
			limit = all
		}
		if q.Score != nil && *q.Score < limit {
			below = append(below, fmt.Sprintf("%s: %s, at least %.4g is asked for", q.ID, Percent(q.Score), limit))
		}
	}
	return below
}

// Percent writes a score.
func Percent(score *float64) string {
	if score == nil {
		return "-"
	}
	return fmt.Sprintf("%.1f %%", *score)
}

// Read reads a mutation.json.
func Read(name string, from io.Reader) (*Report, error) {
	r := new(Report)
	if err := json.NewDecoder(from).Decode(r); err != nil {
		return nil, fmt.Errorf("%s: no mutation.json: %w", name, err)
	}
	if r.Schema != Schema {
		return nil, fmt.Errorf("%s: the file is of the form %q, and only %q can be read", name, r.Schema, Schema)
	}
	return r, nil
}

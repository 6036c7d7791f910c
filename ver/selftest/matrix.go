package selftest

import (
	"slices"
	"strings"
	"time"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/srs"
	"github.com/socket-oneline/oneline/ver/faulty"
)

// Schema is the version of the form of kill-matrix.json. Keys are only ever
// added to it.
const Schema = "oneline-kill-matrix/1"

// enough is how many faults must fail a requirement before it is held to be
// verified.
const enough = 3

// Matrix is the kill matrix: which faults the suite catches, by requirement. It
// is the same for every run, but for About.
type Matrix struct {
	Schema       string        `json:"schema"`
	ExitCode     int           `json:"exit_code"`
	Run          About         `json:"run"`
	SRS          evidence.File `json:"srs"`
	Summary      Summary       `json:"summary"`
	Requirements []Row         `json:"requirements"` // sorted by id, without the retired ones
	Members      []Result      `json:"members"`      // faults, nulls, variants; within a kind sorted by name
	LeftOut      []string      `json:"left_out"`     // the members that were not asked for, sorted
}

// About is what differs from run to run.
type About struct {
	Started time.Time          `json:"started"`
	Ended   time.Time          `json:"ended"`
	Machine string             `json:"machine"`
	Go      string             `json:"go"`
	OS      string             `json:"os"`
	Suite   evidence.Suite     `json:"suite"`
	Repeat  string             `json:"repeat"`
	Seconds map[string]float64 `json:"seconds"` // by member
}

// Summary counts members, but for Thin.
type Summary struct {
	Members  int `json:"members"`
	Faults   int `json:"faults"`
	Killed   int `json:"killed"`   // faults all of whose requirements failed
	Survived int `json:"survived"` // faults that a requirement let pass
	Blamed   int `json:"blamed"`   // faults and variants for which another requirement failed
	Nulls    int `json:"nulls"`
	Unearned int `json:"unearned"` // nulls that passed what they do not meet
	Variants int `json:"variants"`
	Missed   int `json:"missed"`  // variants for which something in scope was not verified
	Defects  int `json:"defects"` // members whose run went wrong, or took too long
	Thin     int `json:"thin"`    // requirements that fewer than three faults fail
}

// Row is a requirement, and the faults that have to do with it, sorted by name.
type Row struct {
	ID       string   `json:"id"`
	Group    string   `json:"group"`
	Observe  []string `json:"observe"`
	Desc     string   `json:"desc"`
	Killed   []string `json:"killed"`   // the faults that it fails, as it should
	Survived []string `json:"survived"` // those that it should fail, and does not
	Blamed   []string `json:"blamed"`   // those that it fails, and should not
	Thin     bool     `json:"thin"`     // fewer than three are killed, and none was left out
}

// build makes the matrix of the results.
func build(file *srs.File, results []Result, leftOut []string) *Matrix {
	m := &Matrix{
		Schema: Schema, SRS: evidence.File{Name: file.Name, SHA256: file.SHA256},
		Members: slices.SortedFunc(slices.Values(results), byKind), LeftOut: sorted(leftOut),
	}
	for _, q := range file.Requirements {
		if !q.Retired {
			m.Requirements = append(m.Requirements, m.row(q))
		}
	}
	slices.SortFunc(m.Requirements, func(a, b Row) int { return strings.Compare(a.ID, b.ID) })
	m.count()
	m.ExitCode = m.exitCode()
	return m
}

func (m *Matrix) row(q srs.Requirement) Row {
	row := Row{ID: q.ID, Group: q.Group, Observe: sorted(q.Observe), Desc: q.Desc, Killed: []string{}, Survived: []string{}, Blamed: []string{}}
	for _, r := range m.Members {
		switch r.outcomeFor(q.ID) {
		case survived:
			row.Survived = append(row.Survived, r.Name)
		case blamed:
			row.Blamed = append(row.Blamed, r.Name)
		case killed:
			row.Killed = append(row.Killed, r.Name)
		}
	}
	row.Thin = len(row.Killed) < enough && len(m.LeftOut) == 0
	return row
}

func (m *Matrix) count() {
	s := &m.Summary
	one := func(counter *int, when bool) {
		if when {
			*counter++
		}
	}
	for _, r := range m.Members {
		s.Members++
		one(&s.Faults, r.Kind == faulty.Fault)
		one(&s.Nulls, r.Kind == faulty.Null)
		one(&s.Variants, r.Kind == faulty.Variant)
		one(&s.Survived, len(r.Survived) > 0)
		one(&s.Blamed, len(r.Blamed) > 0)
		one(&s.Unearned, len(r.Unearned) > 0)
		one(&s.Missed, len(r.Missed) > 0)
		one(&s.Defects, len(r.Defects) > 0)
	}
	s.Killed = s.Faults - s.Survived
	for _, row := range m.Requirements {
		one(&s.Thin, row.Thin)
	}
}

// exitCode is 2 where a run of a member concluded nothing, 1 where a member or a
// requirement is not as it should be, else 0.
func (m *Matrix) exitCode() int {
	code := reports.ExitPassed
	for _, r := range m.Members {
		if r.ExitCode == reports.ExitNothing {
			return reports.ExitNothing
		}
		if !r.OK {
			code = reports.ExitFailed
		}
	}
	if m.Summary.Thin > 0 {
		code = reports.ExitFailed
	}
	return code
}

// byKind orders members: faults, nulls, variants, by name.
func byKind(a, b Result) int {
	if a.Kind != b.Kind {
		return strings.Compare(string(a.Kind), string(b.Kind))
	}
	return strings.Compare(a.Name, b.Name)
}

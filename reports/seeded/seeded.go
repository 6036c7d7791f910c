// Package seeded holds faults of evidence: results that were lost, altered or
// forged on their way to a report, each with the verdicts and the exit code that
// must come of it, and why. It does for the step from evidence to verdict what
// package faulty does for the suite.
package seeded

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/lock"
	"github.com/socket-oneline/oneline/reports/read"
	"github.com/socket-oneline/oneline/reports/srs"
)

// Fault is one fault of evidence.
type Fault struct {
	Format string // what was damaged: "junit", "gotest", ...
	Name   string // what was done to it
	Why    string // why it must be judged so

	Files   []File // of the run
	End     read.End
	Options reports.Options
	SRS     string // the requirements; empty: A and B, and C, which is retired
	Lock    string // the lock; empty: there is none

	Verdicts map[string]reports.Verdict // by requirement id
	Code     int
	Says     string // what a problem, a reason or a note must contain; empty: nothing in particular
}

// File is a file of a run.
type File struct{ Name, Text string }

// requirements are those of most faults.
const requirements = `{
	"A": {"tester": "auto", "group": "g", "desc": "The lamp shall burn."},
	"B": {"tester": "auto", "group": "g", "desc": "The lamp shall blink."},
	"C": {"tester": "auto", "group": "g", "desc": "The lamp shall hum.", "retired": true}
}`

// All returns every fault. Those of one format stand together, and the first of
// them is no fault: it is what the others were made from.
func All() []Fault {
	return slices.Concat(ginkgoFaults(), processFaults(), junitFaults(), streamFaults(), joinFaults())
}

// Check judges the evidence. Its error says what differs from what must be.
func (f *Fault) Check() error {
	m, err := f.judge()
	if err != nil { // the evidence is refused
		return errors.Join(differs("exit code", f.Code, reports.ExitNothing), f.says(err.Error()))
	}
	all := []error{differs("exit code", f.Code, m.ExitCode)}
	said := append(append([]string{}, m.Conclusion...), m.Run.Notes...)
	for _, p := range append(append([]reports.Problem{}, m.Problems...), m.Incomplete...) {
		said = append(said, p.String())
	}
	verdicts := make(map[string]reports.Verdict)
	for _, r := range m.Requirements {
		verdicts[r.ID] = r.Verdict
		said = append(said, r.Reason)
		for _, s := range r.Specs {
			said = append(said, s.Reason)
		}
	}
	for id, want := range f.Verdicts {
		all = append(all, differs("verdict of "+id, want, cmp.Or(verdicts[id], "none")))
	}
	return errors.Join(append(all, f.says(strings.Join(said, "\n")))...)
}

func (f *Fault) judge() (*reports.Model, error) {
	file, err := srs.Parse("srs.json", []byte(cmp.Or(f.SRS, requirements)))
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "oneline-seeded")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	var paths []string
	for _, file := range f.Files {
		path := filepath.Join(dir, file.Name)
		if err := os.WriteFile(path, []byte(file.Text), 0o600); err != nil {
			return nil, err
		}
		paths = append(paths, path)
	}
	given, err := read.Options{}.Run(paths, f.End)
	if err != nil {
		return nil, err
	}
	if f.Lock != "" {
		if f.Options.Lock, err = lock.Parse("srs.lock", []byte(f.Lock)); err != nil {
			return nil, err
		}
	}
	return reports.Build(file, given, f.Options), nil
}

// change is a fault that a change of sound evidence makes.
type change struct {
	name, why string
	edits     []string        // pairs of what is replaced in its only file, and by what
	a, b      reports.Verdict // of the requirements; empty: the evidence is refused
	code      int
	says      string
}

// changed returns a fault for each change of sound evidence.
func (f Fault) changed(changes []change) []Fault {
	all := make([]Fault, len(changes))
	for i, c := range changes {
		all[i] = f.judged(c.name, c.why, c.a, c.b, c.code, c.says)
		all[i].Files = []File{{f.Files[0].Name, edited(f.Files[0].Text, c.edits...)}}
	}
	return all
}

// judged returns a copy of the fault, and how it must be judged. Without verdicts it is
// refused.
func (f Fault) judged(name, why string, a, b reports.Verdict, code int, says string) Fault {
	f.Name, f.Why, f.Code, f.Says = name, why, code, says
	if a != "" {
		f.Verdicts = verdicts(a, b)
	}
	return f
}

func (f *Fault) says(text string) error {
	if strings.Contains(text, f.Says) {
		return nil
	}
	return fmt.Errorf("nothing says %q, but there is: %s", f.Says, text)
}

func differs[T comparable](what string, want, got T) error {
	if want == got {
		return nil
	}
	return fmt.Errorf("%s: %v, not %v", what, got, want)
}

// verdicts are those of A and B.
func verdicts(a, b reports.Verdict) map[string]reports.Verdict {
	return map[string]reports.Verdict{"A": a, "B": b}
}

// edited replaces parts of a text once, each of which must stand in it: pairs are old
// and new ones.
func edited(text string, pairs ...string) string {
	for i := 0; i+1 < len(pairs); i += 2 {
		if !strings.Contains(text, pairs[i]) {
			panic("seeded: " + pairs[i] + " is not in the evidence that is to be damaged")
		}
		text = strings.Replace(text, pairs[i], pairs[i+1], 1)
	}
	return text
}

// Package process reads the files that test processes write under ONELINE_EVIDENCE (see
// [evidence.Record]). If a process crashed, its file has no closing record, and the spec
// that was running has no end.
package process

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	jsonv1 "github.com/go-json-experiment/json/v1"

	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/results"
)

// Is reports whether data begins as a process file does.
func Is(data []byte) bool {
	return bytes.HasPrefix(data, []byte(`{"schema":"oneline-process/`))
}

// File is the content of a process file. Its suite does not report crashes, because only
// callers know whether the process was ended on purpose; see [File.Crashed].
type File struct {
	Process evidence.Process
	Closed  bool // it has a closing record
	Results *results.Results
	Suite   *results.Suite // the only one of Results
}

// Parse reads a process file. name is the file's, for messages. The error is one line with
// the file, the line in it and what to do. An incomplete last line is ignored: the process
// was killed while it wrote.
func Parse(name string, data []byte) (*File, error) {
	var f file
	n := 0
	for line := range bytes.Lines(data) {
		if n++; !bytes.HasSuffix(line, []byte("\n")) {
			break
		}
		if err := f.add(line); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, n, err)
		}
	}
	if f.open == nil {
		return nil, fmt.Errorf("%s:1: the file has no opening record: its process ended at once; repeat the run", name)
	}
	r := &results.Results{Name: name, Format: "process", Suites: []results.Suite{f.suite()}}
	return &File{Process: *f.open, Closed: f.close != nil, Results: r, Suite: &r.Suites[0]}, nil
}

// Crashed returns what crashed, for a process that nobody ended on purpose. The first
// process of a Ginkgo suite closes the files of all, and the file of plain Go tests may
// stay open.
func (f *File) Crashed() []results.Problem {
	var all []results.Problem
	for i := range f.Suite.Specs {
		if s := &f.Suite.Specs[i]; s.State == results.Crashed {
			all = append(all, results.Problem{Place: s.Location, Text: fmt.Sprintf(
				"the spec %q began and did not end: the process of %s crashed, was killed or called os.Exit", s.Title, f.Process.Package)})
		}
	}
	if len(all) == 0 && !f.Closed && f.Process.FrontEnd == evidence.Ginkgo && f.Process.Proc <= 1 {
		all = append(all, Unclosed(f.Process.Package))
	}
	return all
}

// Unclosed returns the problem of a Ginkgo process that ended outside of specs and before
// its suite did.
func Unclosed(pkg string) results.Problem {
	return results.Problem{Text: fmt.Sprintf("the process of %s ended outside of its specs and before its suite did: it crashed, was killed or called os.Exit", pkg)}
}

// file is what a process file says.
type file struct {
	open   *evidence.Process
	specs  []*spec // by number, from 1
	run    evidence.Run
	faults []string
	close  *evidence.Close
}

type spec struct {
	begin    evidence.Spec
	attempts []evidence.Spec
	end      *evidence.End
}

// add adds a line.
func (f *file) add(line []byte) error {
	var r evidence.Record
	err := json.Unmarshal(line, &r, jsonv1.FormatDurationAsNano(true))
	switch {
	case f.open == nil && r.Schema != evidence.ProcessSchema:
		return fmt.Errorf("the file is of the form %q, and only %q can be read: use the release of oneline that fits the suite", r.Schema, evidence.ProcessSchema)
	case err != nil:
		return fmt.Errorf("the evidence is broken (%s): repeat the run", results.Mistake(err))
	case f.close != nil && r.Number > 0:
		return errors.New("evidence stands after the closing record: the file was altered; repeat the run")
	case f.open == nil && r.Open == nil, f.open != nil && r.Open != nil:
		return errors.New("the opening record stands elsewhere than in the first line: the file was altered; repeat the run")
	case r.Open != nil:
		f.open = r.Open
	case r.Run != nil:
		f.run = *r.Run
		return results.CheckTimes(r.Run.Started, r.Run.Ended)
	case r.Fault != "":
		f.faults = append(f.faults, r.Fault)
	case r.Close != nil:
		f.close = r.Close
		if r.Close.Specs != len(f.specs) {
			return fmt.Errorf("the process recorded %d specs, and the file holds %d: it was altered; repeat the run", r.Close.Specs, len(f.specs))
		}
		return results.CheckTimes(f.open.Started, r.Close.At)
	default:
		return f.ofSpec(&r)
	}
	return nil
}

// ofSpec adds a line about a spec.
func (f *file) ofSpec(r *evidence.Record) error {
	switch {
	case r.Begin != nil && r.Number == len(f.specs)+1:
		f.specs = append(f.specs, &spec{begin: *r.Begin})
		return nil
	case r.Number < 1 || r.Number > len(f.specs) || r.Begin == nil && r.Spec == nil && r.End == nil:
		return errors.New("the line is about no spec that has begun: the file was altered; repeat the run")
	}
	s := f.specs[r.Number-1]
	switch e := r.Spec; {
	case r.Begin != nil:
		s.begin = *r.Begin
	case e != nil && e.Title != s.begin.Title:
		return fmt.Errorf("the evidence of the spec %q is that of another spec, %q: the file was altered; repeat the run", s.begin.Title, e.Title)
	case e != nil && slices.ContainsFunc(s.attempts, func(earlier evidence.Spec) bool { return takesBack(&earlier, e) }):
		return fmt.Errorf("the spec %q takes back what it had recorded: the file was altered; repeat the run", s.begin.Title)
	case e != nil: // the last of an attempt counts
		s.attempts = slices.DeleteFunc(s.attempts, func(earlier evidence.Spec) bool { return earlier.Attempt == e.Attempt })
		s.attempts = append(s.attempts, *e)
		return results.CheckSpec(e)
	case r.End.Seconds < 0 || r.End.Attempts < 0 || !slices.Contains(results.States, results.State(r.End.State)):
		return fmt.Errorf("the spec %q has no end that is possible: the file was altered; repeat the run", s.begin.Title)
	case s.end != nil && results.State(r.End.State).Badness() < results.State(s.end.State).Badness():
		return fmt.Errorf("the spec %q takes back that it %s: the file was altered; repeat the run", s.begin.Title, s.end.State)
	default:
		s.end = r.End
	}
	return nil
}

// takesBack reports whether evidence lacks something that earlier evidence of the same
// attempt holds.
func takesBack(earlier, now *evidence.Spec) bool {
	if earlier.Attempt != now.Attempt {
		return false
	}
	missing := func(id string) bool { return !slices.Contains(now.Requirements, id) }
	if slices.ContainsFunc(earlier.Requirements, missing) || len(now.Verifications) < len(earlier.Verifications) {
		return true
	}
	for i := range earlier.Verifications {
		if !earlier.Verifications[i].Passed && now.Verifications[i].Passed {
			return true
		}
	}
	return false
}

func (f *file) suite() results.Suite {
	s := results.Suite{
		Path: f.open.Package, Name: cmp.Or(f.open.Suite, f.open.Package), Run: f.run,
		DryRun: f.open.DryRun, Group: f.open.Group,
		EndUnseen: f.close == nil, Complete: f.close != nil, Filtered: f.close != nil && f.close.Filtered,
	}
	s.Run.Schema = evidence.Schema
	switch hand := s.Run.Type; hand {
	case "", "dev":
	case "formal", "dryrun":
		s.Note("the run type %s that the suite of %s sets is ignored: oneline sets it", hand, f.open.Package)
	default:
		s.Refuse("", "the suite of %s sets the run type %q, which is unknown: leave it to oneline", f.open.Package, hand)
	}
	s.Run.Type = "dev"
	s.Run.Go, s.Run.OS = cmp.Or(s.Run.Go, f.open.Go), cmp.Or(s.Run.OS, f.open.OS)
	s.Run.Suite.Package = cmp.Or(s.Run.Suite.Package, f.open.Package)
	if s.Run.Started.IsZero() {
		s.Run.Started = f.open.Started
	}
	if s.Run.Ended.IsZero() && f.close != nil {
		s.Run.Ended = f.close.At
	}
	for _, one := range f.specs {
		spec := one.result(f.open.Package)
		s.Complete = s.Complete && spec.State != results.Crashed
		s.Specs = append(s.Specs, spec)
	}
	if f.open.FrontEnd == evidence.GoTest {
		s.Specs = repeated(s.Specs)
	}
	results.Number(s.Specs)
	for _, fault := range f.faults {
		place, text, _ := strings.Cut(fault, ": ")
		s.Refuse(place, "%s", text)
	}
	return s
}

// result returns the spec with its outcome.
func (s *spec) result(suite string) results.Spec {
	known := s.begin
	if len(s.attempts) > 0 {
		known = s.attempts[len(s.attempts)-1]
	}
	r := results.Spec{
		Title: known.Title, Location: known.Location, Protocol: known.Protocol,
		Containers:   results.Inner(known.Protocol, known.Containers),
		Requirements: known.Requirements, Observe: known.Observe,
		Grade: results.Verified, State: results.Crashed,
		Attempts: max(1, known.Attempt), Manual: known.Manual,
		Attempted: s.attempts,
	}
	if known.Protocol.ID != "" {
		r.Protocols = []string{known.Protocol.ID}
	}
	if e := s.end; e != nil {
		r.State, r.Attempts, r.Repeated = results.State(e.State), e.Attempts, e.Repeated
		r.Failure, r.FailureAt, r.FailedIn, r.Cleanup = e.Failure, e.FailureAt, e.FailedIn, e.Cleanup
		r.SuiteTimeUp, r.Seconds = e.TimeUp, e.Seconds
		r.ProtocolAt = e.ProtocolAt
		if len(e.Protocols) > 0 {
			r.Protocols = e.Protocols
		}
	} else {
		r.Failure = "its process ended before it did"
	}
	r.Identity = results.NewIdentity(suite, r.Protocol, r.Containers, r.Title)
	return r
}

// repeated merges the runs of each test, of which go test -count makes several. The worst
// counts.
func repeated(specs []results.Spec) []results.Spec {
	var all []results.Spec
	first := make(map[string]int)
	for _, s := range specs {
		at, known := first[s.Identity.Key()]
		if !known {
			first[s.Identity.Key()], all = len(all), append(all, s)
			continue
		}
		into := &all[at]
		if s.State == results.Crashed || s.State.Badness() > into.State.Badness() && into.State != results.Crashed {
			into.State, into.Failure, into.FailureAt, into.Cleanup = s.State, s.Failure, s.FailureAt, s.Cleanup
		}
		into.Repeated = true
		into.Attempts += s.Attempts
		into.Seconds += s.Seconds
		for _, e := range s.Attempted {
			e.Attempt = into.Attempts
			into.Attempted = append(into.Attempted, e)
		}
		into.Requirements = results.AppendNew(into.Requirements, s.Requirements...)
	}
	return all
}

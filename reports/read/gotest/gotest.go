// Package gotest reads the stream of events that go test -json writes.
//
// The stream is made from what a test binary prints, so it can be wrong: events are lost
// in output that does not end in a line feed, and a program under test can print what
// looks like an event. A stream that contradicts itself or is incomplete is a problem:
// nothing can be concluded from it.
//
// A test names the requirements that it verifies by attributes (t.Attr, see
// package ids) or by its name, and its subtests verify them too. What it says of
// them is an outcome.
package gotest

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/socket-oneline/oneline/reports/read/ids"
	"github.com/socket-oneline/oneline/reports/results"
)

// Stream is what a stream says, package by package.
type Stream struct {
	Name     string // of the file, as given
	SHA256   string // of its bytes, if whoever reads it says so
	Packages []*Package

	current map[string]*Package // by import path: the last run of each
	builds  map[string]string   // what the compiler said, by the id of the build
	other   int                 // lines that are no events
}

// Package is one run of the tests of one package.
type Package struct {
	results.Suite         // without its tests
	Tests         []*Test // in the order of their begin
	Cached        bool    // go test replayed an earlier result

	open     map[string]*Test
	running  *Test           // the test, no subtest, that ran last and is neither paused nor over
	blamed   map[string]bool // tests that have their problem already
	exited   bool            // with status 0 while a test was running
	finished bool            // the test binary came to its end, and said so
	result   string          // pass, fail or skip; empty: the stream ends before the package does
	build    string          // the id of the build that failed
	output   excerpt         // of no test
	cause    string          // of a crash
}

// Test is one run of one test or subtest.
type Test struct {
	results.Spec      // its title is the name that go test writes, with those of the tests that it stands in
	Recorded     bool // it uses trace/gotest, so its verifications are elsewhere
	Ginkgo       bool // it starts a Ginkgo suite
	Elsewhere    bool // another file says more about it; set by the caller of Results, which leaves it out

	parent   *Test
	children int
	bad      int // children that failed
	openKids int
	paused   bool
	said     excerpt
}

// Read reads a stream from r to its end. interrupted means that whoever ran go test ended
// it; then a stream may be incomplete. The error is one line that begins with name and
// the number of a line.
func Read(name string, r io.Reader, interrupted bool) (*Stream, error) {
	s := &Stream{Name: name, current: make(map[string]*Package), builds: make(map[string]string)}
	in := bufio.NewScanner(r)
	in.Buffer(nil, maxLine)
	in.Split(line)
	n := 1
	for ; in.Scan(); n++ {
		last := !bytes.HasSuffix(in.Bytes(), []byte("\n"))
		if err := s.take(in.Bytes(), last); err != nil && !(interrupted && last) {
			return nil, fmt.Errorf("%s:%d: %w", name, n, err)
		}
	}
	switch err := in.Err(); {
	case err == bufio.ErrTooLong:
		return nil, fmt.Errorf("%s:%d: a line of more than %d bytes: this was not written by go test -json", name, n, maxLine)
	case err != nil:
		return nil, fmt.Errorf("%s:%d: %w", name, n, err)
	case len(s.Packages) == 0:
		return nil, fmt.Errorf("%s: the stream holds no package: nothing was tested", name)
	}
	for _, p := range s.Packages {
		p.finish(s, interrupted)
	}
	return s, nil
}

// maxLine is the size of the longest line that is read. go test cuts what tests
// print into pieces of 4,096 bytes.
const maxLine = 1 << 20

// line is a [bufio.SplitFunc] that keeps line feeds: the last line may have none.
func line(data []byte, atEOF bool) (advance int, token []byte, err error) {
	if i := bytes.IndexByte(data, '\n'); i >= 0 {
		return i + 1, data[:i+1], nil
	}
	if !atEOF || len(data) == 0 {
		return 0, nil, nil
	}
	return len(data), data, nil
}

// take reads a line; last means that no line feed ends it.
func (s *Stream) take(line []byte, last bool) error {
	if len(bytes.TrimSpace(line)) == 0 {
		return nil
	}
	if !isEvent(line) || !last && !bytes.Contains(line, []byte(`"Action"`)) {
		s.other++
		return nil
	}
	var e event
	if err := json.Unmarshal(line, &e); err != nil {
		if last {
			return errors.New("the stream ends in the middle of an event: the run was cut short; repeat it")
		}
		return fmt.Errorf("this event is broken (%s): repeat the run", results.Mistake(err))
	}
	s.event(&e)
	return nil
}

func (s *Stream) event(e *event) {
	switch e.Action {
	case "build-output":
		if text := s.builds[e.ImportPath]; len(text) < 2<<10 && !strings.HasPrefix(e.Output, "#") {
			s.builds[e.ImportPath] = text + e.Output
		}
		return
	case "build-fail":
		s.builds[e.ImportPath] += ""
		return
	}
	if e.Package == "" {
		return
	}
	p := s.current[e.Package]
	switch {
	case p == nil, p.result != "" && (e.Action == "start" || e.Action == "run"):
		p = s.begin(e)
	case e.Action == "start":
		p.problem("", "it began again before it had ended: streams were mixed")
		p = s.begin(e)
	}
	if e.Test != "" {
		p.test(e)
	} else {
		p.event(e)
	}
}

func (s *Stream) begin(e *event) *Package {
	p := &Package{open: make(map[string]*Test), blamed: make(map[string]bool)}
	p.Path, p.Name, p.Run.Started = e.Package, e.Package, e.Time
	s.Packages = append(s.Packages, p)
	s.current[p.Path] = p
	return p
}

// Results returns what the stream says.
func (s *Stream) Results(find ids.Finder) *results.Results {
	r := &results.Results{Name: s.Name, SHA256: s.SHA256, Format: "gotest"}
	var idle []string
	for _, p := range s.Packages {
		r.Suites = append(r.Suites, p.suite(find))
		if len(p.Tests) == 0 && p.result == "pass" {
			idle = append(idle, p.Path)
		}
	}
	first := &r.Suites[0]
	if n := len(idle); n > 0 {
		if n > 3 {
			idle = append(idle[:3:3], fmt.Sprintf("and %d more", n-3))
		}
		first.Note("no test was run in %s", strings.Join(idle, ", "))
	}
	if s.other > 0 {
		first.Note("%s: %d lines are no events of go test, and were left out", s.Name, s.other)
	}
	return r
}

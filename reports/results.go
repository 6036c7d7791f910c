// Package reports computes verdicts: it reads what a suite left in Ginkgo's JSON
// report, holds it against the requirement file, and gives a [Model] of
// everything that a report says.
//
//	file, err := srs.Load("srs.json")
//	results, err := reports.Load("results.json")
//	model := reports.Build(file, []*reports.Results{results}, reports.Options{})
//
// Evidence decides: a requirement passes only by a verification of it that was
// carried out and held, in a spec that ran to its end. What Ginkgo says of a
// spec can only add failures. Nothing here depends on the clock, the machine or
// the order in which specs ran: the same results give the same model.
package reports

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
)

// Results are what one results file holds: the suites of a Ginkgo JSON report,
// with the evidence that their specs left.
type Results struct {
	Name   string // of the file, as given
	suites []suite
}

// Load reads the results file at path: a JSON report of Ginkgo's
// (--json-report). Its error is one line that names the file, the place in it
// where that is known, and what to do.
func Load(path string) (*Results, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		var p *os.PathError
		if errors.As(err, &p) {
			err = p.Err
		}
		return nil, fmt.Errorf("%s: the results cannot be read: %w", path, err)
	}
	return parse(path, data)
}

// Read reads results from r, as [Load] does. name is the file's, for messages.
func Read(name string, r io.Reader) (*Results, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("%s: the results cannot be read: %w", name, err)
	}
	return parse(name, data)
}

func parse(name string, data []byte) (*Results, error) {
	s := scanner{data: data}
	if bytes.HasPrefix(data, []byte("\ufeff")) {
		s.pos = len("\ufeff")
	}
	results := &Results{Name: name}
	err := results.decode(&s)
	var p *placed
	if errors.As(err, &p) {
		return nil, fmt.Errorf("%s:%s: %w", name, place(data, p.offset), err)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return results, nil
}

// decode decodes a whole file.
func (r *Results) decode(s *scanner) error {
	switch first := s.next(); {
	case s.pos == len(s.data):
		return errors.New("the file is empty: the run wrote no results, repeat it")
	case first != '[':
		return s.fail("this is not a Ginkgo JSON report, which is a list of suites")
	}
	err := s.elements(func() error {
		start := *s
		s.next()
		var g ginkgoSuite
		if err := g.decode(s); err != nil {
			return err
		}
		if g.path == nil {
			return start.fail("this is not a suite of a Ginkgo JSON report")
		}
		r.suites = append(r.suites, newSuite(&g))
		return nil
	})
	switch {
	case err != nil:
		return err
	case len(r.suites) == 0:
		return errors.New("the report holds no suite: nothing was run, repeat the run")
	case s.next() != 0 || s.pos < len(s.data):
		return s.fail("something follows the end of the report")
	}
	return nil
}

// place writes an offset in bytes as line:column, both from 1, the column in
// bytes.
func place(data []byte, offset int) string {
	before := data[:offset]
	return fmt.Sprintf("%d:%d", 1+bytes.Count(before, []byte("\n")), len(before)-bytes.LastIndexByte(before, '\n'))
}

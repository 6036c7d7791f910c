// Package ginkgo reads the JSON reports that Ginkgo writes (--json-report), with
// the evidence that package trace left in them.
package ginkgo

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	jsonv1 "github.com/go-json-experiment/json/v1"

	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/read/ids"
	"github.com/socket-oneline/oneline/reports/results"
)

// Format is the name of this format in [results.Results].
const Format = "ginkgo"

// Options say how to read a report. The zero value suits reports of any suite.
type Options struct {
	IDs    ids.Finder // finds requirement ids in the texts of specs that record nothing
	Traced bool       // the suite uses package trace, whatever the report shows
}

// Parse reads a JSON report. name is the file's, for messages. The error is one line with
// the file, the place in it and what to do.
func Parse(name string, data []byte, how Options) (*results.Results, error) {
	r := reader{data: data}
	list, err := r.file()
	var p *placed
	switch {
	case errors.As(err, &p):
		return nil, fmt.Errorf("%s:%s: %w", name, place(data, p.offset), err)
	case err != nil:
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return &results.Results{Name: name, Format: Format, Suites: newSuites(list, how)}, nil
}

// Advice that ends the errors of this package.
const (
	cutOff = "the file is cut off: the run did not end, or the disk was full; repeat it"
	wrong  = "give the file that Ginkgo's --json-report wrote"
)

// placed is an error at an offset of the file.
type placed struct {
	offset int
	error
}

// place writes an offset as line:column, both from 1, the column in bytes.
func place(data []byte, offset int) string {
	before := data[:min(offset, len(data))]
	return fmt.Sprintf("%d:%d", 1+bytes.Count(before, []byte("\n")), len(before)-bytes.LastIndexByte(before, '\n'))
}

// reader reads one file. Most of a report are its nodes. They are split off first, which
// checks their syntax, and then decoded in parallel.
type reader struct {
	data  []byte
	base  int // offset of what dec reads in data
	nodes []part
}

// part is a node that is still to be decoded.
type part struct {
	offset int
	text   jsontext.Value
	into   *node
}

// suite is a report with its nodes decoded.
type suite struct {
	Report
	nodes []node
}

// node is a node with the evidence that it carries.
type node struct {
	Node
	specs []evidence.Spec // in the order of their attempts
	runs  []evidence.Run
}

// file reads the list of suites.
func (r *reader) file() ([]*suite, error) {
	r.base = len(r.data) - len(bytes.TrimPrefix(r.data, []byte("\ufeff")))
	dec := jsontext.NewDecoder(bytes.NewBuffer(r.data[r.base:]))
	switch kind := dec.PeekKind(); {
	case len(bytes.TrimSpace(r.data[r.base:])) == 0:
		return nil, errors.New("the file is empty: the run wrote no results, repeat it")
	case kind != '[':
		return nil, r.fail(len(r.data)-len(bytes.TrimLeft(r.data[r.base:], " \t\r\n")), "this is not a Ginkgo JSON report, which is a list of suites")
	}
	if _, err := dec.ReadToken(); err != nil {
		return nil, r.explain(r.base, err)
	}
	var list []*suite
	for dec.PeekKind() != ']' {
		s, err := r.suite(dec)
		if err != nil {
			return nil, err
		}
		list = append(list, s)
	}
	if _, err := dec.ReadToken(); err != nil {
		return nil, r.explain(r.base, err)
	}
	switch end := r.base + int(dec.InputOffset()); {
	case len(list) == 0:
		return nil, errors.New("the report holds no suite: nothing was run, repeat the run")
	case len(bytes.TrimSpace(r.data[end:])) > 0:
		return nil, r.fail(r.start(end), "something follows the end of the report")
	}
	return list, r.decodeNodes()
}

// suite reads the report of a suite, and splits off its nodes.
func (r *reader) suite(dec *jsontext.Decoder) (*suite, error) {
	start := r.start(r.base + int(dec.InputOffset()))
	s := &suite{}
	unmarshalers := json.UnmarshalFromFunc(func(dec *jsontext.Decoder, nodes *[]Node) error { return r.split(dec, s) })
	if err := json.UnmarshalDecode(dec, &s.Report, json.WithUnmarshalers(unmarshalers), options); err != nil {
		return nil, r.explain(r.base, err)
	}
	if s.SuitePath == nil {
		return nil, r.fail(start, "this is not a suite of a Ginkgo JSON report")
	}
	err := results.CheckTimes(s.StartTime, s.EndTime)
	if n := s.PreRunStats; n.SpecsThatWillRun < 0 || n.SpecsThatWillRun > n.TotalSpecs {
		err = fmt.Errorf("%d of %d specs cannot have been chosen: the file was altered; repeat the run", n.SpecsThatWillRun, n.TotalSpecs)
	}
	if err != nil {
		return nil, &placed{start, err}
	}
	for i := range s.nodes {
		r.nodes[len(r.nodes)-len(s.nodes)+i].into = &s.nodes[i]
	}
	return s, nil
}

// split reads the list of nodes without decoding them.
func (r *reader) split(dec *jsontext.Decoder, s *suite) error {
	if kind := dec.PeekKind(); kind != '[' {
		value, err := dec.ReadValue()
		if err != nil || kind == 'n' {
			return err
		}
		return &placed{r.base + int(dec.InputOffset()) - len(value), errors.New("a list was expected: " + wrong)}
	}
	if _, err := dec.ReadToken(); err != nil {
		return err
	}
	for dec.PeekKind() != ']' {
		value, err := dec.ReadValue()
		if err != nil {
			return err
		}
		end := r.base + int(dec.InputOffset())
		r.nodes = append(r.nodes, part{offset: end - len(value), text: r.data[end-len(value) : end]})
		s.nodes = append(s.nodes, node{})
	}
	_, err := dec.ReadToken()
	return err
}

var options = jsonv1.FormatDurationAsNano(true)

// decodeNodes decodes the nodes that were split off. If several are broken, it returns the
// error of the first.
func (r *reader) decodeNodes() error {
	failures := make([]error, len(r.nodes))
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(r.nodes)) {
		workers.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(r.nodes); i = int(next.Add(1)) - 1 {
				failures[i] = r.decode(&r.nodes[i])
			}
		})
	}
	workers.Wait()
	if i := slices.IndexFunc(failures, func(err error) bool { return err != nil }); i >= 0 {
		return failures[i]
	}
	return nil
}

func (r *reader) decode(p *part) error {
	n := p.into
	var places []int // of the values of entries
	unmarshalers := json.UnmarshalFromFunc(func(dec *jsontext.Decoder, _ *EntryValue) error {
		places = append(places, r.start(p.offset+int(dec.InputOffset())))
		return errors.ErrUnsupported // decode it as usual
	})
	if err := json.Unmarshal(p.text, &n.Node, json.WithUnmarshalers(unmarshalers), options); err != nil {
		return r.explain(p.offset, err)
	}
	states := []string{n.State}
	for _, f := range n.AdditionalFailures {
		states = append(states, f.State)
	}
	for _, state := range states {
		if !knownState(state) {
			return &placed{p.offset, fmt.Errorf("the state %q is not one of Ginkgo's: use the release of oneline that fits the suite", state)}
		}
	}
	if n.RunTime < 0 || n.NumAttempts < 0 {
		return &placed{p.offset, errors.New("the spec took less than no time, or has less than no attempts: the file was altered; repeat the run")}
	}
	for i := range n.ReportEntries {
		if err := n.evidence(&n.ReportEntries[i]); err != nil {
			at := p.offset // an entry without a value has no place
			if len(places) == len(n.ReportEntries) {
				at = places[i]
			}
			return &placed{at, err}
		}
	}
	n.ReportEntries = nil // what they carry is decoded
	slices.SortStableFunc(n.specs, func(a, b evidence.Spec) int { return a.Attempt - b.Attempt })
	return nil
}

// evidence decodes an entry, if it carries evidence.
func (n *node) evidence(e *Entry) error {
	switch e.Name {
	case evidence.SpecEntry:
		spec, err := results.DecodeSpec([]byte(e.Value.AsJSON))
		n.specs = append(n.specs, spec)
		return err
	case evidence.RunEntry:
		run, err := results.DecodeRun([]byte(e.Value.AsJSON))
		n.runs = append(n.runs, run)
		return err
	}
	return nil
}

// start returns where the value or text after an offset begins.
func (r *reader) start(offset int) int {
	rest := r.data[offset:]
	return offset + len(rest) - len(bytes.TrimLeft(rest, " \t\r\n,:"))
}

func (r *reader) fail(offset int, text string) error {
	return &placed{offset, errors.New(text + ": " + wrong)}
}

// explain adds the place in the file to an error of the JSON decoder, in plain words. base
// is the offset at which the decoder began.
func (r *reader) explain(base int, err error) error {
	if p, ok := errors.AsType[*placed](err); ok {
		return p
	}
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return &placed{len(r.data), errors.New(cutOff)}
	}
	offset := base
	if syntax, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		offset += int(syntax.ByteOffset)
	} else if mismatch, ok := errors.AsType[*json.SemanticError](err); ok {
		offset = r.start(base + int(mismatch.ByteOffset))
	}
	return r.fail(offset, "this does not belong in a Ginkgo JSON report ("+results.Mistake(err)+")")
}

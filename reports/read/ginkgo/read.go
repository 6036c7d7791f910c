// Package ginkgo reads the JSON reports that Ginkgo writes (--json-report), with
// the evidence that package trace left in them.
package ginkgo

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	jsonv1 "github.com/go-json-experiment/json/v1"
	"golang.org/x/sync/errgroup"

	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/read/ids"
	"github.com/socket-oneline/oneline/reports/results"
)

// Options say how to read a report. The zero value suits reports of any suite.
type Options struct {
	IDs    ids.Finder // finds requirement ids in the texts of specs that record nothing
	Traced bool       // the suite uses package trace, whatever the report shows
}

// Parse reads a JSON report. name is the file's, for messages. The error is one line with
// the file, the place in it and what to do.
func Parse(name string, data []byte, how Options) (*results.Results, error) {
	r := reader{name: name, data: data}
	list, err := r.file()
	if err != nil {
		return nil, err
	}
	roots := sourceRoots{} // where the module of one suite lies helps to locate the specs of all
	for i := range list {
		roots.learn(&list[i])
	}
	all := &results.Results{Name: name, Format: "ginkgo", Suites: make([]results.Suite, len(list))}
	for i := range list {
		all.Suites[i] = newSuite(&list[i], roots, how)
	}
	return all, nil
}

// Advice that ends the errors of this package.
const (
	cutOff = "the file is cut off: the run did not end, or the disk was full; repeat it"
	wrong  = "give the file that Ginkgo's --json-report wrote"
)

// reader reads one file. Most of a report are its nodes: their syntax is checked first, and
// then they are decoded in parallel.
type reader struct {
	name string
	data []byte
	base int // offset of the list of suites in data
}

// suite is a report with its nodes and the evidence that they carry.
type suite struct {
	Report
	SpecReports []node

	runs []evidence.Run // of all nodes
}

// node is a node with the evidence that it carries.
type node struct {
	Node
	specs []evidence.Spec // in the order of their attempts
	runs  []evidence.Run

	offset int
	text   jsontext.Value // until it is decoded
}

// file reads the list of suites.
func (r *reader) file() ([]suite, error) {
	r.base = len(r.data) - len(bytes.TrimLeft(bytes.TrimPrefix(r.data, []byte("\ufeff")), " \t\r\n"))
	switch {
	case r.base == len(r.data):
		return nil, fmt.Errorf("%s: the file is empty: the run wrote no results, repeat it", r.name)
	case r.data[r.base] != '[':
		return nil, r.fail(r.base, "this is not a Ginkgo JSON report, which is a list of suites")
	}
	dec := jsontext.NewDecoder(bytes.NewBuffer(r.data[r.base:]))
	var offsets []int // of the suites
	unmarshalers := json.JoinUnmarshalers(
		json.UnmarshalFromFunc(func(dec *jsontext.Decoder, _ *suite) error {
			offsets = append(offsets, r.start(r.base+int(dec.InputOffset())))
			return errors.ErrUnsupported // decode it as usual
		}),
		json.UnmarshalFromFunc(func(dec *jsontext.Decoder, n *node) error {
			value, err := dec.ReadValue()
			end := r.base + int(dec.InputOffset())
			n.offset, n.text = end-len(value), r.data[end-len(value):end]
			return err
		}),
	)
	var list []suite
	if err := json.UnmarshalDecode(dec, &list, json.WithUnmarshalers(unmarshalers), options); err != nil {
		return nil, r.explain(r.base, err)
	}
	for i := range list {
		if err := r.check(&list[i], offsets[i]); err != nil {
			return nil, err
		}
	}
	switch end := r.base + int(dec.InputOffset()); {
	case len(list) == 0:
		return nil, fmt.Errorf("%s: the report holds no suite: nothing was run, repeat the run", r.name)
	case len(bytes.TrimSpace(r.data[end:])) > 0:
		return nil, r.fail(r.start(end), "something follows the end of the report")
	}
	return list, r.decodeNodes(list)
}

// check returns an error if what stands at an offset is no suite, or an impossible one.
func (r *reader) check(s *suite, offset int) error {
	if s.SuitePath == nil {
		return r.fail(offset, "this is not a suite of a Ginkgo JSON report")
	}
	err := results.CheckTimes(s.StartTime, s.EndTime)
	if n := s.PreRunStats; n.SpecsThatWillRun < 0 || n.SpecsThatWillRun > n.TotalSpecs {
		err = fmt.Errorf("%d of %d specs cannot have been chosen: the file was altered; repeat the run", n.SpecsThatWillRun, n.TotalSpecs)
	}
	if err != nil {
		return r.at(offset, err)
	}
	return nil
}

var options = jsonv1.FormatDurationAsNano(true)

// decodeNodes decodes all nodes. If several are broken, it returns the error of the first.
func (r *reader) decodeNodes(list []suite) error {
	var nodes []*node
	for i := range list {
		for k := range list[i].SpecReports {
			nodes = append(nodes, &list[i].SpecReports[k])
		}
	}
	failures := make([]error, len(nodes))
	var workers errgroup.Group
	workers.SetLimit(runtime.GOMAXPROCS(0))
	for i, n := range nodes {
		workers.Go(func() error {
			failures[i] = r.decode(n)
			return nil
		})
	}
	_ = workers.Wait()
	for i := range list {
		for k := range list[i].SpecReports {
			list[i].runs = append(list[i].runs, list[i].SpecReports[k].runs...)
		}
	}
	return cmp.Or(failures...)
}

func (r *reader) decode(n *node) error {
	var places []int // of entries
	unmarshalers := json.UnmarshalFromFunc(func(dec *jsontext.Decoder, _ *Entry) error {
		places = append(places, r.start(n.offset+int(dec.InputOffset())))
		return errors.ErrUnsupported // decode it as usual
	})
	if err := json.Unmarshal(n.text, &n.Node, json.WithUnmarshalers(unmarshalers), options); err != nil {
		return r.explain(n.offset, err)
	}
	for _, f := range slices.Concat([]AdditionalFailure{{State: n.State}}, n.AdditionalFailures) {
		if !knownState(f.State) {
			return r.at(n.offset, fmt.Errorf("the state %q is not one of Ginkgo's: use the release of oneline that fits the suite", f.State))
		}
	}
	if n.RunTime < 0 || n.NumAttempts < 0 {
		return r.at(n.offset, errors.New("the spec took less than no time, or has less than no attempts: the file was altered; repeat the run"))
	}
	for i := range n.ReportEntries {
		if err := n.evidence(&n.ReportEntries[i]); err != nil {
			return r.at(places[i], err)
		}
	}
	n.ReportEntries, n.text = nil, nil // what they carry is decoded
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

// at adds a place to an error, as line:column, both from 1, the column in bytes.
func (r *reader) at(offset int, err error) error {
	before := r.data[:min(offset, len(r.data))]
	return fmt.Errorf("%s:%d:%d: %w", r.name, 1+bytes.Count(before, []byte("\n")), len(before)-bytes.LastIndexByte(before, '\n'), err)
}

func (r *reader) fail(offset int, text string) error {
	return r.at(offset, errors.New(text+": "+wrong))
}

// explain adds the place in the file to an error of the JSON decoder, in plain words. base
// is the offset at which the decoder began.
func (r *reader) explain(base int, err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return r.at(len(r.data), errors.New(cutOff))
	}
	offset := base
	if syntax, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		offset += int(syntax.ByteOffset)
	} else if mismatch, ok := errors.AsType[*json.SemanticError](err); ok {
		offset = r.start(base + int(mismatch.ByteOffset))
	}
	return r.fail(offset, "this does not belong in a Ginkgo JSON report ("+results.Mistake(err)+")")
}

// Package record writes results that do not come from a run of Ginkgo: what persons
// found, and what is planned. They have the form of Ginkgo's JSON reports, so that
// package reports reads and judges them like all others.
package record

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/read/ginkgo"
)

// Suite is a suite with its evidence.
type Suite struct {
	Name  string // what it is called, where its run names no target
	Run   evidence.Run
	Specs []Spec
}

// Spec is a spec with its evidence. It has not begun if Began is zero.
type Spec struct {
	evidence.Spec
	Began      bool
	ProtocolAt string // file:line
}

// Encode returns the results file of the suites.
func Encode(suites ...Suite) []byte {
	list := make([]ginkgo.Report, len(suites))
	for i, s := range suites {
		list[i] = s.report()
	}
	return encode(list)
}

func encode(v any) []byte {
	data, err := json.Marshal(v)
	if err != nil {
		panic("record: " + err.Error()) // evidence can always be encoded
	}
	return data
}

// entry returns a report entry that holds evidence.
func entry(name string, v any) ginkgo.Entry {
	return ginkgo.Entry{Name: name, Value: ginkgo.EntryValue{AsJSON: string(encode(v))}}
}

func (s Suite) report() ginkgo.Report {
	s.Run.Schema = evidence.Schema
	r := ginkgo.Report{
		SuitePath: new(string), SuiteDescription: s.Name, SuiteSucceeded: true,
		StartTime: s.Run.Started, EndTime: s.Run.Ended,
		PreRunStats: ginkgo.Stats{TotalSpecs: len(s.Specs)},
		SpecReports: []ginkgo.Node{{LeafNodeType: "ReportBeforeSuite", State: "passed", ReportEntries: []ginkgo.Entry{entry(evidence.RunEntry, s.Run)}}},
	}
	for _, spec := range s.Specs {
		n := spec.node()
		if spec.Began {
			r.PreRunStats.SpecsThatWillRun++
		}
		r.SuiteSucceeded = r.SuiteSucceeded && n.State != "failed"
		r.SpecReports = append(r.SpecReports, n)
	}
	return r
}

func (s Spec) node() ginkgo.Node {
	s.Schema, s.Attempt = evidence.Schema, 1
	n := ginkgo.Node{
		ContainerHierarchyTexts:     []string{s.Protocol.Title},
		ContainerHierarchyLocations: []ginkgo.Location{place(s.ProtocolAt)},
		ContainerHierarchyLabels:    [][]string{{ginkgo.ProtocolLabel + s.Protocol.ID}},
		LeafNodeType:                "It",
		LeafNodeLocation:            place(s.Location),
		LeafNodeText:                s.Title,
		State:                       s.state(),
		ReportEntries:               []ginkgo.Entry{entry(evidence.SpecEntry, s.Spec)},
	}
	for _, id := range s.Requirements {
		n.LeafNodeLabels = append(n.LeafNodeLabels, ginkgo.RequirementLabel+id)
	}
	for _, kind := range s.Observe {
		n.LeafNodeLabels = append(n.LeafNodeLabels, ginkgo.ObserveLabel+kind)
	}
	if s.Began {
		n.NumAttempts = 1
	}
	return n
}

// state returns the state that Ginkgo would give the spec.
func (s Spec) state() string {
	if !s.Began || s.Blocked != "" || s.NotObservable != "" {
		return "skipped"
	}
	for _, v := range s.Verifications {
		if !v.Passed {
			return "failed"
		}
	}
	return "passed"
}

// place parses file:line.
func place(text string) ginkgo.Location {
	i := strings.LastIndexByte(text, ':')
	if i < 0 {
		return ginkgo.Location{FileName: text}
	}
	line, _ := strconv.Atoi(text[i+1:])
	return ginkgo.Location{FileName: text[:i], LineNumber: line}
}

// Decode reads what [Encode] returned for one suite. The name is that of the file, for
// messages.
func Decode(name string, data []byte) (Suite, error) {
	var list []ginkgo.Report
	err := json.Unmarshal(data, &list)
	if err != nil || len(list) != 1 {
		return Suite{}, fmt.Errorf("%s: these are not the results of one suite that was recorded by hand", name)
	}
	s := Suite{Name: list[0].SuiteDescription}
	for _, n := range list[0].SpecReports {
		for _, e := range n.ReportEntries {
			switch e.Name {
			case evidence.RunEntry:
				err = json.Unmarshal([]byte(e.Value.AsJSON), &s.Run)
			case evidence.SpecEntry:
				spec := Spec{Began: n.NumAttempts > 0}
				for _, at := range n.ContainerHierarchyLocations {
					spec.ProtocolAt = fmt.Sprintf("%s:%d", at.FileName, at.LineNumber)
				}
				err = json.Unmarshal([]byte(e.Value.AsJSON), &spec.Spec)
				s.Specs = append(s.Specs, spec)
			}
			if err != nil {
				return Suite{}, fmt.Errorf("%s: the evidence in it is broken: %w", name, err)
			}
		}
	}
	return s, nil
}

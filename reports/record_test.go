package reports_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/onsi/ginkgo/v2/types"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/read"
	"github.com/socket-oneline/oneline/reports/results"
	"github.com/socket-oneline/oneline/reports/srs"
)

// Reports are recorded with Ginkgo's own types, so that their JSON is that of
// a run. A module lies at /src/calc, its suite in /src/calc/ver.

const suiteFolder = "/src/calc/ver"

var began = time.Date(2026, 11, 23, 10, 0, 0, 0, time.FixedZone("", 3600))

// option changes a spec's report before it is recorded.
type option func(*types.SpecReport)

// it is a spec that ran and passed in the protocol TP-001, in line 10 of
// ver/add.go, labelled with the ids.
func it(ids string, options ...option) types.SpecReport {
	s := types.SpecReport{
		ContainerHierarchyTexts:     []string{"addition"},
		ContainerHierarchyLocations: []types.CodeLocation{{FileName: suiteFolder + "/add.go", LineNumber: 5}},
		ContainerHierarchyLabels:    [][]string{{"protocol:TP-001"}},
		LeafNodeType:                types.NodeTypeIt,
		LeafNodeLocation:            types.CodeLocation{FileName: suiteFolder + "/add.go", LineNumber: 10},
		LeafNodeText:                "adds",
		State:                       types.SpecStatePassed,
		NumAttempts:                 1,
		RunTime:                     time.Second,
		StartTime:                   began,
	}
	for _, id := range strings.Fields(ids) {
		s.LeafNodeLabels = append(s.LeafNodeLabels, "req:"+id)
	}
	for _, o := range options {
		o(&s)
	}
	return s
}

// state gives a spec a state, with what Ginkgo says of it.
func state(state types.SpecState, message string) option {
	return func(s *types.SpecReport) {
		s.State = state
		if message != "" {
			s.Failure = types.Failure{Message: message, Location: s.LeafNodeLocation}
		}
	}
}

// unstarted is a spec that was skipped before it began.
func unstarted(message string) option {
	return func(s *types.SpecReport) {
		state(types.SpecStateSkipped, message)(s)
		s.NumAttempts = 0
	}
}

func attempts(n int) option { return func(s *types.SpecReport) { s.NumAttempts = n } }

func observe(kinds ...string) option {
	return func(s *types.SpecReport) {
		for _, k := range kinds {
			s.LeafNodeLabels = append(s.LeafNodeLabels, "observe:"+k)
		}
	}
}

// at moves a spec to a line of its own, with a title that says so.
func at(line int) option {
	return func(s *types.SpecReport) {
		s.LeafNodeLocation.LineNumber = line
		s.LeafNodeText = fmt.Sprintf("spec of line %d", line)
	}
}

func protocol(id string, line int) option {
	return func(s *types.SpecReport) {
		s.ContainerHierarchyLabels[0] = []string{"protocol:" + id}
		s.ContainerHierarchyLocations[0].LineNumber = line
	}
}

// left adds evidence to a spec: that of one attempt which ran to its end, with
// a verification per word: "SRS-1" passed, "!SRS-1" failed.
func left(verifications string, change ...func(*evidence.Spec)) option {
	return func(s *types.SpecReport) {
		e := evidence.Spec{
			Schema: evidence.Schema, Title: s.LeafNodeText,
			Location:  fmt.Sprintf("ver/add.go:%d", s.LeafNodeLocation.LineNumber),
			Protocol:  evidence.Protocol{ID: "TP-001", Title: "addition", Objectives: []string{"sums"}},
			Attempt:   len(s.ReportEntries) + 1,
			Completed: true,
		}
		if labels := s.ContainerHierarchyLabels; len(labels) > 0 {
			e.Protocol.ID = strings.TrimPrefix(labels[0][0], "protocol:")
		}
		for _, word := range strings.Fields(verifications) {
			id, failed := strings.CutPrefix(word, "!")
			e.Verifications = append(e.Verifications, evidence.Verification{
				Requirements: strings.Split(id, ","), Expected: "1", Actual: "1", Passed: !failed, Location: "ver/add.go:12",
			})
		}
		for _, c := range change {
			c(&e)
		}
		s.ReportEntries = append(s.ReportEntries, entry(evidence.SpecEntry, e))
	}
}

func entry(name string, value any) types.ReportEntry {
	return types.ReportEntry{Name: name, Time: began, Value: types.WrapEntryValue(silent{value})}
}

// silent keeps Ginkgo from writing a value in its own format too, as package
// trace does.
type silent struct{ any }

func (silent) String() string                 { return "" }
func (s silent) MarshalJSON() ([]byte, error) { return json.Marshal(s.any) }

// passing is a spec that passed with evidence for all of its ids.
func passing(ids string, options ...option) types.SpecReport {
	return it(ids, append(options, left(ids))...)
}

// filteredOut are a spec's options where a filter leaves it out.
func filteredOut() option { return unstarted("") }

// recorded is the report of a suite in which these nodes ran.
func recorded(nodes ...types.SpecReport) types.Report {
	r := types.Report{
		SuitePath: suiteFolder, SuiteDescription: "calculator", SuiteSucceeded: true,
		StartTime: began, EndTime: began.Add(time.Minute), SpecReports: nodes,
	}
	r.SuiteConfig.RandomSeed = 7
	for _, n := range nodes {
		if n.LeafNodeType == types.NodeTypeIt {
			r.PreRunStats.TotalSpecs++
			if n.NumAttempts > 0 {
				r.PreRunStats.SpecsThatWillRun++
			}
		}
		if n.State.Is(types.SpecStateFailureStates) {
			r.SuiteSucceeded = false
		}
	}
	return r
}

// withRun adds the evidence of the run to a report.
func withRun(r types.Report, run evidence.Run) types.Report {
	run.Schema = evidence.Schema
	r.SpecReports = append(r.SpecReports, types.SpecReport{
		LeafNodeType: types.NodeTypeReportBeforeSuite, State: types.SpecStatePassed,
		ReportEntries: types.ReportEntries{entry(evidence.RunEntry, run)},
	})
	return r
}

// at127 is a run at an address, which shows only the wire.
func at127() evidence.Run {
	return evidence.Run{
		Type: "dev", Target: evidence.Target{Kind: "address", Name: "127.0.0.1:5001"},
		Shows: []string{"wire"},
		Needs: map[string]string{"stop": "needs -shutdown", "api": "needs a launched server", "client": "needs -client"},
	}
}

func written(t testing.TB, suites ...types.Report) []byte {
	t.Helper()
	data, err := json.Marshal(suites)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func parsed(t testing.TB, suites ...types.Report) *results.Results {
	t.Helper()
	loaded, err := read.From("results.json", bytes.NewReader(written(t, suites...)))
	if err != nil {
		t.Fatal(err)
	}
	return loaded
}

// requirements are a file with a requirement for each word: an id, with what
// it needs to be shown behind a slash: "SRS-1 SRS-2/wire,api".
func requirements(words string) *srs.File {
	f := &srs.File{Name: "srs.json", SHA256: strings.Repeat("a", 64)}
	for _, word := range strings.Fields(words) {
		id, kinds, some := strings.Cut(word, "/")
		r := srs.Requirement{ID: id, Tester: "auto", Group: "server", Desc: "It shall " + id + "."}
		if some {
			r.Observe = strings.Split(kinds, ",")
		}
		f.Requirements = append(f.Requirements, r)
	}
	return f
}

// built is the model of one suite's report.
func built(t testing.TB, file *srs.File, nodes ...types.SpecReport) *reports.Model {
	t.Helper()
	return reports.Build(file, []*results.Results{parsed(t, recorded(nodes...))}, reports.Options{})
}

// row finds a requirement of a model.
func row(t testing.TB, m *reports.Model, id string) reports.Requirement {
	t.Helper()
	for _, r := range m.Requirements {
		if r.ID == id {
			return r
		}
	}
	t.Fatalf("the model has no requirement %s", id)
	return reports.Requirement{}
}

// problems are those of a model, each as one line.
func problems(m *reports.Model) []string {
	var lines []string
	for _, p := range m.Problems {
		lines = append(lines, p.String())
	}
	return lines
}

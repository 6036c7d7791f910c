package ginkgo_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/onsi/ginkgo/v2/types"

	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/read/ginkgo"
	"github.com/socket-oneline/oneline/reports/results"
)

// Reports are made of Ginkgo's own types, so that their JSON is that of a run. A
// module lies at /src/calc, its suite in /src/calc/ver.
const folder = "/src/calc/ver"

var began = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)

// spec is a spec in line 10 of ver/add.go that passed, with its evidence.
func spec(change ...func(*types.SpecReport)) types.SpecReport {
	s := types.SpecReport{
		ContainerHierarchyTexts:     []string{"addition", "of integers"},
		ContainerHierarchyLocations: []types.CodeLocation{{FileName: folder + "/add.go", LineNumber: 5}, {FileName: folder + "/add.go", LineNumber: 6}},
		ContainerHierarchyLabels:    [][]string{{"protocol:TP-001"}, {"observe:wire"}},
		LeafNodeType:                types.NodeTypeIt,
		LeafNodeLocation:            types.CodeLocation{FileName: folder + "/add.go", LineNumber: 10},
		LeafNodeLabels:              []string{"req:A", "req:A", "slow"},
		LeafNodeText:                "adds",
		State:                       types.SpecStatePassed,
		NumAttempts:                 1,
		RunTime:                     time.Second,
		ReportEntries:               types.ReportEntries{entry(evidence.SpecEntry, leftBehind())},
	}
	for _, c := range change {
		c(&s)
	}
	return s
}

func leftBehind() evidence.Spec {
	return evidence.Spec{
		Schema: evidence.Schema, Title: "adds", Location: "ver/add.go:10", Protocol: evidence.Protocol{ID: "TP-001", Title: "addition"}, Attempt: 1, Completed: true,
		Verifications: []evidence.Verification{{Requirements: []string{"A"}, Expected: "1", Actual: "1", Passed: true, Location: "ver/add.go:12"}},
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

// suite is the report of a suite in which these nodes ran.
func suite(run evidence.Run, nodes ...types.SpecReport) types.Report {
	run.Schema = evidence.Schema
	r := types.Report{
		SuitePath: folder, SuiteDescription: "calculator", SuiteSucceeded: true, StartTime: began, EndTime: began.Add(time.Minute),
		SpecReports: append(types.SpecReports{{
			LeafNodeType: types.NodeTypeReportBeforeSuite, State: types.SpecStatePassed, ReportEntries: types.ReportEntries{entry(evidence.RunEntry, run)},
		}}, nodes...),
	}
	r.PreRunStats.TotalSpecs, r.PreRunStats.SpecsThatWillRun = len(nodes), len(nodes)
	return r
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
	r, err := ginkgo.Parse("r.json", written(t, suites...), ginkgo.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

package ginkgo_test

import (
	"slices"
	"testing"

	"github.com/onsi/ginkgo/v2/types"

	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/results"
)

func TestSpec(t *testing.T) {
	r := parsed(t, suite(evidence.Run{Suite: evidence.Suite{Module: "example.com/calc", Package: "example.com/calc/ver"}}, spec(), spec(), spec(func(s *types.SpecReport) { s.LeafNodeText = "subtracts" })))
	if len(r.Suites) != 1 || r.Format != "ginkgo" || r.Name != "r.json" {
		t.Fatalf("%+v", r)
	}
	s := r.Suites[0]
	if s.Path != "example.com/calc/ver" || s.Name != "calculator" || !s.Complete || s.Filtered || s.DryRun || len(s.Problems)+len(s.Notes) > 0 {
		t.Errorf("%+v", s)
	}
	one := s.Specs[0]
	if !slices.Equal(one.Requirements, []string{"A"}) || !slices.Equal(one.Observe, []string{"wire"}) || !slices.Equal(one.Containers, []string{"of integers"}) ||
		one.Protocol.ID != "TP-001" || one.ProtocolAt != "ver/add.go:5" || one.Location != "ver/add.go:10" || one.State != results.Passed || one.Seconds != 1 {
		t.Errorf("%+v", one)
	}
	var keys []string
	for _, spec := range s.Specs {
		keys = append(keys, spec.Identity.Key())
	}
	if want := []string{
		`{"path":["example.com/calc/ver","TP-001","of integers","adds"]}`,
		`{"path":["example.com/calc/ver","TP-001","of integers","adds"],"ordinal":1}`,
		`{"path":["example.com/calc/ver","TP-001","of integers","subtracts"]}`,
	}; !slices.Equal(keys, want) {
		t.Errorf("identities %q", keys)
	}
}

// Places of specs are relative to the module, however the suite was built.
func TestPlaces(t *testing.T) {
	filteredOut := func(file string) types.SpecReport {
		return spec(func(s *types.SpecReport) {
			s.LeafNodeLocation = types.CodeLocation{FileName: file, LineNumber: 20}
			s.State, s.NumAttempts, s.ReportEntries = types.SpecStateSkipped, 0, nil
		})
	}
	calc := evidence.Suite{Module: "example.com/calc"}
	inVer := evidence.Suite{Module: "example.com/calc", Package: "example.com/calc/ver"}
	for _, c := range []struct {
		name, folder, file string
		suite              evidence.Suite
		learned            bool
		want               string
	}{
		{"learned from a spec with evidence", folder, "/src/calc/other/x.go", evidence.Suite{}, true, "other/x.go:20"},
		{"learned from the suite's package", folder, folder + "/sub/x.go", inVer, false, "ver/sub/x.go:20"},
		{"in the root of the module", "/src/calc", "/src/calc/x.go", evidence.Suite{Module: "example.com/calc", Package: "example.com/calc"}, false, "x.go:20"},
		{"built with -trimpath", "/anywhere", "example.com/calc/ver/x.go", calc, false, "ver/x.go:20"},
		{"in an unknown module", folder, folder + "/x.go", evidence.Suite{}, false, folder + "/x.go:20"},
		{"elsewhere", folder, "/lib/x.go", inVer, false, "/lib/x.go:20"},
		{"on Windows", `C:\calc\ver`, `C:\calc\ver\x.go`, inVer, false, "ver/x.go:20"},
		{"nowhere", folder, "", inVer, false, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			specs := []types.SpecReport{filteredOut(c.file)}
			if c.learned {
				specs = append(specs, spec())
			}
			r := suite(evidence.Run{Suite: c.suite}, specs...)
			r.SuitePath = c.folder
			if got := parsed(t, r).Suites[0].Specs[0].Location; got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

// One suite of a file tells where the module of all lies; a suite that was not
// built has nothing else.
func TestPlacesOfOtherSuites(t *testing.T) {
	broken := types.Report{SuitePath: "/src/calc/broken", SuiteDescription: "broken", SpecialSuiteFailureReasons: []string{"Failed to compile broken:\n\n# example.com/calc/broken\n./x_test.go:9:2: undefined: y\n"}}
	r := parsed(t, broken, suite(evidence.Run{Suite: evidence.Suite{Module: "example.com/calc", Package: "example.com/calc/ver"}}, spec()))
	if s := r.Suites[0]; s.Path != "example.com/calc/broken" || !slices.Equal(s.Problems, []results.Problem{{Place: "broken/x_test.go:9", Text: "the suite was not built: undefined: y"}}) {
		t.Errorf("%+v", s)
	}
}

func TestFailures(t *testing.T) {
	trace := "example.com/calc.Divide(...)\n\t/src/calc/calc.go:7 +0x1d"
	for name, c := range map[string]struct {
		change func(*types.SpecReport)
		want   func(results.Spec) bool
	}{
		"a panic, where it began": {func(s *types.SpecReport) {
			s.State = types.SpecStatePanicked
			s.Failure = types.Failure{Message: "Test Panicked", ForwardedPanic: "divide by zero", Location: types.CodeLocation{
				FileName: folder + "/add.go", LineNumber: 10,
				FullStackTrace: "github.com/onsi/ginkgo/v2/internal.(*Suite).runNode.func4.1()\n\t/mod/ginkgo/suite.go:9 +0x7\npanic({0x1, 0x2})\n\t/go/src/runtime/panic.go:792 +0x132\nruntime.panicdivide()\n\t/go/src/runtime/panic.go:242 +0x1\n" + trace,
			}}
		}, func(s results.Spec) bool {
			return s.FailureAt == "calc.go:7" && s.State == results.Panicked && s.Failure == "Test Panicked: divide by zero"
		}},
		"a node before the spec": {func(s *types.SpecReport) {
			s.State = types.SpecStateFailed
			s.Failure = types.Failure{Message: "no", FailureNodeType: types.NodeTypeBeforeAll, Location: types.CodeLocation{FileName: folder + "/all.go", LineNumber: 3}}
		}, func(s results.Spec) bool { return s.FailedIn == "BeforeAll" && s.FailureAt == "ver/all.go:3" }},
		"an earlier spec of the container": {func(s *types.SpecReport) {
			s.State, s.NumAttempts, s.Failure = types.SpecStateSkipped, 0, types.Failure{Message: "Spec skipped because an earlier spec in an ordered container failed"}
		}, func(s results.Spec) bool { return s.State == results.Prevented }},
		"an author who skips": {func(s *types.SpecReport) {
			s.State, s.NumAttempts, s.Failure = types.SpecStateSkipped, 0, types.Failure{Message: "Spec skipped because Skip() was called in BeforeSuite"}
		}, func(s results.Spec) bool { return s.State == results.Skipped }},
		"the time of the suite": {func(s *types.SpecReport) {
			s.State, s.Failure = types.SpecStateTimedout, types.Failure{Message: "A suite timeout occurred"}
		}, func(s results.Spec) bool { return s.SuiteTimeUp && s.State == results.TimedOut }},
		"its own time": {func(s *types.SpecReport) {
			s.State, s.Failure = types.SpecStateTimedout, types.Failure{Message: "A spec timeout occurred"}
		}, func(s results.Spec) bool { return !s.SuiteTimeUp && s.State == results.TimedOut }},
		"a cleanup": {func(s *types.SpecReport) {
			s.AdditionalFailures = []types.AdditionalFailure{{State: types.SpecStateFailed, Failure: types.Failure{Message: "left a file"}}}
		}, func(s results.Spec) bool { return s.Cleanup == "left a file" && s.State == results.Passed }},
		"a repeated spec": {func(s *types.SpecReport) { s.MaxMustPassRepeatedly = 3; s.NumAttempts = 3 }, func(s results.Spec) bool { return s.Repeated && s.Attempts == 3 }},
		"no state":        {func(s *types.SpecReport) { s.State = types.SpecStateInvalid }, func(s results.Spec) bool { return s.State == results.Unknown }},
	} {
		t.Run(name, func(t *testing.T) {
			r := suite(evidence.Run{Suite: evidence.Suite{Module: "example.com/calc", Package: "example.com/calc/ver"}}, spec(c.change))
			if s := parsed(t, r).Suites[0].Specs[0]; !c.want(s) {
				t.Errorf("%+v", s)
			}
		})
	}
}

func TestNodesOfTheSuite(t *testing.T) {
	r := suite(evidence.Run{}, spec())
	r.SuiteSucceeded = false
	r.SpecReports = append(r.SpecReports, types.SpecReport{
		LeafNodeType: types.NodeTypeAfterSuite, LeafNodeLocation: types.CodeLocation{FileName: folder + "/suite_test.go", LineNumber: 4},
		State: types.SpecStateFailed, Failure: types.Failure{Message: "left a process", Location: types.CodeLocation{FileName: folder + "/suite_test.go", LineNumber: 9}},
	}, types.SpecReport{LeafNodeType: types.NodeTypeAfterSuite, State: types.SpecStateInterrupted})
	s := parsed(t, r).Suites[0]
	if want := []results.Problem{{Place: "ver/suite_test.go:9", Text: "AfterSuite failed: left a process"}}; !slices.Equal(s.Problems, want) {
		t.Errorf("%+v", s.Problems)
	}
	r.SpecReports = append(r.SpecReports[:2:2], r.SpecReports[0])
	if s := parsed(t, r).Suites[0]; len(s.Problems) != 1 || len(s.Incomplete) != 1 {
		t.Errorf("%+v %q", s.Problems, s.Notes)
	}
}

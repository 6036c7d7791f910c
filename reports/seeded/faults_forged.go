package seeded

import (
	"slices"
	"strings"
	"time"

	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/read/ginkgo"
)

// forgedFaults hide a failure with some care: no count and no state gives them away,
// but something else that the evidence says.
func forgedFaults() []row {
	counted := func(total, chosen int) func(*damaged) {
		return onSuite(func(s *suite) { s.Report.PreRunStats = ginkgo.Stats{TotalSpecs: total, SpecsThatWillRun: chosen} })
	}
	return []row{
		{"a spec dropped, and counted as left out by a filter", all(onSuite(func(s *suite) { s.drop("adds") }), counted(4, 3)), sound, 4, "holds 3 of 4 specs", "Ginkgo lists what a filter leaves out"},
		{"more specs than Ginkgo knew of", counted(3, 3), sound, 2, "4 specs", "one of them was put there"},
		{"fewer than no specs chosen", counted(4, -1), "", 2, "was altered", "nobody counts so"},
		{"a failed spec made a node of the suite", all(onSpec("adds", func(s *spec) {
			s.fail()
			s.State, s.Failure, s.LeafNodeType = "passed", ginkgo.Failure{}, "ReportAfterEach"
		}), counted(3, 3)), sound, 2, "holds the evidence of a spec", "only a spec leaves such evidence"},
		{"passed without an attempt", all(onSpec("adds", func(s *spec) { s.NumAttempts = 0 }), counted(4, 3)), sound, 2, "was not tried", "nothing passes that did not begin"},
		{"passed, with the failure left", onSpec("adds", state("passed", "Expected 3 to equal 4")), sound, 2, "Expected 3 to equal 4", "what passed has no reason to fail"},
		{"the first attempt dropped", onLeft("adds", func(e *evidence.Spec) { e.Attempt = 2 }), sound, 2, "attempt 2", "a spec that was tried once has no second attempt"},
		{"the evidence of another spec", onSuite(func(s *suite) { s.named("adds").Left = slices.Clone(s.named("adds more").Left) }), sound, 2, `left evidence of the spec "adds more"`, "evidence names the spec that it is of"},
		{"a later failure of an unknown state", onSpec("adds", func(s *spec) {
			s.AdditionalFailures = []ginkgo.AdditionalFailure{{State: "Failed", Failure: ginkgo.Failure{Message: "left a file"}}}
		}), "", 2, `the state "Failed"`, "an unknown state is not ok"},
		{"a panic that the state does not show", onLeft("adds", func(e *evidence.Spec) { e.Panicked = "calc_test.go:12: nil map" }), aFails, 1, "nil map", "evidence decides: the state cannot make it better"},
		{"a failed precondition that blocks nothing", onLeft("adds", func(e *evidence.Spec) {
			e.Preconditions = []evidence.Verification{{Expected: "a port", Actual: "none", Location: "calc_test.go:11"}}
		}), aPartial, 4, "a precondition did not hold", "a precondition that fails blocks its spec"},
		{"evidence of an older run", all(onLeft("adds", func(e *evidence.Spec) { e.Verifications[0].At = began.Add(-24 * time.Hour) })), sound, 2, "outside of its run", "yesterday's evidence says nothing of today's program"},
		{"evidence of a time to come", onLeft("adds", func(e *evidence.Spec) {
			e.Steps = []evidence.Step{{Number: 1, Text: "add", At: began.Add(24 * time.Hour)}}
		}), sound, 2, "outside of its run", "the clock or the file was altered"},
		{"a manual verification by nobody", all(
			func(e *damaged) {
				e.srs = edited(e.srs, `"A": { "tester": "auto"`, `"A": { "tester": "manual"`)
				e.sources[0].suites[0].Run.SRS.SHA256, e.sources[0].suites[0].Run.Demands = "", nil
			},
			onBoth(func(e *evidence.Spec) { e.Manual = true }),
		), sound, 2, "does not name its tester", "somebody must answer for what a person has seen"},
		{"a suite written twice into a file", func(e *damaged) { e.sources[0].suites = append(e.sources[0].suites, e.sources[0].suites[0]) }, sound, 0, "counts once", "a copy is no second run"},
		{"a failed test without an id, while what failed is justified", func(e *damaged) {
			onSpec("adds", (*spec).fail)(e)
			justify(e)
			e.options.AcceptJustified = true
			e.sources = append(e.sources, &source{name: "hums.xml", edit: func(string) string {
				return "<testsuite name='lamp'><testcase name='hums'><failure/></testcase></testsuite>"
			}})
		}, aFails, 2, "hums", "nobody has justified this failure"},
		{"a key of the counts in other case", replaced(`"SpecsThatWillRun":4`, `"specsThatWillRun":0,"SpecsThatWillRun":4`), sound, 0, "", "keys are exact"},
		{"a spec of no type", all(replacedAll(`"LeafNodeType":"It"`, `"LeafNodeType":"it"`), counted(0, 0)), "", 2, "holds the evidence of a spec", "only a spec leaves such evidence"},
	}
}

func replacedAll(old, with string) func(*damaged) {
	return onText(func(text string) string { return strings.ReplaceAll(text, old, with) })
}

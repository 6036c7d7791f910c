package seeded

import (
	"strings"
	"time"

	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/read/ginkgo"
)

// converter is a second suite, with a spec of requirement B.
func converter() *suite {
	s := calculator()
	s.Folder, s.Report.SuiteDescription = "/src/conv", "converter"
	s.Run.Suite = evidence.Suite{Module: "example.com/conv", Package: "example.com/conv"}
	s.Specs, s.Report.PreRunStats = nil, ginkgo.Stats{}
	spec := s.add("converts", "B", 10)
	spec.ContainerHierarchyLabels = [][]string{{"protocol:TP-2"}}
	spec.Left[0].Protocol.ID = "TP-2"
	return s
}

// suiteFaults change what belongs to a suite, and to no spec.
func suiteFaults() []row {
	node := func(kind, state, message string) func(*damaged) {
		return onSuite(func(s *suite) {
			s.Report.SuiteSucceeded = false
			s.Nodes = append(s.Nodes, ginkgo.Node{
				LeafNodeType: kind, State: state, LeafNodeLocation: ginkgo.Location{FileName: "/src/calc/suite_test.go", LineNumber: 7},
				Failure: ginkgo.Failure{Message: message},
			})
		})
	}
	special := func(reason string) func(*damaged) {
		return onSuite(func(s *suite) {
			s.Report.SuiteSucceeded = false
			s.Report.SpecialSuiteFailureReasons = []string{reason}
		})
	}
	beside := func(change func(*suite)) func(*damaged) {
		return func(e *damaged) {
			other := converter()
			change(other)
			e.sources[0].suites = append(e.sources[0].suites, other)
		}
	}
	return []row{
		{"another one beside it", beside(func(*suite) {}), sound, 0, "", "suites of one target are taken together"},
		{"its AfterSuite failed", node("AfterSuite", "failed", "left a process"), sound, 2, "suite_test.go:7: AfterSuite failed: left a process", "a suite that breaks at its end may have broken its specs"},
		{"its BeforeSuite failed", all(node("BeforeSuite", "failed", "no port"), onSuite((*suite).skip)), nothingDone, 2, "BeforeSuite failed: no port", "nothing ran, and that is no skip"},
		{"its ReportAfterSuite panicked", node("ReportAfterSuite", "panicked", "nil"), sound, 2, "ReportAfterSuite panicked", "a report that broke may lack something"},
		{"its AfterSuite was interrupted", node("AfterSuite", "interrupted", ""), sound, 0, "", "an interrupt in the last node loses nothing of the specs"},
		{"it did not compile, beside a good one", beside(func(s *suite) {
			s.Specs, s.Run, s.Report.PreRunStats = nil, nil, ginkgo.Stats{}
			s.Report.SuiteSucceeded = false
			s.Report.SpecialSuiteFailureReasons = []string{"Failed to compile conv:\n\n./conv_test.go:9:2: undefined: y"}
		}), sound, 2, "conv_test.go:9: the suite was not built: undefined: y (suite converter)", "the specs that did not compile would have verified something"},
		{"it did not run because another one failed", special("Suite did not run because prior suites failed"), sound, 4, "prior suites failed", "what did not run is missing"},
		{"its time was over", special("Suite Timeout Elapsed"), sound, 4, "Suite Timeout Elapsed", "it was ended early"},
		{"pending specs were forbidden, and are there", special("Detected pending specs and --fail-on-pending is set"), sound, 4, "fail-on-pending", "the suite says that it failed"},
		{"it failed, and nobody says why", onSuite(func(s *suite) { s.Report.SuiteSucceeded = false }), sound, 4, "gives no reason", "a failure without a reason is one"},
		{"fewer specs ran than were chosen", onSuite(func(s *suite) { s.Report.PreRunStats = ginkgo.Stats{TotalSpecs: 5, SpecsThatWillRun: 5} }), sound, 4, "not complete", "a spec is missing"},
		{"a spec was dropped, its count was not", onSuite(func(s *suite) {
			s.drop("adds")
			s.Report.PreRunStats = ginkgo.Stats{TotalSpecs: 4, SpecsThatWillRun: 4}
		}), sound, 4, "not complete", "the counts know of it"},
		{"a spec was dropped with its count", onSuite(func(s *suite) { s.drop("adds") }), sound, 0, "No lock: a deleted spec goes unnoticed.", "only a lock can tell, and the conclusion says that there is none"},
		{"its run was recorded twice", onSuite(func(s *suite) {
			s.Nodes = append(s.Nodes, ginkgo.Node{LeafNodeType: "ReportBeforeSuite", State: "passed", ReportEntries: entries(evidence.RunEntry, *s.Run)})
		}), sound, 2, "the evidence of 2 runs", "nobody knows which is true"},
		{"misuse of the harness", onSuite(func(s *suite) { s.Run.Faults = []string{"suite_test.go:3: trace.Step outside of a spec"} }), sound, 2, "suite_test.go:3: trace.Step outside of a spec", "a mistake of the suite must not pass for a result"},
		{"the target could not be reached", onSuite(func(s *suite) {
			s.Run.Unreachable = "connection refused"
			s.skip()
		}), nothingDone, 3, "connection refused", "no target is no pass"},
		{"it was interrupted before its first spec", onSuite(func(s *suite) {
			s.Run.Interrupted = true
			s.skip()
		}), nothingDone, 4, "interrupted", "nothing was verified"},
		{"one protocol in two places", onSpec("adds", func(s *spec) { s.ContainerHierarchyLocations[0].LineNumber = 99 }), sound, 2, "the protocol TP-1 is already at", "two protocols would be taken for one"},
		{"a protocol within another", onSpec("adds", func(s *spec) {
			s.ContainerHierarchyTexts = append(s.ContainerHierarchyTexts, "inner")
			s.ContainerHierarchyLocations = append(s.ContainerHierarchyLocations, ginkgo.Location{})
			s.ContainerHierarchyLabels = append(s.ContainerHierarchyLabels, []string{"protocol:TP-9"})
		}), sound, 2, "is in several protocols", "a spec belongs to one protocol"},
	}
}

// fileFaults damage the file itself.
func fileFaults() []row {
	cut := func(at func(text string) int) func(*damaged) {
		return onText(func(text string) string { return text[:at(text)] })
	}
	whole := func(with string) func(*damaged) { return onText(func(string) string { return with }) }
	const why = "a damaged file is refused with its place"
	return []row{
		{"cut off in its middle", cut(func(text string) int { return len(text) / 2 }), "", 2, "cut off", why},
		{"cut off before its last byte", cut(func(text string) int { return len(text) - 1 }), "", 2, "cut off", why},
		{"cut off between two specs", cut(func(text string) int { return strings.LastIndex(text, `,{"ContainerHierarchyTexts"`) }), "", 2, "cut off", why},
		{"empty", whole(""), "", 2, "results.json: the file is empty", why},
		{"without a suite", whole("[]"), "", 2, "holds no suite", "nothing was run, and that is no success"},
		{"two reports, one after the other", onText(func(text string) string { return text + text }), "", 2, "something follows the end", "the second would be lost in silence"},
		{"a page of a proxy", whole("<html>502 Bad Gateway</html>"), "", 2, "results.json", why},
		{"a key twice in a spec", replaced(`"State":"passed","RunTime"`, `"State":"failed","State":"passed","RunTime"`), "", 2, `"State" stands twice`, "the last key would hide the first"},
		{"a key twice in evidence", replaced(`\"completed\":true`, `\"completed\":false,\"completed\":true`), "", 2, `"completed" stands twice`, "the last key would hide the first"},
		{"a state that Ginkgo does not have", replaced(`"State":"passed","RunTime"`, `"State":"ok","RunTime"`), "", 2, `the state "ok"`, "an unknown state is not ok"},
		{"a state in other case", replaced(`"State":"passed","RunTime"`, `"State":"Passed","RunTime"`), "", 2, `the state "Passed"`, "an unknown state is not ok"},
		{"a number for a state", replaced(`"State":"passed","RunTime"`, `"State":1,"RunTime"`), "", 2, "/State cannot be a number", why},
		{"evidence cut off within its text", replaced(`\"location\":\"calc_test.go:13\"`, ``), "", 2, "the evidence is broken", why},
		{"evidence of a newer form", replaced(`oneline-evidence/1\",\"title\"`, `oneline-evidence/9\",\"title\"`), "", 2, "oneline-evidence/9", "what is not understood is not judged"},
		{"evidence of no form", replaced(`\"schema\":\"oneline-evidence/1\",\"title\"`, `\"title\"`), "", 2, "does not say of which form", "what is not understood is not judged"},
		{"a spec that took less than no time", onSpec("adds", func(s *spec) { s.RunTime = -1 }), "", 2, "less than no time", "the file was altered"},
		{"a suite that ends before it starts", onSuite(func(s *suite) { s.Report.EndTime = began.Add(-time.Second) }), "", 2, "ends before it starts", "the file or the clock was altered"},
		{"a run that ends before it starts", onSuite(func(s *suite) { s.Run.Ended = began.Add(-time.Second) }), "", 2, "ends before it starts", "the file or the clock was altered"},
		{"a transcript before the spec began", onLeft("adds", func(e *evidence.Spec) { e.Transcript = []evidence.Exchange{{Offset: -1}} }), "", 2, "a negative time", "the file was altered"},
		{"two specs exchanged", onText(func(text string) string {
			return strings.NewReplacer("adds more", "adds", "adds", "adds more").Replace(text)
		}), sound, 0, "", "titles are only titles"},
		{"with a byte order mark", onText(func(text string) string { return "\ufeff" + text }), sound, 0, "", "some editors write one"},
	}
}

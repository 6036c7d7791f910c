package seeded

import (
	"fmt"
	"strings"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/read"
)

// opening is the first line of the file of a test process of the package m/lamp.
func opening(frontEnd, more string) string {
	return `{"schema":"oneline-process/1","open":{"front_end":"` + frontEnd + `","package":"m/lamp","pid":1,"go":"go1","os":"linux/amd64","started":"2026-11-02T10:20:30Z"` + more + "}}\n"
}

// recorded is what a process writes of a spec that verifies one requirement, and
// holds or not. Without a state it never ends.
func recorded(number int, title, id string, held bool, state string) string {
	about := fmt.Sprintf(`"schema":"oneline-evidence/1","title":"%s","location":"lamp_test.go:%d","requirements":["%s"],"attempt":1,"protocol":{"id":"","title":""},"observe":[]`, title, number, id)
	text := fmt.Sprintf(`{"number":%d,"begin":{%s,"completed":false}}`+"\n", number, about)
	text += fmt.Sprintf(`{"number":%d,"spec":{%s,"completed":%v,"verifications":[{"requirements":["%s"],"step":0,"expected":"true","actual":"%v","passed":%v,"location":"lamp_test.go:%d","at":"2026-11-02T10:20:30Z"}]}}`+"\n",
		number, about, state != "", id, held, held, number)
	if state != "" {
		text += fmt.Sprintf(`{"number":%d,"end":{"state":"%s","attempts":1,"seconds":0.1}}`+"\n", number, state)
	}
	return text
}

// closed is the last line of the file of a process that recorded so many specs.
func closed(specs int) string {
	return fmt.Sprintf(`{"close":{"at":"2026-11-02T10:20:31Z","specs":%d}}`+"\n", specs)
}

// lampReport is what Ginkgo writes of specs, each given as title=state.
func lampReport(specs ...string) string {
	var list []string
	for _, text := range specs {
		title, state, _ := strings.Cut(text, "=")
		reason := ""
		if state != "passed" {
			reason = "Ginkgo's reason"
		}
		list = append(list, fmt.Sprintf(`{"LeafNodeType":"It","LeafNodeText":"%s","State":"%s","NumAttempts":1,"Failure":{"Message":"%s"}}`, title, state, reason))
	}
	return fmt.Sprintf(`[{"SuitePath":"/src/lamp","SuiteDescription":"lamp","SuiteSucceeded":true,"PreRunStats":{"TotalSpecs":%d,"SpecsThatWillRun":%d},"SpecReports":[%s]}]`,
		len(list), len(list), strings.Join(list, ","))
}

// joinFaults are those of the sources of one run, which must agree.
func joinFaults() []Fault {
	const pass, fail, untested = reports.Pass, reports.Fail, reports.NotTested
	const burns, blinks = "TestBurns", "TestBlinks"
	var (
		plain  = opening("gotest", "") + recorded(1, burns, "A", true, "passed") + recorded(2, blinks, "B", true, "passed")
		marked = func(test, id, state string) string {
			return event("run", test, "") + attribute(test, "requirement", id) + attribute(test, "oneline", "gotest") + event(state, test, "")
		}
		stream  = event("start", "", "") + marked(burns, "A", "pass") + marked(blinks, "B", "pass") + ended("PASS", "pass")
		spec    = opening("ginkgo", "") + recorded(1, "burns", "A", true, "passed") + recorded(2, "blinks", "B", true, "passed") + closed(2)
		report  = lampReport("burns=passed", "blinks=passed")
		proc    = func(n int) string { return opening("ginkgo", fmt.Sprintf(`,"group":"x","proc":%d,"procs":2`, n)) }
		ok      = read.End{Passed: true}
		starter = func(state string) string {
			return event("run", "TestLamp", "") + output("TestLamp", `Running Suite: lamp - /src/lamp\n`) + event(state, "TestLamp", "")
		}
		suiteRun = event("start", "", "") + starter("pass") + ended("PASS", "pass")
	)
	two := func(a, b string) []File { return []File{{"gotest-1.jsonl", a}, {"gotest.json", b}} }
	suite := func(process, report, stream string) []File {
		return []File{{"ginkgo-1.jsonl", process}, {"ginkgo-1.ginkgo.json", report}, {"gotest.json", stream}}
	}
	return []Fault{
		{Format: "several sources", Name: "nothing, plain tests", Why: "evidence and stream agree", Files: two(plain, stream), End: ok, Verdicts: verdicts(pass, pass), Code: 0},
		{Format: "several sources", Name: "nothing, a Ginkgo suite", Why: "evidence, report and stream agree, and the test that starts the suite is no spec", Files: suite(spec, report, suiteRun), End: ok, Verdicts: verdicts(pass, pass), Code: 0},
		{
			Format: "several sources", Name: "the file of the process dropped", Why: "outcomes of tests that record verifications do not count, even where outcomes are accepted",
			Files: []File{{"gotest.json", stream}}, End: ok, Options: reports.Options{AcceptOutcomes: true}, Verdicts: verdicts(untested, untested), Code: 4, Says: "verifications are not in this file",
		},
		{
			Format: "several sources", Name: "a test dropped from the file of the process", Why: "its outcome does not count",
			Files: two(edited(plain, []string{recorded(2, blinks, "B", true, "passed"), ""}), stream), End: ok, Options: reports.Options{AcceptOutcomes: true}, Verdicts: verdicts(pass, untested), Code: 4, Says: "verifications are not in this file",
		},
		{
			Format: "several sources", Name: "a test dropped from the stream", Why: "the stream knows every test that ran",
			Files: two(plain, edited(stream, []string{marked(blinks, "B", "pass"), ""})), End: ok, Verdicts: verdicts(pass, pass), Code: 2, Says: "the stream of go test does not know it",
		},
		{
			Format: "several sources", Name: "a cleanup failed after the evidence was written", Why: "the end of the test decides",
			Files: two(plain, edited(stream, []string{event("pass", burns, ""), event("fail", burns, ""), ended("PASS", "pass"), ended("FAIL", "fail")})), Verdicts: verdicts(fail, pass), Code: 1, Says: "go test says so",
		},
		{
			Format: "several sources", Name: "a failed test that passed in the stream", Why: "the two contradict each other",
			Files: two(edited(plain, []string{recorded(1, burns, "A", true, "passed"), recorded(1, burns, "A", false, "failed")}), stream), End: ok, Verdicts: verdicts(fail, pass), Code: 2, Says: "contradicts itself",
		},
		{
			Format: "several sources", Name: "a verification changed, the state left", Why: "the verification decides",
			Files: two(edited(plain, []string{recorded(1, burns, "A", true, "passed"), recorded(1, burns, "A", false, "passed")}), stream), End: ok, Verdicts: verdicts(fail, pass), Code: 1,
		},
		{
			Format: "several sources", Name: "a crash in the middle of a test", Why: "it began and never ended",
			Files:    two(opening("gotest", "")+recorded(1, burns, "A", true, ""), event("start", "", "")+edited(marked(burns, "A", "pass"), []string{event("pass", burns, ""), ""})+event("fail", "", "")),
			Verdicts: verdicts(untested, untested), Code: 2, Says: "began and did not end",
		},
		{
			Format: "several sources", Name: "a crash in another test", Why: "the end of the process was not seen, and what passed before may not have been its end",
			Files: two(plain, edited(stream, []string{ended("PASS", "pass"), event("run", "TestHums", "") + event("fail", "", "")})), Verdicts: verdicts(untested, untested), Code: 2, Says: "TestHums began and never ended",
		},
		{
			Format: "several sources", Name: "no stream, and the command failed", Why: "nobody saw the tests end",
			Files: []File{{"gotest-1.jsonl", plain}}, Verdicts: verdicts(untested, untested), Code: 4, Says: "the end of its process was not seen",
		},
		{
			Format: "several sources", Name: "no stream, and the command passed", Why: "its status stands for the end of the tests",
			Files: []File{{"gotest-1.jsonl", plain}}, End: ok, Verdicts: verdicts(pass, pass), Code: 0, Says: "the command ended with status 0",
		},
		{
			Format: "several sources", Name: "ended by whoever started it", Why: "what was running was interrupted, and nobody is to blame",
			Files: []File{{"gotest-1.jsonl", edited(plain, []string{`{"number":2,"end":{"state":"passed","attempts":1,"seconds":0.1}}` + "\n", ""})}}, End: read.End{Interrupted: true}, Verdicts: verdicts(pass, untested), Code: 4, Says: "interrupted",
		},
		{
			Format: "several sources", Name: "a spec failed in Ginkgo's report alone", Why: "the report can make a result worse, and the two contradict each other",
			Files: suite(spec, lampReport("burns=failed", "blinks=passed"), suiteRun), End: ok, Verdicts: verdicts(fail, pass), Code: 2, Says: "contradicts itself",
		},
		{
			Format: "several sources", Name: "a spec passed in Ginkgo's report alone", Why: "the evidence says that it failed",
			Files: suite(edited(spec, []string{recorded(1, "burns", "A", true, "passed"), recorded(1, "burns", "A", false, "failed")}), report, suiteRun), End: ok, Verdicts: verdicts(fail, pass), Code: 2, Says: "contradicts itself",
		},
		{
			Format: "several sources", Name: "a spec dropped from Ginkgo's report", Why: "the report knows every spec that ran",
			Files: suite(spec, lampReport("burns=passed"), suiteRun), End: ok, Verdicts: verdicts(pass, pass), Code: 2, Says: "Ginkgo's report does not know it",
		},
		{
			Format: "several sources", Name: "a spec dropped from the file of its process", Why: "the process says how many it recorded",
			Files: suite(edited(spec, []string{recorded(2, "blinks", "B", true, "passed"), ""}), report, suiteRun), End: ok, Code: 2, Says: "recorded 2 specs",
		},
		{
			Format: "several sources", Name: "the end of a Ginkgo process dropped", Why: "it ended before its suite did",
			Files: []File{{"ginkgo-1.jsonl", edited(spec, []string{closed(2), ""})}}, End: ok, Verdicts: verdicts(pass, pass), Code: 2, Says: "before its suite did",
		},
		{
			Format: "several sources", Name: "the test that starts a suite failed alone", Why: "something failed that no spec shows",
			Files: suite(spec, report, event("start", "", "")+starter("fail")+ended("FAIL", "fail")), Verdicts: verdicts(pass, pass), Code: 2, Says: "no spec of the suite that it starts did",
		},
		{
			Format: "several sources", Name: "one of two Ginkgo processes crashed", Why: "its spec began and never ended",
			Files:    []File{{"ginkgo-1.jsonl", proc(1) + recorded(1, "burns", "A", true, "passed") + closed(1)}, {"ginkgo-2.jsonl", proc(2) + recorded(1, "blinks", "B", true, "")}},
			Verdicts: verdicts(pass, untested), Code: 2, Says: "began and did not end",
		},
		{
			Format: "several sources", Name: "one of two Ginkgo processes crashed, the other waits for it", Why: "the one that crashed is named, and no other",
			Files:    []File{{"ginkgo-1.jsonl", proc(1) + recorded(1, "burns", "A", true, "passed")}, {"ginkgo-2.jsonl", proc(2) + recorded(1, "blinks", "B", true, "")}},
			Verdicts: verdicts(pass, untested), Code: 2, Says: `because of 1 problem: lamp_test.go:1: the spec "blinks" began and did not end`,
		},
		{
			Format: "several sources", Name: "the file of one of two Ginkgo processes dropped", Why: "its specs left nothing",
			Files: []File{{"ginkgo-1.jsonl", proc(1) + recorded(1, "burns", "A", true, "passed") + closed(1)}, {"ginkgo-1.ginkgo.json", report}},
			End:   ok, Verdicts: verdicts(pass, untested), Code: 2, Says: "blinks",
		},
		{
			Format: "several sources", Name: "the file of one of two Ginkgo processes dropped, and the report", Why: "nobody knows what the other has seen",
			Files: []File{{"ginkgo-1.jsonl", proc(1) + recorded(1, "burns", "A", true, "passed") + recorded(2, "blinks", "B", true, "passed") + closed(2)}},
			End:   ok, Verdicts: verdicts(pass, pass), Code: 2, Says: "1 of 2 processes",
		},
		{
			Format: "several sources", Name: "a Ginkgo process of another package in the group", Why: "the end of one suite is not that of another",
			Files: []File{{"ginkgo-1.jsonl", proc(1) + recorded(1, "burns", "A", true, "passed") + closed(1)}, {"ginkgo-2.jsonl", edited(proc(2), []string{"m/lamp", "m/other"}) + recorded(1, "blinks", "B", true, "passed")}},
			End:   ok, Verdicts: verdicts(pass, pass), Code: 2, Says: "1 of 2 processes",
		},
		{
			Format: "several sources", Name: "a Ginkgo process there twice", Why: "one of the two was put there",
			Files: []File{{"ginkgo-1.jsonl", proc(1) + recorded(1, "burns", "A", true, "passed") + closed(1)}, {"ginkgo-2.jsonl", proc(1) + recorded(1, "blinks", "B", true, "passed") + closed(1)}},
			End:   ok, Verdicts: verdicts(pass, pass), Code: 2, Says: "1 of 2 processes",
		},
		{
			Format: "several sources", Name: "an outcome beside verifications", Why: "what was verified counts without it", End: ok,
			Files: append(two(plain, stream), File{"lamp.xml", "<testsuite name='t'><testcase name='x' req='A'/></testsuite>"}), Verdicts: verdicts(pass, pass), Code: 0,
		},
		{
			Format: "several sources", Name: "a failed outcome beside verifications", Why: "a failure always counts", End: ok,
			Files: append(two(plain, stream), File{"lamp.xml", "<testsuite name='t'><testcase name='x' req='A'><failure message='too dark'/></testcase></testsuite>"}), Verdicts: verdicts(fail, pass), Code: 1, Says: "too dark",
		},
	}
}

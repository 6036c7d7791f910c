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
	const ok, failed, interrupted, accepted = "the command passed", "it failed", "it was ended", "it passed, and outcomes are accepted"
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
		starter = func(state string) string {
			return event("run", "TestLamp", "") + output("TestLamp", `Running Suite: lamp - /src/lamp\n`) + event(state, "TestLamp", "")
		}
		suiteRun = event("start", "", "") + starter("pass") + ended("PASS", "pass")
	)
	two := func(a, b string) []File { return []File{{"gotest-1.jsonl", a}, {"gotest.json", b}} }
	suite := func(process, report, stream string) []File {
		return []File{{"ginkgo-1.jsonl", process}, {"ginkgo-1.ginkgo.json", report}, {"gotest.json", stream}}
	}
	rows := []struct {
		name, why string
		files     []File
		end       string
		a, b      reports.Verdict
		code      int
		says      string
	}{
		{"nothing, plain tests", "evidence and stream agree", two(plain, stream), ok, pass, pass, 0, ""},
		{"nothing, a Ginkgo suite", "evidence, report and stream agree, and the test that starts the suite is no spec", suite(spec, report, suiteRun), ok, pass, pass, 0, ""},
		{"the file of the process dropped", "outcomes of tests that record verifications do not count, even where outcomes are accepted", []File{{"gotest.json", stream}}, accepted, untested, untested, 4, "verifications are not in this file"},
		{"a test dropped from the file of the process", "its outcome does not count", two(edited(plain, recorded(2, blinks, "B", true, "passed"), ""), stream), accepted, pass, untested, 4, "verifications are not in this file"},
		{"a test dropped from the stream", "the stream knows every test that ran", two(plain, edited(stream, marked(blinks, "B", "pass"), "")), ok, pass, pass, 2, "the stream of go test does not know it"},
		{"a cleanup failed after the evidence was written", "the end of the test decides", two(plain, edited(stream, event("pass", burns, ""), event("fail", burns, ""), ended("PASS", "pass"), ended("FAIL", "fail"))), failed, fail, pass, 1, "go test says so"},
		{"a failed test that passed in the stream", "the two contradict each other", two(edited(plain, recorded(1, burns, "A", true, "passed"), recorded(1, burns, "A", false, "failed")), stream), ok, fail, pass, 2, "contradicts itself"},
		{"a verification changed, the state left", "the verification decides", two(edited(plain, recorded(1, burns, "A", true, "passed"), recorded(1, burns, "A", false, "passed")), stream), ok, fail, pass, 1, ""},
		{"a crash in the middle of a test", "it began and never ended", two(opening("gotest", "")+recorded(1, burns, "A", true, ""), event("start", "", "")+edited(marked(burns, "A", "pass"), event("pass", burns, ""), "")+event("fail", "", "")), failed, untested, untested, 2, "began and did not end"},
		{"a crash in another test", "the end of the process was not seen, and what passed before may not have been its end", two(plain, edited(stream, ended("PASS", "pass"), event("run", "TestHums", "")+event("fail", "", ""))), failed, untested, untested, 2, "TestHums began and never ended"},
		{"no stream, and the command failed", "nobody saw the tests end", []File{{"gotest-1.jsonl", plain}}, failed, untested, untested, 4, "the end of its process was not seen"},
		{"no stream, and the command passed", "its status stands for the end of the tests", []File{{"gotest-1.jsonl", plain}}, ok, pass, pass, 0, "the command ended with status 0"},
		{"ended by whoever started it", "what was running was interrupted, and nobody is to blame", []File{{"gotest-1.jsonl", edited(plain, `{"number":2,"end":{"state":"passed","attempts":1,"seconds":0.1}}`+"\n", "")}}, interrupted, pass, untested, 4, "interrupted"},
		{"a spec failed in Ginkgo's report alone", "the report can make a result worse, and the two contradict each other", suite(spec, lampReport("burns=failed", "blinks=passed"), suiteRun), ok, fail, pass, 2, "contradicts itself"},
		{"a spec passed in Ginkgo's report alone", "the evidence says that it failed", suite(edited(spec, recorded(1, "burns", "A", true, "passed"), recorded(1, "burns", "A", false, "failed")), report, suiteRun), ok, fail, pass, 2, "contradicts itself"},
		{"a spec dropped from Ginkgo's report", "the report knows every spec that ran", suite(spec, lampReport("burns=passed"), suiteRun), ok, pass, pass, 2, "Ginkgo's report does not know it"},
		{"a spec dropped from the file of its process", "the process says how many it recorded", suite(edited(spec, recorded(2, "blinks", "B", true, "passed"), ""), report, suiteRun), ok, "", "", 2, "recorded 2 specs"},
		{"the end of a Ginkgo process dropped", "it ended before its suite did", []File{{"ginkgo-1.jsonl", edited(spec, closed(2), "")}}, ok, pass, pass, 2, "before its suite did"},
		{"the test that starts a suite failed alone", "something failed that no spec shows", suite(spec, report, event("start", "", "")+starter("fail")+ended("FAIL", "fail")), failed, pass, pass, 2, "no spec of the suite that it starts did"},
		{"one of two Ginkgo processes crashed", "its spec began and never ended", []File{{"ginkgo-1.jsonl", proc(1) + recorded(1, "burns", "A", true, "passed") + closed(1)}, {"ginkgo-2.jsonl", proc(2) + recorded(1, "blinks", "B", true, "")}}, failed, pass, untested, 2, "began and did not end"},
		{"one of two Ginkgo processes crashed, the other waits for it", "the one that crashed is named, and no other", []File{{"ginkgo-1.jsonl", proc(1) + recorded(1, "burns", "A", true, "passed")}, {"ginkgo-2.jsonl", proc(2) + recorded(1, "blinks", "B", true, "")}}, failed, pass, untested, 2, `because of 1 problem: lamp_test.go:1: the spec "blinks" began and did not end`},
		{"the file of one of two Ginkgo processes dropped", "its specs left nothing", []File{{"ginkgo-1.jsonl", proc(1) + recorded(1, "burns", "A", true, "passed") + closed(1)}, {"ginkgo-1.ginkgo.json", report}}, ok, pass, untested, 2, "blinks"},
		{"the file of one of two Ginkgo processes dropped, and the report", "nobody knows what the other has seen", []File{{"ginkgo-1.jsonl", proc(1) + recorded(1, "burns", "A", true, "passed") + recorded(2, "blinks", "B", true, "passed") + closed(2)}}, ok, pass, pass, 2, "1 of 2 processes"},
		{"a Ginkgo process of another package in the group", "the end of one suite is not that of another", []File{{"ginkgo-1.jsonl", proc(1) + recorded(1, "burns", "A", true, "passed") + closed(1)}, {"ginkgo-2.jsonl", edited(proc(2), "m/lamp", "m/other") + recorded(1, "blinks", "B", true, "passed")}}, ok, pass, pass, 2, "1 of 2 processes"},
		{"a Ginkgo process there twice", "one of the two was put there", []File{{"ginkgo-1.jsonl", proc(1) + recorded(1, "burns", "A", true, "passed") + closed(1)}, {"ginkgo-2.jsonl", proc(1) + recorded(1, "blinks", "B", true, "passed") + closed(1)}}, ok, pass, pass, 2, "1 of 2 processes"},
		{"an outcome beside verifications", "what was verified counts without it", append(two(plain, stream), File{"lamp.xml", "<testsuite name='t'><testcase name='x' req='A'/></testsuite>"}), ok, pass, pass, 0, ""},
		{"a failed outcome beside verifications", "a failure always counts", append(two(plain, stream), File{"lamp.xml", "<testsuite name='t'><testcase name='x' req='A'><failure message='too dark'/></testcase></testsuite>"}), ok, fail, pass, 1, "too dark"},
	}
	faults := make([]Fault, len(rows))
	for i, r := range rows {
		f := Fault{
			Format: "several sources", Files: r.files, End: read.End{Passed: r.end == ok || r.end == accepted, Interrupted: r.end == interrupted},
			Options: reports.Options{AcceptOutcomes: r.end == accepted},
		}
		faults[i] = f.judged(r.name, r.why, r.a, r.b, r.code, r.says)
	}
	return faults
}

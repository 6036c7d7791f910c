package seeded

import (
	"slices"
	"strings"

	"github.com/socket-oneline/oneline/reports"
)

// event is a line of a stream of go test about a test of the package m/lamp, or
// about the package if test is empty. more are further keys.
func event(action, test, more string) string {
	if test != "" {
		test = `,"Test":"` + test + `"`
	}
	if more != "" {
		more = "," + more
	}
	return `{"Time":"2026-11-02T10:20:30Z","Action":"` + action + `","Package":"m/lamp"` + test + more + "}\n"
}

// output is a line that a test printed, given as it stands in JSON.
func output(test, text string) string { return event("output", test, `"Output":"`+text+`"`) }

func attribute(test, key, value string) string {
	return event("attr", test, `"Key":"`+key+`","Value":"`+value+`"`)
}

// tested is what go test writes of a test that passed.
func tested(test, id string) string {
	return event("run", test, "") + attribute(test, "requirement", id) + event("pass", test, `"Elapsed":0.1`)
}

// ended is what go test writes at the end of a package.
func ended(word, action string) string { return output("", word+`\n`) + event(action, "", "") }

// lampStream is a stream of three tests that passed, two of A and one of B.
var lampStream = event("start", "", "") + tested("TestBurns", "A") + tested("TestDims", "A") + tested("TestBlinks", "B") + ended("PASS", "pass")

// streamFaults are those of streams of go test -json.
func streamFaults() []Fault {
	const pass, fail, partial, untested = reports.PassOutcome, reports.Fail, reports.Partial, reports.NotTested
	var (
		runDims, passDims, dimsA = event("run", "TestDims", ""), event("pass", "TestDims", `"Elapsed":0.1`), attribute("TestDims", "requirement", "A")
		passBlinks, blinksB      = event("pass", "TestBlinks", `"Elapsed":0.1`), attribute("TestBlinks", "requirement", "B")
		failDims                 = output("TestDims", `    lamp_test.go:9: too dark\n`) + event("fail", "TestDims", "")
		passed, failed           = ended("PASS", "pass"), ended("FAIL", "fail")
		crashed                  = output("", `exit status 3\n`) + event("fail", "", "")
		sub                      = func(state string) string {
			return event("run", "TestDims/half", "") + event(state, "TestDims/half", "")
		}
	)
	changes := []change{
		{"nothing", "every test passed, and outcomes are accepted", nil, pass, pass, 0, "passed by the outcomes of tests alone"},
		{"a test failed", "a failure counts", []string{passDims, failDims, passed, failed}, fail, pass, 1, "too dark"},
		{"a test skipped", "it was not carried out", []string{passDims, output("TestDims", `    lamp_test.go:9: no light\n`) + event("skip", "TestDims", "")}, partial, pass, 4, "skipped: no light"},
		{"the only test of B skipped", "nothing verifies B", []string{passBlinks, event("skip", "TestBlinks", "")}, pass, untested, 4, "skipped"},
		{"the end of a test dropped", "it is not known how it ended", []string{passDims, ""}, partial, pass, 2, "is lost in what it printed"},
		{"the end of the last test dropped", "it is not known how it ended", []string{passBlinks, ""}, pass, untested, 2, "is lost in what it printed"},
		{"the begin of a test dropped", "an attribute and an end without a begin were forged, or something was left out", []string{runDims, ""}, pass, pass, 2, "looks like an event"},
		{"the begin of a test and its attribute dropped", "an end without a begin was forged", []string{runDims, "", dimsA, ""}, pass, pass, 2, "ended before it began"},
		{"a test dropped", "only a lock can tell", []string{runDims, "", dimsA, "", passDims, ""}, pass, pass, 0, ""},
		{"the only test of B dropped", "nothing verifies B any more", []string{tested("TestBlinks", "B"), ""}, pass, untested, 4, "no spec"},
		{"the end of the package dropped", "the run did not end", []string{passed, output("", `PASS\n`)}, pass, pass, 2, "the stream ends before it does"},
		{"the last line of the test binary dropped", "its process ended before its tests did", []string{output("", `PASS\n`), ""}, pass, pass, 2, "with status 0 before its tests were over"},
		{"cut between two events", "the run did not end", []string{passBlinks + passed, ""}, pass, untested, 2, "the stream ends before it does"},
		{"cut in an event", "the run did not end", []string{passBlinks + passed, `{"Time":"2026`}, "", "", 2, "ends in the middle of an event"},
		{"emptied", "nothing was tested", []string{lampStream, ""}, "", "", 2, "empty"},
		{"exchanged for what people read", "it does not say what belongs to which test", []string{lampStream, "=== RUN   TestBurns\n--- PASS: TestBurns (0.00s)\nPASS\nok  \tm/lamp\t0.1s\n"}, "", "", 2, "go test -json"},
		{"an event broken", "what it said is not known", []string{`"Action":"pass"`, `"Action":7`}, "", "", 2, "broken"},
		{"a key written twice", "one of the two is a lie", []string{`"Action":"pass"`, `"Action":"fail","Action":"pass"`}, "", "", 2, "stands twice"},
		{"two ends exchanged", "tests do not overlap unless they are parallel", []string{passDims, "", event("run", "TestBlinks", ""), event("run", "TestBlinks", "") + passDims}, pass, pass, 2, "began while TestDims was running"},
		{"an end written twice", "a line was forged", []string{passDims, passDims + passDims}, pass, pass, 2, "ended twice"},
		{"a forged pass before the failure", "the failure is real", []string{passDims, passDims + failDims, passed, failed}, fail, pass, 2, "ended twice"},
		{"a forged pass of a test that was killed", "the test binary never came to its end", []string{tested("TestBlinks", "B") + passed, crashed}, pass, untested, 2, "before all of its tests had run"},
		{"killed in the second run of a test", "it began and never ended", []string{passDims + tested("TestBlinks", "B") + passed, passDims + runDims + dimsA + crashed}, partial, untested, 2, "never ended"},
		{"a whole test forged in the output of another", "tests do not overlap unless they are parallel", []string{passDims, tested("TestGhost", "B") + passDims, tested("TestBlinks", "B"), ""}, pass, pass, 2, "TestGhost began while TestDims was running"},
		{"a pass forged for a test to come", "it ended before it began", []string{passDims, passBlinks + passDims}, pass, pass, 2, "ended before it began"},
		{"an attribute forged for another test", "a test names its requirements while it runs", []string{passDims, attribute("TestBurns", "requirement", "B") + passDims}, pass, pass, 2, "has an attribute while it does not run"},
		{"a failure changed to a pass", "go test says that the package failed", []string{passed, failed}, pass, pass, 2, "none of its tests did"},
		{"a failure of the package changed to a pass", "TestMain ignores what m.Run returns, or somebody changed it", []string{passDims, failDims}, fail, pass, 2, "ignores what m.Run returns"},
		{"a crash", "a test that began and never ended took its process along", []string{passDims + tested("TestBlinks", "B") + passed, crashed}, partial, untested, 2, "TestDims began and never ended"},
		{"a panic", "the tests after it were not run", []string{passDims, output("TestDims", `panic: oh\n`) + event("fail", "TestDims", ""), tested("TestBlinks", "B") + passed, output("", `exit status 2\n`) + event("fail", "", "")}, fail, untested, 2, "before all of its tests had run"},
		{"a time-out", "what was running did not end", []string{passDims + tested("TestBlinks", "B") + passed, output("TestDims", `panic: test timed out after 1s\n`) + crashed}, partial, untested, 2, "timed out"},
		{"an exit with status 0 in a test", "go test books it as a pass of the test", []string{passDims + tested("TestBlinks", "B") + passed, output("TestDims", `ok  \tm/lamp\t0.1s\n`) + event("pass", "TestDims", "")}, partial, untested, 2, "TestDims began and never ended"},
		{"the package did not build", "nothing was tested", []string{lampStream, `{"ImportPath":"m/lamp [m/lamp.test]","Action":"build-output","Output":"lamp.go:3:1: oh\n"}` + "\n" + `{"ImportPath":"m/lamp [m/lamp.test]","Action":"build-fail"}` + "\n" + event("start", "", "") + event("fail", "", `"FailedBuild":"m/lamp [m/lamp.test]"`)}, untested, untested, 2, "lamp.go:3:1: oh"},
		{"a cached result", "nothing was carried out", []string{passed, output("", `PASS\n`) + output("", `ok  \tm/lamp\t(cached)\n`) + event("pass", "", "")}, untested, untested, 4, "replayed an earlier result"},
		{"no test at all", "a filter matched nothing", []string{tested("TestBurns", "A") + tested("TestDims", "A") + tested("TestBlinks", "B"), ""}, untested, untested, 4, "no test was run in m/lamp"},
		{"a package begun twice", "streams were mixed", []string{runDims, event("start", "", "") + runDims}, pass, pass, 2, "streams were mixed"},
		{"a subtest failed, its parent passed", "a test fails with its subtests", []string{passDims, sub("fail") + passDims}, fail, pass, 2, "a test in it failed"},
		{"a subtest skipped", "it verifies what its parent names", []string{passDims, sub("skip") + passDims}, partial, pass, 4, "skipped"},
		{"a subtest after the end of its parent", "a line was forged", []string{passDims, passDims + sub("pass")}, pass, pass, 2, "was not running"},
		{"repeated, and failed once", "the worst of all runs counts", []string{passDims, passDims + runDims + dimsA + failDims, passed, failed}, fail, pass, 1, "too dark"},
		{"an attribute cut", "ids beyond the 4,096 bytes of a line are lost", []string{blinksB, output("TestBlinks", `\u0016=== ATTR  TestBlinks requirement B,`)}, pass, untested, 2, "longer than the 4,096 bytes"},
		{"an attribute behind output without a line feed", "go test takes it for output, and it can be read all the same", []string{blinksB, output("TestBlinks", `xxx\u0016=== ATTR  TestBlinks requirement B\n`)}, pass, pass, 0, ""},
		{"a failure behind output without a line feed", "go test takes it for output, and it can be read all the same", []string{passDims, output("TestDims", `xxx\u0016--- FAIL: TestDims (0.00s)\n`), passed, failed}, fail, pass, 1, ""},
		{"an id in lower case", "no requirement has this id", []string{`"Value":"B"`, `"Value":"b"`}, pass, untested, 2, "names b, which no requirement"},
		{"a retired id", "no test may name it", []string{`"Value":"B"`, `"Value":"C"`}, pass, untested, 2, "retired"},
		{"several attributes of one name, and a failure", "a test verifies all that it names", []string{dimsA, dimsA + attribute("TestDims", "requirement", "B"), passDims, failDims, passed, failed}, fail, fail, 1, "too dark"},
		{"several ids in one attribute, and a failure", "a test verifies all that it names", []string{dimsA, attribute("TestDims", "verifies", "A, B"), passDims, failDims, passed, failed}, fail, fail, 1, "too dark"},
		{"an attribute dropped", "a test that names no requirement proves nothing", []string{blinksB, ""}, pass, untested, 4, "1 test names no requirement"},
		{"a key misspelled", "a test that names no requirement proves nothing", []string{blinksB, attribute("TestBlinks", "requires", "B")}, pass, untested, 4, "1 test names no requirement"},
		{"the mark of trace/gotest, without its evidence", "what such a test says by its outcome does not count", []string{blinksB, blinksB + attribute("TestBlinks", "oneline", "gotest")}, pass, untested, 4, "verifications are not in this file"},
		{"a result line printed by a program", "without its mark it is output", []string{passDims, output("TestDims", `--- FAIL: TestDims (0.00s)\n`) + passDims}, pass, pass, 0, ""},
		{"a failed test without an id", "something is wrong that no requirement shows", []string{passed, event("run", "TestHums", "") + event("fail", "TestHums", "") + failed}, pass, pass, 2, "no requirement failed"},
		{"lines of other tools between", "they are no events", []string{runDims, "go: downloading example.com/x v1.0.0\n" + runDims}, pass, pass, 0, "no events of go test"},
	}
	sound := Fault{Format: "gotest", Files: []File{{"gotest.json", lampStream}}, Options: reports.Options{AcceptOutcomes: true}}
	other := strings.ReplaceAll(edited(lampStream, passDims, failDims, passed, failed), "m/lamp", "m/other")
	both, strict, interrupted := sound, sound, sound
	both.Files = []File{{"gotest.json", lampStream + other}}
	strict.Options.AcceptOutcomes = false
	interrupted.End.Interrupted = true
	return slices.Concat(sound.changed(changes), []Fault{
		both.judged("a test of the same name in another package failed", "it is another test", fail, pass, 1, "1 of 4 specs"),
		strict.judged("outcomes are not accepted", "an outcome does not say what was checked", untested, untested, 4, "outcomes only"),
	}, interrupted.changed([]change{
		{"ended by whoever started it", "what was running was interrupted, and nobody is to blame", []string{passBlinks + passed, `{"Ti`}, pass, untested, 4, "interrupted"},
	}))
}

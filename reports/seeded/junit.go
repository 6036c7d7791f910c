package seeded

import (
	"strings"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/read"
)

// lampXML is a report of three tests that passed, two of A and one of B.
const lampXML = `<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="3" failures="0" errors="0">
<testsuite name="lamp" tests="3" failures="0" errors="0">
<testcase classname="lamp" name="burns" time="0.1"><properties><property name="requirement" value="A"/></properties></testcase>
<testcase classname="lamp" name="dims" time="0.1"><properties><property name="requirement" value="A"/></properties></testcase>
<testcase classname="lamp" name="blinks" time="0.1"><properties><property name="requirement" value="B"/></properties></testcase>
</testsuite>
</testsuites>
`

const (
	dims      = `<testcase classname="lamp" name="dims" time="0.1"><properties><property name="requirement" value="A"/></properties></testcase>` + "\n"
	blinks    = `<testcase classname="lamp" name="blinks" time="0.1"><properties><property name="requirement" value="B"/></properties></testcase>` + "\n"
	inDims    = `name="dims" time="0.1"><properties><property name="requirement" value="A"/></properties>`
	inBlinks  = `name="blinks" time="0.1"><properties><property name="requirement" value="B"/></properties>`
	rootOfTwo = `tests="2" failures="0" errors="0">` + "\n"
	counts    = `tests="3" failures="0" errors="0">` + "\n"
)

// junitFaults are those of JUnit XML.
func junitFaults() []Fault {
	const (
		pass, fail, partial, untested = reports.PassOutcome, reports.Fail, reports.Partial, reports.NotTested
	)
	changes := []change{
		{"nothing", "every test passed, and outcomes are accepted", nil, pass, pass, 0, "passed by the outcomes of tests alone"},
		{"a case dropped", "the suite claims more tests than it shows", []string{dims, ""}, pass, pass, 2, "claims 3 tests, and shows 2"},
		{"the only case of B dropped, with its counts", "nothing verifies B any more", []string{blinks, "", counts, rootOfTwo, counts, rootOfTwo}, pass, untested, 4, "no spec"},
		{"a case failed", "a failure counts", []string{inDims, inDims + "<failure message='too dark'/>"}, fail, pass, 1, "too dark"},
		{"a case in error", "an error is a failure", []string{inDims, inDims + "<error message='no power'/>"}, fail, pass, 1, "no power"},
		{"a case failed and skipped", "the worse counts", []string{inDims, inDims + "<skipped/><failure message='too dark'/>"}, fail, pass, 1, "too dark"},
		{"a case skipped", "it was not carried out", []string{inDims, inDims + "<skipped message='no light'/>"}, partial, pass, 4, "skipped: no light"},
		{"the only case of B skipped", "nothing verifies B", []string{inBlinks, inBlinks + "<skipped/>"}, pass, untested, 4, "skipped"},
		{"a failure removed, its count left", "the suite claims a failure that it does not show", []string{counts, "tests=\"3\" failures=\"1\" errors=\"0\">\n"}, pass, pass, 2, "claims 1 failures and errors, and shows 0"},
		{"an error removed, its count left in the suite", "the suite claims an error that it does not show", []string{`name="lamp" tests="3" failures="0" errors="0"`, `name="lamp" tests="3" failures="0" errors="1"`}, pass, pass, 2, "claims 1 failures and errors"},
		{"all cases dropped", "a suite without cases is no evidence, and claims some", []string{lampXML[strings.Index(lampXML, "<testcase"):strings.Index(lampXML, "</testsuite>")], ""}, untested, untested, 2, "shows 0"},
		{"all cases dropped, with their counts", "a suite without cases is no evidence", []string{lampXML[strings.Index(lampXML, "<testcase"):strings.Index(lampXML, "</testsuite>")], "", ` tests="3"`, "", ` tests="3"`, ""}, untested, untested, 4, "no test case"},
		{"cut in a case", "the run did not end, or the file was cut", []string{lampXML[strings.Index(lampXML, ` name="dims"`):], ""}, "", "", 2, "ends in the middle"},
		{"cut behind a case", "the run did not end, or the file was cut", []string{"</testsuite>\n</testsuites>\n", ""}, "", "", 2, "ends in the middle"},
		{"emptied", "an empty file says nothing", []string{lampXML, ""}, "", "", 2, "empty"},
		{"exchanged for an error page", "it is no report", []string{lampXML, "<html><body>502</body></html>"}, "", "", 2, "no JUnit XML"},
		{"followed by another report", "two reports in one file are none", []string{"</testsuites>\n", "</testsuites>\n<testsuites/>\n"}, "", "", 2, "something follows"},
		{"a tag exchanged", "it is not well-formed", []string{"</testcase>", "</testsuite>"}, "", "", 2, "no well-formed XML"},
		{"an entity declared", "its text could stand for anything", []string{"<testsuites", "<!DOCTYPE t [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><testsuites"}, "", "", 2, "document type"},
		{"elements within each other, without end", "it is no report, and would fill the memory", []string{dims, strings.Repeat("<testsuite>", 1000)}, "", "", 2, "deep"},
		{"a case passed at the second try", "a test that was tried again failed before", []string{inDims, inDims + "<flakyFailure message='too dark'/>"}, fail, pass, 1, "tried 2 times"},
		{"a case that errored at the first try", "a test that was tried again failed before", []string{inDims, inDims + "<flakyError message='no power'/>"}, fail, pass, 1, "tried 2 times"},
		{"the first failure dropped, the second left", "a rerun is written for a test that failed", []string{inDims, inDims + "<rerunFailure message='too dark'/>"}, fail, pass, 1, "too dark"},
		{"a property written twice", "pytest writes it so for a test that it ran again, and not what became of the first try", []string{inBlinks, strings.Replace(inBlinks, "</properties>", `<property name="requirement" value="B"/></properties>`, 1)}, pass, untested, 4, "names B twice"},
		{"a case written twice, once as failed", "an equal test is another try, and the worse one counts", []string{dims, dims + strings.Replace(dims, "</testcase>", "<failure message='too dark'/></testcase>", 1)}, fail, pass, 1, "too dark"},
		{"a case written twice, the failed one without its id", "an equal test is another try, whatever it names", []string{dims, dims + "<testcase classname='lamp' name='dims'><failure message='too dark'/></testcase>\n"}, fail, pass, 1, "too dark"},
		{"a status that says failed", "GoogleTest and Ginkgo say it so too", []string{`name="dims"`, `name="dims" status="failed"`}, fail, pass, 1, "its status says so"},
		{"a status that says not run", "GoogleTest writes disabled tests so, without an element", []string{`name="dims"`, `name="dims" status="notrun" result="suppressed"`}, partial, pass, 4, "skipped"},
		{"a status that nobody knows", "it is not known what became of the test", []string{`name="dims"`, `name="dims" status="frobnicated"`}, partial, pass, 4, "not known"},
		{"an id in lower case", "no requirement has this id", []string{`value="B"`, `value="b"`}, pass, untested, 2, "names b, which no requirement"},
		{"two ids joined by a semicolon", "ids are separated by commas or blanks, and no requirement has this one", []string{`value="B"`, `value="A;B"`}, pass, untested, 2, "A;B"},
		{"a retired id", "no test may name it", []string{`value="B"`, `value="C"`}, pass, untested, 2, "retired"},
		{"an id dropped", "a test that names no requirement proves nothing", []string{`<property name="requirement" value="B"/>`, ""}, pass, untested, 4, "1 test names no requirement"},
		{"a property misspelled", "a test that names no requirement proves nothing", []string{`<property name="requirement" value="B"/>`, `<property name="requirment" value="B"/>`}, pass, untested, 4, "1 test names no requirement"},
		{"a property of the whole suite", "only a test can name its requirements", []string{`<testcase classname="lamp" name="burns"`, `<properties><property name="requirement" value="B"/></properties><testcase classname="lamp" name="burns"`, `<property name="requirement" value="B"/></properties></testcase>`, "</properties></testcase>"}, pass, untested, 4, "ignored"},
		{"a failed test without an id beside tests that passed", "something is wrong that no requirement shows", []string{"</testsuite>", "<testcase name='hums'><failure/></testcase></testsuite>"}, pass, pass, 2, "no requirement failed"},
		{"the suite failed outside of its tests", "what it tore down, or could not set up, is not known", []string{"</testsuite>", "<error message='no teardown'/></testsuite>"}, pass, pass, 2, "no teardown"},
		{"a failure in a nested suite", "nested suites count", []string{dims, "<testsuite name='inner'>" + strings.Replace(dims, "</testcase>", "<failure message='too dark'/></testcase>", 1) + "</testsuite>"}, fail, pass, 1, "too dark"},
		{"a failure beside a nested suite", "cases beside nested suites count", []string{dims, "<testsuite name='inner'>" + dims + "</testsuite><testcase name='hums' req='A'><failure message='too loud'/></testcase>"}, fail, pass, 1, "too loud"},
		{"a failure in no suite", "cases that stand in the root count", []string{"</testsuites>", "<testcase name='hums' req='A'><failure message='too loud'/></testcase></testsuites>"}, fail, pass, 1, "too loud"},
		{"a failure in a suite that is the root", "a file may hold one suite alone", []string{"<testsuites " + counts, "", "</testsuites>\n", "", inDims, inDims + "<failure message='too dark'/>"}, fail, pass, 1, "too dark"},
		{"a failure in a comment", "what a comment says is not written", []string{inDims, inDims + "<!-- <failure/> -->"}, pass, pass, 0, ""},
		{"a failure in the output of a test", "what a test prints is no result", []string{inDims, inDims + "<system-out>&lt;failure/&gt;<![CDATA[<failure/>]]></system-out>"}, pass, pass, 0, ""},
		{"a dry run of Ginkgo", "nothing was carried out", []string{`<testcase classname="lamp" name="burns"`, `<properties><property name="DryRun" value="true"/></properties><testcase classname="lamp" name="burns"`}, untested, untested, 4, "dry run"},
		{"a test of trace/gotest, by gotestsum", "what such a test says by its outcome does not count", []string{inBlinks, strings.Replace(inBlinks, "</properties>", `<property name="oneline" value="gotest"/></properties>`, 1)}, pass, untested, 4, "verifications are not in this file"},
		{"a failed test of trace/gotest, by gotestsum", "a failure always counts", []string{inBlinks, strings.Replace(inBlinks, "</properties>", `<property name="oneline" value="gotest"/></properties><failure message='too dark'/>`, 1)}, pass, fail, 1, "too dark"},
		{"a spec of package trace, by Ginkgo's JUnit", "what such a spec says by its outcome does not count", []string{blinks, `<testcase classname="lamp" name="[It] a protocol blinks [protocol:TP-1, req:B]"/>` + "\n"}, pass, untested, 4, "verifications are not in this file"},
		{"AfterSuite of Ginkgo failed", "what it tears down is not known", []string{"</testsuite>", `<testcase name="[AfterSuite]" classname="lamp" status="failed"><failure message="no teardown"/></testcase></testsuite>`}, pass, pass, 2, "no teardown"},
		{"a skipped case passed, its count left", "the suite claims a skipped test that it does not show", []string{`name="lamp" tests="3"`, `name="lamp" skipped="1" tests="3"`}, pass, pass, 2, "claims 1 skipped"},
		{"a failure whose count an error of -1 takes away", "nobody counts so", []string{counts, `tests="3" failures="1" errors="-1">` + "\n"}, pass, pass, 2, "is no number"},
		{"a count in words", "what is not understood may be a failure", []string{counts, `tests="3" failures="one" errors="0">` + "\n"}, pass, pass, 2, "is no number"},
		{"a failed case within an unknown element", "what stands within an element that nobody knows counts too", []string{dims, "<archived>" + strings.Replace(dims, "</testcase>", "<failure message='too dark'/></testcase>", 1) + "</archived>"}, fail, pass, 1, "too dark"},
		{"a failure within an unknown element", "what stands within an element that nobody knows counts too", []string{inDims, inDims + "<details><failure message='too dark'/></details>"}, fail, pass, 1, "too dark"},
		{"a failure in other case", "a failure counts, however it is written", []string{inDims, inDims + "<Failure message='too dark'/>"}, fail, pass, 1, "too dark"},
		{"a failure among the properties", "a failure counts, wherever it stands", []string{inDims, strings.Replace(inDims, "</properties>", "<failure message='too dark'/></properties>", 1)}, fail, pass, 1, "too dark"},
		{"a failed case within another", "a failure counts, wherever it stands", []string{inDims, inDims + "<testcase name='inner'><failure message='too dark'/></testcase>"}, fail, pass, 1, "too dark"},
		{"Ginkgo tried a spec again", "Ginkgo writes only in its output that the first try failed", []string{`name="blinks" time="0.1">`, `name="[It] blinks" time="0.1"><system-err>Attempt #1 Failed.  Retrying</system-err>`}, pass, fail, 1, "tried 2 times"},
	}
	sound := Fault{Format: "junit", Files: []File{{"lamp.xml", lampXML}}, End: read.End{Passed: true}, Options: reports.Options{AcceptOutcomes: true}}
	of := func(o reports.Options, files ...File) Fault { return Fault{Format: "junit", Files: files, Options: o} }
	strict, accepted := reports.Options{}, reports.Options{AcceptOutcomes: true}
	lamp, failed := sound.Files[0], File{"lamp.xml", edited(lampXML, inDims, inDims+"<failure message='too dark'/>")}
	return append(sound.changed(changes),
		of(strict, lamp).judged("outcomes are not accepted", "an outcome does not say what was checked", untested, untested, 4, "outcomes only"),
		of(strict, failed).judged("outcomes are not accepted, and one failed", "a failure always counts", fail, untested, 1, "too dark"),
		of(accepted, File{"lamp.json", failed.Text}).judged("a failure in a file of another name", "the content of a file tells its format", fail, pass, 1, "too dark"),
		of(accepted, lamp, File{"copy.xml", lampXML}).judged("given twice", "the same bytes count once", pass, pass, 0, "counts once"),
		of(accepted, lamp, File{"older.xml", failed.Text}).judged("given with an older report, which failed", "an equal test in other evidence is another try, and the worse one counts", fail, pass, 1, "too dark"),
		of(reports.Options{AcceptOutcomes: true, Untagged: reports.RefuseUntagged}, File{"lamp.xml", edited(lampXML, `<property name="requirement" value="B"/>`, "")}).judged(
			"a test without an id, where that is refused", "every test is to name a requirement", pass, untested, 2, "refused"),
	)
}

package seeded

import (
	"strings"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/read"
)

// processFaults are those of the file of one test process.
func processFaults() []Fault {
	const pass, fail, untested = reports.Pass, reports.Fail, reports.NotTested
	var (
		burns  = recorded(1, "burns", "A", true, "passed")
		blinks = recorded(2, "blinks", "B", true, "passed")
		whole  = opening("ginkgo", "") + burns + blinks + closed(2)
		lines  = strings.SplitAfter(blinks, "\n") // begin, evidence, end
	)
	sound := Fault{Format: "process", Files: []File{{"ginkgo-1.jsonl", whole}}, End: read.End{Passed: true}}
	damaged := func(name, why string, a, b reports.Verdict, code int, says string, pairs ...string) Fault {
		return sound.changed([]change{{name, why, pairs, a, b, code, says}})[0]
	}
	refused := func(name, why, says string, pairs ...string) Fault {
		return damaged(name, why, "", "", reports.ExitNothing, says, pairs...)
	}
	// second changes the evidence of the second spec.
	second := func(from, to string) []string { return []string{lines[1], edited(lines[1], from, to)} }
	ends := func(from, to string) []string { return []string{lines[2], edited(lines[2], from, to)} }
	twice := damaged("the file given twice", "equal evidence counts once", pass, pass, 0, "")
	twice.Files = append(twice.Files, File{"ginkgo-2.jsonl", whole})
	other := damaged("a spec of another package with the same title", "it is another spec", fail, pass, 1, "")
	other.Files = append(other.Files, File{"ginkgo-2.jsonl", edited(whole, "m/lamp", "m/other", burns, recorded(1, "burns", "A", false, "failed"))})
	again := damaged("a second process of the package that failed", "another try of a spec counts, and the worse decides", pass, fail, 1, "")
	again.Files = append(again.Files, File{"ginkgo-2.jsonl", edited(whole, blinks, recorded(2, "blinks", "B", false, "failed"))})

	return []Fault{
		damaged("nothing", "it is whole", pass, pass, 0, ""),
		refused("emptied", "a process that wrote nothing is no evidence", "is empty", whole, ""),
		refused("of an unknown form", "what another release writes may mean something else", "is of the form", "oneline-process/1", "oneline-process/9"),
		refused("the opening dropped", "it is not known whose evidence it is", "", opening("ginkgo", ""), ""),
		refused("a second opening", "two files were put together", "opening record", blinks, opening("ginkgo", "")+blinks),
		refused("the begin of a spec dropped", "evidence of a spec that has not begun was put there", "about no spec that has begun", lines[0], ""),
		damaged("the evidence of a spec dropped", "it passed, and nothing says what was verified", pass, untested, 4, "", lines[1], ""),
		damaged("the end of a spec dropped", "it began and never ended, though the suite closed", pass, untested, 2, "began and did not end", lines[2], ""),
		damaged("a spec dropped with its evidence, not with its end", "its process says how many it recorded", "", "", 2, "about no spec", lines[0]+lines[1], ""),
		damaged("cut in the evidence of a spec", "the process was killed as it wrote", pass, untested, 2, "began and did not end", lines[1]+lines[2]+closed(2), lines[1][:40]),
		damaged("cut in the last line", "the process did not live to close", pass, pass, 2, "before its suite did", closed(2), closed(2)[:9]),
		damaged("cut after the opening", "it ended before its first spec", untested, untested, 2, "outside of its specs", burns+blinks+closed(2), ""),
		refused("a line in the middle cut", "a crash cuts the last line only", "is broken", lines[1], lines[1][:40]+"\n"),
		refused("a key twice", "it is not known which one holds", "stands twice", `"specs":2`, `"specs":2,"specs":2`),
		refused("two specs exchanged", "numbers follow the order of their begin", "about no spec", burns+blinks, blinks+burns),
		refused("the evidence of two specs exchanged", "evidence names the spec that it is of", "of another spec", `{"number":2,"spec"`, `{"number":1,"spec"`),
		damaged("the evidence of a spec duplicated", "it is the same attempt", pass, pass, 0, "", lines[1], lines[1]+lines[1]),
		refused("a spec dropped with its end, and the close left", "its process says how many it recorded", "recorded 2 specs", blinks, ""),
		damaged("a state that nothing has", "the file was altered", "", "", 2, "no end that is possible", ends("passed", "fine")...),
		damaged("a negative time", "the file was altered", "", "", 2, "no end that is possible", ends("0.1", "-0.1")...),
		refused("an end before the start", "the file was altered", "ends before it starts", "10:20:31Z", "10:20:29Z"),
		damaged("a passed spec that failed", "it failed, whatever it verified", pass, fail, 1, "failed", ends("passed", "failed")...),
		damaged("a passed spec that panicked", "it failed, whatever it verified", pass, fail, 1, "panicked", ends("passed", "panicked")...),
		damaged("a passed spec that was skipped", "it did not run to its end", pass, untested, 4, "by its author", ends("passed", "skipped")...),
		damaged("a passed spec that was tried twice", "a spec is tried again only where it failed", pass, fail, 1, "tried 2 times", ends(`"attempts":1`, `"attempts":2`)...),
		damaged("a cleanup that failed", "a spec fails with its cleanup", pass, fail, 1, "no power", ends(`"attempts":1`, `"attempts":1,"cleanup":"no power"`)...),
		damaged("a failed spec passed in its state", "the verification decides", pass, fail, 1, "", blinks, recorded(2, "blinks", "B", false, "passed")),
		damaged("a verification flipped", "what did not hold failed", pass, fail, 1, "", second(`"passed":true`, `"passed":false`)...),
		damaged("the verifications of a spec dropped", "it verified nothing", pass, untested, 4, "", second(`"verifications"`, `"planned"`)...),
		damaged("a verification in a BeforeEach alone", "what a shared node verifies is no evidence for one spec", pass, untested, 4, "BeforeEach", second(`"step":0`, `"node":"BeforeEach","step":0`)...),
		damaged("a failed verification in a BeforeEach", "a failure counts wherever it was found", pass, fail, 1, "", second(`"expected":"true","actual":"true","passed":true`, `"node":"BeforeEach","expected":"true","actual":"false","passed":false`)...),
		damaged("a spec that did not complete", "something ended it", pass, untested, 4, "did not run to its end", second(`"completed":true`, `"completed":false`)...),
		damaged("a spec that was blocked", "its precondition did not hold", pass, untested, 4, "no bulb", second(`"completed":true`, `"completed":false,"blocked":"no bulb"`)...),
		damaged("a target that did not survive", "the spec fails for it", pass, fail, 1, "smoke", second(`"completed":true`, `"completed":true,"dead_target":"smoke"`)...),
		damaged("a spec that misused the harness", "nothing can be concluded", pass, pass, 2, "asserts nothing", second(`"completed":true`, `"completed":true,"faults":["lamp_test.go:9: trace.Verify asserts nothing"]`)...),
		damaged("a fault of no spec", "nothing can be concluded", pass, pass, 2, "after the end", closed(2), `{"fault":"lamp_test.go:9: trace.Verify after the end of its spec"}`+"\n"+closed(2)),
		damaged("a fault after the close", "a goroutine outlived the suite", pass, pass, 2, "after the end", closed(2), closed(2)+`{"fault":"lamp_test.go:9: trace.Verify after the end of its spec"}`+"\n"),
		damaged("a verification of another spec's requirement", "the spec is not labeled with it", pass, untested, 2, "names A", second(`"requirements":["B"],"step"`, `"requirements":["A"],"step"`)...),
		damaged("an id in other case", "it is another id", pass, untested, 2, "b", blinks, recorded(2, "blinks", "b", true, "passed")),
		damaged("an unknown id", "no requirement has it", pass, untested, 2, "B-9", blinks, recorded(2, "blinks", "B-9", true, "passed")),
		damaged("a retired id", "it must not be verified any more", pass, untested, 2, "retired", blinks, recorded(2, "blinks", "C", true, "passed")),
		damaged("a dry run", "nothing was carried out", untested, untested, 4, "dry run", opening("ginkgo", ""), opening("ginkgo", `,"dry_run":true`)),
		damaged("a run type that nobody knows", "it is not known what it would mean", pass, pass, 2, "banana", closed(2), `{"run":{"schema":"oneline-evidence/1","type":"banana"}}`+"\n"+closed(2)),
		damaged("a run type set by hand", "the tool alone gives a type", pass, pass, 0, "is ignored", closed(2), `{"run":{"schema":"oneline-evidence/1","type":"formal"}}`+"\n"+closed(2)),
		refused("a run that ended before it began", "the file was altered", "ends before it starts", closed(2), `{"run":{"schema":"oneline-evidence/1","type":"dev","started":"2026-11-02T10:20:30Z","ended":"2026-11-02T10:20:29Z"}}`+"\n"+closed(2)),
		damaged("a spec that a filter left out", "it was not carried out", pass, untested, 4, "", blinks, lines[0]+edited(lines[2], "passed", "skipped", `"attempts":1`, `"attempts":0`), `"specs":2`, `"specs":2,"filtered":true`),
		damaged("no specs", "nothing was run", untested, untested, 4, "", burns+blinks+closed(2), closed(0)),
		refused("a spec behind the close", "the process had ended", "after the closing record", closed(2), closed(2)+recorded(3, "hums", "B", true, "passed")),
		refused("evidence behind the close", "the process had ended", "after the closing record", closed(2), closed(2)+lines[1]),
		refused("a failed verification taken back", "what was found stays found", "takes back", blinks, recorded(2, "blinks", "B", false, "passed")+lines[1]+lines[2]),
		refused("a requirement of a spec taken back", "what was found stays found", "takes back", lines[1], edited(lines[1], `"requirements":["B"],"attempt"`, `"requirements":["B","A"],"attempt"`)+lines[1]),
		refused("a failed end taken back", "an end can only get worse", "takes back", lines[2], edited(lines[2], "passed", "failed")+lines[2]),
		damaged("a passed spec with the reason of its failure", "what passed has no reason to fail", pass, pass, 2, "too dark", ends(`"attempts":1`, `"attempts":1,"failure":"too dark"`)...),
		damaged("a passed spec without an attempt", "nothing passes that did not begin", pass, pass, 2, "was not tried", ends(`"attempts":1`, `"attempts":0`)...),
		damaged("the first attempt of a spec dropped", "a spec that was tried once has no second attempt", pass, pass, 2, "attempt 2", second(`"attempt":1`, `"attempt":2`)...),
		damaged("evidence of an older run", "it says nothing of this one", pass, pass, 2, "outside of its run", second("2026-11-02T10:20:30Z", "2025-11-02T10:20:30Z")...),
		twice, other, again,
	}
}

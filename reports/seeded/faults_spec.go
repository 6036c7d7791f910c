package seeded

import (
	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/read/ginkgo"
)

// Verdicts that many faults have in common.
const (
	sound       = "A PASS, B PASS"
	aFails      = "A FAIL, B PASS"
	aPartial    = "A PARTIAL, B PASS"
	aNotTested  = "A NOT TESTED, B PASS"
	nothingDone = "A NOT TESTED, B NOT TESTED"
)

// specFaults change what one spec left.
func specFaults() []row {
	attempt := func(change ...func(*evidence.Spec)) func(*spec) {
		return func(s *spec) {
			for _, c := range change {
				again := s.Left[0]
				again.Verifications = append([]evidence.Verification(nil), again.Verifications...)
				again.Attempt = len(s.Left) + 1
				c(&again)
				s.Left = append(s.Left, again)
			}
			s.NumAttempts = len(s.Left)
		}
	}
	same := func(*evidence.Spec) {}
	fails := func(e *evidence.Spec) { e.Verifications[0].Passed = false }
	setup := func(e *evidence.Spec) {
		for i := range e.Verifications {
			e.Verifications[i].Node = "BeforeEach"
		}
	}
	return []row{
		{"none", nil, sound, 0, "2 of 2 requirements tested", "sound evidence passes, or the rest of this table would prove nothing"},
		{"a verification failed", onSpec("adds", (*spec).fail), aFails, 1, "1 of 2 verifications failed", "one verification that does not hold fails its requirement"},
		{"its state flipped to passed though a verification failed", onSpec("adds", func(s *spec) { s.fail(); state("passed", "")(s) }), aFails, 1, "", "evidence decides: the state cannot make it better"},
		{"its state flipped to failed though all verifications hold", onSpec("adds", state("failed", "boom")), aFails, 1, "it failed: boom", "the state can only make it worse"},
		{"it panicked", onSpec("adds", func(s *spec) {
			s.State, s.Failure = "panicked", ginkgo.Failure{Message: "Test Panicked", ForwardedPanic: "nil map"}
		}), aFails, 1, "it panicked: Test Panicked: nil map", "what broke has not met its requirement"},
		{"it exceeded its own time", onSpec("adds", state("timedout", "A spec timeout occurred")), aFails, 1, "exceeded its time", "a hanging target fails"},
		{"the time of the suite was over", onSpec("adds", state("timedout", "A suite timeout occurred")), aPartial, 4, "the time of the suite was over", "the spec is not to blame for it"},
		{"it was interrupted", onSpec("adds", state("interrupted", "Interrupted by User")), aPartial, 4, "interrupted", "an interrupt blames nobody, and is no pass"},
		{"it aborted the suite", onSpec("adds", state("aborted", "no use")), aFails, 1, "aborted", "AbortSuite is a failure"},
		{"its cleanup failed", onSpec("adds", func(s *spec) {
			s.AdditionalFailures = []ginkgo.AdditionalFailure{{State: "failed", Failure: ginkgo.Failure{Message: "left a file"}}}
		}), aFails, 1, "its cleanup failed: left a file", "a failure after the end is one"},
		{"it was tried again, and passed", onSpec("adds", attempt(same)), aFails, 1, "it was tried 2 times", "a retry hides a failure"},
		{"the first attempt failed, the second passed", onSpec("adds", func(s *spec) {
			fails(&s.Left[0])
			attempt(func(e *evidence.Spec) { e.Verifications[0].Passed = true })(s)
		}), aFails, 1, "", "the worst attempt counts"},
		{"it had to pass three times, and did", onSpec("adds", func(s *spec) { attempt(same, same)(s); s.MaxMustPassRepeatedly = 3 }), sound, 0, "", "repetition on purpose is no retry"},
		{"it had to pass three times, and failed once", onSpec("adds", func(s *spec) { attempt(same, fails)(s); s.MaxMustPassRepeatedly = 3 }), aFails, 1, "", "every repetition counts"},
		{"an attempt left no evidence", onSpec("adds", func(s *spec) { s.NumAttempts, s.MaxMustPassRepeatedly = 2, 2 }), aPartial, 4, "an attempt at it left no evidence", "what was not recorded cannot pass"},
		{"evidence of one attempt twice", onSpec("adds", func(s *spec) { s.Left = append(s.Left, s.Left[0]) }), sound, 2, "left evidence twice", "two recorders contradict each other"},
		{"the target did not survive it", onLeft("adds", func(e *evidence.Spec) { e.DeadTarget = "exit status 2" }), aFails, 1, "the target did not survive it", "a dead target meets nothing"},
		{"a precondition did not hold", onLeft("adds", func(e *evidence.Spec) { e.Blocked, e.Completed, e.Verifications = "no connection", false, nil }), aPartial, 4, "blocked: no connection", "a precondition blames nobody, and is no pass"},
		{"no precondition of a requirement held", onBoth(func(e *evidence.Spec) { e.Blocked, e.Completed, e.Verifications = "no", false, nil }), aNotTested, 4, "", "nothing of it was verified"},
		{"it was stopped by a failed verification", onSpec("adds", func(s *spec) { s.fail(); s.Left[0].Stopped, s.Left[0].Completed = "calc_test.go:12", false }), aFails, 1, "", "Must fails as Verify does"},
		{"it was stopped before it came to another requirement", onSpec("adds", func(s *spec) {
			s.LeafNodeLabels = append(s.LeafNodeLabels, "req:B")
			s.fail()
			s.Left[0].Stopped, s.Left[0].Completed = "calc_test.go:12", false
		}), "A FAIL, B PARTIAL", 1, "stopped by a failed verification", "what did not run passes nothing else"},
		{"it did not run to its end", onLeft("adds", func(e *evidence.Spec) { e.Completed = false }), aPartial, 4, "it did not run to its end", "half of a spec is no spec"},
		{"a key of its evidence in another case", replaced(`\"completed\":true`, `\"Completed\":true`), aPartial, 4, "it did not run to its end", "keys are exact: what is not understood is not taken for good"},
		{"its author skipped it", onSpec("adds", state("skipped", "not today")), aPartial, 4, "skipped: not today", "a skipped test is no pass"},
		{"it is pending", onSpec("adds", func(s *spec) { state("pending", "")(s); s.NumAttempts, s.Left = 0, nil }), aPartial, 4, "skipped: pending", "a pending test is no pass"},
		{"a filter left it out", onSuite(func(s *suite) { s.filter("adds") }), aPartial, 4, "skipped", "what was not run is no pass"},
		{"a filter left out all", onSuite(func(s *suite) {
			for _, spec := range s.Specs {
				s.filter(spec.LeafNodeText)
			}
		}), nothingDone, 4, "0 of 2 requirements tested", "nothing matched is no success"},
		{"an earlier spec of its container failed", onSpec("adds", func(s *spec) {
			state("skipped", "Spec skipped because an earlier spec in an ordered container failed")(s)
			s.NumAttempts, s.Left = 0, nil
		}), aPartial, 4, "an earlier spec", "what did not run is no pass"},
		{"its BeforeAll failed", onSpec("adds", func(s *spec) {
			s.State, s.Failure, s.Left = "failed", ginkgo.Failure{Message: "no port", FailureNodeType: "BeforeAll"}, nil
		}), aFails, 1, "its BeforeAll failed: no port", "a setup that breaks is named"},
		{"it has no state", onSpec("adds", state("", "")), aPartial, 4, "not known what became of it", "a missing state is not ok"},
		{"the target cannot show it", onLeft("adds", func(e *evidence.Spec) { e.NotObservable, e.Completed, e.Verifications = "needs -shutdown", false, nil }), sound, 0, "the other needs -shutdown", "what cannot be seen does not count, and is said"},
		{"the same with -complete", all(
			onLeft("adds", func(e *evidence.Spec) { e.NotObservable, e.Completed, e.Verifications = "needs -shutdown", false, nil }),
			func(e *damaged) { e.options.Complete = true }), sound, 4, "", "-complete asks for everything to be shown"},
		{"the target can show none of a requirement", onBoth(func(e *evidence.Spec) { e.NotObservable, e.Verifications = "needs -shutdown", nil }), "A NOT OBSERVABLE, B PASS", 0, "1 not observable", "it is neither passed nor failed, and is said"},
		{"it verified what its target cannot show", onLeft("adds", func(e *evidence.Spec) { e.NotObservable = "needs -shutdown" }), sound, 2, "though the target cannot show it", "the suite contradicts itself"},
		{"it verified nothing", onLeft("adds", func(e *evidence.Spec) { e.Verifications = nil }), aPartial, 4, "no evidence", "running is not verifying"},
		{"no spec of a requirement verified anything", onBoth(func(e *evidence.Spec) { e.Verifications = nil }), aNotTested, 4, "no evidence", "a label alone proves nothing"},
		{"its evidence was dropped", onSpec("adds", func(s *spec) { s.Left = nil }), aPartial, 4, "no evidence", "a state alone proves nothing"},
		{"only its setup verified", onLeft("adds", setup), aPartial, 4, "only its BeforeEach verified", "specs share their setup: it shows nothing of one of them"},
		{"only its setup verified, and failed", onLeft("adds", func(e *evidence.Spec) { setup(e); fails(e) }), aFails, 1, "", "a failure counts wherever it is"},
		{"a planned verification in place of a real one", onLeft("adds", func(e *evidence.Spec) { e.Planned, e.Verifications = e.Verifications, nil }), aPartial, 4, "no evidence", "a plan is no evidence"},
		{"the order reversed", onSuite(func(s *suite) {
			s.Specs[0], s.Specs[3] = s.Specs[3], s.Specs[0]
		}), sound, 0, "", "the order of specs means nothing"},
		{"two of one title, of which the second failed", onSuite(func(s *suite) { s.add("adds", "A", 10).fail() }), aFails, 1, "1 of 3 specs", "equal titles are not one spec"},
		{"two of one title in two containers, of which one failed", onSuite(func(s *suite) {
			spec := s.add("adds", "A", 10)
			spec.fail()
			spec.ContainerHierarchyTexts = append(spec.ContainerHierarchyTexts, "with carry")
			spec.ContainerHierarchyLocations = append(spec.ContainerHierarchyLocations, ginkgo.Location{})
			spec.ContainerHierarchyLabels = append(spec.ContainerHierarchyLabels, nil)
		}), aFails, 1, "1 of 3 specs", "containers tell specs apart"},
		{"misuse of the harness", onLeft("adds", func(e *evidence.Spec) { e.Faults = []string{"calc_test.go:12: trace.Verify without an assertion"} }), sound, 2, "calc_test.go:12: trace.Verify without an assertion", "a mistake of the suite must not pass for a result"},
		{"a verification of an id that the spec does not name", onLeft("adds", func(e *evidence.Spec) { e.Verifications[0].Requirements = []string{"B"} }), sound, 2, "which the spec", "ids and labels must agree"},
		{"a verification of no id", onLeft("adds", func(e *evidence.Spec) { e.Verifications[0].Requirements = nil }), sound, 2, "names no requirement", "it would count for nothing"},
		{"it names no requirement", onSpec("adds", func(s *spec) { s.LeafNodeLabels = nil }), sound, 2, "names no requirement", "nobody knows what it verified"},
		{"dry run", onSuite(func(s *suite) { s.Report.SuiteConfig.DryRun = true }), nothingDone, 4, "dry run", "what was not carried out is no evidence"},
	}
}

// requirementFaults change requirements, and how specs refer to them.
func requirementFaults() []row {
	text := func(old, with string) func(*damaged) {
		return func(e *damaged) { e.srs = edited(e.srs, old, with) }
	}
	manual := text(`"A": { "tester": "auto"`, `"A": { "tester": "manual"`)
	both := text(`"A": { "tester": "auto"`, `"A": { "tester": "both"`)
	auto := func(e *damaged) { e.options.Tester = "auto" }
	// The run knew the requirements as they are now.
	known := func(e *damaged) { e.sources[0].suites[0].Run.SRS.SHA256, e.sources[0].suites[0].Run.Demands = "", nil }
	none := onSuite(func(s *suite) { s.drop("adds"); s.drop("adds more") })
	return []row{
		{"no spec", none, aNotTested, 4, "no spec", "a requirement that nobody verifies is open"},
		{"an unknown id", onSpec("adds", func(s *spec) { s.LeafNodeLabels = []string{"req:C"} }), "A PASS, B PASS, C INVALID", 2, "names C, which no requirement", "an id that nobody knows is a mistake"},
		{"an id in other case", onSpec("adds", func(s *spec) { s.LeafNodeLabels = []string{"req:a"} }), "A PASS, B PASS, a INVALID", 2, "names a, which no requirement", "ids are exact"},
		{"an id with an invisible character", onSpec("adds", func(s *spec) { s.LeafNodeLabels = []string{"req:A\u200b"} }), "A PASS, A\u200b INVALID, B PASS", 2, `names "A\u200b"`, "the character is shown"},
		{"an empty id", onSpec("adds", func(s *spec) { s.LeafNodeLabels = []string{"req:"} }), " INVALID, A PASS, B PASS", 2, `names ""`, "an empty id is shown as one"},
		{"a retired requirement is verified", all(known, text(`"desc": "It shall add."`, `"desc": "It shall add.", "retired": true`)), "A INVALID, B PASS", 2, "retired", "no spec may name what was given up"},
		{"two ids that differ in case only", text(`"B":`, `"a": { "tester": "auto", "group": "calc", "desc": "It shall." }, "B":`), "", 2, "", "people would take one for the other"},
		{"an id twice", text(`"B":`, `"A": { "tester": "auto", "group": "calc", "desc": "It shall." }, "B":`), "", 2, "", "one text would hide the other"},
		{"it asks for another observation than its specs", all(known, text(`"desc": "It shall add."`, `"desc": "It shall add.", "observe": ["wire"]`)), sound, 2, "make them agree", "what is in scope would change in silence"},
		{"the text changed after the run", text("It shall add.", "It shall not add."), aNotTested, 4, "recorded for another text of the requirement", "it was verified against another text"},
		{"the text changed after the run, and it had failed", all(text("It shall add.", "It shall not add."), onSpec("adds", (*spec).fail)), aNotTested, 4, "recorded for another text", "that says nothing of the new text"},
		{"blanks changed after the run", text("It shall add.", "It  shall add."), sound, 0, "the run had other requirements", "blanks are no other text, and both hashes stand in the report"},
		{"another file, of which no texts are known", all(text("It shall add.", "It shall not add."), onSuite(func(s *suite) { s.Run.Demands = nil })), nothingDone, 4, "recorded for other requirements", "any text may have changed"},
		{"manual and not recorded", all(known, none, manual), aNotTested, 4, "manual and not recorded", "not everything in scope was verified"},
		{"manual and not recorded, with -tester auto", all(known, none, manual, auto), "A NOT OBSERVABLE, B PASS", 0, "only what a program verifies", "the scope is narrowed, and the conclusion says so"},
		{"both, of which nobody recorded the manual part", all(known, both), aPartial, 4, "manual and not recorded", "a program cannot stand in for a person"},
		{"both, with -tester auto", all(known, both, auto), sound, 0, "only what a program verifies", "the scope is narrowed, and the conclusion says so"},
		{"auto, verified by a person alone", all(
			onSuite(func(s *suite) { s.Run.Testers = []evidence.Tester{{Initials: "JR", Name: "J. Roe"}} }), onSpec("adds", (*spec).byHand), onSpec("adds more", (*spec).byHand)), aPartial, 4, "no automated spec", "a person cannot stand in for a program"},
		{"an unknown level", func(e *damaged) { e.options.Level = "rul" }, "A NOT OBSERVABLE, B NOT OBSERVABLE", 2, "no requirement in srs.json is of level rul", "nothing in scope is a mistake of the call"},
		{"a child fails", all(known, text(`"desc": "It shall subtract." }`, `"desc": "It shall subtract.", "parents": ["A"] }`), onSpec("subtracts", (*spec).fail)), "A FAIL, B FAIL", 1, "", "a parent is as good as its children"},
		{"failed and justified", all(onSpec("adds", (*spec).fail), justify), aFails, 1, "1 justified", "a justification changes no verdict"},
		{"failed, justified and accepted", all(onSpec("adds", (*spec).fail), justify, func(e *damaged) { e.options.AcceptJustified = true }), aFails, 0, "without -accept-justified the exit code would be 1", "what was accepted is said, and stays FAIL"},
	}
}

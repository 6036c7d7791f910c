package seeded

import (
	"strings"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/read"
	"github.com/socket-oneline/oneline/reports/results"
	"github.com/socket-oneline/oneline/reports/srs"
)

// lockOf is the lock of sound evidence.
func lockOf(suites ...*suite) string {
	file, err := srs.Parse("srs.json", []byte(calcRequirements))
	if err != nil {
		panic(err) // it is ours
	}
	r, err := read.From("results.json", strings.NewReader(encode(suites)))
	if err != nil {
		panic(err)
	}
	given := []*results.Results{r}
	l, err := reports.NewLock(file, given, reports.Build(file, given, reports.Options{}))
	if err != nil {
		panic(err)
	}
	return string(l.Encode())
}

// lockFaults change something after the lock was made.
func lockFaults() []row {
	with := func(seeds ...func(*damaged)) func(*damaged) {
		return all(append(seeds, func(e *damaged) { e.lock = lockOf(calculator()) })...)
	}
	text := func(old, now string) func(*damaged) {
		return func(e *damaged) {
			e.srs = edited(e.srs, old, now)
			e.sources[0].suites[0].Run.SRS.SHA256, e.sources[0].suites[0].Run.Demands = "", nil // run with this text
		}
	}
	edit := func(change func(string) string) func(*damaged) {
		return func(e *damaged) { e.lock = change(lockOf(calculator())) }
	}
	return []row{
		{"nothing changed", with(), sound, 0, "", "a lock that holds says nothing"},
		{"a spec is gone", with(onSuite(func(s *suite) { s.drop("adds") })), aPartial, 4, `missing: "TP-1 › adds" in example.com/calc`, "a build tag can no longer hide it"},
		{"a table was emptied", with(onSuite(func(s *suite) { s.drop("adds"); s.drop("adds more") })), aNotTested, 4, "missing: ", "no spec is no success"},
		{"the spec that failed is gone", with(onSpec("adds", (*spec).fail), onSuite(func(s *suite) { s.drop("adds") })), aPartial, 4, "missing: ", "deleting a red test does not make it green"},
		{"a package was left out", func(e *damaged) { e.lock = lockOf(calculator(), converter()) }, "A PASS, B PARTIAL", 4, `"TP-2 › converts" in example.com/conv`, "its specs are missed by name"},
		{"a spec no longer names its requirement", with(onSpec("adds", func(s *spec) {
			s.LeafNodeLabels, s.Left[0].Requirements = []string{"req:B"}, []string{"B"}
			for i := range s.Left[0].Verifications {
				s.Left[0].Verifications[i].Requirements = []string{"B"}
			}
		})), aPartial, 4, "missing: ", "it verifies something else now"},
		{"a spec was renamed", with(onSpec("adds", func(s *spec) { s.LeafNodeText, s.Left[0].Title = "sums", "sums" })), aPartial, 4, "does not name: A: ", "whether it is the same one somebody has to say"},
		{"one of two specs of one title is gone", func(e *damaged) {
			s := calculator()
			s.add("adds", "A", 10)
			e.lock = lockOf(s)
		}, aPartial, 4, "number 2 of that title", "equal titles are counted"},
		{"a spec moved to another line", with(onSpec("adds", func(s *spec) { s.LeafNodeLocation.LineNumber, s.Left[0].Location = 77, "calc_test.go:77" })), sound, 0, "", "places are no identity"},
		{"only what cannot be observed is left", with(
			onLeft("adds", func(e *evidence.Spec) { e.NotObservable, e.Completed, e.Verifications = "needs -shutdown", false, nil }),
			onSuite(func(s *suite) { s.drop("adds more") })), aNotTested, 4, "needs -shutdown; missing: ", "it would be out of scope in silence"},
		{"a spec is gone, and another failed", with(onSuite(func(s *suite) { s.drop("adds") }), onSpec("adds more", (*spec).fail)), aFails, 1, "1 spec missing", "FAIL stays FAIL"},
		{"a spec is new", with(onSuite(func(s *suite) { s.add("adds much", "A", 60) })), sound, 0, "1 spec that srs.lock does not name", "more is no loss, and is listed"},
		{"a new spec failed", with(onSuite(func(s *suite) { s.add("adds much", "A", 60).fail() })), aFails, 1, "", "a failure counts whether it is known or not"},
		{"a spec was left out by a filter", with(onSuite(func(s *suite) { s.filter("adds") })), aPartial, 4, "skipped", "it is there, and did not run"},
		{"the text changed", with(text("It shall add.", "It shall not add.")), aNotTested, 4, "suspect: ", "its specs were accepted for another text"},
		{"the text changed, and it failed", with(text("It shall add.", "It shall not add."), onSpec("adds", (*spec).fail)), aFails, 1, "1 suspect", "FAIL stays FAIL"},
		{"its tester was narrowed", func(e *damaged) {
			e.lock = edited(lockOf(calculator()), `"demand": "`, `"demand": "0`)
		}, aNotTested, 4, "suspect: ", "less is demanded than was accepted"},
		{"a requirement was deleted", func(e *damaged) {
			e.lock = strings.Replace(lockOf(calculator()), `"requirements": {`, `"requirements": { "X": { "demand": "", "specs": [] },`, 1)
		}, sound, 4, "1 gone or retired that srs.lock has: X.", "somebody has to accept that"},
		{"a requirement was retired", with(text(`"desc": "It shall add."`, `"desc": "It shall add.", "retired": true`), onSuite(func(s *suite) { s.drop("adds"); s.drop("adds more") })), "B PASS", 4, "1 gone or retired", "somebody has to accept that"},
		{"the lock has a merge conflict", edit(func(l string) string { return "<<<<<<< HEAD\n" + l }), "", 2, "srs.lock: this is no lock", "a lock that cannot be read holds nothing"},
		{"the lock is cut off", edit(func(l string) string { return l[:len(l)/2] }), "", 2, "srs.lock: this is no lock", "a lock that cannot be read holds nothing"},
		{"the lock is of a newer form", edit(func(l string) string { return edited(l, "oneline-lock/1", "oneline-lock/2") }), "", 2, "oneline-lock/2", "what is not understood holds nothing"},
		{"the lock names a requirement twice", edit(func(l string) string { return edited(l, `"B": {`, `"A": {`) }), "", 2, "stands twice", "the last would hide the first"},
	}
}

package gotest_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/socket-oneline/oneline/reports/read/gotest"
	"github.com/socket-oneline/oneline/reports/read/ids"
	"github.com/socket-oneline/oneline/reports/results"
)

// said writes what is said of a package, a sorted line for each test and each
// remark, with how often it is said.
func said(s *results.Suite) string {
	var lines []string
	for _, spec := range s.Specs {
		line := fmt.Sprintf("%s [%s] %s", spec.Title, strings.Join(spec.Requirements, " "), spec.State)
		if spec.Failure != "" {
			line += ": " + spec.Failure
		}
		if spec.FailureAt != "" {
			line += " at " + spec.FailureAt
		}
		if spec.NoEvidence != "" {
			line += " (no evidence: " + spec.NoEvidence + ")"
		}
		lines = append(lines, line)
	}
	slices.Sort(lines)
	if n := s.Untagged; n.Count() > 0 {
		lines = append(lines, fmt.Sprintf("untagged %d passed %d failed %d skipped", n.Passed, n.Failed, n.Skipped))
	}
	for _, note := range s.Notes {
		lines = append(lines, "note "+note)
	}
	for _, p := range s.Problems {
		lines = append(lines, "problem "+p.String())
	}
	if !s.Complete {
		lines = append(lines, "not complete")
	}
	var b strings.Builder
	for i := 0; i < len(lines); {
		n := 1
		for i+n < len(lines) && lines[i+n] == lines[i] {
			n++
		}
		b.WriteString(lines[i])
		if n > 1 {
			fmt.Fprintf(&b, " x%d", n)
		}
		b.WriteString("\n")
		i += n
	}
	return b.String()
}

// stream is what the installed go writes for the module in testdata/lamp. It is
// run once: with all tests twice, in an order of its own.
var stream = sync.OnceValues(func() (string, error) {
	cmd := exec.Command("go", "test", "-json", "-count=2", "-shuffle=on", "-vet=off", "./...")
	cmd.Dir = "testdata/lamp"
	cmd.Env = append(cmd.Environ(), "GOFLAGS=-trimpath", "GOWORK=off")
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	if _, ok := errors.AsType[*exec.ExitError](err); err != nil && !ok || errs.Len() > 0 {
		return "", fmt.Errorf("go test: %w: %s", err, &errs)
	}
	return out.String(), nil
})

func read(t *testing.T, text string) (*results.Results, error) {
	t.Helper()
	s, err := gotest.Read("s.json", strings.NewReader(text), false)
	if err != nil {
		return nil, err
	}
	return s.Results(ids.Finder{}), nil
}

func TestWhatGoWrites(t *testing.T) {
	text, err := stream()
	if err != nil {
		t.Fatal(err)
	}
	r, err := read(t, text)
	if err != nil {
		t.Fatal(err)
	}
	for i := range r.Suites {
		s := &r.Suites[i]
		t.Run(strings.TrimPrefix(s.Path, "example.com/lamp/"), func(t *testing.T) {
			want, ok := whatGoWrites[strings.TrimPrefix(s.Path, "example.com/lamp/")]
			if got := said(s); !ok || got != strings.TrimPrefix(want, "\n") {
				t.Errorf("got\n%swant%s", got, want)
			}
		})
	}
	if len(r.Suites) != len(whatGoWrites) {
		t.Errorf("%d packages, not %d", len(r.Suites), len(whatGoWrites))
	}
}

// whatGoWrites is what must be read of each package of the module.
var whatGoWrites = map[string]string{
	"broken": `
note no test was run in example.com/lamp/mainskips
problem package example.com/lamp/broken: it did not build: broken/broken_test.go:5:33: undefined: undefined
not complete
`,
	"cutattr": `
untagged 2 passed 0 failed 0 skipped
problem package example.com/lamp/cutattr: an attribute of TestLongAttribute is longer than the 4,096 bytes that go test keeps, so its end is lost: name the ids in several attributes
`,
	"exits": `
TestExits [R-1] crashed: it began and never ended
problem package example.com/lamp/exits: TestExits began and never ended: its process crashed or was ended (no reason is known)
not complete
`,
	"exits0": `
TestExits [R-1] crashed: exit status 0
problem package example.com/lamp/exits0: TestExits began and never ended: its process crashed or was ended (exit status 0)
not complete
`,
	"forgedother": `
untagged 2 passed 0 failed 0 skipped
problem package example.com/lamp/forgedother: TestOther has an attribute while it does not run: a line that a program printed looks like an event
`,
	"forgedparent": `
TestTarget [R-1] failed: it ended twice, once as failed x2
TestTarget/part [R-1] failed x2
problem package example.com/lamp/forgedparent: TestTarget ended while a test in it was running: a line that a program printed looks like an event
`,
	"forgedpass": `
TestTarget [R-1] failed: it ended twice, once as failed x2
problem package example.com/lamp/forgedpass: TestTarget ended twice: a line that a program printed looks like an event
`,
	"forgedtest": `
TestGhost [R-1] passed x2
untagged 2 passed 0 failed 0 skipped
problem package example.com/lamp/forgedtest: TestGhost began while TestTarget was running: the end of TestTarget is lost in what it printed, or a line that a program printed looks like an event
`,
	"ginkgo": "",
	"goroutine": `
TestGoroutine [R-1] crashed: panic: oh
problem package example.com/lamp/goroutine: TestGoroutine began and never ended: its process crashed or was ended (panic: oh)
not complete
`,
	"ignores": `
TestFails [R-1] failed: it fails at ignores_test.go:15 x2
problem package example.com/lamp/ignores: it passed though TestFails failed: its TestMain ignores what m.Run returns
`,
	"killed": `
TestKilled [R-1] crashed: signal: killed
problem package example.com/lamp/killed: TestKilled began and never ended: its process crashed or was ended (signal: killed)
not complete
`,
	"mainfails": `
TestPasses [R-1] passed x2
problem package example.com/lamp/mainfails: it failed, and none of its tests did (something leaked)
`,
	"mainskips": "",
	"noisy": `
TestMegabyte [R-1 R-2] passed x2
TestMegabyteThatFails [R-3] failed: it fails at noisy_test.go:18 x2
TestNoLineFeed [R-4 R-5] passed x2
`,
	"none": "",
	"panics": `
TestPanics [R-1] failed: panic: oh [recovered, repanicked]
TestPanics/inside [R-1] failed
problem package example.com/lamp/panics: its process ended before all of its tests had run (panic: oh [recovered, repanicked])
not complete
`,
	"parallel": `
TestBeside [R-2] passed x2
TestBeside/sub [R-2] passed x2
TestBesideToo/sub [R-3] passed x2
TestParts [R-1] failed: a test in it failed x2
TestParts/0 [R-1] passed x2
TestParts/1 [R-1] failed: the second fails at parallel_test.go:15 x2
TestParts/2 [R-1] passed x2
`,
	"plainlines": `
TestTarget [R-1] passed x2
`,
	"recorded": `
TestRecorded [R-1] passed (no evidence: its verifications are not in this file: report on the folder that oneline run leaves) x2
TestRecordedAndFailed [R-2] failed: it fails at recorded_test.go:14 x2
`,
	"same": `
TestSame [R-7] failed: here it fails at same_test.go:7 x2
`,
	"seeds": `
FuzzSeeds [R-1] failed: a test in it failed x2
FuzzSeeds/seed#0 [R-1] passed x2
FuzzSeeds/seed#1 [R-1] failed: two is too much at seeds_test.go:11 x2
`,
	"table": `
TestFails [R-5 R-6] failed: got 1, want 2 at table_test.go:25 x2
TestSame [R-7] passed x2
TestSkipped [R-4] skipped: not on this machine at table_test.go:19 x2
TestTable [R-1] passed x2
TestTable/a [R-2 R-3 R-1] passed x2
TestTable/a/b [R-2 R-3 R-1] skipped: not today at table_test.go:11 x2
TestTable/dup [R-2 R-3 R-1] passed x2
TestTable/dup#01 [R-2 R-3 R-1] passed x2
TestTable/line_feed [R-2 R-3 R-1] passed x2
TestTable/one_two [R-2 R-3 R-1] passed x2
untagged 2 passed 0 failed 0 skipped
`,
	"timeout": `
TestSlow [R-1] crashed: panic: test timed out after 100ms
TestSlow/part [R-1] crashed: panic: test timed out after 100ms
problem package example.com/lamp/timeout: TestSlow/part began and never ended: its process crashed or was ended (panic: test timed out after 100ms)
not complete
`,
}

// Every way of damaging a stream that passes must be seen.
func TestDamage(t *testing.T) {
	const path = `"Package":"m/p"`
	at := func(action, test, more string) string {
		if test != "" {
			test = `,"Test":"` + test + `"`
		}
		return `{"Time":"2026-11-02T10:20:30Z","Action":"` + action + `",` + path + test + more + "}\n"
	}
	out := func(test, text string) string {
		quoted, _ := json.Marshal(text)
		return at("output", test, `,"Output":`+string(quoted))
	}
	attr := func(test, id string) string { return at("attr", test, `,"Key":"requirement","Value":"`+id+`"`) }
	const (
		start = iota
		runA
		attrA
		passA
		runB
		attrB
		passB
		done
		ok
		end
	)
	good := []string{
		at("start", "", ""),
		at("run", "TestA", ""), attr("TestA", "R-1"), at("pass", "TestA", `,"Elapsed":0.1`),
		at("run", "TestB", ""), attr("TestB", "R-2"), at("pass", "TestB", `,"Elapsed":0.1`),
		out("", "PASS\n"), out("", "ok  \tm/p\t0.002s\n"), at("pass", "", `,"Elapsed":0.2`),
	}
	without := func(indices ...int) string {
		lines := slices.Clone(good)
		for _, i := range indices {
			lines[i] = ""
		}
		return strings.Join(lines, "")
	}
	with := func(i int, line string) string {
		lines := slices.Clone(good)
		lines[i] = line
		return strings.Join(lines, "")
	}
	both := "TestA [R-1] passed\nTestB [R-2] passed\n"
	for name, row := range map[string]struct{ text, want string }{
		"undamaged":                           {without(), both},
		"no start, as before Go 1.20":         {without(start), both},
		"other lines between":                 {with(start, "go: downloading x v1.0.0\n{\"Level\":\"info\"}\n"+good[start]), both + "note s.json: 2 lines are no events of go test, and were left out\n"},
		"the end of a test left out":          {without(passA), "TestA [R-1] : its end is lost in what it printed\nTestB [R-2] passed\nproblem package m/p: TestB began while TestA was running: the end of TestA is lost in what it printed, or a line that a program printed looks like an event\nnot complete\n"},
		"the end of the last left out":        {without(passB), "TestA [R-1] passed\nTestB [R-2] : its end is lost in what it printed\nproblem package m/p: the end of TestB is lost in what it printed: run go test -json without -v, which loses events where a line is not ended\nnot complete\n"},
		"the begin of a test left out":        {without(runA), "TestB [R-2] passed\nproblem package m/p: TestA has an attribute while it does not run: a line that a program printed looks like an event\n"},
		"a test left out but for its end":     {without(runA, attrA), "TestB [R-2] passed\nproblem package m/p: TestA ended before it began: a line that a program printed looks like an event\n"},
		"a begin twice":                       {with(runA, good[runA]+good[runA]), both + "problem package m/p: TestA began again before it had ended: a line that a program printed looks like an event\n"},
		"an end twice":                        {with(passA, good[passA]+good[passA]), both + "problem package m/p: TestA ended twice: a line that a program printed looks like an event\n"},
		"two ends that differ":                {with(passA, good[passA]+at("fail", "TestA", "")), "TestA [R-1] failed: it ended twice, once as failed\nTestB [R-2] passed\nproblem package m/p: TestA ended twice: a line that a program printed looks like an event\nproblem package m/p: it passed though TestA failed: its TestMain ignores what m.Run returns\n"},
		"the order of two ends exchanged":     {strings.Join([]string{good[start], good[runA], good[attrA], good[runB], good[passA], good[attrB], good[passB], good[done], good[ok], good[end]}, ""), both + "problem package m/p: TestB began while TestA was running: the end of TestA is lost in what it printed, or a line that a program printed looks like an event\n"},
		"an attribute after the end":          {with(passA, good[passA]+attr("TestA", "R-3")), both + "problem package m/p: TestA has an attribute while it does not run: a line that a program printed looks like an event\n"},
		"a failure flipped to a pass":         {with(end, at("fail", "", "")), both + "problem package m/p: it failed, and none of its tests did (no reason is known)\n"},
		"a pass flipped to a failure":         {with(passA, at("fail", "TestA", "")), "TestA [R-1] failed\nTestB [R-2] passed\nproblem package m/p: it passed though TestA failed: its TestMain ignores what m.Run returns\n"},
		"the end of the package left out":     {without(end), both + "problem package m/p: the stream ends before it does: the run was cut short; repeat it\n"},
		"the end of the package twice":        {with(end, good[end]+good[end]), both + "problem package m/p: it ended twice: a line that a program printed looks like an event, or streams were mixed\n"},
		"the last line of the tests left out": {without(done), both + "problem package m/p: its process ended with status 0 before its tests were over\nnot complete\n"},
		"cut between two lines":               {strings.Join(good[:passB], ""), "TestA [R-1] passed\nTestB [R-2] crashed: it began and never ended\nproblem package m/p: the stream ends before it does: the run was cut short; repeat it\nnot complete\n"},
		"a package begun twice":               {with(runA, good[start]+good[runA]), "problem package m/p: it began again before it had ended: streams were mixed\nproblem package m/p: the stream ends before it does: the run was cut short; repeat it\nnot complete\n"},
		"a cached result":                     {with(ok, out("", "ok  \tm/p\t(cached)\n")), "TestA [R-1] passed (no evidence: go test replayed an earlier result: repeat the run with -count=1)\nTestB [R-2] passed (no evidence: go test replayed an earlier result: repeat the run with -count=1)\n"},
		"a cached result, forged away":        {with(ok, out("TestA", "ok  \tm/p\t0.002s\n")), both},
		"a test in a test that failed":        {with(passA, at("run", "TestA/x", "")+at("fail", "TestA/x", "")+good[passA]), "TestA [R-1] passed\nTestA/x [R-1] failed\nTestB [R-2] passed\nproblem package m/p: TestA passed though a test in it failed: a line that a program printed looks like an event\nproblem package m/p: it passed though TestA/x failed: its TestMain ignores what m.Run returns\n"},
		"a test in a test that is over":       {with(passA, good[passA]+at("run", "TestA/x", "")+at("pass", "TestA/x", "")), both + "untagged 1 passed 0 failed 0 skipped\nproblem package m/p: TestA/x began, and the test that it is a part of was not running: a line that a program printed looks like an event\n"},
		"no test at all":                      {good[start] + good[done] + good[ok] + good[end], "note no test was run in m/p\n"},
		"an end that was glued to output":     {with(passA, out("TestA", "xxx\x16--- PASS: TestA (0.01s)\n")), both},
		"an attribute that was glued":         {with(attrA, out("TestA", "\x16=== ATTR  TestA requirement R-1\n")), both},
		"a begin that was glued":              {with(runB, out("TestA", "xxx\x16=== RUN   TestB\n")), both},
		"an attribute that was cut":           {with(attrA, out("TestA", "\x16=== ATTR  TestA requirement R-1")), "TestB [R-2] passed\nuntagged 1 passed 0 failed 0 skipped\nproblem package m/p: an attribute of TestA is longer than the 4,096 bytes that go test keeps, so its end is lost: name the ids in several attributes\n"},
		"a failure that was glued":            {with(passA, out("TestA", "xxx\x16--- FAIL: TestA (0.01s)\n")), "TestA [R-1] failed\nTestB [R-2] passed\nproblem package m/p: it passed though TestA failed: its TestMain ignores what m.Run returns\n"},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := read(t, row.text)
			if err != nil {
				t.Fatal(err)
			}
			if got := said(&r.Suites[0]); got != row.want {
				t.Errorf("got\n%swant\n%s", got, row.want)
			}
		})
	}
}

func TestRefusals(t *testing.T) {
	for name, row := range map[string]struct{ text, want string }{
		"empty":               {"", "s.json: the stream holds no package: nothing was tested"},
		"cut in an event":     {`{"Action":"start","Package":"m/p"}` + "\n" + `{"Action":"ru`, "s.json:2: the stream ends in the middle of an event: the run was cut short; repeat it"},
		"a broken event":      {`{"Action":"start","Package":"m/p"}` + "\n" + `{"Action":7}` + "\n", `s.json:2: this event is broken (/Action cannot be a number): repeat the run`},
		"a key twice":         {`{"Action":"start","Action":"pass","Package":"m/p"}` + "\n", `s.json:1: this event is broken (the key "Action" stands twice): repeat the run`},
		"a line of megabytes": {`{"Action":"output","Package":"m/p","Output":"` + strings.Repeat("x", 3<<20), "s.json:1: a line of more than 1048576 bytes: this was not written by go test -json"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := read(t, row.text)
			if err == nil || err.Error() != row.want {
				t.Errorf("got  %v\nwant %s", err, row.want)
			}
		})
	}
}

// Whoever ended go test knows why there is no more.
func TestInterrupted(t *testing.T) {
	const begun = `{"Action":"start","Package":"m/p"}
{"Action":"run","Package":"m/p","Test":"TestA"}
{"Action":"attr","Package":"m/p","Test":"TestA","Key":"req","Value":"R-1"}
`
	const unbuilt = `{"ImportPath":"m/p.test","Action":"build-output","Output":"/go/link: signal: interrupt\n"}
{"ImportPath":"m/p.test","Action":"build-fail"}
{"Action":"start","Package":"m/p"}
{"Action":"output","Package":"m/p","Output":"FAIL\tm/p [build failed]\n"}
{"Action":"fail","Package":"m/p","FailedBuild":"m/p.test"}
`
	for text, want := range map[string]string{
		begun + `{"Action":"outp`: "TestA [R-1] interrupted\nnot complete\n",
		begun + `{"Action":"output","Package":"m/p","Output":"signal: interrupt\n"}
{"Action":"fail","Package":"m/p"}
`: "TestA [R-1] interrupted\nnot complete\n",
		unbuilt: "not complete\n",
		strings.Replace(unbuilt, "signal: interrupt", "undefined: x", 1): "problem package m/p: it did not build: /go/link: undefined: x\nnot complete\n",
	} {
		s, err := gotest.Read("s.json", strings.NewReader(text), true)
		if err != nil {
			t.Fatal(err)
		}
		if got := said(&s.Results(ids.Finder{}).Suites[0]); got != want {
			t.Errorf("%s\ngot\n%swant\n%s", text, got, want)
		}
	}
}

// 100,000 tests, each with its begin, an attribute, its output and its end.
func BenchmarkRead(b *testing.B) {
	var text strings.Builder
	event := func(action, more string) {
		fmt.Fprintf(&text, `{"Time":"2026-11-30T02:50:03.853467783Z","Action":"%s","Package":"example.com/lamp/table"%s}`+"\n", action, more)
	}
	event("start", "")
	for i := range 25_000 {
		test := fmt.Sprintf(`,"Test":"TestNumber%d"`, i)
		event("run", test)
		event("attr", test+fmt.Sprintf(`,"Key":"requirement","Value":"R-%d"`, i%1000))
		event("output", test+`,"Output":"    table_test.go:25: some output\n"`)
		event("pass", test+`,"Elapsed":0.01`)
	}
	event("output", `,"Output":"PASS\n"`)
	event("pass", "")
	b.SetBytes(int64(text.Len()))
	b.ReportAllocs()
	for b.Loop() {
		s, err := gotest.Read("s.json", strings.NewReader(text.String()), false)
		if err != nil || len(s.Results(ids.Finder{}).Suites[0].Specs) != 25_000 {
			b.Fatal(err)
		}
	}
}

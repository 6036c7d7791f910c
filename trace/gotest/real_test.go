package gotest_test

import (
	_ "embed"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/socket-oneline/oneline/reports/read/process"
	"github.com/socket-oneline/oneline/reports/results"
)

// victim is a package with plain tests.
//
//go:embed testdata/victim_test.go
var victim string

var build = sync.OnceValues(func() (dir string, err error) {
	if dir, err = os.MkdirTemp("", "oneline-gotest"); err != nil {
		return dir, err
	}
	out, err := exec.Command("go", "test", "-c", "-o", filepath.Join(dir, "victim.test"), "./testdata").CombinedOutput()
	if err != nil {
		return dir, fmt.Errorf("%w\n%s", err, out)
	}
	return dir, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	if dir, _ := build(); dir != "" {
		_ = os.RemoveAll(dir)
	}
	os.Exit(code)
}

// line is the place of a text in the victim.
func line(text string) string {
	before, _, _ := strings.Cut(victim, text)
	return fmt.Sprintf("trace/gotest/testdata/victim_test.go:%d", 1+strings.Count(before, "\n"))
}

// run runs tests of the victim.
func run(t *testing.T, main, pattern string, flags ...string) (*process.File, string) {
	t.Helper()
	dir, err := build()
	if err != nil {
		t.Fatal(err)
	}
	evidence := t.TempDir()
	cmd := exec.Command(filepath.Join(dir, "victim.test"), append(flags, "-test.paniconexit0", "-test.run=^("+pattern+")$", "-test.v")...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "ONELINE_EVIDENCE="+evidence, "MAIN="+main)
	out, _ := cmd.CombinedOutput()
	files, _ := filepath.Glob(filepath.Join(evidence, "gotest-*.jsonl"))
	if len(files) != 1 {
		t.Fatalf("%d files of evidence\n%s", len(files), out)
	}
	data, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	f, err := process.Parse(files[0], data)
	if err != nil {
		t.Fatal(err)
	}
	return f, fmt.Sprintf("exit status %d\n%s", cmd.ProcessState.ExitCode(), out)
}

func TestWhatPasses(t *testing.T) {
	f, out := run(t, "gotest", "TestPass|TestTable|FuzzSeeds|TestTwoCalls|TestOwnCleanup", "-test.count=2", "-test.shuffle=on")
	if !strings.HasPrefix(out, "exit status 0") || !f.Closed || f.Process.Package != "github.com/socket-oneline/oneline/trace/gotest/testdata" {
		t.Error(out)
	}
	var names []string
	for _, s := range f.Suite.Specs {
		names = append(names, s.Title)
		for _, e := range s.Attempted {
			if len(e.Faults) > 0 || !e.Completed || len(e.Verifications) == 0 {
				t.Errorf("%s: %+v", s.Title, e)
			}
		}
		if s.State != results.Passed || s.Attempts != 2 || !s.Repeated || len(s.Attempted) != 2 {
			t.Errorf("%s: %s, %d attempts", s.Title, s.State, s.Attempts)
		}
	}
	slices.Sort(names)
	want := []string{
		"FuzzSeeds/seed#0", "FuzzSeeds/seed#1", "TestOwnCleanup", "TestPass", "TestTable/#00", "TestTable/a/b", "TestTable/a_b",
		"TestTable/twice", "TestTable/twice#01", "TestTwoCalls",
	}
	if !slices.Equal(names, want) {
		t.Errorf("%q", names)
	}
	for _, attribute := range []string{"=== ATTR  TestTable/a_b requirement A-2", "=== ATTR  TestPass oneline gotest"} {
		if !strings.Contains(out, attribute) {
			t.Errorf("no %q in\n%s", attribute, out)
		}
	}
}

func TestWhatIsRecorded(t *testing.T) {
	f, _ := run(t, "gotest", "TestPass")
	e := f.Suite.Specs[0].Attempted[0]
	var said []string
	for _, v := range append(e.Verifications, e.Preconditions...) {
		said = append(said, fmt.Sprintf("%s %d %s: %s / %s %s", v.Requirements, v.Step, v.Text, v.Expected, v.Actual, v.Location))
	}
	want := []string{
		`[A-1] 1 the sum: 2 / 2 ` + line("Equal(2, 2"),
		`[A-1] 1 : a collection that contains 2 / [1 2] ` + line("ContainElement(2)"),
		`[A-1] 1 : no error / no error ` + line("NoError(nil)"),
		`[A-1] 1 : eventually within 1m0s: 3 / 3 ` + line("Eventually("),
		`[A-1] 1 : consistently for 1ms: not the zero value / 7 ` + line("Consistently("),
		`[] 1 the variable is unset: true / true ` + line("req.Need(os"),
	}
	if !slices.Equal(said, want) {
		t.Errorf("%s", strings.Join(said, "\n"))
	}
	if e.Location != line(`gotest.Req(t, "A-1")`) || e.Steps[0].Text != "add 2" || e.Notes[0] != "well done" {
		t.Errorf("%+v", e)
	}
}

// Without a place for it, evidence would be lost: the tests must not pass.
func TestEvidenceThatCannotBeWritten(t *testing.T) {
	dir, err := build()
	if err != nil {
		t.Fatal(err)
	}
	for name, row := range map[string][2]string{
		"no folder": {filepath.Join(dir, "none"), `exec "$0" "$@"`},
		"full disk": {t.TempDir(), `ulimit -f 1; exec "$0" "$@"`},
	} {
		cmd := exec.Command("sh", "-c", row[1], filepath.Join(dir, "victim.test"), "-test.run=TestPass")
		cmd.Env = append(os.Environ(), "ONELINE_EVIDENCE="+row[0])
		out, err := cmd.CombinedOutput()
		if err == nil || !strings.Contains(string(out), "the evidence cannot be written") {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
}

// What becomes of tests, with the end of the process seen and not seen.
func TestEnds(t *testing.T) {
	for name, want := range map[string]struct {
		state     results.State
		completed bool
		held      string // + and - for each verification
	}{
		"TestFail":          {results.Failed, true, "-+"},
		"TestMust":          {results.Failed, false, "-"},
		"TestNeed":          {results.Skipped, false, ""},
		"TestSkip":          {results.Skipped, false, "+"},
		"TestBlock":         {results.Skipped, false, ""},
		"TestNotObservable": {results.Skipped, false, ""},
		"TestDead":          {results.Failed, true, ""},
		"TestCleanup":       {results.Failed, true, "+"},
		"TestPanic":         {results.Panicked, false, "+"},
		"TestExit":          {results.Crashed, false, ""},
		"TestNothing":       {results.Passed, true, ""},
		"TestCutShort":      {results.Failed, false, ""},
	} {
		t.Run(name, func(t *testing.T) {
			f, out := run(t, "gotest", name)
			if len(f.Suite.Specs) != 1 {
				t.Fatal(out)
			}
			s := f.Suite.Specs[0]
			held, completed, faults := "", false, 0
			for _, e := range s.Attempted {
				completed = e.Completed
				faults += len(e.Faults)
				for _, v := range e.Verifications {
					held += map[bool]string{true: "+", false: "-"}[v.Passed]
				}
			}
			if s.State != want.state || completed != want.completed || held != want.held || faults > 0 {
				t.Errorf("%s, completed %v, %q, %d faults\n%s", s.State, completed, held, faults, out)
			}
			if ends := s.State != results.Panicked && s.State != results.Crashed; f.Closed != ends {
				t.Errorf("closed: %v", f.Closed)
			}
		})
	}
}

func TestWordsOfWhatDiffersInType(t *testing.T) {
	f, out := run(t, "", "TestFail")
	v := f.Suite.Specs[0].Attempted[0].Verifications[0]
	if v.Expected != "5 (int)" || v.Actual != "5 (int64)" {
		t.Errorf("%s / %s", v.Expected, v.Actual)
	}
	if !strings.Contains(out, line("Equal(int64(5), 5)")+": A-1: verification failed") {
		t.Errorf("go test does not name the caller's line:\n%s", out)
	}
	if f.Closed || !f.Suite.EndUnseen {
		t.Error("the end was seen though nobody told it")
	}
}

func TestHelpersAndFurtherValues(t *testing.T) {
	f, _ := run(t, "", "TestHelper")
	v := f.Suite.Specs[0].Attempted[0].Verifications
	if v[0].Location != line("// here") || !v[1].Passed || v[2].Passed || v[2].Location != line("// not zero") ||
		v[2].Actual != `0 (and error: strconv.Atoi: parsing "x": invalid syntax)` {
		t.Errorf("%+v", v)
	}
}

func TestPlaceOfPanic(t *testing.T) {
	f, _ := run(t, "", "TestPanic")
	if s, place := f.Suite.Specs[0], line(`m["a"] = 1`); s.FailureAt != place || s.Attempted[0].Panicked != place {
		t.Errorf("%s, %s", s.FailureAt, s.Attempted[0].Panicked)
	}
}

// The status of the process says what TestMain made of it; the evidence does not
// depend on it.
func TestMainThatIgnoresItsResult(t *testing.T) {
	f, out := run(t, "ignored", "TestFail")
	if f.Suite.Specs[0].State != results.Failed {
		t.Error(out)
	}
}

func TestMisuseIsAFault(t *testing.T) {
	for name, want := range map[string]string{
		"TestNoAssertion":       "Verify asserts nothing: add an assertion",
		"TestNoMatcher":         "Verify.Expect asserts nothing: add .To(matcher)",
		"TestSecondNoMatcher":   "Verify.Eventually asserts nothing: add .Should(matcher)",
		"TestFirstNoMatcher":    "Verify.Expect asserts nothing: add .To(matcher)",
		"TestOtherID":           "Verify names A-2, which the spec is not labeled with",
		"TestNoID":              "gotest.Req names no requirement",
		"TestNoTitle":           "the title of the protocol TP-9 is empty",
		"TestEmptyStep":         "a step without text",
		"TestOfParent":          "gotest.Verify of TestOfParent in another test",
		"TestTwoProtocols":      "the test is of the protocols TP-1 and TP-2",
		"TestLate|TestLateNext": "gotest.Verify after the end of TestLate",
	} {
		t.Run(name, func(t *testing.T) {
			f, out := run(t, "gotest", name)
			var faults []string
			for _, p := range f.Suite.Problems {
				faults = append(faults, p.String())
			}
			for _, e := range f.Suite.Specs[0].Attempted {
				faults = append(faults, e.Faults...)
			}
			if len(faults) != 1 || !strings.Contains(faults[0], want) || !strings.HasPrefix(faults[0], "trace/gotest/testdata/victim_test.go:") {
				t.Errorf("faults %q, not %q\n%s", faults, want, out)
			}
			if strings.HasPrefix(out, "exit status 0") {
				t.Error("the tests passed")
			}
		})
	}
}

package process_test

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

	"github.com/socket-oneline/oneline/reports/read/ginkgo"
	"github.com/socket-oneline/oneline/reports/read/process"
	"github.com/socket-oneline/oneline/reports/results"
)

// suite is a Ginkgo suite that ends as SCENARIO says.
//
//go:embed testdata/suite_test.go
var suite string

const suitePath = "github.com/socket-oneline/oneline/reports/read/process/testdata"

// line is the place of a text in the suite.
func line(text string) string {
	before, _, _ := strings.Cut(suite, text)
	return fmt.Sprintf("suite_test.go:%d", 1+strings.Count(before, "\n"))
}

// build makes the suite and the ginkgo command, once.
var build = sync.OnceValues(func() (dir string, err error) {
	if dir, err = os.MkdirTemp("", "oneline-process"); err != nil {
		return dir, err
	}
	for _, args := range [][]string{
		{"build", "-o", dir, "github.com/onsi/ginkgo/v2/ginkgo"},
		{"test", "-c", "-o", filepath.Join(dir, "suite.test"), "./testdata"},
	} {
		if out, err := exec.Command("go", args...).CombinedOutput(); err != nil {
			return dir, fmt.Errorf("%w\n%s", err, out)
		}
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

// run runs the suite by a command and reads what it left.
func run(t *testing.T, scenario, meeting string, args ...string) (suites []results.Suite, report *results.Results, status int) {
	t.Helper()
	dir, err := build()
	if err != nil {
		t.Fatal(err)
	}
	evidence := t.TempDir()
	cmd := exec.Command(args[0], args[1:]...)
	if args[0] != "go" {
		cmd = exec.Command(filepath.Join(dir, args[0]), args[1:]...)
		cmd.Dir = dir
	}
	cmd.Env = append(os.Environ(), "ONELINE_EVIDENCE="+evidence, "SCENARIO="+scenario, "MEETING="+meeting)
	out, err := cmd.CombinedOutput()
	status = cmd.ProcessState.ExitCode()
	if status < 0 && scenario != "kill" {
		t.Fatal(err, string(out))
	}
	files, err := filepath.Glob(filepath.Join(evidence, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range files {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(path, ".ginkgo.json") {
			if report, err = ginkgo.Parse(path, data, ginkgo.Options{}); err != nil {
				t.Fatal(err)
			}
			continue
		}
		f, err := process.Parse(path, data)
		if err != nil {
			t.Fatal(err)
		}
		f.Suite.Problems = append(f.Suite.Problems, f.Crashed()...)
		suites = append(suites, *f.Suite)
	}
	if len(suites) == 0 {
		t.Fatalf("there is no evidence:\n%s", out)
	}
	return suites, report, status
}

func problems(suites []results.Suite) string {
	var all []string
	for _, s := range suites {
		for _, p := range s.Problems {
			all = append(all, p.String())
		}
	}
	return strings.Join(all, "\n")
}

func states(suites []results.Suite) string {
	var all []string
	for _, s := range suites {
		for _, spec := range s.Specs {
			all = append(all, spec.Requirements[0]+" "+string(spec.State))
		}
	}
	slices.Sort(all)
	return strings.Join(all, ", ")
}

const passing = "A-1 passed, A-2 passed, A-3 pending, A-4 passed, A-5 passed"

// The same suite under go test, ginkgo, and ginkgo with two processes, without
// any flag.
func TestPassingSuite(t *testing.T) {
	for name, args := range map[string][]string{
		"go test":   {"go", "test", "-count=1", "./testdata"},
		"ginkgo":    {"ginkgo", "suite.test"},
		"ginkgo -p": {"ginkgo", "--procs=2", "suite.test"},
		"preview":   {"suite.test"},
	} {
		t.Run(name, func(t *testing.T) {
			meeting, scenario := "", ""
			if name == "preview" {
				scenario = name
			}
			if name == "ginkgo -p" {
				meeting = t.TempDir()
			}
			suites, report, status := run(t, scenario, meeting, args...)
			if got := states(suites); got != passing || problems(suites) != "" || status != 0 {
				t.Errorf("status %d, %s, problems %q", status, got, problems(suites))
			}
			if report == nil || len(report.Suites[0].Specs) != 5 || len(report.Suites[0].Specs[0].Attempted) != 0 {
				t.Errorf("Ginkgo's own report is not beside it, or holds the evidence again: %+v", report)
			}
			ended := 0
			for _, s := range suites {
				if s.Path != suitePath {
					t.Errorf("the package is %q", s.Path)
				}
				if !s.EndUnseen {
					ended++
				}
				if (s.Group != "") != (len(suites) > 1) || s.Group != suites[0].Group {
					t.Errorf("group %q of %d processes", s.Group, len(suites))
				}
			}
			if ended != 1 || (len(suites) == 2) != (name == "ginkgo -p") {
				t.Errorf("%d of %d processes have closed", ended, len(suites))
			}
			for _, s := range suites {
				for _, spec := range s.Specs {
					if spec.State == results.Passed && (len(spec.Attempted) != 1 || len(spec.Attempted[0].Verifications) != 1) {
						t.Errorf("%s left %d records", spec.Title, len(spec.Attempted))
					}
				}
			}
		})
	}
}

// A process that ends before its suite does is named with the spec that it was in
// the middle of, whatever the status of the command is.
func TestProcessThatEndsEarly(t *testing.T) {
	inSpec := line(`It("fails"`) + `: the spec "fails" began and did not end: the process of ` + suitePath + ` crashed`
	for scenario, want := range map[string]struct{ problem, states string }{
		"panic":         {inSpec, "A-1 passed, A-2 crashed"},
		"exit 0":        {inSpec, "A-1 passed, A-2 crashed"},
		"exit 1":        {inSpec, "A-1 passed, A-2 crashed"},
		"kill":          {inSpec, "A-1 passed, A-2 crashed"},
		"fail and exit": {inSpec, "A-1 passed, A-2 crashed"},
		"fatal":         {"the process of " + suitePath + " ended outside of its specs", ""},
	} {
		commands := map[string][]string{"the test binary": {"suite.test"}, "ginkgo": {"ginkgo", "suite.test"}}
		if scenario == "exit 0" {
			commands["go test"] = []string{"go", "test", "-count=1", "./testdata"}
		}
		for name, args := range commands {
			t.Run(scenario+" under "+name, func(t *testing.T) {
				suites, _, _ := run(t, scenario, "", args...)
				if name == "go test" { // which turns os.Exit(0) into a panic
					if got := states(suites); !strings.HasPrefix(got, "A-1 passed, A-2 panicked") {
						t.Error(got)
					}
					return
				}
				if !strings.Contains(problems(suites), want.problem) {
					t.Errorf("problems %q, not %q", problems(suites), want.problem)
				}
				if got := states(suites); got != want.states {
					t.Errorf("%s, not %s", got, want.states)
				}
				if scenario == "fail and exit" {
					if a := suites[0].Specs[1].Attempted; len(a) != 1 || len(a[0].Verifications) != 2 {
						t.Errorf("the failed verification is lost: %+v", a)
					}
				}
			})
		}
	}
}

// A goroutine that nobody waits for is a fault, also in the last spec and in the
// second process.
func TestGoroutineThatIsNotAwaited(t *testing.T) {
	for name, args := range map[string][]string{"one process": {"suite.test"}, "two": {"ginkgo", "--procs=2", "suite.test"}} {
		t.Run(name, func(t *testing.T) {
			meeting := ""
			if name == "two" {
				meeting = t.TempDir()
			}
			suites, _, status := run(t, "leak", meeting, args...)
			faults := problems(suites)
			for _, s := range suites {
				for _, spec := range s.Specs {
					for _, e := range spec.Attempted {
						faults += strings.Join(e.Faults, "\n")
					}
				}
			}
			if !strings.Contains(faults, line("Expect(1).To(Equal(2))\n\t\t\t\t\t}")+": trace.Verify") {
				t.Errorf("status %d, faults %q", status, faults)
			}
		})
	}
}

// Without a place for it, evidence would be lost: the suite must not pass.
func TestEvidenceThatCannotBeWritten(t *testing.T) {
	dir, err := build()
	if err != nil {
		t.Fatal(err)
	}
	for name, row := range map[string][2]string{
		"no folder": {filepath.Join(dir, "none"), `exec "$0" "$@"`},
		"full disk": {t.TempDir(), `ulimit -f 2; exec "$0" "$@"`},
	} {
		cmd := exec.Command("sh", "-c", row[1], filepath.Join(dir, "suite.test"))
		cmd.Env = append(os.Environ(), "ONELINE_EVIDENCE="+row[0])
		out, err := cmd.CombinedOutput()
		if err == nil || !strings.Contains(string(out), "the evidence cannot be written") {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
}

package tools_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// The example is a module of its own, as a user's would be: its packages, one with Ginkgo
// specs and one with plain tests, are run and reported on by one command.
func TestExample(t *testing.T) {
	t.Parallel()
	output, code, out := runExample(t)
	if code != 1 {
		t.Errorf("exit code %d, want 1: a requirement failed", code)
	}
	want := map[string]string{
		"CALC-ADD-1": "PASS", "CALC-DIV-1": "PASS", "CALC-DIV-2": "PASS", "CALC-SHOW-1": "PASS",
		"CALC-AVG-1": "FAIL", "CALC-UNDO-1": "NOT TESTED",
	}
	if got := verdicts(t, filepath.Join(out, "coverage.json")); !maps.Equal(got, want) {
		t.Errorf("coverage.json has %v, want %v", got, want)
	}
	if !strings.Contains(output, "calculator_test.go:") {
		t.Errorf("the failure has no place:\n%s", output)
	}
	// README shows this run, up to where it says which files were written.
	_, shown, _ := strings.Cut(readFile(t, "../README.md"), "    $ oneline run -- go test ./...\n    ...\n")
	shown, _, found := strings.Cut(shown, "    reports in ")
	if !found {
		t.Fatal("README does not show the run")
	}
	for line := range strings.Lines(shown) {
		line, _ = strings.CutSuffix(strings.TrimPrefix(line, "    "), "...\n")
		if !strings.Contains(output, line) {
			t.Errorf("README shows %q, which is not printed:\n%s", line, output)
		}
	}
}

// The suite of the example also tells which code its requirements reach;
// docs/coverage.md shows it.
func TestExampleCovered(t *testing.T) {
	t.Parallel()
	cmd := exec.CommandContext(t.Context(), buildOneline(t), "run", "-out", t.TempDir(), "-cover", ".", "--", "go", "test", ".")
	cmd.Dir = "../examples/calculator"
	cmd.Env = append(os.Environ(), "GOPROXY=off", "GOWORK=off")
	text, err := cmd.CombinedOutput()
	output := string(text)
	if cmd.ProcessState.ExitCode() != 1 {
		t.Errorf("%v, want exit code 1: a requirement failed\n%s", err, output)
	}
	for _, line := range []string{
		"6 of 7 statements reached by requirements that passed.",
		"1 statement not reached: calculator.go:" + strconv.Itoa(lineWith(t, "../examples/calculator/calculator.go", "(c.result + n) / 2")) + ".",
	} {
		if !strings.Contains(output, line) {
			t.Errorf("the report does not say %q:\n%s", line, output)
		}
	}
}

// lineWith gives the number of the line of a file that holds a text.
func lineWith(t *testing.T, path, text string) int {
	t.Helper()
	source, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, _, found := strings.Cut(string(source), text)
	if !found {
		t.Fatalf("%s does not hold %q", path, text)
	}
	return strings.Count(before, "\n") + 1
}

// With a requirement named that does not exist, nothing can be concluded, and
// the place is said.
func TestExampleUnknownRequirement(t *testing.T) {
	t.Parallel()
	output, code, _ := runExample(t, "-tags=unknown")
	if code != 2 {
		t.Errorf("exit code %d, want 2: a requirement is unknown", code)
	}
	if !strings.Contains(output, "INVALID  CALC-SUB-1\n") {
		t.Errorf("CALC-SUB-1 is not listed as INVALID:\n%s", output)
	}
	source, err := os.ReadFile("../examples/calculator/unknown_test.go")
	if err != nil {
		t.Fatal(err)
	}
	place := "unknown_test.go:" + lineOf(t, string(source), "CALC-SUB-1")
	if !strings.Contains(output, place) {
		t.Errorf("the unknown requirement is not placed at %s:\n%s", place, output)
	}
}

// program is a oneline that is built once.
var program = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "oneline-tools-*")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "oneline")
	if runtime.GOOS == "windows" {
		path += ".exe"
	}
	output, err := exec.Command("go", "build", "-o", path, "./oneline").CombinedOutput()
	if err != nil {
		err = fmt.Errorf("go build: %w\n%s", err, output)
	}
	return path, err
})

// buildOneline gives the path of the command, which is called oneline.
func buildOneline(t *testing.T) string {
	t.Helper()
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func TestMain(m *testing.M) {
	code := m.Run()
	if path, err := program(); err == nil {
		_ = os.RemoveAll(filepath.Dir(path))
	}
	os.Exit(code)
}

// runExample runs the suite of the example as a user would, from what is on the machine
// already.
func runExample(t *testing.T, flags ...string) (output string, code int, out string) {
	t.Helper()
	out = t.TempDir()
	args := append([]string{"run", "-out", out, "--", "go", "test"}, flags...)
	cmd := exec.CommandContext(t.Context(), buildOneline(t), append(args, "./...")...)
	cmd.Dir = "../examples/calculator"
	cmd.Env = append(os.Environ(), "GOPROXY=off", "GOWORK=off")
	data, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return string(data), cmd.ProcessState.ExitCode(), out
}

// verdicts reads the verdict of every requirement from a coverage.json.
func verdicts(t *testing.T, path string) map[string]string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var coverage struct {
		Requirements []struct{ ID, Verdict string }
	}
	if err := json.Unmarshal(data, &coverage); err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, r := range coverage.Requirements {
		got[r.ID] = r.Verdict
	}
	return got
}

// lineOf gives the number of the line whose spec is labelled with the id alone.
func lineOf(t *testing.T, source, id string) string {
	t.Helper()
	for i, line := range strings.Split(source, "\n") {
		if strings.Contains(line, `trace.Req("`+id+`")`) {
			return strconv.Itoa(i + 1)
		}
	}
	t.Fatalf("no spec names %s", id)
	return ""
}

// The client of the examples passes what its lines say it can be verified for.
func TestExampleClient(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("python3"); err != nil {
		t.Skip("no python3 on this machine")
	}
	cmd := exec.CommandContext(t.Context(), buildOneline(t), "verify", "-out", t.TempDir(), "-client", "python3 examples/client.py {addr}")
	cmd.Dir = ".."
	if output, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, output)
	}
}

package tools_test

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The commands of docs/any-tests.md do what it says.
func TestAnyTests(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("no shell here")
	}
	oneline := buildOneline(t)
	t.Run("go and pytest", func(t *testing.T) { lampOfBoth(t, lamp(t, oneline)) })
	t.Run("go", func(t *testing.T) { lampOfGo(t, lamp(t, oneline)) })
	t.Run("pytest", func(t *testing.T) { lampOfPython(t, lamp(t, oneline)) })
}

// lamp copies the example into a folder of the test's own, with the command.
func lamp(t *testing.T, oneline string) string {
	t.Helper()
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "lamp")
	if err := os.CopyFS(dir, os.DirFS("../examples/lamp")); err != nil {
		t.Fatal(err)
	}
	mod := strings.Replace(readFile(t, "../examples/lamp/go.mod"), "=> ../..", "=> "+root, 1)
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte(mod), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "bin"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(oneline, filepath.Join(dir, "bin", "oneline")); err != nil {
		t.Fatal(err)
	}
	return dir
}

// inLamp runs a line of the guide in the folder, with oneline on the PATH, and
// returns what it printed and its exit code.
func inLamp(t *testing.T, dir, line string) (string, int) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "sh", "-c", line)
	cmd.Dir = dir
	path := filepath.Join(dir, "bin") + string(os.PathListSeparator) + pythonPath(t)
	cmd.Env = append(os.Environ(), "PATH="+path, "GOPROXY=off", "GOWORK=off", "GOFLAGS=-buildvcs=false "+os.Getenv("GOFLAGS"), "PYTHONDONTWRITEBYTECODE=1", "PYTEST_ADDOPTS=-p no:cacheprovider")
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return string(out), cmd.ProcessState.ExitCode()
}

// pythonPath is a PATH whose python3 has pytest, if there is one.
func pythonPath(t *testing.T) string {
	path := os.Getenv("PATH")
	for _, path := range []string{path, "/usr/bin" + string(os.PathListSeparator) + path} {
		cmd := exec.CommandContext(t.Context(), "sh", "-c", "python3 -m pytest --version")
		cmd.Env = append(os.Environ(), "PATH="+path)
		if cmd.Run() == nil {
			return path
		}
	}
	return path
}

func needsPytest(t *testing.T, dir string) {
	t.Helper()
	if out, code := inLamp(t, dir, "python3 -m pytest --version"); code != 0 {
		t.Skipf("no pytest here: %s", out)
	}
}

func lampOfBoth(t *testing.T, dir string) {
	needsPytest(t, dir)
	const line = "oneline run -results 'build/*.xml' -accept outcome -- sh test.sh"
	guide := readFile(t, "../docs/any-tests.md")
	if !strings.Contains(guide, "\n    $ "+line+"\n") {
		t.Errorf("the guide does not show %s", line)
	}
	out, code := inLamp(t, dir, line)
	want := map[string]string{"LAMP-1": "PASS", "LAMP-2": "PASS", "LAMP-3": "NOT TESTED", "PANEL-1": "PASS (outcome)", "PANEL-2": "PASS (outcome)"}
	if got := verdicts(t, filepath.Join(dir, "oneline-report", "coverage.json")); code != 4 || !maps.Equal(got, want) {
		t.Errorf("exit code %d, %v\n%s", code, got, out)
	}
	for _, part := range []string{"NOT TESTED  LAMP-3\n", "PASS (outcome)  PANEL-1, 2\n", "PASS  LAMP-1, 2\n", "lamp: 4 of 5 requirements tested: 4 passed, 0 failed.\n", "2 passed by the outcomes of tests alone, which do not say what was checked: PANEL-1, 2.\n"} {
		if !strings.Contains(out, part) || !strings.Contains(guide, part) {
			t.Errorf("%q is not in the output, or not in the guide:\n%s", part, out)
		}
	}
	// The documents can be made again, and judge as the run did.
	if again, code := inLamp(t, dir, "oneline report oneline-report"); code != 4 || !strings.Contains(again, "PASS (outcome)  PANEL-1, 2\n") {
		t.Errorf("report: exit code %d\n%s", code, again)
	}
	for _, file := range []string{"report.txt", "trace.txt", "summary.txt", "trace.csv", "index.html", "report.md", "junit.xml"} {
		if !strings.Contains(strings.ToLower(readFile(t, filepath.Join(dir, "oneline-report", file))), "pass (outcome)") {
			t.Errorf("%s does not say that requirements passed by outcomes", file)
		}
	}
	// What an earlier run has written is refused.
	out, code = inLamp(t, dir, "oneline run -results 'build/*.xml' -accept outcome -out again -- go test ./...")
	if code != 2 || !strings.Contains(out, "panel.xml: the command has not written it") {
		t.Errorf("an old file: exit code %d\n%s", code, out)
	}
}

func lampOfGo(t *testing.T, dir string) {
	verified := map[string]string{"LAMP-1": "PASS", "LAMP-2": "PASS", "LAMP-3": "NOT TESTED", "PANEL-1": "NOT TESTED", "PANEL-2": "NOT TESTED"}
	accepted := maps.Clone(verified)
	accepted["LAMP-3"] = "PASS (outcome)"
	alone := map[string]string{"LAMP-1": "NOT TESTED", "LAMP-2": "NOT TESTED", "LAMP-3": "PASS (outcome)", "PANEL-1": "NOT TESTED", "PANEL-2": "NOT TESTED"}
	for _, row := range []struct {
		line, out string
		want      map[string]string
		says      string
	}{
		{"oneline run -- go test ./...", "oneline-report", verified, "LAMP-3 (outcomes only: -accept outcome counts them)"},
		{"oneline run -accept outcome -- go test ./...", "oneline-report", accepted, "1 passed by the outcomes of tests alone"},
		{"go test -json -count=1 ./... > gotest.json; oneline report -srs srs.json -accept outcome gotest.json", "oneline-report", alone, "its verifications are not in this file"},
	} {
		if !strings.Contains(readFile(t, "../docs/any-tests.md"), "\n    "+row.line+"\n") {
			t.Errorf("the guide does not show %s", row.line)
		}
		line := row.line
		if strings.Contains(line, "report -srs") {
			line += " -out bare"
			line = strings.Replace(line, " gotest.json -out bare", " -out bare gotest.json", 1)
			row.out = "bare"
		}
		out, code := inLamp(t, dir, line)
		if got := verdicts(t, filepath.Join(dir, row.out, "coverage.json")); code != 4 || !maps.Equal(got, row.want) || !strings.Contains(out, row.says) {
			t.Errorf("%s: exit code %d, %v\n%s", line, code, got, out)
		}
	}
}

func lampOfPython(t *testing.T, dir string) {
	needsPytest(t, dir)
	const line = "oneline run -results 'build/*.xml' -accept outcome -- python3 -m pytest --junitxml=build/panel.xml"
	if !strings.Contains(readFile(t, "../docs/any-tests.md"), "\n    "+line+"\n") {
		t.Errorf("the guide does not show %s", line)
	}
	// Every way in which a test can end, under requirements of their own.
	all := map[string]string{
		"passing": "PASS (outcome)", "failing": "FAIL", "broken": "FAIL", "torn": "FAIL", "skipping": "NOT TESTED", "expected": "NOT TESTED",
		"unexpected": "FAIL", "part": "FAIL", "recorded": "PASS (outcome)", "rerun": "NOT TESTED", "named_N-1": "PASS (outcome)",
	}
	srs := []string{}
	for name := range all {
		srs = append(srs, `"`+strings.TrimPrefix(name, "named_")+`": {"tester": "auto", "group": "g", "desc": "It shall."}`)
	}
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("srs.json", "{"+strings.Join(srs, ",\n")+"}")
	write("test_panel.py", `import pytest


def requirement(id):
    return pytest.mark.requirement(id)


@pytest.fixture
def no_setup():
    raise RuntimeError("setup")


@pytest.fixture
def no_teardown():
    yield
    raise RuntimeError("teardown")


@requirement("passing")
def test_passing(): pass

@requirement("failing")
def test_failing(): assert 1 == 2

@requirement("broken")
def test_broken(no_setup): pass

@requirement("torn")
def test_torn(no_teardown): pass

@requirement("skipping")
@pytest.mark.skip(reason="not today")
def test_skipping(): pass

@requirement("expected")
@pytest.mark.xfail(reason="known")
def test_expected(): assert 1 == 2

@requirement("unexpected")
@pytest.mark.xfail(strict=True)
def test_unexpected(): pass

@requirement("part")
@pytest.mark.parametrize("n", [1, 2, 3])
def test_part(n): assert n != 2

@requirement("rerun")
@pytest.mark.again
def test_rerun(tries=[]):
    tries.append(1)
    assert len(tries) > 1

def test_recorded(record_property): record_property("requirement", "recorded")

@pytest.mark.parametrize("id", ["N-1"])
def test_named(id): pass
`)
	// As pytest-rerunfailures does it: what failed is run again, and nothing is written
	// of the first try.
	write("again.py", `from _pytest.runner import runtestprotocol


def pytest_configure(config):
    config.addinivalue_line("markers", "again: run a second time")


def pytest_runtest_protocol(item, nextitem):
    if item.get_closest_marker("again") is None:
        return None
    runtestprotocol(item, nextitem=nextitem, log=False)
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    for report in runtestprotocol(item, nextitem=nextitem, log=False):
        item.ihook.pytest_runtest_logreport(report=report)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True
`)
	want := make(map[string]string)
	for name, verdict := range all {
		want[strings.TrimPrefix(name, "named_")] = verdict
	}
	out, code := inLamp(t, dir, strings.NewReplacer(" -- ", " -id-pattern 'N-[0-9]+' -- ", "pytest --", "pytest -p again --").Replace(line))
	if got := verdicts(t, filepath.Join(dir, "oneline-report", "coverage.json")); code != 1 || !maps.Equal(got, want) {
		t.Errorf("exit code %d, %v\n%s", code, got, out)
	}
}

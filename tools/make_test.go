package tools_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// targets are what the Makefile promises, each with a part of what it must run.
var targets = map[string]string{
	"help":     "awk",
	"lock":     "bin/oneline lock reports/out/lock",
	"ver":      "bin/counting/oneline verify -out reports/out -format all",
	"mutate":   "bin/oneline mutate -packages .,./server,./client",
	"sample":   "bin/oneline verify -out reports/out/sample/reference -format all",
	"doit":     "tools/doit.sh",
	"selftest": "bin/oneline selftest",
	"test":     "go test",
	"bench":    "./tools/bench -rounds",
	"soak":     "-soak",
	"fuzz":     "-fuzz",
	"lint":     "staticcheck",
	"doc":      "tools/doc.sh",
	"build":    "go build",
	"install":  "go install",
	"dist":     "sha256sum oneline_",
	"clean":    "rm -rf",
}

// A folder or file that bears a target's name must not make it up to date: for
// ver that would be a verification that is green for ever.
func TestTargetsArePhony(t *testing.T) {
	for _, kind := range []string{"folder", "file"} {
		dir := makeDir(t)
		for target := range targets {
			path := filepath.Join(dir, target)
			var err error
			if kind == "folder" {
				err = os.Mkdir(path, 0o755)
			} else {
				err = os.WriteFile(path, nil, 0o600)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		for target, command := range targets {
			if output := runMake(t, dir, "-n", target); !strings.Contains(output, command) {
				t.Errorf("beside a %s of that name, make %s does not run %q:\n%s", kind, target, command, output)
			}
		}
	}
}

// make alone lists the targets, all of them, with a line each.
func TestHelp(t *testing.T) {
	output := runMake(t, makeDir(t))
	for target := range targets {
		if !regexp.MustCompile(`(?m)^` + target + ` +\S`).MatchString(output) {
			t.Errorf("help does not name %s:\n%s", target, output)
		}
	}
	makefile, err := os.ReadFile("../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`(?m)^([a-z]+):.*## `).FindAllStringSubmatch(string(makefile), -1) {
		if _, ok := targets[m[1]]; !ok {
			t.Errorf("the Makefile has the target %s, which no test knows", m[1])
		}
	}
}

// What make is given reaches oneline as it is: with blanks, quotes and dollars
// in it, and empty too. What it is not given does not.
func TestTargetFlags(t *testing.T) {
	const usual = "[verify][-out][reports/out][-format][all]"
	tests := []struct {
		args []string
		want string
	}{
		{nil, usual},
		{[]string{"ADDR="}, usual + "[-addr][]"},
		{[]string{"ADDR=127.0.0.1:5001", "APP=sample"}, usual + "[-addr][127.0.0.1:5001][-app][sample]"},
		{[]string{`LAUNCH=it's "a" $HOME, {addr}`, "CLIENT="}, usual + `[-launch][it's "a" $HOME, {addr}][-client][]`},
		{[]string{"FLAGS=-shutdown -level rule"}, usual + "[-shutdown][-level][rule]"},
	}
	dir := makeDir(t)
	stub := filepath.Join(dir, "stub")
	if err := os.WriteFile(stub, []byte("#!/bin/sh\nprintf '[%s]' \"$@\"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, tt := range tests {
		output := runMake(t, dir, append([]string{"-s", "ver", "GO=true", "ONELINE=./stub"}, tt.args...)...)
		if output != tt.want {
			t.Errorf("make ver %q:\n got %s\nwant %s", tt.args, output, tt.want)
		}
	}
}

// The reference is verified by a program that counts what is executed; anything
// else by the usual one, which pretends nothing.
func TestCounting(t *testing.T) {
	dir := makeDir(t)
	for _, tt := range []struct {
		args     []string
		counting bool
	}{
		{nil, true},
		{[]string{"APP=sample", "FLAGS=-level rule"}, true},
		{[]string{"ADDR=127.0.0.1:5001"}, false},
		{[]string{"LAUNCH=server {addr}"}, false},
		{[]string{"CLIENT="}, false},
		{[]string{"ONELINE=./stub"}, false},
	} {
		output := runMake(t, dir, append([]string{"-n", "ver"}, tt.args...)...)
		if counting := strings.Contains(output, " cover -out") && strings.Contains(output, "ONELINE_COVER="); counting != tt.counting {
			t.Errorf("make ver %q counts what is executed: %t, want %t:\n%s", tt.args, counting, tt.counting, output)
		}
	}
}

// Vulnerabilities are looked for where the database is there; where it is not, that is
// said, and lint goes on.
func TestVulnerabilities(t *testing.T) {
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("no curl on this machine")
	}
	there := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer there.Close()
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	dir := makeDir(t)
	stub := "#!/bin/sh\ncase \"$*\" in *govulncheck*) echo \"[$*]\"; esac\n"
	if err := os.WriteFile(filepath.Join(dir, "stub"), []byte(stub), 0o755); err != nil {
		t.Fatal(err)
	}
	for db, want := range map[string]string{
		there.URL: "[tool -modfile=tools/lint/go.mod govulncheck -db " + there.URL + " ./...]",
		gone.URL:  "govulncheck is skipped: " + gone.URL + " cannot be had",
	} {
		if output := runMake(t, dir, "-s", "lint", "GO=./stub", "VULNDB="+db); strings.TrimSpace(output) != want {
			t.Errorf("got %s, want %s", output, want)
		}
	}
}

// The status of oneline is what make reports.
func TestStatus(t *testing.T) {
	dir := makeDir(t)
	for status := 1; status <= 4; status++ {
		if err := os.WriteFile(filepath.Join(dir, "stub"), fmt.Appendf(nil, "#!/bin/sh\nexit %d\n", status), 0o755); err != nil {
			t.Fatal(err)
		}
		output, err := makeCommand(t, dir, "ver", "GO=true", "ONELINE=./stub").CombinedOutput()
		if err == nil || !strings.Contains(string(output), fmt.Sprintf("Error %d", status)) {
			t.Errorf("status %d: %v\n%s", status, err, output)
		}
	}
}

// make dist packs the program and the documents for every platform, with the same
// bytes each time, and leaves other files in the folder alone.
func TestDist(t *testing.T) {
	t.Parallel()
	if output, err := exec.Command("tar", "--version").Output(); err != nil || !strings.Contains(string(output), "GNU tar") {
		t.Skip("no GNU tar on this machine")
	}
	dir := makeDir(t)
	for _, name := range []string{"LICENSE", "README.md", "PROTOCOL.md", "CHANGELOG.md", "CONTRIBUTING.md", "docs", "examples"} {
		if err := os.Symlink(absolute(t, filepath.Join("..", name)), filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	stub := "#!/bin/sh\ncase $1 in env) go env $2;; build) while test \"$1\" != -o; do shift; done; mkdir -p $(dirname $2)\n" +
		"printf '#!/bin/sh\\necho v1.2.3 %s\\n' $GOOS >$2; chmod 700 $2;; esac\n"
	if err := os.WriteFile(filepath.Join(dir, "stub"), []byte(stub), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(dir, "dist"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "dist", "keep"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	var sums []string
	for range 2 {
		runMake(t, dir, "dist", "GO=./stub", "VERSION=v1.2.3", "SOURCE_DATE_EPOCH=1793629800")
		text, err := os.ReadFile(filepath.Join(dir, "dist", "SHA256SUMS"))
		if err != nil {
			t.Fatal(err)
		}
		sums = append(sums, string(text))
	}
	if sums[0] != sums[1] || strings.Count(sums[0], "oneline_v1.2.3_") != 6 {
		t.Errorf("the checksums of two builds are\n%s\nand\n%s", sums[0], sums[1])
	}
	if _, err := os.Stat(filepath.Join(dir, "dist", "keep")); err != nil {
		t.Error(err)
	}
	output, err := exec.CommandContext(t.Context(), "tar", "-tvf", filepath.Join(dir, "dist", "oneline_v1.2.3_windows_arm64.tar.gz"), "--utc").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"README.md", "docs/verify-your-server.md", "docs/images/page.png", "examples/server.py", "examples/profiles/silent.json"} {
		if !regexp.MustCompile(`(?m)^.rw-r--r-- 0/0 .*2026-11-02 14:30 oneline_v1.2.3_windows_arm64/` + want + "$").Match(output) {
			t.Errorf("%s is missing, or not as it should be:\n%s", want, output)
		}
	}
	if !regexp.MustCompile(`(?m)^-rwxr-xr-x .* oneline_v1.2.3_windows_arm64/oneline.exe$`).Match(output) {
		t.Errorf("the program is missing:\n%s", output)
	}
	cmd := makeCommand(t, dir, "dist", "GO=./stub", "VERSION=v9")
	if output, err := cmd.CombinedOutput(); err == nil {
		t.Errorf("a version that the program does not print is no error:\n%s", output)
	}
}

func absolute(t *testing.T, path string) string {
	t.Helper()
	path, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// makeDir returns a folder that holds the Makefile and nothing else.
func makeDir(t *testing.T) string {
	t.Helper()
	if _, err := exec.LookPath("make"); err != nil {
		t.Skip("no make on this machine")
	}
	makefile, err := os.ReadFile("../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "Makefile"), makefile, 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

func runMake(t *testing.T, dir string, args ...string) string {
	t.Helper()
	output, err := makeCommand(t, dir, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("make %q: %v\n%s", args, err, output)
	}
	return string(output)
}

// makeCommand is make without what a make that runs this test, or its user,
// has put into the environment.
func makeCommand(t *testing.T, dir string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(t.Context(), "make", args...)
	cmd.Dir = dir
	cmd.Env = slices.DeleteFunc(os.Environ(), func(v string) bool {
		name, _, _ := strings.Cut(v, "=")
		return slices.Contains([]string{
			"MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES",
			"ADDR", "LAUNCH", "CLIENT", "APP", "FLAGS", "GO", "ONELINE", "ROUNDS", "FUZZTIME", "VULNDB", "VERSION",
		}, name)
	})
	return cmd
}

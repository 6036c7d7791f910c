package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/rogpeppe/go-internal/testscript"
)

// goEnv asks the go command once where it keeps what the modules of all scripts share.
var goEnv = sync.OnceValues(func() ([]string, error) {
	out, err := exec.Command("go", "env", "GOCACHE", "GOMODCACHE").Output()
	return strings.Fields(string(out)), err
})

// programs is the folder for programs that tests build.
var programs = sync.OnceValues(func() (string, error) { return os.MkdirTemp("", "oneline-test-*") })

// program builds a program once, and gives its path.
func program(name string, command ...string) func() (string, error) {
	return sync.OnceValues(func() (string, error) {
		dir, err := programs()
		if err != nil {
			return "", err
		}
		path := filepath.Join(dir, name)
		out, err := exec.Command("go", append(command[:len(command)-1:len(command)-1], "-o", path, command[len(command)-1])...).CombinedOutput()
		if err != nil {
			err = fmt.Errorf("go %v: %w: %s", command, err, out)
		}
		return path, err
	})
}

var ginkgoCommand = program("ginkgo.exe", "build", "github.com/onsi/ginkgo/v2/ginkgo")

// raced says whether this is built with the race detector.
var raced bool

// plain is this test binary without the race detector, under which the suite takes four
// times as long. The tests of package ver carry it out under the detector.
var plain = program("oneline", "test", "-c", ".")

// suites are the scripts that carry the suite out, or report on it, again and again.
var suites = []string{"attest", "client", "compare", "config", "dryrun", "folder", "formal", "justified", "report", "selftest", "unreachable", "verify"}

// unraced puts the plain oneline first for the scripts of suites.
func unraced(env *testscript.Env) error {
	if !raced || !slices.Contains(suites, strings.TrimPrefix(filepath.Base(env.WorkDir), "script-")) {
		return nil
	}
	path, err := plain()
	env.Setenv("PATH", filepath.Dir(path)+string(os.PathListSeparator)+env.Getenv("PATH"))
	return err
}

// module makes the working directory a module, in which this module and all that it
// requires can be used: module NAME. It sets GINKGO to the path of the ginkgo command
// if -ginkgo follows.
func module(ts *testscript.TestScript, _ bool, args []string) {
	root, err := filepath.Abs("../..")
	ts.Check(err)
	mod, err := os.ReadFile(filepath.Join(root, "go.mod"))
	ts.Check(err)
	sum, err := os.ReadFile(filepath.Join(root, "go.sum"))
	ts.Check(err)
	caches, err := goEnv()
	ts.Check(err)
	text := regexp.MustCompile(`(?m)^module .*`).ReplaceAllString(string(mod), "module "+args[0])
	text += "\nrequire github.com/socket-oneline/oneline v0.0.0\n\nreplace github.com/socket-oneline/oneline => " + root + "\n"
	ts.Check(os.WriteFile(ts.MkAbs("go.mod"), []byte(text), 0o600))
	ts.Check(os.WriteFile(ts.MkAbs("go.sum"), sum, 0o600))
	ts.Setenv("GOCACHE", caches[0])
	ts.Setenv("GOMODCACHE", caches[1])
	ts.Setenv("GOFLAGS", "-mod=mod -trimpath -buildvcs=false -vet=off")
	ts.Setenv("GOPROXY", "off")
	ts.Setenv("GOWORK", "off")
	if len(args) > 1 {
		path, err := ginkgoCommand()
		ts.Check(err)
		ts.Setenv("GINKGO", path)
	}
}

// fails is [exits] for commands that print before it is known that nothing can be
// concluded: fails CODE COMMAND...
func fails(ts *testscript.TestScript, _ bool, args []string) {
	if got := exitCode(ts, args[1:]); fmt.Sprint(got) != args[0] {
		ts.Fatalf("exit code %d, not %s", got, args[0])
	}
}

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"

	"github.com/rogpeppe/go-internal/testscript"
)

// goEnv asks the go command once where it keeps what the modules of all scripts share.
var goEnv = sync.OnceValues(func() ([]string, error) {
	out, err := exec.Command("go", "env", "GOCACHE", "GOMODCACHE").Output()
	return strings.Fields(string(out)), err
})

// ginkgoCommand builds the ginkgo command once.
var ginkgoCommand = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "ginkgo-*")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "ginkgo.exe")
	out, err := exec.Command("go", "build", "-o", path, "github.com/onsi/ginkgo/v2/ginkgo").CombinedOutput()
	if err != nil {
		err = fmt.Errorf("%w: %s", err, out)
	}
	return path, err
})

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
	ts.Setenv("GOFLAGS", "-mod=mod -trimpath -buildvcs=false")
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

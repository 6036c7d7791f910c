package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// packages is the size of the module whose tests are run with and without oneline run.
const packages = 20

// module writes a module of plain Go tests, and commits it: oneline run asks git for the
// state of the repository.
func (m *measurer) module() {
	m.write("go.mod", m.goMod())
	m.write("go.sum", m.read("go.sum"))
	var requirements []string
	for i := range packages {
		requirements = append(requirements, fmt.Sprintf(`"R-%d": {"tester": "auto", "group": "part %d", "desc": "part %d adds"}`, i, i, i))
		m.write(fmt.Sprintf("part%d/part.go", i), fmt.Appendf(nil, "// Package part%d adds.\npackage part%d\n\nfunc Add(a, b int) int { return a + b }\n", i, i))
		m.write(fmt.Sprintf("part%d/part_test.go", i), fmt.Appendf(nil, `package part%d

import (
	"testing"

	"github.com/socket-oneline/oneline/trace/gotest"
)

func TestAdd(t *testing.T) {
	req := gotest.Req(t, "R-%d")
	for n := range 20 {
		req.Step("add 1 to %%d", n)
		req.Verify().Equal(Add(n, 1), n+1)
	}
}
`, i, i))
	}
	m.write("srs.json", []byte("{"+strings.Join(requirements, ",\n")+"}\n"))
	m.in("git", "init", "-q")
	m.in("git", "add", ".")
	m.in("git", "-c", "user.name=bench", "-c", "user.email=bench@example.com", "commit", "-q", "-m", "module")
	m.in("go", "test", "./...") // compiles
}

// pair runs the tests of the module with and without oneline run, in turns, so that
// neither is always the first.
func (m *measurer) pair(n int) {
	test := []string{"go", "test", "-count=1", "./..."}
	with := append([]string{m.path("oneline"), "run", "--"}, test...)
	if n%2 == 0 {
		m.timed("Module/run", with...)
		m.timed("Module/gotest", test...)
	} else {
		m.timed("Module/gotest", test...)
		m.timed("Module/run", with...)
	}
}

// timed keeps how long a command took in the module.
func (m *measurer) timed(name string, command ...string) {
	began := time.Now()
	m.in(command[0], command[1:]...)
	m.keep(fmt.Appendf(nil, "Benchmark%s 1 %d ns/op\n", name, time.Since(began).Nanoseconds()))
}

// goMod requires what this module requires, and this module as it is here.
func (m *measurer) goMod() []byte {
	_, required, _ := bytes.Cut(m.read("go.mod"), []byte("\n"))
	root, err := os.Getwd()
	m.failed(err)
	return fmt.Appendf(nil, "module example.com/parts\n%s\nrequire github.com/socket-oneline/oneline v0.0.0\n\nreplace github.com/socket-oneline/oneline => %s\n", required, root)
}

func (m *measurer) read(name string) []byte {
	data, err := os.ReadFile(name)
	m.failed(err)
	return data
}

func (m *measurer) write(name string, data []byte) {
	path := filepath.Join(m.path("module"), name)
	m.failed(os.MkdirAll(filepath.Dir(path), 0o777))
	m.failed(os.WriteFile(path, data, 0o600))
}

// failed keeps the first error.
func (m *measurer) failed(err error) {
	if m.err == nil {
		m.err = err
	}
}

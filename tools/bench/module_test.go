package bench_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// packages is the size of the module whose tests are run with and without oneline run.
const packages = 20

// module writes a module of plain Go tests, in which programs run from now on, and
// commits it: oneline run asks git for the state of the repository.
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
	m.cwd, m.env = m.path("module"), []string{"GOFLAGS=-mod=mod", "GOWORK=off"}
	m.run("git", "init", "-q")
	m.run("git", "add", ".")
	m.run("git", "-c", "user.name=bench", "-c", "user.email=bench@example.com", "commit", "-q", "-m", "module")
	m.run("go", "test", "./...") // compiles
}

// pair runs the tests of the module with and without oneline run, in turns, so that
// neither is always the first.
func (m *measurer) pair(n int) {
	test := []string{"test", "-count=1", "./..."}
	with := append([]string{"run", "--", "go"}, test...)
	if n%2 == 0 {
		m.timed("Module/run", m.path("oneline"), with...)
		m.timed("Module/gotest", "go", test...)
	} else {
		m.timed("Module/gotest", "go", test...)
		m.timed("Module/run", m.path("oneline"), with...)
	}
}

// goMod requires what this module requires, and this module as it is here.
func (m *measurer) goMod() []byte {
	_, required, _ := bytes.Cut(m.read("go.mod"), []byte("\n"))
	root, err := filepath.Abs(m.cwd)
	if err != nil {
		m.Fatal(err)
	}
	return fmt.Appendf(nil, "module example.com/parts\n%s\nrequire github.com/socket-oneline/oneline v0.0.0\n\nreplace github.com/socket-oneline/oneline => %s\n", required, root)
}

func (m *measurer) read(name string) []byte {
	data, err := os.ReadFile(filepath.Join(m.cwd, name))
	if err != nil {
		m.Fatal(err)
	}
	return data
}

func (m *measurer) write(name string, data []byte) {
	path := filepath.Join(m.path("module"), name)
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		m.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o600); err != nil {
		m.Fatal(err)
	}
}

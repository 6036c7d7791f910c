// Package cover finds out which statements of a program each spec of a suite
// executes. It takes a suite that runs in an ordinary program which was built
// with
//
//	go build -cover -covermode=atomic -coverpkg=PACKAGES
//
// where PACKAGES are those of interest and that of the program's main. Package
// trace has the specs collect: its Cover is all that a suite calls.
//
// Around every spec the counters that the go command has put into the code are
// cleared and read. So there is one spec at a time, and what a spec has started
// must have ended with it: whatever code runs between the two moments is booked
// to the spec, also what its set-up, its clean-up and processes of the same
// program that it has started execute. Goroutines that still run in the covered
// code when a spec is over are waited for, and named if they stay.
//
// The package knows nothing of what is tested.
package cover

import (
	"bytes"
	"cmp"
	"errors"
	"os"
	"path/filepath"
	"runtime/coverage"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/socket-oneline/oneline/reports/evidence"
)

// Options say what is collected. The zero value takes all packages that the
// program was built to count, but those named main, and looks for their sources
// from the working directory upwards.
type Options struct {
	Packages []string // import paths; empty: all but main
	Source   string   // a folder in the module whose code it is; empty: the working directory
}

// Collector collects what specs execute. Its methods are called by one goroutine
// at a time.
type Collector struct {
	structure *evidence.Structure
	meta      meta
	numbers   map[counted]int // of the blocks of structure
	packages  []string        // whose goroutines are waited for

	scratch string // for what processes of this program leave
	earlier string // GOCOVERDIR as it was found
	spec    string // the folder of the current spec, in scratch
	count   int
	before  map[string]bool // goroutines that were there when the spec began
}

// goCoverDir tells a process of a covered program where to leave its counters.
const goCoverDir = "GOCOVERDIR"

// Open prepares to collect. Its error says in a few words why nothing can be
// collected, which is no reason not to run the suite. Close ends what it began.
func Open(o Options) (*Collector, error) {
	var described bytes.Buffer
	if err := coverage.WriteMeta(&described); err != nil {
		if testing.Testing() && testing.CoverMode() != "" {
			return nil, errors.New("the counters of a test binary cannot be read: run the suite from an ordinary program")
		}
		return nil, errors.New("this program was not built with -cover")
	}
	if err := coverage.ClearCounters(); err != nil {
		return nil, errors.New("this program was built with -cover, but without -covermode=atomic")
	}
	m, err := readMeta(described.Bytes())
	if err != nil {
		return nil, err
	}
	c := &Collector{meta: m}
	if err := c.describe(o); err != nil {
		return nil, err
	}
	if c.scratch, err = os.MkdirTemp("", "cover-*"); err != nil {
		return nil, err
	}
	c.earlier = os.Getenv(goCoverDir)
	return c, nil
}

// Structure is the code whose execution is watched.
func (c *Collector) Structure() *evidence.Structure { return c.structure }

// Close removes what was kept for the time of the run. A process that outlives
// it finds nowhere to leave its counters.
func (c *Collector) Close() error {
	if c.earlier == "" {
		_ = os.Unsetenv(goCoverDir)
	} else {
		_ = os.Setenv(goCoverDir, c.earlier)
	}
	return os.RemoveAll(c.scratch)
}

// Begin begins a spec.
func (c *Collector) Begin() error {
	// Each spec has a folder of its own: a process that it has left behind must
	// not add to what a later one executes.
	c.count++
	c.spec = filepath.Join(c.scratch, strconv.Itoa(c.count))
	if err := os.Mkdir(c.spec, 0o700); err != nil {
		return err
	}
	if err := os.Setenv(goCoverDir, c.spec); err != nil {
		return err
	}
	c.before = c.running()
	return coverage.ClearCounters()
}

// End ends a spec, and gives what it executed, in the form of
// [evidence.Spec.Executed], and the functions that would not end.
func (c *Collector) End() (executed string, unsettled []string, err error) {
	unsettled = c.settle()
	hit := make([]bool, len(c.numbers))
	note := func(at counted) {
		if number, covered := c.numbers[at]; covered {
			hit[number] = true
		}
	}
	var counters bytes.Buffer
	if err := coverage.WriteCounters(&counters); err != nil {
		return "", nil, err
	}
	if _, err := readCounters(counters.Bytes(), c.meta.hash, note); err != nil {
		return "", nil, err
	}
	left, err := filepath.Glob(filepath.Join(c.spec, "covcounters.*"))
	if err != nil {
		return "", nil, err
	}
	for _, path := range left {
		data, err := os.ReadFile(path)
		if err != nil {
			return "", nil, err
		}
		if _, err := readCounters(data, c.meta.hash, note); err != nil {
			return "", nil, err
		}
	}
	return ranges(hit), unsettled, nil
}

// ranges writes the numbers of what is true, such as 0-4,7.
func ranges(hit []bool) string {
	var b strings.Builder
	for i := 0; i < len(hit); i++ {
		if !hit[i] {
			continue
		}
		first := i
		for i+1 < len(hit) && hit[i+1] {
			i++
		}
		if b.Len() > 0 {
			b.WriteByte(',')
		}
		b.WriteString(strconv.Itoa(first))
		if i > first {
			b.WriteString("-" + strconv.Itoa(i))
		}
	}
	return b.String()
}

// located is a function with its place, and with what its counters are.
type located struct {
	metaFunction
	pkg, number int
}

// describe makes the structure of what is covered, and numbers its blocks.
func (c *Collector) describe(o Options) error {
	var functions []located
	modules := map[string]bool{}
	for i, p := range c.meta.packages {
		if chosen := slices.Contains(o.Packages, p.path); !chosen && (len(o.Packages) > 0 || p.name == "main") {
			continue
		}
		c.packages = append(c.packages, p.path)
		modules[p.module] = true
		for k, f := range p.functions {
			if len(f.units) > 0 {
				functions = append(functions, located{f, i, k})
			}
		}
	}
	for _, path := range o.Packages {
		if !slices.Contains(c.packages, path) {
			return errors.New("this program does not count what is executed in " + path + ": name it in -coverpkg")
		}
	}
	if len(functions) == 0 {
		return errors.New("this program was built with -cover, but counts no package: name some in -coverpkg")
	}
	slices.SortFunc(functions, func(a, b located) int {
		return cmp.Or(strings.Compare(a.file, b.file), cmp.Compare(a.units[0].line, b.units[0].line), cmp.Compare(a.units[0].column, b.units[0].column))
	})
	c.number(functions, newSources(o.Source), len(modules) == 1)
	return nil
}

// number makes the structure of functions that are sorted by their place. Files
// are named from the module on where there is only one.
func (c *Collector) number(functions []located, from sources, oneModule bool) {
	c.structure, c.numbers = &evidence.Structure{}, map[counted]int{}
	var file *evidence.SourceFile
	last := ""
	for _, f := range functions {
		if f.file != last {
			p := c.meta.packages[f.pkg]
			name := f.file
			if oneModule {
				name = strings.TrimPrefix(name, p.module+"/")
			}
			c.structure.Files = append(c.structure.Files, from.file(p, f.file, name))
			file, last = &c.structure.Files[len(c.structure.Files)-1], f.file
		}
		name := c.meta.packages[f.pkg].name + "." + strings.TrimPrefix(f.name, "*")
		function := evidence.Function{Name: name, Blocks: make([]evidence.Block, len(f.units))}
		for i, u := range f.units {
			function.Blocks[i] = evidence.Block{u.line, u.column, u.endLine, u.endColumn, u.statements}
			c.numbers[counted{f.pkg, f.number, i}] = len(c.numbers)
		}
		file.Functions = append(file.Functions, function)
	}
}

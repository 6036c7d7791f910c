// Package cover tells a test process which statements each of its tests executes,
// where package rewrite has put counters into the code. Packages trace and gotest
// call [Begin] and [Watch.End]; where nothing counts, both do nothing.
//
// Whatever code runs between the two is the test's, also what its set-up, its
// clean-up and the processes that it starts execute. Goroutines that still run in
// the counted code when a test is over are waited for, and named if they stay. What
// runs while several tests run belongs to all of them, and is marked as shared.
// What ran before the first test, in initialization, belongs to every test.
//
// The package knows nothing of what is tested.
package cover

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/socket-oneline/oneline/reports/evidence"
)

// Environment variables and names of files that rewritten programs know too.
const (
	Folder     = "ONELINE_COVER"      // names the folder for counters; programs under test inherit it
	ownFile    = "ONELINE_COVER_FILE" // SESSION-PID:PATH of the file of one process
	CodeFile   = "code.json"          // in the folder: the counted code, a Code
	bitsSuffix = ".bits"              // of files of counters
)

// Code is the code that is counted. Session identifies it, and the form of the
// files of counters: a byte for each of its files, then one for each of its blocks.
type Code struct {
	Session   string             `json:"session"`
	Structure evidence.Structure `json:"structure"`
}

// ReadCode reads the description of the code from a file.
func ReadCode(path string) (*Code, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	code := new(Code)
	if err := json.Unmarshal(data, code); err != nil {
		return nil, fmt.Errorf("%s: it is not as oneline wrote it: %w", path, err)
	}
	return code, nil
}

// codeOf reads the description of the code whose counters are in a folder: it stands in
// it, or in one above.
func codeOf(folder string) (*Code, error) {
	code, err := ReadCode(filepath.Join(folder, CodeFile))
	if above := filepath.Dir(folder); errors.Is(err, os.ErrNotExist) && above != folder {
		return codeOf(above)
	}
	return code, err
}

// collector collects what the tests of this process execute.
type collector struct {
	mu       sync.Mutex
	code     *Code
	packages []string // whose goroutines are waited for
	path     string   // of the counters of this process
	children string   // the folder for those of processes that tests start
	size     int
	began    []byte // what ran in initialization
	active   map[*Watch]bool
}

// open opens the counters of this process. It is called when all packages have
// been initialized. Its error says in a few words why nothing is counted.
var open = sync.OnceValues(func() (*collector, error) {
	folder := os.Getenv(Folder)
	if folder == "" {
		return nil, errors.New("the code was not built to be counted (oneline run -cover)")
	}
	code, err := codeOf(folder)
	if err != nil {
		return nil, err
	}
	prefix := code.Session + "-" + strconv.Itoa(os.Getpid()) + ":"
	path, ok := strings.CutPrefix(os.Getenv(ownFile), prefix)
	if !ok {
		return nil, errors.New("this process contains none of the code that is counted")
	}
	c := &collector{
		code: code, active: map[*Watch]bool{}, size: len(code.Structure.Files),
		path: path, children: strings.TrimSuffix(path, bitsSuffix),
	}
	for i := range code.Structure.Files {
		f := &code.Structure.Files[i]
		c.packages = append(c.packages, f.Package)
		for k := range f.Functions {
			c.size += len(f.Functions[k].Blocks)
		}
	}
	c.packages = slices.Compact(c.packages)
	if err := os.Mkdir(c.children, 0o700); err != nil {
		return nil, err
	}
	if err := os.Setenv(Folder, c.children); err != nil {
		return nil, err
	}
	c.began, err = c.take()
	return c, err
})

// Structure is the code that is counted in this process, or says why none is. Files that
// the process does not contain are marked as not built.
func Structure() *evidence.Structure {
	c, err := open()
	if err != nil {
		return &evidence.Structure{Missing: err.Error()}
	}
	s := c.code.Structure
	s.Files = slices.Clone(s.Files)
	for i := range s.Files {
		s.Files[i].NotBuilt = c.began[i] == 0
	}
	return &s
}

// take returns what this process and those that it has started have executed since the
// last call.
func (c *collector) take() (executed []byte, err error) {
	executed = make([]byte, c.size)
	left, err := c.code.left(c.children)
	for _, path := range append(left, c.path) {
		if err == nil {
			err = c.takeFile(path, executed)
		}
	}
	return executed, err
}

// takeFile adds the counters in a file to executed, and clears them. Which code a process
// contains stays in its file: one that has just begun may be about to note that. The files
// of children are removed in the end: what they contain is known from that of this
// process, which comes last.
func (c *collector) takeFile(path string, executed []byte) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	bits, files := make([]byte, c.size), len(c.code.Structure.Files)
	if _, err := f.ReadAt(bits, 0); err != nil {
		return fmt.Errorf("the counters cannot be read: %w", err)
	}
	add(executed, bits)
	clear(bits)
	if _, err := f.WriteAt(bits[files:], int64(files)); err != nil || path != c.path {
		return err
	}
	_, err = f.WriteAt(executed[:files], 0)
	return err
}

func add(sum, bits []byte) {
	for i, b := range bits {
		sum[i] |= b
	}
}

// counts reports whether a file holds counters of this code, by its name.
func (c *Code) counts(name string) bool {
	return strings.HasPrefix(name, c.Session+"-") && strings.HasSuffix(name, bitsSuffix)
}

// left lists the counters that processes have left in a folder.
func (c *Code) left(folder string) (paths []string, err error) {
	entries, err := os.ReadDir(folder)
	for _, entry := range entries {
		if c.counts(entry.Name()) {
			paths = append(paths, filepath.Join(folder, entry.Name()))
		}
	}
	return paths, err
}

// forget removes the counters of processes that the tests have started: what those
// that are left behind do later is no test's.
func (c *collector) forget() {
	left, _ := c.code.left(c.children)
	for _, path := range left {
		_ = os.Remove(path) // a process may have it open, on Windows
	}
}

// Ran reports, for each of so many files of code, whether a process contained it.
// The processes left their counters in folder, and in those of test processes
// there.
func Ran(folder, session string, files int) ([]bool, error) {
	ran := make([]bool, files)
	code := &Code{Session: session}
	return ran, filepath.WalkDir(folder, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !code.counts(entry.Name()) {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for i := range min(files, len(data)) {
			ran[i] = ran[i] || data[i] != 0
		}
		return nil
	})
}

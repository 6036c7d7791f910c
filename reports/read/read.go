// Package read reads files of test results. It recognizes their format by their content.
package read

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/socket-oneline/oneline/reports/read/ginkgo"
	"github.com/socket-oneline/oneline/reports/read/gotest"
	"github.com/socket-oneline/oneline/reports/read/ids"
	"github.com/socket-oneline/oneline/reports/read/junit"
	"github.com/socket-oneline/oneline/reports/read/process"
	"github.com/socket-oneline/oneline/reports/results"
)

// Options say how to read results. The zero value suits results that name their
// requirements.
type Options struct {
	IDs ids.Finder // finds requirement ids in the names of tests

	interrupted bool // see End
	traced      bool // see ginkgo.Options
}

// Load reads the results file at path as the zero [Options] do.
func Load(path string) (*results.Results, error) { return Options{}.Load(path) }

// From reads results from r as the zero [Options] do.
func From(name string, r io.Reader) (*results.Results, error) { return Options{}.From(name, r) }

// Load reads the results file at path. Its error is one line that names the
// file, the place in it where that is known, and what to do.
func (o Options) Load(path string) (*results.Results, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, unreadable(path, err)
	}
	defer f.Close()
	return o.From(path, f)
}

// From reads results from r, as Load does. name is the file's, for messages.
func (o Options) From(name string, r io.Reader) (*results.Results, error) {
	f, err := o.file(name, r)
	if err != nil {
		return nil, err
	}
	if f.stream != nil {
		return f.stream.Results(o.IDs), nil
	}
	return f.results, nil
}

// file is a file of results. One of results and stream is set.
type file struct {
	results *results.Results
	process *process.File // nil: no test process wrote the file
	stream  *gotest.Stream
}

// file reads a file in the format that its beginning shows.
func (o Options) file(name string, r io.Reader) (*file, error) {
	sum := sha256.New()
	in := bufio.NewReaderSize(io.TeeReader(r, sum), headSize)
	head, err := in.Peek(headSize)
	if err != nil && err != io.EOF {
		return nil, unreadable(name, err)
	}
	f := &file{}
	start := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\ufeff")), " \t\r\n")
	isReport, isProcess := len(start) == 0 || start[0] == '[', process.Is(head)
	var data []byte
	if isReport || isProcess {
		if data, err = io.ReadAll(in); err != nil {
			return nil, unreadable(name, err)
		}
	}
	switch {
	case isReport:
		f.results, err = ginkgo.Parse(name, data, ginkgo.Options{IDs: o.IDs, Traced: o.traced})
	case isProcess:
		err = o.readProcess(f, name, data)
	case junit.Looks(head):
		f.results, err = junit.Read(name, in, o.IDs)
	case gotest.Looks(head):
		f.stream, err = gotest.Read(name, in, o.interrupted)
	case gotest.PlainText(head):
		err = fmt.Errorf("%s: this is what go test prints for people: give what go test -json prints, or use oneline run", name)
	default:
		err = fmt.Errorf("%s: these are no results that can be read: give what Ginkgo's --json-report or go test -json wrote, or JUnit XML", name)
	}
	if err != nil {
		return nil, err
	}
	if _, err := io.Copy(io.Discard, in); err != nil {
		return nil, unreadable(name, err)
	}
	hash := hex.EncodeToString(sum.Sum(nil))
	if f.stream != nil {
		f.stream.SHA256 = hash
	} else {
		f.results.SHA256 = hash
	}
	return f, nil
}

// headSize is how many bytes at the beginning of a file decide its format.
const headSize = 64 << 10

// readProcess reads the file of a test process by itself.
func (o Options) readProcess(to *file, name string, data []byte) error {
	f, err := process.Parse(name, data)
	if err != nil {
		return err
	}
	to.process, to.results = f, f.Results
	if !o.interrupted {
		f.Suite.Problems = append(f.Suite.Problems, f.Crashed()...)
		return nil
	}
	for i := range f.Suite.Specs {
		if s := &f.Suite.Specs[i]; s.State == results.Crashed {
			s.State, s.Failure = results.Interrupted, ""
		}
	}
	return nil
}

func unreadable(name string, err error) error {
	if p, ok := errors.AsType[*os.PathError](err); ok {
		err = p.Err
	}
	return fmt.Errorf("%s: the results cannot be read: %w", name, err)
}

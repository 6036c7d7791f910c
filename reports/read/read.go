// Package read reads files of test results, whatever wrote them: it knows their
// format by their content.
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
	"github.com/socket-oneline/oneline/reports/results"
)

// Options say how results are read. The zero value suits results that name
// their requirements themselves.
type Options struct {
	IDs ids.Finder // finds requirement ids in the names of tests; zero: names say nothing
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
	sum := sha256.New()
	in := bufio.NewReaderSize(io.TeeReader(r, sum), 64<<10)
	head, err := in.Peek(64 << 10)
	if err != nil && err != io.EOF {
		return nil, unreadable(name, err)
	}
	parsed, err := o.parse(name, head, in)
	if err != nil {
		return nil, err
	}
	if _, err := io.Copy(io.Discard, in); err != nil {
		return nil, unreadable(name, err)
	}
	parsed.SHA256 = hex.EncodeToString(sum.Sum(nil))
	return parsed, nil
}

// parse reads a file of the format that its beginning shows.
func (o Options) parse(name string, head []byte, r io.Reader) (*results.Results, error) {
	start := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\ufeff")), " \t\r\n")
	switch {
	case len(start) == 0, start[0] == '[':
		data, err := io.ReadAll(r)
		if err != nil {
			return nil, unreadable(name, err)
		}
		return ginkgo.Parse(name, data)
	case junit.Looks(head):
		return junit.Read(name, r, o.IDs)
	case gotest.Looks(head):
		s, err := gotest.Read(name, r, false)
		if err != nil {
			return nil, err
		}
		return s.Results(o.IDs), nil
	case gotest.PlainText(head):
		return nil, fmt.Errorf("%s: this is what go test prints for people: give what go test -json prints, or use oneline run", name)
	}
	return nil, fmt.Errorf("%s: these are no results that can be read: give what Ginkgo's --json-report or go test -json wrote, or JUnit XML", name)
}

func unreadable(name string, err error) error {
	if p, ok := errors.AsType[*os.PathError](err); ok {
		err = p.Err
	}
	return fmt.Errorf("%s: the results cannot be read: %w", name, err)
}

// Package read reads files of test results, whatever wrote them: it knows their
// format by their content.
package read

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/socket-oneline/oneline/reports/read/ginkgo"
	"github.com/socket-oneline/oneline/reports/results"
)

// Load reads the results file at path. Its error is one line that names the
// file, the place in it where that is known, and what to do.
func Load(path string) (*results.Results, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, unreadable(path, err)
	}
	defer f.Close()
	return From(path, f)
}

// From reads results from r, as [Load] does. name is the file's, for messages.
func From(name string, r io.Reader) (*results.Results, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, unreadable(name, err)
	}
	parsed, err := ginkgo.Parse(name, data)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(data)
	parsed.SHA256 = hex.EncodeToString(sum[:])
	return parsed, nil
}

func unreadable(name string, err error) error {
	if p, ok := errors.AsType[*os.PathError](err); ok {
		err = p.Err
	}
	return fmt.Errorf("%s: the results cannot be read: %w", name, err)
}

package cover

import (
	"strings"

	"github.com/socket-oneline/oneline/reports/evidence"
)

// Taking returns a function that takes the counters at path, and those of the processes
// that this one has started, whose files are in the folder of that name. The code is that
// of so many files.
func Taking(path, session string, files int) func() error {
	code := &Code{Session: session, Structure: evidence.Structure{Files: make([]evidence.SourceFile, files)}}
	c := &collector{code: code, size: files, path: path, children: strings.TrimSuffix(path, bitsSuffix)}
	return func() error {
		_, err := c.take()
		return err
	}
}

package verify

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/onsi/ginkgo/v2/reporters"
	"github.com/onsi/ginkgo/v2/types"
)

// writeResults writes Ginkgo's report. Where that cannot be done, it is written where
// temporary files are, and the error says so: a run may have taken long.
func writeResults(report types.Report, path string) error {
	err := writeReport(report, path)
	if err == nil {
		return nil
	}
	dir, failed := os.MkdirTemp("", "oneline-results-*")
	if failed != nil {
		return err
	}
	elsewhere := filepath.Join(dir, "results.json")
	if failed := writeReport(report, elsewhere); failed != nil {
		_ = os.RemoveAll(dir)
		return err
	}
	return fmt.Errorf("%w; %s", err, kept(elsewhere))
}

// kept tells what to do with results of which no reports could be made.
func kept(path string) string {
	return fmt.Sprintf("the results are in %s: make reports of them with oneline report", path)
}

// writeReport writes under a temporary name, and renames, so that results are whole or
// not there. The folder may have vanished since the run began.
func writeReport(report types.Report, path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return err
	}
	part := path + ".part"
	if err := reporters.GenerateJSONReport(report, part); err != nil {
		_ = os.Remove(part)
		return err
	}
	return os.Rename(part, path)
}

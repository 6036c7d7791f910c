package tools_test

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/render"
)

// Every statement of the server, the client and the root package is reached by a
// requirement that passes, or accepted in justifications.json, and no acceptance is
// stale. A function that nobody calls, put into the build, is the one that is reported.
func TestNoCodeWithoutRequirement(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("the suite takes seconds")
	}
	dir := t.TempDir()
	copyModule(t, dir)
	orphan := "package server\n\nfunc orphan(n int) int {\n\tn++\n\treturn n\n}\n\nvar _ = orphan\n"
	if err := os.WriteFile(filepath.Join(dir, "server", "orphan.go"), []byte(orphan), 0o600); err != nil {
		t.Fatal(err)
	}
	output := runMake(t, dir, "ver", "GOFLAGS=-trimpath") // what is built does not depend on the folder, and is built once
	s := coverage(t, filepath.Join(dir, "reports", "out", "coverage.json")).Structure
	if len(s.Unreached) != 1 || s.Unreached[0].Function != "server.orphan" || s.Unreached[0].Statements != 2 {
		t.Errorf("not reached: %+v, want the two statements of server.orphan alone", s.Unreached)
	}
	if len(s.Stale) > 0 {
		t.Errorf("acceptances that no longer fit the code: %q", s.Stale)
	}
	if len(s.Idle) > 0 || len(s.Unsettled) > 0 {
		t.Errorf("passed without executing anything: %q; left running: %q", s.Idle, s.Unsettled)
	}
	if !strings.Contains(output, "2 statements not reached: server/orphan.go:4-5.") {
		t.Errorf("the conclusion does not name the orphan:\n%s", output)
	}
}

// copyModule copies what the suite is built from.
func copyModule(t *testing.T, to string) {
	t.Helper()
	if _, err := exec.LookPath("make"); err != nil {
		t.Skip("no make on this machine")
	}
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		name := entry.Name()
		switch {
		case err != nil:
			return err
		case entry.IsDir() && path != ".." && (strings.HasPrefix(name, ".") || name == "testdata" || name == "bin" || name == "dist" || name == "out"):
			return filepath.SkipDir
		case entry.IsDir():
			return os.MkdirAll(filepath.Join(to, path[len(".."):]), 0o755)
		case strings.HasSuffix(name, "_test.go"):
			return nil
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, path[len(".."):]), data, 0o600)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func coverage(t *testing.T, path string) *reports.Model {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	m, err := render.ReadCoverage(path, f)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

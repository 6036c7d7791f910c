package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// program gives the path of a oneline that is this test binary.
func program(t *testing.T) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "oneline")
	if err := os.Symlink(self, path); err != nil {
		t.Skip("a program cannot have a second name here: ", err)
	}
	return path
}

// said is what a command printed as its error, and its exit code.
func said(t *testing.T, cmd *exec.Cmd) (code int, line string) {
	t.Helper()
	var errs bytes.Buffer
	cmd.Stderr = &errs
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		t.Fatal(err)
	}
	if strings.Count(errs.String(), "\n") > 1 {
		t.Errorf("%v says more than one line:\n%s", cmd.Args, &errs)
	}
	return cmd.ProcessState.ExitCode(), strings.TrimSpace(errs.String())
}

// cited gives the results file that an error names.
func cited(t *testing.T, line string) string {
	t.Helper()
	_, rest, _ := strings.Cut(line, "the results are in ")
	path, _, found := strings.Cut(rest, ": make reports of them with oneline report")
	if !found {
		t.Fatalf("%q does not say where the results are", line)
	}
	return path
}

// What a run found out is not lost where it cannot be written into its folder.
func TestResultsCannotBeWritten(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("/dev/full is there on Linux alone")
	}
	oneline, dir, tmp := program(t), t.TempDir(), t.TempDir()
	// The name under which the results are written first leads to a disk that is full.
	if err := os.Symlink("/dev/full", filepath.Join(dir, "results.json.part")); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), oneline, "verify", "-only", "SRS-004", "-out", dir)
	cmd.Env = append(os.Environ(), "TMPDIR="+tmp)
	code, line := said(t, cmd)
	if code != 2 || !strings.Contains(line, "no space left on device") {
		t.Fatalf("code %d: %s", code, line)
	}
	if _, err := os.Lstat(filepath.Join(dir, "results.json.part")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("half a file is left: %v", err)
	}
	code, line = said(t, exec.CommandContext(t.Context(), oneline, "report", "-out", dir, cited(t, line)))
	if code != 4 || line != "" {
		t.Errorf("report of the results that were kept: code %d: %s", code, line)
	}
}

// Where no report can be written, the results are there, and said to be.
func TestReportsCannotBeWritten(t *testing.T) {
	oneline, dir := program(t), t.TempDir()
	inTheWay := filepath.Join(dir, "index.html")
	if err := os.MkdirAll(filepath.Join(inTheWay, "x"), 0o700); err != nil {
		t.Fatal(err)
	}
	code, line := said(t, exec.CommandContext(t.Context(), oneline, "verify", "-only", "SRS-004", "-out", dir))
	if code != 2 || !strings.Contains(line, "index.html") {
		t.Fatalf("code %d: %s", code, line)
	}
	if err := os.RemoveAll(inTheWay); err != nil {
		t.Fatal(err)
	}
	code, line = said(t, exec.CommandContext(t.Context(), oneline, "report", "-out", dir, cited(t, line)))
	if code != 4 || line != "" {
		t.Errorf("report of the results that were kept: code %d: %s", code, line)
	}
}

// A folder that cannot be written is refused before anything is sent; nothing else
// has to be writable.
func TestFolders(t *testing.T) {
	oneline := program(t)
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, out := range []string{file, filepath.Join(file, "x")} {
		code, line := said(t, exec.CommandContext(t.Context(), oneline, "verify", "-addr", "127.0.0.1:1", "-out", out))
		if code != 2 || !strings.Contains(line, file) {
			t.Errorf("-out %s: code %d: %s", out, code, line)
		}
	}
	cmd := exec.CommandContext(t.Context(), oneline, "verify", "-only", "SRS-004", "-out", filepath.Join(t.TempDir(), "out"))
	cmd.Env = append(os.Environ(), "HOME="+file, "XDG_CACHE_HOME="+file, "XDG_CONFIG_HOME="+file, "TMPDIR="+file)
	if code, line := said(t, cmd); code != 4 {
		t.Errorf("without a home: code %d: %s", code, line)
	}
}

// The folder may vanish while the suite runs.
func TestFolderVanishes(t *testing.T) {
	oneline, dir := program(t), filepath.Join(t.TempDir(), "out")
	cmd := exec.CommandContext(t.Context(), oneline, "verify", "-only", "SRS-004", "-format", "json", "-out", dir)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = cmd.Wait()
	}()
	results := filepath.Join(dir, "results.json")
	look := time.NewTicker(time.Millisecond)
	defer look.Stop()
	for running := true; running; { // it is empty while the suite runs
		select {
		case <-look.C:
			info, err := os.Stat(results)
			running = err != nil || info.Size() > 0
		case <-ended:
			t.Fatal("it has ended before its folder could vanish")
		}
	}
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	<-ended
	if code := cmd.ProcessState.ExitCode(); code != 4 {
		t.Errorf("code %d, want 4: one requirement of many", code)
	}
	for _, name := range []string{results, filepath.Join(dir, "coverage.json")} {
		if data, err := os.ReadFile(name); err != nil || !json.Valid(data) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Whenever a run is killed, what stands in its folder is whole, and the next run leaves
// nothing of it.
func TestKilled(t *testing.T) {
	oneline, dir := program(t), t.TempDir()
	args := []string{"verify", "-only", "SRS-004", "-out", dir}
	began := time.Now()
	if code, line := said(t, exec.CommandContext(t.Context(), oneline, args...)); code != 4 {
		t.Fatalf("code %d: %s", code, line)
	}
	took := time.Since(began)
	want := files(t, dir)
	for range 10 {
		cmd := exec.CommandContext(t.Context(), oneline, args...)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		kill := time.AfterFunc(rand.N(took), func() { _ = cmd.Process.Kill() })
		_ = cmd.Wait()
		kill.Stop()
		for _, name := range files(t, dir) {
			if data, err := os.ReadFile(filepath.Join(dir, name)); err != nil || !whole(name, data) {
				t.Errorf("%s is not whole: %d bytes, %v", name, len(data), err)
			}
		}
	}
	if code, line := said(t, exec.CommandContext(t.Context(), oneline, args...)); code != 4 {
		t.Fatalf("code %d: %s", code, line)
	}
	if got := files(t, dir); strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("afterwards there are %v, want %v", got, want)
	}
}

func files(t *testing.T, dir string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}

// whole tells whether a file has its end. What bears a temporary name need not; the
// results are empty until there are some.
func whole(name string, data []byte) bool {
	text := strings.TrimSpace(string(data))
	switch {
	case strings.HasPrefix(name, "."), strings.HasSuffix(name, ".part"):
		return true
	case name == "results.json":
		return text == "" || json.Valid(data)
	case strings.HasSuffix(name, ".json"):
		return json.Valid(data)
	case strings.HasSuffix(name, ".html"):
		return strings.HasSuffix(text, "</html>")
	case strings.HasSuffix(name, ".xml"):
		return strings.HasSuffix(text, "</testsuites>")
	}
	return text != ""
}

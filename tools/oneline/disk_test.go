package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// command gives the path of a oneline.
func command(t *testing.T) string {
	t.Helper()
	if raced {
		path, err := plain()
		if err != nil {
			t.Fatal(err)
		}
		return path
	}
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

// limited runs oneline where no file can have more than some bytes, as on a disk that is
// full.
func limited(t *testing.T, bytes int, oneline string, args ...string) *exec.Cmd {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("no limits here")
	}
	script := fmt.Sprintf(`ulimit -f %d && exec "$0" "$@"`, bytes/512) // what POSIX counts in
	return exec.CommandContext(t.Context(), "sh", append([]string{"-c", script, oneline}, args...)...)
}

// On a full disk the files of the run before stay as they are, and what the new run
// found out is not lost.
func TestFullDisk(t *testing.T) {
	oneline, dir := command(t), t.TempDir()
	verify := []string{"verify", "-only", "SRS-004", "-out", dir}
	if code, line := said(t, exec.CommandContext(t.Context(), oneline, verify...)); code != 4 {
		t.Fatalf("code %d: %s", code, line)
	}
	before := contents(t, dir)

	cmd := limited(t, len(before["results.json"])/2, oneline, verify...)
	cmd.Env = append(os.Environ(), "TMPDIR="+t.TempDir())
	code, line := said(t, cmd)
	if code != 2 || !strings.Contains(line, "results.json: file too large") {
		t.Fatalf("code %d: %s", code, line)
	}
	if after := contents(t, dir); !maps.Equal(before, after) {
		t.Errorf("there were %v, and now there are %v", slices.Sorted(maps.Keys(before)), slices.Sorted(maps.Keys(after)))
	}

	results, page := len(before["results.json"]), len(before["index.html"])
	if page < results+results/4 {
		t.Fatalf("index.html has %d bytes and results.json %d: no limit is between them", page, results)
	}
	code, line = said(t, limited(t, (results+page)/2, oneline, verify...))
	if code != 2 || !strings.Contains(line, "index.html: file too large") {
		t.Fatalf("code %d: %s", code, line)
	}
	after := contents(t, dir)
	for name, text := range before {
		if name != "results.json" && name != "run.json" && after[name] != text {
			t.Errorf("%s has changed", name)
		}
	}
	if len(after) != len(before) {
		t.Errorf("there are %v", slices.Sorted(maps.Keys(after)))
	}
	code, line = said(t, exec.CommandContext(t.Context(), oneline, "report", "-out", dir, cited(t, line)))
	if code != 4 || !strings.Contains(line, "were of another run") {
		t.Errorf("report of the results that were kept: code %d: %s", code, line)
	}
}

// contents are the texts of the files in a folder.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := make(map[string]string)
	for _, name := range files(t, dir) {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		all[name] = string(data)
	}
	return all
}

// A folder that cannot be written is refused before anything is sent; nothing else
// has to be writable.
func TestFolders(t *testing.T) {
	oneline := command(t)
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
	oneline, dir := command(t), filepath.Join(t.TempDir(), "out")
	cmd := exec.CommandContext(t.Context(), oneline, "verify", "-only", "SRS-004", "-format", "json", "-out", dir)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = cmd.Wait()
	}()
	look := time.NewTicker(time.Millisecond)
	defer look.Stop()
	for running := false; !running; {
		select {
		case <-look.C:
			data, _ := os.ReadFile(filepath.Join(dir, "run.json"))
			running = bytes.Contains(data, []byte(`"running"`))
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
	for _, name := range []string{"results.json", "run.json", "coverage.json"} {
		if data, err := os.ReadFile(filepath.Join(dir, name)); err != nil || !json.Valid(data) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Whenever a run is killed, what stands in its folder is whole, and the next run leaves
// nothing of it.
func TestKilled(t *testing.T) {
	oneline, dir := command(t), t.TempDir()
	args := []string{"verify", "-only", "SRS-004", "-format", "txt,html,json,junit", "-out", dir}
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
			if data, err := os.ReadFile(filepath.Join(dir, name)); !strings.HasPrefix(name, ".") && (err != nil || !whole(name, data)) {
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

// whole reports whether a file has its end.
func whole(name string, data []byte) bool {
	text := strings.TrimSpace(string(data))
	switch {
	case strings.HasSuffix(name, ".json"):
		return json.Valid(data)
	case strings.HasSuffix(name, ".html"):
		return strings.HasSuffix(text, "</html>")
	case strings.HasSuffix(name, ".xml"):
		return strings.HasSuffix(text, "</testsuites>")
	}
	return text != ""
}

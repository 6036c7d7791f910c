package render

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/render/text"
)

func TestParseFormats(t *testing.T) {
	for in, want := range map[string]string{
		"txt": "txt", "md, txt,md": "md txt", "all": strings.Join(Formats(), " "), "html,all": strings.Join(Formats(), " "),
	} {
		got, err := ParseFormats(in)
		if err != nil || strings.Join(got, " ") != want {
			t.Errorf("%q gives %v, %v; want %s", in, got, err, want)
		}
	}
	for _, in := range []string{"", "txt,", "word"} {
		_, err := ParseFormats(in)
		if err == nil || !strings.Contains(err.Error(), "csv, ") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: %v; want one line that lists the formats", in, err)
		}
	}
}

func TestWriteAll(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "reports")
	if err := WriteAll(dir, sample(), Formats(), Options{}); err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, f := range Files(Options{}) {
		all = append(all, f.Name)
		got, err := os.ReadFile(filepath.Join(dir, f.Name))
		if err != nil || string(got) != string(written(t, f, sample())) {
			t.Errorf("%s is not what its writer writes (%v)", f.Name, err)
		}
	}
	slices.Sort(all)
	if got := names(t, dir); !slices.Equal(got, all) {
		t.Errorf("%v were written, want %v", got, all)
	}

	// A second run leaves nothing of the first but what is not ours.
	for _, name := range []string{"results.json", ".summary.txt.123" /* of a run that was killed */} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := WriteAll(dir, sample(), []string{"json"}, Options{}); err != nil {
		t.Fatal(err)
	}
	if got := names(t, dir); !slices.Equal(got, []string{"coverage.json", "results.json"}) {
		t.Errorf("%v are left", got)
	}
}

func TestWriteAllErrors(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := WriteAll(file, sample(), Formats(), Options{}); err == nil {
		t.Error("a file was taken for a folder")
	}
	if err := os.MkdirAll(filepath.Join(dir, "index.html", "x"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := WriteAll(dir, sample(), Formats(), Options{}); err == nil || !strings.Contains(err.Error(), "index.html") {
		t.Errorf("a folder in the place of index.html: %v", err)
	}
	broken := File{"broken.txt", "txt", func(io.Writer, *reports.Model) error { return errBroken }}
	if err := writeFile(dir, broken, sample()); !errors.Is(err, errBroken) || !strings.Contains(err.Error(), "broken.txt") {
		t.Errorf("a writer that fails: %v", err)
	}
	if got := names(t, dir); slices.ContainsFunc(got, func(n string) bool { return strings.Contains(n, "broken") }) {
		t.Errorf("half a file is left: %v", got)
	}
	if err := writeFile(filepath.Join(dir, "none"), broken, sample()); err == nil {
		t.Error("wrote into a folder that is not there")
	}
}

func names(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all
}

func TestReadCoverage(t *testing.T) {
	for in, want := range map[string]string{
		"":                      "is no coverage.json",
		"[1]":                   "is no coverage.json",
		"{}":                    `its schema is ""`,
		`{"schema": "other/9"}`: `its schema is "other/9"`,
	} {
		_, err := ReadCoverage("old.json", strings.NewReader(in))
		if err == nil || !strings.HasPrefix(err.Error(), "old.json: "+want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: %v", in, err)
		}
	}
}

// BenchmarkFiles writes every file of 10,000 requirements and 100,000
// verifications.
func BenchmarkFiles(b *testing.B) {
	m := many(10_000, 10)
	all := append(Files(Options{}), File{"terminal", "", func(w io.Writer, m *reports.Model) error {
		return text.Terminal(w, m, text.TerminalOptions{Width: 120})
	}})
	for _, f := range all {
		b.Run(f.Name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := f.Write(io.Discard, m); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkWriteAll writes them all to a folder.
func BenchmarkWriteAll(b *testing.B) {
	m, dir := many(10_000, 10), b.TempDir()
	for b.Loop() {
		if err := WriteAll(dir, m, []string{"csv", "html", "json", "junit", "md", "txt"}, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

// TestGrowsInProportion: a model that is ten times as large takes no more than four
// times as long as ten small ones, which nothing quadratic does. Both are at work for
// about as long, so that a busy machine is as slow for the one as for the others;
// what is slow three times is slow.
func TestGrowsInProportion(t *testing.T) {
	small, large := many(30, 4), many(300, 4)
	for _, f := range writers() {
		took := func(times int, m *reports.Model) time.Duration {
			start := time.Now()
			for range times {
				if err := f.Write(io.Discard, m); err != nil {
					t.Fatal(err)
				}
			}
			return time.Since(start)
		}
		// Other work makes a machine slow, and nothing makes it fast.
		s, l := took(10, small), took(1, large)
		for tries := 10; tries > 0 && l > 4*s; tries-- {
			s, l = min(s, took(10, small)), min(l, took(1, large))
		}
		if l > 4*s {
			t.Errorf("%s: %v for ten times 30 requirements, %v for 300", f.Name, s, l)
		}
	}
}

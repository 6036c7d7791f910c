package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

var (
	when  = time.Date(2026, time.November, 2, 14, 30, 0, 0, time.UTC)
	files = []file{{"oneline", 0o755, []byte("program")}, {"LICENSE", 0o644, []byte("text\n")}}
	want  = []string{"f/oneline 755 2026-11-02T14:30:00Z program", "f/LICENSE 644 2026-11-02T14:30:00Z text\n"}
)

func TestPackTar(t *testing.T) {
	archive := packTwice(t, packTar)
	zr, err := gzip.NewReader(bytes.NewReader(archive))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for tr := tar.NewReader(zr); ; {
		header, err := tr.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(tr)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, fmt.Sprintf("%s %o %s %s", header.Name, header.Mode, header.ModTime.UTC().Format(time.RFC3339), content))
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestPackZip(t *testing.T) {
	archive := packTwice(t, packZip)
	zr, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range zr.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, fmt.Sprintf("%s %o %s %s", f.Name, f.Mode().Perm(), f.Modified.UTC().Format(time.RFC3339), content))
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// packTwice packs the files and holds the archive to the same bytes each time.
func packTwice(t *testing.T, pack func(io.Writer, string, time.Time, []file) error) []byte {
	t.Helper()
	var first, second bytes.Buffer
	for _, w := range []io.Writer{&first, &second} {
		if err := pack(w, "f", when, files); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Error("two archives of the same files differ")
	}
	return first.Bytes()
}

func TestVersionRefused(t *testing.T) {
	for _, version := range []string{"", "a b", "../v1"} {
		var stderr bytes.Buffer
		code := run(t.Context(), []string{"-version", version, "-out", t.TempDir()}, io.Discard, &stderr)
		if code != 2 || !strings.HasPrefix(stderr.String(), "dist: -version ") {
			t.Errorf("%q: %d, %s", version, code, &stderr)
		}
	}
}

// Only archives of an earlier run go.
func TestEmpty(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "dist")
	if err := empty(folder); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"SHA256SUMS", "oneline_v1_linux_amd64.tar.gz", "keep"} {
		if err := os.WriteFile(filepath.Join(folder, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := empty(folder); err != nil {
		t.Fatal(err)
	}
	left, err := filepath.Glob(filepath.Join(folder, "*"))
	if err != nil || len(left) != 1 || filepath.Base(left[0]) != "keep" {
		t.Errorf("%v, %v", left, err)
	}
}

func TestStamp(t *testing.T) {
	t.Setenv("SOURCE_DATE_EPOCH", "1793629800")
	if got, err := stamp(t.Context()); err != nil || !got.Equal(when) {
		t.Errorf("%v, %v", got, err)
	}
	t.Setenv("SOURCE_DATE_EPOCH", "yesterday")
	if got, err := stamp(t.Context()); err == nil {
		t.Errorf("%v", got)
	}
}

// What the guides link to is in the archives too.
func TestDocuments(t *testing.T) {
	t.Chdir("../..")
	files, err := read(documents)
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, f := range files {
		names[f.name] = true
	}
	for _, want := range []string{"README.md", "docs/verify-your-server.md", "examples/server.py", "examples/profiles/silent.json"} {
		if !names[want] {
			t.Errorf("the archives lack %s", want)
		}
	}
	if _, err := read([]string{"docs/*.none"}); err == nil {
		t.Error("a pattern that names nothing is no error")
	}
}

package render

import (
	"archive/zip"
	"bytes"
	"flag"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/layout"
	"github.com/socket-oneline/oneline/reports/render/page"
	"github.com/socket-oneline/oneline/reports/render/text"
)

var update = flag.Bool("update", false, "write the golden files anew")

// writers are all files, and the terminal as a person and a pipe see it.
func writers() []File {
	return append(Files(Options{}),
		File{"terminal-80.txt", "terminal", func(w io.Writer, m *reports.Model) error {
			return text.Terminal(w, m, text.TerminalOptions{Width: 80})
		}},
		File{"terminal-colour.txt", "terminal", func(w io.Writer, m *reports.Model) error {
			return text.Terminal(w, m, text.TerminalOptions{Width: 120, Color: true})
		}},
		File{"terminal-piped.txt", "terminal", func(w io.Writer, m *reports.Model) error {
			return text.Terminal(w, m, text.TerminalOptions{})
		}},
	)
}

// thePage is the writer of index.html.
func thePage() File {
	return File{"index.html", "html", func(w io.Writer, m *reports.Model) error { return page.Index(w, m, layout.Layout{}) }}
}

func written(t testing.TB, f File, m *reports.Model) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := f.Write(&b, m); err != nil {
		t.Fatalf("%s: %v", f.Name, err)
	}
	return b.Bytes()
}

// part is one file of a zip archive.
func part(t testing.TB, data []byte, name string) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	text, err := fs.ReadFile(z, name)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestGolden(t *testing.T) {
	for _, f := range writers() {
		t.Run(f.Name, func(t *testing.T) {
			got := written(t, f, sample())
			if again := written(t, f, sample()); !bytes.Equal(got, again) {
				t.Error("the same model gave other bytes")
			}
			name := filepath.Join("testdata", f.Name+".golden")
			switch f.Format { // how these are packed may change with Go
			case "docx":
				got = bytes.ReplaceAll(part(t, got, "word/document.xml"), []byte("<w:p>"), []byte("\n<w:p>"))
			case "pdf":
				got = []byte(pdfLines(t, got))
			}
			if *update {
				if err := os.WriteFile(name, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(string(want), string(got)); d != "" {
				t.Errorf("differs from %s (-want +got); if it is meant, run go test -update:\n%s", name, d)
			}
		})
	}
}

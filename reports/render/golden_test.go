package render

import (
	"bytes"
	"flag"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/socket-oneline/oneline/reports"
)

var update = flag.Bool("update", false, "write the golden files anew")

// writers are all files, and the terminal as a person and a pipe see it.
func writers() []File {
	return append(Files(),
		File{"terminal-80.txt", "terminal", func(w io.Writer, m *reports.Model) error {
			return Terminal(w, m, TerminalOptions{Width: 80})
		}},
		File{"terminal-colour.txt", "terminal", func(w io.Writer, m *reports.Model) error {
			return Terminal(w, m, TerminalOptions{Width: 120, Color: true})
		}},
		File{"terminal-piped.txt", "terminal", func(w io.Writer, m *reports.Model) error {
			return Terminal(w, m, TerminalOptions{})
		}},
	)
}

func written(t testing.TB, f File, m *reports.Model) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := f.Write(&b, m); err != nil {
		t.Fatalf("%s: %v", f.Name, err)
	}
	return b.Bytes()
}

func TestGolden(t *testing.T) {
	for _, f := range writers() {
		t.Run(f.Name, func(t *testing.T) {
			got := written(t, f, sample())
			if again := written(t, f, sample()); !bytes.Equal(got, again) {
				t.Error("the same model gave other bytes")
			}
			name := filepath.Join("testdata", f.Name+".golden")
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

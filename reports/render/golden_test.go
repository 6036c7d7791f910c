package render

import (
	"archive/zip"
	"bytes"
	"flag"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/layout"
	"github.com/socket-oneline/oneline/reports/render/document"
	"github.com/socket-oneline/oneline/reports/render/text"
	"github.com/socket-oneline/oneline/reports/structure"
)

var update = flag.Bool("update", false, "write the golden files anew")

// writer writes one of the files about any model.
type writer struct {
	Name, Format string
	Write        func(io.Writer, *reports.Model) error
}

// writersOf are the writers of all files.
func writersOf(opt Options) (all []writer) {
	for i, f := range files(&reports.Model{}, opt) {
		all = append(all, writer{f.name, f.format, func(w io.Writer, m *reports.Model) error { return files(m, opt)[i].write(w) }})
	}
	return all
}

// writers are those of all files, and of the terminal as a person and a pipe see it.
func writers() []writer {
	return append(writersOf(Options{}),
		writer{"terminal-80.txt", "terminal", func(w io.Writer, m *reports.Model) error {
			return text.Terminal(w, m, text.TerminalOptions{Width: 80})
		}},
		writer{"terminal-color.txt", "terminal", func(w io.Writer, m *reports.Model) error {
			return text.Terminal(w, m, text.TerminalOptions{Width: 120, Color: true})
		}},
		writer{"terminal-piped.txt", "terminal", func(w io.Writer, m *reports.Model) error {
			return text.Terminal(w, m, text.TerminalOptions{})
		}},
		writer{"terminal-verbose.txt", "terminal", func(w io.Writer, m *reports.Model) error {
			return text.Terminal(w, m, text.TerminalOptions{Verbose: true})
		}},
	)
}

// one are the writers, but of the formats that lay out pages one document alone:
// what all have in common needs no more, and takes long.
func one() []writer { return slices.DeleteFunc(writers(), another) }

// another reports whether a file is as another one, laid out as pages.
func another(f writer) bool {
	return (f.Format == "pdf" || f.Format == "docx") && !strings.HasPrefix(f.Name, "report.")
}

// thePage is the writer of index.html.
func thePage() writer {
	all := writers()
	return all[slices.IndexFunc(all, func(f writer) bool { return f.Name == "index.html" })]
}

// theSample is one sample for all tests that leave it as it is; a file of it is
// written once.
var theSample = sync.OnceValue(sample)

var samples sync.Map // the files of theSample, by their names

func written(t testing.TB, f writer, m *reports.Model) []byte {
	t.Helper()
	if m == theSample() {
		if data, known := samples.Load(f.Name); known {
			return data.([]byte)
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b, m); err != nil {
		t.Fatalf("%s: %v", f.Name, err)
	}
	if m == theSample() {
		samples.Store(f.Name, b.Bytes())
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

// tiny is a run of one protocol: one requirement passed, one failed, one has no
// spec.
func tiny() *reports.Model {
	m := sample()
	kept := m.Requirements[:0]
	for _, r := range m.Requirements {
		switch r.ID {
		case "SRS-003", "SRS-004", "SRS-010":
			r.Protocols, r.Specs, r.Verifications = nil, nil, reports.Counts{}
			kept = append(kept, r)
		}
	}
	m.Requirements, m.Structure, m.Run.Manual, m.Run.Testers = kept, structure.Coverage{Reason: "none was watched"}, nil, nil
	for i := range m.Requirements {
		m.Requirements[i].Executes = nil
	}
	p := m.Protocols[1]
	f := failing()
	f.Evidence.Verifications = append(f.Evidence.Verifications[:2:2], passing("", "ver/a.go:1", "SRS-004").Evidence.Verifications...)
	p.Specs = []reports.Spec{passing("serves one client at a time", "ver/one.go:12", "SRS-003"), f}
	m.Protocols = []reports.Protocol{p}
	link(m)
	return m
}

// TestGolden: one small file of each format. What holds for all files, other
// tests say.
func TestGolden(t *testing.T) {
	for _, f := range writers() {
		name, _, _ := strings.Cut(f.Name, ".")
		switch f.Format {
		case "docx", "pdf":
			continue // see TestGoldenPages
		case "txt", "md":
			if name != "report" {
				continue
			}
		case "terminal":
			if f.Name != "terminal-80.txt" {
				continue
			}
		}
		t.Run(f.Name, func(t *testing.T) {
			got := written(t, f, tiny())
			if f.Format == "html" { // style and script have tests of their own: the eye, and a browser
				got = regexp.MustCompile(`(?s)<style>.*</style>|<script>.*</script>|sha256-[^']*`).ReplaceAll(got, nil)
			}
			golden(t, f.Name, got)
		})
	}
}

// TestGoldenPages: one document of every kind of block, as pages. How the files
// are packed may change with Go.
func TestGoldenPages(t *testing.T) {
	table := document.Table{Name: "steps", Columns: []document.Column{{Title: "Step", Width: 5, Right: true}, {Title: "Expected", Width: 10, Grow: 1, Fixed: true}, {Title: "Sign", Width: 9, Blank: true}}}
	table.Rows = [][]document.Cell{{{Text: "1", Link: "a"}, document.Text(`packet "a  b"`), {}}, {{Text: "2", Anchor: "row"}, {Text: "x", Tone: document.Bad}, {}}}
	doc := document.Document{
		Title: "Kinds", Subject: "a target", Header: "Kinds, a target", Number: "K-1", Footer: "dev run 1",
		Lead: document.Blocks(document.Paragraph{Text: "Failed, 1 failed", Tone: document.Bad}),
		Run:  document.Pairs{{Name: "run", Value: "dev 1"}, {Name: "repeat", Value: "oneline  verify", Fixed: true}},
		Body: document.Blocks(document.Section{Title: "A chapter", Anchor: "a", Badge: document.Cell{Text: "FAIL", Tone: document.Bad}, Body: document.Blocks(
			document.List{Title: "Notes", Items: []string{"one"}}, table, document.Transcript{{Mark: ">", Text: "sent"}, {Mark: "<", Text: "got", Hot: true}},
		)}),
	}
	golden(t, "kinds.docx", bytes.ReplaceAll(part(t, docxOf(t, doc, layout.Layout{}), "word/document.xml"), []byte("<w:p>"), []byte("\n<w:p>")))
	golden(t, "kinds.pdf", []byte(pdfLines(t, pdfOf(t, doc, layout.Layout{}))))
}

// golden compares with a file that -update writes anew.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	name = filepath.Join("testdata", name+".golden")
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
}

// TestSameBytes: the same model gives the same bytes in every format.
func TestSameBytes(t *testing.T) {
	for _, f := range one() {
		if !bytes.Equal(written(t, f, theSample()), written(t, f, sample())) {
			t.Errorf("%s: the same model gave other bytes", f.Name)
		}
	}
}

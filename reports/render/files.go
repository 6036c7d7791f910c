// Package render writes the reports: it lists the files, and writes the formats
// that take a file each. Formats that take more have a package of their own
// below it; what the documents say is in package content.
//
// A report is made from a [reports.Model] and from nothing else: no clock, no
// disk, no environment. The same model gives the same bytes.
package render

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/folder"
	"github.com/socket-oneline/oneline/reports/layout"
	"github.com/socket-oneline/oneline/reports/render/content"
	"github.com/socket-oneline/oneline/reports/render/document"
	"github.com/socket-oneline/oneline/reports/render/docx"
	"github.com/socket-oneline/oneline/reports/render/page"
	"github.com/socket-oneline/oneline/reports/render/pdf"
	"github.com/socket-oneline/oneline/reports/render/text"
)

// FileOf is one file of a set of documents on an M.
type FileOf[M any] struct {
	Name   string
	Format string // as it is asked for: txt, md, html, json, csv, junit, docx, pdf, badge, github
	Write  func(io.Writer, M) error
}

// File is one file of a set of reports.
type File = FileOf[*reports.Model]

// The width of the text files in characters. The trace matrix is a table of eight columns
// and needs more.
const (
	textWidth   = 100
	matrixWidth = 132
)

// Options are what the reports need beside the model.
type Options struct {
	// Time stands inside the files of formats that bear the time of their
	// making. Zero: when the run ended.
	Time time.Time
	// Layout is what the pages of the documents look like.
	Layout layout.Layout
}

// annexName is the file that holds the evidence in full.
const annexName = "evidence.txt"

// Files lists every file that can be written, in a fixed order.
func Files(opt Options) []File {
	annex := annexes()
	options := func(m *reports.Model) content.Options { return content.Options{Layout: opt.Layout, Annex: annex(m)} }
	build := func(name string, m *reports.Model) document.Document { return content.Build(name, m, options(m)) }
	files := []File{
		{"coverage.json", "json", Coverage},
		{annexName, "txt", writeAnnex},
		{"index.html", "html", func(w io.Writer, m *reports.Model) error { return page.Index(w, m, options(m)) }},
		{"junit.xml", "junit", JUnit},
		{"trace.csv", "csv", TraceCSV},
		{"annotations.txt", "github", Annotations},
		{"badge.svg", "badge", Badge},
	}
	for _, name := range layout.Documents {
		width := textWidth
		if name == "trace" {
			width = matrixWidth
		}
		files = append(files,
			File{name + ".txt", "txt", func(w io.Writer, m *reports.Model) error { return text.Write(w, build(name, m), width) }},
			File{name + ".md", "md", func(w io.Writer, m *reports.Model) error { return Markdown(w, build(name, m)) }},
			File{name + ".docx", "docx", func(w io.Writer, m *reports.Model) error { return docx.Write(w, build(name, m), opt.Layout, opt.at(m)) }},
			File{name + ".pdf", "pdf", func(w io.Writer, m *reports.Model) error { return pdf.Write(w, build(name, m), opt.Layout, opt.at(m)) }},
		)
	}
	return files
}

// Wanted reports whether the file belongs to the formats. The annex belongs to
// every format that refers to it.
func (f FileOf[M]) Wanted(formats []string) bool {
	if f.Name == annexName {
		return slices.ContainsFunc([]string{"txt", "md", "docx", "pdf", "html"}, func(format string) bool { return slices.Contains(formats, format) })
	}
	return slices.Contains(formats, f.Format)
}

// documents are the wanted files about m, in a folder; empty: that of the set.
func documents[M any](files []FileOf[M], m M, formats []string, in string) (set []folder.Document) {
	for _, f := range files {
		if f.Wanted(formats) {
			set = append(set, folder.Document{Name: path.Join(in, f.Name), Write: func(w io.Writer) error { return f.Write(w, m) }})
		}
	}
	return set
}

// Set is the set of documents of a model, in the formats (see [ParseFormats]).
func Set(m *reports.Model, formats []string, opt Options) ([]folder.Document, error) {
	return documents(Files(opt), m, formats, ""), opt.Layout.Check()
}

// Names lists the files that the formats are written to.
func Names(formats []string) (names []string) {
	for _, d := range documents(Files(Options{}), nil, formats, "") {
		names = append(names, d.Name)
	}
	return names
}

func writeAnnex(w io.Writer, m *reports.Model) error {
	return text.Write(w, content.Evidence(m), textWidth)
}

// annexes returns a function that names the annex of a model with its hash. It
// remembers those that it has named.
func annexes() func(*reports.Model) content.Annex {
	var known sync.Map
	return func(m *reports.Model) content.Annex {
		annex, _ := known.LoadOrStore(m, sync.OnceValue(func() content.Annex {
			sum := sha256.New()
			_ = writeAnnex(sum, m) // a hash takes everything
			return content.Annex{Name: annexName, SHA256: hex.EncodeToString(sum.Sum(nil))}
		}))
		return annex.(func() content.Annex)()
	}
}

func (opt Options) at(m *reports.Model) time.Time {
	if opt.Time.IsZero() {
		return m.Run.Ended
	}
	return opt.Time
}

// Formats lists the formats of Files, sorted.
func Formats() []string {
	var all []string
	for _, f := range Files(Options{}) {
		all = append(all, f.Format)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// ParseFormats reads a list of formats parted by commas; "all" is every one.
// An unknown or missing format is an error that lists the known ones.
func ParseFormats(list string) ([]string, error) {
	known := Formats()
	var formats []string
	for f := range strings.SplitSeq(list, ",") {
		f = strings.TrimSpace(f)
		switch {
		case f == "all":
			formats = append(formats, known...)
		case slices.Contains(known, f):
			formats = append(formats, f)
		default:
			return nil, fmt.Errorf("format %q is not known; give some of %s, or all", f, strings.Join(known, ", "))
		}
	}
	slices.Sort(formats)
	return slices.Compact(formats), nil
}

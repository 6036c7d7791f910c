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

// file is a document in one format.
type file struct {
	name   string
	format string // as it is asked for: txt, md, html, json, csv, junit, docx, pdf, badge, github
	write  func(io.Writer) error
}

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

// files lists every file about m that can be written, in a fixed order.
func files(m *reports.Model, opt Options) []file {
	of := func(write func(io.Writer, *reports.Model) error) func(io.Writer) error {
		return func(w io.Writer) error { return write(w, m) }
	}
	options := sync.OnceValue(func() content.Options {
		sum := sha256.New()
		_ = writeAnnex(sum, m) // a hash takes everything
		o := content.Options{Layout: opt.Layout}
		o.Annex.Name, o.Annex.SHA256 = annexName, hex.EncodeToString(sum.Sum(nil))
		return o
	})
	at := opt.Time
	if at.IsZero() {
		at = m.Run.Ended
	}
	all := []file{
		{"coverage.json", "json", func(w io.Writer) error { return JSON(w, m) }},
		{annexName, "txt", of(writeAnnex)},
		{"index.html", "html", func(w io.Writer) error { return page.Index(w, m, options()) }},
		{"junit.xml", "junit", of(JUnit)},
		{"trace.csv", "csv", of(TraceCSV)},
		{"annotations.txt", "github", of(Annotations)},
		{"badge.svg", "badge", of(Badge)},
	}
	for _, name := range layout.Documents {
		width := textWidth
		if name == "trace" {
			width = matrixWidth
		}
		build := func() document.Document { return content.Build(name, m, options()) }
		all = append(all,
			file{name + ".txt", "txt", func(w io.Writer) error { return text.Write(w, build(), width) }},
			file{name + ".md", "md", func(w io.Writer) error { return Markdown(w, build()) }},
			file{name + ".docx", "docx", func(w io.Writer) error { return docx.Write(w, build(), opt.Layout, at) }},
			file{name + ".pdf", "pdf", func(w io.Writer) error { return pdf.Write(w, build(), opt.Layout, at) }},
		)
	}
	return all
}

// annexName is the file that holds the evidence in full.
const annexName = "evidence.txt"

func writeAnnex(w io.Writer, m *reports.Model) error {
	return text.Write(w, content.Evidence(m), textWidth)
}

// wanted are the files of the formats, in a folder; empty: that of the set. The annex
// belongs to every format that refers to it.
func wanted(files []file, formats []string, in string) (set []folder.Document) {
	refers := func(format string) bool { return slices.Contains([]string{"txt", "md", "docx", "pdf", "html"}, format) }
	for _, f := range files {
		if slices.Contains(formats, f.format) || f.name == annexName && slices.ContainsFunc(formats, refers) {
			set = append(set, folder.Document{Name: path.Join(in, f.name), Write: f.write})
		}
	}
	return set
}

// Set is the set of documents of a model, in the formats (see [ParseFormats]).
func Set(m *reports.Model, formats []string, opt Options) ([]folder.Document, error) {
	return wanted(files(m, opt), formats, ""), opt.Layout.Check()
}

// Names lists the files that the formats are written to.
func Names(formats []string) (names []string) {
	for _, d := range wanted(files(&reports.Model{}, Options{}), formats, "") {
		names = append(names, d.Name)
	}
	return names
}

// Formats lists the formats that can be asked for, sorted.
func Formats() []string {
	var all []string
	for _, f := range files(&reports.Model{}, Options{}) {
		all = append(all, f.format)
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

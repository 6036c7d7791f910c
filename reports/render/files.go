// Package render writes the reports: it lists the files, and writes the formats
// that take a file each. Formats that take more have a package of their own
// below it; what the documents say is in package content.
//
// A report is made from a [reports.Model] and from nothing else: no clock, no
// disk, no environment. The same model gives the same bytes.
package render

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/layout"
	"github.com/socket-oneline/oneline/reports/render/content"
	"github.com/socket-oneline/oneline/reports/render/document"
	"github.com/socket-oneline/oneline/reports/render/docx"
	"github.com/socket-oneline/oneline/reports/render/page"
	"github.com/socket-oneline/oneline/reports/render/pdf"
	"github.com/socket-oneline/oneline/reports/render/text"
)

// File is one file of a set of reports.
type File struct {
	Name   string
	Format string // as it is asked for: txt, md, html, json, csv, junit, docx, pdf, badge, github
	Write  func(io.Writer, *reports.Model) error
}

// textWidth is how many columns the text files take: a landscape page.
const textWidth = 132

// Options are what the reports need beside the model.
type Options struct {
	// Time stands inside the files of formats that bear the time of their
	// making. Zero: when the run ended.
	Time time.Time
	// Layout is what the pages of the documents look like.
	Layout layout.Layout
}

// Files lists every file that can be written, in a fixed order.
func Files(opt Options) []File {
	files := []File{
		{"coverage.json", "json", Coverage},
		{"index.html", "html", func(w io.Writer, m *reports.Model) error { return page.Index(w, m, opt.Layout) }},
		{"junit.xml", "junit", JUnit},
		{"trace.csv", "csv", TraceCSV},
		{"annotations.txt", "github", Annotations},
		{"badge.svg", "badge", Badge},
	}
	for _, name := range layout.Documents {
		write := func(writer func(io.Writer, document.Document, time.Time) error) func(io.Writer, *reports.Model) error {
			return func(w io.Writer, m *reports.Model) error {
				return writer(w, content.Build(name, m, opt.Layout), opt.at(m))
			}
		}
		files = append(files,
			File{name + ".txt", "txt", write(func(w io.Writer, doc document.Document, _ time.Time) error { return text.Write(w, doc, textWidth) })},
			File{name + ".md", "md", write(func(w io.Writer, doc document.Document, _ time.Time) error { return Markdown(w, doc) })},
			File{name + ".docx", "docx", write(func(w io.Writer, doc document.Document, at time.Time) error {
				return docx.Write(w, doc, opt.Layout, at)
			})},
			File{name + ".pdf", "pdf", write(func(w io.Writer, doc document.Document, at time.Time) error { return pdf.Write(w, doc, opt.Layout, at) })},
		)
	}
	return files
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

package render

import (
	"io"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/render/content"
	"github.com/socket-oneline/oneline/reports/render/page"
	"github.com/socket-oneline/oneline/reports/render/text"
)

// ComparisonFile is one file of a comparison.
type ComparisonFile struct {
	Name   string
	Format string // as it is asked for: txt, md, html, json
	Write  func(io.Writer, *reports.Comparison) error
}

// ComparisonFiles lists every file of a comparison, in a fixed order. Beside
// them each target has its own reports in a folder.
func ComparisonFiles() []ComparisonFile {
	return []ComparisonFile{
		{"comparison.json", "json", func(w io.Writer, c *reports.Comparison) error { return JSON(w, c) }},
		{"comparison.md", "md", func(w io.Writer, c *reports.Comparison) error { return Markdown(w, content.Comparison(c)) }},
		{"comparison.txt", "txt", func(w io.Writer, c *reports.Comparison) error { return text.Write(w, content.Comparison(c), textWidth) }},
		{"index.html", "html", page.Comparison},
	}
}

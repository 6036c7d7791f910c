package render

import (
	"io"
	"strconv"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/render/content"
	"github.com/socket-oneline/oneline/reports/render/document"
	"github.com/socket-oneline/oneline/reports/render/page"
	"github.com/socket-oneline/oneline/reports/render/text"
)

// ComparisonFile is one file of a comparison.
type ComparisonFile struct {
	Name   string
	Format string // as it is asked for: txt, md, html, json, csv
	Write  func(io.Writer, *reports.Comparison) error
}

// ComparisonFiles lists every file of a comparison, in a fixed order. Beside
// them each target has its own reports in a folder.
func ComparisonFiles() []ComparisonFile {
	return []ComparisonFile{
		{"comparison.json", "json", func(w io.Writer, c *reports.Comparison) error { return JSON(w, c) }},
		{"comparison.md", "md", func(w io.Writer, c *reports.Comparison) error { return Markdown(w, content.Comparison(c)) }},
		{"comparison.txt", "txt", func(w io.Writer, c *reports.Comparison) error { return text.Write(w, content.Comparison(c), textWidth) }},
		{"comparison.csv", "csv", ComparisonCSV},
		{"index.html", "html", comparisonPage},
	}
}

func comparisonPage(w io.Writer, c *reports.Comparison) error {
	word, tone := content.ExitText(c.ExitCode)
	return page.Write(w, page.Head{
		Kind: "Verification report", Title: "Comparison of " + document.Plural(len(c.Targets), "target"),
		Verdict: document.Cell{Text: word, Tone: tone}, Lines: c.Conclusion,
	}, content.Comparison(c))
}

// ComparisonCSV writes a row per requirement and target.
func ComparisonCSV(w io.Writer, c *reports.Comparison) error {
	return CSV(w, func(yield func([]string) bool) {
		yield([]string{"requirement", "group", "level", "differs", "target", "folder", "run", "started", "verdict", "reason", "text"})
		for i := range c.Requirements {
			r := &c.Requirements[i]
			for k, v := range r.Verdicts {
				of := &c.Targets[k]
				yield([]string{r.ID, r.Group, r.Level, strconv.FormatBool(r.Differs), of.Title, of.Folder, of.Run.ID, document.When(of.Run.Started), string(v), r.Reasons[k], r.Desc})
			}
		}
	})
}

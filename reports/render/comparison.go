package render

import (
	"io"
	"strconv"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/folder"
	"github.com/socket-oneline/oneline/reports/render/content"
	"github.com/socket-oneline/oneline/reports/render/document"
	"github.com/socket-oneline/oneline/reports/render/page"
	"github.com/socket-oneline/oneline/reports/render/text"
)

// comparisonFiles lists every file of a comparison, in a fixed order. Beside
// them each target has its own reports in a folder.
func comparisonFiles(c *reports.Comparison) []file {
	return []file{
		{"comparison.json", "json", func(w io.Writer) error { return JSON(w, c) }},
		{"comparison.md", "md", func(w io.Writer) error { return Markdown(w, content.Comparison(c)) }},
		{"comparison.txt", "txt", func(w io.Writer) error { return text.Write(w, content.Comparison(c), textWidth) }},
		{"comparison.csv", "csv", func(w io.Writer) error { return comparisonCSV(w, c) }},
		{"index.html", "html", func(w io.Writer) error { return comparisonPage(w, c) }},
	}
}

// ComparisonSet returns the documents of a comparison, and for each target a folder with
// the documents of that target.
func ComparisonSet(c *reports.Comparison, formats []string, opt func(*reports.Model) Options) (set []folder.Document, err error) {
	for i := range c.Targets {
		t := &c.Targets[i]
		o := opt(t.Model)
		if err := o.Layout.Check(); err != nil {
			return nil, err
		}
		set = append(set, wanted(files(t.Model, o), formats, t.Folder)...)
	}
	return append(set, wanted(comparisonFiles(c), formats, "")...), nil
}

func comparisonPage(w io.Writer, c *reports.Comparison) error {
	return page.Write(w, page.Head{
		Kind: "Verification report", Title: "Comparison of " + document.Plural(len(c.Targets), "target"),
		Verdict: content.Exits[c.ExitCode], Lines: c.Conclusion,
	}, content.Comparison(c))
}

// comparisonCSV writes a row per requirement and target.
func comparisonCSV(w io.Writer, c *reports.Comparison) error {
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

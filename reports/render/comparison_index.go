package render

import (
	_ "embed"
	"html/template"
	"io"
	"strings"

	"github.com/socket-oneline/oneline/reports"
)

//go:embed comparison.tmpl
var comparisonText string

//go:embed comparison.css
var comparisonStyle string

var comparisonPage = template.Must(template.New("comparison").Funcs(template.FuncMap{
	"show": show, "anchor": anchorName, "tone": verdictTone,
	"add": func(a, b int) int { return a + b }, "lower": strings.ToLower,
}).Parse(comparisonText))

// ComparisonIndex writes the comparison as one page that needs no network and
// no script. Its verdicts lead to the rows of the targets' own pages, which
// stand in folders beside it.
func ComparisonIndex(w io.Writer, c *reports.Comparison) error {
	verdict, tone := exitText(c.ExitCode)
	type column struct {
		*reports.ComparedTarget
		Verdict string
		Tone    Tone
		Started string
		Shares  []verdictShare
	}
	var columns []column
	for i := range c.Targets {
		t := &c.Targets[i]
		word, tone := exitText(t.ExitCode)
		columns = append(columns, column{t, word, tone, when(t.Run.Started), verdictShares(t.Summary)})
	}
	return comparisonPage.Execute(w, map[string]any{
		"Comparison": c, "Targets": columns, "Verdict": verdict, "Tone": tone, "Runs": comparedRuns(c),
		"Style": template.CSS(indexStyle + comparisonStyle),
	})
}

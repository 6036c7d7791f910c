package page

import (
	_ "embed"
	"html/template"
	"io"
	"strings"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/render/content"
	"github.com/socket-oneline/oneline/reports/render/document"
)

//go:embed comparison.tmpl
var comparisonText string

//go:embed comparison.css
var comparisonStyle string

var comparisonPage = template.Must(template.New("comparison").Funcs(template.FuncMap{
	"show": document.Show, "anchor": document.AnchorName, "tone": content.VerdictTone,
	"add": func(a, b int) int { return a + b }, "lower": strings.ToLower,
}).Parse(comparisonText))

// Comparison writes the comparison as one page that needs no network and
// no script. Its verdicts lead to the rows of the targets' own pages, which
// stand in folders beside it.
func Comparison(w io.Writer, c *reports.Comparison) error {
	verdict, tone := content.ExitText(c.ExitCode)
	type column struct {
		*reports.ComparedTarget
		Verdict string
		Tone    document.Tone
		Started string
		Shares  []verdictShare
	}
	var columns []column
	for i := range c.Targets {
		t := &c.Targets[i]
		word, tone := content.ExitText(t.ExitCode)
		columns = append(columns, column{t, word, tone, document.When(t.Run.Started), verdictShares(t.Summary)})
	}
	return comparisonPage.Execute(w, map[string]any{
		"Comparison": c, "Targets": columns, "Verdict": verdict, "Tone": tone, "Runs": content.ComparedRuns(c),
		"Style": template.CSS(indexStyle + comparisonStyle),
	})
}

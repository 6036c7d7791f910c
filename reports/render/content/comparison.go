package content

import (
	"fmt"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/render/document"
)

// Comparison is the table of requirements by targets, and what became
// of each target.
func Comparison(c *reports.Comparison) document.Document {
	return document.Document{
		Title: "Comparison of targets",
		Run:   ComparedRuns(c),
		Body: document.Blocks(
			document.Section{Title: "Requirements by targets", Anchor: "matrix", Body: document.Blocks(MatrixTable(c, true))},
			document.Section{Title: "Counts", Anchor: "counts", Body: document.Blocks(CountsTable(c))},
			document.Section{Title: "Conclusion", Anchor: "conclusion", Body: func(yield func(document.Block) bool) {
				for i := range c.Targets {
					for j, l := range c.Targets[i].Conclusion {
						if j == 0 {
							l = Numbered(i, l)
						}
						if !yield(document.Paragraph{Text: l}) {
							return
						}
					}
				}
				_, tone := ExitText(c.ExitCode)
				for _, l := range c.Conclusion {
					if !yield(document.Paragraph{Text: l, Tone: tone}) {
						return
					}
				}
			}},
		),
	}
}

// numbered puts the number of a target before a text about it.
func Numbered(i int, text string) string { return fmt.Sprintf("%d. %s", i+1, text) }

// comparedRuns says of each column what was verified, and when.
func ComparedRuns(c *reports.Comparison) []document.Pair {
	var pairs []document.Pair
	for i := range c.Targets {
		t := &c.Targets[i]
		pairs = append(pairs, pair(fmt.Sprintf("target %d", i+1), document.Join(
			t.Title+" "+document.Paren(t.Run.Target.Kind), document.Prefix("SHA-256 ", t.Run.Target.SHA256),
			"run "+t.Run.ID, document.When(t.Run.Started), "reports in "+t.Folder)))
	}
	if len(c.Targets) > 0 {
		r := &c.Targets[0].Run
		pairs = append(pairs, pair("requirements", hashed(r.SRS.Name, r.SRS.SHA256)), pair("verdicts computed by", suite(r.Reported)))
	}
	return pairs
}

// matrixTable has a row per requirement and a column per target.
func MatrixTable(c *reports.Comparison, texts bool) document.Table {
	t := document.Table{Name: "matrix", Columns: []document.Column{{Title: "Requirement", Width: 16}}}
	for i := range c.Targets {
		t.Columns = append(t.Columns, document.Column{Title: Numbered(i, document.Show(c.Targets[i].Title)), Width: 14})
	}
	t.Columns = append(t.Columns, document.Column{Title: "Differs", Width: 7})
	if texts {
		t.Columns = append(t.Columns, document.Column{Title: "Text", Width: 20, Grow: 1})
	}
	for i := range c.Requirements {
		r := &c.Requirements[i]
		row := []document.Cell{{Text: r.ID, Anchor: r.ID}}
		for _, v := range r.Verdicts {
			row = append(row, seenVerdict(v))
		}
		differs := document.Cell{}
		if r.Differs {
			differs = document.Cell{Text: "differs", Tone: document.Warn}
		}
		row = append(row, differs)
		if texts {
			row = append(row, document.Text(r.Desc))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// countsTable has a row per target.
func CountsTable(c *reports.Comparison) document.Table {
	t := document.Table{Name: "targets", Columns: []document.Column{{Title: "Target", Width: 20, Grow: 1}}}
	for _, title := range []string{"PASS", "FAIL", "Partial", "Not tested", "Not observable", "Invalid", "Exit code"} {
		t.Columns = append(t.Columns, document.Column{Title: title, Width: 10, Right: true})
	}
	for i := range c.Targets {
		s := &c.Targets[i].Summary
		row := []document.Cell{document.Text(Numbered(i, c.Targets[i].Title))}
		for _, v := range []reports.Verdict{reports.Pass, reports.Fail, reports.Partial, reports.NotTested, reports.NotObservable, reports.Invalid} {
			n := document.Cell{Text: document.Thousands(s.Count(v))}
			if s.Count(v) > 0 {
				n.Tone = VerdictTone(v)
			}
			row = append(row, n)
		}
		_, tone := ExitText(c.Targets[i].ExitCode)
		t.Rows = append(t.Rows, append(row, document.Cell{Text: fmt.Sprint(c.Targets[i].ExitCode), Tone: tone}))
	}
	return t
}

package render

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"

	"github.com/socket-oneline/oneline/reports"
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
		{"comparison.json", "json", ComparisonJSON},
		{"comparison.md", "md", func(w io.Writer, c *reports.Comparison) error { return Markdown(w, ComparisonDocument(c)) }},
		{"comparison.txt", "txt", func(w io.Writer, c *reports.Comparison) error { return Text(w, ComparisonDocument(c), textWidth) }},
		{"index.html", "html", ComparisonIndex},
	}
}

// ComparisonJSON writes comparison.json.
func ComparisonJSON(w io.Writer, c *reports.Comparison) error {
	b := bufio.NewWriter(w)
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(c); err != nil {
		return err
	}
	return b.Flush()
}

// ComparisonDocument is the table of requirements by targets, and what became
// of each target.
func ComparisonDocument(c *reports.Comparison) Document {
	return Document{
		Title: "Comparison of targets",
		Run:   comparedRuns(c),
		Body: blocks(
			Section{Title: "Requirements by targets", Anchor: "matrix", Body: blocks(matrixTable(c, true))},
			Section{Title: "Counts", Anchor: "counts", Body: blocks(countsTable(c))},
			Section{Title: "Conclusion", Anchor: "conclusion", Body: func(yield func(Block) bool) {
				for i := range c.Targets {
					for j, l := range c.Targets[i].Conclusion {
						if j == 0 {
							l = numbered(i, l)
						}
						if !yield(Paragraph{Text: l}) {
							return
						}
					}
				}
				_, tone := exitText(c.ExitCode)
				for _, l := range c.Conclusion {
					if !yield(Paragraph{Text: l, Tone: tone}) {
						return
					}
				}
			}},
		),
	}
}

// numbered puts the number of a target before a text about it.
func numbered(i int, text string) string { return fmt.Sprintf("%d. %s", i+1, text) }

// comparedRuns says of each column what was verified, and when.
func comparedRuns(c *reports.Comparison) []Pair {
	var pairs []Pair
	for i := range c.Targets {
		t := &c.Targets[i]
		pairs = append(pairs, Pair{fmt.Sprintf("target %d", i+1), join(
			t.Title+" "+paren(t.Run.Target.Kind), prefix("SHA-256 ", t.Run.Target.SHA256),
			"run "+t.Run.ID, when(t.Run.Started), "reports in "+t.Folder)})
	}
	if len(c.Targets) > 0 {
		r := &c.Targets[0].Run
		pairs = append(pairs, Pair{"requirements", hashed(r.SRS.Name, r.SRS.SHA256)}, Pair{"verdicts computed by", suite(r.Reported)})
	}
	return pairs
}

func prefix(lead, text string) string {
	if text == "" {
		return ""
	}
	return lead + text
}

// matrixTable has a row per requirement and a column per target.
func matrixTable(c *reports.Comparison, texts bool) Table {
	t := Table{Name: "matrix", Columns: []Column{{Title: "Requirement", Width: 16}}}
	for i := range c.Targets {
		t.Columns = append(t.Columns, Column{Title: numbered(i, show(c.Targets[i].Title)), Width: 14})
	}
	t.Columns = append(t.Columns, Column{Title: "Differs", Width: 7})
	if texts {
		t.Columns = append(t.Columns, Column{Title: "Text", Width: 20, Grow: 1})
	}
	for i := range c.Requirements {
		r := &c.Requirements[i]
		row := []Cell{{Text: r.ID, Anchor: r.ID}}
		for _, v := range r.Verdicts {
			row = append(row, seenVerdict(v))
		}
		differs := Cell{}
		if r.Differs {
			differs = Cell{Text: "differs", Tone: Warn}
		}
		row = append(row, differs)
		if texts {
			row = append(row, cell(r.Desc))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// countsTable has a row per target.
func countsTable(c *reports.Comparison) Table {
	t := Table{Name: "targets", Columns: []Column{{Title: "Target", Width: 20, Grow: 1}}}
	for _, title := range []string{"PASS", "FAIL", "Partial", "Not tested", "Not observable", "Invalid", "Exit code"} {
		t.Columns = append(t.Columns, Column{Title: title, Width: 10, Right: true})
	}
	for i := range c.Targets {
		s := &c.Targets[i].Summary
		row := []Cell{cell(numbered(i, c.Targets[i].Title))}
		for _, v := range []reports.Verdict{reports.Pass, reports.Fail, reports.Partial, reports.NotTested, reports.NotObservable, reports.Invalid} {
			n := Cell{Text: thousands(s.Count(v))}
			if s.Count(v) > 0 {
				n.Tone = verdictTone(v)
			}
			row = append(row, n)
		}
		_, tone := exitText(c.Targets[i].ExitCode)
		t.Rows = append(t.Rows, append(row, Cell{Text: fmt.Sprint(c.Targets[i].ExitCode), Tone: tone}))
	}
	return t
}

// TerminalComparison writes what a report on several targets ends with: the
// table of requirements by targets, the counts, the conclusion of each target
// and of all.
func TerminalComparison(w io.Writer, c *reports.Comparison, opt TerminalOptions) error {
	t := &terminal{textWriter{Writer: bufio.NewWriter(w), width: opt.Width, dense: true, paint: plainly}}
	if opt.Color {
		t.paint = colour
	}
	const beside = 60 // columns that the texts need beside the verdicts
	t.table(matrixTable(c, t.width == 0 || t.width >= beside+16*len(c.Targets)))
	t.table(countsTable(c))
	for i := range c.Targets {
		t.line("")
		_, tone := exitText(c.Targets[i].ExitCode)
		for j, l := range c.Targets[i].Conclusion {
			if j == 0 {
				l = numbered(i, l)
			}
			t.paragraph(l, tone)
		}
	}
	t.line("")
	_, tone := exitText(c.ExitCode)
	for _, l := range c.Conclusion {
		t.paragraph(l, tone)
	}
	return t.Flush()
}

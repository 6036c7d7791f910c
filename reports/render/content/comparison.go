package content

import (
	"fmt"
	"slices"
	"strings"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/render/document"
)

// Comparison is the table of requirements by targets, those first whose verdicts
// differ, and what became of each target.
func Comparison(c *reports.Comparison) document.Document {
	differing := *c
	differing.Requirements = slices.DeleteFunc(slices.Clone(c.Requirements), func(r reports.ComparedRequirement) bool { return !r.Differs })
	matrix := func(title, anchor string, c *reports.Comparison) document.Block {
		if len(c.Requirements) == 0 {
			return nil
		}
		return document.Section{Title: title, Anchor: anchor, Body: document.Blocks(MatrixTable(c, true))}
	}
	return document.Document{
		Title: "Comparison of targets",
		Lead:  document.Blocks(TargetsTable(c)),
		Run:   comparedRuns(c),
		Body: document.Blocks(
			matrix("Different verdicts", "differing", &differing),
			matrix("Requirements by targets", "matrix", c),
			document.Section{Title: conclusionTitle, Anchor: "conclusion", Body: Conclusions(c)},
		),
	}
}

// Conclusions are that of each target, and that of all.
func Conclusions(c *reports.Comparison) document.Body {
	say := func(text string, code int) document.Block {
		return document.Paragraph{Text: text, Tone: Exits[code].Tone}
	}
	var all []document.Block
	for i, t := range c.Targets {
		text := strings.Join(t.Conclusion, "\n")
		if text != "" {
			text = withNumber(i, text)
		}
		all = append(all, say(text, t.ExitCode))
	}
	return document.Blocks(append(all, say(strings.Join(c.Conclusion, "\n"), c.ExitCode))...)
}

// withNumber puts the number of a target before a text about it.
func withNumber(i int, text string) string { return fmt.Sprintf("%d. %s", i+1, text) }

// comparedRuns says of each column what was verified, and when.
func comparedRuns(c *reports.Comparison) document.Pairs {
	var pairs document.Pairs
	for i, t := range c.Targets {
		pairs.Add(fmt.Sprintf("target %d", i+1), document.Join(
			t.Title+" "+document.Paren(t.Run.Target.Kind), document.Prefix("SHA-256 ", t.Run.Target.SHA256),
			"run "+t.Run.ID, document.When(t.Run.Started), "reports in "+t.Folder))
	}
	if len(c.Targets) > 0 {
		r := &c.Targets[0].Run
		addFile(&pairs, "requirements", r.SRS)
		pairs.Add("verdicts computed by", suite(r.Reported))
	}
	return pairs
}

// MatrixTable has a row per requirement and a column per target, whose verdicts
// lead to the page of the target.
func MatrixTable(c *reports.Comparison, texts bool) document.Table {
	t := document.Table{Name: "matrix", Heads: true, Columns: []document.Column{requirementColumn}}
	for i, of := range c.Targets {
		t.Columns = append(t.Columns, words(withNumber(i, document.Show(of.Title)), 14, 0))
	}
	t.Columns = append(t.Columns, words("Differs", 7, 0))
	if texts {
		t.Columns = append(t.Columns, words("Text", 20, 1))
	}
	for _, r := range c.Requirements {
		row := []document.Cell{{Text: r.ID, Anchor: r.ID}}
		for k, v := range r.Verdicts {
			cell := seenVerdict(v)
			if v != "" {
				cell.Href = c.Targets[k].Folder + "/index.html#" + document.AnchorName(r.ID)
			}
			row = append(row, cell)
		}
		var differs document.Cell
		if r.Differs {
			differs = document.Cell{Text: "differs", Tone: document.Warn}
		}
		row = append(row, differs, document.Text(r.Desc))
		t.Rows = append(t.Rows, row[:len(t.Columns)])
	}
	return t
}

// TargetsTable has a row per target.
func TargetsTable(c *reports.Comparison) document.Table {
	t := document.Table{Name: "targets", Columns: []document.Column{
		words("Target", 20, 1), words("Run", 20, 1), words("Started", 26, 0), number("PASS"), number("FAIL"), number("Partial"),
		number("Not tested"), number("Not observable"), number("Invalid"), number("Exit code"),
	}}
	for i, of := range c.Targets {
		row := []any{withNumber(i, of.Title), of.Run.ID, document.When(of.Run.Started)}
		for _, v := range []reports.Verdict{reports.Pass, reports.Fail, reports.Partial, reports.NotTested, reports.NotObservable, reports.Invalid} {
			n := of.Summary.Count(v)
			row = append(row, toned(document.Thousands(n), n > 0, verdictTones[v]))
		}
		t.Add(append(row, document.Cell{Text: fmt.Sprint(of.ExitCode), Tone: Exits[of.ExitCode].Tone})...)
	}
	return t
}

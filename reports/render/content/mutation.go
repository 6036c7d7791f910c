package content

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/socket-oneline/oneline/reports/mutation"
	"github.com/socket-oneline/oneline/reports/render/document"
)

// Mutation says which changes of the code the requirements would notice. With matrix,
// it also shows each requirement beside each mutant.
func Mutation(r *mutation.Report, matrix bool) document.Document {
	t := r.Total
	var run document.Pairs
	run.AddCommand("command", r.Command)
	run.Add("mutants", fmt.Sprintf("%d made, %d executed, %d left out", t.Made, t.Executed, r.LeftOut))
	if r.Seed != 0 {
		run.Add("seed", strconv.FormatInt(r.Seed, 10))
	}
	run.Add("score", mutation.Percent(t.Score))
	var interrupted document.Paragraph
	if r.Interrupted {
		interrupted.Text = fmt.Sprintf("The run was interrupted before %s had been tested. The same command goes on from there.", document.Plural(r.LeftOut, "mutant"))
		interrupted.Tone = document.Bad
	}
	return document.Document{
		Title: "What the requirements would notice", Run: run,
		Body: document.Blocks(
			interrupted,
			document.List{Title: "These tests do not pass alone, and were left out:", Items: r.Unable},
			document.List{Title: "Justifications that no longer fit the code:", Items: r.Stale},
			document.Section{Title: "Requirements", Body: document.Blocks(mutationTable(r), muted(
				"The score is what was noticed, in percent of what was noticed or survived without a justification. Mutants that only broke a test (it crashed, hung or was blocked) are in neither."),
			)},
			survivors(r),
			chosen(r, "Justified survivors", func(m *mutation.Mutant) string { return m.Justified }),
			chosen(r, "Mutants that only broke tests", func(m *mutation.Mutant) string {
				if len(m.NoticedBy) > 0 {
					return ""
				}
				return strings.Join(m.BrokeBy, ", ")
			}),
			mutationMatrix(r, matrix),
		),
	}
}

func mutationTable(r *mutation.Report) document.Table {
	t := document.Table{Name: "mutation", Fit: true, Columns: []document.Column{
		words("Requirement", 12, 1), number("Mutants"), number("Noticed"), number("Broke"), number("Survived"), number("Justified"), number("Score"),
	}}
	row := func(name string, mutants, noticed, broke, survived, justified int, score *float64) {
		t.Add(name, mutants, noticed, broke, toned(document.Thousands(survived), survived > justified, document.Bad), justified,
			toned(mutation.Percent(score), score != nil && *score < 100, document.Bad))
	}
	for _, q := range r.Requirements {
		row(q.ID, q.Mutants, q.Noticed, q.Broke, q.Survived, q.Justified, q.Score)
	}
	n := r.Total
	row("all", n.Executed, n.Noticed, n.Broke, n.Survived, n.Justified, n.Score)
	return t
}

// survivors shows each survivor as a diff.
func survivors(r *mutation.Report) document.Block {
	all := r.Survivors()
	if len(all) == 0 {
		return document.Paragraph{Text: "Every mutant that was executed and decided was noticed, broke a test, or is justified."}
	}
	var sections []document.Block
	for _, m := range all {
		var diff document.Transcript
		for line := range strings.Lines(m.Diff) {
			diff = append(diff, document.Line{Text: strings.ReplaceAll(strings.TrimRight(line, "\n"), "\t", "    ")})
		}
		var by document.Pairs
		by.Add("executed by", strings.Join(m.ExecutedBy, ", "))
		title := fmt.Sprintf("%s:%d: %s: %s", m.File, m.Line, m.Function, m.Operator)
		sections = append(sections, document.Section{Title: title, Body: document.Blocks(diff, by)})
	}
	return titled(fmt.Sprintf("Survivors (%d)", len(all)), sections...)
}

// chosen lists mutants of which there is something to say.
func chosen(r *mutation.Report, title string, say func(*mutation.Mutant) string) document.Block {
	t := document.Table{Name: "mutants", Columns: []document.Column{
		words("Place", 24, 1), words("Function", 20, 1), words("Operator", 9, 0), words("Change", 24, 3), words("By, or why", 20, 2),
	}}
	for _, m := range r.Mutants {
		if text := say(&m); text != "" {
			t.Add(fmt.Sprintf("%s:%d", m.File, m.Line), m.Function, m.Operator, document.OneLine(m.Diff), text)
		}
	}
	return folded(title, t)
}

// mutationMatrix has a row for each mutant that was executed, and a column for each
// requirement.
func mutationMatrix(r *mutation.Report, wanted bool) document.Block {
	if !wanted || len(r.Mutants) == 0 {
		return nil
	}
	t := document.Table{Name: "matrix", Grid: true, Columns: []document.Column{words("Mutant", 30, 0)}}
	for _, q := range r.Requirements {
		t.Columns = append(t.Columns, words(q.ID, 3, 0))
	}
	for _, m := range r.Mutants {
		if len(m.ExecutedBy) == 0 {
			continue
		}
		row := []document.Cell{document.Text(fmt.Sprintf("%s:%d %s", m.File, m.Line, m.Operator))}
		for _, q := range r.Requirements {
			var c document.Cell
			switch {
			case slices.Contains(m.NoticedBy, q.ID):
				c = document.Cell{Text: "x", Label: "noticed", Tone: document.Good}
			case slices.Contains(m.BrokeBy, q.ID):
				c = document.Cell{Text: "!", Label: "broke", Tone: document.Warn}
			case slices.Contains(m.ExecutedBy, q.ID):
				c = document.Cell{Text: "-", Label: "survived", Tone: document.Bad}
			}
			row = append(row, c)
		}
		t.Rows = append(t.Rows, row)
	}
	return folded("Requirements by mutants", muted("x: noticed; -: executed, and survived; !: broke a test; empty: not executed."), t)
}

package content

import (
	"fmt"
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
	return document.Document{
		Title: "What the requirements would notice", Run: run,
		Body: document.Blocks(
			interruption(r),
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

// interruption says that a report is partial.
func interruption(r *mutation.Report) document.Block {
	if !r.Interrupted {
		return nil
	}
	return document.Paragraph{
		Text: fmt.Sprintf("The run was interrupted before %s had been tested. The same command goes on from there.", document.Plural(r.LeftOut, "mutant")),
		Tone: document.Bad,
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
	return document.Section{Title: fmt.Sprintf("Survivors (%d)", len(all)), Body: document.Each(all, func(m **mutation.Mutant) document.Block { return mutantSection(*m) })}
}

func mutantSection(m *mutation.Mutant) document.Section {
	var pairs document.Pairs
	pairs.Add("executed by", strings.Join(m.ExecutedBy, ", "))
	pairs.Add("justified", m.Justified)
	var diff document.Transcript
	for line := range strings.Lines(m.Diff) {
		diff = append(diff, document.Line{Text: strings.ReplaceAll(strings.TrimRight(line, "\n"), "\t", "    ")})
	}
	return document.Section{
		Title: fmt.Sprintf("%s:%d: %s: %s", m.File, m.Line, m.Function, m.Operator), Body: document.Blocks(diff, pairs),
	}
}

// chosen lists mutants of which there is something to say.
func chosen(r *mutation.Report, title string, say func(*mutation.Mutant) string) document.Block {
	t := document.Table{Name: "mutants", Columns: []document.Column{
		words("Place", 24, 1), words("Function", 20, 1), words("Operator", 9, 0), words("Change", 24, 3), words("By, or why", 20, 2),
	}}
	for i := range r.Mutants {
		m := &r.Mutants[i]
		if text := say(m); text != "" {
			t.Add(fmt.Sprintf("%s:%d", m.File, m.Line), m.Function, m.Operator, document.OneLine(m.Diff), text)
		}
	}
	if len(t.Rows) == 0 {
		return nil
	}
	return document.Section{Title: title, Fold: true, Body: document.Blocks(t)}
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
	for i := range r.Mutants {
		m := &r.Mutants[i]
		if len(m.ExecutedBy) == 0 {
			continue
		}
		row := []document.Cell{document.Text(fmt.Sprintf("%s:%d %s", m.File, m.Line, m.Operator))}
		became := map[string]document.Cell{}
		by := func(ids []string, c document.Cell) {
			for _, id := range ids {
				became[id] = c
			}
		}
		by(m.ExecutedBy, document.Cell{Text: "-", Label: "survived", Tone: document.Bad})
		by(m.BrokeBy, document.Cell{Text: "!", Label: "broke", Tone: document.Warn})
		by(m.NoticedBy, document.Cell{Text: "x", Label: "noticed", Tone: document.Good})
		for _, q := range r.Requirements {
			row = append(row, became[q.ID])
		}
		t.Rows = append(t.Rows, row)
	}
	return document.Section{Title: "Requirements by mutants", Fold: true, Body: document.Blocks(
		muted("x: noticed; -: executed, and survived; !: broke a test; empty: not executed."), t,
	)}
}

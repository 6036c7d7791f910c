package content

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/render/document"
)

// LockTitle is the title of the section about the lock.
const LockTitle = "What differs from the lock"

// LockTable lists what differs from the lock: specs that are missing or new, and
// requirements that are suspect or gone.
func LockTable(m *reports.Model) document.Table {
	t := document.Table{Name: "lock", Columns: []document.Column{
		requirementColumn, words("What", 9, 0), words("Spec", 20, 2), words("Package", 16, 1),
	}}
	l := cmp.Or(m.Lock, &reports.Locked{})
	specs := func(all []reports.LockedSpec, what string, tone document.Tone) {
		for _, s := range all {
			t.Add(linkTo(s.Requirement), document.Cell{Text: what, Tone: tone}, s.Title(), s.Spec.Path[0])
		}
	}
	specs(l.Missing, "missing", document.Bad)
	for _, id := range l.Suspect {
		t.Add(linkTo(id), document.Cell{Text: "suspect", Tone: document.Warn}, "the requirement demands something else", "-")
	}
	for _, id := range l.Gone {
		t.Add(id, document.Cell{Text: "gone", Tone: document.Warn}, "the requirement was deleted or retired", "-")
	}
	specs(l.New, "new", document.Plain)
	return t
}

// beside is how many runs have room beside each other.
const beside = 3

// RunTables compare runs that are taken together: a row for each property, a column for
// each run. What differs is marked.
func RunTables(m *reports.Model) []document.Block {
	var all []document.Block
	differ := reports.Differing(m.Runs)
	for runs := range slices.Chunk(m.Runs, beside) {
		t := document.Table{Name: fmt.Sprintf("runs-%d", len(all)+1), Heads: true, Columns: []document.Column{words("Property", 24, 0)}}
		row := func(name string, tone document.Tone, value func(*reports.RunRow) string) {
			cells := []any{document.Cell{Text: name, Tone: tone}}
			for i := range runs {
				cells = append(cells, document.Cell{Text: document.Stated(value(&runs[i])), Tone: tone})
			}
			t.Add(cells...)
		}
		for i := range runs {
			t.Columns = append(t.Columns, words(runs[i].Name, 18, 1))
		}
		row("run", document.Plain, func(r *reports.RunRow) string { return strings.TrimSpace(r.Type + " " + r.ID) })
		row("run.json SHA-256", document.Plain, func(r *reports.RunRow) string { return r.SHA256 })
		row("started", document.Plain, func(r *reports.RunRow) string { return document.When(r.Started) })
		row("tester", document.Plain, func(r *reports.RunRow) string { return r.Tester })
		row("target", document.Plain, func(r *reports.RunRow) string { return r.Target })
		for _, fact := range reports.Facts {
			name, tone := fact, document.Plain
			if slices.Contains(differ, fact) {
				name, tone = fact+" (differs)", document.Warn
			}
			row(name, tone, func(r *reports.RunRow) string { return r.Facts[fact] })
		}
		all = append(all, t)
	}
	return all
}

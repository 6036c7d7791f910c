package content

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/render/document"
)

// mostLevels is how many levels have a column each. Deeper requirements stand in
// the last one.
const mostLevels = 5

// levelTrace is the trace matrix between requirements of different levels: from the
// top to the bottom and back. It is nil where no requirement has a parent.
func levelTrace(m *reports.Model) document.Block {
	f := &family{m: m, byID: m.ByID(), known: map[string]ancestry{}}
	for _, r := range f.byID {
		f.depth = max(f.depth, f.above(r).level)
	}
	if f.depth < 2 {
		return nil
	}
	return titled("Levels of requirements", titled("From top to bottom", f.down()), titled("From bottom to top", f.up()))
}

// A family is the requirements of a model with their kin.
type family struct {
	m     *reports.Model
	byID  map[string]*reports.Requirement
	known map[string]ancestry
	depth int // how many levels there are
}

// ancestry is what is above a requirement.
type ancestry struct {
	level int      // 1 is the top
	tops  []string // the topmost ancestors, sorted; none for one that is at the top itself
}

// above returns what is above a requirement in this model.
func (f *family) above(r *reports.Requirement) ancestry {
	if a, known := f.known[r.ID]; known {
		return a
	}
	a := ancestry{level: 1}
	for _, id := range r.Parents {
		if f.byID[id] == nil {
			continue
		}
		parent := f.above(f.byID[id])
		a.level = max(a.level, parent.level+1)
		if parent.level == 1 {
			parent.tops = []string{id}
		}
		a.tops = append(a.tops, parent.tops...)
	}
	slices.Sort(a.tops)
	a.tops = slices.Compact(a.tops)
	f.known[r.ID] = a
	return a
}

// down has a row for each requirement under each of its parents. What is below a
// requirement stands once, where it is met first.
func (f *family) down() document.Table {
	t := document.Table{Name: "down"}
	levels := min(f.depth, mostLevels)
	for i := range levels {
		t.Columns = append(t.Columns, words("Level "+strconv.Itoa(i+1), 14, 0))
	}
	t.Columns = append(t.Columns, verdictColumn, words("Verified by", 12, 0), words("Text", 20, 3))
	shown := map[string]bool{}
	var row func(r *reports.Requirement, depth int)
	row = func(r *reports.Requirement, depth int) {
		cells := make([]document.Cell, levels, len(t.Columns))
		cells[min(depth, levels-1)] = document.Cell{Text: strings.Repeat("> ", max(depth-levels+1, 0)) + r.ID, Link: r.ID}
		again := shown[r.ID]
		shown[r.ID] = true
		text := r.Desc
		if again && len(r.Children) > 0 {
			text = "see above"
		} else if r.Verdict != reports.Pass && r.Reason != "" {
			text = explained(r, r.Reason)
		}
		t.Rows = append(t.Rows, append(cells, VerdictCell(r.Verdict), document.Text(verifiedBy(r)), document.Text(text)))
		if again {
			return
		}
		for _, id := range r.Children {
			row(f.byID[id], depth+1)
		}
	}
	for _, r := range f.m.Requirements {
		if f.above(&r).level == 1 && r.Verdict != reports.Invalid {
			row(&r, 0)
		}
	}
	return t
}

// verifiedBy says where the verdict of a requirement comes from.
func verifiedBy(r *reports.Requirement) string {
	var children, specs string
	if n := len(r.Children); n > 0 {
		children = strings.Replace(document.Plural(n, "child"), "childs", "children", 1)
	}
	if n := len(r.Specs); n > 0 {
		specs = document.Plural(n, "spec")
	}
	return cmp.Or(document.Join(children, specs), "nothing")
}

// up has a row for each requirement without children, with its parents and its
// topmost ancestors.
func (f *family) up() document.Table {
	t := document.Table{Name: "up", Columns: []document.Column{
		requirementColumn, verdictColumn, number("Specs"), words("Parents", 16, 1), words("Up to", 16, 1),
	}}
	for _, r := range f.m.Requirements {
		if len(r.Children) == 0 && r.Verdict != reports.Invalid {
			t.Add(linkTo(r.ID), VerdictCell(r.Verdict), len(r.Specs), Linked(r.Parents), Linked(f.above(&r).tops))
		}
	}
	return t
}

// Linked lists ids, each a link where the format has links.
func Linked(ids []string) document.Cell {
	if len(ids) == 0 {
		return document.Text("-")
	}
	c := listed(ids[:min(len(ids), inCell)], func(id string) string { return id })
	if more := len(ids) - inCell; more > 0 {
		rest := document.Text(", and " + document.Thousands(more) + " more")
		c.Text, c.Parts = c.Text+rest.Text, append(c.Parts, rest)
	}
	return c
}

package content

import (
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
	f := newFamily(m)
	if f.depth < 2 {
		return nil
	}
	return document.Section{Title: "Levels of requirements", Body: document.Blocks(
		document.Section{Title: "From top to bottom", Body: document.Blocks(f.down())},
		document.Section{Title: "From bottom to top", Body: document.Blocks(f.up())},
	)}
}

// A family is the requirements of a model with their kin.
type family struct {
	m     *reports.Model
	byID  map[string]*reports.Requirement
	tops  map[string][]string // the topmost ancestors of each requirement
	depth int                 // how many levels there are
}

func newFamily(m *reports.Model) *family {
	f := &family{m: m, byID: make(map[string]*reports.Requirement, len(m.Requirements)), tops: map[string][]string{}}
	for i := range m.Requirements {
		f.byID[m.Requirements[i].ID] = &m.Requirements[i]
	}
	depths := map[string]int{}
	for i := range m.Requirements {
		f.depth = max(f.depth, f.below(&m.Requirements[i], depths))
	}
	return f
}

// below returns how many levels there are from a requirement down, with its own.
func (f *family) below(r *reports.Requirement, depths map[string]int) int {
	if d := depths[r.ID]; d > 0 {
		return d
	}
	d := 1
	for _, id := range r.Children {
		d = max(d, 1+f.below(f.byID[id], depths))
	}
	depths[r.ID] = d
	return d
}

// down has a row for each requirement under each of its parents. What is below a
// requirement stands once, where it is met first.
func (f *family) down() document.Table {
	t := document.Table{Name: "down"}
	levels := min(f.depth, mostLevels)
	for i := range levels {
		t.Columns = append(t.Columns, document.Column{Title: "Level " + strconv.Itoa(i+1), Width: 14})
	}
	t.Columns = append(t.Columns,
		document.Column{Title: "Verdict", Width: 14}, document.Column{Title: "Verified by", Width: 12}, document.Column{Title: "Text", Width: 20, Grow: 3})
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
	for i := range f.m.Requirements {
		if r := &f.m.Requirements[i]; f.top(r) && r.Verdict != reports.Invalid {
			row(r, 0)
		}
	}
	return t
}

// top reports whether no requirement in the model is a parent of r.
func (f *family) top(r *reports.Requirement) bool {
	return !slices.ContainsFunc(r.Parents, func(id string) bool { return f.byID[id] != nil })
}

// verifiedBy says where the verdict of a requirement comes from.
func verifiedBy(r *reports.Requirement) string {
	var parts []string
	if n := len(r.Children); n > 0 {
		parts = append(parts, strings.Replace(document.Plural(n, "child"), "childs", "children", 1))
	}
	if n := len(r.Specs); n > 0 {
		parts = append(parts, document.Plural(n, "spec"))
	}
	if parts == nil {
		return "nothing"
	}
	return strings.Join(parts, ", ")
}

// up has a row for each requirement without children, with its parents and its
// topmost ancestors.
func (f *family) up() document.Table {
	t := document.Table{Name: "up", Columns: []document.Column{
		{Title: "Requirement", Width: 16},
		{Title: "Verdict", Width: 14},
		{Title: "Specs", Width: 5, Right: true},
		{Title: "Parents", Width: 16, Grow: 1},
		{Title: "Up to", Width: 16, Grow: 1},
	}}
	for i := range f.m.Requirements {
		r := &f.m.Requirements[i]
		if len(r.Children) > 0 || r.Verdict == reports.Invalid {
			continue
		}
		t.Add(document.Cell{Text: r.ID, Link: r.ID}, VerdictCell(r.Verdict), len(r.Specs), Linked(r.Parents), Linked(f.topsOf(r)))
	}
	return t
}

// topsOf returns the topmost ancestors of a requirement, sorted; none for one that is
// at the top itself.
func (f *family) topsOf(r *reports.Requirement) []string {
	if tops, known := f.tops[r.ID]; known {
		return tops
	}
	var tops []string
	for _, id := range r.Parents {
		if p := f.byID[id]; p == nil {
			continue
		} else if f.top(p) {
			tops = append(tops, id)
		} else {
			tops = append(tops, f.topsOf(p)...)
		}
	}
	slices.Sort(tops)
	tops = slices.Compact(tops)
	f.tops[r.ID] = tops
	return tops
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

package selftest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/socket-oneline/oneline/reports/render/document"
	"github.com/socket-oneline/oneline/ver/faulty"
)

// Document is the kill matrix as a document: the wrong first, then requirement
// by requirement, then member by member.
func (m *Matrix) Document() document.Document {
	return document.Document{
		Title: "Kill matrix",
		Run:   m.runBlock(),
		Lead:  document.Blocks(document.Paragraph{Text: m.conclusion(), Tone: m.tone()}),
		Body:  document.Blocks(m.sections()...),
	}
}

func (m *Matrix) sections() []document.Block {
	return []document.Block{
		section("Counts", m.counts()),
		section("Not as it should be", m.wrong()),
		section("Requirements by fault", m.byRequirement()),
		section("Faults", m.members(faulty.Fault, "shall fail", "failed")),
		section("Nulls", m.members(faulty.Null, "may pass", "passed")),
		section("Variants", m.members(faulty.Variant, "", "failed")),
		section("Left out", document.List{Title: "Members that did not run:", Items: m.LeftOut}),
	}
}

func (m *Matrix) runBlock() []document.Pair {
	suite := strings.TrimSpace(m.Run.Suite.Module + " " + m.Run.Suite.Version)
	if m.Run.Suite.Commit != "" {
		suite += ", commit " + m.Run.Suite.Commit
	}
	if modified := m.Run.Suite.Modified; modified != nil && *modified {
		suite += ", with uncommitted changes"
	}
	return []document.Pair{
		{Name: "started", Value: document.When(m.Run.Started)},
		{Name: "ended", Value: document.When(m.Run.Ended)},
		{Name: "machine", Value: m.Run.Machine},
		{Name: "suite", Value: suite},
		{Name: "requirements", Value: m.SRS.Name + ", SHA-256 " + m.SRS.SHA256},
		{Name: "Go, OS", Value: m.Run.Go + ", " + m.Run.OS},
		{Name: "repeat", Value: m.Run.Repeat},
	}
}

// conclusion says in a line or two what can be concluded.
func (m *Matrix) conclusion() string {
	s := m.Summary
	text := fmt.Sprintf("%d of %d faults killed, %d members blamed wrongly, %d nulls with an unearned pass, %d of %d variants passed.",
		s.Killed, s.Faults, s.Blamed, s.Unearned, m.passedVariants(), s.Variants)
	if s.Defects > 0 {
		text += fmt.Sprintf(" The runs of %d members have defects.", s.Defects)
	}
	if s.Thin > 0 {
		text += fmt.Sprintf(" %d requirements are failed by fewer than %d faults.", s.Thin, enough)
	}
	if len(m.LeftOut) > 0 {
		text += fmt.Sprintf(" %d members were left out.", len(m.LeftOut))
	}
	return text + fmt.Sprintf(" Exit code %d.", m.ExitCode)
}

func (m *Matrix) passedVariants() (n int) {
	for _, r := range m.Members {
		if r.Kind == faulty.Variant && r.OK {
			n++
		}
	}
	return n
}

func (m *Matrix) tone() document.Tone {
	if m.ExitCode == 0 {
		return document.Good
	}
	return document.Bad
}

func (m *Matrix) counts() document.Table {
	s := m.Summary
	table := document.Table{Name: "summary", Columns: []document.Column{{Title: "Members", Width: 45}, {Title: "Count", Width: 6, Right: true}}}
	for _, row := range []struct {
		name  string
		count int
		wrong bool // if there are any
	}{
		{"Members", s.Members, false},
		{"Faults", s.Faults, false},
		{"  killed", s.Killed, false},
		{"  survived", s.Survived, true},
		{"Blamed wrongly", s.Blamed, true},
		{"Nulls", s.Nulls, false},
		{"  with an unearned pass", s.Unearned, true},
		{"Variants", s.Variants, false},
		{"  not wholly verified", s.Missed, true},
		{"Defects of runs", s.Defects, true},
		{fmt.Sprintf("Requirements that fewer than %d faults fail", enough), s.Thin, true},
	} {
		table.Add(row.name, marked(row.count, row.wrong && row.count > 0))
	}
	return table
}

// marked is a number that may be a bad one.
func marked(n int, bad bool) document.Cell {
	cell := document.Cell{Text: strconv.Itoa(n)}
	if bad {
		cell.Tone = document.Bad
	}
	return cell
}

// wrong lists what is not as it should be.
func (m *Matrix) wrong() document.List {
	list := document.List{Title: "Members and requirements:"}
	for _, r := range m.Members {
		if !r.OK {
			list.Items = append(list.Items, fmt.Sprintf("%s (%s): %s", r.Name, r.Kind, r.outcome()))
		}
	}
	for _, row := range m.Requirements {
		if row.Thin {
			list.Items = append(list.Items, fmt.Sprintf("%s: failed by %d faults, not %d", row.ID, len(row.Killed), enough))
		}
	}
	return list
}

func (m *Matrix) byRequirement() document.Table {
	table := document.Table{Name: "matrix", Columns: []document.Column{
		{Title: "Requirement", Width: 11},
		{Title: "Killed", Width: 6, Right: true},
		{Title: "Faults killed", Width: 20, Grow: 3},
		{Title: "Survived", Width: 10, Grow: 1},
		{Title: "Blamed", Width: 10, Grow: 1},
		{Title: "Text", Width: 20, Grow: 2},
	}}
	for _, row := range m.Requirements {
		table.Add(
			document.Cell{Text: row.ID, Anchor: row.ID},
			marked(len(row.Killed), row.Thin),
			strings.Join(row.Killed, ", "),
			document.Cell{Text: strings.Join(row.Survived, ", "), Tone: document.Bad},
			document.Cell{Text: strings.Join(row.Blamed, ", "), Tone: document.Bad},
			row.Desc,
		)
	}
	return table
}

// members is the table of the members of a kind. should and did title what
// should come of them and what did.
func (m *Matrix) members(kind faulty.Kind, should, did string) document.Table {
	table := document.Table{Name: string(kind), Columns: []document.Column{
		{Title: string(kind), Width: 20, Grow: 1},
		{Title: "what it does", Width: 20, Grow: 3},
		{Title: should, Width: 10, Grow: 1},
		{Title: did, Width: 10, Grow: 1},
		{Title: "result", Width: 10},
	}}
	for i := range m.Members {
		r := &m.Members[i]
		expected, actual := r.Breaks, r.Failed
		if kind == faulty.Null {
			expected, actual = r.Earns, r.Passed
		}
		if r.Kind == kind {
			table.Add(document.Cell{Text: r.Name, Anchor: r.Name}, r.Text, strings.Join(expected, ", "), strings.Join(actual, ", "), r.badge())
		}
	}
	if should == "" {
		table.Columns = slices.Delete(table.Columns, 2, 3)
		for i, row := range table.Rows {
			table.Rows[i] = slices.Delete(row, 2, 3)
		}
	}
	return table
}

// badge says in a word what came of a member.
func (r *Result) badge() document.Cell {
	if failings := r.failings(); failings != nil {
		return document.Cell{Text: failings[0].word, Tone: document.Bad}
	}
	word := map[faulty.Kind]string{faulty.Fault: "killed", faulty.Null: "as it should", faulty.Variant: "passed"}[r.Kind]
	return document.Cell{Text: word, Tone: document.Good}
}

// section is a section with one block, or none if that has nothing to say.
func section(title string, block document.Block) document.Block {
	if document.Empty(block) {
		return nil
	}
	return document.Section{Title: title, Anchor: "section " + title, Body: document.Blocks(block)}
}

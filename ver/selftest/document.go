package selftest

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/socket-oneline/oneline/reports/render/document"
	"github.com/socket-oneline/oneline/ver/faulty"
)

// Document is the kill matrix as a document: the wrong first, then requirement
// by requirement, then member by member.
func (m *Matrix) Document() document.Document {
	return document.Document{
		Title: "Kill matrix",
		Run:   m.runBlock(),
		Lead:  body(document.Paragraph{Text: m.conclusion(), Tone: m.tone()}),
		Body:  body(m.sections()...),
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
	at := func(t time.Time) string { return t.Format("2006-01-02 15:04:05 -07:00") }
	return []document.Pair{
		{Name: "started", Value: at(m.Run.Started)},
		{Name: "ended", Value: at(m.Run.Ended)},
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
	add := func(name string, n int, bad bool) {
		tone := document.Plain
		if bad && n > 0 {
			tone = document.Bad
		}
		table.Rows = append(table.Rows, []document.Cell{{Text: name}, {Text: strconv.Itoa(n), Tone: tone}})
	}
	add("Members", s.Members, false)
	add("Faults", s.Faults, false)
	add("  killed", s.Killed, false)
	add("  survived", s.Survived, true)
	add("Blamed wrongly", s.Blamed, true)
	add("Nulls", s.Nulls, false)
	add("  with an unearned pass", s.Unearned, true)
	add("Variants", s.Variants, false)
	add("  not wholly verified", s.Missed, true)
	add("Defects of runs", s.Defects, true)
	add("Requirements that fewer than "+strconv.Itoa(enough)+" faults fail", s.Thin, true)
	return table
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
		killed := document.Cell{Text: strconv.Itoa(len(row.Killed))}
		if row.Thin {
			killed.Tone = document.Bad
		}
		table.Rows = append(table.Rows, []document.Cell{
			{Text: row.ID, Anchor: row.ID},
			killed,
			{Text: strings.Join(row.Killed, ", ")},
			{Text: strings.Join(row.Survived, ", "), Tone: document.Bad},
			{Text: strings.Join(row.Blamed, ", "), Tone: document.Bad},
			{Text: row.Desc},
		})
	}
	return table
}

// members is the table of the members of a kind. should and did title what
// should come of them and what did.
func (m *Matrix) members(kind faulty.Kind, should, did string) document.Table {
	table := document.Table{Name: string(kind), Columns: []document.Column{
		{Title: string(kind), Width: 20, Grow: 1}, {Title: "what it does", Width: 20, Grow: 3},
	}}
	if should != "" {
		table.Columns = append(table.Columns, document.Column{Title: should, Width: 10, Grow: 1})
	}
	table.Columns = append(table.Columns, document.Column{Title: did, Width: 10, Grow: 1}, document.Column{Title: "result", Width: 10})
	for _, r := range m.Members {
		if r.Kind != kind {
			continue
		}
		row := []document.Cell{{Text: r.Name, Anchor: r.Name}, {Text: r.Text}}
		expected, actual := r.Breaks, r.Failed
		if kind == faulty.Null {
			expected, actual = r.Earns, r.Passed
		}
		if should != "" {
			row = append(row, document.Cell{Text: strings.Join(expected, ", ")})
		}
		table.Rows = append(table.Rows, append(row, document.Cell{Text: strings.Join(actual, ", ")}, r.badge()))
	}
	return table
}

// badge says in a word what came of a member.
func (r *Result) badge() document.Cell {
	word := map[faulty.Kind]string{faulty.Fault: "killed", faulty.Null: "as it should", faulty.Variant: "passed"}[r.Kind]
	switch {
	case r.OK:
		return document.Cell{Text: word, Tone: document.Good}
	case len(r.Survived) > 0:
		word = "survived"
	case len(r.Blamed) > 0:
		word = "blamed"
	case len(r.Unearned) > 0:
		word = "unearned pass"
	case len(r.Missed) > 0:
		word = "not verified"
	default:
		word = "defect"
	}
	return document.Cell{Text: word, Tone: document.Bad}
}

// section is a section with one block, or none if that has nothing to say.
func section(title string, block document.Block) document.Block {
	switch b := block.(type) {
	case document.Table:
		if len(b.Rows) == 0 {
			return nil
		}
	case document.List:
		if len(b.Items) == 0 {
			return nil
		}
	}
	return document.Section{Title: title, Anchor: "section " + title, Body: body(block)}
}

func body(all ...document.Block) document.Body {
	return func(yield func(document.Block) bool) {
		for _, b := range all {
			if b != nil && !yield(b) {
				return
			}
		}
	}
}

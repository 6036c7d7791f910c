package render

import (
	"slices"
	"strconv"
	"strings"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/structure"
)

// codeSummary counts, package by package, what the requirements that passed
// reach of the code.
func codeSummary(m *reports.Model) Block {
	c := &m.Structure
	if !c.Collected {
		return Section{Title: "Code", Body: blocks(notCollected(c))}
	}
	t := Table{Name: "code", Fit: true, Columns: codeColumns}
	row := func(name string, n structure.Counts, tone Tone) {
		t.Rows = append(t.Rows, []Cell{
			{Text: name, Tone: tone},
			cell(thousands(n.Statements)), cell(thousands(n.Reached)), cell(ratio(n.Reached, n.Statements-n.Accepted)),
			cell(thousands(n.Accepted)), toned(thousands(n.Unreached), n.Unreached > 0, Bad),
		})
	}
	for _, p := range c.Packages {
		row(p.Path, p.Counts, Plain)
	}
	if len(c.Packages) > 1 {
		row("all", c.Total, Plain)
	}
	return Section{Title: "Code reached by requirements that passed", Fold: true, Body: blocks(
		t,
		Paragraph{Text: "The share is that of the statements that are not accepted as unreached.", Tone: Muted},
	)}
}

var codeColumns = []Column{
	{Title: "Package", Width: 24, Grow: 1},
	{Title: "Statements", Width: 10, Right: true},
	{Title: "Reached", Width: 8, Right: true},
	{Title: "Share", Width: 8, Right: true},
	{Title: "Accepted", Width: 9, Right: true},
	{Title: "Not reached", Width: 11, Right: true},
}

func toned(text string, on bool, tone Tone) Cell {
	if !on {
		tone = Plain
	}
	return Cell{Text: text, Tone: tone}
}

func notCollected(c *structure.Coverage) Block {
	return Paragraph{Text: "What the requirements execute was not collected: " + stated(c.Reason) + ".", Tone: Muted}
}

// codeTrace is the trace matrix between requirements and code, with what no
// requirement reaches.
func codeTrace(m *reports.Model) Block {
	c := &m.Structure
	if !c.Collected {
		return Section{Title: "From requirements to functions", Body: blocks(notCollected(c))}
	}
	return Section{Title: "Requirements and code", Body: blocks(
		codePlaces(m, "Statements that no requirement that passed reaches", "unreached", c.Unreached, "Executed by"),
		List{Title: "Acceptances that no longer fit the code:", Items: c.Stale},
		codePlaces(m, "Statements accepted as unreached", "accepted", c.Accepted, "Reason"),
		idle(c),
		List{Title: "What these specs left running may be booked to later ones:", Items: c.Unsettled},
		Section{Title: "From requirements to functions", Body: blocks(executedTable(m))},
		Section{Title: "From functions to requirements", Body: blocks(functionTable(m))},
	)}
}

// idle lists what passed without executing anything.
func idle(c *structure.Coverage) Block {
	if len(c.Idle) == 0 {
		return nil
	}
	return Section{Title: "Passed without executing any statement", Body: blocks(Paragraph{Text: strings.Join(c.Idle, ", "), Tone: Warn})}
}

// codePlaces lists places, with what the last column is about.
func codePlaces(m *reports.Model, title, name string, places []structure.Place, last string) Block {
	if len(places) == 0 {
		return nil
	}
	t := Table{Name: name, Columns: placeColumns(last)}
	for _, p := range places {
		why := p.Reason
		if last != "Reason" {
			why = orNone(strings.Join(p.Requirements, ", "))
		}
		t.Rows = append(t.Rows, []Cell{
			sourceCell(m, p.File+":"+p.Lines, p.File, firstLine(p.Lines)), cell(p.Function), cell(thousands(p.Statements)), cell(why),
		})
	}
	return Section{Title: title, Body: blocks(t)}
}

func placeColumns(last string) []Column {
	return []Column{
		{Title: "Place", Width: 24, Grow: 2},
		{Title: "Function", Width: 20, Grow: 2},
		{Title: "Statements", Width: 10, Right: true},
		{Title: last, Width: 20, Grow: 3},
	}
}

// sourceCell is a text that leads to a line of the source view, in the format
// that has one.
func sourceCell(m *reports.Model, text, file string, line int) Cell {
	return Cell{Text: text, Parts: []Cell{{Text: text, Link: sourceAnchor(m, file, line)}}}
}

// sourceAnchor is what a link to a line names: the file as a whole where its text
// is not known.
func sourceAnchor(m *reports.Model, file string, line int) string {
	i := slices.IndexFunc(m.Structure.Files, func(f structure.File) bool { return f.Name == file && len(f.Segments) > 0 })
	if i < 0 {
		return file
	}
	return file + ":" + strconv.Itoa(line)
}

// firstLine is the first of lines such as 12-15,20.
func firstLine(lines string) int {
	end := strings.IndexFunc(lines, func(c rune) bool { return c < '0' || c > '9' })
	if end < 0 {
		end = len(lines)
	}
	line, _ := strconv.Atoi(lines[:end]) // the model has numbers there
	return line
}

func orNone(text string) string {
	if text == "" {
		return "none"
	}
	return text
}

var executedColumns = []Column{
	{Title: "Requirement", Width: 16},
	{Title: "Verdict", Width: 14},
	{Title: "File", Width: 18, Grow: 1},
	{Title: "Lines", Width: 16, Grow: 2},
	{Title: "Functions", Width: 20, Grow: 4},
}

// executedTable has a row per requirement and file.
func executedTable(m *reports.Model) Table {
	t := Table{Name: "executed", Columns: executedColumns}
	lines := map[string]string{} // the places of the functions
	for _, f := range m.Structure.Functions {
		lines[f.File+" "+f.Name] = sourceAnchor(m, f.File, f.Line)
	}
	for i := range m.Requirements {
		r := &m.Requirements[i]
		head := []Cell{{Text: r.ID, Link: r.ID}, verdictCell(r.Verdict)}
		if r.Executes == nil {
			t.Rows = append(t.Rows, append(head, cell("none"), cell("-"), cell("-")))
			continue
		}
		for _, p := range r.Executes.Files {
			where := []Cell{sourceCell(m, p.File, p.File, firstLine(p.Lines)), cell(strings.ReplaceAll(p.Lines, ",", ", "))}
			for names := range slices.Chunk(p.Functions, inCell) {
				functions := listed(names, func(name string) string { return lines[p.File+" "+name] })
				t.Rows = append(t.Rows, append(slices.Concat(head, where), functions))
				where = []Cell{cell(""), cell("")}
			}
			head = []Cell{{Text: r.ID}, head[1]}
		}
	}
	return t
}

// inCell is how many names a cell takes: a longer text would be cut.
const inCell = 25

// listed is a cell of names, each with its link.
func listed(names []string, link func(string) string) Cell {
	c := Cell{Text: strings.Join(names, ", ")}
	for i, name := range names {
		if i > 0 {
			c.Parts = append(c.Parts, cell(", "))
		}
		c.Parts = append(c.Parts, Cell{Text: name, Link: link(name)})
	}
	return c
}

var functionColumns = []Column{
	{Title: "Function", Width: 20, Grow: 2},
	{Title: "Place", Width: 18, Grow: 2},
	{Title: "Statements", Width: 10, Right: true},
	{Title: "Reached", Width: 8, Right: true},
	{Title: "Accepted", Width: 9, Right: true},
	{Title: "Requirements", Width: 20, Grow: 4},
}

// functionTable has a row per function.
func functionTable(m *reports.Model) Table {
	t := Table{Name: "functions", Columns: functionColumns}
	for _, f := range m.Structure.Functions {
		place := f.File + ":" + strconv.Itoa(f.Line)
		head := []Cell{
			sourceCell(m, f.Name, f.File, f.Line), cell(place), cell(thousands(f.Statements)),
			toned(thousands(f.Reached), f.Unreached > 0, Bad), cell(thousands(f.Accepted)),
		}
		if len(f.Requirements) == 0 {
			t.Rows = append(t.Rows, append(head, toned("none", f.Unreached > 0, Bad)))
		}
		for ids := range slices.Chunk(f.Requirements, 4*inCell) {
			t.Rows = append(t.Rows, append(slices.Clone(head), listed(ids, func(id string) string { return id })))
			head = []Cell{{Text: f.Name}, cell(""), cell(""), cell(""), cell("")}
		}
	}
	return t
}

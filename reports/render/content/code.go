package content

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/render/document"
	"github.com/socket-oneline/oneline/reports/structure"
)

// codeSummary counts, package by package, what the requirements that passed
// reach of the code.
func codeSummary(m *reports.Model) document.Block {
	c := &m.Structure
	if !c.Collected {
		return document.Section{Title: "Code", Body: document.Blocks(notCollected(c))}
	}
	t := document.Table{Name: "code", Fit: true, Columns: []document.Column{
		words("Package", 24, 1), number("Statements"), number("Reached"), number("Share"), number("Accepted"), number("Not reached"),
	}}
	row := func(name string, n structure.Counts) {
		t.Add(name, n.Statements, n.Reached, document.Ratio(n.Reached, n.Statements-n.Accepted), n.Accepted,
			toned(document.Thousands(n.Unreached), n.Unreached > 0, document.Bad))
	}
	for _, p := range c.Packages {
		row(p.Path, p.Counts)
	}
	if len(c.Packages) > 1 {
		row("all", c.Total)
	}
	return document.Section{Title: "Code reached by requirements that passed", Fold: true, Body: document.Blocks(
		t,
		muted("The share is that of the statements that are not accepted as unreached."),
	)}
}

func notCollected(c *structure.Coverage) document.Block {
	return muted("What the requirements execute was not collected: " + document.Stated(c.Reason) + ".")
}

// codeTrace is the trace matrix between requirements and code, with what no
// requirement reaches.
func codeTrace(m *reports.Model) document.Block {
	c := &m.Structure
	if !c.Collected {
		return document.Section{Title: "From requirements to functions", Body: document.Blocks(notCollected(c))}
	}
	return document.Section{Title: "Requirements and code", Body: document.Blocks(
		codePlaces(m, "Statements that no requirement that passed reaches", "unreached", c.Unreached, "Executed by"),
		document.List{Title: "Acceptances that no longer fit the code:", Items: c.Stale},
		codePlaces(m, "Statements accepted as unreached", "accepted", c.Accepted, "Reason"),
		titled("Passed without executing any statement", document.Paragraph{Text: strings.Join(c.Idle, ", "), Tone: document.Warn}),
		document.List{Title: "What these specs left running may be booked to later ones:", Items: c.Unsettled},
		document.Section{Title: "From requirements to functions", Body: document.Blocks(executedTable(m))},
		document.Section{Title: "From functions to requirements", Body: document.Blocks(functionTable(m))},
	)}
}

// codePlaces lists places, with what the last column is about.
func codePlaces(m *reports.Model, title, name string, places []structure.Place, last string) document.Block {
	t := document.Table{Name: name, Columns: []document.Column{words("Place", 24, 2), words("Function", 20, 2), number("Statements"), words(last, 20, 3)}}
	for _, p := range places {
		why := p.Reason
		if last != "Reason" {
			why = cmp.Or(strings.Join(executedBy(p), ", "), "none")
		}
		t.Add(SourceCell(m, p.File+":"+p.Lines, p.File, FirstLine(p.Lines)), p.Function, p.Statements, why)
	}
	return titled(title, t)
}

// executedBy names the requirements that execute a place.
func executedBy(p structure.Place) []string {
	names := slices.Clone(p.Requirements)
	for _, id := range p.Shared {
		if !slices.Contains(p.Requirements, id) {
			names = append(names, id+" (with others)")
		}
	}
	return names
}

// SourceCell is a text that leads to a line of the source view, in the format
// that has one.
func SourceCell(m *reports.Model, text, file string, line int) document.Cell {
	return document.Cell{Text: text, Parts: []document.Cell{{Text: text, Link: sourceAnchor(m, file, line)}}}
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

// FirstLine is the first of lines such as 12-15,20.
func FirstLine(lines string) (line int) {
	_, _ = fmt.Sscanf(lines, "%d", &line) // the model has numbers there
	return line
}

// executedTable has a row per requirement and file.
func executedTable(m *reports.Model) document.Table {
	t := document.Table{Name: "executed", Columns: []document.Column{
		requirementColumn, verdictColumn, words("File", 18, 1), words("Lines", 16, 2), words("Functions", 20, 4),
	}}
	lines := map[string]string{} // the places of the functions
	for _, f := range m.Structure.Functions {
		lines[f.File+" "+f.Name] = sourceAnchor(m, f.File, f.Line)
	}
	for _, r := range m.Requirements {
		id, verdict := linkTo(r.ID), VerdictCell(r.Verdict)
		if r.Executes == nil {
			t.Add(id, verdict, "none", "-", "-")
			continue
		}
		for _, p := range r.Executes.Files {
			file, where := SourceCell(m, p.File, p.File, FirstLine(p.Lines)), strings.ReplaceAll(p.Lines, ",", ", ")
			for names := range slices.Chunk(p.Functions, inCell) {
				t.Add(id, verdict, file, where, listed(names, func(name string) string { return lines[p.File+" "+name] }))
				file, where = document.Cell{}, ""
			}
			id.Link = ""
		}
	}
	return t
}

// inCell is how many names a cell takes: a longer text would be cut.
const inCell = 25

// listed is a cell of names, each with its link.
func listed(names []string, link func(string) string) document.Cell {
	c := document.Cell{Text: strings.Join(names, ", ")}
	for i, name := range names {
		if i > 0 {
			c.Parts = append(c.Parts, document.Text(", "))
		}
		c.Parts = append(c.Parts, document.Cell{Text: name, Link: link(name)})
	}
	return c
}

// functionTable has a row per function.
func functionTable(m *reports.Model) document.Table {
	t := document.Table{Name: "functions", Columns: []document.Column{
		words("Function", 20, 2), words("Place", 18, 2), number("Statements"), number("Reached"), number("Accepted"), words("Requirements", 20, 4),
	}}
	for _, f := range m.Structure.Functions {
		head := []any{
			SourceCell(m, f.Name, f.File, f.Line), f.File + ":" + strconv.Itoa(f.Line), f.Statements,
			toned(document.Thousands(f.Reached), f.Unreached > 0, document.Bad), f.Accepted,
		}
		if len(f.Requirements) == 0 {
			t.Add(append(head, toned("none", f.Unreached > 0, document.Bad))...)
		}
		for ids := range slices.Chunk(f.Requirements, 4*inCell) {
			t.Add(append(slices.Clone(head), listed(ids, func(id string) string { return id }))...)
			head = []any{f.Name, "", "", "", ""}
		}
	}
	return t
}

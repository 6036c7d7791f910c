package content

import (
	"cmp"
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
		return titled("Code", notCollected(c))
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
	return folded("Code reached by requirements that passed", t, muted("The share is that of the statements that are not accepted as unreached."))
}

func notCollected(c *structure.Coverage) document.Block {
	return muted("What the requirements execute was not collected: " + document.Stated(c.Reason) + ".")
}

// codeTrace is the trace matrix between requirements and code, with what no
// requirement reaches.
func codeTrace(m *reports.Model) document.Block {
	c := &m.Structure
	if !c.Collected {
		return titled("From requirements to functions", notCollected(c))
	}
	place := func(p structure.Place) document.Cell {
		return SourceCell(m, p.File+":"+p.Lines, p.File, p.Lines)
	}
	columns := func(last string) []document.Column {
		return []document.Column{words("Place", 24, 2), words("Function", 20, 2), number("Statements"), words(last, 20, 3)}
	}
	unreached := document.Table{Name: "unreached", Columns: columns("Executed by")}
	for _, p := range c.Unreached {
		by := slices.Clone(p.Requirements)
		for _, id := range p.Shared {
			if !slices.Contains(p.Requirements, id) {
				by = append(by, id+" (with others)")
			}
		}
		unreached.Add(place(p), p.Function, p.Statements, cmp.Or(strings.Join(by, ", "), "none"))
	}
	accepted := document.Table{Name: "accepted", Columns: columns("Reason")}
	for _, p := range c.Accepted {
		accepted.Add(place(p), p.Function, p.Statements, p.Reason)
	}
	return document.Section{Title: "Requirements and code", Body: document.Blocks(
		titled("Statements that no requirement that passed reaches", unreached),
		document.List{Title: "Acceptances that no longer fit the code:", Items: c.Stale},
		titled("Statements accepted as unreached", accepted),
		titled("Passed without executing any statement", document.Paragraph{Text: strings.Join(c.Idle, ", "), Tone: document.Warn}),
		document.List{Title: "What these specs left running may be booked to later ones:", Items: c.Unsettled},
		document.Section{Title: "From requirements to functions", Body: document.Blocks(executedTable(m))},
		document.Section{Title: "From functions to requirements", Body: document.Blocks(functionTable(m))},
	)}
}

// SourceCell is a text that leads to the first of lines such as 12-15,20 in the
// source view, in the format that has one.
func SourceCell(m *reports.Model, text, file, lines string) document.Cell {
	return document.Cell{Text: text, Parts: []document.Cell{{Text: text, Link: sourceAnchor(m, file, lines)}}}
}

// sourceAnchor is what a link to the first of some lines names: the file as a whole
// where its text is not known.
func sourceAnchor(m *reports.Model, file, lines string) string {
	if !slices.ContainsFunc(m.Structure.Files, func(f structure.File) bool { return f.Name == file && len(f.Segments) > 0 }) {
		return file
	}
	return file + ":" + lines[:strings.IndexAny(lines+",", "-,")]
}

// executedTable has a row per requirement and file.
func executedTable(m *reports.Model) document.Table {
	t := document.Table{Name: "executed", Columns: []document.Column{
		requirementColumn, verdictColumn, words("File", 18, 1), words("Lines", 16, 2), words("Functions", 20, 4),
	}}
	lines := map[string]string{} // the places of the functions
	for _, f := range m.Structure.Functions {
		lines[f.File+" "+f.Name] = sourceAnchor(m, f.File, strconv.Itoa(f.Line))
	}
	for _, r := range m.Requirements {
		id, verdict := linkTo(r.ID), VerdictCell(r.Verdict)
		if r.Executes == nil {
			t.Add(id, verdict, "none", "-", "-")
			continue
		}
		for _, p := range r.Executes.Files {
			file, where := SourceCell(m, p.File, p.File, p.Lines), strings.ReplaceAll(p.Lines, ",", ", ")
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
		line := strconv.Itoa(f.Line)
		head := []any{
			SourceCell(m, f.Name, f.File, line), f.File + ":" + line, f.Statements,
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

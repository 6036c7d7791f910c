package page

import (
	"strconv"
	"strings"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/render/content"
	"github.com/socket-oneline/oneline/reports/render/document"
	"github.com/socket-oneline/oneline/reports/structure"
)

// inSight is how many requirements stand beside a line; more of them are behind
// their number.
const inSight = 4

// sources is the code that was watched: beside each run of lines the
// requirements that execute it.
func (p *index) sources() {
	if !p.m.Structure.Collected {
		return
	}
	p.text(`<section id="source"><h2>Source</h2>`, "\n")
	p.note("Beside the code stand the requirements whose specs execute it.")
	for _, f := range p.m.Structure.Files {
		p.sourceFile(&f)
	}
	p.text("</section>\n")
}

func (p *index) sourceFile(f *structure.File) {
	n, open, tone := f.Counts, "", document.Good
	if n.Unreached > 0 {
		open, tone = " open", document.Plain
	}
	p.text(`<details class="fold"`, open, p.id(f.Name), "><summary><h3>", esc(f.Name), "</h3>")
	p.badge(document.Cell{Text: document.Thousands(n.Reached) + " of " + document.Thousands(n.Statements-n.Accepted) + " statements reached", Tone: tone})
	if n.Accepted > 0 {
		p.badge(document.Cell{Text: document.Thousands(n.Accepted) + " accepted", Tone: document.Muted})
	}
	if n.Unreached > 0 {
		p.badge(document.Cell{Text: document.Thousands(n.Unreached) + " not reached", Tone: document.Bad})
	}
	p.text("</summary>\n")
	if len(f.Segments) == 0 {
		p.note("The text of this file is not in the results: it was not found where the suite ran.")
	} else {
		p.text(`<div class="scroll"><table class="source"><thead><tr><th scope="col">Requirements</th><th scope="col">Code</th></tr></thead><tbody>`, "\n")
		for _, s := range f.Segments {
			p.segment(f.Name, &s)
		}
		p.text("</tbody></table></div>\n")
	}
	p.text("</details>\n")
}

// segment is one row: requirements, and lines with their numbers.
func (p *index) segment(file string, s *structure.Segment) {
	p.tag("<tr", string(s.State))
	p.text("<td>")
	switch s.State {
	case structure.Unreached:
		p.text("<strong>not reached</strong> ")
		if s.Reason != "" {
			p.text(esc(s.Reason), " ")
		}
	case structure.Partly:
		p.text("<strong>partly reached</strong> ")
	case structure.Accepted:
		p.text("accepted: ", esc(s.Reason))
	}
	p.executedBy(s.Requirements)
	p.text("</td><td><pre>")
	for i, line := range s.Lines {
		number := strconv.Itoa(s.First + i)
		p.text("<b", p.id(file+":"+number), ">", number, "</b>", esc(strings.ReplaceAll(line, "\t", "    ")), "\n")
	}
	p.text("</pre></td></tr>\n")
}

// executedBy links to the requirements that execute a segment; what did not pass is
// marked.
func (p *index) executedBy(ids []string) {
	if len(ids) > inSight {
		p.text("<details><summary>", document.Thousands(len(ids)), " requirements</summary>")
		defer p.text("</details>")
	}
	for _, id := range ids {
		p.text(`<a href="#`, document.AnchorName(id), `">`, esc(id), "</a> ")
		if r := p.requirements[id]; r != nil && !r.Verdict.Passed() {
			p.tag("<span", string(content.VerdictCell(r.Verdict).Tone))
			p.text(esc(string(r.Verdict)), "</span> ")
		}
	}
}

// executes leads from a requirement to the code that it executes.
func (p *index) executes(r *reports.Requirement) {
	if r.Executes == nil {
		return
	}
	p.text(`<p class="muted">Executes `, document.Thousands(r.Executes.Statements), " statements: ")
	for i, part := range r.Executes.Files {
		if i > 0 {
			p.text(", ")
		}
		p.link(content.SourceCell(p.m, part.File, part.File, part.Lines))
	}
	p.text(".</p>\n")
}

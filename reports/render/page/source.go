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
func (h *writer) sources(m *reports.Model) {
	if !m.Structure.Collected {
		return
	}
	verdicts := make(map[string]reports.Verdict, len(m.Requirements))
	for i := range m.Requirements {
		verdicts[m.Requirements[i].ID] = m.Requirements[i].Verdict
	}
	h.text(`<section id="source"><h2>Source</h2>`, "\n",
		`<p class="muted">Beside the code stand the requirements whose specs execute it.</p>`, "\n")
	for i := range m.Structure.Files {
		h.sourceFile(&m.Structure.Files[i], verdicts)
	}
	h.text("</section>\n")
}

func (h *writer) sourceFile(f *structure.File, verdicts map[string]reports.Verdict) {
	open := ""
	if f.Counts.Unreached > 0 {
		open = " open"
	}
	h.text(`<details class="fold"`, open, h.id(f.Name), "><summary><h3>", esc(f.Name), "</h3>")
	n := f.Counts
	tone := document.Good
	if n.Unreached > 0 {
		tone = document.Plain
	}
	badge := func(text string, shown bool, tone document.Tone) {
		if shown {
			h.badge(document.Cell{Text: text, Tone: tone})
		}
	}
	badge(document.Thousands(n.Reached)+" of "+document.Thousands(n.Statements-n.Accepted)+" statements reached", true, tone)
	badge(document.Thousands(n.Accepted)+" accepted", n.Accepted > 0, document.Muted)
	badge(document.Thousands(n.Unreached)+" not reached", n.Unreached > 0, document.Bad)
	h.text("</summary>\n")
	if len(f.Segments) == 0 {
		h.text(`<p class="muted">The text of this file is not in the results: it was not found where the suite ran.</p>`, "\n")
	} else {
		h.text(`<div class="scroll"><table class="source"><thead><tr><th scope="col">Requirements</th><th scope="col">Code</th></tr></thead><tbody>`, "\n")
		for i := range f.Segments {
			h.segment(f.Name, &f.Segments[i], verdicts)
		}
		h.text("</tbody></table></div>\n")
	}
	h.text("</details>\n")
}

// segment is one row: requirements, and lines with their numbers.
func (h *writer) segment(file string, s *structure.Segment, verdicts map[string]reports.Verdict) {
	h.tag("<tr", string(s.State))
	h.text("<td>")
	switch s.State {
	case structure.Unreached:
		h.text("<strong>not reached</strong> ")
		if s.Reason != "" {
			h.text(esc(s.Reason), " ")
		}
	case structure.Partly:
		h.text("<strong>partly reached</strong> ")
	case structure.Accepted:
		h.text("accepted: ", esc(s.Reason))
	}
	h.requirements(s.Requirements, verdicts)
	h.text("</td><td><pre>")
	for i, line := range s.Lines {
		number := s.First + i
		text := esc(strings.ReplaceAll(line, "\t", "    "))
		h.text("<b", h.id(file+":"+strconv.Itoa(number)), ">", strconv.Itoa(number), "</b>", text, "\n")
	}
	h.text("</pre></td></tr>\n")
}

// requirements links to those that execute a segment; what did not pass is marked.
func (h *writer) requirements(ids []string, verdicts map[string]reports.Verdict) {
	if len(ids) > inSight {
		h.text("<details><summary>", document.Thousands(len(ids)), " requirements</summary>")
		defer h.text("</details>")
	}
	for _, id := range ids {
		h.text(`<a href="#`, document.AnchorName(id), `">`, esc(id), "</a> ")
		if v := verdicts[id]; !v.Passed() {
			h.tag("<span", string(content.VerdictTone(v)))
			h.text(esc(string(v)), "</span> ")
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
		p.link(content.SourceCell(p.m, part.File, part.File, content.FirstLine(part.Lines)))
	}
	p.text(".</p>\n")
}

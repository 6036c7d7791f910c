package page

import (
	_ "embed"
	"strings"
	"text/template"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/render/content"
	"github.com/socket-oneline/oneline/reports/render/document"
)

// sourceHTML is the code that was watched: beside each run of lines the requirements
// that execute it. Every text in it passes esc.
//
//go:embed source.html
var sourceHTML string

// sources writes the code that was watched.
func (p *index) sources() error {
	if !p.m.Structure.Collected {
		return nil
	}
	t := template.Must(template.New("source.html").Funcs(template.FuncMap{
		"esc": esc, "anchor": document.AnchorName, "id": p.id, "thousands": document.Thousands,
		"add":  func(a, b int) int { return a + b },
		"code": func(line string) string { return esc(strings.ReplaceAll(line, "\t", "    ")) },
		"missed": func(id string) document.Cell { // the verdict, unless it passed
			if r := p.requirements[id]; r != nil && !r.Verdict.Passed() {
				return content.VerdictCell(r.Verdict)
			}
			return document.Cell{}
		},
	}).Parse(sourceHTML))
	return t.Execute(&p.body, p.m.Structure)
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

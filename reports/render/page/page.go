// Package page writes documents as web pages that need no network: the page of a
// report, in which requirements can be searched and opened, and a page of any
// other document.
package page

import (
	"bufio"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"io"
	"strings"

	"github.com/socket-oneline/oneline/reports/render/content"
	"github.com/socket-oneline/oneline/reports/render/document"
)

//go:embed page.css
var style string

// script makes the page of a report searchable. Without it everything can be
// read.
//
//go:embed page.js
var script string

// Head is what stands at the top of a page.
type Head struct {
	Kind    string        // what kind of page it is
	Title   string        // what it is about
	Verdict document.Cell // how it came out, in a word or two; empty: it has no verdict
	Lines   []string      // what there is to say of it
}

// Write writes a document as one page without a script.
func Write(w io.Writer, head Head, doc document.Document) error {
	h := newWriter(bufio.NewWriter(w))
	var links []document.Cell
	for b := range doc.Body {
		if s, ok := b.(document.Section); ok && s.Anchor != "" {
			links = append(links, document.Cell{Text: s.Title, Link: s.Anchor})
			h.used[document.AnchorName(s.Anchor)] = false
		}
	}
	h.top(head, "", links)
	h.text("<main>\n")
	h.blocks(doc.Lead, 2)
	h.blocks(doc.Body, 2)
	if len(doc.Run) > 0 {
		h.block(document.Section{Title: "Run", Anchor: "run", Body: document.Blocks(doc.Run)}, 2)
	}
	h.bottom()
	return h.Flush()
}

// top writes all that stands before the main part of a page, with links into it.
// The policy of the page allows its own script alone, by its hash.
func (h *writer) top(head Head, script string, links []document.Cell) {
	policy := "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
	if script != "" {
		sum := sha256.Sum256([]byte(script))
		policy += "; script-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	h.text("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n",
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n",
		`<meta http-equiv="Content-Security-Policy" content="`, policy, "\">\n<link rel=\"icon\" href=\"data:,\">\n",
		"<title>", esc(strings.TrimPrefix(head.Verdict.Text+": "+head.Title, ": ")), "</title>\n<style>\n", style, labels(h.tables), "</style>\n</head>\n<body>\n")
	if len(links) > 0 {
		h.text(`<a class="skip" href="#`, document.AnchorName(links[0].Link), `">Skip to `, esc(links[0].Text), "</a>\n")
	}
	h.text("<header>\n<p class=\"kind\">", esc(head.Kind), "</p>\n<h1>", esc(head.Title), "</h1>\n")
	if head.Verdict.Text != "" {
		h.tag("<p><strong", "pill", string(head.Verdict.Tone))
		h.text(esc(head.Verdict.Text), "</strong></p>\n")
	}
	for _, l := range head.Lines {
		h.text("<p>", esc(l), "</p>\n")
	}
	if len(links) > 0 {
		h.text(`<nav aria-label="Contents"><details class="contents"><summary>Contents</summary><p>`)
		for _, l := range links {
			h.link(l)
			h.text(" ")
		}
		h.text("</p></details></nav>\n")
	}
	h.text("</header>\n")
}

func (h *writer) bottom() { h.text("</main>\n</body>\n</html>\n") }

// labels are the style rules that depend on the columns of tables: a narrow page
// shows each cell behind the title of its column; a wide one breaks long words
// only in the columns that grow.
func labels(tables []document.Table) string {
	tables = append(tables, content.Tables...)
	var b strings.Builder
	b.WriteString("@media (min-width: 46.01rem) {\n")
	for _, t := range tables {
		total := 0
		for _, c := range t.Columns {
			total += c.Grow
		}
		for i, c := range t.Columns {
			if c.Grow > 0 {
				fmt.Fprintf(&b, ".%s td:nth-child(%d) { overflow-wrap: anywhere; min-width: %dch; width: %d%%; }\n",
					t.Name, i+1, c.Width, 80*c.Grow/total)
			}
		}
	}
	b.WriteString("}\n@media (max-width: 46rem) {\n")
	for _, t := range tables {
		for i, c := range t.Columns {
			fmt.Fprintf(&b, ".%s td:nth-child(%d)::before { content: %q; }\n", t.Name, i+1, c.Title)
		}
	}
	b.WriteString("}\n")
	return b.String()
}

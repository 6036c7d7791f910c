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
	"text/template"

	"github.com/socket-oneline/oneline/reports/render/document"
)

//go:embed page.css
var style string

// script makes the page of a report searchable. Without it everything can be
// read.
//
//go:embed page.js
var script string

//go:embed top.html
var topHTML string

// top is what stands before the main part of a page. Every text in it passes esc.
var top = template.Must(template.New("top.html").Funcs(template.FuncMap{"esc": esc, "anchor": document.AnchorName}).Parse(topHTML))

// filters are of use with the script alone, which fills in what there is to choose, and
// shows them.
//
//go:embed filters.html
var filters string

// Head is what stands at the top of a page.
type Head struct {
	Kind    string        // what kind of page it is
	Title   string        // what it is about
	Verdict document.Cell // how it came out, in a word or two; empty: it has no verdict
	Lines   []string      // what there is to say of it
}

// Write writes a document as one page without a script.
func Write(w io.Writer, head Head, doc document.Document) error {
	h := newWriter()
	var links []document.Cell
	for b := range doc.Body {
		if s, ok := b.(document.Section); ok && s.Anchor != "" {
			links = append(links, document.Cell{Text: s.Title, Link: s.Anchor})
		}
	}
	for b := range document.Concat(doc.Lead, doc.Body) {
		h.block(b, 2)
	}
	if len(doc.Run) > 0 {
		h.block(document.Section{Title: "Run", Body: document.Blocks(doc.Run)}, 2)
	}
	return h.page(w, head, links, "")
}

// page writes what was written so far as a page, with links into it. Its policy allows
// its own script alone, by its hash.
func (h *writer) page(w io.Writer, head Head, links []document.Cell, script string) error {
	policy := "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
	if script != "" {
		sum := sha256.Sum256([]byte(script))
		policy += "; script-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	b := bufio.NewWriter(w)
	err := top.Execute(b, struct {
		Head
		WindowTitle, Policy, Style string
		Wide, Narrow               *strings.Builder
		Links                      []document.Cell
	}{head, strings.TrimPrefix(head.Verdict.Text+": "+head.Title, ": "), policy, style, &h.wide, &h.narrow, links})
	if err != nil {
		return err
	}
	_, _ = h.body.WriteTo(b) // b keeps the error
	b.WriteString("</main>\n</body>\n</html>\n")
	return b.Flush()
}

// rules are the style rules that depend on the columns of a table: a narrow page
// shows each cell behind the title of its column; a wide one breaks long words only
// in the columns that grow.
func (h *writer) rules(t document.Table) {
	if h.ruled[t.Name] || t.Grid || t.Name == "summary" || t.Name == "counts" { // these stay tables on a narrow page
		return
	}
	h.ruled[t.Name] = true
	total := 0
	for _, c := range t.Columns {
		total += c.Grow
	}
	for i, c := range t.Columns {
		if c.Grow > 0 {
			fmt.Fprintf(&h.wide, ".%s td:nth-child(%d) { overflow-wrap: anywhere; min-width: %dch; width: %d%%; }\n", t.Name, i+1, c.Width, 80*c.Grow/total)
		}
		fmt.Fprintf(&h.narrow, ".%s td:nth-child(%d)::before { content: \"%s\"; }\n", t.Name, i+1, strings.Map(harmless, c.Title))
	}
}

// harmless drops what would end a text in a style sheet, or the sheet itself.
func harmless(r rune) rune {
	if r < ' ' || strings.ContainsRune(`"\<>`, r) {
		return -1
	}
	return r
}

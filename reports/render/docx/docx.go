package docx

import (
	"archive/zip"
	"bufio"
	"embed"
	"encoding/xml"
	"fmt"
	"hash/fnv"
	"io"
	"math"
	"strings"
	"text/template"
	"time"

	"github.com/socket-oneline/oneline/reports/layout"
	"github.com/socket-oneline/oneline/reports/render/document"
)

// Write writes doc for word processors: headings that make an outline, tables
// whose header row repeats on every page and whose rows don't split, links, and
// page x of y. Times inside the file are at, so that the same document gives
// the same bytes.
func Write(w io.Writer, doc document.Document, l layout.Layout, at time.Time) error {
	z := zip.NewWriter(w)
	page := pageOf(l)
	data := struct {
		document.Document
		Room    int
		Created string
	}{doc, page.room(), at.UTC().Format(time.RFC3339)}
	for _, p := range []struct{ name, template string }{ // in the order that readers expect
		{"[Content_Types].xml", "content_types.xml"},
		{"_rels/.rels", "package.rels"},
		{"word/_rels/document.xml.rels", "document.rels"},
		{"word/styles.xml", "styles.xml"},
		{"word/header1.xml", "header.xml"},
		{"word/footer1.xml", "footer.xml"},
		{"word/document.xml", ""},
		{"docProps/core.xml", "core.xml"},
	} {
		part, err := z.CreateHeader(&zip.FileHeader{Name: p.name, Method: zip.Deflate, Modified: at.UTC()})
		if err != nil {
			return err
		}
		if p.template == "" {
			err = writeDocument(part, doc, page)
		} else {
			err = parts.ExecuteTemplate(part, p.template, data)
		}
		if err != nil {
			return err
		}
	}
	return z.Close()
}

//go:embed parts
var files embed.FS

// parts are the parts of a DOCX file beside the document itself.
var parts = template.Must(template.New("").Funcs(template.FuncMap{"line": line}).ParseFS(files, "parts/*"))

// line is the XML of a text that stands on one line.
func line(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(document.Show(document.OneLine(text)))) // a Builder takes everything
	return b.String()
}

// paper is a page in twentieths of a point.
type paper struct {
	width, height, margin int
	portrait              bool
}

func pageOf(l layout.Layout) paper {
	const perMM = 1440 / 25.4
	width, height := l.Size()
	return paper{width: int(math.Round(width * perMM)), height: int(math.Round(height * perMM)), margin: 1134, portrait: l.Portrait}
}

// room is the width between the margins.
func (p paper) room() int { return p.width - 2*p.margin }

// writer writes the document. Its bufio.Writer keeps the first error.
type writer struct {
	*bufio.Writer
	page paper
	used map[string]bool // bookmarks so far
	live map[string]bool // anchors that links may lead to

	listed document.Contents
	title  string // of the document, or the last heading
}

func (d *writer) text(parts ...string) {
	for _, p := range parts {
		d.WriteString(p)
	}
}

func (d *writer) escaped(s string) { _ = xml.EscapeText(d, []byte(s)) } // the bufio.Writer keeps the error

// bookmark makes an anchor fit for a bookmark: a letter, then letters, digits
// and underscores, 40 at most.
func bookmark(anchor string) string {
	name := "a_" + strings.NewReplacer(".", "_", "-", "_", ":", "_").Replace(document.AnchorName(anchor))
	if len(name) <= 40 {
		return name
	}
	h := fnv.New32a() // what is cut off still tells it from others
	h.Write([]byte(anchor))
	return fmt.Sprintf("%s_%08x", name[:31], h.Sum32())
}

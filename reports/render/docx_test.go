package render

import (
	"bytes"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/socket-oneline/oneline/reports/layout"
	"github.com/socket-oneline/oneline/reports/render/content"
	"github.com/socket-oneline/oneline/reports/render/document"
	"github.com/socket-oneline/oneline/reports/render/docx"
)

func docxOf(t testing.TB, doc document.Document, layout layout.Layout) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := docx.Write(&b, doc, layout, time.Time{}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestDOCXLinks: every link, and every page number of the contents, asks for a
// bookmark that is there, once.
func TestDOCXLinks(t *testing.T) {
	for _, d := range layout.Documents {
		body := string(part(t, docxOf(t, content.Build(d, theSample(), content.Options{}), layout.Layout{}), "word/document.xml"))
		marks := map[string]int{}
		for _, m := range regexp.MustCompile(`<w:bookmarkStart w:id="\d+" w:name="([^"]*)"/>`).FindAllStringSubmatch(body, -1) {
			marks[m[1]]++
			if len(m[1]) > 40 || marks[m[1]] > 1 {
				t.Errorf("%s: the bookmark %s is too long, or there twice", d, m[1])
			}
		}
		links := regexp.MustCompile(`w:anchor="([^"]*)"|PAGEREF (\S+)`).FindAllStringSubmatch(body, -1)
		if len(links) < 4 {
			t.Errorf("%s has only %d links", d, len(links))
		}
		for _, l := range links {
			if marks[l[1]+l[2]] == 0 {
				t.Errorf("%s: nothing is called %s", d, l[1]+l[2])
			}
		}
	}
}

// TestDOCXTables: the header row is repeated, what is signed has room, and only
// a row that is higher than any other may be split.
func TestDOCXTables(t *testing.T) {
	table := document.Table{Name: "steps", Columns: []document.Column{{Title: "What", Width: 20, Grow: 1}, {Title: "Signature", Width: 20, Blank: true}}}
	plainTable := document.Table{Columns: table.Columns[:1]}
	table.Rows = [][]document.Cell{{document.Text("a"), {}}, {document.Text("b"), {}}}
	plainTable.Rows = [][]document.Cell{{document.Text("a")}, {document.Text(strings.Repeat("line\n", 60))}, {document.Text("c")}}
	for i, tt := range []struct {
		table          document.Table
		whole, signing int
	}{{table, 3, 2}, {plainTable, 3, 0}} {
		body := string(part(t, docxOf(t, document.Document{Title: "T", Body: document.Blocks(tt.table)}, layout.Layout{}), "word/document.xml"))
		if n := strings.Count(body, "<w:tblHeader/>"); n != 1 {
			t.Errorf("%d: %d header rows", i, n)
		}
		if !strings.Contains(body, `<w:tblCaption w:val="T"/>`) {
			t.Errorf("%d: the table has no caption", i)
		}
		if n := strings.Count(body, "<w:cantSplit/>"); n != tt.whole {
			t.Errorf("%d: %d rows are kept whole, not %d", i, n, tt.whole)
		}
		if n := strings.Count(body, "<w:trHeight"); n != tt.signing {
			t.Errorf("%d: %d rows have room to sign in, not %d", i, n, tt.signing)
		}
	}
}

// TestDOCXBytes: the time inside is the one that is given.
func TestDOCXBytes(t *testing.T) {
	doc := content.Build("report", theSample(), content.Options{})
	at := time.Date(2026, 11, 2, 13, 30, 0, 0, time.UTC)
	var a, b bytes.Buffer
	for _, w := range []*bytes.Buffer{&a, &b} {
		if err := docx.Write(w, doc, layout.Layout{}, at); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("the same document gave other bytes")
	}
	if core := string(part(t, a.Bytes(), "docProps/core.xml")); !strings.Contains(core, "2026-11-02T13:30:00Z") {
		t.Errorf("it was not made at the time that is given: %s", core)
	}
}

package render

import (
	"bytes"
	"encoding/csv"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// rowsOf reads a file as rows of texts: those of its tables, and the lines and
// headings that say something of an id behind a colon.
func rowsOf(t *testing.T, format string, data []byte) (rows [][]string) {
	t.Helper()
	heading := func(line string) {
		if id, what, found := strings.Cut(line, ": "); found {
			rows = append(rows, []string{id, what})
		}
	}
	switch format {
	case "txt", "terminal":
		gap := regexp.MustCompile(` {2,}`)
		for line := range strings.Lines(string(data)) {
			rows = append(rows, gap.Split(strings.TrimSpace(line), -1))
			heading(strings.TrimSpace(line))
		}
	case "md":
		signs := regexp.MustCompile(`<a [^>]*></a>|\*\*|\\|\]\([^)]*\)`)
		for line := range strings.Lines(string(data)) {
			line = strings.NewReplacer("[", "", "&amp;", "&").Replace(signs.ReplaceAllString(strings.Trim(line, "#| \n"), ""))
			cells := strings.Split(line, "|")
			for i := range cells {
				cells[i] = strings.TrimSpace(cells[i])
			}
			rows = append(rows, cells)
			heading(line)
		}
	case "docx":
		rows = append(docxRows(t, part(t, data, "word/document.xml"), heading), rows...)
	case "pdf":
		type line struct{ page, y int }
		index := map[line]int{}
		for _, f := range pdfFragments(t, data) {
			at := line{f.page, int(f.y)}
			i, known := index[at]
			for dy := -2; dy <= 2 && !known; dy++ { // faces have heights of their own
				i, known = index[line{at.page, at.y + dy}]
			}
			if !known {
				i = len(rows)
				index[at] = i
				rows = append(rows, nil)
			}
			rows[i] = append(rows[i], strings.TrimSpace(f.text))
		}
	case "html":
		rows = htmlRows(t, data)
	case "csv":
		all, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		rows = all
	}
	return rows
}

// docxRows are the rows of tables, and the paragraphs outside of them.
func docxRows(t *testing.T, data []byte, heading func(string)) (rows [][]string) {
	t.Helper()
	tag := regexp.MustCompile(`<[^>]*>`)
	plain := func(s string) string { return strings.TrimSpace(html.UnescapeString(tag.ReplaceAllString(s, ""))) }
	for i, piece := range strings.Split(string(data), "<w:tbl>") {
		table, rest, _ := strings.Cut(piece, "</w:tbl>")
		if i == 0 {
			table, rest = "", piece
		}
		for row := range strings.SplitSeq(table, "</w:tr>") {
			var cells []string
			for cell := range strings.SplitSeq(row, "</w:tc>") {
				cells = append(cells, plain(cell))
			}
			rows = append(rows, cells[:len(cells)-1])
		}
		for p := range strings.SplitSeq(rest, "</w:p>") {
			heading(plain(p))
		}
	}
	return rows
}

// htmlRows are the rows of tables, and the requirements that can be opened.
func htmlRows(t *testing.T, data []byte) (rows [][]string) {
	doc, err := html.Parse(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	for n := range doc.Descendants() {
		requirement := n.Data == "summary" && attribute(n.Parent, "class") == "req"
		if n.Data != "tr" && !requirement {
			continue
		}
		var row []string
		for c := range n.ChildNodes() {
			if c.Type == html.ElementNode {
				row = append(row, strings.TrimSpace(textOf(c)))
			}
		}
		if v := attribute(n.Parent, "data-verdict"); requirement && v != row[1] {
			t.Errorf("%s is filtered as %s, but shown as %s", row[0], v, row[1])
		}
		rows = append(rows, row)
	}
	return rows
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func textOf(n *html.Node) string {
	all := ""
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			all += d.Data
		}
	}
	return all
}

// TestResultsAgree: every rendering of the report says the same of each spec and
// of each protocol.
func TestResultsAgree(t *testing.T) {
	m := theSample()
	for _, f := range writersOf(Options{}) {
		if !strings.HasPrefix(f.Name, "report.") && f.Name != "index.html" {
			continue
		}
		data := written(t, f, m)
		said := string(data)
		switch f.Format {
		case "pdf":
			said = ""
			for _, f := range pdfFragments(t, data) {
				said += f.text + " "
			}
		case "docx":
			said = regexp.MustCompile(`<[^>]*>`).ReplaceAllString(string(part(t, data, "word/document.xml")), " ")
		case "html":
			said = regexp.MustCompile(`<[^>]*>`).ReplaceAllString(said[strings.Index(said, `<section class="document" id="report">`):], " ")
		}
		said = flat(said)
		for i := range m.Protocols {
			p := &m.Protocols[i]
			if want := flat(p.ID + " " + p.Desc + " " + string(p.Verdict)); !strings.Contains(said, want) {
				t.Errorf("%s does not say %q", f.Name, want)
			}
			for n := range p.Specs {
				if want := flat(p.Specs[n].ID); !strings.Contains(said, want) {
					t.Errorf("%s does not say %q", f.Name, want)
				}
			}
		}
	}
}

// flat is a text without what formats mark with signs.
func flat(s string) string {
	return strings.Join(strings.Fields(strings.NewReplacer("*", "", `\`, "", ":", " ").Replace(s)), " ")
}

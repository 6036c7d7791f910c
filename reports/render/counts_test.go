package render

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/render/content"
)

// countsOf reads from a rendering the rows of its summary: what, how many, and
// which share.
var countsOf = map[string]func(*testing.T, []byte) [][]string{
	"summary.txt":          countsOfLines,
	"summary.md":           countsOfMarkdown,
	"summary.docx":         countsOfDOCX,
	"summary.pdf":          countsOfPDF,
	"index.html":           countsOfPage,
	"terminal-verbose.txt": countsOfLines,
}

// TestCountsAgree: every rendering of the summary has the same counts, and they
// are those of its requirements.
func TestCountsAgree(t *testing.T) {
	m := sample()
	var want [][]string
	for _, r := range content.SummaryTable(m).Rows {
		want = append(want, []string{strings.TrimSpace(r[0].Text), r[1].Text, r[2].Text})
	}
	counted := map[reports.Verdict]int{}
	for _, r := range m.Requirements {
		counted[r.Verdict]++
	}
	for name, v := range map[string]reports.Verdict{"PASS": reports.Pass, "FAIL": reports.Fail, "Not tested": reports.NotTested, "Partial": reports.Partial, "Not observable": reports.NotObservable} {
		i := slices.IndexFunc(want, func(r []string) bool { return r[0] == name })
		if i < 0 || want[i][1] != fmt.Sprint(counted[v]) {
			t.Errorf("the summary does not say that %d requirements are %s", counted[v], v)
		}
	}
	for _, f := range writers() {
		read := countsOf[f.Name]
		if read == nil {
			continue
		}
		if d := cmp.Diff(want, read(t, written(t, f, m))); d != "" {
			t.Errorf("%s counts otherwise (-model +file):\n%s", f.Name, d)
		}
	}
	model, err := ReadCoverage("coverage.json", bytes.NewReader(written(t, Files(Options{})[0], m)))
	if err != nil || cmp.Diff(m.Summary, model.Summary) != "" {
		t.Errorf("coverage.json counts otherwise: %v", err)
	}
}

var countLine = regexp.MustCompile(`^ *(\S.*?)  +(\d[\d,]*(?: of \d[\d,]*)?) +(-|[\d.]+ %)$`)

func countsOfLines(_ *testing.T, data []byte) [][]string {
	var rows [][]string
	for line := range strings.Lines(string(data)) {
		if m := countLine.FindStringSubmatch(strings.TrimRight(line, "\n")); m != nil {
			rows = append(rows, m[1:])
		}
	}
	return rows
}

func countsOfMarkdown(_ *testing.T, data []byte) [][]string {
	plain := strings.NewReplacer("**", "", `\`, "", "&amp;", "&").Replace(string(data))
	_, table, _ := strings.Cut(plain, "| What | Count | Share |\n")
	var rows [][]string
	for line := range strings.Lines(table) {
		if !strings.HasPrefix(line, "|") {
			break
		}
		cells := strings.Split(strings.Trim(line, "| \n"), "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		rows = append(rows, cells)
	}
	return rows[1:] // without the rule
}

func countsOfDOCX(t *testing.T, data []byte) [][]string {
	var doc struct {
		Tables []struct {
			Rows []struct {
				Cells []struct {
					Text []string `xml:"p>r>t"`
				} `xml:"tc"`
			} `xml:"tr"`
		} `xml:"body>tbl"`
	}
	if err := xml.Unmarshal(part(t, data, "word/document.xml"), &doc); err != nil {
		t.Fatal(err)
	}
	var rows [][]string
	for _, table := range doc.Tables {
		for _, r := range table.Rows {
			var cells []string
			for _, c := range r.Cells {
				cells = append(cells, strings.TrimSpace(strings.Join(c.Text, "\n")))
			}
			rows = append(rows, cells)
		}
		if len(rows) > 0 && rows[0][0] == "What" {
			return rows[1:]
		}
		rows = nil
	}
	return nil
}

func countsOfPDF(t *testing.T, data []byte) [][]string {
	var rows [][]string
	last := fragment{}
	within := false
	for _, f := range pdfFragments(t, data) {
		switch {
		case f.text == "What":
			within = true
		case f.text == "Count", f.text == "Share", !within, f.y > 550, f.y < 40: // titles, head and foot of the page
		case f.page == last.page && f.y == last.y:
			rows[len(rows)-1] = append(rows[len(rows)-1], f.text)
		default:
			rows = append(rows, []string{strings.TrimSpace(f.text)})
		}
		last = f
	}
	return slices.DeleteFunc(rows, func(r []string) bool { return len(r) != 3 || !countLine.MatchString(strings.Join(r, "  ")) })
}

func countsOfPage(t *testing.T, data []byte) [][]string {
	doc, err := html.Parse(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	var rows [][]string
	for table := range doc.Descendants() {
		if table.Data != "table" || attribute(table, "class") != "summary" {
			continue
		}
		for row := range table.Descendants() {
			var cells []string
			for c := range row.ChildNodes() {
				if row.Data == "tr" && c.Data == "td" {
					cells = append(cells, strings.TrimSpace(textOf(c)))
				}
			}
			if cells != nil {
				rows = append(rows, cells)
			}
		}
	}
	return rows
}

// TestResultsAgree: every rendering of the report says the same of each spec and
// of each protocol.
func TestResultsAgree(t *testing.T) {
	m := sample()
	for _, f := range Files(Options{}) {
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

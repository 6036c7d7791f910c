package render

import (
	"bytes"
	"encoding/csv"
	"encoding/xml"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/render/document"
)

// known are the verdicts, longest first, so that NOT TESTED is not looked for
// in vain in NOT OBSERVABLE.
var known = []reports.Verdict{reports.NotObservable, reports.NotTested, reports.Partial, reports.Invalid, reports.Pass, reports.Fail}

// verdictsOf reads from a rendering what it says of each requirement: the
// first row that begins with its id.
var verdictsOf = map[string]func(*testing.T, []byte) map[string]reports.Verdict{
	"summary.txt":         fromLines,
	"summary.md":          fromLines,
	"trace.txt":           fromLines,
	"trace.md":            fromLines,
	"terminal-80.txt":     fromLines,
	"terminal-piped.txt":  fromLines,
	"index.html":          fromPage,
	"trace.csv":           fromCSV,
	"coverage.json":       fromJSON,
	"summary.docx":        fromDOCX,
	"trace.docx":          fromDOCX,
	"summary.pdf":         fromPDF,
	"trace.pdf":           fromPDF,
	"report.pdf":          nil, // no table of all requirements
	"protocol.pdf":        nil, // no results
	"report.docx":         nil, // no table of all requirements
	"protocol.docx":       nil, // no results
	"junit.xml":           nil, // its cases have results, not verdicts: see TestJUnitCounts
	"report.txt":          nil, // no table of all requirements
	"report.md":           nil,
	"protocol.txt":        nil, // no results
	"protocol.md":         nil,
	"terminal-colour.txt": nil, // see TestColour
	"annotations.txt":     nil, // what passed is not in it: see TestAnnotations
	"badge.svg":           nil, // counts alone: see TestBadge
}

// TestRenderingsAgree: what one says of a requirement, all say.
func TestRenderingsAgree(t *testing.T) {
	m := sample()
	want := map[string]reports.Verdict{}
	for _, r := range m.Requirements {
		want[r.ID] = r.Verdict
	}
	for _, f := range writers() {
		read, listed := verdictsOf[f.Name]
		if !listed {
			t.Errorf("%s: say how its verdicts are read, or why it has none", f.Name)
		}
		if read == nil {
			continue
		}
		if d := cmp.Diff(want, read(t, written(t, f, m))); d != "" {
			t.Errorf("%s says otherwise (-model +file):\n%s", f.Name, d)
		}
	}
}

// fromLines reads tables of text and Markdown: a row's own line, or the next
// for a verdict that wraps.
func fromLines(t *testing.T, data []byte) map[string]reports.Verdict {
	got := map[string]reports.Verdict{}
	lines := strings.Split(string(data), "\n")
	for i, l := range lines {
		l = strings.TrimLeft(l, "| ")
		if _, after, ok := strings.Cut(l, "</a>"); ok {
			l = after
		}
		id, rest, _ := strings.Cut(l, " ")
		if !strings.HasPrefix(id, "SRS-") || strings.HasSuffix(id, ":") || got[id] != "" {
			continue
		}
		if strings.Contains(rest, " NOT ") && i+1 < len(lines) && strings.HasPrefix(strings.TrimSpace(lines[i+1]), "OBSERVABLE") {
			rest = string(reports.NotObservable)
		}
		for _, v := range known {
			if strings.Contains(rest, string(v)) {
				got[id] = v
				break
			}
		}
	}
	return got
}

func fromPage(t *testing.T, data []byte) map[string]reports.Verdict {
	doc, err := html.Parse(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]reports.Verdict{}
	for n := range doc.Descendants() {
		if n.Data != "summary" || attribute(n.Parent, "class") != "req" {
			continue
		}
		var texts []string
		for span := range n.ChildNodes() {
			if span.Data == "span" {
				texts = append(texts, textOf(span))
			}
		}
		got[texts[0]] = reports.Verdict(texts[1])
		if v := attribute(n.Parent, "data-verdict"); v != texts[1] {
			t.Errorf("%s is filtered as %s, but shown as %s", texts[0], v, texts[1])
		}
	}
	return got
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

func fromDOCX(t *testing.T, data []byte) map[string]reports.Verdict {
	var doc struct {
		Rows []struct {
			Cells []struct {
				Text []string `xml:"p>r>t"`
			} `xml:"tc"`
		} `xml:"body>tbl>tr"`
	}
	if err := xml.Unmarshal(part(t, data, "word/document.xml"), &doc); err != nil {
		t.Fatal(err)
	}
	got := map[string]reports.Verdict{}
	for _, r := range doc.Rows {
		if len(r.Cells) < 4 || len(r.Cells[0].Text) == 0 || len(r.Cells[2].Text) == 0 {
			continue
		}
		if id := r.Cells[0].Text[0]; strings.HasPrefix(id, "SRS-") && got[id] == "" {
			got[id] = reports.Verdict(r.Cells[2].Text[0])
		}
	}
	return got
}

// fromPDF reads rows: what stands on one line of a page.
func fromPDF(t *testing.T, data []byte) map[string]reports.Verdict {
	all := pdfFragments(t, data)
	got := map[string]reports.Verdict{}
	for i, f := range all {
		if !strings.HasPrefix(f.text, "SRS-") || strings.ContainsAny(f.text, ", ") || got[f.text] != "" {
			continue
		}
		for _, c := range all[i:] {
			if c.page == f.page && c.y == f.y && slices.Contains(known, reports.Verdict(c.text)) {
				got[f.text] = reports.Verdict(c.text)
				break
			}
		}
	}
	return got
}

func fromCSV(t *testing.T, data []byte) map[string]reports.Verdict {
	rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]reports.Verdict{}
	for _, r := range rows[1:] {
		got[r[0]] = reports.Verdict(r[5])
	}
	return got
}

func fromJSON(t *testing.T, data []byte) map[string]reports.Verdict {
	m, err := ReadCoverage("coverage.json", bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]reports.Verdict{}
	for _, r := range m.Requirements {
		got[r.ID] = r.Verdict
	}
	return got
}

// TestJUnitCounts: every result of a spec for a requirement is one case, in
// the right box.
func TestJUnitCounts(t *testing.T) {
	m := sample()
	want := map[string]int{"tests": 0}
	for _, r := range m.Requirements {
		if len(r.Specs) == 0 {
			want["tests"]++
			want["errors"]++
		}
		for _, s := range r.Specs {
			want["tests"]++
			switch s.Result {
			case reports.ResultFail:
				want["failures"]++
			case reports.ResultNotObservable:
				want["skipped"]++
			case reports.ResultPass:
			default:
				want["errors"]++
			}
		}
	}
	var x junitSuites
	if err := xml.Unmarshal(written(t, File{"junit.xml", "junit", JUnit}, m), &x); err != nil {
		t.Fatal(err)
	}
	got := map[string]int{"tests": x.Tests, "errors": x.Errors, "failures": x.Failures, "skipped": x.Skipped}
	if !maps.Equal(got, want) {
		t.Errorf("junit.xml counts %v, the model has %v", got, want)
	}
	for _, s := range x.Suites {
		for _, c := range s.Cases {
			if len(c.Properties) < 2 || c.Properties[0].Name != "requirement" {
				t.Errorf("case %s does not bear its requirement", c.Name)
			}
			if c.Failure != nil && c.Failure.Text == "" {
				t.Errorf("case %s does not say what failed", c.Name)
			}
		}
	}
}

// TestSummaryAddsUp: the parts are the whole, also as they are shown.
func TestSummaryAddsUp(t *testing.T) {
	for _, parts := range [][]int{{1, 1, 1}, {1, 2, 4}, {0, 0, 7}, {9999, 1, 0}, {1, 1, 1, 1, 1, 1, 1}} {
		tenths := 0
		for _, p := range document.Percentages(parts...) {
			var whole, part int
			if _, err := fmt.Sscanf(p, "%d.%d %%", &whole, &part); err != nil {
				t.Fatal(err)
			}
			tenths += whole*10 + part
		}
		if tenths != 1000 {
			t.Errorf("%v: %v add up to %d tenths", parts, document.Percentages(parts...), tenths)
		}
	}
}

package render

import (
	"bytes"
	"encoding/csv"
	"encoding/xml"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
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

// verdictsOf reads from a rendering what it says of each requirement. What does
// not list those that passed, says so by leaving them out.
var verdictsOf = map[string]func(*testing.T, []byte) map[string]reports.Verdict{
	"summary.txt":          fromLines,
	"summary.md":           fromLines,
	"trace.txt":            fromLines,
	"trace.md":             fromLines,
	"terminal-verbose.txt": fromLines,
	"terminal-80.txt":      fromTerminal,
	"terminal-piped.txt":   fromTerminal,
	"terminal-color.txt":   fromTerminal,
	"report.txt":           fromReport,
	"report.md":            fromReport,
	"index.html":           fromPage,
	"trace.csv":            fromCSV,
	"coverage.json":        fromJSON,
	"summary.docx":         fromDOCX,
	"trace.docx":           fromDOCX,
	"summary.pdf":          fromPDF,
	"trace.pdf":            fromPDF,
	"report.docx":          fromDOCXReport,
	"report.pdf":           fromPDFReport,
	"annotations.txt":      fromAnnotations,
	"junit.xml":            nil, // its cases have results, not verdicts: see TestJUnitCounts
	"evidence.txt":         nil, // no verdicts of requirements
	"protocol.txt":         nil, // no results
	"protocol.md":          nil,
	"protocol.docx":        nil,
	"protocol.pdf":         nil,
	"badge.svg":            nil, // counts alone: see TestBadge
}

// TestRenderingsAgree: what one says of a requirement, all say.
func TestRenderingsAgree(t *testing.T) {
	t.Parallel()
	for name, m := range map[string]*reports.Model{"sample": sample(), "tiny": tiny(), "twins": twins()} {
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
			got := read(t, written(t, f, m))
			for id, v := range want {
				if leavesOut[f.Name] == nil || !slices.Contains(leavesOut[f.Name], v) {
					continue
				}
				if got[id] != "" {
					t.Errorf("%s, %s: %s is %s, and listed as %s", name, f.Name, id, v, got[id])
				}
				got[id] = v
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("%s: %s says otherwise (-model +file):\n%s", name, f.Name, d)
			}
		}
	}
}

// leavesOut are the verdicts that a rendering shows by not listing them.
var leavesOut = map[string][]reports.Verdict{
	"terminal-80.txt": {reports.NotObservable}, "terminal-piped.txt": {reports.NotObservable}, "terminal-color.txt": {reports.NotObservable},
	"report.txt": {reports.Pass}, "report.md": {reports.Pass}, "report.docx": {reports.Pass}, "report.pdf": {reports.Pass},
	"annotations.txt": {reports.Pass, reports.NotObservable, reports.Invalid},
}

// fromTerminal reads lines that begin with a verdict and name requirements, one or
// several, which may go on in the next lines.
func fromTerminal(_ *testing.T, data []byte) map[string]reports.Verdict {
	got := map[string]reports.Verdict{}
	bare := regexp.MustCompile("\x1b\\[[0-9;]*m").ReplaceAllString(string(data), "")
	for _, v := range known {
		for _, m := range regexp.MustCompile(`(?m)^`+string(v)+`  (SRS-[^\n]*(?:\n {6,}\d[\d, to]*$)*)`).FindAllStringSubmatch(bare, -1) {
			last := ""
			words := strings.FieldsFunc(m[1], func(r rune) bool { return r == ',' || r == ' ' || r == '\n' })
			for i, id := range words {
				if id == "to" {
					continue
				}
				id = "SRS-" + strings.TrimPrefix(id, "SRS-")
				if i > 0 && words[i-1] == "to" {
					for n := numberOf(last) + 1; n < numberOf(id); n++ {
						got[fmt.Sprintf("SRS-%03d", n)] = v
					}
				}
				got[id], last = v, id
			}
		}
	}
	return got
}

func numberOf(id string) int {
	n, _ := strconv.Atoi(strings.TrimPrefix(id, "SRS-"))
	return n
}

// fromReport reads the sections of what failed, and the tables of what was not
// verified.
func fromReport(t *testing.T, data []byte) map[string]reports.Verdict {
	_, body, _ := strings.Cut(string(data), "What failed\n")
	body = regexp.MustCompile(`(?s)\nJustifications\n.*|\n#* ?Justifications\n.*`).ReplaceAllString(body, "")
	got := fromLines(t, []byte(body))
	for _, m := range regexp.MustCompile(`(?m)^(?:#+ )?(SRS-\d+): \**([A-Z ]+?)\**$`).FindAllStringSubmatch(body, -1) {
		got[m[1]] = reports.Verdict(m[2])
	}
	return got
}

// fromDOCXReport reads headings, and rows whose second cell is a verdict.
func fromDOCXReport(t *testing.T, data []byte) map[string]reports.Verdict {
	got := map[string]reports.Verdict{}
	plain := func(xml string) string { return regexp.MustCompile(`<[^>]*>`).ReplaceAllString(xml, "") }
	doc := string(part(t, data, "word/document.xml"))
	for _, p := range strings.Split(doc, "</w:p>") {
		if id, v, found := strings.Cut(plain(p[strings.LastIndex(p, "<w:p>")+1:]), ": "); found && strings.Contains(p, "Heading2") && slices.Contains(known, reports.Verdict(v)) && strings.HasPrefix(id, "w:p>SRS-") {
			got[strings.TrimPrefix(id, "w:p>")] = reports.Verdict(v)
		}
	}
	for _, row := range strings.Split(doc, "</w:tr>") {
		cells := strings.Split(row[strings.LastIndex(row, "<w:tr>")+1:], "</w:tc>")
		if len(cells) < 2 {
			continue
		}
		id, v := strings.TrimPrefix(plain(cells[0]), "w:tr>"), reports.Verdict(plain(cells[1]))
		if strings.HasPrefix(id, "SRS-") && slices.Contains(known, v) && got[id] == "" {
			got[id] = v
		}
	}
	return got
}

// fromPDFReport reads, of the chapters about what did not pass, the verdicts that
// stand beside an id.
func fromPDFReport(t *testing.T, data []byte) map[string]reports.Verdict {
	got := map[string]reports.Verdict{}
	all := pdfFragments(t, data)
	start := 0
	for i, f := range all {
		if f.text == "What failed" {
			start = i
		}
	}
	for i := start; i < len(all); i++ {
		f := all[i]
		if f.text == "Justifications" || f.text == "Conditions of the run" {
			break
		}
		if !strings.HasPrefix(f.text, "SRS-") || strings.ContainsAny(f.text, ", ") || got[f.text] != "" {
			continue
		}
		for _, c := range all[i+1 : min(i+4, len(all))] {
			if slices.Contains(known, reports.Verdict(c.text)) && c.page == f.page && max(c.y-f.y, f.y-c.y) < 12 {
				got[f.text] = reports.Verdict(c.text)
				break
			}
		}
	}
	return got
}

func fromAnnotations(_ *testing.T, data []byte) map[string]reports.Verdict {
	got := map[string]reports.Verdict{}
	for _, m := range regexp.MustCompile(`title=((?:SRS-\d+(?:%2C )?)+) ([A-Z ]+)(?:%3A|::)`).FindAllStringSubmatch(string(data), -1) {
		for _, id := range strings.Split(m[1], "%2C ") {
			got[id] = reports.Verdict(m[2])
		}
	}
	return got
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

// TestJUnitCounts: every result of a spec for a requirement is one case, in the
// right box; so is each problem and a run that is not complete. The times add up
// to that of the run.
func TestJUnitCounts(t *testing.T) {
	m := sample()
	m.Problems, m.Run.Complete = []reports.Problem{{Text: "a leak"}, {Place: "a.go:1", Text: "another"}}, false
	want := map[string]int{"tests": 3, "errors": 3}
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
			case reports.ResultNotObservable, reports.ResultSkipped:
				want["skipped"]++
			case reports.ResultPass:
			default:
				want["errors"]++
			}
		}
	}
	x := readJUnit(t, m)
	got, times := map[string]int{}, 0.0
	for _, s := range x.Suites {
		got["tests"] += s.Tests
		got["errors"] += s.Errors
		got["failures"] += s.Failures
		got["skipped"] += s.Skipped
		cases := 0.0
		for _, c := range s.Cases {
			cases += seconds(t, c.Time)
			if c.Failure != nil && (!strings.Contains(c.Failure.Text, "at: ") || c.Failure.Message == "") {
				t.Errorf("case %s does not say what failed", c.Name)
			}
		}
		if d := cases - seconds(t, s.Time); d > 0.0015 || d < -0.0015 {
			t.Errorf("suite %s took %s, its cases %.3f", s.Name, s.Time, cases)
		}
		times += cases
	}
	if !maps.Equal(got, want) {
		t.Errorf("junit.xml counts %v, the model has %v", got, want)
	}
	if took := m.Run.Ended.Sub(m.Run.Started).Seconds(); times < took-0.01 || times > took+0.01 {
		t.Errorf("the cases took %.3f s, the run %.3f", times, took)
	}
	for _, c := range x.Suites[2].Cases {
		if c.Failure != nil && strings.HasPrefix(c.Name, "SRS-004 TP-002.1 ") && c.Failure.Message != `wait for the answer: expected packet "pong", got nothing within 3s` {
			t.Errorf("the message of a failure is %q", c.Failure.Message)
		}
	}
}

func readJUnit(t *testing.T, m *reports.Model) junitSuites {
	t.Helper()
	var x junitSuites
	if err := xml.Unmarshal(written(t, File{"junit.xml", "junit", JUnit}, m), &x); err != nil {
		t.Fatal(err)
	}
	return x
}

func seconds(t *testing.T, s string) float64 {
	t.Helper()
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// TestJUnitIsGreen only where the exit code is 0.
func TestJUnitIsGreen(t *testing.T) {
	m := &reports.Model{Run: reports.Run{Complete: true}}
	for code := range 5 {
		m.ExitCode = code
		red := 0
		for _, s := range readJUnit(t, m).Suites {
			red += s.Errors + s.Failures
		}
		if (red == 0) != (code == 0) {
			t.Errorf("%d errors with the exit code %d", red, code)
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

package render

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/render/text"
)

// compared puts the sample beside itself with another name and one verdict
// changed, and beside one whose texts mean harm.
func compared() *reports.Comparison {
	c := &reports.Comparison{
		Schema: reports.ComparisonForm, ExitCode: 1,
		Conclusion: []string{"3 targets compared, each with verdicts of its own: 1 requirement has different ones: SRS-004.", "exit code 1, the worst of theirs"},
	}
	for i, title := range []string{"127.0.0.1:5001", "python3 server.py {addr}", `<b onclick="x">` + "\x1b[31m| =1+1"} {
		m := sample()
		m.Run.Target.Name = title
		c.Targets = append(c.Targets, reports.ComparedTarget{
			Title: title, Folder: fmt.Sprint(reports.TargetFolder, i+1), ExitCode: m.ExitCode, Conclusion: m.Conclusion, Run: m.Run, Summary: m.Summary, Model: m,
		})
	}
	for _, r := range sample().Requirements {
		row := reports.ComparedRequirement{
			ID: r.ID, Desc: r.Desc, Verdicts: []reports.Verdict{r.Verdict, r.Verdict, r.Verdict}, Reasons: []string{r.Reason, r.Reason, r.Reason},
		}
		if r.ID == "SRS-004" {
			row.Verdicts[1], row.Differs = reports.Pass, true
		}
		if r.Verdict == reports.Invalid {
			row.Verdicts[2] = ""
		}
		c.Requirements = append(c.Requirements, row)
	}
	return c
}

// comparisonWriters are all forms of a comparison.
func comparisonWriters() []ComparisonFile {
	return append(ComparisonFiles(), ComparisonFile{"comparison-80.txt", "terminal", func(w io.Writer, c *reports.Comparison) error {
		return text.TerminalComparison(w, c, text.TerminalOptions{Width: 80})
	}})
}

func TestComparisonGolden(t *testing.T) {
	for _, f := range comparisonWriters() {
		if f.Format == "md" {
			var got bytes.Buffer
			if err := f.Write(&got, compared()); err != nil {
				t.Fatal(f.Name, err)
			}
			golden(t, f.Name, got.Bytes())
		}
	}
}

// What one form says of a requirement and a target, all say.
func TestComparisonsAgree(t *testing.T) {
	c := compared()
	want := map[string][]reports.Verdict{}
	for _, r := range c.Requirements {
		want[r.ID] = r.Verdicts
	}
	read := map[string]func([]byte) map[string][]reports.Verdict{
		"txt": verdictRows, "md": verdictRows, "terminal": verdictRows,
		"json": func(data []byte) map[string][]reports.Verdict {
			var c reports.Comparison
			if err := json.Unmarshal(data, &c); err != nil {
				t.Fatal(err)
			}
			got := map[string][]reports.Verdict{}
			for _, r := range c.Requirements {
				got[r.ID] = r.Verdicts
			}
			return got
		},
		"html": func(data []byte) map[string][]reports.Verdict { return pageRows(t, data) },
		"csv":  func(data []byte) map[string][]reports.Verdict { return csvRows(t, data) },
	}
	for _, f := range comparisonWriters() {
		var b bytes.Buffer
		if err := f.Write(&b, c); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, read[f.Format](b.Bytes())); d != "" {
			t.Errorf("%s says otherwise (-model +file):\n%s", f.Name, d)
		}
		if f.Format != "json" && bytes.ContainsAny(b.Bytes(), "\x1b") {
			t.Errorf("%s lets an escape sequence through", f.Name)
		}
	}
}

var anyVerdict = regexp.MustCompile(`NOT OBSERVABLE|NOT TESTED|PARTIAL|INVALID|PASS|FAIL|unknown`)

func verdictRows(data []byte) map[string][]reports.Verdict {
	got := map[string][]reports.Verdict{}
	for line := range strings.Lines(string(data)) {
		line = strings.ReplaceAll(strings.TrimSpace(regexp.MustCompile(`<a [^>]*></a>|[|*]`).ReplaceAllString(line, "")), "  ", " ")
		id, rest, _ := strings.Cut(line, " ")
		if !strings.HasPrefix(id, "SRS-") || got[id] != nil {
			continue
		}
		for _, v := range anyVerdict.FindAllString(rest, 3) {
			got[id] = append(got[id], reports.Verdict(strings.TrimPrefix(v, "unknown")))
		}
	}
	return got
}

func csvRows(t *testing.T, data []byte) map[string][]reports.Verdict {
	rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	got := map[string][]reports.Verdict{}
	for _, r := range rows[1:] {
		got[r[0]] = append(got[r[0]], reports.Verdict(r[8]))
	}
	return got
}

func pageRows(t *testing.T, data []byte) map[string][]reports.Verdict {
	doc, err := html.Parse(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	got := map[string][]reports.Verdict{}
	for n := range doc.Descendants() {
		if n.Data != "tr" || !strings.HasPrefix(textOf(n), "SRS-") {
			continue
		}
		var cells []string
		for cell := range n.ChildNodes() {
			text := ""
			for d := range cell.Descendants() {
				if d.Type == html.TextNode {
					text += d.Data
				}
			}
			cells = append(cells, text)
		}
		if got[cells[0]] != nil {
			continue // those that differ stand first, too
		}
		for _, v := range cells[1:4] {
			got[cells[0]] = append(got[cells[0]], reports.Verdict(strings.TrimPrefix(v, "unknown")))
		}
	}
	return got
}

// The set of a comparison holds the reports of each target in a folder of its own.
func TestComparisonSet(t *testing.T) {
	set, err := ComparisonSet(compared(), []string{"json", "html"}, func(*reports.Model) Options { return Options{} })
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, d := range set {
		got = append(got, d.Name)
	}
	want := []string{
		"target-1/coverage.json", "target-1/index.html", "target-2/coverage.json", "target-2/index.html",
		"target-3/coverage.json", "target-3/index.html", "comparison.json", "index.html",
		"target-1/evidence.txt", "target-2/evidence.txt", "target-3/evidence.txt",
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

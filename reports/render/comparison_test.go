package render

import (
	"bytes"
	stdcmp "cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/render/text"
)

// compared puts the sample beside itself with another name and one verdict
// changed, and beside one whose texts mean harm.
func compared() *reports.Comparison {
	c := &reports.Comparison{
		Schema: reports.ComparisonForm, ExitCode: 1,
		Conclusion: []string{"3 targets compared, each with its own verdicts: 1 requirement has different ones: SRS-004.", "exit code 1, the worst of theirs"},
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
func comparisonWriters(c *reports.Comparison) []file {
	return append(comparisonFiles(c), file{"comparison-80.txt", "terminal", func(w io.Writer) error {
		return text.TerminalComparison(w, c, text.TerminalOptions{Width: 80})
	}})
}

func TestComparisonGolden(t *testing.T) {
	for _, f := range comparisonWriters(compared()) {
		if f.format == "md" {
			var got bytes.Buffer
			if err := f.write(&got); err != nil {
				t.Fatal(f.name, err)
			}
			golden(t, f.name, got.Bytes())
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
	for _, f := range comparisonWriters(c) {
		var b bytes.Buffer
		if err := f.write(&b); err != nil {
			t.Fatal(err)
		}
		got := map[string][]reports.Verdict{}
		for _, r := range comparedRows(t, f.format, b.Bytes()) {
			for _, cell := range r[1:] {
				if v := reports.Verdict(strings.TrimPrefix(cell, "unknown")); len(got[r[0]]) < len(c.Targets) && (cell == "unknown" || slices.Contains(known, v)) {
					got[r[0]] = append(got[r[0]], v) // those that differ stand first, too
				}
			}
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s says otherwise (-model +file):\n%s", f.name, d)
		}
		if f.format != "json" && bytes.ContainsAny(b.Bytes(), "\x1b") {
			t.Errorf("%s lets an escape sequence through", f.name)
		}
	}
}

// comparedRows are the rows about requirements, with "unknown" for a verdict that
// is not there.
func comparedRows(t *testing.T, format string, data []byte) (rows [][]string) {
	if format == "json" {
		var c reports.Comparison
		if err := json.Unmarshal(data, &c); err != nil {
			t.Fatal(err)
		}
		for _, r := range c.Requirements {
			row := []string{r.ID}
			for _, v := range r.Verdicts {
				row = append(row, stdcmp.Or(string(v), "unknown"))
			}
			rows = append(rows, row)
		}
		return rows
	}
	for _, r := range rowsOf(t, format, data) {
		if format == "csv" { // a row for each target
			r = []string{r[0], stdcmp.Or(r[8], "unknown")}
		}
		if strings.HasPrefix(r[0], "SRS-") {
			rows = append(rows, r)
		}
	}
	return rows
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

package render

import (
	"bytes"
	"strings"
	"testing"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/justification"
	"github.com/socket-oneline/oneline/reports/results"
	"github.com/socket-oneline/oneline/reports/structure"
)

const watched = `package server

func serve(n int) bool {
	if n < 0 {
		return false // <script>
	}
	if n > 9 {
		// unreached: | nobody *sends* so many
		return false
	}
	return true
}

func never() {
	panic("` + "\u202e" + `")
}
`

// watch gives a model two files of code, one of them without its text: some of
// it is reached, some only by what failed, some is accepted and some by nobody.
func watch(m *reports.Model) {
	code := &evidence.Structure{Files: []evidence.SourceFile{
		{Name: "gone.go", Package: "example.org/oneline", Functions: []evidence.Function{
			{Name: "oneline.Gone", Blocks: []evidence.Block{{3, 13, 4, 9, 2}, {4, 9, 6, 2, 1}}},
		}},
		{Name: "server/serve.go", Package: "example.org/oneline/server", Text: watched, SHA256: strings.Repeat("ef56", 16), Functions: []evidence.Function{
			{Name: "server.serve", Blocks: []evidence.Block{
				{3, 24, 4, 11, 1}, {7, 2, 7, 11, 1}, {11, 2, 11, 13, 1}, {4, 11, 6, 3, 1}, {7, 11, 10, 3, 1},
			}},
			{Name: "server.never", Blocks: []evidence.Block{{14, 14, 16, 2, 1}}},
		}},
	}}
	var requirements []structure.Requirement
	for i := range m.Requirements {
		requirements = append(requirements, structure.Requirement{ID: m.Requirements[i].ID, Passed: m.Requirements[i].Verdict == reports.Pass})
	}
	coverage, executed := structure.Compute(code, requirements, []*results.Spec{
		{Location: "ver/one.go:12", Requirements: []string{"SRS-003"}, Attempted: []evidence.Spec{{Executed: "0,2-4", Unsettled: []string{"server.serve"}}}},
		{Location: "ver/commands.go:21", Requirements: []string{"SRS-004", "SRS-005"}, Attempted: []evidence.Spec{{Executed: "1-3,5"}}},
	}, map[string]justification.Unreached{"server.serve": {Statements: 1, Justification: justification.Justification{Text: "| nobody *sends* so many", Author: "J. Roe", Date: "2026-11-25"}}})
	m.Structure = coverage
	for i := range m.Requirements {
		m.Requirements[i].Executes = executed[m.Requirements[i].ID]
	}
}

// Every line of the source stands in the page, and what nobody reaches stands out
// in a row of its own.
func TestSourceView(t *testing.T) {
	page := string(written(t, thePage(), theSample()))
	for _, want := range []string{
		`<b id="server_serve.go:3">3</b>func serve(n int) bool {`,
		`<tr class="unreached"><td><strong>not reached</strong> </td><td><pre><b id="server_serve.go:15">15</b>`,
		`<tr class="unreached"><td><strong>not reached</strong> <a href="#SRS-004">SRS-004</a> <span class="bad">FAIL</span> `,
		`<tr class="accepted"><td>accepted: | nobody *sends* so many (J. Roe, 2026-11-25)</td>`,
		`return false // &lt;script&gt;`,
		`panic(&#34;\u202e&#34;)`,
		`<a href="#server_serve.go:3">server.serve</a>`,
		`<a href="#gone.go">oneline.Gone</a>`,
		`The text of this file is not in the results`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not hold %q", want)
		}
	}
}

// Where nothing was collected, every document that would tell says why, and
// nothing else changes.
func TestNothingCollected(t *testing.T) {
	m := sample()
	for i := range m.Requirements {
		m.Requirements[i].Executes = nil
	}
	m.Structure = structure.Coverage{Reason: "this program was not built with -cover"}
	for _, f := range writers() {
		if !strings.HasSuffix(f.Name, ".md") && !strings.HasSuffix(f.Name, ".txt") {
			continue
		}
		text := written(t, f, m)
		said := bytes.Contains(text, []byte("not built with"))
		if told := strings.HasPrefix(f.Name, "trace.") || strings.HasPrefix(f.Name, "summary."); said != told {
			t.Errorf("%s says why nothing was collected: %t, want %t", f.Name, said, told)
		}
	}
	if page := string(written(t, thePage(), m)); strings.Contains(page, `id="source"`) || strings.Contains(page, `href="#source"`) {
		t.Error("the page has a source view of nothing")
	}
}

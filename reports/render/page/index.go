package page

import (
	"bufio"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/layout"
	"github.com/socket-oneline/oneline/reports/render/content"
	"github.com/socket-oneline/oneline/reports/render/document"
)

//go:embed index.tmpl
var indexText string

//go:embed index.css
var indexStyle string

// indexScript makes the page searchable. Without it everything can be read.
//
//go:embed index.js
var indexScript string

var indexHead = template.Must(template.New("index").Parse(indexText))

// verdictShare is a part of the bar of verdicts.
type verdictShare struct {
	Name    string
	Class   string
	Count   int
	Shown   string
	Percent string
}

// Index writes the four documents as one page that needs no network. Its
// requirements can be searched and opened. The one script that it allows is its
// own, by its hash.
func Index(w io.Writer, m *reports.Model, l layout.Layout) error {
	b := bufio.NewWriter(w)
	if err := indexHead.Execute(b, indexData(m, l)); err != nil {
		return err
	}
	h := &htmlWriter{Writer: b, used: map[string]bool{}}
	for _, id := range []string{"grid", "requirements", "filters", "shown", "none", "all", "closed", "source"} { // ids of the page's own
		h.used[id] = true
	}
	for _, d := range layout.Documents {
		h.used[d] = true
	}
	p := indexPage{htmlWriter: h, m: m}
	p.large = p.weight() > inline
	h.compact = p.large
	h.replace = map[string]func(){"coverage": p.rows}
	h.block(document.Section{Title: "Run", Anchor: "run", Fold: true, Body: document.Blocks((content.Build("summary", m, l).Run))}, 2)
	p.grid()
	for _, d := range layout.Documents {
		doc := content.Build(d, m, l)
		h.text(`<section id="`, d, `"><h2>`, esc(doc.Title), "</h2>\n")
		if doc.Number != "" {
			h.text(`<p class="muted">`, esc(doc.Number), "</p>\n")
		}
		for block := range doc.Body {
			h.block(block, 3)
		}
		h.text("</section>\n")
	}
	h.sources(m)
	h.text("</main>\n</body>\n</html>\n")
	return b.Flush()
}

func indexData(m *reports.Model, l layout.Layout) any {
	type link struct{ Name, Title string }
	var links []link
	for _, d := range layout.Documents {
		links = append(links, link{d, content.Build(d, m, l).Title})
	}
	if m.Structure.Collected {
		links = append(links, link{"source", "Source"})
	}
	verdict, tone := content.Outcome(m)
	sum := sha256.Sum256([]byte(indexScript))
	return struct {
		Target, Verdict, When string
		Tone                  document.Tone
		Style                 template.CSS
		Script                template.HTMLAttr
		Shares                []verdictShare
		Documents             []link
		Rows, Grid            bool
	}{
		document.Show(document.Stated(m.Run.Target.Name)), verdict, document.Show(document.Join(strings.TrimSpace(m.Run.Type+" run "+m.Run.ID), document.When(m.Run.Started))),
		tone, template.CSS(indexStyle + columnLabels(m)), template.HTMLAttr(base64.StdEncoding.EncodeToString(sum[:])),
		verdictShares(m.Summary), links, len(m.Requirements) > 0, hasGrid(m),
	}
}

func verdictShares(s reports.Summary) []verdictShare {
	if s.Requirements == 0 {
		return nil
	}
	shares := []verdictShare{
		{Name: string(reports.Pass), Class: "good", Count: s.Pass - s.Outcomes},
		{Name: string(reports.PassOutcome), Class: "good", Count: s.Outcomes},
		{Name: "FAIL", Class: "bad", Count: s.Fail},
		{Name: "PARTIAL", Class: "part", Count: s.Partial},
		{Name: "NOT TESTED", Class: "warn", Count: s.NotTested},
		{Name: "NOT OBSERVABLE", Class: "muted", Count: s.NotObservable},
	}
	percent := document.Percentages(s.Pass-s.Outcomes, s.Outcomes, s.Fail, s.Partial, s.NotTested, s.NotObservable)
	for i := range shares {
		shares[i].Shown, shares[i].Percent = document.Thousands(shares[i].Count), percent[i]
	}
	if s.Outcomes == 0 {
		shares = slices.Delete(shares, 1, 2)
	}
	return shares
}

// columnLabels are the style rules that depend on the columns of the tables:
// a narrow page shows each cell behind the title of its column; a wide one
// breaks long words only in the columns that grow.
func columnLabels(m *reports.Model) string {
	var b strings.Builder
	heads := []document.Table{
		{Name: "trace", Columns: content.TraceColumns},
		{Name: "specs", Columns: content.SpecColumns},
		{Name: "plan", Columns: content.ProtocolColumns},
		{Name: "code", Columns: content.CodeColumns},
		{Name: "unreached", Columns: content.PlaceColumns("Executed by")},
		{Name: "accepted", Columns: content.PlaceColumns("Reason")},
		{Name: "executed", Columns: content.ExecutedColumns},
		{Name: "functions", Columns: content.FunctionColumns},
		{Name: "steps", Columns: content.ReportColumns},
		{Name: "reasons", Columns: content.ReasonColumns},
	}
	heads = append(heads, content.LevelTables(m)...)
	b.WriteString("@media (min-width: 46.01rem) {\n")
	for _, t := range heads {
		total := 0
		for _, c := range t.Columns {
			total += c.Grow
		}
		for i, c := range t.Columns {
			if c.Grow > 0 {
				fmt.Fprintf(&b, ".%s td:nth-child(%d) { overflow-wrap: anywhere; min-width: %dch; width: %d%%; }\n",
					t.Name, i+1, c.Width, 80*c.Grow/total)
			}
		}
	}
	b.WriteString("}\n@media (max-width: 46rem) {\n")
	for _, t := range heads {
		for i, c := range t.Columns {
			fmt.Fprintf(&b, ".%s td:nth-child(%d)::before { content: %q; }\n", t.Name, i+1, c.Title)
		}
	}
	b.WriteString("}\n")
	return b.String()
}

package page

import (
	"io"
	"slices"
	"strings"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/layout"
	"github.com/socket-oneline/oneline/reports/render/content"
	"github.com/socket-oneline/oneline/reports/render/document"
)

// index writes the page of a report.
type index struct {
	*writer
	m            *reports.Model
	opt          content.Options
	requirements map[string]*reports.Requirement // by id, as all of these
	specs        map[string]*reports.Spec
	failed       map[string]*content.FailedRequirement
	reasons      map[string]string
	large        bool // the steps stand in the annex alone
}

// Index writes the page of a report: the verdict and the conclusion; the
// requirements, those that did not pass first, which can be searched and opened;
// a grid of requirements by protocols; and the documents.
func Index(w io.Writer, m *reports.Model, opt content.Options) error {
	p := &index{
		writer: newWriter(), m: m, opt: opt, requirements: m.ByID(), reasons: content.Reasons(m),
		specs: map[string]*reports.Spec{}, failed: map[string]*content.FailedRequirement{},
	}
	for _, f := range content.Failures(m) {
		p.failed[f.Requirement.ID] = &f
	}
	p.large = p.weigh() > inline
	for _, own := range slices.Concat(layout.Documents, []string{"requirements", "filters", "shown", "none", "all", "closed", "grid", "source"}) {
		p.used[own] = true
	}
	docs := make([]document.Document, len(layout.Documents))
	links := []document.Cell{{Text: "Requirements", Link: "requirements"}, {Text: "At a glance", Link: "grid"}, {Text: "Run", Link: "run"}}
	for i, name := range layout.Documents {
		docs[i] = content.Build(name, m, opt)
		links = append(links, document.Cell{Text: docs[i].Title, Link: name})
	}
	if m.Structure.Collected {
		links = append(links, document.Cell{Text: "Source", Link: "source"})
	}
	if problems := content.Problems(m); len(problems.Items) > 0 {
		p.block(problems, 2)
	}
	p.rows()
	p.grid()
	p.block(document.Section{Title: "Run", Anchor: "run", Fold: true, Body: document.Blocks(append(content.RunTables(m), docs[0].Run)...)}, 2)
	for i, name := range layout.Documents {
		p.document(name, docs[i])
	}
	if err := p.sources(); err != nil {
		return err
	}
	return p.page(w, p.head(), links, script)
}

// head says how the run came out.
func (p *index) head() Head {
	m := p.m
	lines := append(slices.Clone(m.Conclusion), document.Join(strings.TrimSpace(m.Run.Type+" run "+m.Run.ID), document.When(m.Run.Started)))
	return Head{
		Kind: "Verification report", Title: document.Stated(m.Run.Target.Name), Verdict: content.Outcome(m),
		Lines: slices.DeleteFunc(lines, func(l string) bool { return l == "" }),
	}
}

// document writes what a document says beyond what the page has already: the
// verdict at its top, and a row per requirement.
func (p *index) document(name string, doc document.Document) {
	p.text(`<section class="document" id="`, name, `"><h2>`, esc(doc.Title), "</h2>\n")
	if p.large && name != "summary" {
		p.note("It is too large for a page. It stands in a file of its own beside it.")
		p.text("</section>\n")
		return
	}
	for b := range doc.Lead {
		switch b := b.(type) {
		case document.Section, document.Pairs: // approvals, and how it is filed
			p.block(b, 3)
		}
	}
	for b := range doc.Body {
		s, ok := b.(document.Section)
		if !ok || !slices.Contains(content.OnPage, s.Title) && (s.Title != content.LockTitle || name == "summary") {
			p.block(b, 3)
		}
	}
	p.text("</section>\n")
}

// gridLimit is how many cells a grid may have. A larger one would show nothing
// at a glance; the trace matrix has it all.
const gridLimit = 20_000

func (p *index) grid() {
	p.text(`<section id="grid"><h2>At a glance</h2>`, "\n")
	switch cells := len(p.m.Requirements) * len(p.m.Protocols); {
	case cells == 0:
		p.note("No spec names a requirement.")
	case cells > gridLimit:
		p.text(`<p class="muted">`, document.Thousands(len(p.m.Requirements)), " requirements by ", document.Thousands(len(p.m.Protocols)),
			` protocols do not fit a grid: see the <a href="#trace">trace matrix</a>.</p>`, "\n")
	default:
		p.text(`<p class="legend">Requirements by protocols: `)
		for _, r := range content.Results {
			p.tag("<span", string(content.ResultCell(r).Tone))
			p.text(marks[r], " ", string(r), "</span> ")
		}
		p.text("</p>\n")
		p.table(p.marks(), "")
	}
	p.text("</section>\n")
}

// marks show results without color.
var marks = map[reports.Result]string{
	reports.ResultPass: "✓", reports.ResultPassOutcome: "✓", reports.ResultFail: "✗", reports.ResultBlocked: "!", reports.ResultSkipped: "–",
	reports.ResultNoEvidence: "?", reports.ResultNotObservable: "○",
}

// marks shows requirements by protocols: the severest of the results that the specs
// of a protocol have for a requirement. Each mark leads to them.
func (p *index) marks() document.Table {
	t := document.Table{Name: "glance", Grid: true, Columns: []document.Column{{Title: "Requirements by protocols"}}}
	for _, p := range p.m.Protocols {
		t.Columns = append(t.Columns, document.Column{Title: p.ID, Link: p.ID, Label: p.ID + " " + p.Desc + ": " + string(p.Verdict)})
	}
	for _, r := range p.m.Requirements {
		worst := map[string]reports.Result{}
		for _, s := range r.Specs {
			if w, found := worst[s.Protocol]; !found || reports.Severer(s.Result, w) {
				worst[s.Protocol] = s.Result
			}
		}
		about := r.Desc
		if len(r.Specs) == 0 {
			about = document.Join(string(r.Verdict), r.Reason)
		}
		row := []document.Cell{{Text: r.ID, Tone: content.VerdictCell(r.Verdict).Tone, Parts: []document.Cell{{Text: r.ID, Link: r.ID}, document.Text("  " + about)}}}
		for _, p := range p.m.Protocols {
			var c document.Cell
			if result, found := worst[p.ID]; found {
				c = document.Cell{Text: marks[result], Tone: content.ResultCell(result).Tone, Link: pairAnchor(r.ID, p.ID), Label: r.ID + ", " + p.ID + ": " + string(result)}
			}
			row = append(row, c)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// pairAnchor names the place, within the row of a requirement, of what a protocol says
// of it.
func pairAnchor(id, protocol string) string { return id + ":" + protocol }

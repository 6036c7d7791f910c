package content

import (
	"cmp"
	"slices"
	"strings"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/layout"
	"github.com/socket-oneline/oneline/reports/render/document"
)

// VerdictLine says in a line how a run ended: passed or failed, and how many
// requirements were not simply verified.
func VerdictLine(m *reports.Model) document.Paragraph {
	outcome := Outcome(m)
	s := &m.Summary
	parts := []string{outcome.Text}
	add := func(n int, what string) {
		if n > 0 {
			parts = append(parts, document.Thousands(n)+" "+what)
		}
	}
	if n := len(m.Problems); n > 0 {
		parts = append(parts, document.Plural(n, "problem"))
	}
	add(s.Fail, "failed")
	add(s.Partial, "tested in part")
	add(s.NotTested, "not tested")
	add(s.Invalid, "invalid")
	add(s.NotObservable, "not observable")
	add(s.Justified, "justified")
	if !m.Run.Complete {
		parts = append(parts, "the run is not complete")
	}
	return document.Paragraph{Text: strings.Join(parts, ", "), Tone: outcome.Tone}
}

// CountsTable counts requirements and protocols by verdict, specs by result, and
// verifications. Every row adds up to its first number.
func CountsTable(m *reports.Model) document.Table {
	t := document.Table{Name: "counts", Fit: true, Columns: []document.Column{
		words("", 13, 0), number("All"), number("Pass"), number("Fail"), number("Partial"),
		number("Blocked"), number("Skipped"), number("No evidence"), number("Not tested"), number("Not observable"),
	}}
	row := func(name string, all int, by ...int) {
		cells := []any{name, all}
		for i, n := range by {
			c := toned(document.Thousands(n), n > 0, countTones[i])
			if n < 0 {
				c = document.Cell{Text: "-", Tone: document.Muted}
			}
			cells = append(cells, c)
		}
		t.Add(cells...)
	}
	const none = -1
	s := &m.Summary
	row("Requirements", s.Requirements, s.Pass, s.Fail, s.Partial, none, none, none, s.NotTested, s.NotObservable)
	protocols := map[reports.Verdict]int{}
	for _, p := range m.Protocols {
		if p.ID != "" {
			protocols[p.Verdict]++
		}
	}
	row("Protocols", s.Protocols, s.ProtocolsPass, s.ProtocolsFail, protocols[reports.Partial], none, none, none,
		protocols[reports.NotTested], protocols[reports.NotObservable])
	_, specs, _ := specCounts(m) // in the order of Results
	row("Specs", s.Specs, specs[0], specs[1], none, specs[2], specs[3], specs[4], none, specs[5])
	v := s.Verifications
	row("Verifications", v.Passed+v.Failed, v.Passed, v.Failed, none, none, none, none, none, none)
	return t
}

var countTones = []document.Tone{
	document.Good, document.Bad, document.Warn, document.Warn, document.Warn, document.Warn, document.Warn, document.Muted,
}

// onPageOne is how many failed requirements page one has room for.
const onPageOne = 6

// failedTable lists the failed requirements, with one line of what was seen.
func failedTable(m *reports.Model) document.Block {
	t := document.Table{Name: "failed", Columns: []document.Column{
		words("Failed", 12, 0), words("Text", 20, 2), words("What was seen", 20, 3),
	}}
	failed := Failures(m)
	for i, r := range failed {
		if i == onPageOne {
			t.Add("", "and "+document.Thousands(len(failed)-i)+" more", "")
			break
		}
		seen := r.WithText()
		if len(r.Causes) > 0 {
			seen = Shorten(r.Causes[0].Sentence())
		}
		t.Add(document.Cell{Text: r.Requirement.ID, Link: "failed-" + r.Requirement.ID, Tone: document.Bad}, Shorten(r.Requirement.Desc), seen)
	}
	return t
}

// lineLength is how much of a text stands where a line must do.
const lineLength = 140

// Shorten cuts a text where a line must do, between words if it has any.
func Shorten(s string) string {
	r := []rune(s)
	if len(r) <= lineLength {
		return s
	}
	cut := string(r[:lineLength])
	if i := strings.LastIndexByte(cut, ' '); i > lineLength/2 {
		cut = cut[:i]
	}
	return cut + " …"
}

// restsOn names what the document rests on: the requirements, the evidence, the
// tool with its qualification, and the target.
func restsOn(m *reports.Model) document.Pairs {
	r := &m.Run
	var p document.Pairs
	p.Add("target", document.Join(document.Stated(r.Target.Name), document.Prefix("version ", r.Target.Version), document.Prefix("serial ", r.Target.Serial)))
	addFile(&p, "requirements", r.SRS)
	p.Add("run", document.Join(strings.TrimSpace(r.Type+" "+r.ID), document.When(r.Started), document.Prefix("by ", r.Tester)))
	tool := r.Reported // which computed the verdicts
	if tool.Module == "" && tool.Version == "" {
		tool = r.Suite
	}
	p.Add("tool", suite(tool))
	for _, section := range r.Sections {
		if section.Title == evidence.Qualification {
			for _, row := range section.Rows {
				p.Add(row.Name, row.Value)
			}
		}
	}
	for _, in := range r.Inputs {
		addFile(&p, in.Title, in.File)
	}
	switch bare := func(r reports.RunRow) bool { return r.SHA256 == "" }; {
	case r.Manifest != nil:
		addFile(&p, "evidence", *r.Manifest)
	case len(m.Runs) > 0 && !slices.ContainsFunc(m.Runs, bare):
		p.Add("evidence", "that of the runs in the table, each with its run.json")
	default:
		p.Add("evidence", "no manifest vouches for it: bare results were reported on")
	}
	return p
}

// Options are what a document needs beside the model.
type Options struct {
	Layout layout.Layout
	Annex  evidence.File // which holds the evidence in full; zero: there is none
}

// documents are what there is to say in the documents, by their names.
var documents = map[string]struct {
	title string
	body  func(*reports.Model) document.Body
}{
	"summary":  {"Summary", summary},
	"report":   {"Test report", report},
	"trace":    {"Trace matrix", trace},
	"protocol": {"Test protocol", protocol},
}

// Build builds the document of that name. On page one stand the verdict, the
// counts, what failed, the number of the document and what it rests on, and who
// approves it; on every page what the layout says.
func Build(name string, m *reports.Model, opt Options) document.Document {
	l := opt.Layout
	doc := document.Document{
		Title: documents[name].title, Number: l.Documents[name].String(), Subject: m.Run.Target.Name,
		Run: runBlock(m), Body: documents[name].body(m),
	}
	first := RunTables(m)
	var files document.Pairs
	files.Add("document", doc.Number)
	if name != "protocol" { // which is the same whatever came of the run
		first = slices.Concat([]document.Block{VerdictLine(m), Problems(m)}, first, []document.Block{CountsTable(m), failedTable(m)})
		files = append(files, restsOn(m)...)
	}
	for _, other := range layout.Documents {
		if id := l.Documents[other].String(); other != name && id != "" {
			files.Add(other, id)
		}
	}
	if opt.Annex.Name != "" {
		addFile(&files, "evidence in full", opt.Annex)
	}
	doc.Lead = document.Blocks(append(first, files, approval(l.Approvers))...)
	doc.Header = document.Join(doc.Title, cmp.Or(l.Header, m.Run.Target.Name))
	doc.Footer = cmp.Or(l.Footer, strings.TrimSpace(m.Run.Type+" run "+m.Run.ID))
	return doc
}

// approval is the block that is signed; nil if nobody is to.
func approval(who []layout.Approver) document.Block {
	t := document.Table{Name: "approval", Columns: []document.Column{
		words("Role", 24, 1), words("Name", 24, 1), {Title: "Signature", Width: 32, Blank: true}, {Title: "Date", Width: 14, Blank: true},
	}}
	for _, a := range who {
		t.Add(a.Role, a.Name, "", "")
	}
	return titled("Approval", t)
}

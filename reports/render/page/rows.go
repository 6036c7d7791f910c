package page

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/render/content"
	"github.com/socket-oneline/oneline/reports/render/document"
)

// inline is how many rows of steps and exchanges a page may hold. In a larger
// report the annex alone has them.
const inline = 40_000

// exchanges is how many lines of a transcript a page shows.
const exchanges = 200

// weigh indexes the specs, and returns how many rows of steps and exchanges the
// page would hold: a spec of several requirements stands with each.
func (p *index) weigh() int {
	n := 0
	for _, s := range p.m.Specs() {
		p.specs[s.ID] = s
		if e := s.Evidence; e != nil {
			n += len(s.Requirements) * (len(content.StepTable(e, content.Folded).Rows) + min(len(e.Transcript), exchanges))
		}
	}
	return n
}

// order is the order of the rows by their verdicts: what somebody must look at
// first.
var order = []reports.Verdict{reports.Fail, reports.Invalid, reports.Partial, reports.NotTested, reports.PassOutcome, reports.Pass, reports.NotObservable}

// rows are those of the requirements, each closed until it is wanted. The script
// follows them at once: they can be searched while a browser still reads the rest.
func (p *index) rows() {
	p.text(`<section id="requirements"><h2>Requirements</h2>`, "\n")
	p.shares()
	p.text(filters)
	rows := slices.Clone(p.m.Requirements)
	slices.SortStableFunc(rows, func(a, b reports.Requirement) int {
		return slices.Index(order, a.Verdict) - slices.Index(order, b.Verdict)
	})
	for i := range rows {
		p.row(&rows[i])
	}
	p.text(`<p id="none" class="muted" hidden>No requirement is like this.</p>`, "\n</section>\n<script>", script, "</script>\n")
}

// shares shows how many requirements have which verdict, and chooses them.
func (p *index) shares() {
	s := &p.m.Summary
	if s.Requirements == 0 {
		return
	}
	counts := []int{s.Fail, s.Partial, s.NotTested, s.Outcomes, s.Pass - s.Outcomes, s.NotObservable}
	percent := document.Percentages(counts...)
	verdicts := []reports.Verdict{reports.Fail, reports.Partial, reports.NotTested, reports.PassOutcome, reports.Pass, reports.NotObservable}
	p.text(`<div class="bar" aria-hidden="true">`)
	for i, v := range verdicts {
		if counts[i] > 0 {
			p.text(`<i class="`, shareClass(v), `" style="flex-grow:`, strconv.Itoa(counts[i]), `"></i>`)
		}
	}
	p.text(`</div><ul class="counts">`)
	for i, v := range verdicts {
		number, rest := "<b>"+document.Thousands(counts[i])+"</b> "+string(v), " <span>"+percent[i]+"</span></li>"
		switch {
		case counts[i] > 0:
			p.text(`<li class="`, shareClass(v), `"><a href="#?verdict=`, strings.ReplaceAll(string(v), " ", "+"), `">`, number, "</a>", rest)
		case v != reports.PassOutcome:
			p.text(`<li class="zero">`, number, rest)
		}
	}
	p.text("</ul>\n")
}

func shareClass(v reports.Verdict) string {
	if v == reports.Partial {
		return "part"
	}
	return string(content.VerdictCell(v).Tone)
}

// row is one requirement. Its anchor stands within, so that a link to it opens
// it also without the script.
func (p *index) row(r *reports.Requirement) {
	protocols := make([]string, len(r.Protocols))
	for i, t := range r.Protocols {
		protocols[i] = document.AnchorName(t)
	}
	p.text(`<details class="req" data-verdict="`, esc(string(r.Verdict)), `" data-group="`, esc(r.Group), `" data-level="`, esc(r.Level),
		`" data-protocol="`, strings.Join(protocols, " "), `"><summary><span class="id">`, esc(r.ID), "</span>")
	p.badge(content.VerdictCell(r.Verdict))
	p.text(` <span class="desc">`, esc(r.Desc), "</span>")
	if why := strings.Trim(p.reasons[r.ID]+"\n"+content.Justified(r), "\n"); why != "" {
		p.text(` <span class="why">`, esc(why), "</span>")
	}
	p.text(` <span class="facts">`, esc(document.Join(r.Group, r.Level, content.Counts(r.Verifications)+" verifications", strings.Join(r.Protocols, " "))), "</span></summary>\n")
	p.text("<div", p.id(r.ID), ">\n")
	if f := p.failed[r.ID]; f != nil {
		p.failures(f)
	}
	p.block(p.facts(r), 4)
	p.executes(r)
	for _, s := range r.Specs {
		p.spec(r, &s)
	}
	p.text("</div></details>\n")
}

// facts are what the line of a requirement does not say, the demand that it comes
// from first.
func (p *index) facts(r *reports.Requirement) document.Pairs {
	var pairs document.Pairs
	for _, id := range r.Parents {
		text := " " + cmp.Or(p.requirements[id], &reports.Requirement{}).Desc
		pairs = append(pairs, document.Pair{Name: "parent", Value: id + text, Parts: []document.Cell{{Text: id, Link: id}, document.Text(text)}})
	}
	if children := content.Linked(r.Children); len(r.Children) > 0 {
		pairs = append(pairs, document.Pair{Name: "children", Value: children.Text, Parts: children.Parts})
	}
	for _, row := range p.m.Run.Remarks[r.ID] {
		pairs.Add(row.Name, row.Value)
	}
	pairs.Add("source", r.Source)
	pairs.Add("tester", r.Tester)
	pairs.Add("needs to be shown", strings.Join(r.Observe, ", "))
	pairs.Add("rationale", r.Rationale)
	pairs.AddCommand("repeat", r.Repeat)
	return pairs
}

// failures is what an opened requirement begins with.
func (p *index) failures(f *content.FailedRequirement) {
	for _, c := range f.Causes {
		p.text(`<section class="failure"><h3>`, esc(c.Sentence()), "</h3>\n")
		p.pairs(c.Pairs())
		if lines := content.Around(&c.Failure); len(lines) > 0 {
			p.text(`<p class="list">Just before it:</p>`)
			p.transcript(lines)
		}
		p.note(c.MoreText())
		p.text("</section>\n")
	}
	p.note(f.WithText())
}

func (p *index) note(text string) {
	if text != "" {
		p.text(`<p class="muted">`, esc(text), "</p>\n")
	}
}

// spec is what one spec says of the requirement whose row this is, with its
// steps and its transcript. One that passed is closed.
func (p *index) spec(of *reports.Requirement, r *reports.SpecResult) {
	open := ""
	if !r.Result.Passed() && r.Result != reports.ResultNotObservable {
		open = " open"
	}
	p.text(`<details class="spec"`, open, p.id(pairAnchor(of.ID, r.Protocol)), "><summary><h3", p.id(r.ID), ">")
	p.text(esc(r.ID), " ", esc(r.FullTitle()))
	p.badge(content.ResultCell(r.Result))
	p.text("</h3></summary>\n")
	var pairs document.Pairs
	pairs.Add("place", document.Stated(r.Location))
	pairs.Add("verifications", content.PassedFailed(r.Verifications))
	pairs.Add("reason", r.Reason)
	s := p.specs[r.ID]
	if s != nil && s.Repeat != of.Repeat {
		pairs.AddCommand("repeat", s.Repeat)
	}
	p.block(pairs, 5)
	switch {
	case s == nil:
	case p.large:
		p.note("Its steps stand in " + p.opt.Annex.Name + ".")
	default:
		p.evidence(s)
	}
	p.text("</details>\n")
}

// evidence is what happened in a spec.
func (p *index) evidence(s *reports.Spec) {
	if t := content.StepTable(s.Evidence, content.Folded); len(t.Rows) > 0 {
		p.table(t, "Steps of "+s.ID)
	}
	lines := content.Transcript(s.Evidence, false)
	if len(lines) == 0 {
		return
	}
	if more := len(lines) - exchanges; more > 0 {
		lines = append(lines[:exchanges:exchanges], document.Line{Mark: "*", Text: "… " + document.Thousands(more) + " more: results.json has them"})
	}
	p.text(`<details class="fold wire"><summary>Transcript of `, esc(s.ID), ", ", document.Plural(len(s.Evidence.Transcript), "exchange"), "</summary>\n")
	p.transcript(lines)
	p.text("</details>\n")
}

package page

import (
	"slices"
	"strings"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/render/content"
	"github.com/socket-oneline/oneline/reports/render/document"
)

// indexPage writes what only the page has: the grid, and the rows of
// requirements that open.
type indexPage struct {
	*htmlWriter
	m     *reports.Model
	specs map[string]*reports.Spec // by id
	large bool                     // the steps stand with their protocols alone, and as plain text
}

// inline is how many steps, verifications and exchanges a page may hold in its
// rows. Of a larger report each spec is written once.
const inline = 40_000

// weight is how many of them the rows would hold, a spec of several
// requirements counted for each.
func (p *indexPage) weight() int {
	p.specs = make(map[string]*reports.Spec, p.m.Summary.Specs)
	n := 0
	for i := range p.m.Protocols {
		t := &p.m.Protocols[i]
		for j := range t.Specs {
			s := &t.Specs[j]
			p.specs[s.ID] = s
			if e := s.Evidence; e != nil {
				n += len(s.Requirements) * (len(e.Steps) + len(e.Verifications) + min(len(e.Transcript), exchanges))
			}
		}
	}
	return n
}

// exchanges is how many lines of a transcript a row shows.
const exchanges = 200

// rows are the requirements, each closed until it is wanted. The script follows
// them at once: they can be searched while a browser still reads the rest.
func (p *indexPage) rows() {
	p.text(`<div id="requirements">`, "\n")
	p.filters()
	for i := range p.m.Requirements {
		p.row(&p.m.Requirements[i])
	}
	p.text(`<p id="none" class="muted" hidden>No requirement is like this.</p>`, "\n</div>\n<script>", indexScript, "</script>\n")
}

// filters are of use with the script alone, which shows them.
func (p *indexPage) filters() {
	p.text(`<form id="filters" role="search" aria-label="Requirements" hidden>`, "\n",
		`<label class="q">Search <input type="search" name="q" placeholder="id or words" autocomplete="off" spellcheck="false"></label>`, "\n")
	of := map[string][]string{}
	add := func(name, value string) {
		if value != "" && !slices.Contains(of[name], value) {
			of[name] = append(of[name], value)
		}
	}
	for i := range p.m.Requirements {
		r := &p.m.Requirements[i]
		add("verdict", string(r.Verdict))
		add("group", r.Group)
		add("level", r.Level)
	}
	for i := range p.m.Protocols {
		add("protocol", p.m.Protocols[i].ID)
	}
	for _, s := range verdictShares(p.m.Summary) { // what the counts at the top choose
		add("verdict", s.Name)
	}
	for _, f := range []struct{ name, title string }{{"verdict", "Verdict"}, {"group", "Group"}, {"level", "Level"}, {"protocol", "Protocol"}} {
		if len(of[f.name]) == 0 {
			continue
		}
		slices.Sort(of[f.name])
		p.text("<label>", f.title, ` <select name="`, f.name, `"><option value="">any</option>`)
		for _, v := range of[f.name] {
			p.text(`<option value="`, option(f.name, v), `">`, esc(v), "</option>")
		}
		p.text("</select></label>\n")
	}
	p.text(`<button type="reset">Clear</button> <button type="button" id="all">Open all</button> <button type="button" id="closed">Close all</button>`, "\n",
		`<output id="shown" aria-live="polite"></output>`, "\n</form>\n")
}

// option is the value of a filter. Protocols stand in a list parted by blanks,
// so they are names.
func option(name, value string) string {
	if name == "protocol" {
		return document.AnchorName(value)
	}
	return esc(value)
}

// row is one requirement. Its anchor stands within, so that a link to it opens
// it also without the script.
func (p *indexPage) row(r *reports.Requirement) {
	protocols := make([]string, len(r.Protocols))
	for i, t := range r.Protocols {
		protocols[i] = document.AnchorName(t)
	}
	p.text(`<details class="req" data-verdict="`, esc(string(r.Verdict)), `" data-group="`, esc(r.Group), `" data-level="`, esc(r.Level),
		`" data-protocol="`, strings.Join(protocols, " "), `"><summary><span class="id">`, esc(r.ID), "</span>")
	c := content.VerdictCell(r.Verdict)
	p.tag(" <span", "badge", string(c.Tone))
	p.text(esc(c.Text), `</span> <span class="desc">`, esc(r.Desc), "</span>")
	if why := strings.TrimLeft(document.Paren(r.Reason)+"\n"+content.Justified(r), "\n"); strings.TrimSpace(why) != "" {
		p.text(` <span class="why">`, esc(strings.TrimSpace(why)), "</span>")
	}
	p.text(` <span class="facts">`, esc(document.Join(r.Group, r.Level, content.Counts(r.Verifications)+" verifications", strings.Join(r.Protocols, " "))), "</span></summary>\n")
	p.text("<div", p.id(r.ID), ">\n")
	p.kin("parents", r.Parents)
	p.kin("children", r.Children)
	p.block(requirementPairs(r), 4)
	p.executes(r)
	last := ""
	for i := range r.Specs {
		s := &r.Specs[i]
		anchor := ""
		if s.Protocol != last {
			anchor = pairAnchor(r.ID, s.Protocol)
		}
		last = s.Protocol
		p.spec(s, anchor)
	}
	p.text("</div></details>\n")
}

// kin links to the requirements of the next level.
func (p *indexPage) kin(of string, ids []string) {
	if len(ids) == 0 {
		return
	}
	p.text(`<p class="kin">`, of)
	for _, id := range ids {
		p.text(" ")
		p.link(document.Cell{Text: id, Link: id})
	}
	p.text("</p>\n")
}

// requirementPairs is what the line of a requirement does not say.
func requirementPairs(r *reports.Requirement) document.Pairs {
	var pairs document.Pairs
	pairs.Add("source", r.Source)
	pairs.Add("tester", r.Tester)
	pairs.Add("needs to be shown", strings.Join(r.Observe, ", "))
	pairs.Add("rationale", r.Rationale)
	pairs.AddFixed("repeat", r.Repeat)
	return pairs
}

// spec is what one spec says of the requirement whose row this is, with its
// steps and its transcript.
func (p *indexPage) spec(r *reports.SpecResult, anchor string) {
	place := r.ID
	p.text(`<section class="spec"`, p.id(anchor), "><h4>")
	p.link(document.Cell{Text: place, Link: place})
	p.text(" ", esc(r.FullTitle()))
	c := content.ResultCell(r.Result)
	p.tag(" <span", "badge", string(c.Tone))
	p.text(esc(c.Text), "</span></h4>\n")
	var pairs document.Pairs
	pairs.Add("place", document.Stated(r.Location))
	pairs.Add("verifications", content.PassedFailed(r.Verifications))
	pairs.Add("reason", r.Reason)
	s := p.specs[r.ID]
	if s != nil && s.Repeat != "" {
		pairs.AddFixed("repeat", s.Repeat)
	}
	p.block(pairs, 5)
	switch {
	case s == nil:
	case p.large:
		p.text(`<p data-copy="`, document.AnchorName(place), `"><a href="#`, document.AnchorName(place), `">Its steps</a> stand with its protocol.</p>`, "\n")
	default:
		p.evidence(s)
	}
	p.text("</section>\n")
}

// evidence is what happened in a spec.
func (p *indexPage) evidence(s *reports.Spec) {
	for b := range document.Blocks(content.StepTable(s.Evidence)) {
		p.block(b, 5)
	}
	lines := content.TranscriptOf(s.Evidence)
	if len(lines) == 0 {
		return
	}
	if more := len(lines) - exchanges; more > 0 {
		lines = append(lines[:exchanges:exchanges], document.Line{Mark: "*", Text: "… " + document.Thousands(more) + " more exchanges: results.json has them"})
	}
	p.text(`<details class="fold wire"><summary>Transcript, `, document.Thousands(len(s.Evidence.Transcript)), " exchanges</summary>\n")
	p.block(lines, 5)
	p.text("</details>\n")
}

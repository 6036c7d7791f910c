package page

import (
	"strconv"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/render/content"
	"github.com/socket-oneline/oneline/reports/render/document"
)

// marks show the result of a protocol for a requirement without colour.
var marks = map[reports.Result]string{
	reports.ResultPass: "✓", reports.ResultFail: "✗", reports.ResultBlocked: "!", reports.ResultSkipped: "–",
	reports.ResultNoEvidence: "?", reports.ResultNotObservable: "○",
}

// legend is the order in which the marks are explained.
var legend = []reports.Result{
	reports.ResultPass, reports.ResultFail, reports.ResultBlocked, reports.ResultSkipped, reports.ResultNoEvidence, reports.ResultNotObservable,
}

// gridLimit is how many cells a grid may have that is one table. What is larger
// is shown protocol by protocol, without the empty cells.
const gridLimit = 20_000

func hasGrid(m *reports.Model) bool { return len(m.Protocols) > 0 && len(m.Requirements) > 0 }

// pair is a protocol and a requirement that it verifies.
type pair struct{ protocol, requirement string }

// grid is the whole at a glance: requirements by protocols. Each cell leads to
// what the protocol says of the requirement.
func (p *indexPage) grid() {
	if !hasGrid(p.m) {
		return
	}
	results := map[pair]reports.Result{}
	for i := range p.m.Requirements {
		r := &p.m.Requirements[i]
		for _, s := range r.Specs {
			k := pair{s.Protocol, r.ID}
			if results[k] == "" || reports.Severer(s.Result, results[k]) {
				results[k] = s.Result
			}
		}
	}
	p.text(`<section id="grid"><h2>At a glance</h2>`, "\n", `<p class="legend">Requirements by protocols: `)
	for _, r := range legend {
		p.tag("<span", string(content.ResultCell(r).Tone))
		p.text(marks[r], " ", string(r), "</span> ")
	}
	p.text("</p>\n")
	if len(p.m.Requirements)*len(p.m.Protocols) <= gridLimit {
		p.gridTable(results)
	} else {
		p.gridLists(results)
	}
	p.text("</section>\n")
}

func (p *indexPage) gridTable(results map[pair]reports.Result) {
	p.text(`<div class="scroll" role="region" aria-label="Requirements by protocols" tabindex="0"><table class="grid"><thead><tr><td></td>`)
	for i := range p.m.Requirements {
		r := &p.m.Requirements[i]
		p.tag(`<th scope="col"`, string(content.VerdictTone(r.Verdict)))
		p.text(`<a href="#`, document.AnchorName(r.ID), `" title="`, esc(r.ID), `: `, string(r.Verdict), `">`, esc(r.ID), "</a></th>")
	}
	p.text("</tr></thead><tbody>\n")
	for i := range p.m.Protocols {
		t := &p.m.Protocols[i]
		p.tag(`<tr><th scope="row"`, string(content.VerdictTone(t.Verdict)))
		p.text(`<a href="#`, document.AnchorName(t.ID), `">`, esc(t.ID), "</a> <span>", esc(t.Desc), "</span></th>")
		for j := range p.m.Requirements {
			p.gridCell(t.ID, p.m.Requirements[j].ID, results, "<td", "</td>")
		}
		p.text("</tr>\n")
	}
	p.text("</tbody></table></div>\n")
}

// gridCell is one result, or an empty cell.
func (p *indexPage) gridCell(protocol, id string, results map[pair]reports.Result, start, end string) {
	r, found := results[pair{protocol, id}]
	if !found {
		p.text(start, ">", end)
		return
	}
	label := esc(id) + ", " + esc(protocol) + ": " + string(r)
	p.tag(start, string(content.ResultCell(r).Tone))
	p.text(`<a href="#`, pairAnchor(id, protocol), `" title="`, label, `" aria-label="`, label, `">`, marks[r], "</a>", end)
}

// pairAnchor names the place, within the row of a requirement, of what a
// protocol says of it.
func pairAnchor(id, protocol string) string { return document.AnchorName(id + ":" + protocol) }

func (p *indexPage) gridLists(results map[pair]reports.Result) {
	covers := map[string][]string{}
	for i := range p.m.Requirements {
		r := &p.m.Requirements[i]
		for _, protocol := range r.Protocols {
			covers[protocol] = append(covers[protocol], r.ID)
		}
	}
	for i := range p.m.Protocols {
		t := &p.m.Protocols[i]
		p.text(`<details class="fold"><summary>`)
		p.tag("<b", string(content.VerdictTone(t.Verdict)))
		p.text(esc(t.ID), "</b> ", esc(t.Desc), `, <span class="muted">`, strconv.Itoa(len(covers[t.ID])), ` requirements</span></summary><p class="cells">`)
		for _, id := range covers[t.ID] {
			p.gridCell(t.ID, id, results, "<span", "</span> ")
		}
		p.text("</p></details>\n")
	}
}

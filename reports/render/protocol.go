package render

import (
	"strings"

	"github.com/socket-oneline/oneline/reports"
)

// ProtocolDocument is the test protocol: what is to be done and what is
// expected, without what only a run can know. Its opening names the run in
// which the steps were recorded.
func ProtocolDocument(m *reports.Model) Document {
	return Document{
		Title: "Test protocol",
		Run:   runBlock(m),
		Body: eachProtocol(m, func(p *reports.Protocol) Cell { return Cell{} }, func(p *reports.Protocol, n int) Section {
			s := &p.Specs[n]
			steps := protocolSteps(s.Evidence)
			note := Paragraph{Tone: Muted}
			if len(steps.Rows) == 0 {
				note.Text = "No steps are recorded: this spec did not run."
			}
			return Section{
				Title: specTitle(p, n), Anchor: specAnchor(p.ID, n+1), Fold: true,
				Body: blocks(specPairs(s), note, steps),
			}
		}),
	}
}

// eachProtocol yields a section per protocol with a section per spec.
func eachProtocol(m *reports.Model, badge func(*reports.Protocol) Cell, spec func(p *reports.Protocol, n int) Section) Body {
	return func(yield func(Block) bool) {
		for i := range m.Protocols {
			p := &m.Protocols[i]
			body := func(yield func(Block) bool) {
				for b := range blocks(
					List{"Objectives", p.Objectives},
					List{"Preconditions", p.Preconditions},
					List{"Deviations", p.Deviations},
				) {
					if !yield(b) {
						return
					}
				}
				for n := range p.Specs {
					if !yield(spec(p, n)) {
						return
					}
				}
			}
			if !yield(Section{Title: strings.TrimSpace(p.ID + " " + p.Desc), Anchor: p.ID, Badge: badge(p), Body: body}) {
				return
			}
		}
	}
}

func specTitle(p *reports.Protocol, n int) string {
	return specAnchor(p.ID, n+1) + " " + p.Specs[n].Title
}

// specPairs is what is fixed of a spec before it runs.
func specPairs(s *reports.Spec) Pairs {
	pairs := Pairs{{"requirements", stated(strings.Join(s.Requirements, ", "))}, {"place", stated(s.Location)}}
	if s.Manual {
		pairs = append(pairs, Pair{"carried out", "by hand"})
	}
	if len(s.Observe) > 0 {
		pairs = append(pairs, Pair{"the target must show", strings.Join(s.Observe, ", ")})
	}
	return pairs
}

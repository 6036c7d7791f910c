package content

import (
	"strings"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/render/document"
)

// Protocol is the test protocol: what is to be done and what is
// expected, without what only a run can know. Its opening names the run in
// which the steps were recorded.
func Protocol(m *reports.Model) document.Document {
	return document.Document{
		Title: "Test protocol",
		Run:   runBlock(m),
		Body: eachProtocol(m, func(p *reports.Protocol) document.Cell { return document.Cell{} }, func(p *reports.Protocol, n int) document.Section {
			s := &p.Specs[n]
			steps := protocolSteps(s.Evidence)
			note := document.Paragraph{Tone: document.Muted}
			if len(steps.Rows) == 0 {
				note.Text = "No steps are recorded: this spec did not run."
			}
			return document.Section{
				Title: SpecTitle(p, n), Anchor: s.ID, Fold: true,
				Body: document.Blocks(specPairs(s), note, steps),
			}
		}),
	}
}

// eachProtocol yields a section per protocol with a section per spec.
func eachProtocol(m *reports.Model, badge func(*reports.Protocol) document.Cell, spec func(p *reports.Protocol, n int) document.Section) document.Body {
	return func(yield func(document.Block) bool) {
		for i := range m.Protocols {
			p := &m.Protocols[i]
			body := func(yield func(document.Block) bool) {
				for b := range document.Blocks(
					document.List{Title: "Objectives", Items: p.Objectives},
					document.List{Title: "Preconditions", Items: p.Preconditions},
					document.List{Title: "Deviations", Items: p.Deviations},
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
			if !yield(document.Section{Title: strings.TrimSpace(p.ID + " " + p.Desc), Anchor: p.ID, Badge: badge(p), Body: body}) {
				return
			}
		}
	}
}

func SpecTitle(p *reports.Protocol, n int) string {
	return p.Specs[n].ID + " " + p.Specs[n].FullTitle()
}

// specPairs is what is fixed of a spec before it runs.
func specPairs(s *reports.Spec) document.Pairs {
	pairs := document.Pairs{pair("requirements", document.Stated(strings.Join(s.Requirements, ", "))), pair("place", document.Stated(s.Location))}
	if s.Manual {
		pairs = append(pairs, pair("carried out", "by hand"))
	}
	if len(s.Observe) > 0 {
		pairs = append(pairs, pair("the target must show", strings.Join(s.Observe, ", ")))
	}
	return pairs
}

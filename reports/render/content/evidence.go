package content

import (
	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/render/document"
)

// Evidence is the annex of all documents: every step and every verification of
// every spec, those that passed too, and what went over the wire where one did
// not.
func Evidence(m *reports.Model) document.Document {
	return document.Document{
		Title: "Evidence",
		Lead:  document.Blocks(RunTables(m)...),
		Run:   runBlock(m),
		Body: eachProtocol(m, true, func(p *reports.Protocol, yield func(document.Block) bool) bool {
			for n := range p.Specs {
				s := &p.Specs[n]
				worst := s.Worst()
				body := []document.Block{specPairs(s), StepTable(s.Evidence, true)}
				if wantsTranscript(worst) {
					body = append(body, document.Section{Title: "Transcript", Body: document.Blocks(Transcript(s.Evidence, true))})
				}
				if !yield(document.Section{Title: specTitle(s), Anchor: s.ID, Badge: ResultCell(worst), Body: document.Blocks(body...)}) {
					return false
				}
			}
			return true
		}),
	}
}

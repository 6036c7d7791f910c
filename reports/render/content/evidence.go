package content

import (
	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/render/document"
)

// Evidence is the annex of all documents: every step and every verification of
// every spec, those that passed too, and what went over the wire where one did
// not.
func Evidence(m *reports.Model) document.Document {
	return document.Document{Title: "Evidence", Lead: document.Blocks(RunTables(m)...), Run: runBlock(m), Body: eachProtocol(m, true, func(p *reports.Protocol) document.Body {
		return document.Each(p.Specs, func(s *reports.Spec) document.Block {
			body := []document.Block{specPairs(s), StepTable(s.Evidence, Everything)}
			if wantsTranscript(s.Worst()) {
				body = append(body, document.Section{Title: "Transcript", Body: document.Blocks(Transcript(s.Evidence, true))})
			}
			return document.Section{Title: specTitle(s), Anchor: s.ID, Badge: ResultCell(s.Worst()), Body: document.Blocks(body...)}
		})
	})}
}

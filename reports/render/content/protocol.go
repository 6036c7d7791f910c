package content

import (
	"strings"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/render/document"
)

// protocol is the test protocol: the instructions and what is expected of them,
// without what only a run can know. Its run block names the run in which the
// steps were recorded.
func protocol(m *reports.Model) document.Body {
	return eachProtocol(m, false, func(p *reports.Protocol) document.Body {
		return document.Each(p.Specs, func(s *reports.Spec) document.Block {
			steps := protocolSteps(s.Evidence)
			var note document.Block
			if len(steps.Rows) == 0 {
				note = muted("No steps are recorded: this spec did not run.")
			}
			var about []string
			for _, p := range specPairs(s) {
				about = append(about, p.Name+" "+p.Value)
			}
			return document.Section{Title: specTitle(s), Anchor: s.ID, Fold: true, Body: document.Blocks(muted(strings.Join(about, "; ")), note, steps)}
		})
	})
}

// eachProtocol is a section per protocol, with its verdict if that is wanted, and
// with what there is to say of its specs.
func eachProtocol(m *reports.Model, verdicts bool, specs func(*reports.Protocol) document.Body) document.Body {
	return document.Each(m.Protocols, func(p *reports.Protocol) document.Block {
		about := document.Blocks(
			document.List{Title: "Objectives", Items: p.Objectives},
			document.List{Title: "Preconditions", Items: p.Preconditions},
			document.List{Title: "Deviations", Items: p.Deviations},
		)
		s := document.Section{Title: strings.TrimSpace(p.ID + " " + p.Desc), Anchor: p.ID, Body: func(yield func(document.Block) bool) {
			document.Concat(about, specs(p))(yield) // specs builds a table: not before it is wanted
		}}
		if verdicts {
			s.Badge = VerdictCell(p.Verdict)
		}
		return s
	})
}

func specTitle(s *reports.Spec) string { return s.ID + " " + s.FullTitle() }

// specPairs is what is fixed of a spec before it runs.
func specPairs(s *reports.Spec) document.Pairs {
	var pairs document.Pairs
	pairs.Add("requirements", document.Stated(strings.Join(s.Requirements, ", ")))
	pairs.Add("place", document.Stated(s.Location))
	if s.Manual {
		pairs.Add("carried out", "by hand")
	}
	pairs.Add("the target must show", strings.Join(s.Observe, ", "))
	return pairs
}

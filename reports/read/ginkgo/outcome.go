package ginkgo

import (
	"slices"

	"github.com/socket-oneline/oneline/reports/read/ids"
	"github.com/socket-oneline/oneline/reports/results"
)

// Options say how to read a report. The zero value suits reports of any suite.
type Options struct {
	IDs    ids.Finder // finds requirement ids in the texts of specs that record nothing
	Traced bool       // the suite uses package trace, whatever the report shows
}

// traced reports whether the suite uses package trace: it left evidence or has a protocol.
func (g *suite) traced(specs []results.Spec) bool {
	return slices.ContainsFunc(g.nodes, func(n node) bool { return len(n.specs)+len(n.runs) > 0 }) ||
		slices.ContainsFunc(specs, func(s results.Spec) bool { return s.Protocol.ID != "" })
}

// outcomes turns the specs of a suite that does not use package trace into outcomes. A
// label req:ID, or an id that find finds in its texts, names a requirement.
func outcomes(s *results.Suite, find ids.Finder) {
	specs := s.Specs
	s.Specs = nil
	for _, spec := range specs {
		spec.Grade = results.Outcome
		spec.Requirements = ids.Add(spec.Requirements, find.In(append(slices.Clone(spec.Containers), spec.Title)...)...)
		if len(spec.Requirements) == 0 {
			s.Untagged.Add(spec)
		} else {
			s.Specs = append(s.Specs, spec)
		}
	}
}

package play

import (
	"context"

	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/trace/record"
)

// Planned gives all specs as they are to be carried out: the steps, and what is
// expected. Nothing is sent and nobody is asked for that: a spec is rehearsed with
// a recorder for which everything holds. What the target cannot show is marked so.
func (s *Suite) Planned() []evidence.Spec {
	var all []evidence.Spec
	for _, p := range s.protocols {
		for _, sp := range p.Specs {
			planned := evidence.Spec{
				Schema: evidence.Schema, Title: sp.Title, Location: record.Place(sp.Play.place.FileName, sp.Play.place.LineNumber), Requirements: sp.IDs, Observe: []string{sp.Observe},
				Protocol: evidence.Protocol{
					ID: p.ID, Title: p.Title, Objectives: []string{p.Objective}, Preconditions: p.Preconditions, Deviations: p.Deviations,
				},
				NotObservable: s.lacks(sp), Completed: true,
			}
			if sp.App.StatedBy(s.Target.Profile) {
				s.rehearse(sp, &planned)
			}
			all = append(all, planned)
		}
	}
	return all
}

// rehearse takes the steps of a spec. Its context is over, so that nothing waits.
func (s *Suite) rehearse(sp Spec, planned *evidence.Spec) {
	ctx, cancel := context.WithCancel(background)
	cancel()
	planning := s.run
	planning.rehearses = true
	t := &Trial{run: &planning, Context: ctx, planned: planned, scope: scope{ids: sp.IDs}}
	t.need(sp.Needs)
	sp.Play.act(t)
}

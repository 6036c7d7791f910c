package mutate

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"github.com/socket-oneline/oneline/reports/mutation"
	"github.com/socket-oneline/oneline/trace/rewrite"
)

// decision is what became of a mutant.
type decision struct {
	Noticed []string `json:"noticed,omitempty"` // by these requirements
	Broke   []string `json:"broke,omitempty"`   // the tests of these
}

// mutant is a mutant with the tests that execute it, and what became of it.
type mutant struct {
	*rewrite.Mutant
	tests  []*test
	became *decision // nil: not decided
}

// decideAll decides the mutants as long as there is time. within ends with the budget.
func (r *run) decideAll(ctx, within context.Context) error {
	var all, executed, todo []*mutant
	for i := range r.set.Mutants {
		m := &mutant{Mutant: &r.set.Mutants[i]}
		for _, t := range r.all {
			if t.executes[m.Block] {
				m.tests = append(m.tests, t)
			}
		}
		if len(m.tests) > 0 {
			executed = append(executed, m)
		}
		if len(m.tests) > 0 || len(r.Only) == 0 {
			all = append(all, m)
		}
	}
	for _, m := range r.order(executed) {
		if m.became = r.cache.Decided[r.cache.key(m)]; m.became == nil {
			todo = append(todo, m)
		}
	}
	err := r.each(within, "testing mutants", len(todo), func(ctx context.Context, i int) (err error) {
		if todo[i].became, err = r.decide(ctx, todo[i]); err != nil {
			return err
		}
		return r.cache.put(todo[i])
	})
	if saved := r.cache.save(); err == nil {
		err = saved
	}
	if err != nil && within.Err() == nil {
		return err
	}
	r.report.Interrupted = ctx.Err() != nil
	for _, m := range all {
		if len(m.tests) > 0 && m.became == nil {
			r.report.LeftOut++
		} else {
			r.report.Mutants = append(r.report.Mutants, r.reported(m))
		}
	}
	return nil
}

// decide runs the tests that execute a mutant.
func (r *run) decide(ctx context.Context, m *mutant) (*decision, error) {
	saw, broke := map[string]bool{}, map[string]bool{}
	for _, group := range groups(m.tests) {
		o, err := r.start(ctx, group[0].binary, m, group)
		if err != nil {
			return nil, err
		}
		for _, t := range group {
			s := o.specs[t.key]
			for _, id := range t.requirements {
				switch {
				case !r.wanted(id):
				case s != nil && noticed(s, id):
					saw[id] = true
				case s == nil || !concluded(s):
					broke[id] = true
				}
			}
		}
	}
	for id := range saw {
		delete(broke, id)
	}
	return &decision{slices.Sorted(maps.Keys(saw)), slices.Sorted(maps.Keys(broke))}, nil
}

// limit is how long the tests of a group may take with a mutant: a small multiple of
// what they took without.
func limit(group []*test) time.Duration {
	took, startup := 0.0, time.Duration(0)
	for _, t := range group {
		took += t.seconds
		startup = max(startup, t.startup)
	}
	return 3*time.Second + 4*(time.Duration(took*float64(time.Second))+startup)
}

// reported is what the report says of a mutant.
func (r *run) reported(m *mutant) mutation.Mutant {
	became := cmp.Or(m.became, &decision{})
	return mutation.Mutant{
		File: m.File, Line: m.Line, Function: m.Function, Operator: m.Operator, Diff: m.Diff,
		ExecutedBy: append([]string{}, r.requirements(m.tests)...), NoticedBy: append([]string{}, became.Noticed...), BrokeBy: became.Broke,
	}
}

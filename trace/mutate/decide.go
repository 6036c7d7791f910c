package mutate

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/socket-oneline/oneline/reports/mutation"
	"github.com/socket-oneline/oneline/reports/results"
	"github.com/socket-oneline/oneline/trace/rewrite"
)

// decision is what became of a mutant.
type decision struct {
	Noticed []string `json:"noticed,omitempty"` // by these requirements
	Broke   []string `json:"broke,omitempty"`   // the tests of these
}

// decideAll decides the mutants as long as there is time. within ends with the budget.
func (r *run) decideAll(ctx, within context.Context) error {
	tests := map[int][]*test{} // by mutant
	var executed []*rewrite.Mutant
	for i := range r.set.Mutants {
		m := &r.set.Mutants[i]
		for _, t := range r.all {
			if t.executes[m.Block] {
				tests[m.Number] = append(tests[m.Number], t)
			}
		}
		if len(tests[m.Number]) > 0 {
			executed = append(executed, m)
		}
	}
	chosen := r.order(executed)
	decided := map[int]*decision{}
	todo := chosen[:0:0]
	for _, m := range chosen {
		if d := r.cache.Decided[r.cache.key(m, tests[m.Number])]; d != nil {
			decided[m.Number] = d
		} else {
			todo = append(todo, m)
		}
	}
	err := r.decideSome(within, todo, tests, decided)
	if saved := r.cache.save(); err == nil {
		err = saved
	}
	if err != nil && within.Err() == nil {
		return err
	}
	r.report.Interrupted = ctx.Err() != nil
	for i := range r.set.Mutants {
		m := &r.set.Mutants[i]
		d := decided[m.Number]
		switch {
		case len(tests[m.Number]) == 0 && len(r.Only) > 0:
		case len(tests[m.Number]) == 0:
			r.add(m, nil, &decision{})
		case d != nil:
			r.add(m, tests[m.Number], d)
		}
	}
	r.report.LeftOut = len(executed) - len(decided)
	return nil
}

// decideSome decides mutants, several at a time.
func (r *run) decideSome(ctx context.Context, todo []*rewrite.Mutant, tests map[int][]*test, decided map[int]*decision) error {
	var mu sync.Mutex
	began, done := time.Now(), 0
	g, within := errgroup.WithContext(ctx)
	g.SetLimit(max(1, r.Jobs))
	for _, m := range todo {
		g.Go(func() error {
			if within.Err() != nil {
				return within.Err()
			}
			d, err := r.decide(within, m, tests[m.Number])
			if err != nil {
				return err
			}
			mu.Lock()
			defer mu.Unlock()
			decided[m.Number] = d
			done++
			if err := r.cache.put(m, tests[m.Number], d); err != nil {
				return err
			}
			left := time.Since(began) / time.Duration(done) * time.Duration(len(todo)-done)
			r.progress(Progress{Stage: "testing mutants", Done: done, All: len(todo), Left: left})
			return nil
		})
	}
	return g.Wait()
}

// decide runs the tests that execute a mutant.
func (r *run) decide(ctx context.Context, m *rewrite.Mutant, tests []*test) (*decision, error) {
	saw, broke := map[string]bool{}, map[string]bool{}
	for _, group := range groups(tests) {
		o, err := r.start(ctx, group[0].binary, m.Number, false, limit(group), selection(group))
		if err != nil {
			return nil, err
		}
		specs := map[string]*results.Spec{}
		for i := range o.specs {
			specs[o.specs[i].Identity.Key()] = &o.specs[i]
		}
		for _, t := range group {
			s := specs[t.key]
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

// concluded reports whether a spec ran to its end, and failed through nothing but its
// verifications.
func concluded(s *results.Spec) bool {
	if len(s.Attempted) == 0 || s.State != results.Passed && s.State != results.Failed {
		return false
	}
	last := s.Attempted[len(s.Attempted)-1]
	failed := false
	for _, v := range last.Verifications {
		failed = failed || !v.Passed
	}
	return last.Completed && len(last.Faults) == 0 && (s.State == results.Passed || failed)
}

// add adds a mutant to the report.
func (r *run) add(m *rewrite.Mutant, tests []*test, d *decision) {
	executed := map[string]bool{}
	for _, t := range tests {
		for _, id := range t.requirements {
			if r.wanted(id) {
				executed[id] = true
			}
		}
	}
	by := slices.Sorted(maps.Keys(executed))
	r.report.Mutants = append(r.report.Mutants, mutation.Mutant{
		File: m.File, Line: m.Line, Function: m.Function, Operator: m.Operator, Diff: m.Diff,
		ExecutedBy: append([]string{}, by...), NoticedBy: append([]string{}, d.Noticed...), BrokeBy: d.Broke,
	})
}

package play

import (
	"context"
	"fmt"
	"slices"
	"time"

	. "github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/types"

	"github.com/socket-oneline/oneline/reports/evidence"
)

// budget is the time of the run, and what it was spent on.
type budget struct {
	until time.Time // the end of the run; zero: it has not begun
	done  []Spec    // that were carried out to their ends
}

// Left is how much is left of the time of the run, which begins with
// [Suite.Preflight].
func (s *Suite) Left() time.Duration {
	if s.budget.until.IsZero() {
		s.budget.until = time.Now().Add(s.Pace.Limits.Run)
	}
	return max(time.Until(s.budget.until), time.Nanosecond)
}

// over reports whether somebody has ended the run, or its time is up. Then a
// server that was in the middle of something has no time to recover, and is not
// blamed.
func (s *Suite) over(ctx context.Context) bool {
	if spec, ok := ctx.(SpecContext); ok && spec.SpecReport().State.Is(types.SpecStateInterrupted|types.SpecStateTimedout) {
		return true
	}
	return ctx.Err() != nil || !time.Now().Before(s.budget.until)
}

// cost is about how many responses a spec waits for.
func (s *Suite) cost(sp Spec) int {
	var planned evidence.Spec
	if sp.App.StatedBy(s.Target.Profile) {
		s.rehearse(sp, &planned)
	}
	return len(planned.Planned) + len(planned.Steps) + 3 + sp.Responses
}

// spend notes that a spec was carried out to its end.
func (s *Suite) spend(sp Spec) {
	if !s.over(background) {
		s.budget.done = append(s.budget.done, sp)
	}
}

// margin is for specs that take longer than those before them.
const margin = 1.5

// ShortOfTime says which time would have been enough, where that of the run was not;
// else nothing.
func (s *Suite) ShortOfTime() string {
	if s.budget.until.IsZero() || time.Now().Before(s.budget.until) || s.gate != "" {
		return ""
	}
	all, done := 0, 1
	for _, p := range s.protocols {
		for _, sp := range p.Specs {
			if s.lacks(sp) == "" && s.wanted(p, sp) {
				all += s.cost(sp)
			}
		}
	}
	for _, sp := range s.budget.done {
		done += s.cost(sp)
	}
	run := s.Pace.Limits.Run
	enough := time.Duration(margin * float64(run) * float64(all) / float64(done))
	return fmt.Sprintf("the time of the run, %s, was over before all specs were carried out: by what was measured, -time %dm would have been enough",
		run.Round(time.Second), int(enough/time.Minute)+1)
}

func (s *Suite) wanted(p Protocol, sp Spec) bool {
	if len(s.Only) == 0 {
		return true
	}
	return slices.ContainsFunc(s.Only, func(id string) bool { return id == p.ID || slices.Contains(sp.IDs, id) })
}

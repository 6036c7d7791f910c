package read

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/read/gotest"
	"github.com/socket-oneline/oneline/reports/read/process"
	"github.com/socket-oneline/oneline/reports/results"
)

// joinReport compares Ginkgo's report with what the processes of its suite wrote.
func (r *run) joinReport(of *process.File, report *results.Results) {
	specs := make(map[string][]*results.Spec)
	for _, f := range r.group(of) {
		addUnnumbered(specs, f.Suite)
	}
	suite := of.Suite
	for i := range report.Suites {
		told := &report.Suites[i]
		suite.DryRun, suite.Filtered = suite.DryRun || told.DryRun, suite.Filtered || told.Filtered
		suite.Complete = suite.Complete && told.Complete
		suite.Notes = append(suite.Notes, told.Notes...)
		suite.Problems = append(suite.Problems, told.Problems...)
		reported := make(map[string][]*results.Spec)
		addUnnumbered(reported, told)
		for k := range told.Specs {
			key := unnumbered(&told.Specs[k])
			r.joinSpecs(suite, specs[key], reported[key])
			delete(reported, key)
			delete(specs, key)
		}
	}
	for _, f := range r.group(of) {
		for i := range f.Suite.Specs {
			if s := &f.Suite.Specs[i]; specs[unnumbered(s)] != nil && s.State != results.Crashed && !r.end.Interrupted {
				disagree(suite, s, "it left evidence, and Ginkgo's report does not know it")
			}
		}
	}
}

// unnumbered identifies specs by titles and containers only. Ginkgo does not know the
// import path of a suite.
func unnumbered(s *results.Spec) string { return results.Identity{Path: s.Identity.Path[1:]}.Key() }

func addUnnumbered(to map[string][]*results.Spec, suite *results.Suite) {
	for i := range suite.Specs {
		s := &suite.Specs[i]
		to[unnumbered(s)] = append(to[unnumbered(s)], s)
	}
}

// joinSpecs merges specs that differ only in their number. Those that went worst are
// taken to be the same.
func (r *run) joinSpecs(suite *results.Suite, recorded, reported []*results.Spec) {
	worstFirst := func(a, b *results.Spec) int { return b.State.Badness() - a.State.Badness() }
	slices.SortStableFunc(recorded, worstFirst)
	slices.SortStableFunc(reported, worstFirst)
	for i, told := range reported {
		if i >= len(recorded) {
			suite.Specs = append(suite.Specs, *told)
			continue
		}
		s := recorded[i]
		if s.State != told.State && s.State != results.Crashed {
			disagree(suite, s, fmt.Sprintf("its evidence says %s, and Ginkgo's report %s", stateWord(s.State), stateWord(told.State)))
		}
		worsen(s, told.State, told.Failure, told.FailureAt)
		s.Cleanup = cmp.Or(s.Cleanup, told.Cleanup)
	}
	if len(reported) > len(recorded) {
		results.Number(suite.Specs)
	}
}

func stateWord(s results.State) string { return cmp.Or(string(s), "nothing") }

func worsen(s *results.Spec, state results.State, failure, at string) {
	if state.Badness() > s.State.Badness() {
		s.State, s.Failure, s.FailureAt = state, failure, at
	}
}

// disagree adds the problem that two sources contradict each other about a spec.
func disagree(suite *results.Suite, s *results.Spec, what string) {
	suite.Refuse(s.Location, "the spec %q of %s: %s: the evidence contradicts itself; repeat the run", s.Title, suite.Path, what)
}

// joinStream compares the stream of go test with what test processes wrote. Its other
// tests stand alone.
func (r *run) joinStream(s *gotest.Stream) {
	for _, p := range s.Packages {
		tests := make(map[string][]*gotest.Test)
		for _, t := range p.Tests {
			tests[t.Title] = append(tests[t.Title], t)
		}
		for _, f := range r.files {
			switch {
			case f.Suite.Path != p.Path:
			case f.Process.FrontEnd == evidence.GoTest:
				joinTests(f.Suite, p, tests)
			default:
				r.joinStarter(f, p)
			}
		}
	}
	r.all = append(r.all, s.Results(r.options.IDs))
}

// joinTests compares the tests of a package with what its process recorded.
func joinTests(suite *results.Suite, p *gotest.Package, tests map[string][]*gotest.Test) {
	for i := range suite.Specs {
		s := &suite.Specs[i]
		told := tests[s.Title]
		for _, t := range told {
			t.Elsewhere = true
		}
		if len(told) == 0 {
			if !p.Broken() {
				disagree(suite, s, "it left evidence, and the stream of go test does not know it")
			}
			continue
		}
		worst := slices.MaxFunc(told, func(a, b *gotest.Test) int { return a.State.Badness() - b.State.Badness() })
		if s.State.Badness() > worst.State.Badness() && worst.State != results.Unknown {
			disagree(suite, s, fmt.Sprintf("its evidence says %s, and go test %s", stateWord(s.State), stateWord(worst.State)))
		}
		worsen(s, worst.State, "go test says so: "+cmp.Or(worst.Failure, "no reason given"), worst.FailureAt)
	}
	if p.Complete {
		suite.EndUnseen, suite.Complete = false, !hasState(suite, results.Crashed)
	}
}

// joinStarter adds a problem if the test that starts a Ginkgo suite failed and nothing in
// the suite did.
func (r *run) joinStarter(f *process.File, p *gotest.Package) {
	for _, t := range p.Tests {
		t.Elsewhere = t.Elsewhere || t.Ginkgo
		if !t.Ginkgo || t.State != results.Failed || f.Process.Proc > 1 {
			continue
		}
		failed := slices.ContainsFunc(r.group(f), func(f *process.File) bool {
			return len(f.Suite.Problems) > 0 || !f.Suite.Complete || slices.ContainsFunc(f.Suite.Specs, func(s results.Spec) bool {
				return s.State.Failure() || s.Cleanup != ""
			})
		})
		if !failed {
			f.Suite.Refuse("", "%s of %s failed, and no spec of the suite that it starts did: %s", t.Title, p.Path, cmp.Or(t.Failure, "no reason given"))
		}
	}
}

// Package mutate finds out which changes of the code the specs of each requirement
// would notice. It builds the test binaries of a go test or ginkgo command once, with
// all mutants in them (package rewrite), runs them without a mutant to learn which
// test executes what, and then runs, for each mutant, the tests that execute it.
package mutate

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/socket-oneline/oneline/reports/justification"
	"github.com/socket-oneline/oneline/reports/mutation"
	"github.com/socket-oneline/oneline/trace/rewrite"
)

// Options say what is mutated, and how long that may take.
type Options struct {
	Command   *Command
	Packages  []string // patterns of the packages to mutate; empty: those of the command
	Generated bool     // files that a program wrote are mutated too

	Only   []string      // requirements; empty: all
	Budget time.Duration // for all of it; 0: as long as it takes
	Sample int           // at most so many mutants; 0: all
	Seed   int64         // of the order, where Budget or Sample is given
	Jobs   int           // processes at a time

	Justified []justification.Survivor

	Cache    string         // a file that keeps what was decided; empty: nothing is kept
	Progress func(Progress) // is called now and then, by one goroutine at a time
}

// Progress is how far a run is.
type Progress struct {
	Stage string        // what is being done
	Done  int           // of All, in this stage
	All   int           // 0: not known
	Left  time.Duration // an estimate; 0: none yet
}

// run is a run of mutation testing.
type run struct {
	Options
	scratch  string
	env      []string
	set      *rewrite.Set
	binaries []*binary
	all      []*test
	report   *mutation.Report
	cache    *cache
}

// Run tests mutants. If ctx ends meanwhile, the report has what was decided by then, and
// says that the run was interrupted; before any mutant is tested, the error is that of ctx.
func Run(ctx context.Context, o Options) (_ *mutation.Report, err error) {
	scratch, err := os.MkdirTemp("", "oneline-mutate-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(scratch)
	r := &run{Options: o, scratch: scratch, env: os.Environ(), report: &mutation.Report{Schema: mutation.Schema, Command: o.Command.Text}}
	within := ctx
	if o.Budget > 0 {
		var cancel context.CancelFunc
		within, cancel = context.WithTimeout(ctx, o.Budget)
		defer cancel()
	}
	if err := r.prepare(within); err != nil {
		if ctx.Err() == nil && within.Err() != nil {
			return nil, fmt.Errorf("a budget of %s is not enough to build and run the tests once", o.Budget)
		}
		return nil, err
	}
	if err := r.decideAll(ctx, within); err != nil {
		return nil, err
	}
	r.report.Justify(o.Justified)
	r.report.Count(r.requirements(r.all), len(r.set.Mutants), len(o.Packages) == 0)
	return r.report, nil
}

// prepare builds the tests, and learns what each executes.
func (r *run) prepare(ctx context.Context) (err error) {
	r.progress(Progress{Stage: "rewriting the sources"})
	folder := filepath.Join(r.scratch, "rewritten")
	if err := os.Mkdir(folder, 0o700); err != nil {
		return err
	}
	patterns := r.Packages
	if len(patterns) == 0 {
		patterns = r.Command.Packages
	}
	r.set, err = rewrite.Mutate(ctx, rewrite.Options{
		Patterns: patterns, Flags: r.Command.Build, Folder: folder, Dir: r.Command.Dir, Generated: r.Generated,
	})
	if err != nil {
		return err
	}
	code, err := r.list(ctx)
	if err != nil {
		return err
	}
	if r.cache, err = r.openCache(code); err != nil {
		return err
	}
	r.env = r.set.Environ(r.env)
	r.progress(Progress{Stage: fmt.Sprintf("building the tests with %d mutants", len(r.set.Mutants))})
	if err := r.build(ctx); err != nil {
		return err
	}
	r.progress(Progress{Stage: "running the tests without a mutant"})
	if err := r.first(ctx); err != nil {
		return err
	}
	return r.alone(ctx)
}

// each does n things, several at a time, and tells how far it is.
func (r *run) each(ctx context.Context, stage string, n int, do func(ctx context.Context, i int) error) error {
	var mu sync.Mutex
	began, done := time.Now(), 0
	g, within := errgroup.WithContext(ctx)
	g.SetLimit(max(1, r.Jobs))
	for i := range n {
		g.Go(func() error {
			if within.Err() != nil {
				return within.Err()
			}
			if err := do(within, i); err != nil {
				return err
			}
			mu.Lock()
			defer mu.Unlock()
			done++
			r.progress(Progress{Stage: stage, Done: done, All: n, Left: time.Since(began) / time.Duration(done) * time.Duration(n-done)})
			return nil
		})
	}
	return g.Wait()
}

// first runs all tests once.
func (r *run) first(ctx context.Context) error {
	outcomes := make([]*outcome, len(r.binaries))
	err := r.each(ctx, "running the tests without a mutant", len(r.binaries), func(ctx context.Context, i int) (err error) {
		outcomes[i], err = r.start(ctx, r.binaries[i], nil, nil)
		return err
	})
	if err != nil {
		return err
	}
	for i, b := range r.binaries {
		tests, err := r.tests(b, outcomes[i])
		if err != nil {
			return err
		}
		r.all = append(r.all, tests...)
	}
	if len(r.all) == 0 && len(r.report.Unable) == 0 {
		return errors.New("no test named a requirement: the tests must use package trace or trace/gotest")
	}
	silent, err := r.set.Silent()
	if err == nil && len(silent) > 0 {
		err = fmt.Errorf("no test contained the rewritten code of %s: leave it out by -packages, or see what keeps -overlay from reaching its build", silent[0])
	}
	return err
}

// apart limits how many processes look for tests that depend on others.
const apart = 32

// alone runs each test by itself; where there are many, with a few that do not follow
// it. One that does not pass then is left out: what it notices may depend on others.
func (r *run) alone(ctx context.Context) error {
	wanted := slices.DeleteFunc(r.all, func(t *test) bool { return !slices.ContainsFunc(t.requirements, r.wanted) })
	for _, id := range r.Only {
		if !slices.ContainsFunc(wanted, func(t *test) bool { return slices.Contains(t.requirements, id) }) {
			return fmt.Errorf("-only %s: no test that passes names this requirement", id)
		}
	}
	if len(wanted) == 0 {
		return fmt.Errorf("no test passes without a mutant: %s", r.report.Unable[0])
	}
	var parts [][]*test
	for i := range min(apart, len(wanted)) {
		var part []*test
		for k := i; k < len(wanted); k += apart {
			part = append(part, wanted[k])
		}
		parts = append(parts, groups(part)...)
	}
	err := r.each(ctx, "running the tests apart from each other", len(parts), func(ctx context.Context, i int) error {
		err := r.try(ctx, parts[i])
		for _, t := range parts[i] {
			if err == nil && !t.able && len(parts[i]) > 1 {
				err = r.try(ctx, []*test{t})
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	for _, t := range wanted {
		if !t.able {
			r.report.Unable = append(r.report.Unable, fmt.Sprintf("%s: %s: it does not pass alone", t.importPath, t.name))
		}
	}
	slices.Sort(r.report.Unable)
	r.all = slices.DeleteFunc(wanted, func(t *test) bool { return !t.able })
	if len(r.all) == 0 {
		return fmt.Errorf("no test passes alone without a mutant: %s", r.report.Unable[0])
	}
	return nil
}

// try runs tests of one binary without a mutant, and notes which of them pass.
func (r *run) try(ctx context.Context, tests []*test) error {
	o, err := r.start(ctx, tests[0].binary, nil, tests)
	if err != nil {
		return err
	}
	startup := o.took
	for _, s := range o.specs {
		startup -= time.Duration(s.Seconds * float64(time.Second))
	}
	for _, t := range tests {
		s := o.specs[t.key]
		t.startup, t.able = max(0, startup), s != nil && passed(s)
	}
	return nil
}

// requirements are those of tests.
func (r *run) requirements(tests []*test) []string {
	ids := map[string]bool{}
	for _, t := range tests {
		for _, id := range t.requirements {
			if r.wanted(id) {
				ids[id] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(ids))
}

func (r *run) wanted(id string) bool { return len(r.Only) == 0 || slices.Contains(r.Only, id) }

func (r *run) progress(p Progress) {
	if r.Progress != nil {
		r.Progress(p)
	}
}

// order lists the mutants to decide: all, or a sample in an order of its own.
func (r *run) order(executed []*mutant) []*mutant {
	if r.Sample == 0 && r.Budget == 0 {
		return executed
	}
	r.report.Seed = r.Seed
	chosen := slices.Clone(executed)
	rand.New(rand.NewPCG(uint64(r.Seed), 0)).Shuffle(len(chosen), func(i, k int) { chosen[i], chosen[k] = chosen[k], chosen[i] })
	if r.Sample > 0 {
		chosen = chosen[:min(r.Sample, len(chosen))]
	}
	return chosen
}

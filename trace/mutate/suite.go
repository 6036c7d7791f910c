package mutate

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/read/process"
	"github.com/socket-oneline/oneline/reports/results"
	"github.com/socket-oneline/oneline/trace/cover"
	"github.com/socket-oneline/oneline/trace/record"
	"github.com/socket-oneline/oneline/trace/rewrite"
)

// binary is a test binary.
type binary struct {
	path, dir  string
	importPath string
}

// test is a test of requirements.
type test struct {
	*binary
	frontEnd     string
	key          string // identifies it among all tests
	name         string // for messages
	selector     string // a regular expression that chooses it alone
	requirements []string
	executes     map[int]bool // blocks
	seconds      float64
	startup      time.Duration // what its process takes beside it
	able         bool          // it passes without a mutant, and without the other tests
}

// list lists the packages of the command and all that they import, and finds those with
// tests.
func (r *run) list(ctx context.Context) (all []*rewrite.Package, err error) {
	all, err = rewrite.List(ctx, r.Command.Dir, r.env, slices.Concat([]string{"-deps", "-test"}, r.Command.Build, r.Command.Packages)...)
	if err != nil {
		return nil, err
	}
	for _, p := range all {
		if !p.DepOnly && p.ForTest == "" && len(p.TestGoFiles)+len(p.XTestGoFiles) > 0 {
			path := filepath.Join(r.scratch, fmt.Sprintf("%d.test.exe", len(r.binaries)))
			r.binaries = append(r.binaries, &binary{path: path, dir: p.Dir, importPath: p.ImportPath})
		}
	}
	if len(r.binaries) == 0 {
		return nil, fmt.Errorf("%s: no package has tests", r.Command.Text)
	}
	return all, nil
}

// build builds the test binaries, with all mutants in them.
func (r *run) build(ctx context.Context) error {
	for _, b := range r.binaries {
		args := slices.Concat([]string{"test", "-c", "-vet=off", "-o", b.path}, r.Command.Build, []string{b.importPath})
		if _, err := rewrite.Go(ctx, r.Command.Dir, r.env, args...); err != nil {
			return fmt.Errorf("the tests of %s do not build: %w", b.importPath, err)
		}
	}
	return nil
}

// outcome is what one process left.
type outcome struct {
	specs map[string]*results.Spec // by their keys
	took  time.Duration
}

// forEver limits runs without a mutant.
const forEver = 10 * time.Minute

// start runs tests of a binary with a mutant or, if it is nil, without one, and reads their
// evidence. If tests is nil, all run, and what they execute is counted.
func (r *run) start(ctx context.Context, b *binary, m *mutant, tests []*test) (*outcome, error) {
	dir, err := os.MkdirTemp(r.scratch, "evidence-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	env := slices.Concat(r.env, []string{"PWD=" + b.dir, record.Variable + "=" + dir, rewrite.MutantVariable + "=0"})
	flags, limited := append(slices.Clone(r.Command.Test), "-test.timeout=0"), forEver
	if tests != nil {
		env, flags = append(env, cover.Folder+"="), append(flags, selection(tests))
	}
	if m != nil {
		env, limited = append(env, fmt.Sprintf("%s=%d", rewrite.MutantVariable, m.Number)), limit(tests)
	}
	within, cancel := context.WithTimeout(ctx, limited)
	defer cancel()
	cmd := exec.CommandContext(within, b.path, append(flags, r.Command.Args...)...)
	cmd.Dir, cmd.Env = b.dir, env
	ownGroup(cmd)
	began := time.Now()
	err = cmd.Run()
	o := &outcome{specs: map[string]*results.Spec{}, took: time.Since(began)}
	exit := (*exec.ExitError)(nil)
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case within.Err() != nil && m == nil:
		return nil, fmt.Errorf("the tests of %s do not end within %s", b.importPath, limited)
	case err != nil && within.Err() == nil && !errors.As(err, &exit):
		return nil, err
	}
	return o, o.read(dir)
}

// read reads the evidence that a process has left.
func (o *outcome) read(dir string) error {
	files, err := filepath.Glob(filepath.Join(dir, "*.jsonl"))
	if err != nil {
		return err
	}
	for _, path := range files {
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		f, err := process.Parse(path, data)
		if err != nil {
			continue // a process that ended as it began to write
		}
		for i := range f.Suite.Specs {
			s := &f.Suite.Specs[i]
			s.Identity.Path[0] = f.Process.FrontEnd + " " + s.Identity.Path[0]
			o.specs[s.Identity.Key()] = s
		}
	}
	return nil
}

// verifications are those of all attempts at a spec.
func verifications(s *results.Spec) (all []evidence.Verification) {
	for i := range s.Attempted {
		all = append(all, s.Attempted[i].Verifications...)
	}
	return all
}

func failed(v evidence.Verification) bool { return !v.Passed }

// passed reports whether a spec passed, with a verification.
func passed(s *results.Spec) bool {
	all := verifications(s)
	return s.State == results.Passed && len(all) > 0 && !slices.ContainsFunc(all, failed)
}

// noticed reports whether a verification of a requirement failed.
func noticed(s *results.Spec, id string) bool {
	return slices.ContainsFunc(verifications(s), func(v evidence.Verification) bool { return failed(v) && slices.Contains(v.Requirements, id) })
}

// concluded reports whether a spec ran to its end, and failed through nothing but its
// verifications.
func concluded(s *results.Spec) bool {
	if len(s.Attempted) == 0 {
		return false
	}
	last := &s.Attempted[len(s.Attempted)-1]
	fair := s.State == results.Passed || s.State == results.Failed && slices.ContainsFunc(last.Verifications, failed)
	return fair && last.Completed && len(last.Faults) == 0
}

// tests are the tests of requirements that a binary ran. Those that did not pass are
// named.
func (r *run) tests(b *binary, o *outcome) (all []*test, err error) {
	for _, key := range slices.Sorted(maps.Keys(o.specs)) {
		s := o.specs[key]
		if len(s.Requirements) == 0 || s.State == results.Skipped || s.State == results.Pending || len(s.Attempted) == 0 {
			continue
		}
		t := &test{binary: b, key: key, name: s.Title, requirements: s.Requirements, seconds: s.Seconds, executes: map[int]bool{}}
		t.frontEnd, _, _ = strings.Cut(s.Identity.Path[0], " ")
		if t.frontEnd == evidence.Ginkgo {
			t.name = strings.Join(append(slices.Clone(s.Attempted[0].Containers), s.Title), " ")
			t.selector = " " + regexp.QuoteMeta(t.name) + "$" // the suite's title stands before it
		} else {
			parts := strings.Split(s.Title, "/")
			for k, part := range parts {
				parts[k] = "^" + regexp.QuoteMeta(part) + "$"
			}
			t.selector = strings.Join(parts, "/")
		}
		if !passed(s) {
			why, _, _ := strings.Cut(strings.TrimSpace(s.Failure), "\n")
			r.report.Unable = append(r.report.Unable, fmt.Sprintf("%s: %s: %s", b.importPath, t.name, cmp.Or(why, string(s.State))))
			continue
		}
		for k := range s.Attempted {
			for _, text := range []string{s.Attempted[k].Executed, s.Attempted[k].Shared} {
				if err := evidence.ParseNumbers(text, r.set.Blocks, func(n int) { t.executes[n] = true }); err != nil {
					return nil, fmt.Errorf("the evidence of %s is broken: %w", t.name, err)
				}
			}
		}
		all = append(all, t)
	}
	return all, nil
}

// selection is the flag that chooses tests of one front end.
func selection(tests []*test) string {
	var all []string
	for _, t := range tests {
		all = append(all, t.selector)
	}
	slices.Sort(all)
	all = slices.Compact(all)
	if tests[0].frontEnd == evidence.Ginkgo {
		return "-ginkgo.focus=" + strings.Join(all, "|")
	}
	return "-test.run=" + strings.Join(all, "|")
}

// groups are tests that one process can run: those of one binary and front end.
func groups(tests []*test) [][]*test {
	by := map[string][]*test{}
	for _, t := range tests {
		key := t.path + " " + t.frontEnd
		by[key] = append(by[key], t)
	}
	var all [][]*test
	for _, key := range slices.Sorted(maps.Keys(by)) {
		all = append(all, by[key])
	}
	return all
}

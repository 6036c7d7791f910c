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

// listed is a package as go list describes it: one of the command's, or one that these
// import.
type listed struct {
	Dir, ImportPath, ForTest                                         string
	Standard, DepOnly                                                bool
	Module                                                           *struct{ Path, Version string }
	GoFiles, CgoFiles, SFiles, EmbedFiles, TestGoFiles, XTestGoFiles []string
	TestEmbedFiles, XTestEmbedFiles                                  []string
}

// list lists the packages of the command and all that they import, and finds those with
// tests.
func (r *run) list(ctx context.Context) (all []*listed, err error) {
	all, err = rewrite.List[listed](ctx, r.command.Dir, r.env, slices.Concat([]string{"-deps", "-test"}, r.command.Build, r.command.Packages)...)
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
		return nil, fmt.Errorf("%s: no package has tests", r.command.Text)
	}
	return all, nil
}

// build builds the test binaries, with all mutants in them.
func (r *run) build(ctx context.Context) error {
	for _, b := range r.binaries {
		args := slices.Concat([]string{"test", "-c", "-vet=off", "-o", b.path}, r.command.Build, []string{b.importPath})
		if _, err := rewrite.Go(ctx, r.command.Dir, r.env, args...); err != nil {
			return fmt.Errorf("the tests of %s do not build: %w", b.importPath, err)
		}
	}
	return nil
}

// outcome is what one process left.
type outcome struct {
	specs    []results.Spec
	took     time.Duration
	timedOut bool
}

// start runs a test binary with a mutant, 0 for none, and reads its evidence.
func (r *run) start(ctx context.Context, b *binary, mutant int, counting bool, limit time.Duration, args ...string) (*outcome, error) {
	dir, err := os.MkdirTemp(r.scratch, "evidence-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	within, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	cmd := exec.CommandContext(within, b.path, slices.Concat(r.command.Test, args, []string{"-test.timeout=0"})...)
	cmd.Dir = b.dir
	cmd.Env = slices.Concat(r.env, []string{"PWD=" + b.dir, record.Variable + "=" + dir, fmt.Sprintf("%s=%d", rewrite.MutantVariable, mutant)})
	if !counting {
		cmd.Env = append(cmd.Env, cover.Folder+"=")
	}
	ownGroup(cmd)
	began := time.Now()
	err = cmd.Run()
	o := &outcome{took: time.Since(began), timedOut: within.Err() != nil}
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) && within.Err() == nil {
		return nil, err
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.jsonl"))
	if err != nil {
		return nil, err
	}
	for _, path := range files {
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		f, err := process.Parse(path, data)
		if err != nil {
			continue // a process that ended as it began to write
		}
		for i := range f.Suite.Specs {
			f.Suite.Specs[i].Identity.Path[0] = f.Process.FrontEnd + " " + f.Suite.Specs[i].Identity.Path[0]
		}
		o.specs = append(o.specs, f.Suite.Specs...)
	}
	return o, nil
}

// passed reports whether a spec passed, with a verification.
func passed(s *results.Spec) bool {
	verified := false
	for i := range s.Attempted {
		for _, v := range s.Attempted[i].Verifications {
			verified = true
			if !v.Passed {
				return false
			}
		}
	}
	return verified && s.State == results.Passed
}

// noticed reports whether a verification of a requirement failed.
func noticed(s *results.Spec, id string) bool {
	for i := range s.Attempted {
		for _, v := range s.Attempted[i].Verifications {
			if !v.Passed && slices.Contains(v.Requirements, id) {
				return true
			}
		}
	}
	return false
}

// tests are the tests of requirements that a binary ran. Those that did not pass are
// named.
func (r *run) tests(b *binary, o *outcome) (all []*test, err error) {
	for i := range o.specs {
		s := &o.specs[i]
		if len(s.Requirements) == 0 || s.State == results.Skipped || s.State == results.Pending || len(s.Attempted) == 0 {
			continue
		}
		first := s.Attempted[0]
		t := &test{binary: b, key: s.Identity.Key(), name: s.Title, requirements: s.Requirements, seconds: s.Seconds, executes: map[int]bool{}}
		t.frontEnd, _, _ = strings.Cut(s.Identity.Path[0], " ")
		if t.frontEnd == evidence.Ginkgo {
			t.name = strings.Join(append(slices.Clone(first.Containers), s.Title), " ")
			t.selector = " " + regexp.QuoteMeta(t.name) + "$" // the suite's title stands before it
		} else {
			parts := strings.Split(s.Title, "/")
			for k, part := range parts {
				parts[k] = "^" + regexp.QuoteMeta(part) + "$"
			}
			t.selector = strings.Join(parts, "/")
		}
		if !passed(s) {
			r.report.Unable = append(r.report.Unable, fmt.Sprintf("%s: %s: %s", b.importPath, t.name, firstLine(s.Failure, string(s.State))))
			continue
		}
		for k := range s.Attempted {
			for _, text := range []string{s.Attempted[k].Executed, s.Attempted[k].Shared} {
				if err := evidence.ParseNumbers(text, r.set.Blocks(), func(n int) { t.executes[n] = true }); err != nil {
					return nil, fmt.Errorf("the evidence of %s is broken: %w", t.name, err)
				}
			}
		}
		all = append(all, t)
	}
	return all, nil
}

// firstLine is the first line of a text, or the other text if it is empty.
func firstLine(text, other string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	return cmp.Or(line, other)
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

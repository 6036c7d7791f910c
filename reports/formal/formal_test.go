package formal_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/folder"
	"github.com/socket-oneline/oneline/reports/formal"
	"github.com/socket-oneline/oneline/reports/plan"
	"github.com/socket-oneline/oneline/reports/results"
)

// run is a formal run of two specs against which nothing can be said.
type run struct {
	manifest folder.Manifest
	model    reports.Model
	suite    results.Suite
}

func sound() *run {
	clean := folder.Tree{Commit: "c1", Tree: "t1", Clean: true}
	r := &run{
		manifest: folder.Manifest{
			Checkout: &folder.Checkout{Before: clean, After: clean},
			Inputs:   []folder.Input{{Role: folder.Lock, SHA256: "l1"}},
		},
		suite: results.Suite{Path: "example.com/sum", Name: "sums"},
	}
	p := reports.Protocol{ID: "TP-1", Desc: "sums"}
	for _, title := range []string{"adds", "subtracts"} {
		p.Specs = append(p.Specs, reports.Spec{
			Title: title, Location: "sum_test.go:7", Requirements: []string{"R-1"},
			Evidence: &evidence.Spec{Completed: true, Steps: []evidence.Step{{Number: 1, Text: "take 2 and 3"}}},
		})
		r.suite.Specs = append(r.suite.Specs, results.Spec{Title: title, Location: "sum_test.go:7", State: results.Passed, Attempts: 1})
	}
	r.model.Protocols = []reports.Protocol{p}
	return r
}

// A formal run must be what the test protocol says, from the sources of its commit.
func TestAfter(t *testing.T) {
	issued := formal.Plan(&sound().manifest, &sound().model)
	for _, test := range []struct {
		name   string
		change func(*run)
		want   []string // how the reasons begin
	}{
		{"nothing", func(*run) {}, nil},
		{"a table of one test", func(r *run) { r.suite.Specs[0].Attempts, r.suite.Specs[0].Repeated = 2, true }, nil},
		{"no repository", func(r *run) { r.manifest.Checkout = nil }, []string{"no commit is known: "}},
		{"changes before", func(r *run) {
			r.manifest.Checkout.Before.Clean, r.manifest.Checkout.Before.Changed = false, []string{"a.go", "b.go"}
		}, []string{"the repository holds uncommitted changes: a.go, b.go"}},
		{"another commit after", func(r *run) { r.manifest.Checkout.After.Commit = "c2" }, []string{"the repository changed while the run went on: "}},
		{"another tree after", func(r *run) {
			r.manifest.Checkout.After.Tree, r.manifest.Checkout.After.Changed = "t2", []string{"left.txt"}
		}, []string{"the repository changed while the run went on: left.txt"}},
		{"a filter", func(r *run) { r.suite.Filtered = true }, []string{"example.com/sum: not every spec was carried out: "}},
		{"a filter in a suite without a path", func(r *run) { r.suite.Filtered, r.suite.Path = true, "" }, []string{"sums: not every spec was carried out: "}},
		{"pending", func(r *run) { r.suite.Specs[1].State = results.Pending }, []string{`sum_test.go:7: the spec "subtracts" is pending`}},
		{"tried again", func(r *run) { r.suite.Specs[1].Attempts = 2 }, []string{`sum_test.go:7: the spec "subtracts" was tried again: `}},
		{"cached", func(r *run) { r.suite.Specs[0].NoEvidence = results.Cached }, []string{`example.com/sum: the result of "adds" was cached`}},
		{"another lock", func(r *run) { r.manifest.Inputs[0].SHA256 = "l2" }, []string{"protocol.json: the steps have changed since it was issued: the lock is another"}},
		{"no lock", func(r *run) { r.manifest.Inputs = nil }, []string{"protocol.json: the steps have changed since it was issued: the lock is another"}},
		{"another step", func(r *run) { r.model.Protocols[0].Specs[0].Evidence.Steps[0].Text = "take 2 and 4" }, []string{
			`protocol.json: the steps have changed since it was issued: TP-1 "adds" (sum_test.go:7) has changed: step "take 2 and 4" was "take 2 and 3"`,
		}},
		{"a spec less and one more", func(r *run) { r.model.Protocols[0].Specs[1].Title = "multiplies" }, []string{
			`protocol.json: the steps have changed since it was issued: TP-1 "subtracts" is no longer there`,
			`protocol.json: the steps have changed since it was issued: TP-1 "multiplies" (sum_test.go:7) is new`,
		}},
		{"everything", func(r *run) {
			r.manifest.Checkout, r.suite.Filtered = nil, true
			r.suite.Specs[0].State, r.suite.Specs[1].State = results.Pending, results.Pending
		}, []string{"no commit is known", "example.com/sum: not every", `sum_test.go:7: the spec "adds" is pending`, `sum_test.go:7: the spec "subtracts" is pending`}},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := sound()
			test.change(r)
			begin(t, formal.After(&r.manifest, "protocol.json", issued, &r.model, []*results.Results{{Suites: []results.Suite{r.suite}}}), test.want)
		})
	}
}

// begin holds reasons to their beginnings.
func begin(t *testing.T, got formal.Refusal, want []string) {
	t.Helper()
	ok := len(got) == len(want)
	for i := 0; ok && i < len(got); i++ {
		ok = strings.HasPrefix(got[i], want[i])
	}
	if !ok {
		t.Errorf("refused because of %q, want %q", got, want)
	}
}

// Of many changes some are named, and the others counted.
func TestManyChanges(t *testing.T) {
	var issued, now plan.Plan
	for i := range 25 {
		issued.Protocols = append(issued.Protocols, plan.Protocol{Protocol: evidence.Protocol{ID: fmt.Sprint("TP-", i)}})
	}
	var r formal.Refusal
	r.Steps("protocol.json", issued, now)
	if len(r) != 21 || r[20] != "protocol.json: there are 5 more changes: issue the test protocol again" {
		t.Errorf("%d reasons, the last is %q", len(r), r[len(r)-1])
	}
}

// Every reason says of what run it is one; without a reason there is no error.
func TestOf(t *testing.T) {
	if err := (formal.Refusal{}).Of("formal"); err != nil {
		t.Error(err)
	}
	if err := (formal.Refusal{"a", "b"}).Of("dryrun"); err == nil || err.Error() != "dryrun run refused: a\ndryrun run refused: b" {
		t.Error(err)
	}
}

// A formal run must not begin where nobody could run it again.
func TestBefore(t *testing.T) {
	for _, program := range []string{"git", "go"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("%s is not installed, and a formal run cannot be judged without it", program)
		}
	}
	commit := func(dir string) {
		for _, args := range [][]string{{"add", "."}, {"-c", "user.name=x", "-c", "user.email=x@example.com", "commit", "-q", "-m", "all"}} {
			git(t, dir, args...)
		}
	}
	outside := t.TempDir()
	replaced := "module example.com/sum\n\nrequire example.com/other v0.0.0\n\nreplace example.com/other => " + outside + "\n"
	for _, test := range []struct {
		name    string
		files   map[string]string
		args    []string
		env     string // GOFLAGS
		prepare func(dir string)
		want    []string
	}{
		{"nothing", nil, []string{"go", "test", "./..."}, "", commit, nil},
		{"no lock", map[string]string{"": ""}, nil, "", commit, []string{"there is no lock beside the requirements: "}},
		{"no repository", nil, nil, "", func(dir string) { _ = os.RemoveAll(filepath.Join(dir, ".git")) }, []string{"the working directory is in no git repository"}},
		{"no commit", nil, nil, "", func(string) {}, []string{"the repository has no commit yet"}},
		{"a new file", nil, nil, "", func(dir string) { commit(dir); write(t, dir, "new.go", "package sum") }, []string{
			"the repository holds uncommitted changes: commit or remove them: new.go",
		}},
		{"a repository that git cannot read", nil, nil, "", func(dir string) { commit(dir); write(t, dir, ".git/index", "junk") }, []string{"git status: "}},
		{"an overlay", nil, []string{"go", "test", "-overlay=x.json", "./..."}, "", commit, []string{"an overlay replaces sources (-overlay=x.json)"}},
		{"an overlay behind its flag", nil, []string{"go", "test", "--overlay", "x.json"}, "", commit, []string{"an overlay replaces sources (--overlay)"}},
		{"an overlay in GOFLAGS", nil, nil, "-overlay=x.json", commit, []string{"an overlay replaces sources (-overlay=x.json)"}},
		{"no overlay", nil, []string{"sh", "overlay", "overlay=x"}, "", commit, nil},
		{"a module from outside", map[string]string{"go.mod": replaced}, nil, "", commit, []string{
			"DIR/go.mod takes a module from " + outside + ", outside of the repository",
		}},
		{"a module from outside that is vendored", map[string]string{"go.mod": replaced, "vendor/modules.txt": ""}, nil, "", commit, nil},
		{"vendored, but -mod=mod", map[string]string{"go.mod": replaced, "vendor/modules.txt": ""}, nil, "-mod=mod", commit, []string{"DIR/go.mod takes a module from "}},
		{"a module from inside", map[string]string{"go.mod": "module example.com/sum\n\nreplace example.com/other => ./other\n"}, nil, "", commit, nil},
		{"a release in place of another", map[string]string{"go.mod": "module example.com/sum\n\nreplace example.com/other => example.com/fork v1.0.0\n"}, nil, "", commit, nil},
		{"a workspace", map[string]string{"go.work": "go 1.26\n\nuse (\n\t.\n\t" + outside + "\n)\n"}, nil, "", commit, []string{"DIR/go.work takes a module from " + outside}},
		{"a go.mod that cannot be read", map[string]string{"go.mod": "what is this\n"}, nil, "", commit, []string{"go mod: "}},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir, err := filepath.EvalSymlinks(t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			git(t, dir, "init", "-q")
			write(t, dir, "go.mod", "module example.com/sum\n")
			m := &folder.Manifest{Inputs: []folder.Input{{Role: folder.Lock}}}
			for name, text := range test.files {
				if name == "" {
					m.Inputs = nil
					continue
				}
				write(t, dir, name, text)
			}
			test.prepare(dir)
			t.Chdir(dir)
			t.Setenv("GOFLAGS", test.env)
			t.Setenv("GOWORK", "")
			want := make([]string, len(test.want))
			for i, reason := range test.want {
				want[i] = strings.Replace(reason, "DIR", dir, 1)
			}
			begin(t, formal.Before(t.Context(), m, test.args, ""), want)
		})
	}
}

func git(t *testing.T, dir string, args ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "git", args...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("git %v: %v\n%s", args, err, out)
	}
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

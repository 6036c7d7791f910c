package checkout_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/socket-oneline/oneline/reports/checkout"
	"github.com/socket-oneline/oneline/reports/folder"
)

// repository makes one in dir, with a commit of one file.
func repository(t *testing.T, dir string) {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("no git on this machine")
	}
	run(t, dir, "init", "-q")
	write(t, dir, "a.txt", "a")
	run(t, dir, "add", ".")
	run(t, dir, "commit", "-q", "-m", "first")
}

func run(t *testing.T, dir string, args ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "git", append([]string{"-c", "user.name=x", "-c", "user.email=x@example.com", "-c", "protocol.file.allow=always"}, args...)...)
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

func tree(t *testing.T, dir, leftOut string) folder.Tree {
	t.Helper()
	r, err := checkout.Open(t.Context(), dir, leftOut)
	if r == nil || err != nil {
		t.Fatalf("there is no repository: %v", err)
	}
	return r.State
}

// What differs from the commit is seen, new files too, and the folder of the run is not
// looked at. Nothing in the repository changes by that.
func TestTree(t *testing.T) {
	dir := t.TempDir()
	repository(t, dir)
	out := filepath.Join(dir, "sub", "out[1]*")
	clean := tree(t, dir, out)
	if !clean.Clean || len(clean.Commit) < 40 || len(clean.Tree) < 40 || len(clean.Changed) > 0 {
		t.Errorf("%+v", clean)
	}
	write(t, out, "run.json", "{}")
	if got := tree(t, filepath.Join(dir, "sub"), out); !got.Clean || got.Tree != clean.Tree {
		t.Errorf("with a folder that is left out: %+v", got)
	}
	write(t, dir, "new\nfile.txt", "b")
	dirty := tree(t, dir, out)
	if dirty.Clean || dirty.Commit != clean.Commit || dirty.Tree == clean.Tree || !slices.Equal(dirty.Changed, []string{"new\nfile.txt"}) {
		t.Errorf("%+v", dirty)
	}
	if again := tree(t, dir, out); again.Tree != dirty.Tree {
		t.Errorf("the same files have two hashes: %s, %s", dirty.Tree, again.Tree)
	}
	t.Chdir(filepath.Join(dir, "sub"))
	if below := tree(t, ".", out); below.Tree != dirty.Tree {
		t.Errorf("seen from a folder in it, the repository has another hash: %s, %s", dirty.Tree, below.Tree)
	}
	write(t, dir, "new\nfile.txt", "c")
	if other := tree(t, dir, out); other.Tree == dirty.Tree {
		t.Error("other files have the same hash")
	}
	run(t, dir, "mv", "a.txt", "sub/out[1]*/a.txt")
	if got := tree(t, dir, out); !slices.Equal(got.Changed, []string{"a.txt", "new\nfile.txt"}) {
		t.Errorf("a file was moved into the folder that is left out: %+v", got)
	}
	run(t, dir, "reset", "-q", "--hard")
	run(t, dir, "add", "new\nfile.txt")
	run(t, dir, "commit", "-q", "-m", "second")
	if now := tree(t, dir, out); !now.Clean || now.Commit == clean.Commit {
		t.Errorf("%+v", now)
	}
}

// A submodule that holds something else is a difference.
func TestSubmodule(t *testing.T) {
	inner, dir := t.TempDir(), t.TempDir()
	repository(t, inner)
	repository(t, dir)
	run(t, dir, "submodule", "-q", "add", inner, "inner")
	run(t, dir, "commit", "-q", "-m", "with inner")
	if got := tree(t, dir, ""); !got.Clean {
		t.Fatalf("%+v", got)
	}
	write(t, dir, "inner/b.txt", "b")
	if got := tree(t, dir, ""); got.Clean {
		t.Errorf("%+v", got)
	}
}

// A folder of the run that lies in a submodule can only be seen as a change of that: the
// files of the repository have the same hash.
func TestWithinSubmodule(t *testing.T) {
	inner, dir := t.TempDir(), t.TempDir()
	repository(t, inner)
	repository(t, dir)
	run(t, dir, "submodule", "-q", "add", inner, "inner")
	run(t, dir, "commit", "-q", "-m", "with inner")
	out := filepath.Join(dir, "inner", "sub", "out")
	clean := tree(t, dir, out)
	write(t, out, "run.json", "{}")
	if got := tree(t, dir, out); !clean.Clean || got.Clean || got.Tree != clean.Tree || !slices.Equal(got.Changed, []string{"inner"}) {
		t.Errorf("%+v, then %+v", clean, got)
	}
	write(t, dir, "a.txt", "b")
	if got := tree(t, dir, out); got.Tree == clean.Tree || !slices.Equal(got.Changed, []string{"a.txt", "inner"}) {
		t.Errorf("with a change: %+v", got)
	}
}

// What the user tells git of patterns hides no change.
func TestPatterns(t *testing.T) {
	dir := t.TempDir()
	repository(t, dir)
	write(t, dir, "OUT/b.txt", "b")
	for _, name := range []string{"LITERAL", "GLOB", "NOGLOB", "ICASE"} {
		t.Setenv("GIT_"+name+"_PATHSPECS", "1")
		if got := tree(t, dir, filepath.Join(dir, "out")); !slices.Equal(got.Changed, []string{"OUT/b.txt"}) {
			t.Errorf("%s: %+v", name, got)
		}
		t.Setenv("GIT_"+name+"_PATHSPECS", "0")
	}
}

// Without a repository nothing is known; without a commit the files are.
func TestNoRepository(t *testing.T) {
	dir := t.TempDir()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	t.Setenv("GIT_CEILING_DIRECTORIES", filepath.Dir(dir)) // temporary files may lie in a repository
	if r, err := checkout.Open(t.Context(), dir, ""); r != nil || err != nil {
		t.Fatalf("found %+v, %v where there is no repository", r, err)
	}
	run(t, dir, "init", "-q")
	write(t, dir, "a.txt", "a")
	if got := tree(t, dir, ""); got.Clean || got.Commit != "" || len(got.Tree) < 40 {
		t.Errorf("%+v", got)
	}
}

// Package checkout finds out what stands in a git repository: the commit, and whether
// anything differs from it.
package checkout

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/socket-oneline/oneline/reports/folder"
)

// A Repository is a working tree of git, and what stood in it when it was opened.
type Repository struct {
	State          folder.Tree // submodules included
	dir, leftOut   string      // as given to Open
	top            string      // path of the working tree
	index, objects string      // paths of git's own files
	files          []string    // the patterns by which git finds all files but those in leftOut
}

// Open finds the repository that contains dir. It returns nil if dir is in no repository,
// or git is not installed. Whatever lies in the folder leftOut is ignored.
func Open(ctx context.Context, dir, leftOut string) (*Repository, error) {
	// Before the first commit this fails, but prints the paths.
	found, unknown := git(ctx, dir, nil, "rev-parse", "--show-toplevel", "--git-path", "index", "--git-path", "objects", "HEAD", "HEAD^{tree}")
	lines := strings.Split(found, "\n")
	if len(lines) < 5 {
		return nil, nil
	}
	for i, name := range lines[:3] { // git before 2.31 prints relative ones only
		if !filepath.IsAbs(name) {
			name = filepath.Join(dir, name)
		}
		var err error
		if lines[i], err = filepath.Abs(name); err != nil {
			return nil, err
		}
	}
	r := &Repository{dir: dir, leftOut: leftOut, top: lines[0], index: lines[1], objects: lines[2], files: []string{":(top)"}}
	if rel, inside := within(r.top, leftOut); inside && !nested(r.top, rel) {
		r.files = append(r.files, ":(top,exclude,literal)"+rel)
	}
	if unknown == nil {
		r.State.Commit, r.State.Tree = lines[3], lines[4]
	}
	if err := r.changed(ctx); err != nil {
		return nil, err
	}
	return r, nil
}

// changed finds out what differs from the commit.
func (r *Repository) changed(ctx context.Context) error {
	const most = 10
	t := &r.State
	status := []string{"status", "--porcelain", "-z", "--no-renames", "--untracked-files=all", "--ignore-submodules=none", "--"}
	entries, err := git(ctx, r.dir, nil, append(status, r.files...)...)
	if err != nil {
		return err
	}
	for entry := range strings.SplitSeq(entries, "\x00") {
		if len(entry) > len("XY ") && len(t.Changed) < most {
			t.Changed = append(t.Changed, entry[len("XY "):])
		}
	}
	t.Clean = len(t.Changed) == 0
	if !t.Clean || t.Commit == "" {
		t.Tree, err = r.writeTree(ctx)
	}
	return err
}

// Since returns what stood in the repository and what stands there now; nil if there is
// no repository, or none any more.
func (r *Repository) Since(ctx context.Context) (*folder.Checkout, error) {
	if r == nil {
		return nil, nil
	}
	now, err := Open(ctx, r.dir, r.leftOut)
	if now == nil || err != nil {
		return nil, err
	}
	return &folder.Checkout{Before: r.State, After: now.State}, nil
}

// Holds reports whether a folder is in the working tree.
func (r *Repository) Holds(dir string) bool {
	rel, inside := within(r.top, dir)
	return inside || rel == "."
}

// within returns the path of a folder in the working tree, and reports whether it is
// there, below the top.
func within(top, dir string) (rel string, inside bool) {
	if dir == "" {
		return "", false
	}
	rel, err := filepath.Rel(resolved(top), resolved(dir))
	return filepath.ToSlash(rel), err == nil && filepath.IsLocal(rel) && rel != "."
}

// nested reports whether a path in the working tree lies in another one, such as that of a
// submodule. git add refuses a pattern there, and its tree has the submodule's commit alone.
func nested(top, rel string) bool {
	for dir := path.Dir(rel); dir != "."; dir = path.Dir(dir) {
		if _, err := os.Lstat(filepath.Join(top, dir, ".git")); err == nil {
			return true
		}
	}
	return false
}

// resolved returns the absolute path of a folder without links, as far as it exists.
func resolved(dir string) string {
	if abs, err := filepath.Abs(dir); err == nil {
		dir = abs
	}
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		dir = real
	}
	return dir
}

// writeTree computes git's hash of the working tree. The index and the objects that this
// takes are in a temporary folder: the repository is not touched.
func (r *Repository) writeTree(ctx context.Context) (string, error) {
	scratch, err := os.MkdirTemp("", "oneline-tree-*")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(scratch)
	copied := filepath.Join(scratch, "index")
	if data, err := os.ReadFile(r.index); err == nil { // with what it knows of files, few need be read
		if err := os.WriteFile(copied, data, 0o600); err != nil {
			return "", err
		}
	} else if !errors.Is(err, os.ErrNotExist) {
		return "", err
	}
	env := []string{"GIT_INDEX_FILE=" + copied, "GIT_OBJECT_DIRECTORY=" + scratch, "GIT_ALTERNATE_OBJECT_DIRECTORIES=" + r.objects}
	if _, err := git(ctx, r.top, env, append([]string{"add", "--all", "--"}, r.files...)...); err != nil {
		return "", err
	}
	tree, err := git(ctx, r.top, env, "write-tree")
	return strings.TrimSpace(tree), err
}

// settings make git print English, take no locks, and read patterns as they are meant
// here, whatever its user prefers.
var settings = []string{
	"GIT_OPTIONAL_LOCKS=0", "LC_ALL=C",
	"GIT_LITERAL_PATHSPECS=0", "GIT_GLOB_PATHSPECS=0", "GIT_NOGLOB_PATHSPECS=0", "GIT_ICASE_PATHSPECS=0",
}

// git runs a command of git's that changes nothing in the repository, and returns what it
// printed, also where it fails.
func git(ctx context.Context, dir string, env []string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "git", args...)
	cmd.Dir = dir
	cmd.Env = slices.Concat(os.Environ(), settings, env)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		line, _, _ := strings.Cut(strings.TrimSpace(errs.String()), "\n")
		err = fmt.Errorf("git %s: %w: %s", args[0], err, line)
	}
	return string(out), err
}

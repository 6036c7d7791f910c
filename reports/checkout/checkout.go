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
	"path/filepath"
	"strings"

	"github.com/socket-oneline/oneline/reports/folder"
)

// A Repository is a working tree of git. The zero value is none.
type Repository struct {
	top            string // path of the working tree
	index, objects string // paths of git's own files
	exclude        string // pathspec of the folder that is left out; empty: none
}

// Open finds the repository that holds dir, or returns false: then there is none, or no
// git on this machine. The folder leftOut may lie in it and is not looked at.
func Open(ctx context.Context, dir, leftOut string) (Repository, bool) {
	found, err := git(ctx, dir, nil, "rev-parse", "--show-toplevel", "--git-path", "index", "--git-path", "objects")
	lines := strings.Split(strings.TrimSuffix(found, "\n"), "\n")
	if err != nil || len(lines) != 3 {
		return Repository{}, false
	}
	for i, line := range lines {
		if filepath.IsAbs(line) {
			continue
		}
		if lines[i], err = filepath.Abs(filepath.Join(dir, line)); err != nil {
			return Repository{}, false
		}
	}
	r := Repository{top: lines[0], index: lines[1], objects: lines[2]}
	if rel, inside := within(r.top, leftOut); inside {
		r.exclude = ":(top,exclude,literal)" + rel
	}
	return r, true
}

// Holds reports whether a folder is in the working tree.
func (r Repository) Holds(dir string) bool {
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

// Tree returns the state of the repository, submodules included.
func (r Repository) Tree(ctx context.Context) (t folder.Tree, err error) {
	head := make(chan string, 1)
	go func() { // beside git status, which takes longer
		found, _ := git(ctx, r.top, nil, "rev-parse", "HEAD", "HEAD^{tree}") // fails before the first commit
		head <- found
	}()
	status, err := git(ctx, r.top, nil, r.paths("status", "--porcelain", "-z", "--untracked-files=all", "--ignore-submodules=none")...)
	if commit, tree, found := strings.Cut(<-head, "\n"); found && tree != "" {
		t.Commit, t.Tree = commit, strings.TrimSpace(tree)
	}
	if err != nil {
		return t, err
	}
	for entry := range strings.SplitSeq(status, "\x00") {
		const most = 10
		if len(entry) > 3 && entry[2] == ' ' && len(t.Changed) < most { // the others are old names of files that were renamed
			t.Changed = append(t.Changed, entry[3:])
		}
	}
	if t.Clean = status == ""; !t.Clean || t.Commit == "" {
		t.Tree, err = r.writeTree(ctx)
	}
	return t, err
}

// paths adds to a command of git's which paths it is about.
func (r Repository) paths(args ...string) []string {
	args = append(args, "--", ":(top)")
	if r.exclude != "" {
		args = append(args, r.exclude)
	}
	return args
}

// writeTree computes git's hash of the working tree. The index and the objects that this
// takes are in a temporary folder: the repository is not touched.
func (r Repository) writeTree(ctx context.Context) (string, error) {
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
	if _, err := git(ctx, r.top, env, r.paths("add", "--all")...); err != nil {
		return "", err
	}
	tree, err := git(ctx, r.top, env, "write-tree")
	return strings.TrimSpace(tree), err
}

// git runs a command of git's that changes nothing in the repository.
func git(ctx context.Context, dir string, env []string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "git", args...)
	cmd.Dir = dir
	cmd.Env = append(append(os.Environ(), "GIT_OPTIONAL_LOCKS=0", "LC_ALL=C"), env...)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		line, _, _ := strings.Cut(strings.TrimSpace(errs.String()), "\n")
		return "", fmt.Errorf("git %s: %w: %s", args[0], err, line)
	}
	return string(out), nil
}

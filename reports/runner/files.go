package runner

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/socket-oneline/oneline/reports/folder"
)

// noted is what a file was like before the command.
type noted struct {
	time   time.Time
	inode  any
	sha256 string
}

// watch notes the result files that are there before the command starts, so that those
// of an earlier run are recognized.
type watch struct {
	patterns []string
	before   map[string]noted
	leftOut  string // the folder of the run: its files are no results
}

func newWatch(patterns []string, leftOut string) (*watch, error) {
	w := &watch{patterns: patterns, before: make(map[string]noted), leftOut: leftOut}
	for _, pattern := range patterns {
		if _, err := path.Match(strings.ReplaceAll(filepath.ToSlash(pattern), "**", "*"), ""); err != nil {
			return nil, fmt.Errorf("-results %s: the pattern is not valid: close each [ by ], and end with no backslash", pattern)
		}
		found, err := matching(pattern, leftOut)
		if err != nil {
			return nil, err
		}
		for _, name := range found {
			if w.before[name], err = note(name); err != nil {
				return nil, err
			}
		}
	}
	return w, nil
}

// note looks at a file, through links.
func note(name string) (n noted, err error) {
	f, err := os.Open(name)
	if err != nil {
		return n, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return n, err
	}
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return n, err
	}
	return noted{info.ModTime(), inode(info), hex.EncodeToString(h.Sum(nil))}, nil
}

// written returns the files that the command has written, as documents in the folder to,
// and what is wrong with the rest: a file from before, or a pattern that matches nothing. A
// file below the working directory keeps its path.
func (w *watch) written(to string) (copies []folder.Document, problems []string, err error) {
	var names []string
	for _, pattern := range w.patterns {
		found, err := matching(pattern, w.leftOut)
		if err != nil {
			return nil, nil, err
		}
		if len(found) == 0 {
			problems = append(problems, fmt.Sprintf("-results %s: no file matches it after the command: correct the pattern, or have the command write its results there", pattern))
		}
		for _, name := range found {
			now, err := note(name)
			if err != nil {
				return nil, nil, err
			}
			if before, there := w.before[name]; there && before == now {
				problems = append(problems, fmt.Sprintf("%s: the command has not written it: it was there before, and is of an earlier run. Some build tools skip tests whose inputs have not changed: make them run (gradle cleanTest, bazel test --nocache_test_results), or remove the file before", name))
			} else if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	for i, name := range names {
		kept := name
		if !filepath.IsLocal(name) { // it gets a number, with which no other file has its name
			for n := i; kept == name || slices.Contains(names, kept); n += len(names) {
				kept = filepath.Join(strconv.Itoa(n), filepath.Base(name))
			}
		}
		copies = append(copies, folder.Document{Name: path.Join(to, filepath.ToSlash(kept)), Write: copyOf(name)})
	}
	return copies, problems, nil
}

// copyOf returns a function that copies a file, which may be larger than memory.
func copyOf(name string) func(io.Writer) error {
	return func(w io.Writer) error {
		f, err := os.Open(name)
		if err != nil {
			return err
		}
		defer f.Close()
		_, err = io.Copy(w, f)
		return err
	}
}

// matching lists the files that match a pattern, sorted. In it ** stands for any number
// of folders, also none; links to folders are not followed there.
func matching(pattern, leftOut string) (names []string, err error) {
	segments := strings.Split(filepath.ToSlash(filepath.Clean(pattern)), "/")
	root := "."
	if filepath.IsAbs(pattern) {
		root = filepath.VolumeName(pattern) + string(filepath.Separator)
		segments = segments[1:]
	}
	var walk func(dir string, rest []string) error
	walk = func(dir string, rest []string) error {
		switch {
		case leftOut != "" && folder.Same(dir, leftOut):
			return nil
		case rest[0] == "**" && len(rest) > 1:
			if err := walk(dir, rest[1:]); err != nil {
				return err
			}
		case rest[0] == "..":
			return walk(filepath.Join(dir, ".."), rest[1:])
		}
		entries, err := os.ReadDir(dir)
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) {
			return nil
		} else if err != nil {
			return err
		}
		for _, entry := range entries {
			name := filepath.Join(dir, entry.Name())
			if rest[0] == "**" && entry.IsDir() {
				if err := walk(name, rest); err != nil {
					return err
				}
			}
			if ok, _ := path.Match(rest[0], entry.Name()); !ok || rest[0] == "**" && len(rest) > 1 {
				continue
			}
			info, err := os.Stat(name)
			switch {
			case err != nil: // a link that leads nowhere
			case len(rest) > 1 && info.IsDir():
				if err := walk(name, rest[1:]); err != nil {
					return err
				}
			case len(rest) == 1 && info.Mode().IsRegular():
				names = append(names, name)
			}
		}
		return nil
	}
	err = walk(root, segments)
	slices.Sort(names)
	return slices.Compact(names), err
}

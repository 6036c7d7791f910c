// Package rewrite has the compiler build rewritten sources, by the -overlay flag of
// the go command: each statement counts that it is executed, and each mutant waits
// behind its number. Nothing in the tree of sources changes, and lines stay where
// they are, so that failures and panics name the places of the original.
//
// A rewritten package gains a file that imports some of the standard library and
// nothing else. A process of such a program maps a file into its memory, in the
// folder that ONELINE_COVER names, and leaves its counters there, however it ends.
// Package cover reads them in a test process.
//
// Files that use cgo are left alone, and so are packages that embed their own Go
// files. Packages that do not import each other may be initialized in another
// order than without.
package rewrite

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/trace/cover"
)

// Options say what is rewritten.
type Options struct {
	Patterns  []string // of packages, as for go list
	Flags     []string // build flags of the command that will build, such as -tags=x
	Folder    string   // where to write; it exists, and is an absolute path
	Dir       string   // where the go command runs; empty: the working directory
	Env       []string // its environment; nil: that of this process
	Generated bool     // files that a program wrote are rewritten too
}

// Set is a set of packages that were rewritten.
type Set struct {
	Code    *evidence.Structure
	Mutants []Mutant
	Blocks  int // how many the code has

	Left []string // files and packages that are left alone, and why

	options  Options
	session  string
	fileSet  *token.FileSet
	packages []*Package
	files    []*source         // of all packages, as Code lists them
	replaced map[string]string // what stands in for a file
	goflags  string            // without an overlay, a blank behind each
}

// Counters rewrites packages so that they count what is executed.
func Counters(ctx context.Context, o Options) (*Set, error) { return rewrite(ctx, o, false) }

// Mutate rewrites packages so that they count what is executed, and contain mutants.
func Mutate(ctx context.Context, o Options) (*Set, error) { return rewrite(ctx, o, true) }

func rewrite(ctx context.Context, o Options, mutated bool) (*Set, error) {
	s := &Set{Code: &evidence.Structure{}, options: o, fileSet: token.NewFileSet(), replaced: map[string]string{}}
	var err error
	if s.options.Dir, err = filepath.Abs(o.Dir); err != nil {
		return nil, err
	}
	if err := s.mergeFlags(ctx); err != nil {
		return nil, err
	}
	if err := s.load(ctx); err != nil {
		return nil, err
	}
	s.count()
	if mutated {
		if err := s.mutate(ctx); err != nil {
			return nil, err
		}
	}
	return s, s.write()
}

// count puts counters into all sources, and describes them.
func (s *Set) count() {
	module := s.packages[0].Module.Path
	oneModule := !slices.ContainsFunc(s.packages, func(p *Package) bool { return p.Module.Path != module })
	for _, p := range s.packages {
		s.files = append(s.files, p.sources...)
	}
	hash := sha256.New()
	for i, f := range s.files {
		f.number, f.before = i, len(s.files)
		s.Blocks = f.count(s.Blocks)
		sum := sha256.Sum256(f.text)
		name := f.pkg.ImportPath + "/" + f.name
		if oneModule {
			name = strings.TrimPrefix(name, module+"/")
		}
		s.Code.Files = append(s.Code.Files, evidence.SourceFile{
			Name: name, Package: f.pkg.ImportPath, Text: string(f.text), SHA256: hex.EncodeToString(sum[:]), Functions: f.functions,
		})
		fmt.Fprintln(hash, name, s.Blocks, hex.EncodeToString(sum[:]))
	}
	s.session = hex.EncodeToString(hash.Sum(nil))[:12]
}

// write writes what replaces the sources, the overlay and the description of the
// code.
func (s *Set) write() error {
	for i, p := range s.packages {
		texts := s.added(p)
		for name := range texts {
			if _, err := os.Lstat(filepath.Join(p.Dir, name)); err == nil {
				return fmt.Errorf("%s exists: rename it, the name is needed for a file that is added", filepath.Join(p.Dir, name))
			}
		}
		for _, f := range p.sources {
			texts[f.name] = fmt.Appendf(f.edits.apply(f.text), "\nfunc init() { _oneline_hit(%d) }\n", f.number)
		}
		if err := s.replace(i, p.Dir, texts); err != nil {
			return err
		}
	}
	overlay, err := json.Marshal(struct{ Replace map[string]string }{s.replaced})
	if err != nil {
		return err
	}
	if err := os.WriteFile(s.overlayPath(), overlay, 0o600); err != nil {
		return err
	}
	return s.describe()
}

// describe writes the description of the code.
func (s *Set) describe() error {
	code, err := json.Marshal(cover.Code{Session: s.session, Structure: *s.Code})
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(s.options.Folder, cover.CodeFile), code, 0o600)
}

func (s *Set) overlayPath() string { return filepath.Join(s.options.Folder, "overlay.json") }

// replace has texts stand in for the files of a package, by name. They are written under
// names that the go command ignores. That may know the folder by a path with links in it,
// or by the one without.
func (s *Set) replace(number int, dir string, texts map[string][]byte) error {
	resolved, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return err
	}
	for name, text := range texts {
		path := filepath.Join(s.options.Folder, fmt.Sprintf("_%d_%s", number, name))
		if err := os.WriteFile(path, text, 0o600); err != nil {
			return err
		}
		s.replaced[filepath.Join(dir, name)] = path
		s.replaced[filepath.Join(resolved, name)] = path
	}
	return nil
}

// mergeFlags takes over GOFLAGS, and the replacements of an overlay that they name.
func (s *Set) mergeFlags(ctx context.Context) error {
	if strings.ContainsAny(s.options.Folder, " \t\n\"'") {
		return fmt.Errorf("%s: the go command takes no blanks and quotes in GOFLAGS: choose another folder", s.options.Folder)
	}
	output, err := Go(ctx, s.options.Dir, s.options.Env, "env", "GOFLAGS")
	if err != nil {
		return err
	}
	for _, flag := range strings.Fields(string(output)) {
		path, ok := strings.CutPrefix(strings.TrimLeft(flag, "-"), "overlay=")
		if !ok {
			s.goflags += flag + " "
		} else if err := s.inherit(path); err != nil {
			return fmt.Errorf("the overlay that GOFLAGS names cannot be read: %w", err)
		}
	}
	return nil
}

// inherit takes over the replacements of another overlay.
func (s *Set) inherit(path string) error {
	absolute := func(path string) string {
		if path == "" || filepath.IsAbs(path) {
			return path
		}
		return filepath.Join(s.options.Dir, path)
	}
	data, err := os.ReadFile(absolute(path))
	if err != nil {
		return err
	}
	var overlay struct{ Replace map[string]string }
	if err := json.Unmarshal(data, &overlay); err != nil {
		return err
	}
	for name, by := range overlay.Replace {
		s.replaced[absolute(name)] = absolute(by)
	}
	return nil
}

// Environ extends an environment, so that the go command builds what was rewritten,
// and its programs count.
func (s *Set) Environ(env []string) []string {
	return append(slices.Clone(env), "GOFLAGS="+s.goflags+"-overlay="+s.overlayPath(), cover.Folder+"="+s.options.Folder)
}

// Silent names the packages that should have been part of a process and were not:
// each that a pattern names by itself, and of those that a pattern with ... matches,
// each that has tests or that a package which ran imports.
func (s *Set) Silent() (silent []string, err error) {
	ran, err := cover.Ran(s.options.Folder, s.session, len(s.files))
	if err != nil {
		return nil, err
	}
	heard, imported := map[string]bool{}, map[string]bool{} // packages that ran, and that these import
	for i, f := range s.files {
		s.Code.Files[i].NotBuilt = !ran[i]
		if ran[i] && !heard[f.pkg.ImportPath] {
			heard[f.pkg.ImportPath] = true
			for _, path := range f.pkg.Imports {
				imported[path] = true
			}
		}
	}
	for _, p := range s.packages {
		hasCode := slices.ContainsFunc(p.sources, func(f *source) bool { return f.built && len(f.functions) > 0 })
		named := !slices.ContainsFunc(p.Match, func(pattern string) bool { return strings.Contains(pattern, "...") })
		switch {
		case heard[p.ImportPath], !hasCode:
		case named, imported[p.ImportPath], len(p.TestGoFiles)+len(p.XTestGoFiles) > 0:
			silent = append(silent, p.ImportPath)
		default:
			s.Left = append(s.Left, p.ImportPath+": it has no tests, and no process contained it")
		}
	}
	return silent, nil
}

// Rewrote reports whether the file at path was rewritten.
func (s *Set) Rewrote(path string) bool {
	return slices.ContainsFunc(s.files, func(f *source) bool { return f.path() == path })
}

// Finish removes all that was written, except for the description of the code,
// which now says which files no process contained. It returns what [Set.Silent] does.
func (s *Set) Finish() ([]string, error) {
	silent, err := s.Silent()
	if err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(s.options.Folder)
	if err != nil {
		return nil, err
	}
	for _, entry := range entries {
		if err := os.RemoveAll(filepath.Join(s.options.Folder, entry.Name())); err != nil {
			return nil, err
		}
	}
	return silent, s.describe()
}

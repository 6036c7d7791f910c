package rewrite

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/socket-oneline/oneline/reports/evidence"
)

// Package is a package as go list describes it.
type Package struct {
	Dir, ImportPath, Name, Export, ForTest                     string
	GoFiles, CgoFiles, IgnoredGoFiles, SFiles, EmbedFiles      []string
	TestGoFiles, XTestGoFiles, TestEmbedFiles, XTestEmbedFiles []string
	Imports, Match                                             []string
	Standard, DepOnly                                          bool
	Module                                                     struct{ Path, Version, GoVersion string }
	Error                                                      *struct{ Err string }

	files   map[string]*ast.File // those that are built, by path
	sources []*source            // those that are rewritten, sorted by name
}

// source is a file that is rewritten.
type source struct {
	pkg     *Package
	name    string // of the file
	built   bool   // go list chose it, for this system and these tags
	text    []byte
	file    *ast.File
	fileSet *token.FileSet

	number, before int // of the file, and of all files
	first, next    int // numbers of its first block, and of the one behind its last
	edits          edits
	functions      []evidence.Function
	spans          []span
}

func (s *source) path() string { return filepath.Join(s.pkg.Dir, s.name) }

func (s *source) offset(pos token.Pos) int { return s.fileSet.File(s.file.Package).Offset(pos) }

func (s *source) position(pos token.Pos) token.Position { return s.fileSet.PositionFor(pos, false) }

// between is the text between two places.
func (s *source) between(from, to token.Pos) string {
	return string(s.text[s.offset(from):s.offset(to)])
}

// code is how a node is written.
func (s *source) code(n ast.Node) string { return s.between(n.Pos(), n.End()) }

// list asks go list for packages that can be rewritten.
func (s *Set) list(ctx context.Context, args ...string) ([]*Package, error) {
	all, err := List(ctx, s.options.Dir, s.options.Env, slices.Concat(s.options.Flags, args)...)
	for _, p := range all {
		if p.Error != nil && !p.DepOnly {
			return nil, fmt.Errorf("package %s: %s", p.ImportPath, strings.TrimSpace(p.Error.Err))
		}
	}
	return all, err
}

// List asks go list for packages.
func List(ctx context.Context, dir string, env []string, args ...string) (all []*Package, err error) {
	var fields []string
	for _, f := range reflect.VisibleFields(reflect.TypeFor[Package]()) {
		if f.IsExported() {
			fields = append(fields, f.Name)
		}
	}
	output, err := Go(ctx, dir, env, append([]string{"list", "-json=" + strings.Join(fields, ",")}, args...)...)
	if err != nil {
		return nil, errors.New(strings.Join(strings.Fields(err.Error()), " "))
	}
	for d := json.NewDecoder(bytes.NewReader(output)); d.More(); {
		p := new(Package)
		if err := d.Decode(p); err != nil {
			return nil, fmt.Errorf("the output of go list cannot be read: %w", err)
		}
		all = append(all, p)
	}
	return all, nil
}

// Go runs the go command in a folder, and returns what it prints. Of a command that fails,
// that is part of the error.
func Go(ctx context.Context, dir string, env []string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir, cmd.Env = dir, env
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) } // it ends what it has started
	cmd.WaitDelay = 5 * time.Second
	var problems bytes.Buffer
	cmd.Stderr = &problems
	output, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go %s: %w: %s", args[0], err, strings.TrimSpace(problems.String()+string(output)))
	}
	return output, nil
}

// load finds the packages to rewrite, sorted, and parses their files.
func (s *Set) load(ctx context.Context) (err error) {
	if s.packages, err = s.list(ctx, append([]string{"--"}, s.options.Patterns...)...); err != nil {
		return err
	}
	slices.SortFunc(s.packages, func(a, b *Package) int { return strings.Compare(a.ImportPath, b.ImportPath) })
	for _, p := range s.packages {
		switch {
		case p.Standard:
			return fmt.Errorf("%s belongs to Go itself, and cannot be rewritten", p.ImportPath)
		case embedsGo(p):
			s.Left = append(s.Left, p.ImportPath+": it embeds its own Go files")
			continue
		}
		p.files = map[string]*ast.File{}
		for _, name := range slices.Sorted(slices.Values(slices.Concat(p.CgoFiles, p.GoFiles, p.IgnoredGoFiles))) {
			if err := s.parse(p, name); err != nil {
				return err
			}
		}
	}
	s.packages = slices.DeleteFunc(s.packages, func(p *Package) bool { return len(p.sources) == 0 })
	if len(s.packages) == 0 {
		return fmt.Errorf("%s: no Go files to rewrite", strings.Join(s.options.Patterns, " "))
	}
	return nil
}

// embedsGo reports whether a package would find what is rewritten, or added, in
// the files that it embeds.
func embedsGo(p *Package) bool {
	return slices.ContainsFunc(p.EmbedFiles, func(name string) bool {
		return filepath.Dir(name) == "." && filepath.Ext(name) == ".go"
	})
}

// parse parses a file, and adds it to the sources of its package. It passes over one that
// is left alone, or that does not belong to the package whatever the build tags are.
func (s *Set) parse(p *Package, name string) error {
	f := &source{pkg: p, name: name, built: !slices.Contains(p.IgnoredGoFiles, name), fileSet: s.fileSet}
	text, err := os.ReadFile(cmp.Or(s.replaced[f.path()], f.path()))
	if err != nil {
		return err
	}
	f.text = text
	f.file, err = parser.ParseFile(s.fileSet, f.path(), f.text, parser.ParseComments|parser.SkipObjectResolution)
	switch {
	case err != nil && f.built:
		return err
	case err != nil, f.file.Name.Name != p.Name, strings.HasSuffix(name, "_test.go"), !f.built && slices.ContainsFunc(f.file.Imports, isC):
		return nil
	}
	if f.built {
		p.files[f.path()] = f.file
	}
	switch {
	case slices.Contains(p.CgoFiles, name):
		s.Left = append(s.Left, p.ImportPath+"/"+name+": it uses cgo")
	case !s.options.Generated && ast.IsGenerated(f.file):
		s.Left = append(s.Left, p.ImportPath+"/"+name+": a program wrote it")
	default:
		p.sources = append(p.sources, f)
	}
	return nil
}

// isC reports whether an import has cgo translate its file.
func isC(i *ast.ImportSpec) bool { return strings.Trim(i.Path.Value, "`\"") == "C" }

// BuildFlags returns those flags of a go or ginkgo command that choose files, such as
// -tags=x.
func BuildFlags(command []string) (flags []string) {
	for i, arg := range command {
		name, value, hasValue := strings.Cut(strings.TrimLeft(arg, "-"), "=")
		switch {
		case arg == "--" || arg == "-args" || arg == "--args":
			return flags
		case !strings.HasPrefix(arg, "-"):
		case name == "race" && !hasValue:
			flags = append(flags, "-race")
		case name != "tags" && name != "mod" && name != "modfile":
		case hasValue:
			flags = append(flags, "-"+name+"="+value)
		case i+1 < len(command):
			flags = append(flags, "-"+name+"="+command[i+1])
		}
	}
	return flags
}

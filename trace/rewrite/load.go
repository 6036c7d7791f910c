package rewrite

import (
	"bytes"
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

// listed is a package as go list describes it.
type listed struct {
	Dir, ImportPath, Name, Export                 string
	GoFiles, CgoFiles, IgnoredGoFiles, EmbedFiles []string
	TestGoFiles, XTestGoFiles, Imports, Match     []string
	Standard, DepOnly                             bool
	Module                                        struct{ Path, GoVersion string }
	Error                                         *struct{ Err string }

	files   map[string]*ast.File // those that are built, by path
	sources []*source            // those that are rewritten, sorted by name
}

// source is a file that is rewritten.
type source struct {
	pkg   *listed
	name  string // of the file
	built bool   // go list chose it, for this system and these tags
	text  []byte
	file  *ast.File
	files *token.FileSet

	number, before int // of the file, and of all files
	first, next    int // numbers of its first block, and of the one behind its last
	edits          edits
	functions      []evidence.Function
	spans          []span
}

func (s *source) path() string { return filepath.Join(s.pkg.Dir, s.name) }

func (s *source) offset(pos token.Pos) int { return s.files.File(s.file.Package).Offset(pos) }

func (s *source) position(pos token.Pos) token.Position { return s.files.PositionFor(pos, false) }

// between is the text between two places.
func (s *source) between(from, to token.Pos) string {
	return string(s.text[s.offset(from):s.offset(to)])
}

// code is how a node is written.
func (s *source) code(n ast.Node) string { return s.between(n.Pos(), n.End()) }

// list asks go list for packages that can be rewritten.
func (o *Options) list(ctx context.Context, args ...string) ([]*listed, error) {
	all, err := List[listed](ctx, o.Dir, o.Env, slices.Concat(o.Flags, args)...)
	for _, p := range all {
		if p.Error != nil && !p.DepOnly {
			return nil, fmt.Errorf("package %s: %s", p.ImportPath, strings.TrimSpace(p.Error.Err))
		}
	}
	return all, err
}

// List asks go list for packages, with those properties that T has fields for.
func List[T any](ctx context.Context, dir string, env []string, args ...string) ([]*T, error) {
	var fields []string
	for _, f := range reflect.VisibleFields(reflect.TypeFor[T]()) {
		if f.IsExported() {
			fields = append(fields, f.Name)
		}
	}
	output, err := Go(ctx, dir, env, append([]string{"list", "-json=" + strings.Join(fields, ",")}, args...)...)
	if err != nil {
		return nil, errors.New(strings.Join(strings.Fields(err.Error()), " "))
	}
	var all []*T
	for d := json.NewDecoder(bytes.NewReader(output)); d.More(); {
		p := new(T)
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

// load finds the packages to rewrite, sorted, and parses their files. It says which files
// of these packages are left alone, and why.
func (o *Options) load(ctx context.Context) (packages []*listed, left []string, err error) {
	packages, err = o.list(ctx, append([]string{"--"}, o.Patterns...)...)
	if err != nil {
		return nil, nil, err
	}
	slices.SortFunc(packages, func(a, b *listed) int { return strings.Compare(a.ImportPath, b.ImportPath) })
	for _, p := range packages {
		switch {
		case p.Standard:
			return nil, nil, fmt.Errorf("%s belongs to Go itself, and cannot be rewritten", p.ImportPath)
		case embedsGo(p):
			left = append(left, p.ImportPath+": it embeds its own Go files")
			continue
		}
		p.files = map[string]*ast.File{}
		names := slices.Concat(p.CgoFiles, p.GoFiles, p.IgnoredGoFiles)
		slices.Sort(names)
		for _, name := range names {
			s, reason, err := o.parse(p, name)
			switch {
			case err != nil:
				return nil, nil, err
			case reason != "":
				left = append(left, p.ImportPath+"/"+name+": "+reason)
			case s != nil:
				p.sources = append(p.sources, s)
			}
		}
	}
	packages = slices.DeleteFunc(packages, func(p *listed) bool { return len(p.sources) == 0 })
	if len(packages) == 0 {
		return nil, nil, fmt.Errorf("%s: no Go files to rewrite", strings.Join(o.Patterns, " "))
	}
	return packages, left, nil
}

// embedsGo reports whether a package would find what is rewritten, or added, in
// the files that it embeds.
func embedsGo(p *listed) bool {
	return slices.ContainsFunc(p.EmbedFiles, func(name string) bool {
		return filepath.Dir(name) == "." && filepath.Ext(name) == ".go"
	})
}

// parse parses a file. One that does not belong to the package, whatever the build
// tags are, is nil; of one that is left alone it gives the reason.
func (o *Options) parse(p *listed, name string) (_ *source, reason string, _ error) {
	s := &source{pkg: p, name: name, built: !slices.Contains(p.IgnoredGoFiles, name), files: o.files}
	var err error
	if s.text, err = o.read(s.path()); err != nil {
		return nil, "", err
	}
	s.file, err = parser.ParseFile(s.files, s.path(), s.text, parser.ParseComments|parser.SkipObjectResolution)
	switch {
	case err != nil && s.built:
		return nil, "", err
	case err != nil, s.file.Name.Name != p.Name, strings.HasSuffix(name, "_test.go"), !s.built && slices.ContainsFunc(s.file.Imports, isC):
		return nil, "", nil
	}
	if s.built {
		p.files[s.path()] = s.file
	}
	switch {
	case slices.Contains(p.CgoFiles, name):
		return nil, "it uses cgo", nil
	case !o.Generated && ast.IsGenerated(s.file):
		return nil, "a program wrote it", nil
	}
	return s, "", nil
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

package rewrite

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Mutant is one change of the code. It is compiled in, and takes effect in a process
// whose environment variable [MutantVariable] is its number.
type Mutant struct {
	Number   int
	File     string // as in the description of the code
	Line     int
	Column   int
	Function string // such as server.Server.Serve
	Operator string // what it does, such as Condition
	Diff     string // the changed lines, as a diff without context
	Block    int    // the block that executes it
	Source   string // SHA-256 of the file
}

// MutantVariable chooses the mutant that takes effect.
const MutantVariable = "ONELINE_MUTANT"

// What mutants do.
const (
	Condition = "condition" // a condition is negated, or && and || are exchanged
	Boundary  = "boundary"  // < and <=, or > and >=, are exchanged
	Operator  = "operator"  // an arithmetic operator is exchanged
	Statement = "statement" // an assignment or another statement without a call is removed
	Call      = "call"      // a call is removed
	Value     = "value"     // a returned value is replaced
	Error     = "error"     // a returned error is replaced by nil, or nil by an error
)

// mutate adds the mutants of all sources that are built. Where the compiler would
// refuse one, the mutants on its line are not made.
func (s *Set) mutate(ctx context.Context) error {
	imports, err := s.exports(ctx)
	if err != nil {
		return err
	}
	for _, p := range s.packages {
		if err := s.mutatePackage(p, imports); err != nil {
			return err
		}
	}
	if len(s.Mutants) == 0 {
		return fmt.Errorf("%s: nothing in these packages can be mutated", strings.Join(s.options.Patterns, " "))
	}
	return nil
}

func (s *Set) mutatePackage(p *Package, imports types.Importer) error {
	info := &types.Info{Types: map[ast.Expr]types.TypeAndValue{}, Uses: map[*ast.Ident]types.Object{}}
	if problems := s.check(p, imports, info, nil); len(problems) > 0 {
		return fmt.Errorf("the types of %s are not known: %w", p.ImportPath, problems[0])
	}
	counters := make([]edits, len(p.sources))
	for i, f := range p.sources {
		counters[i] = f.edits
	}
	number, refused := len(s.Mutants), map[line]bool{}
	for range 10 {
		s.Mutants = s.Mutants[:number]
		texts := map[string][]byte{}
		for i, f := range p.sources {
			f.edits = slices.Clone(counters[i])
			if f.built {
				m := &mutating{source: f, info: info, set: s, refused: refused}
				m.all()
				texts[f.path()] = f.edits.apply(f.text)
			}
		}
		for name, text := range s.added(p) {
			if name == "00_oneline.go" || name == "00_oneline_other.go" {
				texts[filepath.Join(p.Dir, name)] = text
			}
		}
		problems := s.check(p, imports, nil, texts)
		if len(problems) == 0 {
			return nil
		}
		for _, problem := range problems {
			at := problem.Fset.PositionFor(problem.Pos, false)
			if refused[line{at.Filename, at.Line}] {
				return fmt.Errorf("%s cannot be rewritten: %w", p.ImportPath, problem)
			}
			refused[line{at.Filename, at.Line}] = true
		}
	}
	return fmt.Errorf("%s cannot be rewritten: too many mutants do not compile", p.ImportPath)
}

// line is a line of a source.
type line struct {
	path   string
	number int
}

// exports compiles what the packages import, and returns an importer of it.
func (s *Set) exports(ctx context.Context) (types.Importer, error) {
	all, err := s.list(ctx, slices.Concat([]string{"-export", "-deps", "--"}, addedImports, s.options.Patterns)...)
	if err != nil {
		return nil, err
	}
	files := map[string]string{}
	for _, p := range all {
		files[p.ImportPath] = p.Export
	}
	return importer.ForCompiler(token.NewFileSet(), "gc", func(path string) (io.ReadCloser, error) {
		if files[path] == "" {
			return nil, fmt.Errorf("%s was not compiled", path)
		}
		return os.Open(files[path])
	}), nil
}

// check checks the types of a package, in which texts stand in for some files, or are
// added.
func (s *Set) check(p *Package, imports types.Importer, info *types.Info, texts map[string][]byte) (problems []types.Error) {
	files := maps.Clone(p.files)
	for path, text := range texts {
		f, err := parser.ParseFile(s.fileSet, path, text, parser.SkipObjectResolution)
		if err != nil {
			return []types.Error{{Fset: s.fileSet, Msg: err.Error()}}
		}
		files[path] = f
	}
	var sorted []*ast.File
	for _, path := range slices.Sorted(maps.Keys(files)) {
		sorted = append(sorted, files[path])
	}
	config := types.Config{Importer: imports, FakeImportC: true, Sizes: types.SizesFor("gc", "amd64"), Error: func(err error) {
		if problem, ok := errors.AsType[types.Error](err); ok {
			problems = append(problems, problem)
		}
	}}
	if p.Module.GoVersion != "" {
		config.GoVersion = "go" + p.Module.GoVersion
	}
	_, _ = config.Check(p.ImportPath, s.fileSet, sorted, info)
	return problems
}

// executing is the number of the innermost block that executes what is at pos, or -1. Blocks
// stand behind those that they are in.
func (s *source) executing(pos token.Pos) int {
	for _, block := range slices.Backward(s.spans) {
		if block.from <= pos && pos < block.end {
			return block.number
		}
	}
	return -1
}

// diff shows what it is to have text in place of what stands between two places.
func (s *source) diff(from, to token.Pos, text string) string {
	first, last := s.position(from), s.position(to)
	lines := strings.Split(string(s.text), "\n")
	changed := lines[first.Line-1][:first.Column-1] + text + lines[last.Line-1][last.Column-1:]
	var b strings.Builder
	show := func(sign string, lines []string) {
		for _, line := range lines {
			if strings.TrimSpace(line) != "" {
				b.WriteString(sign + line + "\n")
			}
		}
	}
	show("-", lines[first.Line-1:last.Line])
	show("+", strings.Split(changed, "\n"))
	return b.String()
}

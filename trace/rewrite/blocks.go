package rewrite

import (
	"fmt"
	"go/ast"
	"go/token"
	"strings"

	"github.com/socket-oneline/oneline/reports/evidence"
)

// span is the place of a block: a run of statements that are executed together, and have a
// counter.
type span struct {
	from, end token.Pos // end is that of its last statement, with all that is in it
	number    int
}

// count puts counters into the functions of the file. The first block has the number
// given; the result is the number of the next file's first block.
func (s *source) count(first int) int {
	s.first, s.next = first, first
	for _, declaration := range s.file.Decls {
		switch d := declaration.(type) {
		case *ast.FuncDecl:
			if d.Body != nil {
				s.function(s.functionName(d), d.Body)
			}
		case *ast.GenDecl: // function literals of variables
			for _, spec := range d.Specs {
				if v, ok := spec.(*ast.ValueSpec); ok {
					for _, value := range v.Values {
						s.function(v.Names[0].Name, value)
					}
				}
			}
		}
	}
	return s.next
}

// functionName is the name of a function, with its receiver's type.
func (s *source) functionName(d *ast.FuncDecl) string {
	if d.Recv == nil || len(d.Recv.List) == 0 {
		return d.Name.Name
	}
	of := d.Recv.List[0].Type
	name, _, _ := strings.Cut(s.between(of.Pos(), of.End()), "[") // of type parameters
	return strings.Trim(name, "*() ") + "." + d.Name.Name
}

// function counts the blocks of a function, and of the literals in it.
func (s *source) function(name string, in ast.Node) {
	f := evidence.Function{Name: s.pkg.Name + "." + name}
	ast.Inspect(in, func(n ast.Node) bool {
		f.Blocks = append(f.Blocks, s.list(statements(n))...)
		if n, ok := n.(*ast.IfStmt); ok {
			if other, ok := n.Else.(*ast.IfStmt); ok {
				s.edits.around(s.offset(other.Pos()), s.offset(other.End()), "{ "+s.hit()+"; ", " }")
				f.Blocks = append(f.Blocks, s.block([]ast.Stmt{other}))
			}
		}
		return true
	})
	if len(f.Blocks) > 0 {
		s.functions = append(s.functions, f)
	}
}

// statements are those that stand in a node one after the other.
func statements(n ast.Node) []ast.Stmt {
	switch n := n.(type) {
	case *ast.BlockStmt:
		return n.List
	case *ast.CaseClause:
		return n.Body
	case *ast.CommClause:
		return n.Body
	}
	return nil
}

// list counts a list of statements: a block ends with the first statement that may
// continue elsewhere than at the next one. Clauses have lists of their own.
func (s *source) list(list []ast.Stmt) (blocks []evidence.Block) {
	for len(list) > 0 {
		first := list[0]
		switch first.(type) {
		case *ast.CaseClause, *ast.CommClause:
			return nil
		}
		if l, ok := first.(*ast.LabeledStmt); ok && !isLoop(l.Stmt) {
			first = l.Stmt // the counter stands behind the label: whoever jumps there counts
		}
		if empty, ok := first.(*ast.EmptyStmt); ok && empty.Implicit { // a label in front of a brace
			return blocks
		}
		n := 1
		for last := first; !endsBlock(last) && n < len(list); n++ {
			last = list[n]
			if l, ok := last.(*ast.LabeledStmt); ok && !isLoop(l.Stmt) {
				break
			}
		}
		if _, ok := first.(*ast.BlockStmt); !ok || n > 1 { // else, what is in it counts
			s.edits.at(s.offset(first.Pos()), s.hit()+"; ")
			blocks = append(blocks, s.block(append([]ast.Stmt{first}, list[1:n]...)))
		}
		list = list[n:]
	}
	return blocks
}

// hit is the statement that counts the next block. The counters of the files stand
// before those of the blocks.
func (s *source) hit() string { return fmt.Sprintf("_oneline_hit(%d)", s.before+s.next) }

// block is the next block. It ends at the first brace of its last statement.
func (s *source) block(list []ast.Stmt) evidence.Block {
	from, last := list[0].Pos(), list[len(list)-1]
	s.spans = append(s.spans, span{from, last.End(), s.next})
	s.next++
	to := last.End()
	if braces := firstBraces(last); braces != nil {
		to = braces.Lbrace
	}
	begin, end := s.position(from), s.position(to)
	return evidence.Block{begin.Line, begin.Column, end.Line, end.Column, len(list)}
}

// isLoop reports whether a label belongs to a statement that break and continue
// may name: nothing may come between the two.
func isLoop(s ast.Stmt) bool {
	switch s.(type) {
	case *ast.ForStmt, *ast.RangeStmt, *ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.SelectStmt:
		return true
	}
	return false
}

// endsBlock reports whether execution may not reach the statement after this one,
// or reach it by another way.
func endsBlock(s ast.Stmt) bool {
	switch s := s.(type) {
	case *ast.BranchStmt, *ast.ReturnStmt, *ast.LabeledStmt:
		return true
	case *ast.ExprStmt:
		if isPanic(s) {
			return true
		}
	}
	return firstBraces(s) != nil
}

func isPanic(s *ast.ExprStmt) bool {
	call, ok := s.X.(*ast.CallExpr)
	if !ok {
		return false
	}
	name, ok := call.Fun.(*ast.Ident)
	return ok && name.Name == "panic"
}

// firstBraces are the first braces with statements in a node, such as the body of a loop
// or of a function literal; nil if there are none.
func firstBraces(n ast.Node) *ast.BlockStmt {
	for n := range ast.Preorder(n) {
		if braces, ok := n.(*ast.BlockStmt); ok {
			return braces
		}
	}
	return nil
}

package rewrite

import (
	"fmt"
	"go/ast"
	"go/token"
	"strings"

	"github.com/socket-oneline/oneline/reports/evidence"
)

// counting puts a counter into every block of a file: a run of statements that
// are executed together.
type counting struct {
	*source
	number    int // of the file
	before    int // counters that stand before those of blocks: one for each file
	first     int // number of the first block
	next      int // ... and of the next one
	edits     edits
	functions []evidence.Function
	spans     []span
}

// span is a block with its place in the text.
type span struct {
	from, end token.Pos // end is that of its last statement, with all that is in it
	number    int
}

// count counts the functions of the file.
func (c *counting) count() {
	for _, declaration := range c.file.Decls {
		switch d := declaration.(type) {
		case *ast.FuncDecl:
			if d.Body != nil {
				c.function(functionName(d), d.Body)
			}
		case *ast.GenDecl: // function literals of variables
			for _, spec := range d.Specs {
				if v, ok := spec.(*ast.ValueSpec); ok {
					for _, value := range v.Values {
						c.function(v.Names[0].Name, value)
					}
				}
			}
		}
	}
}

// functionName is the name of a function, with its receiver's type.
func functionName(d *ast.FuncDecl) string {
	if d.Recv == nil || len(d.Recv.List) == 0 {
		return d.Name.Name
	}
	of := d.Recv.List[0].Type
	for {
		switch t := of.(type) {
		case *ast.StarExpr:
			of = t.X
		case *ast.ParenExpr:
			of = t.X
		case *ast.IndexExpr:
			of = t.X
		case *ast.IndexListExpr:
			of = t.X
		case *ast.Ident:
			return t.Name + "." + d.Name.Name
		default:
			return d.Name.Name
		}
	}
}

// function counts the blocks of a function, and of the literals in it.
func (c *counting) function(name string, in ast.Node) {
	f := evidence.Function{Name: c.pkg.Name + "." + name}
	ast.Inspect(in, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BlockStmt:
			f.Blocks = append(f.Blocks, c.list(n.List)...)
		case *ast.CaseClause:
			f.Blocks = append(f.Blocks, c.list(n.Body)...)
		case *ast.CommClause:
			f.Blocks = append(f.Blocks, c.list(n.Body)...)
		case *ast.IfStmt:
			if other, ok := n.Else.(*ast.IfStmt); ok {
				from, to := c.offset(other.Pos()), c.offset(other.End())
				c.edits.around(from, to, "{ "+c.hit()+"; ", " }")
				f.Blocks = append(f.Blocks, c.block(other.Pos(), boundary(other), other.End(), 1))
			}
		}
		return true
	})
	if len(f.Blocks) > 0 {
		c.functions = append(c.functions, f)
	}
}

// list counts a list of statements: a block ends with the first statement that may
// continue elsewhere than at the next one. Clauses have lists of their own.
func (c *counting) list(list []ast.Stmt) (blocks []evidence.Block) {
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
			c.edits.at(c.offset(first.Pos()), c.hit()+"; ")
			blocks = append(blocks, c.block(first.Pos(), boundary(list[n-1]), list[n-1].End(), n))
		}
		list = list[n:]
	}
	return blocks
}

// hit is the statement that counts the next block.
func (c *counting) hit() string { return fmt.Sprintf("_oneline_hit(%d)", c.before+c.next) }

func (c *counting) block(from, to, last token.Pos, statements int) evidence.Block {
	c.spans = append(c.spans, span{from, last, c.next})
	c.next++
	begin, end := c.position(from), c.position(to)
	return evidence.Block{begin.Line, begin.Column, end.Line, end.Column, statements}
}

// isLoop reports whether a label belongs to a statement that break and continue
// may name: nothing may come between the two.
func isLoop(s ast.Stmt) bool {
	_, is := s.(*ast.IfStmt)
	return !is && body(s) != nil
}

// body is the body of a statement that has one.
func body(s ast.Stmt) *ast.BlockStmt {
	switch s := s.(type) {
	case *ast.IfStmt:
		return s.Body
	case *ast.ForStmt:
		return s.Body
	case *ast.RangeStmt:
		return s.Body
	case *ast.SwitchStmt:
		return s.Body
	case *ast.TypeSwitchStmt:
		return s.Body
	case *ast.SelectStmt:
		return s.Body
	}
	return nil
}

// endsBlock reports whether execution may not reach the statement after this one,
// or reach it by another way.
func endsBlock(s ast.Stmt) bool {
	switch s.(type) {
	case *ast.BlockStmt, *ast.BranchStmt, *ast.ReturnStmt, *ast.LabeledStmt:
		return true
	}
	return body(s) != nil || isPanic(s) || literal(s) != nil
}

func isPanic(s ast.Stmt) bool {
	e, ok := s.(*ast.ExprStmt)
	if !ok {
		return false
	}
	call, ok := e.X.(*ast.CallExpr)
	if !ok {
		return false
	}
	name, ok := call.Fun.(*ast.Ident)
	return ok && name.Name == "panic"
}

// literal is the first function literal of a node; nil if there is none.
func literal(n ast.Node) (found *ast.FuncLit) {
	ast.Inspect(n, func(n ast.Node) bool {
		if f, ok := n.(*ast.FuncLit); ok && found == nil {
			found = f
		}
		return found == nil
	})
	return found
}

// boundary is where the block that a statement ends is over: at the brace of its
// body or of its first function literal, or at its end.
func boundary(s ast.Stmt) token.Pos {
	end := s.End()
	if l, ok := s.(*ast.LabeledStmt); ok {
		end = boundary(l.Stmt)
	} else if block, ok := s.(*ast.BlockStmt); ok {
		return block.Lbrace
	} else if b := body(s); b != nil {
		end = b.Lbrace
	}
	if f := literal(s); f != nil {
		end = min(end, f.Body.Lbrace)
	}
	return end
}

// importsC reports whether cgo translates a file.
func importsC(f *ast.File) bool {
	for _, i := range f.Imports {
		if strings.Trim(i.Path.Value, "`\"") == "C" {
			return true
		}
	}
	return false
}

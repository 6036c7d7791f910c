package rewrite

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// mutating puts mutants into the functions of a file.
type mutating struct {
	*counting
	info     *types.Info
	set      *Set
	refused  map[int]bool // lines without mutants, since they would not compile
	function string
}

// file makes the mutants of all functions.
func (m *mutating) file() {
	for _, declaration := range m.counting.file.Decls {
		if d, ok := declaration.(*ast.FuncDecl); ok && d.Body != nil {
			m.function = m.pkg.Name + "." + functionName(d)
			m.walk(d.Type, d.Body)
		}
	}
}

// walk makes the mutants of a function.
func (m *mutating) walk(signature *ast.FuncType, body *ast.BlockStmt) {
	var results []types.Type
	if signature.Results != nil {
		for _, field := range signature.Results.List {
			for range max(1, len(field.Names)) {
				results = append(results, m.info.TypeOf(field.Type))
			}
		}
	}
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			m.walk(n.Type, n.Body)
			return false
		case *ast.BlockStmt:
			m.list(n.List, results)
		case *ast.CaseClause:
			m.list(n.Body, results)
		case *ast.CommClause:
			m.list(n.Body, results)
		case *ast.IfStmt:
			m.leaf(n.Cond)
		case *ast.ForStmt:
			m.leaf(n.Cond)
		case *ast.UnaryExpr:
			if n.Op == token.NOT && m.isBool(n) {
				m.negate(n, m.between(n.X.Pos(), n.X.End()))
			}
		case *ast.BinaryExpr:
			m.binary(n)
		}
		return true
	})
}

// add makes a mutant that has text in place of what stands between two places. It
// returns the expression that is true where the mutant takes effect, or false if the
// mutant is not to be made.
func (m *mutating) add(operator string, from, to token.Pos, text string) (active string, ok bool) {
	at := m.position(from)
	block := m.executing(from)
	for line := at.Line; line <= m.position(to).Line; line++ {
		if m.refused[line] {
			return "", false
		}
	}
	if block < 0 {
		return "", false
	}
	file := &m.set.Code.Files[m.counting.number]
	number := len(m.set.Mutants) + 1
	m.set.Mutants = append(m.set.Mutants, Mutant{
		Number: number, File: file.Name, Line: at.Line, Column: at.Column, Function: m.function, Operator: operator,
		Diff: m.diff(from, to, text), Block: block, Source: file.SHA256,
	})
	return fmt.Sprintf("_oneline_on(%d)", number), true
}

// wrap puts texts around a node.
func (m *mutating) wrap(n ast.Node, before, after string) {
	m.edits.around(m.offset(n.Pos()), m.offset(n.End()), before, after)
}

// list makes the mutants of a list's own statements.
func (m *mutating) list(list []ast.Stmt, results []types.Type) {
	for _, s := range list {
		if l, ok := s.(*ast.LabeledStmt); ok {
			s = l.Stmt
		}
		switch s := s.(type) {
		case *ast.ReturnStmt:
			m.returned(s, results)
		case *ast.ExprStmt:
			if !isPanic(s) {
				m.remove(s)
			}
		case *ast.SendStmt, *ast.GoStmt, *ast.DeferStmt:
			m.remove(s)
		case *ast.IncDecStmt:
			m.remove(s)
			m.exchange(s, s.X, s.TokPos, map[token.Token]token.Token{token.INC: token.DEC, token.DEC: token.INC}[s.Tok], s.Tok)
		case *ast.AssignStmt:
			if s.Tok == token.DEFINE || isBlank(s) {
				continue
			}
			m.remove(s)
			if s.Tok != token.ASSIGN {
				m.exchange(s, s.Lhs[0], s.TokPos, assignments[s.Tok], s.Tok)
			}
		}
	}
}

// isBlank reports whether an assignment has no effect but that of its right side,
// and that calls nothing.
func isBlank(s *ast.AssignStmt) bool {
	for _, left := range s.Lhs {
		if name, ok := left.(*ast.Ident); !ok || name.Name != "_" {
			return false
		}
	}
	return !calls(s)
}

// calls reports whether a node contains a call.
func calls(n ast.Node) (found bool) {
	ast.Inspect(n, func(n ast.Node) bool {
		_, is := n.(*ast.CallExpr)
		found = found || is
		return !found
	})
	return found
}

// remove makes the mutant that lacks a statement.
func (m *mutating) remove(s ast.Stmt) {
	operator := Statement
	switch s.(type) {
	case *ast.ExprStmt, *ast.GoStmt, *ast.DeferStmt:
		operator = Call
	}
	if active, ok := m.add(operator, s.Pos(), s.End(), ""); ok {
		m.wrap(s, "if !"+active+" { ", " }")
	}
}

var assignments = map[token.Token]token.Token{
	token.ADD_ASSIGN: token.SUB_ASSIGN, token.SUB_ASSIGN: token.ADD_ASSIGN,
	token.MUL_ASSIGN: token.QUO_ASSIGN, token.QUO_ASSIGN: token.MUL_ASSIGN, token.REM_ASSIGN: token.MUL_ASSIGN,
	token.AND_ASSIGN: token.OR_ASSIGN, token.OR_ASSIGN: token.AND_ASSIGN, token.XOR_ASSIGN: token.AND_ASSIGN, token.AND_NOT_ASSIGN: token.AND_ASSIGN,
	token.SHL_ASSIGN: token.SHR_ASSIGN, token.SHR_ASSIGN: token.SHL_ASSIGN,
}

// exchange makes the mutant of an assignment that has another operator.
func (m *mutating) exchange(s ast.Stmt, left ast.Expr, at token.Pos, by, old token.Token) {
	if !m.isBasic(left, types.IsInteger|types.IsFloat) || literal(s) != nil {
		return
	}
	text := m.between(s.Pos(), at) + by.String() + m.between(at+token.Pos(len(old.String())), s.End())
	if strings.Contains(text, "\n") {
		return
	}
	if active, ok := m.add(Operator, at, at+token.Pos(len(old.String())), by.String()); ok {
		m.wrap(s, "if "+active+" { "+text+" } else { ", " }")
	}
}

// isBasic reports whether an expression that is not constant has a basic type with
// some property, or one whose underlying type is that.
func (m *mutating) isBasic(e ast.Expr, property types.BasicInfo) bool {
	tv := m.info.Types[e]
	if name, ok := e.(*ast.Ident); ok && tv.Type == nil { // on the left of an assignment
		if object := m.info.Uses[name]; object != nil {
			tv.Type = object.Type()
		}
	}
	if tv.Type == nil || tv.Value != nil {
		return false
	}
	if _, ok := tv.Type.(*types.TypeParam); ok {
		return false
	}
	basic, ok := tv.Type.Underlying().(*types.Basic)
	return ok && basic.Info()&property != 0 && basic.Info()&types.IsUntyped == 0
}

// isBool reports whether an expression is no constant, and of type bool itself.
func (m *mutating) isBool(e ast.Expr) bool {
	tv := m.info.Types[e]
	return tv.Type != nil && tv.Value == nil && (types.Identical(tv.Type, types.Typ[types.Bool]) || types.Identical(tv.Type, types.Typ[types.UntypedBool]))
}

// negate makes the mutant of a condition that is negated; negation is how that is
// written.
func (m *mutating) negate(e ast.Expr, negation string) {
	if active, ok := m.add(Condition, e.Pos(), e.End(), negation); ok {
		m.wrap(e, "("+active+" != (", "))")
	}
}

// leaf negates a condition that no operator makes: those that one makes have mutants
// of their own.
func (m *mutating) leaf(e ast.Expr) {
	switch inner := ast.Unparen(e).(type) {
	case nil, *ast.BinaryExpr, *ast.UnaryExpr:
	default:
		if m.isBool(inner) {
			m.negate(inner, "!"+m.between(inner.Pos(), inner.End()))
		}
	}
}

var opposites = map[token.Token]token.Token{
	token.EQL: token.NEQ, token.NEQ: token.EQL,
	token.LSS: token.GEQ, token.GEQ: token.LSS, token.GTR: token.LEQ, token.LEQ: token.GTR,
}

// neighbors are operators with the names of the functions that exchange them.
var neighbors = map[token.Token]struct {
	by       token.Token
	function string
	operands types.BasicInfo
}{
	token.LSS: {token.LEQ, "less", types.IsOrdered},
	token.LEQ: {token.LSS, "lessOrEqual", types.IsOrdered},
	token.GTR: {token.GEQ, "greater", types.IsOrdered},
	token.GEQ: {token.GTR, "greaterOrEqual", types.IsOrdered},

	token.ADD: {token.SUB, "add", types.IsInteger | types.IsFloat},
	token.SUB: {token.ADD, "subtract", types.IsInteger | types.IsFloat},
	token.MUL: {token.QUO, "multiply", types.IsInteger | types.IsFloat},
	token.QUO: {token.MUL, "divide", types.IsInteger | types.IsFloat},

	token.REM:     {token.MUL, "remainder", types.IsInteger},
	token.AND:     {token.OR, "and", types.IsInteger},
	token.OR:      {token.AND, "or", types.IsInteger},
	token.XOR:     {token.AND, "exclusive", types.IsInteger},
	token.AND_NOT: {token.AND, "clear", types.IsInteger},
	token.SHL:     {token.SHR, "left", types.IsInteger},
	token.SHR:     {token.SHL, "right", types.IsInteger},
}

// binary makes the mutants of an operator with two operands.
func (m *mutating) binary(e *ast.BinaryExpr) {
	if m.info.Types[e].Value != nil || m.info.Types[e].Type == nil {
		return
	}
	replaced := func(by token.Token) string {
		return m.between(e.Pos(), e.OpPos) + by.String() + m.between(e.OpPos+token.Pos(len(e.Op.String())), e.End())
	}
	if by, ok := opposites[e.Op]; ok {
		m.negate(e, replaced(by))
	}
	if e.Op == token.LAND || e.Op == token.LOR {
		m.logical(e)
		return
	}
	n, ok := neighbors[e.Op]
	if !ok || !m.isBasic(e.X, n.operands) && !m.isBasic(e.Y, n.operands) || constantShift(e.X) || constantShift(e.Y) {
		return
	}
	operator := Operator
	if n.operands == types.IsOrdered {
		operator = Boundary
		if !m.isBool(e) {
			return
		}
	} else if tv := m.info.Types[e.X]; (e.Op == token.SHL || e.Op == token.SHR) && tv.Value != nil {
		return // the type of the constant depends on what is around it
	}
	if _, ok := m.add(operator, e.OpPos, e.OpPos+token.Pos(len(e.Op.String())), n.by.String()); ok {
		m.wrap(e, fmt.Sprintf("_oneline_%s(%d, ", n.function, len(m.set.Mutants)), ")")
		m.edits.replace(m.offset(e.OpPos), e.Op.String(), ",")
	}
}

// constantShift reports whether an expression is a shift of a constant, or made of
// one: its type depends on what is around it.
func constantShift(e ast.Expr) (found bool) {
	ast.Inspect(e, func(n ast.Node) bool {
		b, ok := n.(*ast.BinaryExpr)
		if ok && (b.Op == token.SHL || b.Op == token.SHR) {
			_, literal := ast.Unparen(b.X).(*ast.BasicLit)
			found = found || literal
		}
		_, call := n.(*ast.CallExpr)
		return !found && !call
	})
	return found
}

// logical exchanges && and ||: a && b is !(!a || !b), and the mutant negates all three
// times or not at all. Operands that no operator makes are negated.
func (m *mutating) logical(e *ast.BinaryExpr) {
	if !m.isBool(e) || !m.isBool(e.X) || !m.isBool(e.Y) {
		return
	}
	by := token.LOR
	if e.Op == token.LOR {
		by = token.LAND
	}
	if active, ok := m.add(Condition, e.OpPos, e.OpPos+2, by.String()); ok {
		m.wrap(e, "("+active+" != (", "))")
		m.wrap(e.X, "("+active+" != (", "))")
		m.wrap(e.Y, "("+active+" != (", "))")
	}
	m.leaf(e.X)
	m.leaf(e.Y)
}

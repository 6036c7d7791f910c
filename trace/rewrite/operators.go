package rewrite

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// mutating puts mutants into the functions of a file.
type mutating struct {
	*source
	info     *types.Info
	set      *Set
	refused  map[line]bool // without mutants, since they would not compile
	function string
}

// all makes the mutants of all functions.
func (m *mutating) all() {
	for _, declaration := range m.file.Decls {
		if d, ok := declaration.(*ast.FuncDecl); ok && d.Body != nil {
			m.function = m.pkg.Name + "." + m.functionName(d)
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
		for _, s := range statements(n) {
			m.statement(s, results)
		}
		switch n := n.(type) {
		case *ast.FuncLit:
			m.walk(n.Type, n.Body)
			return false
		case *ast.IfStmt:
			m.leaf(n.Cond)
		case *ast.ForStmt:
			m.leaf(n.Cond)
		case *ast.UnaryExpr:
			if n.Op == token.NOT && m.isBool(n) {
				m.negate(n, m.code(n.X))
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
	for n := at.Line; n <= m.position(to).Line; n++ {
		if m.refused[line{m.path(), n}] {
			return "", false
		}
	}
	if block < 0 {
		return "", false
	}
	file := &m.set.Code.Files[m.number]
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

// statement makes the mutants of a statement in a list.
func (m *mutating) statement(s ast.Stmt, results []types.Type) {
	if l, ok := s.(*ast.LabeledStmt); ok {
		s = l.Stmt
	}
	switch s := s.(type) {
	case *ast.ReturnStmt:
		m.returned(s, results)
	case *ast.ExprStmt:
		if !isPanic(s) {
			m.instead(Call, s, "", "")
		}
	case *ast.GoStmt, *ast.DeferStmt:
		m.instead(Call, s, "", "")
	case *ast.SendStmt:
		m.instead(Statement, s, "", "")
	case *ast.IncDecStmt:
		m.instead(Statement, s, "", "")
		m.assigned(s, s.X, s.TokPos, s.Tok, token.INC+token.DEC-s.Tok)
	case *ast.AssignStmt:
		if s.Tok == token.DEFINE || isBlank(s) {
			return
		}
		m.instead(Statement, s, "", "")
		const assigning = token.ADD_ASSIGN - token.ADD // the operators of both kinds stand in one order
		if e, ok := exchanges[s.Tok-assigning]; ok {
			m.assigned(s, s.Lhs[0], s.TokPos, s.Tok, e.By+assigning)
		}
	}
}

// instead makes the mutant that carries out text in place of a statement, once it has
// carried out the statement first. The diff shows text only.
func (m *mutating) instead(operator string, s ast.Stmt, first, text string) {
	if text != "" && (strings.Contains(first+text, "\n") || firstBraces(s) != nil) {
		return
	}
	shown := strings.Replace(text, "_oneline_error", `errors.New("mutant")`, 1)
	if active, ok := m.add(operator, s.Pos(), s.End(), shown); ok {
		m.wrap(s, "if "+active+" { "+first+text+" } else { ", " }")
	}
}

// isBlank reports whether an assignment has no effect but that of its right side,
// and that calls nothing.
func isBlank(s *ast.AssignStmt) bool {
	return !calls(s) && !slices.ContainsFunc(s.Lhs, func(left ast.Expr) bool {
		name, ok := left.(*ast.Ident)
		return !ok || name.Name != "_"
	})
}

// calls reports whether a node contains a call.
func calls(n ast.Node) bool {
	for n := range ast.Preorder(n) {
		if _, ok := n.(*ast.CallExpr); ok {
			return true
		}
	}
	return false
}

// assigned makes the mutant of an assignment that has another operator.
func (m *mutating) assigned(s ast.Stmt, left ast.Expr, at token.Pos, old, by token.Token) {
	if m.isBasic(left, numbers) {
		m.instead(Operator, s, "", m.exchanged(s, at, old, by))
	}
}

// exchanged is a node with another operator.
func (m *mutating) exchanged(n ast.Node, at token.Pos, old, by token.Token) string {
	return m.between(n.Pos(), at) + by.String() + m.between(at+token.Pos(len(old.String())), n.End())
}

// isBasic reports whether an expression that is not constant has a basic type with
// some property, or one whose underlying type is that.
func (m *mutating) isBasic(e ast.Expr, property types.BasicInfo) bool {
	t := m.info.TypeOf(e)
	if _, generic := t.(*types.TypeParam); t == nil || generic || m.info.Types[e].Value != nil {
		return false
	}
	basic, ok := t.Underlying().(*types.Basic)
	return ok && basic.Info()&property != 0 && basic.Info()&types.IsUntyped == 0
}

// isBool reports whether an expression is no constant, and of type bool itself.
func (m *mutating) isBool(e ast.Expr) bool {
	tv := m.info.Types[e]
	return tv.Type != nil && tv.Value == nil && (types.Identical(tv.Type, types.Typ[types.Bool]) || types.Identical(tv.Type, types.Typ[types.UntypedBool]))
}

// flip negates conditions where a mutant is active.
func (m *mutating) flip(active string, conditions ...ast.Expr) {
	for _, e := range conditions {
		m.wrap(e, "("+active+" != (", "))")
	}
}

// negate makes the mutant of a condition that is negated; negation is how that is
// written.
func (m *mutating) negate(e ast.Expr, negation string) {
	if active, ok := m.add(Condition, e.Pos(), e.End(), negation); ok {
		m.flip(active, e)
	}
}

// leaf negates a condition that no operator makes: those that one makes have mutants
// of their own.
func (m *mutating) leaf(e ast.Expr) {
	switch inner := ast.Unparen(e).(type) {
	case nil, *ast.BinaryExpr, *ast.UnaryExpr:
	default:
		if m.isBool(inner) {
			m.negate(inner, "!"+m.code(inner))
		}
	}
}

var opposites = map[token.Token]token.Token{
	token.EQL: token.NEQ, token.NEQ: token.EQL,
	token.LSS: token.GEQ, token.GEQ: token.LSS, token.GTR: token.LEQ, token.LEQ: token.GTR,
}

// exchange is how an operator is exchanged for another one: by a function.
type exchange struct {
	By   token.Token
	Name string // of the function
	operands
}

// operands are what the operators of one kind take.
type operands struct {
	kind      string // of the mutant
	types     types.BasicInfo
	Signature string // of the function: n is the mutant's number
}

const numbers = types.IsInteger | types.IsFloat

var (
	ordered  = operands{Boundary, types.IsOrdered, "[T _oneline_cmp.Ordered](n int, a, b T) bool"}
	numeric  = operands{Operator, numbers, "[T _oneline_real](n int, a, b T) T"}
	integers = operands{Operator, types.IsInteger, "[T _oneline_integer](n int, a, b T) T"}
	shifted  = operands{Operator, types.IsInteger, "[T, S _oneline_integer](n int, a T, b S) T"}
)

var exchanges = map[token.Token]exchange{
	token.LSS: {token.LEQ, "less", ordered},
	token.LEQ: {token.LSS, "lessOrEqual", ordered},
	token.GTR: {token.GEQ, "greater", ordered},
	token.GEQ: {token.GTR, "greaterOrEqual", ordered},

	token.ADD: {token.SUB, "add", numeric},
	token.SUB: {token.ADD, "subtract", numeric},
	token.MUL: {token.QUO, "multiply", numeric},
	token.QUO: {token.MUL, "divide", numeric},

	token.REM:     {token.MUL, "remainder", integers},
	token.AND:     {token.OR, "and", integers},
	token.OR:      {token.AND, "or", integers},
	token.XOR:     {token.AND, "exclusive", integers},
	token.AND_NOT: {token.AND, "clear", integers},
	token.SHL:     {token.SHR, "left", shifted},
	token.SHR:     {token.SHL, "right", shifted},
}

// binary makes the mutants of an operator with two operands.
func (m *mutating) binary(e *ast.BinaryExpr) {
	if m.info.Types[e].Value != nil || m.info.Types[e].Type == nil {
		return
	}
	if by, ok := opposites[e.Op]; ok {
		m.negate(e, m.exchanged(e, e.OpPos, e.Op, by))
	}
	if e.Op == token.LAND || e.Op == token.LOR {
		m.logical(e)
		return
	}
	by, ok := exchanges[e.Op]
	switch {
	case !ok, !m.isBasic(e.X, by.types) && !m.isBasic(e.Y, by.types):
		return
	case constantShift(e.X), constantShift(e.Y), by.operands == shifted && m.info.Types[e.X].Value != nil:
		return // the type of the constant depends on what is around it
	case by.operands == ordered && !m.isBool(e):
		return
	}
	if _, ok := m.add(by.kind, e.OpPos, e.OpPos+token.Pos(len(e.Op.String())), by.By.String()); ok {
		m.wrap(e, fmt.Sprintf("_oneline_%s(%d, ", by.Name, len(m.set.Mutants)), ")")
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
	by := token.LAND + token.LOR - e.Op
	if active, ok := m.add(Condition, e.OpPos, e.OpPos+2, by.String()); ok {
		m.flip(active, e, e.X, e.Y)
	}
	m.leaf(e.X)
	m.leaf(e.Y)
}

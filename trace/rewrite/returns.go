package rewrite

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/types"
	"strings"
)

// returned makes the mutants of a return statement: each value is replaced by
// another one.
func (m *mutating) returned(s *ast.ReturnStmt, results []types.Type) {
	switch {
	case len(s.Results) == 0:
		return
	case len(s.Results) == 1 && len(results) > 1:
		m.returnedCall(s, results)
		return
	}
	for i, e := range s.Results {
		by := m.other(e, results[i])
		if by == "" {
			continue
		}
		operator := Value
		if isError(results[i]) {
			operator = Error
		}
		values, shown := make([]string, len(s.Results)), make([]string, len(s.Results))
		evaluated := ""
		for k, other := range s.Results {
			values[k] = m.between(other.Pos(), other.End())
			shown[k] = values[k]
			if k == i {
				if calls(e) && !strings.HasPrefix(by, "!(") {
					evaluated = "_ = " + values[k] + "; "
				}
				values[k], shown[k] = by, strings.Replace(by, "_oneline_error", `errors.New("mutant")`, 1)
			}
		}
		m.instead(operator, s, evaluated+"return "+strings.Join(values, ", "), "return "+strings.Join(shown, ", "))
	}
}

// instead makes the mutant that carries out text instead of a statement.
func (m *mutating) instead(operator string, s ast.Stmt, text, shown string) {
	if strings.Contains(text, "\n") || literal(s) != nil {
		return
	}
	if active, ok := m.add(operator, s.Pos(), s.End(), shown); ok {
		m.edits.at(m.offset(s.Pos()), "if "+active+" { "+text+" }; ")
	}
}

// returnedCall makes the mutant of a statement that returns all values of a call:
// they are replaced by zero values.
func (m *mutating) returnedCall(s *ast.ReturnStmt, results []types.Type) {
	values := make([]string, len(results))
	operator := Value
	for i, t := range results {
		if values[i] = zero(t); values[i] == "" {
			return
		}
		if isError(t) {
			operator = Error
		}
	}
	text := "return " + strings.Join(values, ", ")
	m.instead(operator, s, m.between(s.Results[0].Pos(), s.Results[0].End())+"; "+text, text)
}

// other is a value that a returned expression is replaced by; empty if there is none,
// or if the expression has mutants that do as much.
func (m *mutating) other(e ast.Expr, t types.Type) string {
	tv, z := m.info.Types[e], zero(t)
	switch {
	case z == "":
		return ""
	case isError(t) && tv.IsNil():
		return "_oneline_error"
	case z == "nil" && tv.IsNil():
		return ""
	case z == "false":
		switch ast.Unparen(e).(type) {
		case *ast.BinaryExpr, *ast.UnaryExpr:
			return ""
		}
		if tv.Value != nil {
			return fmt.Sprint(!constant.BoolVal(tv.Value))
		}
		return "!(" + m.between(e.Pos(), e.End()) + ")"
	case tv.Value == nil:
		return z
	case z == `""` && constant.StringVal(tv.Value) == "":
		return `"mutant"`
	case z == "0" && constant.Sign(tv.Value) == 0:
		return "1"
	}
	return z
}

// zero writes the zero value of a type; empty where that takes the type's name.
func zero(t types.Type) string {
	if _, ok := t.(*types.TypeParam); ok {
		return ""
	}
	switch u := t.Underlying().(type) {
	case *types.Pointer, *types.Slice, *types.Map, *types.Chan, *types.Signature, *types.Interface:
		return "nil"
	case *types.Basic:
		switch {
		case u.Info()&types.IsBoolean != 0:
			return "false"
		case u.Info()&types.IsString != 0:
			return `""`
		case u.Info()&types.IsNumeric != 0:
			return "0"
		}
	}
	return ""
}

func isError(t types.Type) bool { return types.Identical(t, types.Universe.Lookup("error").Type()) }

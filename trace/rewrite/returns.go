package rewrite

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/types"
	"strings"
)

// returned makes the mutants of a return statement: each value is replaced by another
// one, and those of a call that returns them all by zero values.
func (m *mutating) returned(s *ast.ReturnStmt, results []types.Type) {
	if len(s.Results) == 1 && len(results) > 1 {
		operator, zeros := Value, make([]string, len(results))
		for i, t := range results {
			if zeros[i] = zero(t); zeros[i] == "" {
				return
			}
			if isError(t) {
				operator = Error
			}
		}
		m.instead(operator, s, m.code(s.Results[0])+"; ", "return "+strings.Join(zeros, ", "))
		return
	}
	for i, e := range s.Results {
		by := m.other(e, results[i])
		if by == "" {
			continue
		}
		operator, first := Value, ""
		if isError(results[i]) {
			operator = Error
		}
		if calls(e) && !strings.HasPrefix(by, "!(") {
			first = "_ = " + m.code(e) + "; "
		}
		values := make([]string, len(s.Results))
		for k, e := range s.Results {
			values[k] = m.code(e)
		}
		values[i] = by
		m.instead(operator, s, first, "return "+strings.Join(values, ", "))
	}
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
		return "!(" + m.code(e) + ")"
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

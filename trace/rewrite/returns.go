package rewrite

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/types"
	"slices"
	"strings"
)

// returned makes the mutants of a return statement: each value is replaced by another
// one, and those of a call that returns them all by zero values.
func (m *mutating) returned(s *ast.ReturnStmt, results []types.Type) {
	values := make([]string, len(results))
	if len(s.Results) == 1 && len(results) > 1 {
		for i, t := range results {
			if values[i] = zero(t); values[i] == "" {
				return
			}
		}
		m.instead(operatorOf(results...), s, m.code(s.Results[0])+"; ", "return "+strings.Join(values, ", "))
		return
	}
	for i, e := range s.Results {
		values[i] = m.code(e)
	}
	for i, e := range s.Results {
		by, first := m.other(e, results[i]), ""
		if by == "" {
			continue
		}
		if calls(e) && !strings.HasPrefix(by, "!(") {
			first = "_ = " + m.code(e) + "; "
		}
		replaced := slices.Clone(values)
		replaced[i] = by
		m.instead(operatorOf(results[i]), s, first, "return "+strings.Join(replaced, ", "))
	}
}

// operatorOf is what replaces results of some types.
func operatorOf(results ...types.Type) string {
	if slices.ContainsFunc(results, isError) {
		return Error
	}
	return Value
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

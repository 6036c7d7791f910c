package rewrite

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// mutantHelpers are the functions that mutants call. The number is read before
// anything else of the package is initialized.
var mutantHelpers = func() string {
	var b strings.Builder
	b.WriteString(`
var _oneline_mutant = _oneline_number()

var _oneline_error = _oneline_errors.New("mutant")

func _oneline_number() int {
	n, _ := _oneline_strconv.Atoi(_oneline_os.Getenv("` + MutantVariable + `"))
	return n
}

func _oneline_on(n int) bool { return _oneline_mutant == n }

type _oneline_integer interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~uintptr
}

type _oneline_real interface {
	_oneline_integer | ~float32 | ~float64
}
`)
	for _, op := range slices.Sorted(maps.Keys(neighbors)) {
		n := neighbors[op]
		parameters, result := "[T _oneline_integer](n int, a, b T)", "T"
		switch n.function {
		case "less", "lessOrEqual", "greater", "greaterOrEqual":
			parameters, result = "[T _oneline_cmp.Ordered](n int, a, b T)", "bool"
		case "add", "subtract", "multiply", "divide":
			parameters = "[T _oneline_real](n int, a, b T)"
		case "left", "right":
			parameters = "[T, S _oneline_integer](n int, a T, b S)"
		}
		fmt.Fprintf(&b, "\nfunc _oneline_%s%s %s {\n\tif _oneline_mutant == n {\n\t\treturn a %s b\n\t}\n\treturn a %s b\n}\n",
			n.function, parameters, result, n.by, op)
	}
	return b.String()
}()

package words_test

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/onsi/gomega"
	"github.com/onsi/gomega/gbytes"
	"github.com/onsi/gomega/gcustom"
	"github.com/onsi/gomega/gexec"
	"github.com/onsi/gomega/gleak"
	"github.com/onsi/gomega/gstruct"

	"github.com/socket-oneline/oneline/trace/words"
)

type pair struct {
	A int
	B string
}

func even(n int) bool { return n%2 == 0 }
func half(n int) int  { return n / 2 }

func isGone(err error) bool { return err != nil && err.Error() == "gone" }

var (
	errGone = errors.New("gone")
	noon    = time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)
	closed  = func() chan int { c := make(chan int); close(c); return c }
	full    = func(n int) func() any {
		return func() any { c := make(chan int, 1); c <- n; return c }
	}
	said = func(text string) func() any {
		return func() any { return gbytes.BufferWithBytes([]byte(text)) }
	}
	answer = func(code int, body string) func() any {
		return func() any {
			w := httptest.NewRecorder()
			w.Header().Set("Kind", body)
			w.WriteHeader(code)
			_, _ = io.WriteString(w, body)
			return w
		}
	}
)

// a row has what a matcher expects, in words, a value that it takes, and one
// that it does not. A func() any is called for a new value each time.
type row struct {
	matcher   func() any
	want, not string
	yes, no   any
}

func matcher[M any](m M) func() any { return func() any { return m } }

// rows goes through every constructor of a matcher that Gomega exports, some of
// them several times.
func rows(t *testing.T) map[string][]row {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	here := gleak.Goroutines()
	return map[string][]row{
		"gomega.Equal": {
			{matcher(gomega.Equal(5)), "5", "not 5", 5, 4},
			{matcher(gomega.Equal("a  b")), `"a  b"`, `not "a  b"`, "a  b", "a b"},
			{matcher(gomega.Equal(&pair{1, "x"})), `&{A:1 B:"x"}`, `not &{A:1 B:"x"}`, &pair{1, "x"}, &pair{2, "x"}},
			{matcher(gomega.Equal(map[string]int{"b": 2, "a": 1})), `{"a":1 "b":2}`, `not {"a":1 "b":2}`, map[string]int{"a": 1, "b": 2}, map[string]int{}},
		},
		"gomega.BeEquivalentTo": {{matcher(gomega.BeEquivalentTo(5)), "a value equivalent to 5", "not a value equivalent to 5", 5.0, 4.0}},
		"gomega.BeComparableTo": {{matcher(gomega.BeComparableTo(pair{1, "x"})), `a value that compares equal to {A:1 B:"x"}`, `not a value that compares equal to {A:1 B:"x"}`, pair{1, "x"}, pair{}}},
		"gomega.BeIdenticalTo":  {{matcher(gomega.BeIdenticalTo(errGone)), "the identical error: gone", "not the identical error: gone", errGone, errors.New("gone")}},
		"gomega.BeNil":          {{matcher(gomega.BeNil()), "nil", "not nil", nil, 3}, {matcher(gomega.BeNil()), "nil", "not nil", (*nilError)(nil), &nilError{}}},
		"gomega.BeTrue":         {{matcher(gomega.BeTrue()), "true", "not true", true, false}},
		"gomega.BeFalse":        {{matcher(gomega.BeFalse()), "false", "not false", false, true}},
		"gomega.BeTrueBecause":  {{matcher(gomega.BeTrueBecause("it is %d", 1)), "true: it is 1", "not true: it is 1", true, false}},
		"gomega.BeFalseBecause": {{matcher(gomega.BeFalseBecause("it is %d", 0)), "false: it is 0", "not false: it is 0", false, true}},
		"gomega.HaveOccurred":   {{matcher(gomega.HaveOccurred()), "an error", "no error", errGone, nil}},
		"gomega.Succeed":        {{matcher(gomega.Succeed()), "success", "an error", nil, errGone}},
		"gomega.MatchError": {
			{matcher(gomega.MatchError(errGone)), "an error that is error: gone", "not an error that is error: gone", errGone, io.EOF},
			{matcher(gomega.MatchError("gone")), `an error with the text "gone"`, `not an error with the text "gone"`, errGone, io.EOF},
			{matcher(gomega.MatchError(gomega.ContainSubstring("on"))), `an error with text that contains "on"`, `not an error with text that contains "on"`, errGone, io.EOF},
			{matcher(gomega.MatchError(isGone, "gone")), `an error that is "gone"`, `not an error that is "gone"`, errGone, io.EOF},
		},
		"gomega.MatchErrorStrictly": {{matcher(gomega.MatchErrorStrictly(errGone)), "exactly this error: gone", "not exactly this error: gone", errGone, io.EOF}},
		"gomega.BeClosed":           {{matcher(gomega.BeClosed()), "a closed channel", "not a closed channel", closed(), make(chan int)}},
		"gomega.Receive": {
			{matcher(gomega.Receive()), "a channel that gives something", "not a channel that gives something", full(3), make(chan int)},
			{matcher(gomega.Receive(gomega.Equal(3))), "a channel that gives 3", "not a channel that gives 3", full(3), full(4)},
			{matcher(gomega.Receive(new(int))), "a channel that gives something", "not a channel that gives something", full(3), make(chan int)},
		},
		"gomega.BeSent":                  {{matcher(gomega.BeSent(3)), "a channel that takes 3", "not a channel that takes 3", func() any { return make(chan int, 1) }, make(chan int)}},
		"gomega.MatchRegexp":             {{matcher(gomega.MatchRegexp("a%s", "+")), `text that matches "a+"`, `not text that matches "a+"`, "aa", "b"}},
		"gomega.ContainSubstring":        {{matcher(gomega.ContainSubstring("x%d", 1)), `text that contains "x1"`, `not text that contains "x1"`, "ax1b", "100% y"}},
		"gomega.HavePrefix":              {{matcher(gomega.HavePrefix("50%")), `text that begins with "50%"`, `not text that begins with "50%"`, "50% of it", "y"}},
		"gomega.HaveSuffix":              {{matcher(gomega.HaveSuffix("x")), `text that ends with "x"`, `not text that ends with "x"`, "ax", "y"}},
		"gomega.MatchJSON":               {{matcher(gomega.MatchJSON(`{"a": 1}`)), `JSON equal to {"a": 1}`, `not JSON equal to {"a": 1}`, `{"a":1}`, `{"a":2}`}},
		"gomega.MatchXML":                {{matcher(gomega.MatchXML(`<a>1</a>`)), `XML equal to <a>1</a>`, `not XML equal to <a>1</a>`, "<a>1</a>", "<a>2</a>"}},
		"gomega.MatchYAML":               {{matcher(gomega.MatchYAML("a: 1\n")), `YAML equal to a: 1`, `not YAML equal to a: 1`, "a:  1", "a: 2"}},
		"gomega.BeEmpty":                 {{matcher(gomega.BeEmpty()), "something empty", "not something empty", []int{}, []int{1}}},
		"gomega.HaveLen":                 {{matcher(gomega.HaveLen(2)), "a length of 2", "not a length of 2", []int{1, 2}, []int{1}}},
		"gomega.HaveCap":                 {{matcher(gomega.HaveCap(2)), "a capacity of 2", "not a capacity of 2", make([]int, 1, 2), make([]int, 1)}},
		"gomega.BeZero":                  {{matcher(gomega.BeZero()), "the zero value", "not the zero value", 0, 1}},
		"gomega.ContainElement":          {{matcher(gomega.ContainElement(2)), "a collection that contains 2", "not a collection that contains 2", []int{1, 2}, []int{1}}, {matcher(gomega.ContainElement(gomega.BeNumerically(">", 1))), "a collection that contains a number > 1", "not a collection that contains a number > 1", []int{1, 2}, []int{1}}},
		"gomega.BeElementOf":             {{matcher(gomega.BeElementOf(1, 2, 3)), "one of 1, 2 or 3", "not one of 1, 2 or 3", 2, 4}},
		"gomega.BeKeyOf":                 {{matcher(gomega.BeKeyOf(map[int]string{1: "a"})), `a key of {1:"a"}`, `not a key of {1:"a"}`, 1, 2}},
		"gomega.ConsistOf":               {{matcher(gomega.ConsistOf(1, gomega.BeNumerically("<", 5))), "in any order exactly [1, a number < 5]", "not in any order exactly [1, a number < 5]", []int{4, 1}, []int{7, 8}}},
		"gomega.HaveExactElements":       {{matcher(gomega.HaveExactElements(1, 2)), "in this order exactly [1, 2]", "not in this order exactly [1, 2]", []int{1, 2}, []int{2, 1}}},
		"gomega.ContainElements":         {{matcher(gomega.ContainElements(1, 2)), "a collection that contains [1, 2]", "not a collection that contains [1, 2]", []int{3, 1, 2}, []int{2}}},
		"gomega.HaveEach":                {{matcher(gomega.HaveEach(gomega.BeTrue())), "a collection of nothing but true", "not a collection of nothing but true", []bool{true}, []bool{true, false}}},
		"gomega.HaveKey":                 {{matcher(gomega.HaveKey("a")), `a map with the key "a"`, `not a map with the key "a"`, map[string]int{"a": 1}, map[string]int{}}},
		"gomega.HaveKeyWithValue":        {{matcher(gomega.HaveKeyWithValue("a", 1)), `a map with 1 under the key "a"`, `not a map with 1 under the key "a"`, map[string]int{"a": 1}, map[string]int{"a": 2}}},
		"gomega.HaveField":               {{matcher(gomega.HaveField("A", 1)), "a value whose A is 1", "not a value whose A is 1", pair{1, ""}, pair{2, ""}}, {matcher(gomega.HaveField("A", gomega.BeNumerically(">", 0))), "a value whose A is a number > 0", "not a value whose A is a number > 0", pair{1, ""}, pair{-2, ""}}},
		"gomega.HaveExistingField":       {{matcher(gomega.HaveExistingField("A")), "a value with the field A", "not a value with the field A", pair{1, ""}, struct{ C int }{}}},
		"gomega.HaveValue":               {{matcher(gomega.HaveValue(gomega.Equal(3))), "a value, or a pointer to one, that is 3", "not a value, or a pointer to one, that is 3", new(3), new(4)}},
		"gomega.BeNumerically":           {{matcher(gomega.BeNumerically(">", 5)), "a number > 5", "not a number > 5", 6, 5}, {matcher(gomega.BeNumerically("==", 5)), "5", "not 5", 5.0, 4}, {matcher(gomega.BeNumerically("~", 1.5, 0.25)), "a number within 0.25 of 1.5", "not a number within 0.25 of 1.5", 1.6, 2}},
		"gomega.BeTemporally":            {{matcher(gomega.BeTemporally(">", noon)), "a time > 2026-11-30T12:00:00Z", "not a time > 2026-11-30T12:00:00Z", noon.Add(1), noon}, {matcher(gomega.BeTemporally("~", noon, time.Second)), "a time within 1s of 2026-11-30T12:00:00Z", "not a time within 1s of 2026-11-30T12:00:00Z", noon.Add(1), noon.Add(time.Hour)}},
		"gomega.BeAssignableToTypeOf":    {{matcher(gomega.BeAssignableToTypeOf(0)), "a value assignable to int", "not a value assignable to int", 1, "1"}},
		"gomega.Panic":                   {{matcher(gomega.Panic()), "a panic", "no panic", func() { panic("oh") }, func() {}}},
		"gomega.PanicWith":               {{matcher(gomega.PanicWith("oh")), `a panic with "oh"`, `not a panic with "oh"`, func() { panic("oh") }, func() { panic("no") }}},
		"gomega.BeAnExistingFile":        {{matcher(gomega.BeAnExistingFile()), "an existing file", "not an existing file", file, "none"}},
		"gomega.BeARegularFile":          {{matcher(gomega.BeARegularFile()), "a regular file", "not a regular file", file, dir}},
		"gomega.BeADirectory":            {{matcher(gomega.BeADirectory()), "a directory", "not a directory", dir, file}},
		"gomega.BeASlice":                {{matcher(gomega.BeASlice()), "a slice", "not a slice", []int{1}, [1]int{}}},
		"gomega.BeAnArray":               {{matcher(gomega.BeAnArray()), "an array", "not an array", [1]int{}, []int{1}}},
		"gomega.HaveHTTPStatus":          {{matcher(gomega.HaveHTTPStatus(200, "201 Created")), `the HTTP status 200 or "201 Created"`, `not the HTTP status 200 or "201 Created"`, answer(200, ""), answer(500, "")}},
		"gomega.HaveHTTPHeaderWithValue": {{matcher(gomega.HaveHTTPHeaderWithValue("Kind", "a")), `the HTTP header "Kind" with "a"`, `not the HTTP header "Kind" with "a"`, answer(200, "a"), answer(200, "b")}},
		"gomega.HaveHTTPBody":            {{matcher(gomega.HaveHTTPBody("a")), `the HTTP body "a"`, `not the HTTP body "a"`, answer(200, "a"), answer(200, "b")}},
		"gomega.And":                     {{matcher(gomega.And(gomega.HavePrefix("a"), gomega.Not(gomega.HaveSuffix("b")))), `text that begins with "a" and not text that ends with "b"`, `not (text that begins with "a" and not text that ends with "b")`, "ax", "ab"}},
		"gomega.SatisfyAll":              {{matcher(gomega.SatisfyAll(gomega.Equal(1), gomega.Or(gomega.BeZero(), gomega.Equal(1)))), "1 and (the zero value or 1)", "not (1 and (the zero value or 1))", 1, 0}},
		"gomega.Or":                      {{matcher(gomega.Or(gomega.Equal(1), gomega.Equal(2))), "1 or 2", "not (1 or 2)", 2, 3}},
		"gomega.SatisfyAny":              {{matcher(gomega.SatisfyAny(gomega.BeNil(), gomega.HaveOccurred())), "nil or an error", "not (nil or an error)", errGone, 3}},
		"gomega.Not":                     {{matcher(gomega.Not(gomega.Equal(1))), "not 1", "1", 2, 1}, {matcher(gomega.Not(gomega.HaveOccurred())), "no error", "an error", nil, errGone}},
		"gomega.WithTransform":           {{matcher(gomega.WithTransform(half, gomega.Equal(2))), "a value of which half gives 2", "not a value of which half gives 2", 4, 6}, {matcher(gomega.WithTransform(func(s string) int { return len(s) }, gomega.Equal(2))), "a value of which a function gives 2", "not a value of which a function gives 2", "ab", "a"}},
		"gomega.Satisfy":                 {{matcher(gomega.Satisfy(even)), "a value that satisfies even", "not a value that satisfies even", 2, 3}},

		"gstruct.MatchAllElements":          {{matcher(gstruct.MatchAllElements(name, gstruct.Elements{"a": gomega.Equal("a"), "b": gomega.Not(gomega.BeZero())})), `exactly the elements {a: "a", b: not the zero value}`, `not exactly the elements {a: "a", b: not the zero value}`, []string{"b", "a"}, []string{"a", "c"}}},
		"gstruct.MatchAllElementsWithIndex": {{matcher(gstruct.MatchAllElementsWithIndex(gstruct.IndexIdentity, gstruct.Elements{"0": gomega.Equal("a")})), `exactly the elements {0: "a"}`, `not exactly the elements {0: "a"}`, []string{"a"}, []string{"a", "c"}}},
		"gstruct.MatchElements":             {{matcher(gstruct.MatchElements(name, gstruct.IgnoreExtras, gstruct.Elements{"a": gomega.Equal("a")})), `among others the elements {a: "a"}`, `not among others the elements {a: "a"}`, []string{"b", "a"}, []string{"c"}}},
		"gstruct.MatchElementsWithIndex":    {{matcher(gstruct.MatchElementsWithIndex(gstruct.IndexIdentity, gstruct.IgnoreMissing, gstruct.Elements{"0": gomega.Equal("a")})), `nothing but, as far as they are there, the elements {0: "a"}`, `not nothing but, as far as they are there, the elements {0: "a"}`, []string{}, []string{"c"}}},
		"gstruct.MatchAllFields":            {{matcher(gstruct.MatchAllFields(gstruct.Fields{"A": gomega.Equal(1), "B": gstruct.Ignore()})), "exactly the fields {A: 1, B: anything}", "not exactly the fields {A: 1, B: anything}", pair{1, ""}, pair{2, ""}}},
		"gstruct.MatchFields":               {{matcher(gstruct.MatchFields(gstruct.IgnoreExtras|gstruct.IgnoreMissing, gstruct.Fields{"A": gomega.Equal(1)})), "among others, as far as they are there, the fields {A: 1}", "not among others, as far as they are there, the fields {A: 1}", pair{1, ""}, pair{2, ""}}},
		"gstruct.MatchAllKeys":              {{matcher(gstruct.MatchAllKeys(gstruct.Keys{"a": gomega.Equal(1)})), `exactly the keys {"a": 1}`, `not exactly the keys {"a": 1}`, map[string]int{"a": 1}, map[string]int{"a": 2}}},
		"gstruct.MatchKeys":                 {{matcher(gstruct.MatchKeys(gstruct.IgnoreExtras, gstruct.Keys{1: gomega.Equal(1)})), "among others the keys {1: 1}", "not among others the keys {1: 1}", map[int]int{1: 1, 2: 2}, map[int]int{1: 2}}},
		"gstruct.PointTo":                   {{matcher(gstruct.PointTo(gomega.Equal(1))), "a pointer to 1", "not a pointer to 1", new(1), new(2)}},
		"gstruct.Ignore":                    {{matcher(gstruct.Ignore()), "anything", "not anything", 1, nil}},
		"gstruct.Reject":                    {{matcher(gstruct.Reject()), "nothing at all", "not nothing at all", 1, nil}},

		"gbytes.Say": {{func() any { return gbytes.Say("a%s", "+") }, `output that matches "a+"`, `not output that matches "a+"`, said("aa"), said("b")}},
		"gexec.Exit": {{func() any { return gexec.Exit(1) }, "a process that exits with 1", "not a process that exits with 1", exit(1), exit(2)}, {func() any { return gexec.Exit() }, "a process that exits", "not a process that exits", exit(1), exit(-1)}},
		"gcustom.MakeMatcher": {
			{matcher(gcustom.MakeMatcher(func(n int) (bool, error) { return even(n), nil }, "be even")), "to be even", "not to be even", 2, 3},
			{matcher(gomega.And(gcustom.MakeMatcher(func(n int) (bool, error) { return even(n), nil }, "be even"))), "to be even", "not to be even", 2, 3},
		},
		"gleak.HaveLeaked":          {{matcher(gleak.HaveLeaked(here)), "leaked goroutines", "not leaked goroutines", []gleak.Goroutine{{ID: 1 << 60}}, []gleak.Goroutine{}}},
		"gleak.IgnoringTopFunction": {{matcher(gleak.IgnoringTopFunction("a.b")), `a goroutine in the function "a.b"`, `not a goroutine in the function "a.b"`, gleak.Goroutine{TopFunction: "a.b"}, gleak.Goroutine{TopFunction: "c"}}},
		"gleak.IgnoringInBacktrace": {{matcher(gleak.IgnoringInBacktrace("a.b")), `a goroutine called from the function "a.b"`, `not a goroutine called from the function "a.b"`, gleak.Goroutine{Backtrace: "a.b"}, gleak.Goroutine{}}},
		"gleak.IgnoringCreator":     {{matcher(gleak.IgnoringCreator("a.b")), `a goroutine created by the function "a.b"`, `not a goroutine created by the function "a.b"`, gleak.Goroutine{CreatorFunction: "a.b"}, gleak.Goroutine{}}},
		"gleak.IgnoringGoroutines":  {{matcher(gleak.IgnoringGoroutines(here)), "a goroutine that was there before", "not a goroutine that was there before", here[0], gleak.Goroutine{ID: 1 << 60}}},
	}
}

func name(element any) string { return element.(string) }

// exiter is what gexec.Exit looks at.
type exiter int

func (e exiter) ExitCode() int { return int(e) }

func exit(code int) any { return exiter(code) }

type nilError struct{ text string }

func (e *nilError) Error() string { return e.text }

var leaks = regexp.MustCompile(`0x[0-9a-f]{4}|%!|matchers\.|Matcher\b|<\*|<int>|<string>|\{\{|PANIC`)

// Every matcher of Gomega's is described in plain words, whether it holds or
// not, positive and negated.
func TestEveryMatcherOfGomega(t *testing.T) {
	all := rows(t)
	for constructor, rows := range all {
		t.Run(constructor, func(t *testing.T) {
			for _, row := range rows {
				for _, negated := range []bool{false, true} {
					check(t, row, row.yes, true, negated)
					check(t, row, row.no, false, negated)
				}
			}
		})
	}
	for _, constructor := range constructors(t) {
		if all[constructor] == nil {
			t.Errorf("%s is not described: add it to descriptions, and a row here", constructor)
		}
	}
}

func check(t *testing.T, row row, actual any, yes, negated bool) {
	t.Helper()
	value := actual
	if make, ok := actual.(func() any); ok {
		value = make()
	}
	m := row.matcher().(words.Matcher)
	matched, err := m.Match(value)
	if err == nil && matched != yes && row.want != "anything" && row.want != "nothing at all" || err != nil && yes {
		t.Errorf("%s: matched %v, %v", row.want, matched, err)
	}
	want := row.want
	if negated {
		want = row.not
	}
	if got := words.Expected(m, value, negated); got != want {
		t.Errorf("expected in words: %s\nwant: %s", got, want)
	} else if found := leaks.FindString(got); found != "" {
		t.Errorf("%q holds %q", got, found)
	}
	said := words.Value(value)
	if found := leaks.FindString(said); found != "" || strings.Contains(said, "\n") || said == "" {
		t.Errorf("the value in words: %q holds %q", said, found)
	}
}

// constructors lists the functions of Gomega that make matchers, as its source
// has them.
func constructors(t *testing.T) []string {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/onsi/gomega").Output()
	if err != nil {
		t.Fatal(err)
	}
	root := strings.TrimSpace(string(out))
	var names []string
	err = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() && slices.Contains([]string{"internal", "matchers", "types", "_fixture", "test_helpers"}, entry.Name()) {
			if err == nil {
				err = fs.SkipDir
			}
			return err
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		for _, decl := range file.Decls {
			f, ok := decl.(*ast.FuncDecl)
			if ok && f.Recv == nil && f.Name.IsExported() && f.Type.Results != nil && len(f.Type.Results.List) == 1 && isMatcher(f.Type.Results.List[0].Type) {
				names = append(names, file.Name.Name+"."+f.Name.Name)
			}
		}
		return nil
	})
	if err != nil || len(names) < 60 {
		t.Fatal(err, names)
	}
	return names
}

func isMatcher(result ast.Expr) bool {
	switch e := result.(type) {
	case *ast.StarExpr:
		return isMatcher(e.X)
	case *ast.SelectorExpr:
		return isMatcher(e.Sel)
	case *ast.Ident:
		return strings.HasSuffix(e.Name, "Matcher")
	}
	return false
}

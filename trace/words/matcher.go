package words

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
)

// Matcher is a matcher as Gomega has them.
type Matcher interface {
	Match(actual any) (success bool, err error)
	FailureMessage(actual any) string
	NegatedFailureMessage(actual any) string
}

// Described is a matcher that says in its own words what it expects, such as
// "a packet that begins with err".
type Described interface {
	Expected() string
}

// Expected says what a matcher expects, or with negated what it must not find.
// The actual value serves where only the matcher's message has words.
func Expected(m Matcher, actual any, negated bool) string {
	text := describe(m)
	switch {
	case text == "":
		return fromMessage(m, actual, negated)
	case !negated:
		return text
	}
	return not(m, text)
}

// Outcome says what a matcher expected and what it found. If that reads the same
// though the one is not the other, the types make the difference, and are told.
func Outcome(m Matcher, value any, negated, passed bool) (expected, actual string) {
	expected, actual = Expected(m, value, negated), Value(value)
	if !passed && expected == actual && name(m) == "matchers.EqualMatcher" {
		expected, actual = Typed(field(m, "Expected").Interface()), Typed(value)
	}
	return expected, actual
}

// Typed is a value with its type.
func Typed(value any) string { return fmt.Sprintf("%s (%T)", Value(value), value) }

// not negates a description.
func not(m any, text string) string {
	switch name(m) {
	case "matchers.HaveOccurredMatcher":
		return "no error"
	case "matchers.SucceedMatcher":
		return "an error"
	case "matchers.NotMatcher":
		return matcher(field(m, "Matcher"))
	case "matchers.PanicMatcher":
		if field(m, "Expected").IsNil() {
			return "no panic"
		}
	case "matchers.AndMatcher", "matchers.OrMatcher":
		if field(m, "Matchers").Len() > 1 {
			return "not (" + text + ")"
		}
	}
	return "not " + text
}

// describe says what a matcher expects; empty for one that it does not know.
func describe(m any) string {
	if d, ok := m.(Described); ok {
		return d.Expected()
	}
	if say := descriptions[name(m)]; say != nil {
		return say(reflect.Indirect(reflect.ValueOf(m)))
	}
	return ""
}

// name is the type of a matcher of Gomega's, such as matchers.EqualMatcher.
func name(m any) string {
	t := reflect.TypeOf(m)
	if t == nil {
		return ""
	}
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if rest, ok := strings.CutPrefix(t.PkgPath(), "github.com/onsi/gomega/"); ok {
		return rest + "." + t.Name()
	}
	return ""
}

func field(m any, name string) reflect.Value {
	return reflect.Indirect(reflect.ValueOf(m)).FieldByName(name)
}

// descriptions has the words of Gomega's matchers. They are looked up by the
// names of types and fields, so a test goes through all that Gomega exports.
var descriptions map[string]func(reflect.Value) string

func init() { // breaks the cycle with describe
	descriptions = map[string]func(reflect.Value) string{
		"matchers.AndMatcher":                func(m reflect.Value) string { return join(m.FieldByName("Matchers"), "and", "anything") },
		"matchers.OrMatcher":                 func(m reflect.Value) string { return join(m.FieldByName("Matchers"), "or", "nothing at all") },
		"matchers.NotMatcher":                func(m reflect.Value) string { return negation(m.FieldByName("Matcher")) },
		"matchers.AssignableToTypeOfMatcher": func(m reflect.Value) string { return "a value assignable to " + typeName(m.FieldByName("Expected")) },
		"matchers.BeADirectoryMatcher":       fixed("a directory"),
		"matchers.BeARegularFileMatcher":     fixed("a regular file"),
		"matchers.BeASliceMatcher":           fixed("a slice"),
		"matchers.BeAnArrayMatcher":          fixed("an array"),
		"matchers.BeAnExistingFileMatcher":   fixed("an existing file"),
		"matchers.BeClosedMatcher":           fixed("a closed channel"),
		"matchers.BeComparableToMatcher":     one("a value that compares equal to %s", "Expected"),
		"matchers.BeElementOfMatcher":        func(m reflect.Value) string { return "one of " + items(elements(m.FieldByName("Elements")), "or") },
		"matchers.BeEmptyMatcher":            fixed("something empty"),
		"matchers.BeEquivalentToMatcher":     one("a value equivalent to %s", "Expected"),
		"matchers.BeFalseMatcher":            because("false"),
		"matchers.BeIdenticalToMatcher":      one("the identical %s", "Expected"),
		"matchers.BeKeyOfMatcher":            one("a key of %s", "Map"),
		"matchers.BeNilMatcher":              fixed("nil"),
		"matchers.BeNumericallyMatcher":      numerically,
		"matchers.BeSentMatcher":             one("a channel that takes %s", "Arg"),
		"matchers.BeTemporallyMatcher":       temporally,
		"matchers.BeTrueMatcher":             because("true"),
		"matchers.BeZeroMatcher":             fixed("the zero value"),
		"matchers.ConsistOfMatcher":          func(m reflect.Value) string { return "in any order exactly " + list(m.FieldByName("Elements")) },
		"matchers.ContainElementMatcher":     one("a collection that contains %s", "Element"),
		"matchers.ContainElementsMatcher":    func(m reflect.Value) string { return "a collection that contains " + list(m.FieldByName("Elements")) },
		"matchers.ContainSubstringMatcher":   formatted("text that contains %q", "Substr"),
		"matchers.EqualMatcher":              one("%s", "Expected"),
		"matchers.HaveCapMatcher":            one("a capacity of %s", "Count"),
		"matchers.HaveEachMatcher":           one("a collection of nothing but %s", "Element"),
		"matchers.HaveExactElementsMatcher":  func(m reflect.Value) string { return "in this order exactly " + list(m.FieldByName("Elements")) },
		"matchers.HaveExistingFieldMatcher":  func(m reflect.Value) string { return "a value with the field " + m.FieldByName("Field").String() },
		"matchers.HaveFieldMatcher": func(m reflect.Value) string {
			return "a value whose " + m.FieldByName("Field").String() + " is " + matcher(m.FieldByName("Expected"))
		},
		"matchers.HaveHTTPBodyMatcher": one("the HTTP body %s", "Expected"),
		"matchers.HaveHTTPHeaderWithValueMatcher": func(m reflect.Value) string {
			return fmt.Sprintf("the HTTP header %s with %s", m.FieldByName("Header"), matcher(m.FieldByName("Value")))
		},
		"matchers.HaveHTTPStatusMatcher": func(m reflect.Value) string {
			return "the HTTP status " + items(elements(m.FieldByName("Expected")), "or")
		},
		"matchers.HaveKeyMatcher":            one("a map with the key %s", "Key"),
		"matchers.HaveKeyWithValueMatcher":   one("a map with %s under the key %s", "Value", "Key"),
		"matchers.HaveLenMatcher":            one("a length of %s", "Count"),
		"matchers.HaveOccurredMatcher":       fixed("an error"),
		"matchers.HavePrefixMatcher":         formatted("text that begins with %q", "Prefix"),
		"matchers.HaveSuffixMatcher":         formatted("text that ends with %q", "Suffix"),
		"matchers.HaveValueMatcher":          one("a value, or a pointer to one, that is %s", "Matcher"),
		"matchers.MatchErrorMatcher":         matchError,
		"matchers.MatchErrorStrictlyMatcher": one("exactly this %s", "Expected"),
		"matchers.MatchJSONMatcher":          document("JSON", "JSONToMatch"),
		"matchers.MatchRegexpMatcher":        formatted("text that matches %q", "Regexp"),
		"matchers.MatchXMLMatcher":           document("XML", "XMLToMatch"),
		"matchers.MatchYAMLMatcher":          document("YAML", "YAMLToMatch"),
		"matchers.PanicMatcher":              func(m reflect.Value) string { return "a panic" + optional(m.FieldByName("Expected"), " with ") },
		"matchers.ReceiveMatcher":            receive,
		"matchers.SatisfyMatcher":            func(m reflect.Value) string { return "a value that satisfies " + function(m.FieldByName("Predicate")) },
		"matchers.SucceedMatcher":            fixed("success"),
		"matchers.WithTransformMatcher": func(m reflect.Value) string {
			return "a value of which " + function(m.FieldByName("Transform")) + " gives " + matcher(m.FieldByName("Matcher"))
		},

		"gstruct.ElementsMatcher": func(m reflect.Value) string { return members(m, "elements", "Elements") },
		"gstruct.FieldsMatcher":   func(m reflect.Value) string { return members(m, "fields", "Fields") },
		"gstruct.KeysMatcher":     func(m reflect.Value) string { return members(m, "keys", "Keys") },
		"gstruct.PointerMatcher":  one("a pointer to %s", "Matcher"),
		"gstruct.IgnoreMatcher": func(m reflect.Value) string {
			if m.FieldByName("Succeed").Bool() {
				return "anything"
			}
			return "nothing at all"
		},
		"gbytes.sayMatcher": func(m reflect.Value) string {
			return fmt.Sprintf("output that matches %q", reflect.Indirect(m.FieldByName("re")).FieldByName("expr").String())
		},
		"gexec.exitMatcher": func(m reflect.Value) string {
			if code := m.FieldByName("exitCode").Int(); code >= 0 {
				return fmt.Sprintf("a process that exits with %d", code)
			}
			return "a process that exits"
		},
		"gleak.HaveLeakedMatcher": fixed("leaked goroutines"),
		"gleak.ignoringTopFunctionMatcher": func(m reflect.Value) string {
			return fmt.Sprintf("a goroutine in the function %q", m.FieldByName("expectedTopFunction").String())
		},
		"gleak.ignoringInBacktraceMatcher": func(m reflect.Value) string {
			return fmt.Sprintf("a goroutine called from the function %q", m.FieldByName("fname").String())
		},
		"gleak.ignoringCreator": func(m reflect.Value) string {
			return fmt.Sprintf("a goroutine created by the function %q", m.FieldByName("expectedCreatorFunction").String())
		},
		"gleak.ignoringGoroutinesMatcher": fixed("a goroutine that was there before"),
	}
}

func fixed(text string) func(reflect.Value) string {
	return func(reflect.Value) string { return text }
}

// one puts the words of fields into a text.
func one(text string, fields ...string) func(reflect.Value) string {
	return func(m reflect.Value) string {
		args := make([]any, len(fields))
		for i, name := range fields {
			args[i] = matcher(m.FieldByName(name))
		}
		return fmt.Sprintf(text, args...)
	}
}

// formatted puts a field, which is a format for the arguments in Args, into a
// text.
func formatted(text, name string) func(reflect.Value) string {
	return func(m reflect.Value) string {
		s := m.FieldByName(name).String()
		if args := m.FieldByName("Args"); args.Len() > 0 {
			s = fmt.Sprintf(s, args.Interface().([]any)...)
		}
		return fmt.Sprintf(text, s)
	}
}

func because(text string) func(reflect.Value) string {
	return func(m reflect.Value) string {
		if reason := m.FieldByName("Reason").String(); reason != "" {
			return text + ": " + Line(reason)
		}
		return text
	}
}

func document(kind, name string) func(reflect.Value) string {
	return func(m reflect.Value) string {
		v := m.FieldByName(name).Elem()
		switch {
		case v.IsValid() && v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Uint8:
			return kind + " equal to " + Line(string(v.Bytes()))
		case v.IsValid() && v.Kind() == reflect.String:
			return kind + " equal to " + Line(v.String())
		}
		return kind + " equal to " + matcher(v)
	}
}

func numerically(m reflect.Value) string {
	comparator, to := m.FieldByName("Comparator").String(), elements(m.FieldByName("CompareTo"))
	switch {
	case len(to) == 0:
		return "a number"
	case comparator == "==":
		return to[0]
	case comparator == "~" && len(to) > 1:
		return "a number within " + to[1] + " of " + to[0]
	case comparator == "~":
		return "a number close to " + to[0]
	}
	return "a number " + comparator + " " + to[0]
}

func temporally(m reflect.Value) string {
	comparator, to := m.FieldByName("Comparator").String(), matcher(m.FieldByName("CompareTo"))
	if comparator != "~" {
		return "a time " + comparator + " " + to
	}
	within := "1ms"
	if threshold := elements(m.FieldByName("Threshold")); len(threshold) > 0 {
		within = threshold[0]
	}
	return "a time within " + within + " of " + to
}

func matchError(m reflect.Value) string {
	expected := m.FieldByName("Expected").Elem()
	if expected.IsValid() && expected.Kind() == reflect.Func {
		if about := elements(m.FieldByName("FuncErrDescription")); len(about) > 0 {
			return "an error that is " + about[0]
		}
		return "an error that satisfies " + function(expected)
	}
	if expected.IsValid() && expected.CanInterface() {
		if err, ok := expected.Interface().(error); ok {
			return "an error that is " + Value(err)
		}
	}
	if expected.IsValid() && expected.Kind() == reflect.String {
		return "an error with the text " + matcher(expected)
	}
	return "an error with " + matcher(expected)
}

func receive(m reflect.Value) string {
	args := m.FieldByName("Args")
	for i := range args.Len() {
		if arg := args.Index(i).Elem(); arg.IsValid() && arg.CanInterface() {
			if inner, ok := arg.Interface().(Matcher); ok {
				return "a channel that gives " + matcher(reflect.ValueOf(inner))
			}
		}
	}
	if args.Len() == 1 && args.Index(0).Elem().Kind() != reflect.Pointer {
		return "a channel that gives " + matcher(args.Index(0))
	}
	return "a channel that gives something"
}

// matcher says what is expected where a value or a matcher may stand.
func matcher(v reflect.Value) string {
	if v.IsValid() && v.Kind() == reflect.Interface {
		v = v.Elem()
	}
	if v.IsValid() && v.CanInterface() {
		if m, ok := v.Interface().(Matcher); ok {
			if text := describe(m); text != "" {
				return text
			}
			return fromMessage(m, nil, false)
		}
		return Value(v.Interface())
	}
	var p printer
	p.value(v, 0)
	return p.String()
}

func negation(v reflect.Value) string {
	if m, ok := v.Interface().(Matcher); ok {
		if text := describe(m); text != "" {
			return not(m, text)
		}
	}
	return "not " + matcher(v)
}

// join says what several matchers expect together. Alternatives stand in
// parentheses, so that it is clear what goes with what.
func join(matchers reflect.Value, word, none string) string {
	said := make([]string, matchers.Len())
	for i := range said {
		said[i] = matcher(matchers.Index(i))
		if inner := name(matchers.Index(i).Interface()); (inner == "matchers.OrMatcher" || inner == "matchers.AndMatcher") && len(said) > 1 {
			said[i] = "(" + said[i] + ")"
		}
	}
	if len(said) == 0 {
		return none
	}
	return strings.Join(said, " "+word+" ")
}

// elements are the words of each value of a list.
func elements(v reflect.Value) []string {
	var said []string
	for i := range v.Len() {
		said = append(said, matcher(v.Index(i)))
	}
	return said
}

// list is elements in brackets. Gomega takes a list of one list for that list.
func list(v reflect.Value) string {
	if v.Len() == 1 {
		if only := v.Index(0).Elem(); only.IsValid() && only.Kind() == reflect.Slice {
			v = only
		}
	}
	return "[" + strings.Join(elements(v), ", ") + "]"
}

func items(said []string, word string) string {
	if len(said) < 2 {
		return strings.Join(said, "")
	}
	return strings.Join(said[:len(said)-1], ", ") + " " + word + " " + said[len(said)-1]
}

// members says what is expected of the parts of a structure.
func members(m reflect.Value, what, name string) string {
	how := "exactly the "
	extras, missing := m.FieldByName("IgnoreExtras").Bool(), m.FieldByName("IgnoreMissing").Bool()
	switch {
	case extras && missing:
		how = "among others, as far as they are there, the "
	case extras:
		how = "among others the "
	case missing:
		how = "nothing but, as far as they are there, the "
	}
	parts := m.FieldByName(name)
	said := make([]string, 0, parts.Len())
	for iter := parts.MapRange(); iter.Next(); {
		key := matcher(iter.Key())
		if iter.Key().Kind() == reflect.String {
			key = Line(iter.Key().String())
		}
		said = append(said, key+": "+matcher(iter.Value()))
	}
	return how + what + " {" + strings.Join(slices.Sorted(slices.Values(said)), ", ") + "}"
}

func optional(v reflect.Value, before string) string {
	if v.IsNil() {
		return ""
	}
	return before + matcher(v)
}

func function(v reflect.Value) string {
	if v.Kind() == reflect.Interface {
		v = v.Elem()
	}
	if name := functionName(v); name != "" {
		return name
	}
	return "a function"
}

func typeName(v reflect.Value) string {
	if v.Kind() == reflect.Interface {
		v = v.Elem()
	}
	if !v.IsValid() {
		return "nil"
	}
	t := v.Type()
	if t.Kind() == reflect.Pointer && t.Elem().Name() != "" {
		return "*" + t.Elem().String()
	}
	return t.String()
}

// fromMessage takes the words of the matcher's own message, "Expected ACTUAL to
// be so". Some matchers panic when asked for the message of what did not happen.
func fromMessage(m Matcher, actual any, negated bool) (text string) {
	defer func() {
		if recover() != nil || !Visible(text) {
			t := reflect.Indirect(reflect.ValueOf(m)).Type()
			text = "a match of " + strings.TrimSuffix(t.Name(), "Matcher")
			if negated {
				text = "not " + text
			}
		}
	}()
	message := m.FailureMessage
	if negated {
		message = m.NegatedFailureMessage
	}
	whole := message(actual)
	head, rest, _ := strings.Cut(whole, "\n")
	if head == "Expected" || head == "Expected:" {
		// The actual value follows, indented; what comes after it is not.
		lines := strings.Split(rest, "\n")
		for i, line := range lines {
			if !strings.HasPrefix(line, "    ") && line != "" {
				whole = strings.Join(lines[i:], "\n")
				break
			}
		}
	}
	return Message(whole)
}

var (
	typesAndAddresses = regexp.MustCompile(`<[^<>\n]*>:? ?`)
	addresses         = regexp.MustCompile(`\b0x[0-9a-f]+\b`)
)

// Message is a message of Gomega's on one line, without the types and addresses
// that it gives with values.
func Message(text string) string {
	text = typesAndAddresses.ReplaceAllString(text, "")
	text = addresses.ReplaceAllString(text, "...")
	return strings.Join(strings.Fields(text), " ")
}

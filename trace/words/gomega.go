package words

import (
	"fmt"
	"reflect"
)

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

// received says what a channel gave when the matcher tried it.
func received(m Matcher, actual string) string {
	if closed := field(m, "channelClosed"); closed.IsValid() && closed.Bool() {
		return "a closed channel"
	}
	v := field(m, "receivedValue")
	if !v.IsValid() || !v.CanAddr() || v.Type() != reflect.TypeFor[reflect.Value]() {
		return actual
	}
	got := *(*reflect.Value)(v.Addr().UnsafePointer())
	if !got.IsValid() {
		return "a channel that gives nothing"
	}
	return "a channel that gives " + matcher(got)
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

package words

import (
	"fmt"
	"reflect"
	"regexp"
	"strings"
)

// phrases says what Gomega's matchers expect. A field in braces is put into words,
// one with dots as a list. They are looked up by the names of types and fields, so
// a test goes through all that Gomega exports.
var phrases = map[string]string{
	"matchers.BeADirectoryMatcher":            "a directory",
	"matchers.BeARegularFileMatcher":          "a regular file",
	"matchers.BeASliceMatcher":                "a slice",
	"matchers.BeAnArrayMatcher":               "an array",
	"matchers.BeAnExistingFileMatcher":        "an existing file",
	"matchers.BeClosedMatcher":                "a closed channel",
	"matchers.BeComparableToMatcher":          "a value that compares equal to {Expected}",
	"matchers.BeEmptyMatcher":                 "something empty",
	"matchers.BeEquivalentToMatcher":          "a value equivalent to {Expected}",
	"matchers.BeIdenticalToMatcher":           "the identical {Expected}",
	"matchers.BeKeyOfMatcher":                 "a key of {Map}",
	"matchers.BeNilMatcher":                   "nil",
	"matchers.BeSentMatcher":                  "a channel that takes {Arg}",
	"matchers.BeZeroMatcher":                  "the zero value",
	"matchers.ConsistOfMatcher":               "in any order exactly {Elements...}",
	"matchers.ContainElementMatcher":          "a collection that contains {Element}",
	"matchers.ContainElementsMatcher":         "a collection that contains {Elements...}",
	"matchers.HaveCapMatcher":                 "a capacity of {Count}",
	"matchers.HaveEachMatcher":                "a collection of nothing but {Element}",
	"matchers.HaveExactElementsMatcher":       "in this order exactly {Elements...}",
	"matchers.HaveHTTPBodyMatcher":            "the HTTP body {Expected}",
	"matchers.HaveHTTPHeaderWithValueMatcher": "the HTTP header {Header} with {Value}",
	"matchers.HaveKeyMatcher":                 "a map with the key {Key}",
	"matchers.HaveKeyWithValueMatcher":        "a map with {Value} under the key {Key}",
	"matchers.HaveLenMatcher":                 "a length of {Count}",
	"matchers.HaveOccurredMatcher":            "an error",
	"matchers.HaveValueMatcher":               "a value, or a pointer to one, that is {Matcher}",
	"matchers.MatchErrorStrictlyMatcher":      "exactly this {Expected}",
	"matchers.SucceedMatcher":                 "success",
	"gstruct.PointerMatcher":                  "a pointer to {Matcher}",
	"gleak.HaveLeakedMatcher":                 "leaked goroutines",
	"gleak.ignoringTopFunctionMatcher":        "a goroutine in the function {expectedTopFunction}",
	"gleak.ignoringInBacktraceMatcher":        "a goroutine called from the function {fname}",
	"gleak.ignoringCreator":                   "a goroutine created by the function {expectedCreatorFunction}",
	"gleak.ignoringGoroutinesMatcher":         "a goroutine that was there before",
}

var placeholder = regexp.MustCompile(`\{(\w+)(\.\.\.)?\}`)

// phrase fills in a phrase.
func phrase(text string, m reflect.Value) string {
	return placeholder.ReplaceAllStringFunc(text, func(s string) string {
		if name, many := strings.CutSuffix(s[1:len(s)-1], "..."); many {
			return list(m.FieldByName(name))
		}
		return matcher(m.FieldByName(s[1 : len(s)-1]))
	})
}

// descriptions is for the matchers that no phrase is enough for.
var descriptions map[string]func(reflect.Value) string

func init() { // breaks the cycle with describe
	descriptions = map[string]func(reflect.Value) string{
		"matchers.AndMatcher": func(m reflect.Value) string { return join(m.FieldByName("Matchers"), "and", "anything") },
		"matchers.OrMatcher":  func(m reflect.Value) string { return join(m.FieldByName("Matchers"), "or", "nothing at all") },
		"matchers.NotMatcher": func(m reflect.Value) string { return negation(m.FieldByName("Matcher")) },
		"matchers.AssignableToTypeOfMatcher": func(m reflect.Value) string {
			return "a value assignable to " + typeName(m.FieldByName("Expected"))
		},
		"matchers.BeElementOfMatcher": func(m reflect.Value) string {
			return "one of " + items(elements(m.FieldByName("Elements")), "or")
		},
		"matchers.BeFalseMatcher":          because("false"),
		"matchers.BeNumericallyMatcher":    numerically,
		"matchers.BeTemporallyMatcher":     temporally,
		"matchers.BeTrueMatcher":           because("true"),
		"matchers.ContainSubstringMatcher": formatted("text that contains %q", "Substr"),
		"matchers.EqualMatcher":            func(m reflect.Value) string { return matcher(m.FieldByName("Expected")) },
		"matchers.HaveExistingFieldMatcher": func(m reflect.Value) string {
			return "a value with the field " + m.FieldByName("Field").String()
		},
		"matchers.HaveFieldMatcher": func(m reflect.Value) string {
			return "a value whose " + m.FieldByName("Field").String() + " is " + matcher(m.FieldByName("Expected"))
		},
		"matchers.HaveHTTPStatusMatcher": func(m reflect.Value) string {
			return "the HTTP status " + items(elements(m.FieldByName("Expected")), "or")
		},
		"matchers.HavePrefixMatcher":  formatted("text that begins with %q", "Prefix"),
		"matchers.HaveSuffixMatcher":  formatted("text that ends with %q", "Suffix"),
		"matchers.MatchErrorMatcher":  matchError,
		"matchers.MatchJSONMatcher":   document("JSON", "JSONToMatch"),
		"matchers.MatchRegexpMatcher": formatted("text that matches %q", "Regexp"),
		"matchers.MatchXMLMatcher":    document("XML", "XMLToMatch"),
		"matchers.MatchYAMLMatcher":   document("YAML", "YAMLToMatch"),
		"matchers.PanicMatcher": func(m reflect.Value) string {
			if expected := m.FieldByName("Expected"); !expected.IsNil() {
				return "a panic with " + matcher(expected)
			}
			return "a panic"
		},
		"matchers.ReceiveMatcher": receive,
		"matchers.SatisfyMatcher": func(m reflect.Value) string {
			return "a value that satisfies " + function(m.FieldByName("Predicate"))
		},
		"matchers.WithTransformMatcher": func(m reflect.Value) string {
			return "a value of which " + function(m.FieldByName("Transform")) + " gives " + matcher(m.FieldByName("Matcher"))
		},
		"gstruct.ElementsMatcher": func(m reflect.Value) string { return members(m, "elements", "Elements") },
		"gstruct.FieldsMatcher":   func(m reflect.Value) string { return members(m, "fields", "Fields") },
		"gstruct.KeysMatcher":     func(m reflect.Value) string { return members(m, "keys", "Keys") },
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

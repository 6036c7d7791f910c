package words

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
)

// phrases says what Gomega's matchers expect, and behind a | what they expect where that
// is not "not" and the same words. A field in braces is put into words, in the way that
// follows its name (see fill). They are looked up by the names of types and fields, so a
// test goes through all that Gomega exports.
var phrases = map[string]string{
	"matchers.AssignableToTypeOfMatcher":      "a value assignable to {Expected:type}",
	"matchers.BeADirectoryMatcher":            "a directory",
	"matchers.BeARegularFileMatcher":          "a regular file",
	"matchers.BeASliceMatcher":                "a slice",
	"matchers.BeAnArrayMatcher":               "an array",
	"matchers.BeAnExistingFileMatcher":        "an existing file",
	"matchers.BeClosedMatcher":                "a closed channel",
	"matchers.BeComparableToMatcher":          "a value that compares equal to {Expected}",
	"matchers.BeElementOfMatcher":             "one of {Elements:or}",
	"matchers.BeEmptyMatcher":                 "something empty",
	"matchers.BeEquivalentToMatcher":          "a value equivalent to {Expected}",
	"matchers.BeFalseMatcher":                 "false{Reason:because}",
	"matchers.BeIdenticalToMatcher":           "the identical {Expected}",
	"matchers.BeKeyOfMatcher":                 "a key of {Map}",
	"matchers.BeNilMatcher":                   "nil",
	"matchers.BeSentMatcher":                  "a channel that takes {Arg}",
	"matchers.BeTrueMatcher":                  "true{Reason:because}",
	"matchers.BeZeroMatcher":                  "the zero value",
	"matchers.ConsistOfMatcher":               "in any order exactly {Elements:list}",
	"matchers.ContainElementMatcher":          "a collection that contains {Element}",
	"matchers.ContainElementsMatcher":         "a collection that contains {Elements:list}",
	"matchers.ContainSubstringMatcher":        "text that contains {Substr:format}",
	"matchers.EqualMatcher":                   "{Expected}",
	"matchers.HaveCapMatcher":                 "a capacity of {Count}",
	"matchers.HaveEachMatcher":                "a collection of nothing but {Element}",
	"matchers.HaveExactElementsMatcher":       "in this order exactly {Elements:list}",
	"matchers.HaveExistingFieldMatcher":       "a value with the field {Field:text}",
	"matchers.HaveFieldMatcher":               "a value whose {Field:text} is {Expected}",
	"matchers.HaveHTTPBodyMatcher":            "the HTTP body {Expected}",
	"matchers.HaveHTTPHeaderWithValueMatcher": "the HTTP header {Header} with {Value}",
	"matchers.HaveHTTPStatusMatcher":          "the HTTP status {Expected:or}",
	"matchers.HaveKeyMatcher":                 "a map with the key {Key}",
	"matchers.HaveKeyWithValueMatcher":        "a map with {Value} under the key {Key}",
	"matchers.HaveLenMatcher":                 "a length of {Count}",
	"matchers.HaveOccurredMatcher":            "an error|no error",
	"matchers.HavePrefixMatcher":              "text that begins with {Prefix:format}",
	"matchers.HaveSuffixMatcher":              "text that ends with {Suffix:format}",
	"matchers.HaveValueMatcher":               "a value, or a pointer to one, that is {Matcher}",
	"matchers.MatchErrorStrictlyMatcher":      "exactly this {Expected}",
	"matchers.MatchJSONMatcher":               "JSON equal to {JSONToMatch:document}",
	"matchers.MatchRegexpMatcher":             "text that matches {Regexp:format}",
	"matchers.MatchXMLMatcher":                "XML equal to {XMLToMatch:document}",
	"matchers.MatchYAMLMatcher":               "YAML equal to {YAMLToMatch:document}",
	"matchers.SatisfyMatcher":                 "a value that satisfies {Predicate:function}",
	"matchers.SucceedMatcher":                 "success|an error",
	"matchers.WithTransformMatcher":           "a value of which {Transform:function} gives {Matcher}",
	"gstruct.ElementsMatcher":                 "{Elements:extent} elements {Elements:members}",
	"gstruct.FieldsMatcher":                   "{Fields:extent} fields {Fields:members}",
	"gstruct.KeysMatcher":                     "{Keys:extent} keys {Keys:members}",
	"gstruct.PointerMatcher":                  "a pointer to {Matcher}",
	"gleak.HaveLeakedMatcher":                 "leaked goroutines",
	"gleak.ignoringTopFunctionMatcher":        "a goroutine in the function {expectedTopFunction}",
	"gleak.ignoringInBacktraceMatcher":        "a goroutine called from the function {fname}",
	"gleak.ignoringCreator":                   "a goroutine created by the function {expectedCreatorFunction}",
	"gleak.ignoringGoroutinesMatcher":         "a goroutine that was there before",
}

var placeholder = regexp.MustCompile(`\{(\w+):?(\w*)\}`)

// phrase fills in a phrase.
func phrase(text string, m reflect.Value) string {
	return placeholder.ReplaceAllStringFunc(text, func(s string) string {
		part := placeholder.FindStringSubmatch(s)
		return fill(m, m.FieldByName(part[1]), part[2])
	})
}

// fill puts a field of a matcher into words.
func fill(m, field reflect.Value, way string) string {
	switch way {
	case "text":
		return field.String()
	case "because":
		if reason := field.String(); reason != "" {
			return ": " + Line(reason)
		}
		return ""
	case "type":
		return field.Elem().Type().String()
	case "function":
		return function(field.Elem())
	case "list": // Gomega takes a list of one list for that list
		if field.Len() == 1 && field.Index(0).Elem().Kind() == reflect.Slice {
			field = field.Index(0).Elem()
		}
		return "[" + strings.Join(elements(field), ", ") + "]"
	case "or":
		said := elements(field)
		if n := len(said); n > 1 {
			said = append(said[:n-2], said[n-2]+" or "+said[n-1])
		}
		return strings.Join(said, ", ")
	case "format": // for the arguments in Args
		s := field.String()
		if args := m.FieldByName("Args"); args.Len() > 0 {
			s = fmt.Sprintf(s, args.Interface().([]any)...)
		}
		return fmt.Sprintf("%q", s)
	case "document":
		if v := field.Elem(); v.Kind() == reflect.String || v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Uint8 {
			return Line(v.Convert(reflect.TypeFor[string]()).String())
		}
	case "extent":
		return extent(m)
	case "members":
		var said []string
		for iter := field.MapRange(); iter.Next(); {
			key := matcher(iter.Key())
			if iter.Key().Kind() == reflect.String {
				key = Line(iter.Key().String())
			}
			said = append(said, key+": "+matcher(iter.Value()))
		}
		slices.Sort(said)
		return "{" + strings.Join(said, ", ") + "}"
	}
	return matcher(field)
}

// extent says how much a matcher of gstruct's names of what it looks at.
func extent(m reflect.Value) string {
	extras, missing := m.FieldByName("IgnoreExtras").Bool(), m.FieldByName("IgnoreMissing").Bool()
	switch {
	case extras && missing:
		return "among others, as far as they are there, the"
	case extras:
		return "among others the"
	case missing:
		return "nothing but, as far as they are there, the"
	}
	return "exactly the"
}

// description is for the matchers that no phrase is enough for.
func description(name string, m reflect.Value) string {
	field := m.FieldByName
	switch name {
	case "matchers.AndMatcher":
		return join(field("Matchers"), "and", "anything")
	case "matchers.OrMatcher":
		return join(field("Matchers"), "or", "nothing at all")
	case "matchers.NotMatcher":
		inner := field("Matcher")
		if m, ok := inner.Interface().(Matcher); ok && describe(m, false) != "" {
			return describe(m, true)
		}
		return "not " + matcher(inner)
	case "matchers.BeNumericallyMatcher":
		return numerically(field("Comparator").String(), elements(field("CompareTo")))
	case "matchers.BeTemporallyMatcher":
		return temporally(field("Comparator").String(), matcher(field("CompareTo")), elements(field("Threshold")))
	case "matchers.MatchErrorMatcher":
		return matchError(field("Expected"), elements(field("FuncErrDescription")))
	case "matchers.PanicMatcher":
		if !field("Expected").IsNil() {
			return "a panic with " + matcher(field("Expected"))
		}
		return "a panic"
	case "matchers.ReceiveMatcher":
		return receive(field("Args"))
	case "gstruct.IgnoreMatcher":
		if field("Succeed").Bool() {
			return "anything"
		}
		return "nothing at all"
	case "gbytes.sayMatcher":
		return fmt.Sprintf("output that matches %q", reflect.Indirect(field("re")).FieldByName("expr").String())
	case "gexec.exitMatcher":
		if code := field("exitCode").Int(); code >= 0 {
			return fmt.Sprintf("a process that exits with %d", code)
		}
		return "a process that exits"
	}
	return ""
}

func numerically(comparator string, to []string) string {
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

func temporally(comparator, to string, threshold []string) string {
	if comparator == "~" {
		return "a time within " + append(threshold, "1ms")[0] + " of " + to
	}
	return "a time " + comparator + " " + to
}

func matchError(expected reflect.Value, about []string) string {
	_, isError := expected.Interface().(error)
	switch kind := expected.Elem().Kind(); {
	case kind == reflect.Func && len(about) > 0:
		return "an error that is " + about[0]
	case kind == reflect.Func:
		return "an error that satisfies " + function(expected.Elem())
	case isError:
		return "an error that is " + matcher(expected)
	case kind == reflect.String:
		return "an error with the text " + matcher(expected)
	}
	return "an error with " + matcher(expected)
}

func receive(args reflect.Value) string {
	for i := range args.Len() {
		_, isMatcher := args.Index(i).Interface().(Matcher)
		if isMatcher || args.Len() == 1 && args.Index(i).Elem().Kind() != reflect.Pointer {
			return "a channel that gives " + matcher(args.Index(i))
		}
	}
	return "a channel that gives something"
}

// received says what a channel gave when the matcher tried it.
func received(m Matcher, actual string) string {
	if closed := Field(m, "channelClosed"); closed.IsValid() && closed.Bool() {
		return "a closed channel"
	}
	v := Field(m, "receivedValue")
	if !v.IsValid() || !v.CanAddr() || v.Type() != reflect.TypeFor[reflect.Value]() {
		return actual
	}
	got := *(*reflect.Value)(v.Addr().UnsafePointer())
	if !got.IsValid() {
		return "a channel that gives nothing"
	}
	return "a channel that gives " + matcher(got)
}

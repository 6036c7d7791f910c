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
	switch n := name(m); {
	case n == "matchers.ReceiveMatcher":
		actual = received(m, actual)
	case value == nil && n == "matchers.HaveOccurredMatcher":
		actual = "no error"
	case value == nil && n == "matchers.SucceedMatcher":
		actual = "success"
	}
	if want := field(m, "Expected"); !passed && expected == actual && want.IsValid() && name(m) == "matchers.EqualMatcher" {
		if typed := Typed(want.Interface()); typed != Typed(value) {
			return typed, Typed(value)
		}
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

// describe says what a matcher expects; empty for one that it does not know, such as
// a matcher of a release of Gomega that has other fields.
func describe(m any) (text string) {
	defer func() {
		if recover() != nil {
			text = ""
		}
	}()
	if d, ok := m.(Described); ok {
		return d.Expected()
	}
	known := name(m)
	if text := phrases[known]; text != "" {
		return phrase(text, reflect.Indirect(reflect.ValueOf(m)))
	}
	if say := descriptions[known]; say != nil {
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

// field is a field of a matcher; invalid if it has none of that name.
func field(m any, name string) reflect.Value {
	if v := reflect.Indirect(reflect.ValueOf(m)); v.Kind() == reflect.Struct {
		return v.FieldByName(name)
	}
	return reflect.Value{}
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
// that it gives with values, and without its indentation.
func Message(text string) string {
	text = typesAndAddresses.ReplaceAllString(text, "")
	text = addresses.ReplaceAllString(text, "...")
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = strings.TrimSpace(lines[i])
	}
	lines = slices.DeleteFunc(lines, func(line string) bool { return line == "" })
	return Line(strings.Join(lines, " "))
}

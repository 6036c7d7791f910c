package words

import (
	"cmp"
	"fmt"
	"reflect"
	"regexp"
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
	if text := describe(m, negated); text != "" {
		return text
	}
	return fromMessage(m, actual, negated)
}

// Outcome says what a matcher expected and what it found. If that reads the same
// though the one is not the other, the types make the difference, and are told.
func Outcome(m Matcher, value any, negated, passed bool) (expected, actual string) {
	expected, actual = Expected(m, value, negated), Value(value)
	switch n := name(m); {
	case n == "matchers.ReceiveMatcher":
		actual = received(m, actual)
	case n == "matchers.HaveOccurredMatcher" && value == nil:
		actual = "no error"
	case n == "matchers.SucceedMatcher" && value == nil:
		actual = "success"
	case n == "matchers.EqualMatcher" && !passed && expected == actual:
		if typed := Typed(Field(m, "Expected").Interface()); typed != Typed(value) {
			return typed, Typed(value)
		}
	}
	return expected, actual
}

// Typed is a value with its type.
func Typed(value any) string { return fmt.Sprintf("%s (%T)", Value(value), value) }

// describe says what a matcher expects, or with negated what it must not find; empty for
// one that it does not know, such as a matcher of a release of Gomega that has other
// fields.
func describe(m any, negated bool) (text string) {
	defer func() {
		if recover() != nil {
			text = ""
		}
	}()
	known, v := name(m), reflect.Indirect(reflect.ValueOf(m))
	words, negation, _ := strings.Cut(phrases[known], "|")
	switch d, ok := m.(Described); {
	case ok:
		text = d.Expected()
	case words != "":
		text = phrase(words, v)
	case known == "matchers.NotMatcher" && negated:
		return matcher(v.FieldByName("Matcher"))
	default:
		text = description(known, v)
	}
	switch {
	case text == "" || !negated:
		return text
	case negation != "":
		return negation
	case text == "a panic":
		return "no panic"
	case (known == "matchers.AndMatcher" || known == "matchers.OrMatcher") && v.FieldByName("Matchers").Len() > 1:
		return "not (" + text + ")"
	}
	return "not " + text
}

// name is the type of a matcher of Gomega's, such as matchers.EqualMatcher.
func name(m any) string {
	v := reflect.Indirect(reflect.ValueOf(m))
	if !v.IsValid() {
		return ""
	}
	pkg, ok := strings.CutPrefix(v.Type().PkgPath(), "github.com/onsi/gomega/")
	if !ok {
		return ""
	}
	return pkg + "." + v.Type().Name()
}

// Field is what a type of Gomega's holds under the names of some fields, which it does not
// tell otherwise; invalid if a release of Gomega has others.
func Field(of any, path ...string) reflect.Value {
	v := reflect.ValueOf(of)
	for _, name := range path {
		if v = reflect.Indirect(v); v.Kind() != reflect.Struct {
			return reflect.Value{}
		}
		v = v.FieldByName(name)
	}
	return v
}

// matcher says what is expected where a value or a matcher may stand.
func matcher(v reflect.Value) string {
	if v.Kind() == reflect.Interface {
		v = v.Elem()
	}
	if v.IsValid() && v.CanInterface() {
		if m, ok := v.Interface().(Matcher); ok {
			return Expected(m, nil, false)
		}
	}
	var p printer
	p.value(v, 0)
	return p.String()
}

// join says what several matchers expect together. Alternatives stand in
// parentheses, so that it is clear what goes with what.
func join(matchers reflect.Value, word, none string) string {
	var said []string
	for i := range matchers.Len() {
		text := matcher(matchers.Index(i))
		if inner := name(matchers.Index(i).Interface()); matchers.Len() > 1 && (inner == "matchers.OrMatcher" || inner == "matchers.AndMatcher") {
			text = "(" + text + ")"
		}
		said = append(said, text)
	}
	return cmp.Or(strings.Join(said, " "+word+" "), none)
}

// elements are the words of each value of a list.
func elements(v reflect.Value) []string {
	var said []string
	for i := range v.Len() {
		said = append(said, matcher(v.Index(i)))
	}
	return said
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
	return Message(beforeWords.ReplaceAllString(message(actual), ""))
}

var (
	beforeWords       = regexp.MustCompile(`^Expected:?\n(?:(?:    .*)?\n)*`) // the actual value follows, indented
	typesAndAddresses = regexp.MustCompile(`<[^<>\n]*>:? ?`)
	addresses         = regexp.MustCompile(`\b0x[0-9a-f]+\b`)
	lineBreaks        = regexp.MustCompile(`\s*\n\s*`)
)

// Message is a message of Gomega's on one line, without the types and addresses
// that it gives with values, and without its indentation.
func Message(text string) string {
	text = typesAndAddresses.ReplaceAllString(text, "")
	text = addresses.ReplaceAllString(text, "...")
	return Line(strings.TrimSpace(lineBreaks.ReplaceAllString(text, " ")))
}

package document

import (
	"cmp"
	"slices"
	"strings"
)

// Stated is s, or says that nothing was stated.
func Stated(s string) string { return cmp.Or(s, "not stated") }

// Paren puts s in parentheses, if there is any.
func Paren(s string) string {
	if s == "" {
		return ""
	}
	return "(" + s + ")"
}

// Join puts a comma between the texts that are not empty.
func Join(texts ...string) string {
	texts = slices.DeleteFunc(slices.Clone(texts), func(t string) bool { return t == "" })
	return strings.Join(texts, ", ")
}

// Plural writes a number with its noun, in the singular for 1.
func Plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return Thousands(n) + " " + noun + "s"
}

// Prefix puts lead before text, if there is any.
func Prefix(lead, text string) string {
	if text == "" {
		return ""
	}
	return lead + text
}

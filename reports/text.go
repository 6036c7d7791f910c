package reports

import (
	"cmp"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// longest is how many bytes of a text from a suite or a target a reason or a problem
// holds. The evidence holds all of it.
const longest = 300

// quoted is a value that is too long to be read within a reason, and what of it
// is shown.
var quoted = regexp.MustCompile(`("(?:[^"\\]|\\.){40})(?:[^"\\]|\\.){20,}"`)

// oneLine returns a text as one line of bounded length.
func oneLine(text string) string {
	if len(text) > 100 {
		text = quoted.ReplaceAllString(text, `$1…"`)
	}
	if len(text) > longest {
		end := longest
		for !utf8.RuneStart(text[end]) {
			end--
		}
		text = text[:end] + "..."
	}
	return strings.Join(strings.Fields(text), " ")
}

// shownID returns an id for a message, quoted if it has characters that are hard to see.
func shownID(id string) string {
	if id == "" || strings.ContainsFunc(id, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return strconv.QuoteToASCII(id)
	}
	return id
}

// listed joins the first few of n texts, and counts the others.
func listed[T any](texts []T, n, few int, separator string) string {
	var all []string
	for _, text := range texts[:min(few, len(texts))] {
		all = append(all, fmt.Sprint(text))
	}
	if more := n - len(all); more > 0 {
		all = append(all, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(all, separator)
}

// joined joins a list.
func joined[T any](texts []T) string { return listed(texts, len(texts), len(texts), ", ") }

// firstOf joins the first few of a list whose whole stands elsewhere.
func firstOf[T any](all []T) string { return listed(all, len(all), maxReasons, reasonBreak) }

// plural returns a number with its noun.
func plural(n int, noun string) string { return subject(n, noun, noun+"s") }

// subject returns a number with the words for one and for more.
func subject(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// natural compares texts as a person sorts them: SRS-2 before SRS-10. Texts that differ
// only in leading zeros are not equal.
func natural(a, b string) int {
	x, y := a, b
	for x != "" && y != "" {
		if isDigit(x[0]) && isDigit(y[0]) {
			var m, n string
			m, x = number(x)
			n, y = number(y)
			if c := cmp.Or(cmp.Compare(len(m), len(n)), strings.Compare(m, n)); c != 0 {
				return c
			}
			continue
		}
		if x[0] != y[0] {
			return cmp.Compare(x[0], y[0])
		}
		x, y = x[1:], y[1:]
	}
	return cmp.Or(cmp.Compare(len(x), len(y)), strings.Compare(a, b))
}

// number returns the digits at the beginning of text, without leading zeros.
func number(text string) (digits, rest string) {
	end := 0
	for end < len(text) && isDigit(text[end]) {
		end++
	}
	return strings.TrimLeft(text[:end], "0"), text[end:]
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// ranges lists sorted ids without repeating their common beginning, as in SRS-001, 016,
// 021.
func ranges(ids []string) string {
	var text strings.Builder
	shared := ""
	for i, id := range ids {
		if i > 0 {
			text.WriteString(", ")
		}
		prefix := strings.TrimRight(id, "0123456789")
		if i > 0 && prefix == shared && prefix != id {
			id = id[len(prefix):]
		}
		text.WriteString(id)
		shared = prefix
	}
	return text.String()
}

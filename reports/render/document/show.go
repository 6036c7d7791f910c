package document

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// longest is how many characters of one text are shown. What was received may
// be a line of 64 KiB and more; results.json holds the whole.
const longest = 1000

// Show makes any text fit to be shown: valid UTF-8, without a control
// character save the line feed, without a character that hides or reorders
// others, and no longer than a reader can bear. What is not shown as it is
// stands as an escape such as \x1b or \u202e.
func Show(s string) string {
	if IsPlain(s) && len(s) <= longest {
		return s
	}
	var b strings.Builder
	count := 0
	for i := 0; i < len(s); count++ {
		if count == longest {
			fmt.Fprintf(&b, "… (cut; %s characters in all)", Thousands(count+utf8.RuneCountInString(s[i:])))
			break
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case r == utf8.RuneError: // it would be taken for a character that cannot be shown
			b.WriteString(`\ufffd`)
		case visible(r):
			b.WriteRune(r)
		case r == '\t':
			b.WriteString(`\t`)
		case r == '\r':
			b.WriteString(`\r`)
		case r <= 0xff:
			fmt.Fprintf(&b, `\x%02x`, r)
		case r <= 0xffff:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			fmt.Fprintf(&b, `\U%08x`, r)
		}
		i += n
	}
	return b.String()
}

// IsPlain reports whether s is printable ASCII and line feeds, as nearly every
// text is.
func IsPlain(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < ' ' && c != '\n') || c > '~' {
			return false
		}
	}
	return true
}

// visible reports whether a reader sees r as it is. Format characters are
// not seen, and some turn the text around them; the joiners are kept, for
// emoji and Persian are made of them.
func visible(r rune) bool {
	const nonJoiner, joiner = '\u200c', '\u200d'
	return r == '\n' || r == nonJoiner || r == joiner || unicode.IsGraphic(r)
}

// Columns is how many columns s takes in a fixed-width font.
func Columns(s string) int {
	if IsPlain(s) {
		return len(s)
	}
	n := 0
	for _, r := range s {
		n += runeColumns(r)
	}
	return n
}

func runeColumns(r rune) int {
	if r < 0x300 {
		return 1
	}
	if unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}

// Wrap breaks s into lines of at most limit columns, between words where it
// can and within a word where it must. A limit below 2 means none.
func Wrap(s string, limit int) []string { return AppendWrapped(nil, s, limit) }

// AppendWrapped appends the lines of Wrap.
func AppendWrapped(lines []string, s string, limit int) []string {
	for {
		line, rest, more := strings.Cut(s, "\n")
		for limit >= 2 && Columns(line) > limit {
			end, next := breakAt(line, limit)
			lines = append(lines, line[:end])
			line = line[next:]
		}
		lines = append(lines, line)
		if !more {
			return lines
		}
		s = rest
	}
}

// breakAt finds where to break a line that is longer than limit columns: the
// end of the part that fits, and where the rest begins.
func breakAt(line string, limit int) (end, next int) {
	taken, space := 0, -1
	for i, r := range line {
		w := runeColumns(r)
		if r == ' ' && i > 0 && line[i-1] != ' ' && strings.TrimLeft(line[:i], " ") != "" {
			space = i // the first of several blanks: the others begin the next line
		}
		if taken+w > limit {
			if space >= 0 {
				return space, space + 1
			}
			return i, i
		}
		taken += w
	}
	return len(line), len(line)
}

// Widest is how many columns the widest line of s takes.
func Widest(s string) int {
	n := 0
	for {
		line, rest, more := strings.Cut(s, "\n")
		n = max(n, Columns(line))
		if !more {
			return n
		}
		s = rest
	}
}

// AnchorName makes any text fit for an id and a link to it: an id of a
// requirement stays as it is.
func AnchorName(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', strings.ContainsRune("._-:", r):
			return r
		}
		return '_'
	}, s)
}

// OneLine makes a title of any text.
func OneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

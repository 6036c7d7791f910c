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
			b.WriteString(Escape(rune(s[i])))
		case visible(r):
			b.WriteRune(r)
		default:
			b.WriteString(Escape(r))
		}
		i += n
	}
	return b.String()
}

// Escape writes a character that is not shown as it is.
func Escape(r rune) string {
	switch {
	case r == '\t':
		return `\t`
	case r == '\r':
		return `\r`
	case r <= 0xff:
		return fmt.Sprintf(`\x%02x`, r)
	case r <= 0xffff:
		return fmt.Sprintf(`\u%04x`, r)
	}
	return fmt.Sprintf(`\U%08x`, r)
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

// visible reports whether a reader sees r as it is. Format characters are not seen,
// and some turn the text around them; the joiners are kept, for emoji and Persian are
// made of them. U+FFFD would be taken for a character that cannot be shown.
func visible(r rune) bool {
	const nonJoiner, joiner = '\u200c', '\u200d'
	return r == '\n' || r == nonJoiner || r == joiner || unicode.IsGraphic(r) && r != utf8.RuneError
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

// Wrap breaks s into lines of at most limit columns. A limit below 2 means none.
func Wrap(s string, limit int) []string { return AppendWrapped(nil, s, limit) }

// AppendWrapped appends the lines of Wrap.
func AppendWrapped(lines []string, s string, limit int) []string {
	for line := range strings.SplitSeq(s, "\n") {
		if limit < 2 || Columns(line) <= limit {
			lines = append(lines, line)
		} else {
			lines = AppendBroken(lines, line, limit, runeColumns)
		}
	}
	return lines
}

// AppendBroken breaks a line into pieces that fit into room, as width measures
// characters, and appends them: between words where it can, and within a word where
// it must.
func AppendBroken(pieces []string, line string, room int, width func(rune) int) []string {
	for {
		end, next := breakAt(line, room, width)
		pieces = append(pieces, strings.TrimRight(line[:end], " "))
		if line = line[next:]; line == "" {
			return pieces
		}
	}
}

// breakAt finds where the part of line that fits ends, and where the rest begins; at
// least one character fits. A word that is too long for any line is broken where it
// stands.
func breakAt(line string, room int, width func(rune) int) (end, next int) {
	taken, space := 0, -1
	for i, r := range line {
		if r == ' ' && i > 0 && line[i-1] != ' ' && strings.TrimLeft(line[:i], " ") != "" {
			space = i // the first of several blanks: the others begin the next line
		}
		taken += width(r)
		if taken > room && i > 0 && r != ' ' {
			if space >= 0 && wordFits(line[space+1:], room, width) {
				return space, space + 1
			}
			if seam := strings.LastIndexAny(line[:i], "/,"); seam > i/2 { // of a path, of a list
				return seam + 1, seam + 1
			}
			return i, i
		}
	}
	return len(line), len(line)
}

// wordFits reports whether the first word of s fits into room.
func wordFits(s string, room int, width func(rune) int) bool {
	for _, r := range s {
		if r == ' ' {
			return true
		}
		if room -= width(r); room < 0 {
			return false
		}
	}
	return true
}

// Widest is how many columns the widest line of s takes.
func Widest(s string) int {
	n := 0
	for line := range strings.SplitSeq(s, "\n") {
		n = max(n, Columns(line))
	}
	return n
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

package strictjson

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/tailscale/hujson"
)

// parse fills d.root, or says why the text is not JSON with comments.
func (d *Document) parse() *problem {
	if i := invalidUTF8(d.text); i >= 0 {
		return &problem{offset: i, text: fmt.Sprintf("byte 0x%02x is not UTF-8 here: save the file as UTF-8", d.text[i])}
	}
	// hujson and what reads its values recurse, and a stack has its end.
	if i := tooDeep(d.text); i >= 0 {
		return &problem{offset: i, text: fmt.Sprintf("more than %d objects and lists within one another: flatten them", MaxDepth)}
	}
	root, err := hujson.Parse(d.text)
	if err != nil {
		offset := d.offsetOf(err)
		return &problem{offset: offset, text: d.explain(offset, errors.Unwrap(err))}
	}
	d.root = root
	return nil
}

// offsetOf returns where hujson stopped. It tells the place only in the text of
// its error, as line and column, the column in bytes.
func (d *Document) offsetOf(err error) int {
	line, column := 1, 1
	fmt.Sscanf(err.Error(), "hujson: line %d, column %d:", &line, &column)
	start := 0
	for range line - 1 {
		start += bytes.IndexByte(d.text[start:], '\n') + 1
	}
	// The last line feed is not the file's.
	return min(start+column-1, len(d.text)-1)
}

// explain says in plain English what stopped hujson at offset.
func (d *Document) explain(offset int, err error) string {
	if len(bytes.TrimSpace(d.text)) == 0 {
		return "the file is empty: write an object, { ... }"
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return explainEnd(err.Error())
	}
	rest, _, _ := bytes.Cut(d.text[offset:], []byte("\n"))
	found := abbreviate(firstWord(string(rest)))
	for _, e := range explanations {
		if strings.Contains(err.Error(), e.hujson) {
			if e.hujson == "invalid literal" && found[0] == '"' {
				return "this text holds a line break, a control character or an unknown escape: close its quotes, or write \\n"
			}
			return fmt.Sprintf(e.text, found)
		}
	}
	return fmt.Sprintf("%s cannot stand here: %s", found, err)
}

// explanations translate the reasons that hujson gives.
var explanations = []struct{ hujson, text string }{
	{"at start of object name", "%s stands where a name in double quotes is due: write \"name\": value"},
	{"after object name", "%s stands where a colon is due: write \"name\": value"},
	{"after object value", "%s stands where a comma or } is due: add it before this"},
	{"after array value", "%s stands where a comma or ] is due: add it before this"},
	{"after top-level value", "%s stands after the end: remove it, or a closing bracket too many before it"},
	{"at start of value", "%s stands where a value is due: write a text in double quotes, a number, true, false, an object or a list"},
	{"invalid literal", "%s is no value: put names and texts into double quotes"},
	{"in line comment", "%s separates lines, but does not end a // comment: remove it"},
}

func explainEnd(reason string) string {
	switch {
	case strings.Contains(reason, "parsing string"):
		return "the file ends within a text: close its quotes"
	case strings.Contains(reason, "parsing comment"):
		return "the file ends within this comment: close it with */"
	case strings.Contains(reason, "parsing array"):
		return "the file ends within a list: close it with ]"
	case strings.Contains(reason, "parsing object"):
		return "the file ends within an object: close it with }"
	default:
		return "the file ends where a value is due: complete it"
	}
}

// firstWord returns what a reader takes for the thing at the start of line: a
// run of letters, digits and the like, else one character.
func firstWord(line string) string {
	end := strings.IndexFunc(line, func(r rune) bool {
		return !(r == '_' || r == '-' || r == '+' || r == '.' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z')
	})
	switch {
	case end < 0:
		return line
	case end == 0:
		r, _ := utf8.DecodeRuneInString(line)
		if strconv.IsPrint(r) {
			return string(r)
		}
		return fmt.Sprintf("U+%04X", r)
	}
	return line[:end]
}

// abbreviate cuts a text to what fits a message.
func abbreviate(s string) string {
	const most = 40
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most]) + "..."
}

func invalidUTF8(text []byte) int {
	if utf8.Valid(text) {
		return -1
	}
	for i := 0; ; {
		r, size := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
}

// tooDeep returns the offset of the bracket that opens one level too many, or
// -1. Where the text is not JSON its answer is of no consequence, save that
// hujson never gets deeper than it says: both take texts and comments alike up
// to the first mistake, where hujson stops.
func tooDeep(text []byte) int {
	depth := 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '{', '[':
			if depth++; depth > MaxDepth {
				return i
			}
		case '}', ']':
			depth--
		case '"':
			i = endOfText(text, i)
		case '/':
			i = endOfComment(text, i)
		}
	}
	return -1
}

// endOfText returns the offset of the quotes that end the text at offset i.
func endOfText(text []byte, i int) int {
	for i++; i < len(text) && text[i] != '"'; i++ {
		if text[i] == '\\' {
			i++
		}
	}
	return i
}

// endOfComment returns the offset of the last byte of the comment at offset i,
// or i where none begins there.
func endOfComment(text []byte, i int) int {
	ends := map[byte]string{'/': "\n", '*': "*/"}
	if i+1 >= len(text) || ends[text[i+1]] == "" {
		return i
	}
	end := ends[text[i+1]]
	n := bytes.Index(text[i+2:], []byte(end))
	if n < 0 {
		return len(text)
	}
	return i + 2 + n + len(end) - 1
}

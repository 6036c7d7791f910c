package junit

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// Limits of what is kept of a file. Output of tests may be large and is cut; if anything
// else is larger, the file is not a test report.
const (
	maxText  = 64 << 10 // bytes of one text or value of an attribute; the rest is left out
	maxTag   = 1 << 20  // bytes of one tag
	maxDepth = 64       // elements within each other
	maxCases = 1 << 20  // test cases that name a requirement

	maxUnnamed = 10_000 // failed cases of a suite that are compared with those that name a requirement
)

// limiter passes on XML in bounded memory: it cuts long texts, drops comments and
// processing instructions, and turns CDATA into text. It replaces characters that XML does
// not allow, since several tools write them. It refuses a document type, which could
// declare entities.
type limiter struct {
	in   *bufio.Reader
	out  bytes.Buffer // what is still to be passed on
	part part         // that is being read
	text int          // bytes of the present text or value that were passed on
	size int          // bytes of the present tag
	line int          // of the next rune of in
	err  error
}

// A part of a file is named by its end. The value of an attribute is a part that ends
// with its quotation mark.
type part string

const (
	inText        part = "<"
	inTag         part = ">"
	inData        part = "]]>"
	inComment     part = "-->"
	inInstruction part = "?>"
)

func newLimiter(r io.Reader) *limiter {
	raw := bufio.NewReaderSize(r, 64<<10)
	return &limiter{in: bufio.NewReaderSize(transform.NewReader(raw, decoder(raw)), 64<<10), part: inText, line: 1}
}

var declared = regexp.MustCompile(`^\s*<\?xml[^>]*\sencoding\s*=\s*["']([^"']+)["']`)

// decoder returns the transformer of r to UTF-8, chosen by the byte order mark or by the
// XML declaration.
func decoder(r *bufio.Reader) transform.Transformer {
	head, _ := r.Peek(256)
	fallback := unicode.UTF8.NewDecoder()
	if m := declared.FindSubmatch(head); m != nil {
		if named, err := htmlindex.Get(string(m[1])); err == nil {
			fallback = named.NewDecoder()
		}
	}
	return unicode.BOMOverride(fallback)
}

// Read implements io.Reader.
func (l *limiter) Read(p []byte) (int, error) {
	b, err := l.ReadByte()
	if err != nil || len(p) == 0 {
		return 0, err
	}
	p[0] = b
	return 1, nil
}

// ReadByte implements io.ByteReader, so that nothing is read ahead and line is
// that of the token.
func (l *limiter) ReadByte() (byte, error) {
	for l.out.Len() == 0 {
		if l.err != nil {
			return 0, l.err
		}
		l.err = l.next()
	}
	return l.out.ReadByte()
}

// next puts some of the input into out, or what stands for it, at most to the end of a
// line.
func (l *limiter) next() error {
	if l.part != inTag {
		l.plain()
	}
	r, _, err := l.in.ReadRune()
	switch {
	case err == io.EOF && l.part != inText:
		return io.ErrUnexpectedEOF
	case err != nil:
		return err
	case r == '\n':
		l.line++
	}
	over := r == rune(l.part[0]) && l.skip(string(l.part[1:]))
	switch l.part {
	case inText:
		if over {
			return l.begin()
		}
		l.keep(r, l.reference(r))
	case inTag:
		return l.tag(r)
	case inData:
		if !over {
			l.keep(r, escaped[r])
		}
	case inComment, inInstruction:
	default: // a value
		if over {
			l.part, l.text = inTag, 0
			return l.out.WriteByte(byte(r))
		}
		l.keep(r, l.reference(r))
	}
	if over {
		l.part = inText
	}
	return nil
}

// skip reports whether a text comes next, and reads it.
func (l *limiter) skip(text string) bool {
	head, _ := l.in.Peek(len(text))
	if string(head) != text {
		return false
	}
	_, _ = l.in.Discard(len(text))
	return true
}

// plain passes on characters that have no meaning in any part, or drops them: many at
// once, since most are plain.
func (l *limiter) plain() {
	head, _ := l.in.Peek(l.in.Buffered())
	if n := bytes.IndexFunc(head, special); n >= 0 {
		head = head[:n]
	}
	if kept := max(0, min(len(head), maxText-l.text)); l.part != inComment && l.part != inInstruction {
		l.out.Write(head[:kept])
		l.text += kept
		l.size += kept
	}
	_, _ = l.in.Discard(len(head))
}

// special reports whether a character may have a meaning, or may not be allowed.
func special(r rune) bool {
	return r < ' ' || r > '~' || strings.ContainsRune("<>&\"']-?", r)
}

var escaped = map[rune]string{'<': "&lt;", '>': "&gt;", '&': "&amp;"}

// begin finds what a < begins.
func (l *limiter) begin() error {
	switch {
	case l.skip("![CDATA["):
		l.part = inData
	case l.skip("!--"):
		l.part = inComment
	case l.skip("?"):
		l.part = inInstruction
	case l.skip("!"):
		return errors.New("it declares a document type: such a file is refused, as its entities could stand for anything")
	default:
		l.part, l.text, l.size = inTag, 0, 0
		return l.tag('<')
	}
	return nil
}

// tag passes on a rune of a tag.
func (l *limiter) tag(r rune) error {
	l.out.WriteRune(r)
	if l.size++; l.size > maxTag {
		return fmt.Errorf("it has a tag of more than %d bytes: this is no report of tests", maxTag)
	}
	switch r {
	case '>':
		l.part = inText
	case '"', '\'':
		l.part = part(r)
	}
	return nil
}

// keep passes on a rune of a text or of a value, or what stands for it, as far as there
// is room.
func (l *limiter) keep(r rune, instead string) {
	switch {
	case l.text >= maxText:
		return
	case instead != "":
	case allowed(r):
		instead = string(r)
	case r < ' ':
		instead = "?"
	default:
		instead = "\ufffd"
	}
	l.out.WriteString(instead)
	l.text += len(instead)
	l.size += len(instead)
}

var reference = regexp.MustCompile(`^#(x[0-9A-Fa-f]+|[0-9]+);`)

// reference returns what stands for a reference to a character that is not allowed;
// empty if r begins none. A text that is cut ends before a reference.
func (l *limiter) reference(r rune) string {
	if r != '&' {
		return ""
	}
	const longest = 12 // bytes of a reference
	head, _ := l.in.Peek(longest)
	m := reference.FindSubmatch(head)
	if l.text > maxText-longest {
		l.text = maxText
	}
	if m == nil {
		return ""
	}
	digits, base := string(m[1]), 10
	if digits[0] == 'x' {
		digits, base = digits[1:], 16
	}
	if n, err := strconv.ParseUint(digits, base, 32); err == nil && allowed(rune(n)) {
		return ""
	}
	_, _ = l.in.Discard(len(m[0]))
	return "\ufffd"
}

func allowed(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' || r >= ' ' && r <= 0xd7ff || r >= 0xe000 && r <= 0xfffd || r >= 0x10000 && r <= utf8.MaxRune
}

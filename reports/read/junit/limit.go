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
	out  []byte // what is still to be passed on
	buf  []byte // the memory of out
	part rune   // that is being read: see below
	text int    // bytes of the present text or value that were passed on
	size int    // bytes of the present tag
	line int    // of the next rune of in
	err  error
}

// The parts of a file. The value of an attribute is a part with its quotation mark.
const (
	inText    = 0
	inTag     = '<'
	inData    = ']'
	inComment = '-'
	inOrder   = '?' // a processing instruction
)

func newLimiter(r io.Reader) *limiter {
	raw := bufio.NewReaderSize(r, 64<<10)
	return &limiter{in: bufio.NewReaderSize(transform.NewReader(raw, decoder(raw)), 64<<10), line: 1}
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
	for len(l.out) == 0 {
		if l.err != nil {
			return 0, l.err
		}
		l.buf = l.buf[:0]
		l.err = l.next()
		l.out = l.buf
	}
	b := l.out[0]
	l.out = l.out[1:]
	return b, nil
}

// next puts some of the input into buf, or what stands for it, at most to the end of a
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
	switch l.part {
	case inText:
		if r == '<' {
			return l.begin()
		}
		l.keep(r, l.reference(r))
	case inTag:
		return l.tag(r)
	case inData:
		if r == ']' && l.follows("]>") {
			return nil
		}
		l.keep(r, escaped[r])
	case inComment:
		if r == '-' {
			l.follows("->")
		}
	case inOrder:
		if r == '?' {
			l.follows(">")
		}
	default: // a value
		if r == l.part {
			l.part, l.text = inTag, 0
			l.buf = append(l.buf, byte(r))
			return nil
		}
		l.keep(r, l.reference(r))
	}
	return nil
}

// isPlain has the ASCII characters that have no meaning in any part.
var isPlain = func() (is [256]bool) {
	for c := byte(' '); c <= '~'; c++ {
		is[c] = strings.IndexByte("<>&\"']-?", c) < 0
	}
	return is
}()

// plain passes on plain characters, or drops them: many at once, since most are.
func (l *limiter) plain() {
	head, _ := l.in.Peek(l.in.Buffered())
	n := 0
	for n < len(head) && isPlain[head[n]] {
		n++
	}
	if kept := max(0, min(n, maxText-l.text)); l.part != inComment && l.part != inOrder {
		l.buf = append(l.buf, head[:kept]...)
		l.text += kept
		l.size += kept
	}
	_, _ = l.in.Discard(n)
}

var escaped = map[rune]string{'<': "&lt;", '>': "&gt;", '&': "&amp;"}

// follows reports whether the end of the present part comes next, and ends it.
func (l *limiter) follows(end string) bool {
	head, _ := l.in.Peek(len(end))
	if string(head) != end {
		return false
	}
	_, _ = l.in.Discard(len(end))
	l.part = inText
	return true
}

// begin finds what a < begins.
func (l *limiter) begin() error {
	head, _ := l.in.Peek(8)
	n := 1
	switch {
	case string(head) == "![CDATA[":
		l.part, n = inData, 8
	case bytes.HasPrefix(head, []byte("!--")):
		l.part, n = inComment, 3
	case bytes.HasPrefix(head, []byte("!")):
		return errors.New("it declares a document type: such a file is refused, as its entities could stand for anything")
	case bytes.HasPrefix(head, []byte("?")):
		l.part = inOrder
	default:
		l.part, l.text, l.size = inTag, 0, 0
		return l.tag('<')
	}
	_, _ = l.in.Discard(n)
	return nil
}

// tag passes on a rune of a tag.
func (l *limiter) tag(r rune) error {
	l.buf = utf8.AppendRune(l.buf, r)
	if l.size++; l.size > maxTag {
		return fmt.Errorf("it has a tag of more than %d bytes: this is no report of tests", maxTag)
	}
	switch r {
	case '>':
		l.part = inText
	case '"', '\'':
		l.part = r
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
	l.buf = append(l.buf, instead...)
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

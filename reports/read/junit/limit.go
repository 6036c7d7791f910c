package junit

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"unicode/utf8"

	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// Limits of what is kept of a file. What a test printed may be large, and
// nobody needs all of it; what else is larger is no report of tests.
const (
	maxText  = 64 << 10 // bytes of one text or value of an attribute; the rest is left out
	maxTag   = 1 << 20  // bytes of one tag
	maxDepth = 64       // elements within each other
	maxCases = 1 << 20  // test cases that name a requirement

	maxUnnamed = 10_000 // failed cases of a suite that are compared with those that name a requirement
)

// limiter passes on XML without what could fill the memory: long texts are cut,
// comments and processing instructions left out. Characters that XML does not
// allow, which several tools write all the same, are replaced. A document type,
// which is what entities are declared in, is refused.
type limiter struct {
	in   *bufio.Reader
	out  []byte // what is ready to be passed on
	buf  []byte // the memory of out
	text int    // bytes of the present text that were passed on
	line int    // of the next byte of in
	err  error
}

func newLimiter(r io.Reader) *limiter {
	raw := bufio.NewReaderSize(r, 64<<10)
	return &limiter{in: bufio.NewReaderSize(transform.NewReader(raw, decoder(raw)), 64<<10), line: 1}
}

var declared = regexp.MustCompile(`^\s*<\?xml[^>]*\sencoding\s*=\s*["']([^"']+)["']`)

// decoder returns what turns the bytes of r into UTF-8: by the mark at their
// beginning, or as the XML declaration says.
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
	if err := l.fill(); err != nil {
		return 0, err
	}
	n := copy(p, l.out)
	l.out = l.out[n:]
	return n, nil
}

// ReadByte implements io.ByteReader, so that nothing is read ahead and line is
// that of the token.
func (l *limiter) ReadByte() (byte, error) {
	if len(l.out) == 0 {
		if err := l.fill(); err != nil {
			return 0, err
		}
	}
	b := l.out[0]
	l.out = l.out[1:]
	return b, nil
}

func (l *limiter) fill() error {
	for len(l.out) == 0 && l.err == nil {
		l.buf = l.buf[:0]
		l.err = l.next()
		l.out = l.buf
	}
	if len(l.out) == 0 {
		return l.err
	}
	return nil
}

// next puts a part of the input into buf.
func (l *limiter) next() error {
	head, err := l.in.Peek(1)
	if err != nil {
		return err
	}
	if head[0] != '<' {
		_, err = l.until("<", true)
		return err
	}
	l.text = 0
	switch head, _ = l.in.Peek(9); {
	case bytes.HasPrefix(head, []byte("<![CDATA[")):
		return l.enclosed("<![CDATA[", "]]>", true)
	case bytes.HasPrefix(head, []byte("<!--")):
		return l.enclosed("<!--", "-->", false)
	case bytes.HasPrefix(head, []byte("<!")):
		return errors.New("it declares a document type: such a file is refused, as its entities could stand for anything")
	case bytes.HasPrefix(head, []byte("<?")):
		return l.enclosed("<?", "?>", false)
	}
	return l.tag()
}

// enclosed passes on what stands between two marks, or leaves it out.
func (l *limiter) enclosed(begin, end string, keep bool) error {
	if keep {
		l.buf = append(l.buf, begin...)
	}
	l.take(len(begin))
	for {
		found, err := l.until(end, keep)
		if err != nil {
			return cut(err)
		}
		if found {
			break
		}
	}
	if keep {
		l.buf = append(l.buf, end...)
	}
	l.take(len(end))
	return nil
}

// tag passes on a tag, with the values of its attributes cut.
func (l *limiter) tag() error {
	size := 0
	for {
		b, err := l.in.ReadByte()
		if err != nil {
			return cut(err)
		}
		l.buf = append(l.buf, b)
		if size++; size > maxTag {
			return fmt.Errorf("it has a tag of more than %d bytes: this is no report of tests", maxTag)
		}
		switch b {
		case '\n':
			l.line++
		case '>':
			return nil
		case '"', '\'':
			l.text = 0
			before := len(l.buf)
			for found := false; !found; {
				if found, err = l.until(string(b), true); err != nil {
					return cut(err)
				}
			}
			size += len(l.buf) - before
			l.buf = append(l.buf, b)
			l.take(1)
			l.text = 0
		}
	}
}

// until passes on, or leaves out, what stands before mark. It reports whether
// mark comes next; if not, there is more of the text.
func (l *limiter) until(mark string, keep bool) (bool, error) {
	const ahead = 32 // longer than any reference to a character
	buf, err := l.in.Peek(ahead)
	if len(buf) == 0 {
		return false, err
	}
	whole := len(buf) < ahead // nothing follows
	buf, _ = l.in.Peek(l.in.Buffered())
	n := bytes.Index(buf, []byte(mark))
	found := n >= 0
	switch {
	case found:
	case whole && len(mark) == 1:
		n = len(buf)
	case whole:
		return false, io.ErrUnexpectedEOF
	default:
		n = boundary(buf[:len(buf)-len(mark)+1])
	}
	if keep && l.text < maxText {
		l.text += n
		l.buf = appendAllowed(l.buf, buf[:n])
	}
	l.take(n)
	return found, nil
}

// take goes on by n bytes of the input.
func (l *limiter) take(n int) {
	buf, _ := l.in.Peek(n)
	l.line += bytes.Count(buf, []byte("\n"))
	_, _ = l.in.Discard(n)
}

// boundary is the length of the longest part of text, which is longer than that
// takes, that splits neither a character nor a reference to one.
func boundary(text []byte) int {
	n := len(text)
	for i := 1; i < utf8.UTFMax; i++ {
		if utf8.RuneStart(text[n-i]) {
			if !utf8.FullRune(text[n-i:]) {
				n -= i
			}
			break
		}
	}
	from := n - 12
	if i := bytes.LastIndexByte(text[from:n], '&'); i >= 0 {
		n = from + i
	}
	return n
}

var reference = regexp.MustCompile(`&#(x[0-9A-Fa-f]+|[0-9]+);`)

// appendAllowed appends text with the characters replaced that XML forbids, as
// they are or as references.
func appendAllowed(to, text []byte) []byte {
	if bytes.Contains(text, []byte("&#")) {
		text = reference.ReplaceAllFunc(text, func(ref []byte) []byte {
			digits, base := ref[2:len(ref)-1], 10
			if digits[0] == 'x' {
				digits, base = digits[1:], 16
			}
			if n, err := strconv.ParseUint(string(digits), base, 32); err == nil && allowed(rune(n)) {
				return ref
			}
			return []byte("\ufffd")
		})
	}
	for _, forbidden := range []string{"\ufffe", "\uffff"} {
		if bytes.Contains(text, []byte(forbidden)) {
			text = bytes.ReplaceAll(text, []byte(forbidden), []byte("\ufffd"))
		}
	}
	start := len(to)
	to = append(to, text...)
	for i := start; i < len(to); i++ {
		if b := to[i]; b < ' ' && b != '\n' && b != '\t' && b != '\r' {
			to[i] = '?'
		}
	}
	return to
}

func allowed(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' || r >= ' ' && r <= 0xd7ff || r >= 0xe000 && r <= 0xfffd || r >= 0x10000 && r <= utf8.MaxRune
}

func cut(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

package reports

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// A scanner goes through JSON once and decodes only what it is asked for. A
// results file is large, and most of it is JSON inside of strings, stack traces
// and output: json.Unmarshal would look at all of it several times over.
//
// What is skipped is held to its brackets and quotes alone.
type scanner struct {
	data []byte
	pos  int
	base int // offset of data in its file
}

// errCutOff says that the text ends too early.
var errCutOff = errors.New("the file is cut off: the run did not end, or the disk was full; repeat it")

// placed is an error at an offset of the file.
type placed struct {
	offset int
	error
}

func (s *scanner) fail(format string, args ...any) error {
	if s.pos >= len(s.data) {
		return &placed{s.base + s.pos, errCutOff}
	}
	return &placed{s.base + s.pos, fmt.Errorf(format+": give the file that Ginkgo's --json-report wrote", args...)}
}

// next skips white space and gives the byte after it, 0 at the end.
func (s *scanner) next() byte {
	for ; s.pos < len(s.data); s.pos++ {
		switch c := s.data[s.pos]; c {
		case ' ', '\t', '\r', '\n':
		default:
			return c
		}
	}
	return 0
}

// members calls each for the members of an object, and does nothing for null.
// The scanner then stands before the value, which each must consume. Names are
// as they are written: Ginkgo escapes none.
func (s *scanner) members(each func(name string) error) error {
	return s.list('{', '}', "an object", func() error {
		start := s.pos + 1
		if s.next() != '"' {
			return s.fail("a name was expected")
		}
		if err := s.skipString(); err != nil {
			return err
		}
		name := string(s.data[start : s.pos-1])
		if s.next() != ':' {
			return s.fail("a colon was expected")
		}
		s.pos++
		return each(name)
	})
}

// pick decodes the members of an object that fields names, each into what its
// pointer points to or by its function, and skips all others.
func (s *scanner) pick(fields map[string]any) error {
	return s.members(func(name string) error {
		switch field := fields[name].(type) {
		case nil:
			_, err := s.skip()
			return err
		case func() error:
			return field()
		default:
			return s.decode(field)
		}
	})
}

// elements calls each for the elements of an array, and does nothing for null.
// The scanner then stands before the element, which each must consume.
func (s *scanner) elements(each func() error) error { return s.list('[', ']', "a list", each) }

func (s *scanner) list(open, end byte, what string, each func() error) error {
	switch s.next() {
	case open:
	case 'n':
		return s.decode(&json.RawMessage{})
	default:
		return s.fail("%s was expected", what)
	}
	s.pos++
	if s.next() == end {
		s.pos++
		return nil
	}
	for {
		s.next()
		if err := each(); err != nil {
			return err
		}
		switch s.next() {
		case ',':
			s.pos++
		case end:
			s.pos++
			return nil
		default:
			return s.fail("a comma or the end of %s was expected", what)
		}
	}
}

// decode decodes the value before which the scanner stands.
func (s *scanner) decode(v any) error {
	part, err := s.skip()
	if err != nil {
		return err
	}
	return part.unmarshal(v)
}

// unmarshal decodes all that the scanner has, which is one value.
func (s *scanner) unmarshal(v any) error {
	err := json.Unmarshal(s.data, v)
	var syntax *json.SyntaxError
	var mismatch *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		s.pos = int(syntax.Offset) - 1
	case errors.As(err, &mismatch):
		s.pos = int(mismatch.Offset) - 1
	}
	if err != nil {
		s.pos = max(0, min(s.pos, len(s.data)-1))
		return s.fail("this does not belong into a Ginkgo JSON report (%s)", oneLine(err.Error()))
	}
	return nil
}

// text decodes all that the scanner has, which is a string that holds JSON, or
// no string: then it gives nothing. Quotes and backslashes are nearly all that
// is escaped in such a string.
func (s *scanner) text() ([]byte, error) {
	if len(s.data) == 0 || s.data[0] != '"' {
		return nil, nil
	}
	rest := s.data[1 : len(s.data)-1]
	text := make([]byte, 0, len(rest))
	for {
		i := bytes.IndexByte(rest, '\\')
		if i < 0 {
			return append(text, rest...), nil
		}
		if c := rest[i+1]; c != '"' && c != '\\' {
			var whole string
			err := s.unmarshal(&whole)
			return []byte(whole), err
		}
		text = append(append(text, rest[:i]...), rest[i+1])
		rest = rest[i+2:]
	}
}

// skip passes over a value, and gives a scanner of it alone.
func (s *scanner) skip() (scanner, error) {
	s.next()
	start := s.pos
	err := s.skipValue()
	return scanner{data: s.data[start:s.pos:s.pos], base: s.base + start}, err
}

func (s *scanner) skipValue() error {
	depth := 0
	for {
		switch c := s.next(); c {
		case '"':
			if err := s.skipString(); err != nil {
				return err
			}
		case '{', '[':
			depth++
			s.pos++
		case '}', ']':
			if depth == 0 {
				return s.fail("a value was expected")
			}
			depth--
			s.pos++
		case ',', ':':
			if depth == 0 {
				return s.fail("a value was expected")
			}
			s.pos++
			continue
		case 0:
			return s.fail("a byte 0 stands outside of a string")
		default:
			if err := s.skipWord(); err != nil {
				return err
			}
		}
		if depth == 0 {
			return nil
		}
	}
}

// skipString passes over a string.
func (s *scanner) skipString() error {
	for i := s.pos + 1; ; {
		n := bytes.IndexByte(s.data[i:], '"')
		if n < 0 {
			s.pos = len(s.data)
			return s.fail("")
		}
		i += n + 1
		// The quote ends the string unless an odd number of backslashes
		// stands before it.
		slashes := 0
		for s.data[i-2-slashes] == '\\' {
			slashes++
		}
		if slashes%2 == 0 {
			s.pos = i
			return nil
		}
	}
}

// skipWord passes over a number, or a word such as null. What is scanned always
// ends in a bracket: a word at the very end is cut off.
func (s *scanner) skipWord() error {
	n := bytes.IndexAny(s.data[s.pos:], ",:]}[{\" \t\r\n")
	if n < 0 {
		s.pos = len(s.data)
		return s.fail("")
	}
	s.pos += n
	return nil
}

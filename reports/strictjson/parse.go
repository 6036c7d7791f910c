package strictjson

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// A node is a value with its place. A text or number has text, others have
// members. A member of an object has a name.
type node struct {
	name       string
	nameOffset int
	kind       jsontext.Kind // 'n', 't', 'f', '"', '0', '{' or '['
	offset     int
	text       string         // of a text, or a number as it is written
	members    []node         // of an object or an array
	index      map[string]int // of members, by name; nil for an array
}

// parse fills d.root from a text without comments. If it returns false, the text is
// not JSON.
func (d *Document) parse(text []byte) (problems []problem, ok bool) {
	for offset, r := range string(d.text) {
		if r == utf8.RuneError && !bytes.HasPrefix(d.text[offset:], []byte("\ufffd")) {
			return []problem{{offset, "this is not UTF-8: save the file as UTF-8"}}, false
		}
	}
	p := parser{
		text:    text,
		decoder: jsontext.NewDecoder(bytes.NewBuffer(text), jsontext.AllowDuplicateNames(true)),
	}
	err := p.value(&d.root)
	switch end := p.begin(); err {
	case io.EOF:
		err = problem{len(text), "the file is empty: write an object, { ... }"}
	case nil:
		switch _, err = p.decoder.ReadToken(); err {
		case io.EOF:
			return p.problems, true
		case nil:
			err = problem{end, "there is more after the end: remove it, or a closing bracket before it"}
		}
	}
	var syntax *jsontext.SyntacticError
	switch own, ok := errors.AsType[problem](err); {
	case ok:
		return []problem{own}, false
	case errors.As(err, &syntax) && !errors.Is(err, io.ErrUnexpectedEOF):
		return []problem{{int(syntax.ByteOffset), syntax.Err.Error()}}, false
	}
	return []problem{{len(bytes.TrimRight(text, " \t\r\n")), "the file ends too early: complete it"}}, false
}

type parser struct {
	text     []byte
	decoder  *jsontext.Decoder
	problems []problem
}

// begin returns the offset of the next token.
func (p *parser) begin() int {
	i := int(p.decoder.InputOffset())
	for i < len(p.text) && strings.IndexByte(" \t\r\n,:", p.text[i]) >= 0 {
		i++
	}
	return i
}

// value reads the next value into n.
func (p *parser) value(n *node) error {
	n.offset = p.begin()
	token, err := p.decoder.ReadToken()
	if err != nil {
		return err
	}
	switch n.kind = token.Kind(); n.kind {
	case '{', '[':
		if p.decoder.StackDepth() > MaxDepth {
			return problem{n.offset, fmt.Sprintf("more than %d objects and lists within one another: flatten them", MaxDepth)}
		}
		if err = p.members(n); err == nil {
			_, err = p.decoder.ReadToken() // the closing bracket
		}
	case '"':
		n.text = token.String()
	case '0':
		if n.text = token.String(); !computable(n.text) {
			p.problems = append(p.problems, problem{n.offset, "this number is too long or too large: write another"})
			n.text = "0"
		}
	}
	return err
}

// members reads the members of an object, or the elements of an array. Of members with
// one name the first is in the index.
func (p *parser) members(n *node) error {
	if n.kind == '{' {
		n.index = map[string]int{}
	}
	for {
		m := node{nameOffset: p.begin()}
		switch kind := p.decoder.PeekKind(); {
		case kind == '}' || kind == ']':
			return nil
		case n.kind == '{':
			name, err := p.decoder.ReadToken()
			if err != nil {
				return err
			}
			m.name = name.String()
			if first, again := n.index[m.name]; again {
				line := 1 + bytes.Count(p.text[:n.members[first].nameOffset], []byte("\n"))
				p.problems = append(p.problems, problem{m.nameOffset, fmt.Sprintf("duplicate key %s, first in line %d: remove one, or rename it", quote(m.name), line)})
			} else {
				n.index[m.name] = len(n.members)
			}
		}
		if err := p.value(&m); err != nil {
			return err
		}
		n.members = append(n.members, m)
	}
}

// computable reports whether a number is short and its exponent small, so that nothing
// that reads it computes for long.
func computable(number string) bool {
	_, exponent, _ := strings.Cut(strings.ToLower(number), "e")
	return len(number) <= 40 && len(strings.TrimLeft(exponent, "+-0")) < 3
}

// member returns an object's member by its name or an array's element by its index,
// or nil.
func (n *node) member(name string) *node {
	i, known := n.index[name]
	if n.kind == '[' {
		number, err := strconv.Atoi(name)
		i, known = number, err == nil && 0 <= number && number < len(n.members)
	}
	if !known {
		return nil
	}
	return &n.members[i]
}

// standardize replaces comments, and commas after the last member or element, by
// blanks, so that every offset stays.
func standardize(data []byte) []byte {
	text := bytes.Clone(data)
	comma := -1           // offset of a comma with nothing but blanks after it
	previous := byte(',') // the last byte that is not a blank
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch c {
		case ' ', '\t', '\r', '\n':
			continue
		case '/':
			length := comment(text[i:])
			if length == 0 {
				return text // the decoder finds it
			}
			for end := i + length; i < end; i++ {
				if text[i] != '\n' {
					text[i] = ' '
				}
			}
			i--
			continue
		case '"':
			for i++; i < len(text) && text[i] != '"'; i++ {
				if text[i] == '\\' {
					i++
				}
			}
		case '}', ']':
			if comma >= 0 {
				text[comma] = ' '
			}
		}
		comma = -1
		if c == ',' && strings.IndexByte("{[,:", previous) < 0 {
			comma = i
		}
		previous = c
	}
	return text
}

// comment returns the length of the comment with which a text begins, or 0 if there is none
// or it is not closed.
func comment(text []byte) int {
	switch {
	case bytes.HasPrefix(text, []byte("//")):
		line, _, _ := bytes.Cut(text, []byte("\n"))
		return len(line)
	case bytes.HasPrefix(text, []byte("/*")):
		if inside, _, closed := bytes.Cut(text[2:], []byte("*/")); closed {
			return len("/*") + len(inside) + len("*/")
		}
	}
	return 0
}

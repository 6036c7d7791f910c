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
// members.
type node struct {
	kind    jsontext.Kind // 'n', 't', 'f', '"', '0', '{' or '['
	offset  int
	text    string         // of a text, or a number as it is written
	members []member       // of an object; of an array, with the numbers as names
	index   map[string]int // of members, by name; the last one of a name
}

type member struct {
	name       string
	nameOffset int
	node
}

// parse fills d.root from a text without comments. If it returns false, the text is
// not JSON.
func (d *Document) parse(text []byte) (problems []problem, ok bool) {
	for offset := 0; offset < len(d.text); {
		r, size := utf8.DecodeRune(d.text[offset:])
		if r == utf8.RuneError && size == 1 {
			return []problem{{offset, "this is not UTF-8: save the file as UTF-8"}}, false
		}
		offset += size
	}
	p := parser{
		text:    text,
		decoder: jsontext.NewDecoder(bytes.NewBuffer(text), jsontext.AllowDuplicateNames(true)),
	}
	var err error
	if d.root, err = p.value(); err == nil {
		if _, err = p.decoder.ReadToken(); err == nil {
			err = problem{p.begin(), "there is more after the end: remove it, or a closing bracket before it"}
		}
	}
	if err == io.EOF && d.root.kind != 0 {
		return p.problems, true
	}
	var own problem
	if errors.As(err, &own) {
		return []problem{own}, false
	}
	return []problem{syntax(text, err)}, false
}

// syntax locates an error of the decoder.
func syntax(text []byte, err error) problem {
	var s *jsontext.SyntacticError
	offset := len(bytes.TrimRight(text, " \t\r\n"))
	switch {
	case err == io.EOF:
		return problem{len(text), "the file is empty: write an object, { ... }"}
	case errors.As(err, &s) && !errors.Is(err, io.ErrUnexpectedEOF):
		return problem{int(s.ByteOffset), s.Err.Error()}
	}
	return problem{offset, "the file ends too early: complete it"}
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

func (p *parser) value() (node, error) {
	n := node{offset: p.begin()}
	token, err := p.decoder.ReadToken()
	if err != nil {
		return node{}, err
	}
	switch n.kind = token.Kind(); n.kind {
	case '{', '[':
		if p.decoder.StackDepth() > MaxDepth {
			return node{}, problem{n.offset, fmt.Sprintf("more than %d objects and lists within one another: flatten them", MaxDepth)}
		}
		if n.members, err = p.members(n.kind); err == nil {
			_, err = p.decoder.ReadToken() // the closing bracket
		}
	case '"', '0':
		n.text = token.String()
	}
	if n.kind == '0' && !computable(n.text) {
		p.problems = append(p.problems, problem{n.offset, "this number is too long or too large: write another"})
		n.text = "0"
	}
	return n, err
}

// members reads the members of an object, or the elements of an array.
func (p *parser) members(of jsontext.Kind) (members []member, err error) {
	lines := map[string]int{}
	for {
		m := member{name: strconv.Itoa(len(members)), nameOffset: p.begin()}
		switch kind := p.decoder.PeekKind(); {
		case kind == '}' || kind == ']':
			return members, nil
		case of == '{':
			name, err := p.decoder.ReadToken()
			if err != nil {
				return nil, err
			}
			m.name = name.String()
			if first, again := lines[m.name]; again {
				line := 1 + bytes.Count(p.text[:first], []byte("\n"))
				p.problems = append(p.problems, problem{m.nameOffset, fmt.Sprintf("duplicate key %s, first in line %d: remove one, or rename it", quote(m.name), line)})
			} else {
				lines[m.name] = m.nameOffset
			}
		}
		if m.node, err = p.value(); err != nil {
			return nil, err
		}
		members = append(members, m)
	}
}

// computable reports whether a number is short and its exponent small, so that nothing
// that reads it computes for long.
func computable(number string) bool {
	_, exponent, _ := strings.Cut(strings.ToLower(number), "e")
	return len(number) <= 40 && len(strings.TrimLeft(exponent, "+-0")) < 3
}

// find returns the node that the keys lead to, or the last one on the way. Of
// members with one name it takes the last.
func (n *node) find(keys []string) *node {
	for _, key := range keys {
		m := n.member(key)
		if m == nil {
			break
		}
		n = &m.node
	}
	return n
}

func (n *node) member(name string) *member {
	if n.index == nil {
		n.index = make(map[string]int, len(n.members))
		for i := range n.members {
			n.index[n.members[i].name] = i
		}
	}
	if i, ok := n.index[name]; ok {
		return &n.members[i]
	}
	return nil
}

// standardize replaces comments, and commas after the last member or element, by
// blanks, so that every offset stays.
func standardize(data []byte) []byte {
	text := bytes.Clone(data)
	comma := -1         // offset of a comma with nothing but blanks after it
	previous := byte(0) // the last byte that is not a blank
	for i := 0; i < len(text); i++ {
		switch c := text[i]; c {
		case ' ', '\t', '\r', '\n':
			continue
		case '/':
			end := endOfComment(text, i)
			if end == i {
				return text // the decoder finds it
			}
			for k := i; k < end; k++ {
				if text[k] != '\n' {
					text[k] = ' '
				}
			}
			i = end - 1
			continue
		case ',':
			comma = -1
			if previous != 0 && !strings.ContainsRune("{[,:", rune(previous)) {
				comma = i
			}
		case '}', ']':
			if comma >= 0 {
				text[comma] = ' '
			}
			comma = -1
		case '"':
			for i++; i < len(text) && text[i] != '"'; i++ {
				if text[i] == '\\' {
					i++
				}
			}
			comma = -1
		default:
			comma = -1
		}
		if i < len(text) {
			previous = text[i]
		}
	}
	return text
}

// endOfComment returns the offset after the comment at offset i, or i if there is
// none or it is not closed.
func endOfComment(text []byte, i int) int {
	rest := text[i:]
	switch {
	case bytes.HasPrefix(rest, []byte("//")):
		if n := bytes.IndexByte(rest, '\n'); n >= 0 {
			return i + n
		}
		return len(text)
	case bytes.HasPrefix(rest, []byte("/*")):
		if n := bytes.Index(rest[2:], []byte("*/")); n >= 0 {
			return i + 2 + n + 2
		}
	}
	return i
}

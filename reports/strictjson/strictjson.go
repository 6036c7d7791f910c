// Package strictjson reads files that people write: JSON with comments, checked
// against a schema, with line and column of every mistake.
//
// The form is JSON (RFC 8259) with // and /* */ comments. A comma after the last
// member or element and a byte order mark at the start are accepted. Names are
// matched exactly, a name may stand only once in an object, and the text must be
// UTF-8.
//
// Messages take their words from the schema: a value that does not fit "must be"
// what the "description" of its part of the schema says. Write descriptions that
// complete this sentence.
package strictjson

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"strconv"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
)

// Limits keep a wrong or hostile file from taking the reader's memory or time.
const (
	MaxSize  = 64 << 20 // bytes in a file
	MaxDepth = 64       // objects and arrays within one another
)

// A Document is a file that was read. It knows where its values stand. It is for
// one goroutine at a time.
type Document struct {
	SHA256 string // of the file as read, in hexadecimal

	name string
	text []byte // without a byte order mark
	root node
	last place // of the latest call of position
}

// Parse parses data, checks it against the schema and stores it into v, as
// encoding/json does. name is that of the file, for messages. The error is of type
// [Errors]: the first mistake if the text is not JSON, otherwise every mistake, in
// the order of the file.
func Parse(name string, data []byte, schema *Schema, v any) (*Document, error) {
	sum := sha256.Sum256(data)
	d := &Document{name: name, SHA256: hex.EncodeToString(sum[:]), last: start}
	if len(data) > MaxSize {
		return nil, d.report([]problem{{text: fmt.Sprintf("the file has more than %d bytes: split it", MaxSize)}})
	}
	d.text = bytes.TrimPrefix(data, []byte("\ufeff"))
	text := standardize(d.text)
	problems, ok := d.parse(text)
	if !ok {
		return nil, d.report(problems)
	}
	problems = append(problems, schema.check(&d.root)...)
	if len(problems) > 0 {
		return nil, d.report(problems)
	}
	if err := json.Unmarshal(text, v, json.MatchCaseInsensitiveNames(true)); err != nil {
		return nil, d.unfit(err)
	}
	return d, nil
}

// unfit describes a value that the schema allows and the program cannot hold.
func (d *Document) unfit(err error) Errors {
	var s *json.SemanticError
	if !errors.As(err, &s) {
		return Errors{{File: d.name, Text: err.Error()}}
	}
	reason := s.Err
	if reason == nil {
		reason = fmt.Errorf("a JSON %s does not fit here", s.JSONKind)
	}
	return d.report([]problem{{int(s.ByteOffset), fmt.Sprintf("%s: correct it", reason)}})
}

// At returns the place of the value that the keys lead to. The key of an element is
// its number, from 0. Where a key leads nowhere, At returns the place of the last
// value on the way.
func (d *Document) At(keys ...string) Position {
	n := &d.root
	for _, key := range keys {
		m := n.member(key)
		if m == nil {
			break
		}
		n = m
	}
	return d.position(n.offset)
}

// Members yields the names of the document's members and their places, in the order
// of the file. It yields nothing if the document is not an object.
func (d *Document) Members() iter.Seq2[string, Position] {
	return func(yield func(string, Position) bool) {
		for _, m := range d.root.members {
			if d.root.kind == '{' && !yield(m.name, d.position(m.nameOffset)) {
				return
			}
		}
	}
}

// Mistake returns a mistake that the schema cannot know, at the place of the value
// that the keys lead to (see [Document.At]).
func (d *Document) Mistake(text string, keys ...string) Error {
	at := d.At(keys...)
	return Error{File: d.name, Line: at.Line, Column: at.Column, Text: text}
}

// ReadFile reads the file at path, at most one byte more than [MaxSize], which
// [Parse] refuses. Its error is of type [Errors].
func ReadFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, unreadable(path, err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, MaxSize+1))
	if err != nil {
		return nil, unreadable(path, err)
	}
	return data, nil
}

// A Position is a place in a file. Line and column count from 1, columns in
// characters. A byte order mark is not counted.
type Position struct{ Line, Column int }

type place struct {
	offset int
	Position
}

var start = place{Position: Position{Line: 1, Column: 1}}

// position returns the place of an offset. It goes on from the latest one, so that
// many positions in the order of the file cost one pass over it.
func (d *Document) position(offset int) Position {
	at := d.last
	if offset < at.offset {
		at = start
	}
	for at.offset < offset {
		r, size := utf8.DecodeRune(d.text[at.offset:])
		at.offset += size
		at.Column++
		if r == '\n' {
			at.Position = Position{at.Line + 1, 1}
		}
	}
	d.last = at
	return at.Position
}

// quote puts a text into double quotes, escaped and cut to fit a message.
func quote(text string) string {
	const most = 40
	if runes := []rune(text); len(runes) > most {
		text = string(runes[:most]) + "..."
	}
	return strconv.Quote(text)
}

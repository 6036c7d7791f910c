// Package strictjson reads files that people write: JSON with comments, held
// to a schema, every mistake reported at once with its line and column.
//
// The form is JSON (RFC 8259) with // and /* */ comments; a comma after the
// last member or element is accepted, and so is a byte order mark at the very
// start. Beyond that it is stricter than JSON decoders are: a name may stand
// only once in an object, keys are matched exactly, and the text must be UTF-8.
//
// The texts of errors are made from the schema: where a value does not fit,
// the "description" of its part of the schema says what it must be. Write
// descriptions so that they complete the sentence "it must be ...".
package strictjson

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"os"
	"unicode/utf8"

	"github.com/tailscale/hujson"
)

// Limits of what is read. They keep a wrong or hostile file from taking the
// reader's memory, stack or time.
const (
	MaxSize  = 64 << 20 // bytes in a file
	MaxDepth = 64       // objects and arrays within one another
)

// maxNumber is how many characters a number may have. Together with the limit
// of its exponent it bounds the exact arithmetic that the schema library does.
const maxNumber = 40

// A Document is a file that was read, for asking where things stand in it.
type Document struct {
	name string
	text []byte // as read, without a byte order mark, with a line feed added
	root hujson.Value

	// SHA256 is that of the file as read, in hexadecimal.
	SHA256 string
}

// Decode is Parse for callers who need no places.
func Decode(name string, data []byte, schema *Schema, v any) error {
	_, err := Parse(name, data, schema, v)
	return err
}

// Parse parses data, holds it to the schema and stores it into v, as
// [json.Unmarshal] does. name is the file's, for messages. Its error is of type
// [Errors]: one entry where the text is not JSON at all, else all that is wrong,
// in the order of the file. data is not kept.
func Parse(name string, data []byte, schema *Schema, v any) (*Document, error) {
	sum := sha256.Sum256(data)
	d := &Document{name: name, SHA256: hex.EncodeToString(sum[:])}
	if len(data) > MaxSize {
		return nil, d.report([]problem{{text: fmt.Sprintf("the file has more than %d bytes, which is all that is read: split it", MaxSize)}})
	}
	// hujson wants a line feed behind a comment in the last line, and its
	// values alias the text: so this copy has one more byte.
	d.text = append(append(make([]byte, 0, len(data)+1), trimBOM(data)...), '\n')
	if p := d.parse(); p != nil {
		return nil, d.report([]problem{*p})
	}
	problems, most := d.oversights()
	problems = append(problems, schema.check(d.root, most)...)
	if len(problems) > 0 {
		return nil, d.report(problems)
	}
	if err := json.Unmarshal(appendJSON(make([]byte, 0, len(d.text)), d.root), v); err != nil {
		return nil, Errors{{File: name, Text: "the schema allows what the program cannot hold: " + err.Error()}}
	}
	return d, nil
}

// Members yields the names of the document's members in the order of the file,
// and where each stands. A document that is no object has none.
func (d *Document) Members() iter.Seq2[string, Position] {
	return func(yield func(string, Position) bool) {
		object, ok := d.root.Value.(*hujson.Object)
		if !ok {
			return
		}
		at := newCursor(d.text)
		for _, m := range object.Members {
			if !yield(nameOf(m), at.position(m.Name.StartOffset)) {
				return
			}
		}
	}
}

// ReadFile reads the file at path, but not more than one byte past [MaxSize]:
// [Parse] refuses what is longer. Its error is of type [Errors], without a
// position.
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

func trimBOM(data []byte) []byte {
	const bom = "\ufeff"
	if len(data) >= len(bom) && string(data[:len(bom)]) == bom {
		return data[len(bom):]
	}
	return data
}

// A Position is a place in a file: line and column count from 1, columns in
// characters, a tab being one. A byte order mark is not counted.
type Position struct{ Line, Column int }

// A cursor turns offsets, none smaller than the one before, into positions. It
// goes through the text once, so that many positions in one long line cost no
// more than one.
type cursor struct {
	text   []byte
	offset int
	Position
}

func newCursor(text []byte) *cursor {
	return &cursor{text: text, Position: Position{Line: 1, Column: 1}}
}

func (c *cursor) position(offset int) Position {
	for c.offset < offset {
		r, size := utf8.DecodeRune(c.text[c.offset:])
		c.offset += size
		c.Column++
		if r == '\n' {
			c.Line, c.Column = c.Line+1, 1
		}
	}
	return c.Position
}

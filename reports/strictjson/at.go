package strictjson

import (
	"bytes"
	"cmp"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/tailscale/hujson"
)

// At returns where the value stands that the keys lead to; for an element of a
// list the key is its number, from 0. Of members with the same name the last is
// meant. Where the keys lead to nothing, it is the place of the last value on
// their way.
func (d *Document) At(keys ...string) Position {
	v := d.root
	for _, key := range keys {
		next, ok := child(v, key)
		if !ok {
			break
		}
		v = next
	}
	return d.position(v.StartOffset)
}

func child(v hujson.Value, key string) (next hujson.Value, ok bool) {
	switch value := v.Value.(type) {
	case *hujson.Object:
		for _, m := range value.Members {
			if nameOf(m) == key {
				next, ok = m.Value, true
			}
		}
	case *hujson.Array:
		if i, err := strconv.Atoi(key); err == nil && 0 <= i && i < len(value.Elements) {
			return value.Elements[i], true
		}
	}
	return next, ok
}

// position finds the line and column of an offset. Unlike a cursor it goes to
// any offset, and looks at the whole text before it each time.
func (d *Document) position(offset int) Position {
	before := d.text[:offset]
	line := before[bytes.LastIndexByte(before, '\n')+1:]
	return Position{Line: 1 + bytes.Count(before, []byte("\n")), Column: 1 + utf8.RuneCount(line)}
}

// Mistake is one that the schema cannot know, at the value that the keys lead
// to (see [Document.At]).
func (d *Document) Mistake(text string, keys ...string) Error {
	at := d.At(keys...)
	return Error{File: d.name, Line: at.Line, Column: at.Column, Text: text}
}

// Sort puts mistakes into the order of the file.
func (e Errors) Sort() {
	slices.SortStableFunc(e, func(a, b Error) int { return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column)) })
}

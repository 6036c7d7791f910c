package strictjson

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

// An Error is one mistake in a file. Text says what is wrong and what to do.
// Line is 0 if the mistake has no place in the file, because it cannot be read.
type Error struct {
	File         string
	Line, Column int // from 1; columns in characters
	Text         string
}

// Error returns the mistake in one line: "srs.json:12:5: ...".
func (e Error) Error() string {
	if e.Line == 0 {
		return e.File + ": " + e.Text
	}
	return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.Text)
}

// Errors holds all mistakes of a file, in the order of the file. It is never empty
// where it is returned as an error.
type Errors []Error

// Error returns the mistakes, one a line.
func (e Errors) Error() string {
	lines := make([]string, len(e))
	for i := range e {
		lines[i] = e[i].Error()
	}
	return strings.Join(lines, "\n")
}

// Sort sorts mistakes by their places.
func (e Errors) Sort() {
	slices.SortStableFunc(e, func(a, b Error) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
}

// A problem is a mistake at an offset.
type problem struct {
	offset int
	text   string
}

func (p problem) Error() string { return p.text }

// report turns problems into errors, in the order of the file and each once.
func (d *Document) report(problems []problem) Errors {
	slices.SortFunc(problems, func(a, b problem) int {
		return cmp.Or(cmp.Compare(a.offset, b.offset), cmp.Compare(a.text, b.text))
	})
	var list Errors
	for _, p := range slices.Compact(problems) {
		at := d.position(min(p.offset, len(d.text)))
		list = append(list, Error{File: d.name, Line: at.Line, Column: at.Column, Text: p.text})
	}
	return list
}

func unreadable(path string, err error) Errors {
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		err = p.Err // the path stands before it already
	}
	return Errors{{File: path, Text: "cannot be read: " + err.Error() + ": name a file that can"}}
}

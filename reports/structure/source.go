package structure

import (
	"go/scanner"
	"go/token"
	"slices"
	"strings"
)

// position is a line and a column.
type position struct{ line, column int }

func (p position) before(other position) bool {
	return p.line < other.line || p.line == other.line && p.column < other.column
}

// lexeme is a token of a file.
type lexeme struct {
	position
	kind token.Token
	text string
}

// read splits a file into lines and finds the lines on which each block has code.
// If the text of the file is unknown, a block is taken to have code on all its lines.
func (f *file) read() {
	if f.Text == "" {
		for _, b := range f.blocks {
			for line := b.Block[0]; line <= b.Block[2]; line++ {
				b.lines = append(b.lines, line)
			}
		}
		return
	}
	f.texts = strings.Split(strings.TrimSuffix(f.Text, "\n"), "\n")
	for _, l := range f.lexemes() {
		switch l.kind {
		case token.COMMENT, token.LBRACE, token.RBRACE, token.SEMICOLON:
			continue
		}
		for line := l.line; line <= l.line+strings.Count(l.text, "\n"); line++ {
			if b := f.at(l.position); b != nil && !slices.Contains(b.lines, line) {
				b.lines = append(b.lines, line)
			}
		}
	}
}

// lexemes returns the tokens of the file.
func (f *file) lexemes() []lexeme {
	var all []lexeme
	files := token.NewFileSet()
	in := files.AddFile(f.Name, -1, len(f.Text))
	var s scanner.Scanner
	s.Init(in, []byte(f.Text), func(token.Position, string) {}, scanner.ScanComments)
	for {
		pos, kind, text := s.Scan()
		if kind == token.EOF {
			return all
		}
		at := in.PositionFor(pos, false)
		all = append(all, lexeme{position{at.Line, at.Column}, kind, text})
	}
}

// at returns the innermost block at a position, or nil.
func (f *file) at(p position) *block {
	for i := len(f.blocks) - 1; i >= 0; i-- {
		b := f.blocks[i].Block
		begin, end := position{b[0], b[1]}, position{b[2], b[3]}
		if !p.before(begin) && p.before(end) {
			return f.blocks[i]
		}
	}
	return nil
}

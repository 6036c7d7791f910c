package structure

import (
	"go/scanner"
	"go/token"
	"slices"
	"strings"
)

// Marks begin a comment that accepts the code after it: what is not reached, and
// what is reached in some runs only.
const (
	Mark       = "// unreached:"
	SeldomMark = "// seldom reached:"
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

// read splits a file into lines, and finds the lines on which each block has
// code. Where the text is not known, a block has code on all of its lines.
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
	lexemes := f.lexemes()
	for _, l := range lexemes {
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
	for i, l := range lexemes {
		if l.kind != token.COMMENT {
			continue
		}
		for _, mark := range []string{Mark, SeldomMark} {
			if reason, ok := strings.CutPrefix(l.text, mark); ok {
				f.accept(l, f.end(lexemes[i+1:]), acceptance{strings.TrimSpace(reason), i + 1, mark == SeldomMark})
			}
		}
	}
}

// lexemes are the tokens of the file.
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

// at is the block at a position, the innermost; nil if there is none.
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

// end is where the braces or the case end that the lexemes begin in.
func (f *file) end(lexemes []lexeme) position {
	depth := 0
	for _, l := range lexemes {
		switch l.kind {
		case token.LBRACE:
			depth++
		case token.RBRACE:
			depth--
		case token.CASE, token.DEFAULT:
			if depth == 0 {
				return l.position
			}
		}
		if depth < 0 {
			return l.position
		}
	}
	return position{len(f.texts) + 1, 1}
}

// acceptance is what a comment says of the code after it.
type acceptance struct {
	reason string // empty: nothing is accepted
	number int    // of the comment
	seldom bool   // it is true also where the code is executed
}

// accept notes that the blocks from a comment on, up to the end, are accepted.
func (f *file) accept(comment lexeme, end position, a acceptance) {
	first := f.at(comment.position)
	for _, b := range f.blocks {
		begin := position{b.Block[0], b.Block[1]}
		if b == first || comment.before(begin) && begin.before(end) {
			b.accepted = a
		}
	}
}

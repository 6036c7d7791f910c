package structure

import (
	"go/scanner"
	"go/token"
	"strings"

	"github.com/socket-oneline/oneline/reports/results"
)

// position is a line and a column.
type position struct{ line, column int }

func (p position) before(other position) bool {
	return p.line < other.line || p.line == other.line && p.column < other.column
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
	in := token.NewFileSet().AddFile(f.Name, -1, len(f.Text))
	var s scanner.Scanner
	s.Init(in, []byte(f.Text), func(token.Position, string) {}, scanner.ScanComments)
	for {
		pos, kind, text := s.Scan()
		switch kind {
		case token.EOF:
			return
		case token.COMMENT, token.LBRACE, token.RBRACE, token.SEMICOLON:
			continue
		}
		at := in.PositionFor(pos, false)
		b := f.at(position{at.Line, at.Column})
		for line := at.Line; b != nil && line <= at.Line+strings.Count(text, "\n"); line++ {
			b.lines = results.AppendNew(b.lines, line)
		}
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

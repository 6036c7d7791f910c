package structure

import (
	"go/scanner"
	"go/token"
	"slices"
	"strings"

	"github.com/socket-oneline/oneline/reports/results"
)

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
		b := f.at(at.Line, at.Column)
		for line := at.Line; b != nil && line <= at.Line+strings.Count(text, "\n"); line++ {
			b.lines = results.AppendNew(b.lines, line)
		}
	}
}

// at returns the innermost block at a position, or nil.
func (f *file) at(line, column int) *block {
	at := []int{line, column}
	for _, b := range slices.Backward(f.blocks) {
		if slices.Compare(at, b.Block[:2]) >= 0 && slices.Compare(at, b.Block[2:4]) < 0 {
			return b
		}
	}
	return nil
}

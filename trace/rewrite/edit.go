package rewrite

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// edits are changes of one file's text. All of them insert, except for operators
// that are replaced; so they nest, and none adds or removes a line.
type edits struct {
	all []edit
}

// edit puts text at an offset, in place of the next drop bytes.
type edit struct {
	offset, drop int
	closes       bool // the second half of a pair: it comes before what begins at the same offset
	other        int  // the offset of the pair's other half
	text         string
}

// at inserts text before everything else that is inserted at an offset.
func (e *edits) at(offset int, text string) {
	e.all = append(e.all, edit{offset: offset, other: math.MaxInt, text: text})
}

// around puts a pair of texts around what stands between two offsets. Of pairs
// around the same text, the one that came first is the outermost.
func (e *edits) around(from, to int, before, after string) {
	e.all = append(e.all, edit{offset: from, other: to, text: before}, edit{offset: to, other: from, closes: true, text: after})
}

// replace puts text in place of the old one at an offset.
func (e *edits) replace(offset int, old, text string) {
	e.all = append(e.all, edit{offset: offset, drop: len(old), other: math.MinInt, text: text})
}

// apply makes the edits.
func (e *edits) apply(source []byte) []byte {
	type numbered struct {
		edit
		number int
	}
	sorted := make([]numbered, len(e.all))
	for i, one := range e.all {
		sorted[i] = numbered{one, i}
	}
	slices.SortFunc(sorted, func(a, b numbered) int {
		if c := cmp.Compare(a.offset, b.offset); c != 0 {
			return c
		}
		switch {
		case a.closes && b.closes: // the innermost first
			return cmp.Or(cmp.Compare(b.other, a.other), cmp.Compare(b.number, a.number))
		case a.closes:
			return -1
		case b.closes:
			return 1
		}
		return cmp.Or(cmp.Compare(b.other, a.other), cmp.Compare(a.number, b.number))
	})
	var out strings.Builder
	last := 0
	for _, one := range sorted {
		out.Write(source[last:one.offset])
		out.WriteString(one.text)
		last = one.offset + one.drop
	}
	out.Write(source[last:])
	return []byte(out.String())
}

package rewrite

import (
	"cmp"
	"math"
	"slices"
)

// edits are changes of one file's text. All of them insert, except for operators
// that are replaced; so they nest, and none adds or removes a line.
type edits []edit

// edit puts text at an offset, in place of the next drop bytes.
type edit struct {
	offset, drop int
	text         string

	// The order of those at the same offset: what closes a pair comes before what opens
	// one, and whatever is farther from its other half is farther out. Of pairs around
	// the same text, the first is the outermost.
	opens  int // 0 for what closes a pair, 1 for all else
	other  int // the offset of the other half
	number int
}

// at inserts text before everything else that is inserted at an offset.
func (e *edits) at(offset int, text string) {
	*e = append(*e, edit{offset: offset, text: text, opens: 1, other: math.MaxInt, number: len(*e)})
}

// around puts a pair of texts around what stands between two offsets.
func (e *edits) around(from, to int, before, after string) {
	n := len(*e)
	*e = append(*e, edit{offset: from, text: before, opens: 1, other: to, number: n}, edit{offset: to, text: after, other: from, number: -n})
}

// replace puts text in place of the old one at an offset.
func (e *edits) replace(offset int, old, text string) {
	*e = append(*e, edit{offset: offset, drop: len(old), text: text, opens: 1, other: math.MinInt})
}

// apply makes the edits.
func (e edits) apply(source []byte) (out []byte) {
	sorted := slices.SortedFunc(slices.Values(e), func(a, b edit) int {
		return cmp.Or(cmp.Compare(a.offset, b.offset), cmp.Compare(a.opens, b.opens), cmp.Compare(b.other, a.other), cmp.Compare(a.number, b.number))
	})
	last := 0
	for _, one := range sorted {
		out = append(append(out, source[last:one.offset]...), one.text...)
		last = one.offset + one.drop
	}
	return append(out, source[last:]...)
}

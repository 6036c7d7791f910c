package content

import (
	"strings"

	"github.com/socket-oneline/oneline/reports/render/document"
)

// markable is how long texts may be that are compared character by character.
const markable = 400

// Compared are the cells of what was expected and what was found, with the
// characters marked that the other lacks.
func Compared(expected, actual string) (document.Cell, document.Cell) {
	a, b := []rune(expected), []rune(actual)
	x := document.Cell{Text: expected}
	y := document.Cell{Text: actual, Tone: document.Bad}
	if len(a) > markable || len(b) > markable {
		return x, y
	}
	inA, inB := common(a, b)
	if p, q := marked(a, inA), marked(b, inB); p != nil && q != nil {
		x.Parts, y.Parts = p, q
	}
	return x, y
}

// common reports, for each character of either text, whether it belongs to their
// longest common subsequence.
func common(a, b []rune) (inA, inB []bool) {
	length := make([][]int, len(a)+1) // of that of a[i:] and b[j:]
	for i := range length {
		length[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				length[i][j] = length[i+1][j+1] + 1
			} else {
				length[i][j] = max(length[i+1][j], length[i][j+1])
			}
		}
	}
	inA, inB = make([]bool, len(a)), make([]bool, len(b))
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] == b[j]:
			inA[i], inB[j] = true, true
			i, j = i+1, j+1
		case length[i+1][j] >= length[i][j+1]:
			i++
		default:
			j++
		}
	}
	return inA, inB
}

// telling is how many characters in a row both texts must have between
// differences for a reader to see them as the same.
const telling = 3

// marked divides a text into what both have and what only it has. Where most of
// it differs, marks would only be in the way.
func marked(text []rune, shared []bool) []document.Cell {
	var parts []document.Cell
	differ := 0
	run := func(from int) (end int) {
		for end = from; end < len(text) && shared[end] == shared[from]; {
			end++
		}
		return end
	}
	for from := 0; from < len(text); {
		end := run(from)
		part := document.Cell{Text: string(text[from:end])}
		if !shared[from] {
			for next := end; end < len(text); end = next { // what is shared for a moment only
				if next = run(end); shared[end] && (next == len(text) || next-end >= telling) {
					break
				}
			}
			part.Tone = document.Changed
			part.Text = strings.ReplaceAll(string(text[from:end]), " ", "␣")
			differ += end - from
		}
		parts = append(parts, part)
		from = end
	}
	if 5*differ > 3*len(text) {
		return nil
	}
	return parts
}

// Of values that are longer than abridge, a sentence shows as much from shortly
// before their first difference.
const (
	abridge = 40
	shortly = 12
)

// abridged cuts two texts to what surrounds their first difference.
func abridged(expected, actual string) (string, string) {
	a, b := []rune(expected), []rune(actual)
	same := 0
	for same < min(len(a), len(b)) && a[same] == b[same] {
		same++
	}
	from, lead := same-shortly, "…"
	if from < shortly { // as well from the beginning
		from, lead = 0, ""
	}
	cut := func(r []rune) string {
		switch end := from + abridge; {
		case len(r) <= abridge:
			return string(r)
		case end < len(r):
			return lead + string(r[from:end]) + "…"
		}
		return lead + string(r[from:])
	}
	return cut(a), cut(b)
}

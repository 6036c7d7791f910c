package document

import "slices"

// ColumnWidths divides room among the columns of a table, gap between them. A
// column that doesn't grow gets the width of its texts, no more than it asks
// for; in a table that is one of many, exactly that. The others share the rest.
// char is the width of a character, natural that of the longest text of a
// column.
func ColumnWidths(t Table, room, gap, char float64, natural func(column int) float64) []float64 {
	widths := make([]float64, len(t.Columns))
	all := room - gap*float64(len(t.Columns)-1)
	left, least := all, 0.0
	grows := func(c Column) bool { return c.Grow > 0 && !t.Fit }
	for i, c := range t.Columns {
		if grows(c) {
			least += float64(c.Width) * char
			continue
		}
		widths[i] = float64(c.Width+1) * char
		if !t.Kin && !c.Blank {
			widths[i] = min(1.25*widths[i], natural(i)) // capitals are wide
		}
		left -= widths[i]
	}
	if left >= 0 && !slices.ContainsFunc(t.Columns, grows) {
		return widths
	}
	base, share := char, func(c Column) int { return c.Grow }
	if left > least {
		left -= least
	} else { // not even what the columns ask for
		base, share = 0, func(c Column) int { return c.Width + 6*c.Grow }
		if left < room/3 { // a page that is too narrow: every column gives way
			grows, left = func(Column) bool { return true }, all
		}
	}
	total := 0
	for _, c := range t.Columns {
		if grows(c) {
			total += share(c)
		}
	}
	for i, c := range t.Columns {
		if grows(c) {
			widths[i] = float64(c.Width)*base + left*float64(share(c))/float64(total)
		}
	}
	return widths
}

// LoneRows reports whether the row at index i of n must stay with the next one:
// neither the first nor the last row of a table stands alone on a page.
func LoneRows(i, n int) bool { return i+1 < n && (i == 0 || i+2 == n) }

// Tallest is how many lines a row may have that is never split between pages.
const Tallest = 14

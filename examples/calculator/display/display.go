// Package display shows the result of a calculator. Its tests are plain Go tests.
package display

import "strconv"

// Text writes a number with a blank between thousands.
func Text(n int64) string {
	text := strconv.FormatInt(n, 10)
	digits := len(text)
	if n < 0 {
		digits--
	}
	for at := len(text) - 3; digits > 3; at, digits = at-3, digits-3 {
		text = text[:at] + " " + text[at:]
	}
	return text
}

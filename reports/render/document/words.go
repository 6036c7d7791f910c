package document

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Thousands writes n with a comma between groups of three digits.
func Thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// Percentages returns the share of each part in their total with one decimal,
// rounded so that they add up to exactly 100.0 %. All are "-" if the total is 0.
func Percentages(parts ...int) []string {
	total := 0
	for _, p := range parts {
		total += p
	}
	shares := slices.Repeat([]string{"-"}, len(parts))
	if total == 0 {
		return shares
	}
	tenths, missing := make([]int, len(parts)), 1000
	order := make([]int, len(parts))
	for i, p := range parts {
		tenths[i] = p * 1000 / total
		missing -= tenths[i]
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return parts[b]*1000%total - parts[a]*1000%total })
	for _, i := range order[:missing] {
		tenths[i]++
	}
	for i, t := range tenths {
		shares[i] = fmt.Sprintf("%d.%d %%", t/10, t%10)
	}
	return shares
}

// Ratio is n as a percentage of total, "-" if there is no total.
func Ratio(n, total int) string {
	if total == 0 {
		return "-"
	}
	return fmt.Sprintf("%.1f %%", float64(n)*100/float64(total))
}

// When shows a moment in the time zone in which it was recorded.
func When(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format("2006-01-02 15:04:05 UTC-07:00")
}

// Seconds shows a duration to the millisecond.
func Seconds(s float64) string { return strconv.FormatFloat(s, 'f', 3, 64) + " s" }

// Clock shows the time of day of a step to the millisecond.
func Clock(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format("15:04:05.000")
}

// Stated is s, or says that nothing was stated.
func Stated(s string) string { return cmp.Or(s, "not stated") }

// Paren puts s in parentheses, if there is any.
func Paren(s string) string {
	if s == "" {
		return ""
	}
	return "(" + s + ")"
}

// Join puts a comma between the texts that are not empty.
func Join(texts ...string) string {
	texts = slices.DeleteFunc(slices.Clone(texts), func(t string) bool { return t == "" })
	return strings.Join(texts, ", ")
}

// Plural writes a number with its noun, in the singular for 1.
func Plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return Thousands(n) + " " + noun + "s"
}

// Prefix puts lead before text, if there is any.
func Prefix(lead, text string) string {
	if text == "" {
		return ""
	}
	return lead + text
}

package render

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/socket-oneline/oneline/reports"
)

// thousands writes n with a comma between groups of three digits.
func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// percentages gives the share of each part in their total with one decimal,
// rounded so that they add up to exactly 100.0 %. All are "-" if the total is 0.
func percentages(parts ...int) []string {
	total := 0
	for _, p := range parts {
		total += p
	}
	shares := make([]string, len(parts))
	if total == 0 {
		for i := range shares {
			shares[i] = "-"
		}
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

// ratio is n as a percentage of total, "-" if there is no total.
func ratio(n, total int) string {
	if total == 0 {
		return "-"
	}
	return fmt.Sprintf("%.1f %%", float64(n)*100/float64(total))
}

// counts says how many verifications held: "12", or "11 of 12" if not all did.
func counts(c reports.Counts) string {
	if c.Failed == 0 {
		return thousands(c.Passed)
	}
	return thousands(c.Passed) + " of " + thousands(c.Passed+c.Failed)
}

// passedFailed says the same in words.
func passedFailed(c reports.Counts) string {
	return thousands(c.Passed) + " passed, " + thousands(c.Failed) + " failed"
}

// when shows a moment in the time zone in which it was recorded.
func when(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format("2006-01-02 15:04:05 UTC-07:00")
}

// seconds shows a duration to the millisecond.
func seconds(s float64) string { return strconv.FormatFloat(s, 'f', 3, 64) + " s" }

// clock shows the time of day of a step to the millisecond.
func clock(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format("15:04:05.000")
}

package reports

import (
	"cmp"
	"strings"

	"github.com/socket-oneline/oneline/reports/evidence"
)

// answerTo begins the text of a verification of what came back for a command.
const answerTo = "answer to "

// Seen says in a sentence what a verification found. step is the instruction
// that it belongs to, for one that does not say what it is about.
func Seen(v *evidence.Verification, step string) string {
	if asked, is := strings.CutPrefix(v.Text, answerTo); is {
		return "answered " + asked + " with " + v.Actual + "; expected " + v.Expected
	}
	about := cmp.Or(v.Text, step)
	if about == "" {
		return "expected " + v.Expected + ", got " + v.Actual
	}
	return about + ": expected " + v.Expected + ", got " + v.Actual
}

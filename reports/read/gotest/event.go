package gotest

import (
	"bytes"
	"regexp"
	"strings"
	"time"
)

// event is a line of the stream. The documentation of test2json leaves out Key,
// Value, ImportPath and the actions that go with them.
type event struct {
	Time        time.Time
	Action      string
	Package     string
	Test        string
	Elapsed     float64
	Output      string
	Key, Value  string // of an attribute
	ImportPath  string // of what did not build
	FailedBuild string
}

// isEvent reports whether a line is meant to be an event: a JSON object. What
// tools print beside the stream is none.
func isEvent(line []byte) bool { return bytes.HasPrefix(bytes.TrimLeft(line, " \t"), []byte("{")) }

// Looks reports whether the beginning of a file looks like a stream of events.
// Other output may stand before the first of them.
func Looks(head []byte) bool {
	for line := range bytes.Lines(head) {
		if isEvent(line) && (bytes.Contains(line, []byte(`"Action":`)) || bytes.Contains(line, []byte(`"Action" :`))) {
			return true
		}
	}
	return false
}

// PlainText reports whether the beginning of a file looks like what go test
// prints without -json.
func PlainText(head []byte) bool { return plain.Match(head) }

var plain = regexp.MustCompile(`(?m)^(=== RUN   |--- (PASS|FAIL|SKIP): |ok  \t|FAIL\t|\?   \t)`)

// marker begins the lines by which a test binary tells its events to go test.
const marker = "\x16"

// lost returns the event in a piece of output that go test took for plain
// output, because it followed a line that was too long. ok is false where there
// is none; cut tells that there is one, but not all of it.
func lost(e *event) (found event, ok, cut bool) {
	_, line, has := strings.Cut(e.Output, marker)
	if !has {
		return event{}, false, false
	}
	line, whole := strings.CutSuffix(line, "\n")
	found = event{Time: e.Time, Package: e.Package}
	rest, isEnd := strings.CutPrefix(line, "--- ")
	if isEnd {
		kind, rest, _ := strings.Cut(rest, ": ")
		name, _, _ := strings.Cut(rest, " (")
		found.Action, found.Test = strings.ToLower(kind), name
		switch kind {
		case "PASS", "FAIL", "SKIP":
			return found, whole && name != "", !whole
		}
		return event{}, false, false
	}
	rest, isMark := strings.CutPrefix(line, "=== ")
	if !isMark || len(rest) < 6 {
		return event{}, false, false
	}
	found.Test = rest[6:]
	switch rest[:6] {
	case "RUN   ":
		found.Action = "run"
	case "ATTR  ":
		found.Action = "attr"
		var more string
		found.Test, more, _ = strings.Cut(found.Test, " ")
		found.Key, found.Value, _ = strings.Cut(more, " ")
	case "PAUSE ":
		found.Action = "pause"
	case "CONT  ":
		found.Action = "cont"
	default:
		return event{}, false, false
	}
	return found, whole, !whole
}

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

// isEvent reports whether a line is meant to be an event: a JSON object. Other tools may
// print lines into the stream.
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

// marked matches the line by which a test binary tells go test an event, within a piece of
// output.
var marked = regexp.MustCompile(`\x16(?:=== (RUN|PAUSE|CONT|ATTR) +([^ \n]*)(?: ([^ \n]*) ([^\n]*))?|--- (PASS|FAIL|SKIP): (\S*)[^\n]*)(\n?)`)

// lost returns the event in a piece of output that go test took for plain output. ok is
// false if there is none; cut reports that it is incomplete.
func lost(e *event) (found event, ok, cut bool) {
	m := marked.FindStringSubmatch(e.Output)
	if m == nil {
		return event{}, false, false
	}
	found = event{
		Time: e.Time, Package: e.Package, Action: strings.ToLower(m[1] + m[5]), Test: m[2] + m[6], Key: m[3], Value: m[4],
	}
	whole := m[7] != "" && found.Test != ""
	return found, whole, !whole
}

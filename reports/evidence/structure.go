package evidence

import (
	"fmt"
	"strconv"
	"strings"
)

// Structure is the code whose execution was watched. Its blocks are numbered from 0
// through all functions of all files, in their order; [Spec.Executed] holds such numbers.
type Structure struct {
	Missing string       `json:"missing,omitempty"` // why nothing could be collected
	Files   []SourceFile `json:"files,omitempty"`   // sorted by name
}

// SourceFile is a file of the code, as it was when the run began.
type SourceFile struct {
	Name      string     `json:"name"`             // path within its module, such as server/conn.go
	Package   string     `json:"package"`          // import path
	SHA256    string     `json:"sha256,omitempty"` // of Text
	Text      string     `json:"text,omitempty"`
	NotBuilt  bool       `json:"not_built,omitempty"` // no process contained it; it may belong to another system
	Functions []Function `json:"functions"`           // in the order of their place
}

// Function is a function with its blocks. The blocks of a function literal belong to the
// function that contains it.
type Function struct {
	Name   string  `json:"name"` // with its package, such as server.Server.Serve
	Blocks []Block `json:"blocks"`
}

// Block is a run of statements that are executed together: line and column of its
// beginning, line and column of its end, and the number of statements. Lines and columns
// count from 1, columns in bytes; the end is exclusive.
type Block [5]int

// FormatNumbers writes the numbers of the bytes that are set, such as 0-4,7.
func FormatNumbers(set []byte) string {
	var ranges []string
	for i := 0; i < len(set); i++ {
		first := i
		for i < len(set) && set[i] != 0 {
			i++
		}
		if i > first {
			ranges = append(ranges, FormatRange(first, i-1))
		}
	}
	return strings.Join(ranges, ",")
}

// FormatRange writes the numbers from first to last, such as 4 or 0-4.
func FormatRange(first, last int) string {
	if first == last {
		return strconv.Itoa(first)
	}
	return fmt.Sprintf("%d-%d", first, last)
}

// ParseNumbers calls add for each number that a text such as 0-4,7 names. All of them
// must be below limit.
func ParseNumbers(text string, limit int, add func(int)) error {
	if text == "" {
		return nil
	}
	for part := range strings.SplitSeq(text, ",") {
		from, to, isRange := strings.Cut(part, "-")
		if !isRange {
			to = from
		}
		first, err1 := strconv.Atoi(from)
		last, err2 := strconv.Atoi(to)
		if err1 != nil || err2 != nil || first < 0 || first > last || last >= limit {
			return fmt.Errorf("%q names no blocks of %d", part, limit)
		}
		for i := first; i <= last; i++ {
			add(i)
		}
	}
	return nil
}

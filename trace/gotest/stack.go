package gotest

import (
	"runtime"
	"strings"

	"github.com/socket-oneline/oneline/trace/record"
)

// Helper marks the calling function as a helper, as t.Helper does: the place of what
// it verifies is that of its caller.
func Helper() { record.Helper() }

// where is the place in the test that called this package, and the function that
// the testing package runs in this goroutine: of a test, a subtest, or something of
// its own in a cleanup. It is 0 in a goroutine that the test has started.
func where() (place string, runner uintptr) {
	var pcs [64]uintptr
	n := runtime.Callers(1, pcs[:])
	place = record.CallerIn(pcs[:n])
	if n < 3 || n == len(pcs) {
		return place, 0
	}
	if f := runtime.FuncForPC(pcs[n-2] - 1); f == nil || f.Name() != "testing.tRunner" && f.Name() != "testing.fRunner" {
		return place, 0
	}
	if f := runtime.FuncForPC(pcs[n-3] - 1); f != nil {
		runner = f.Entry()
	}
	return place, runner
}

// ofTesting reports whether a function is the testing package's own.
func ofTesting(entry uintptr) bool {
	f := runtime.FuncForPC(entry)
	return f != nil && (strings.HasPrefix(f.Name(), "testing.") || strings.HasPrefix(f.Name(), "runtime."))
}

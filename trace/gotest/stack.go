package gotest

import (
	"runtime"
	"strings"
	"sync"

	"github.com/socket-oneline/oneline/trace/record"
)

// helpers has the names of functions that called Helper.
var helpers sync.Map

// Helper marks the calling function as a helper, as t.Helper does: the place of what
// it verifies is that of its caller.
func Helper() {
	var pcs [1]uintptr
	runtime.Callers(2, pcs[:])
	frame, _ := runtime.CallersFrames(pcs[:]).Next()
	helpers.Store(frame.Function, true)
}

// places has the places of the program counters that were looked up: a test that
// verifies in a loop must not pay for it each time.
var places sync.Map

// placeOf is the place of a call; empty if it is in a front end or in a helper.
func placeOf(pc uintptr) (place string) {
	if known, ok := places.Load(pc); ok {
		return known.(string)
	}
	for frames := runtime.CallersFrames([]uintptr{pc}); ; {
		frame, more := frames.Next()
		if _, helper := helpers.Load(frame.Function); !helper && !record.Own(frame.Function) {
			place = record.Place(frame.File, frame.Line)
			break
		}
		if !more {
			break
		}
	}
	places.Store(pc, place)
	return place
}

// caller is the place in the test that called this package.
func caller() string {
	place, _ := where()
	return place
}

// where is the place in the test that called this package, and the function that
// the testing package runs in this goroutine: of a test, a subtest, or something of
// its own in a cleanup. It is 0 in a goroutine that the test has started.
func where() (place string, runner uintptr) {
	var pcs [64]uintptr
	n := runtime.Callers(1, pcs[:])
	for _, pc := range pcs[:n] {
		if place = placeOf(pc); place != "" {
			break
		}
	}
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

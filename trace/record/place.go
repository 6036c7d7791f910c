package record

import (
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
)

// Place is a line of a source file as file:line, with the file relative to the
// root of its module, so that evidence does not depend on where a checkout lies.
func Place(file string, line int) string {
	slashed := filepath.ToSlash(file)
	if rest, ok := strings.CutPrefix(slashed, root(filepath.Dir(file))+"/"); ok {
		slashed = rest
	}
	return slashed + ":" + strconv.Itoa(line)
}

var roots sync.Map // of modules, by folder

// root is what stands before a file's name within its module: the path of the
// main module where the binary was built with -trimpath, else the folder with
// the go.mod.
func root(folder string) string {
	if known, ok := roots.Load(folder); ok {
		return known.(string)
	}
	found := filepath.ToSlash(folder)
	if info, ok := debug.ReadBuildInfo(); ok && !filepath.IsAbs(folder) {
		found = info.Main.Path
	}
	for dir := folder; filepath.IsAbs(dir) && dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			found = filepath.ToSlash(dir)
			break
		}
	}
	roots.Store(folder, found)
	return found
}

// helpers has the names of functions that called Helper. places has the places of the
// program counters that were looked up: a test that verifies in a loop must not pay for
// it each time.
var helpers, places sync.Map

// Helper marks the function that calls the caller of Helper as a helper: it is no place
// in the suite.
func Helper() {
	var pcs [1]uintptr
	runtime.Callers(3, pcs[:])
	frame, _ := runtime.CallersFrames(pcs[:]).Next()
	helpers.Store(frame.Function, true)
}

// Caller is the place in the suite that called a front end.
func Caller() string {
	var pcs [64]uintptr
	return CallerIn(pcs[:runtime.Callers(2, pcs[:])])
}

// CallerIn is [Caller] in a stack that runtime.Callers gave.
func CallerIn(stack []uintptr) string {
	for _, pc := range stack {
		if place := placeOf(pc); place != "" {
			return place
		}
	}
	return ""
}

// placeOf is the place of a call; empty if it is in a front end or in a helper.
func placeOf(pc uintptr) (place string) {
	if known, ok := places.Load(pc); ok {
		return known.(string)
	}
	for frames := runtime.CallersFrames([]uintptr{pc}); ; {
		frame, more := frames.Next()
		if _, helper := helpers.Load(frame.Function); !helper && !Own(frame.Function) {
			place = Place(frame.File, frame.Line)
			break
		}
		if !more {
			break
		}
	}
	places.Store(pc, place)
	return place
}

// Own reports whether a function belongs to one of the front ends, or to this
// package.
func Own(function string) bool {
	rest, ok := strings.CutPrefix(function, "github.com/socket-oneline/oneline/trace")
	return ok && (strings.HasPrefix(rest, ".") || strings.HasPrefix(rest, "/record.") || strings.HasPrefix(rest, "/gotest."))
}

// Unwinding tells a deferred function why the function before it did not return:
// the place of a panic, or early for one that was ended by runtime.Goexit or by
// Ginkgo, which panics to end a spec.
func Unwinding() (panicked string, early bool) {
	pcs := make([]uintptr, 256)
	seen := false
	for frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs)]); ; {
		frame, more := frames.Next()
		of := func(prefix string) bool { return strings.HasPrefix(frame.Function, prefix) }
		switch {
		case frame.Function == "runtime.Goexit", seen && of("github.com/onsi/ginkgo/v2."):
			return "", true
		case frame.Function == "runtime.gopanic":
			seen = true
		case seen && !of("runtime.") && !of("testing."):
			return Place(frame.File, frame.Line), true
		}
		if !more {
			return "", false
		}
	}
}

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

package record

import (
	"os"
	"path/filepath"
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
	if !filepath.IsAbs(folder) {
		if info, ok := debug.ReadBuildInfo(); ok {
			found = info.Main.Path
		}
	}
	for dir := folder; filepath.IsAbs(folder); dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			found = filepath.ToSlash(dir)
			break
		}
		if dir == filepath.Dir(dir) {
			break
		}
	}
	roots.Store(folder, found)
	return found
}

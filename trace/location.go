package trace

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"sync"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/types"
)

// here is the place in the suite that called this package, as file:line. The
// functions between are marked as helpers.
func here() string {
	ginkgo.GinkgoHelper()
	return relative(types.NewCodeLocation(0))
}

// relative writes a location as file:line with the file relative to the root
// of its module, so that evidence does not depend on where a checkout lies.
func relative(location types.CodeLocation) string {
	file := filepath.ToSlash(location.FileName)
	for _, root := range roots(filepath.Dir(location.FileName)) {
		if rest, ok := strings.CutPrefix(file, root+"/"); ok {
			file = rest
			break
		}
	}
	return fmt.Sprintf("%s:%d", file, location.LineNumber)
}

// roots gives what stands before a file's name within its module: the path of
// the main module where the binary was built with -trimpath, else the folder
// with the go.mod.
func roots(folder string) []string {
	if !filepath.IsAbs(folder) {
		return []string{mainModule()}
	}
	moduleRoots.Lock()
	defer moduleRoots.Unlock()
	root, known := moduleRoots.of[folder]
	if !known {
		root = moduleRoot(folder)
		moduleRoots.of[folder] = root
	}
	return []string{root}
}

var moduleRoots = struct {
	sync.Mutex
	of map[string]string
}{of: map[string]string{}}

func moduleRoot(folder string) string {
	for dir := folder; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return filepath.ToSlash(dir)
		}
		if dir == filepath.Dir(dir) {
			return filepath.ToSlash(folder)
		}
	}
}

var mainModule = sync.OnceValue(func() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		return info.Main.Path
	}
	return ""
})

package cover

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/socket-oneline/oneline/reports/evidence"
)

// sources finds the files of one module. What is not there, or is not what the
// program was built from, is left out: a report without the text of a file is
// better than one with another text.
type sources struct{ root, module string }

var moduleLine = regexp.MustCompile(`(?m)^module\s+"?([^\s"]+)`)

// newSources looks for the module of a folder.
func newSources(folder string) sources {
	dir, err := filepath.Abs(folder)
	if err != nil {
		return sources{}
	}
	for ; ; dir = filepath.Dir(dir) {
		text, err := os.ReadFile(filepath.Join(dir, "go.mod"))
		if m := moduleLine.FindSubmatch(text); err == nil && m != nil {
			return sources{root: dir, module: string(m[1])}
		}
		if dir == filepath.Dir(dir) {
			return sources{}
		}
	}
}

// file describes a file of the package p. path begins with p's import path.
func (s sources) file(p metaPackage, path, name string) evidence.SourceFile {
	f := evidence.SourceFile{Name: name, Package: p.path}
	within, ok := strings.CutPrefix(path, s.module+"/")
	if s.module == "" || p.module != s.module || !ok {
		return f
	}
	text, err := os.ReadFile(filepath.Join(s.root, filepath.FromSlash(within)))
	if err != nil || !fits(string(text), p, path) {
		return f
	}
	sum := sha256.Sum256(text)
	f.Text, f.SHA256 = string(text), hex.EncodeToString(sum[:])
	return f
}

// fits tells whether a text can be what the functions of a file were built from:
// each begins at a brace.
func fits(text string, p metaPackage, path string) bool {
	lines := strings.Split(text, "\n")
	for _, f := range p.functions {
		if f.file != path || len(f.units) == 0 {
			continue
		}
		line, column := f.units[0].line-1, f.units[0].column-1
		if line >= len(lines) || !strings.HasPrefix(lines[line][min(column, len(lines[line])):], "{") {
			return false
		}
	}
	return true
}

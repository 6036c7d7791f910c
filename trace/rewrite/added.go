package rewrite

import (
	"bytes"
	"embed"
	"go/token"
	"strings"
	"text/template"
)

// Templates of the files that are added to a package. Their names begin with digits, so
// that nothing of the package is initialized before what is added. They use no function
// of the language, since a package may have one of that name.
//
// What is counted before the file is mapped stands in memory. The counters are not
// atomic: each is a byte that is only ever set, and read when it does not matter
// whether the last one is there yet. The race detector is to look at the program's
// own accesses, and to learn no order of events from these.
//
//go:embed added
var addedFiles embed.FS

var addedTemplates = template.Must(template.ParseFS(addedFiles, "added/*"))

// addedImports are the packages that the added files import.
var addedImports = []string{"cmp", "errors", "os", "strconv", "strings", "syscall"}

// added gives the files that are added to a package.
func (s *Set) added(p *Package) map[string][]byte {
	data := struct {
		Name, Session    string
		First, End, Size int // of the package's counters; of all
		Mutants          bool
		Exchanges        map[token.Token]exchange
	}{
		p.Name, s.session, len(s.files) + p.sources[0].first, len(s.files) + p.sources[len(p.sources)-1].next, len(s.files) + s.Blocks,
		len(s.Mutants) > 0, exchanges,
	}
	files := map[string][]byte{}
	for _, t := range addedTemplates.Templates() {
		var b bytes.Buffer
		if err := t.Execute(&b, data); err != nil {
			panic(err) // the templates are constants
		}
		files[strings.TrimSuffix(t.Name(), ".tmpl")] = b.Bytes()
	}
	return files
}

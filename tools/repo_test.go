// Package tools_test holds the tests of the repository as a whole: what no
// package can say of itself.
package tools_test

import (
	"encoding/json"
	"errors"
	"io"
	"maps"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/socket-oneline/oneline/reports/srs"
)

const module = "github.com/socket-oneline/oneline"

// arrows say which packages of the module a package may import. A package that
// is not among them has to be put there first.
var arrows = map[string][]string{
	"":                        {},
	"server":                  {""},
	"client":                  {""},
	"reports/evidence":        {},
	"reports/folder":          {"reports/evidence"},
	"reports/checkout":        {"reports/folder"},
	"reports/formal":          {"reports", "reports/checkout", "reports/folder", "reports/plan", "reports/results"},
	"reports/runner":          {"reports/checkout", "reports/evidence", "reports/folder", "trace/cover", "trace/rewrite"},
	"reports/strictjson":      {},
	"reports/structure":       {"reports/evidence", "reports/justification", "reports/results"},
	"reports/srs":             {"reports/strictjson"},
	"reports/config":          {"reports/evidence", "reports/exchange", "reports/layout", "reports/strictjson"},
	"reports/attest":          {"reports", "reports/evidence", "reports/folder"},
	"reports/exchange":        {"reports", "reports/srs", "reports/strictjson"},
	"reports/layout":          {},
	"reports/plan":            {"reports", "reports/evidence", "reports/folder"},
	"reports/record":          {"reports/evidence", "reports/read/ginkgo"},
	"reports/manual":          {"reports/srs", "reports/evidence", "reports/folder", "reports/record", "reports/strictjson"},
	"reports/justification":   {"reports/srs", "reports/strictjson"},
	"reports":                 {"reports/srs", "reports/evidence", "reports/folder", "reports/justification", "reports/structure", "reports/results", "reports/lock", "reports/mutation"},
	"reports/render":          {"reports", "reports/exchange", "reports/folder", "reports/layout", "reports/render/content", "reports/render/document", "reports/render/docx", "reports/render/page", "reports/render/pdf", "reports/render/text", "reports/mutation"},
	"reports/render/document": {},
	"reports/render/content":  {"reports", "reports/evidence", "reports/layout", "reports/render/document", "reports/structure", "reports/mutation"},
	"reports/render/text":     {"reports", "reports/render/content", "reports/render/document"},
	"reports/render/pdf":      {"reports/layout", "reports/render/document"},
	"reports/render/docx":     {"reports/layout", "reports/render/document"},
	"reports/render/page":     {"reports", "reports/layout", "reports/render/content", "reports/render/document", "reports/render/text", "reports/structure"},
	"trace":                   {"reports/evidence", "trace/cover", "trace/record", "trace/words"},
	"trace/record":            {"reports/evidence", "trace/words", "trace/cover"},
	"trace/gotest":            {"reports/evidence", "trace/record", "trace/words"},
	"trace/words":             {},
	"trace/cover":             {"reports/evidence"},
	"trace/rewrite":           {"reports/evidence", "trace/cover"},
	"trace/mutate":            {"reports/evidence", "reports/folder", "reports/justification", "reports/mutation", "reports/read/process", "reports/results", "trace/cover", "trace/record", "trace/rewrite"},
	"reports/mutation":        {"reports/justification"},
	"ver/patience":            {},
	"ver/target":              {"server", "client", "reports/strictjson", "reports/evidence", "ver/patience"},
	"ver/play":                {"ver/patience", "ver/target", "trace", "trace/record", "reports/evidence"},
	"ver":                     {"ver/patience", "ver/play", "ver/target", "trace"},
	"ver/faulty":              {"ver/patience", "ver/target"},
	"ver/verify": {
		"", "ver", "ver/play", "ver/target", "trace",
		"reports", "reports/srs", "reports/evidence", "reports/checkout", "reports/config", "reports/folder", "reports/formal", "reports/justification", "reports/plan", "reports/record", "reports/layout", "reports/render", "reports/render/content", "reports/render/document", "reports/render/page", "reports/render/text", "reports/strictjson", "reports/read", "reports/results", "reports/lock", "ver/faulty",
	},
	"ver/selftest": {
		"", "ver/faulty", "ver/verify", "ver/target", "reports", "reports/srs", "reports/evidence", "reports/folder", "reports/layout", "reports/render", "reports/render/content", "reports/render/document", "reports/render/page", "reports/render/text", "reports/read", "reports/results",
	},
	"tools/oneline": {
		"", "server", "client", "ver", "ver/target", "trace", "trace/cover", "trace/mutate", "trace/record", "trace/rewrite", "reports/mutation", "reports/render/page", "ver/faulty", "ver/verify", "ver/selftest",
		"reports", "reports/srs", "reports/evidence", "reports/attest", "reports/config", "reports/exchange", "reports/folder", "reports/formal", "reports/plan", "reports/runner", "reports/justification", "reports/manual", "reports/layout", "reports/render", "reports/render/content", "reports/render/document", "reports/render/page", "reports/render/text", "reports/strictjson", "reports/read", "reports/read/ids", "reports/results", "reports/lock", "reports/seeded",
	},
	"reports/results":      {"reports/evidence"},
	"reports/seeded":       {"reports", "reports/read", "reports/srs", "reports/read/ginkgo", "reports/results", "reports/lock", "reports/evidence", "reports/justification", "reports/folder"},
	"reports/read":         {"reports/evidence", "reports/results", "reports/read/ids", "reports/read/ginkgo", "reports/read/gotest", "reports/read/junit", "reports/read/process"},
	"reports/read/ids":     {},
	"reports/read/gotest":  {"reports/evidence", "reports/results", "reports/read/ids"},
	"reports/read/junit":   {"reports/evidence", "reports/results", "reports/read/ids"},
	"reports/read/ginkgo":  {"reports/evidence", "reports/results", "reports/read/ids"},
	"reports/read/process": {"reports/evidence", "reports/results"},
	"reports/lock":         {"reports/results"},
}

// forbidden are packages of others, by the beginning of their paths, that a
// package must not even reach by way of another.
var forbidden = map[string][]string{
	"":             {"github.com/", "golang.org/x/", "codeberg.org/"},
	"server":       {"github.com/", "golang.org/x/", "codeberg.org/"},
	"client":       {"github.com/", "golang.org/x/", "codeberg.org/"},
	"trace/gotest": {"github.com/", "golang.org/x/", "codeberg.org/"},
	"trace/record": {"github.com/", "golang.org/x/", "codeberg.org/"},
	"reports":      {"github.com/onsi/gomega", "github.com/jedib0t/", "codeberg.org/", "github.com/urfave/", "reports/mutation"},
}

// The arrows between packages point in one direction, or the suite could not
// verify anyone's server, nor the reports serve anyone's suite.
func TestArrows(t *testing.T) {
	for _, p := range packages(t) {
		allowed, known := arrows[p.name()]
		if !known {
			t.Errorf("package %q has no entry among the arrows: say what it may import", p.name())
			continue
		}
		for _, path := range p.Imports {
			if name, ours := within(path); ours && !slices.Contains(allowed, name) {
				t.Errorf("%q imports %q, which no arrow allows", p.name(), name)
			}
		}
		for _, path := range p.Deps {
			if _, ours := within(path); ours {
				continue
			}
			for _, prefix := range forbidden[p.name()] {
				if strings.HasPrefix(path, prefix) {
					t.Errorf("%q depends on %s, which it must not", p.name(), path)
				}
			}
			if p.name() == "reports" && path == "github.com/onsi/ginkgo/v2" {
				t.Error("reports depends on the words in which suites are written; its types are enough")
			}
		}
	}
}

// listed is what go list says of a package.
type listed struct {
	ImportPath    string
	Imports, Deps []string
}

// name is the path within the module, empty for its root.
func (p listed) name() string {
	name, _ := within(p.ImportPath)
	return name
}

func within(path string) (name string, ours bool) {
	if path == module {
		return "", true
	}
	return strings.CutPrefix(path, module+"/")
}

// packages lists those of the module. Packages of tests alone import what they
// like.
func packages(t *testing.T) []listed {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Imports,Deps,GoFiles", "./...")
	cmd.Dir = ".."
	cmd.Stderr = t.Output()
	output, err := cmd.Output()
	if err != nil {
		t.Fatal("go list:", err)
	}
	var list []listed
	for d := json.NewDecoder(strings.NewReader(string(output))); ; {
		var p struct {
			listed
			GoFiles []string
		}
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		if len(p.GoFiles) > 0 {
			list = append(list, p.listed)
		}
	}
	if len(list) < 5 {
		t.Fatalf("go list names only %d packages", len(list))
	}
	return list
}

var (
	rule = regexp.MustCompile(`(?m)^(\d+)\. `)
	row  = regexp.MustCompile(`(?m)^\| ([a-z]) \|`)
)

// Every rule and every settled row of PROTOCOL.md is the source of at least
// one requirement, and no requirement comes from anything else.
func TestSources(t *testing.T) {
	text, err := os.ReadFile("../PROTOCOL.md")
	if err != nil {
		t.Fatal(err)
	}
	level := map[string]string{} // of the requirements, by their source
	for _, m := range rule.FindAllStringSubmatch(string(text), -1) {
		level["P"+m[1]] = "rule"
	}
	for _, m := range row.FindAllStringSubmatch(string(text), -1) {
		level["P"+m[1]] = "settled"
	}
	if want := len("abcdefghijklmnopqrstuv") + 10; len(level) != want {
		t.Fatalf("PROTOCOL.md has %d rules and rows, not %d: %v", len(level), want, slices.Sorted(maps.Keys(level)))
	}
	f, err := srs.Load("../srs.json")
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	for _, r := range f.Requirements {
		if r.Retired {
			continue
		}
		want, exists := level[r.Source]
		switch {
		case !exists:
			t.Errorf("srs.json:%d: %s has the source %q, which PROTOCOL.md does not have", r.Line, r.ID, r.Source)
		case r.Level != want:
			t.Errorf("srs.json:%d: %s comes from %s, so its level is %s, not %q", r.Line, r.ID, r.Source, want, r.Level)
		}
		used[r.Source] = true
	}
	for source := range level {
		if !used[source] {
			t.Errorf("PROTOCOL.md's %s is the source of no requirement", source)
		}
	}
}

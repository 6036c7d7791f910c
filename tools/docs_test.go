package tools_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/socket-oneline/oneline"
	"github.com/socket-oneline/oneline/reports/srs"
)

// guides are the documents that a person reads.
func guides(t *testing.T) []string {
	t.Helper()
	guides, err := filepath.Glob("../docs/*.md")
	if err != nil || len(guides) < 4 {
		t.Fatalf("%d guides: %v", len(guides), err)
	}
	return append(guides, "../README.md", "../CONTRIBUTING.md", "../CHANGELOG.md")
}

var link = regexp.MustCompile(`\]\(([^)#]+)(#[^)]*)?\)`)

// What the guides link to is there.
func TestLinks(t *testing.T) {
	for _, path := range guides(t) {
		for _, m := range link.FindAllStringSubmatch(readFile(t, path), -1) {
			if strings.Contains(m[1], "://") {
				continue
			}
			if _, err := os.Stat(filepath.Join(filepath.Dir(path), m[1])); err != nil {
				t.Errorf("%s links to %s: %v", path, m[1], err)
			}
		}
	}
}

// What the guides show of a file stands in it.
func TestExcerpts(t *testing.T) {
	for _, c := range []struct{ guide, file, from string }{
		{"../docs/verify-your-client.md", "../examples/client.py", "def obey("},
		{"../docs/verify-your-server.md", "../examples/profiles/silent.json", "// A server most"},
	} {
		_, excerpt, found := strings.Cut(readFile(t, c.file), c.from)
		shown := ""
		for line := range strings.Lines(readFile(t, c.guide)) {
			shown += strings.TrimPrefix(line, "    ")
		}
		if !found || !strings.Contains(shown, c.from+excerpt) {
			t.Errorf("%s does not show what %s says from %q on", c.guide, c.file, c.from)
		}
	}
}

// Every flag and command of oneline that a guide names is one.
func TestCommandsOfGuides(t *testing.T) {
	t.Parallel()
	oneline := buildOneline(t)
	help := map[string]string{}
	call := regexp.MustCompile(`(?m)^    (?:\$ )?(?:[a-z/]*/)?oneline ([a-z]+)( .*)?$`)
	flags := regexp.MustCompile(`(?:^| )-([a-z][a-z-]*)`)
	for _, path := range guides(t) {
		for _, m := range call.FindAllStringSubmatch(readFile(t, path), -1) {
			if m[1] == "completion" {
				continue
			}
			if help[m[1]] == "" {
				help[m[1]] = output(t, oneline, m[1], "-h")
			}
			words, _, _ := strings.Cut(m[2], " -- ") // what follows is another command
			words = regexp.MustCompile(`'[^']*'|#.*|>.*|\|.*`).ReplaceAllString(words, "")
			for _, flag := range flags.FindAllStringSubmatch(words, -1) {
				if !strings.Contains(help[m[1]], "\n  -"+flag[1]) {
					t.Errorf("%s: oneline %s has no flag -%s", path, m[1], flag[1])
				}
			}
		}
	}
}

// What the guides quote of a run on the reference counts the requirements that srs.json
// has.
func TestFigures(t *testing.T) {
	file, err := srs.Parse("srs.json", oneline.SRS)
	if err != nil {
		t.Fatal(err)
	}
	levels, all := map[string]int{}, 0
	for _, r := range file.Requirements {
		if !r.Retired {
			levels[r.Level]++
			all++
		}
	}
	verified := fmt.Sprintf("the reference server and client: %d of %d requirements tested: %d passed, 0 failed.", all, all, all)
	rules := fmt.Sprintf("rules %d of %d, settled %d of %d.", levels["rule"], levels["rule"], levels["settled"], levels["settled"])
	found := false
	for _, path := range guides(t) {
		_, quoted, quotes := strings.Cut(readFile(t, path), "the reference server and client: ")
		if !quotes {
			continue
		}
		found = true
		if line, _, _ := strings.Cut("the reference server and client: "+quoted, "\n"); line != verified {
			t.Errorf("%s quotes %q, want %q", path, line, verified)
		}
		if line := regexp.MustCompile(`rules \d.*?, settled \d.*?\.`).FindString(quoted); line != "" && line != rules {
			t.Errorf("%s quotes %q, want %q", path, line, rules)
		}
	}
	if !found {
		t.Error("no guide quotes a run on the reference")
	}
	if requirements := fmt.Sprintf("%d requirements in `srs.json`", all); !strings.Contains(readFile(t, "../CHANGELOG.md"), requirements) {
		t.Errorf("the changelog does not say %q", requirements)
	}
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func output(t *testing.T, command string, args ...string) string {
	t.Helper()
	data, err := exec.CommandContext(t.Context(), command, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %q: %v\n%s", command, args, err, data)
	}
	return string(data)
}

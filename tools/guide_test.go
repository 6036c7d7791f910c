package tools_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The guide for a suite of one's own is followed word by word: its files are written, its
// commands run, and what it says they print is printed.
func TestYourOwnSuite(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("no git on this machine")
	}
	dir := filepath.Join(t.TempDir(), "lamp")
	if err := os.Mkdir(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	bin := filepath.Dir(buildOneline(t))
	env := append(os.Environ(), "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"), "GOPROXY=off", "GOWORK=off", "GOFLAGS=-buildvcs=false "+os.Getenv("GOFLAGS"),
		"GIT_AUTHOR_NAME=x", "GIT_AUTHOR_EMAIL=x@example.com", "GIT_COMMITTER_NAME=x", "GIT_COMMITTER_EMAIL=x@example.com")
	file := regexp.MustCompile("`([^` ]+)`(?::| does:)$")
	name, text := "", ""
	var command, shown string
	flush := func() {
		switch {
		case command != "":
			follow(t, dir, env, root, command, shown)
		case name != "":
			text = strings.TrimRight(text, "\n") + "\n"
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		name, text, command, shown = "", "", "", ""
	}
	for line := range strings.Lines(readFile(t, "../docs/your-own-suite.md")) {
		code, isCode := strings.CutPrefix(line, "    ")
		switch {
		case isCode && strings.HasPrefix(code, "$ "):
			flush()
			command = strings.TrimSpace(code[2:])
		case isCode && command != "":
			shown += code
		case isCode && name != "", name != "" && strings.TrimSpace(line) == "":
			text += code
		case strings.TrimSpace(line) != "":
			flush()
			if m := file.FindStringSubmatch(strings.TrimSpace(line)); m != nil {
				name = m[1]
			}
		}
	}
	flush()
	for _, name := range []string{"formal/report.pdf", "formal/protocol.docx"} {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// follow runs a command of the guide, and checks what it prints line by line.
func follow(t *testing.T, dir string, env []string, root, command, shown string) {
	t.Helper()
	if strings.HasPrefix(command, "go get ") { // which would ask a proxy
		command = "go mod edit -require=github.com/socket-oneline/oneline@v0.0.0 -replace=github.com/socket-oneline/oneline=" + root +
			" && cp " + root + "/go.sum ."
	}
	cmd := exec.CommandContext(t.Context(), "sh", "-c", command)
	cmd.Dir, cmd.Env = dir, env
	output, err := cmd.CombinedOutput()
	if err != nil && !strings.Contains(shown, "exit code") {
		t.Fatalf("%s: %v\n%s", command, err, output)
	}
	for line := range strings.Lines(shown) {
		for part := range strings.SplitSeq(strings.TrimSpace(line), "...") {
			if !strings.Contains(string(output), part) {
				t.Fatalf("%s does not print %q:\n%s", command, part, output)
			}
		}
	}
}

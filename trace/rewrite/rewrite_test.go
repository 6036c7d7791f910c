package rewrite_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/socket-oneline/oneline/trace/rewrite"
)

// module unpacks an archive of testdata, and returns its folder.
func module(t *testing.T, name string) string {
	t.Helper()
	archive, err := txtar.ParseFile(filepath.Join("testdata", name+".txtar"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, f := range archive.Files {
		path := filepath.Join(dir, name, f.Name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, f.Data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, name)
}

// run runs a program, and returns what it prints.
func run(t *testing.T, dir string, env []string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), args[0], args[1:]...)
	cmd.Dir, cmd.Env = dir, env
	output, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(args, " "), err, output)
	}
	return string(output)
}

// lines maps the lines of each file on which a block begins to whether it was
// executed.
type lines map[string]bool

// ours are the lines of a set, after its programs ran.
func ours(t *testing.T, set *rewrite.Set, folder string) lines {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*.bits"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no process left counters: %v", err)
	}
	sum := make([]byte, 1<<20)
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for i, b := range data {
			sum[i] |= b
		}
	}
	found := lines{}
	n := len(set.Code.Files)
	for i, f := range set.Code.Files {
		for _, function := range f.Functions {
			for _, b := range function.Blocks {
				if sum[i] != 0 && !strings.HasSuffix(f.Name, "where.go") { // its line directives name another file
					key := fmt.Sprintf("%s:%d", f.Name, b[0])
					found[key] = found[key] || sum[n] != 0
				}
				n++
			}
		}
	}
	return found
}

// Constructs of all kinds do what they do without counters, and what is executed is
// what the go command's own counters say, statement by statement.
func TestLikeTheGoCommand(t *testing.T) {
	for _, flags := range [][]string{nil, {"-tags=tagged"}} {
		t.Run(strings.Join(flags, ""), func(t *testing.T) {
			t.Parallel()
			dir := module(t, "odd")
			out, folder := t.TempDir(), t.TempDir()
			build := slices.Concat([]string{"go", "build", "-o"}, []string{filepath.Join(out, "plain")}, flags, []string{"."})
			run(t, dir, nil, build...)
			plain := run(t, dir, nil, filepath.Join(out, "plain"))
			set, err := rewrite.Counters(t.Context(), rewrite.Options{Dir: dir, Patterns: []string{"./..."}, Folder: folder, Generated: true})
			if err != nil {
				t.Fatal(err)
			}
			build[3] = filepath.Join(out, "counting")
			run(t, dir, set.Environ(os.Environ()), build...)
			if d := cmp.Diff(plain, run(t, dir, set.Environ(os.Environ()), build[3])); d != "" {
				t.Errorf("printed without and with counters (-without +with):\n%s", d)
			}
			got := ours(t, set, folder)
			want := profile(t, dir, filepath.Join(out, "cover"), append(flags, "-coverpkg=./..."))
			if d := cmp.Diff(want, got); d != "" || len(want) < 50 {
				t.Errorf("lines on which blocks begin, executed or not (-go command +got):\n%s", d)
			}
			silent, err := set.Finish()
			if err != nil || len(silent) > 0 {
				t.Errorf("silent: %q, %v", silent, err)
			}
		})
	}
}

// profile are the lines that the go command's counters give for the program in dir.
// Where a block of theirs begins with a brace or ends with one, the line is that of
// its first statement.
func profile(t *testing.T, dir, program string, flags []string) lines {
	t.Helper()
	run(t, dir, nil, slices.Concat([]string{"go", "build", "-cover", "-covermode=atomic", "-o", program}, flags, []string{"."})...)
	data := t.TempDir()
	run(t, dir, append(os.Environ(), "GOCOVERDIR="+data), program)
	text := filepath.Join(data, "text")
	run(t, dir, nil, "go", "tool", "covdata", "textfmt", "-i="+data, "-o="+text)
	return readProfile(t, text, dir)
}

func readProfile(t *testing.T, path, dir string) lines {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	sources := map[string][]string{}
	found := lines{}
	for line := range strings.Lines(string(text)) {
		fields := strings.Fields(strings.NewReplacer(":", " ", ",", " ", ".", " ").Replace(line[strings.LastIndexByte(line, ':')+1:]))
		if len(fields) != 6 || fields[4] == "0" || strings.Contains(line, "inner/where.go") || strings.Contains(line, "other.y") {
			continue
		}
		name := line[:strings.LastIndexByte(line, ':')]
		name = strings.SplitN(name, "/", 3)[2]
		if sources[name] == nil {
			data, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil {
				t.Fatal(err)
			}
			sources[name] = strings.Split(string(data), "\n")
		}
		number, _ := strconv.Atoi(fields[0])
		column, _ := strconv.Atoi(fields[1])
		rest := sources[name][number-1][min(column-1, len(sources[name][number-1])):]
		for rest = strings.TrimLeft(rest, "{};: \t"); rest == "" || strings.HasPrefix(rest, "//"); rest = strings.TrimLeft(rest, "{};: \t") {
			number++
			rest = sources[name][number-1]
		}
		key := name + ":" + strconv.Itoa(number)
		found[key] = found[key] || fields[5] != "0"
	}
	return found
}

var _ = bytes.NewReader

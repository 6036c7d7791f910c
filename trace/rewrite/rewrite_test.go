package rewrite_test

import (
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

// counters rewrites packages of a module.
func counters(t *testing.T, o rewrite.Options) *rewrite.Set {
	t.Helper()
	o.Folder = t.TempDir()
	set, err := rewrite.Counters(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// An overlay that GOFLAGS names is merged: what it puts in place of a source is what
// is rewritten. Other flags stay.
func TestOverlayIsMerged(t *testing.T) {
	t.Parallel()
	dir, scratch := module(t, "small"), t.TempDir()
	other := filepath.Join(scratch, "other.go")
	write(t, other, "package a\n\nimport \"fmt\"\n\nfunc Say() { fmt.Print(what()) }\n\nfunc what() string { return \"from the overlay\" }\n")
	overlay := filepath.Join(scratch, "overlay.json")
	write(t, overlay, fmt.Sprintf(`{"Replace": {"a/a.go": %q}}`, other))
	env := append(os.Environ(), "GOFLAGS=-count=1 -overlay="+overlay)
	set := counters(t, rewrite.Options{Dir: dir, Patterns: []string{"./a"}, Env: env})
	if out := run(t, dir, set.Environ(env), "go", "test", "-v", "./a"); !strings.Contains(out, "from the overlay") {
		t.Errorf("printed:\n%s", out)
	}
	if !strings.Contains(strings.Join(set.Environ(env), " "), "GOFLAGS=-count=1 -overlay=") {
		t.Errorf("-count=1 is lost")
	}
	if silent, err := set.Finish(); err != nil || len(silent) > 0 {
		t.Errorf("silent: %q, %v", silent, err)
	}
}

// A module that is entered through a link is counted, whichever way it is built.
func TestLinkedModule(t *testing.T) {
	t.Parallel()
	dir := module(t, "small")
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(dir, link); err != nil {
		t.Skip(err)
	}
	for _, built := range []string{dir, link} {
		env := append(os.Environ(), "PWD="+link)
		set := counters(t, rewrite.Options{Dir: link, Patterns: []string{"./a"}, Env: env})
		run(t, built, append(set.Environ(os.Environ()), "PWD="+built), "go", "test", "-count=1", "./a")
		if silent, err := set.Finish(); err != nil || len(silent) > 0 {
			t.Errorf("built in %s: silent: %q, %v", built, silent, err)
		}
	}
}

// A package that was asked for and did not run is named. One that only a pattern with
// ... matches, that has no tests and that nobody imports, need not run.
func TestSilentPackages(t *testing.T) {
	t.Parallel()
	dir := module(t, "small")
	for name, tt := range map[string]struct {
		patterns, args, silent []string
		left                   int
	}{
		"all":                  {[]string{"./a", "./b/..."}, nil, nil, 1},
		"named":                {[]string{"./a", "./b"}, nil, []string{"example.org/small/b"}, 0},
		"an overlay of others": {[]string{"./..."}, []string{"-overlay=none.json"}, []string{"example.org/small/a"}, 5},
	} {
		set := counters(t, rewrite.Options{Dir: dir, Patterns: tt.patterns})
		write(t, filepath.Join(dir, "none.json"), "{}")
		run(t, dir, set.Environ(os.Environ()), slices.Concat([]string{"go", "test", "-count=1"}, tt.args, []string{"./a"})...)
		silent, err := set.Finish()
		if err != nil || !slices.Equal(silent, tt.silent) || len(set.Left) != tt.left {
			t.Errorf("%s: silent %q, left alone %q, %v; want %q and %d", name, silent, set.Left, err, tt.silent, tt.left)
		}
	}
}

// Files that cgo translates and that a program wrote are left alone, and packages
// that embed their own sources.
func TestLeftAlone(t *testing.T) {
	t.Parallel()
	dir := module(t, "small")
	for generated, want := range map[bool][]string{
		false: {"example.org/small/cgo/c.go: it uses cgo", "example.org/small/embeds: it embeds its own Go files", "example.org/small/generated/g.go: a program wrote it"},
		true:  {"example.org/small/cgo/c.go: it uses cgo", "example.org/small/embeds: it embeds its own Go files"},
	} {
		set := counters(t, rewrite.Options{Dir: dir, Patterns: []string{"./..."}, Generated: generated, Env: append(os.Environ(), "CGO_ENABLED=1")})
		if d := cmp.Diff(want, set.Left); d != "" {
			t.Errorf("generated %t: left alone (-want +got):\n%s", generated, d)
		}
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

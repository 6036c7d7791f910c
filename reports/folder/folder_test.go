package folder_test

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/socket-oneline/oneline/reports/folder"
)

// create opens a folder that is closed when the test ends.
func create(t *testing.T, dir string, force bool) *folder.Folder {
	t.Helper()
	f, err := folder.Create(dir, force)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.Close)
	return f
}

// publish writes documents of bare results, each with its name as its text.
func publish(t *testing.T, dir string, force bool, names ...string) error {
	t.Helper()
	f, err := folder.Create(dir, force)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	return f.Publish("", documents(names...))
}

func documents(names ...string) (all []folder.Document) {
	for _, name := range names {
		all = append(all, folder.Bytes(name, []byte(name)))
	}
	return all
}

// record records a run whose evidence is results.json with the given text.
func record(t *testing.T, dir string, m folder.Manifest, text string) (sum string) {
	t.Helper()
	f := create(t, dir, false)
	defer f.Close()
	r, err := f.Begin(m, "results.json")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Abort()
	if sum, err = r.Finish(m, folder.Bytes("results.json", []byte(text))); err != nil {
		t.Fatal(err)
	}
	return sum
}

// tree is everything in a folder: the texts of files, the targets of links.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := make(map[string]string)
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, _ := filepath.Rel(dir, path)
		info, err := entry.Info()
		if err != nil {
			return err
		}
		switch {
		case entry.IsDir():
			all[name] = "folder"
		case info.Mode()&fs.ModeSymlink != 0:
			target, err := os.Readlink(path)
			all[name] = "link to " + target
			return err
		default:
			data, err := os.ReadFile(path)
			all[name] = info.Mode().String() + " " + string(data)
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// A folder full of somebody else's files, with links out of it, is the same after
// documents were written into it, but for these.
func TestForeignFilesStay(t *testing.T) {
	outside, dir := t.TempDir(), t.TempDir()
	write(t, outside, "index.html", "the site")
	write(t, outside, "target-1/index.html", "more of it")
	for _, name := range []string{
		"index.html", "report.md", "report.pdf", "summary.txt", "badge.svg", "coverage.json", ".index.html.swp", ".report.md.123",
		"target-notes/todo.txt", "target-2/mine.txt", "results.json", "results.json.part", ".oneline-mine/files.json", ".oneline-empty/x",
	} {
		write(t, dir, name, "mine: "+name)
	}
	for name, target := range map[string]string{"target-site": outside, "latest.txt": filepath.Join(outside, "index.html"), "broken": "nowhere"} {
		if err := os.Symlink(target, filepath.Join(dir, name)); err != nil {
			t.Skip("no links here: ", err)
		}
	}
	before, far := tree(t, dir), tree(t, outside)
	for _, names := range [][]string{{"trace.csv", "target-2/index.html", "junit.xml"}, {"junit.xml", "target-3/junit.xml"}, nil} {
		if err := publish(t, dir, false, names...); err != nil {
			t.Fatal(err)
		}
		after := tree(t, dir)
		for name, text := range before {
			if after[name] != text {
				t.Errorf("%s was %q and is %q", name, text, after[name])
			}
			delete(after, name)
		}
		for _, name := range append(names, "documents.json", "target-3") {
			delete(after, name)
		}
		if len(after) > 0 {
			t.Errorf("beside the documents there are %v", after)
		}
	}
	if d := cmp.Diff(far, tree(t, outside)); d != "" {
		t.Error(d)
	}
	if _, err := os.Lstat(filepath.Join(dir, "target-3")); !errors.Is(err, fs.ErrNotExist) {
		t.Error("an empty folder of ours is left")
	}
}

// What is not ours and stands in the way is an error before anything is touched.
func TestForeignFileInTheWay(t *testing.T) {
	for name, put := range map[string]func(dir string) error{
		"a file":              func(dir string) error { return os.WriteFile(filepath.Join(dir, "index.html"), []byte("mine"), 0o600) },
		"a link":              func(dir string) error { return os.Symlink("elsewhere", filepath.Join(dir, "index.html")) },
		"a link to a file":    func(dir string) error { return os.Symlink("old.txt", filepath.Join(dir, "index.html")) },
		"a document, edited":  func(dir string) error { return os.WriteFile(filepath.Join(dir, "old.txt"), []byte("edited"), 0o600) },
		"a link for a folder": func(dir string) error { return os.Symlink("site", filepath.Join(dir, "target-1")) },
		"a list, not ours": func(dir string) error {
			return os.WriteFile(filepath.Join(dir, "documents.json"), []byte("[1]"), 0o600)
		},
		"a list, once ours": func(dir string) error {
			return os.Rename(filepath.Join(dir, "documents.json"), filepath.Join(dir, "d.json"))
		},
		"a file for a folder": func(dir string) error { return os.WriteFile(filepath.Join(dir, "target-1"), nil, 0o600) },
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := publish(t, dir, false, "old.txt", "gone.txt"); err != nil {
				t.Fatal(err)
			}
			write(t, dir, "site/index.html", "mine")
			if err := put(dir); err != nil {
				t.Fatal(err)
			}
			before := tree(t, dir)
			names := []string{"new.txt", "old.txt", "index.html", "target-1/index.html"}
			err := publish(t, dir, false, names...)
			if err == nil || !strings.Contains(err.Error(), "-force") || strings.Contains(err.Error(), "\n") {
				t.Errorf("%v", err)
			}
			if d := cmp.Diff(before, tree(t, dir)); d != "" {
				t.Error(d)
			}
			if err := publish(t, dir, true, names...); err != nil {
				t.Fatalf("with force: %v", err)
			}
			for _, name := range names {
				if data, err := os.ReadFile(filepath.Join(dir, name)); err != nil || string(data) != name {
					t.Errorf("%s is %q, %v", name, data, err)
				}
			}
			if data, _ := os.ReadFile(filepath.Join(dir, "site", "index.html")); string(data) != "mine" {
				t.Errorf("what the link leads to is %q", data)
			}
		})
	}
	dir := t.TempDir()
	write(t, dir, "index.html/x", "")
	if err := publish(t, dir, true, "index.html"); err == nil || !strings.Contains(err.Error(), "is a folder") {
		t.Errorf("a folder in the way: %v", err)
	}
}

// The old documents stay whole until all of the new ones are there.
func TestBrokenDocument(t *testing.T) {
	dir := t.TempDir()
	if err := publish(t, dir, false, "a.txt", "b.txt"); err != nil {
		t.Fatal(err)
	}
	before := tree(t, dir)
	f := create(t, dir, false)
	full := errors.New("no space left on device")
	broken := folder.Document{Name: "b.txt", Write: func(w io.Writer) error {
		_, _ = w.Write(make([]byte, 1<<17))
		return full
	}}
	err := f.Publish("", append(documents("a.txt", "c.txt"), broken))
	if !errors.Is(err, full) || !strings.Contains(err.Error(), filepath.Join(dir, "b.txt")) {
		t.Error(err)
	}
	if d := cmp.Diff(before, tree(t, dir)); d != "" {
		t.Error(d)
	}
}

// What a process left that was killed between two renames is recognized, and tidied up.
func TestKilledBetweenRenames(t *testing.T) {
	dir := t.TempDir()
	if err := publish(t, dir, false, "a.txt", "b.txt"); err != nil {
		t.Fatal(err)
	}
	write(t, dir, "a.txt", "new")
	write(t, dir, ".oneline-1/1", "new b")
	write(t, dir, ".oneline-1/2", "{}")
	write(t, dir, ".oneline-1/theirs", "?")
	write(t, dir, ".oneline-1/files.json", `{"schema": "oneline-documents/1", "files": [{"name": "a.txt", "sha256": "`+folder.Sum([]byte("new"))+`"}, {"name": "b.txt", "sha256": "1"}, {"name": "documents.json", "sha256": "2"}]}`)
	if err := publish(t, dir, false, "a.txt"); err != nil {
		t.Fatal(err)
	}
	var left []string
	for name := range tree(t, dir) {
		left = append(left, name)
	}
	slices.Sort(left)
	if want := []string{".", ".oneline-1", ".oneline-1/theirs", "a.txt", "documents.json"}; !slices.Equal(left, want) {
		t.Errorf("%v are left, want %v", left, want)
	}
}

// What a process left that was killed between two renames stays known when the next one
// is killed, too, or only looks at the folder.
func TestKilledAgain(t *testing.T) {
	dir := t.TempDir()
	record(t, dir, folder.Manifest{Type: "dev", ID: "1"}, "one")
	begin := func() {
		t.Helper()
		f := create(t, dir, false)
		defer f.Close()
		if _, err := f.Begin(folder.Manifest{Type: "dev"}, "results.json"); err != nil {
			t.Fatal(err)
		}
	}
	begin()
	write(t, dir, "results.json", "two")
	write(t, dir, "copies/x", "two")
	write(t, dir, ".oneline-1/2", "{}")
	write(t, dir, ".oneline-1/files.json", fmt.Sprintf(`{"schema": "oneline-documents/1", "files": [{"name": "results.json", "sha256": %[1]q}, {"name": "copies/x", "sha256": %[1]q}, {"name": "run.json", "sha256": "3"}]}`, folder.Sum([]byte("two"))))
	create(t, dir, false).Close()
	begin()
	begin()
	record(t, dir, folder.Manifest{Type: "dev", ID: "2"}, "three")
	if got := slices.Sorted(maps.Keys(tree(t, dir))); !slices.Equal(got, []string{".", "results.json", "run.json"}) {
		t.Errorf("%v are left", got)
	}
}

// A folder whose documents are not as they were written says which.
func TestDoubts(t *testing.T) {
	dir := t.TempDir()
	record(t, dir, folder.Manifest{Type: "dev", ID: "1"}, "r")
	f := create(t, dir, false)
	_, sum := f.Manifest()
	if err := f.Publish(sum, documents("a.txt", "b.txt", "c.txt")); err != nil {
		t.Fatal(err)
	}
	if d := f.Doubts(false); len(d) > 0 {
		t.Errorf("at once: %v", d)
	}
	write(t, dir, "a.txt", "edited")
	if err := os.Remove(filepath.Join(dir, "b.txt")); err != nil {
		t.Fatal(err)
	}
	f.Close()
	record(t, dir, folder.Manifest{Type: "dev", ID: "2"}, "r2")
	got := strings.Join(create(t, dir, false).Doubts(false), "\n")
	for _, want := range []string{"a.txt was changed", "b.txt was removed", "were of another run"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in %s", want, got)
		}
	}
}

// A schema that is not known is an error, whatever is to be done.
func TestUnknownSchema(t *testing.T) {
	for name, text := range map[string]string{
		"run.json":       `{"schema": "oneline-run/2"}`,
		"documents.json": `{"schema": "oneline-documents/2"}`,
	} {
		dir := t.TempDir()
		write(t, dir, name, text)
		if _, err := folder.Create(dir, true); err == nil || !strings.Contains(err.Error(), filepath.Join(dir, name)+": its schema is ") {
			t.Errorf("%s: %v", name, err)
		}
		write(t, dir, name, strings.Replace(text, "/2", "/1", 1)[:len(text)-1]+`, "more": 1}`)
		if _, err := folder.Create(dir, true); err == nil || !strings.Contains(err.Error(), "not as oneline wrote it") {
			t.Errorf("%s with another key: %v", name, err)
		}
	}
}

// Two runs do not write into one folder at the same time.
func TestInUse(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no locks here")
	}
	dir := t.TempDir()
	f := create(t, dir, false)
	if _, err := folder.Open(dir); err == nil || !strings.Contains(err.Error(), "is in use by another oneline") {
		t.Errorf("%v", err)
	}
	f.Close()
	create(t, dir, false)
}

// The umask decides who can read what is written; a name may hold anything.
func TestNamesAndModes(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a[b*", "?")
	write(t, dir, "probe", "")
	if err := publish(t, dir, false, "x.txt", "sub/y.txt"); err != nil {
		t.Fatal(err)
	}
	probe, err := os.Stat(filepath.Join(dir, "probe"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"x.txt", "sub/y.txt", "documents.json"} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if want := probe.Mode() | info.Mode()&0o022; info.Mode() != want { // the probe asked for less
			t.Errorf("%s has mode %v, want %v", name, info.Mode(), want)
		}
	}
	if err := folder.Replace(filepath.Join(dir, "none", "x"), folder.Bytes("", nil).Write); err == nil {
		t.Error("wrote into a folder that is not there")
	}
}

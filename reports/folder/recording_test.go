package folder_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/folder"
)

// A run that ends takes the place of the one before; one that is aborted gives the
// folder back as it was.
func TestRecording(t *testing.T) {
	dir := t.TempDir()
	record(t, dir, folder.Manifest{Type: "dev", ID: "1"}, "one")
	before := tree(t, dir)
	f := create(t, dir, false)
	r, err := f.Begin(folder.Manifest{Type: "dev", ID: "2"}, "results.json")
	if err != nil {
		t.Fatal(err)
	}
	if data, _ := os.ReadFile(filepath.Join(dir, "run.json")); !strings.Contains(string(data), `"status": "running"`) {
		t.Errorf("while it runs: %s", data)
	}
	r.Abort()
	if d := cmp.Diff(before, tree(t, dir)); d != "" {
		t.Error(d)
	}
	if r, err = f.Begin(folder.Manifest{Type: "dev", ID: "3"}, "results.json"); err != nil {
		t.Fatal(err)
	}
	sum, err := r.Finish(folder.Manifest{Type: "dev", ID: "3"}, folder.Bytes("other.json", nil))
	r.Abort()
	m, again := f.Manifest()
	if err != nil || sum != again || m.ID != "3" || m.Status != folder.Finished || len(m.Previous) > 0 {
		t.Errorf("%+v, %v", m, err)
	}
	if now := tree(t, dir); len(now) != 3 || now["results.json"] != "" {
		t.Errorf("afterwards there are %v", now)
	}
}

// The first run that is aborted leaves nothing; a folder that vanishes is made again.
func TestRecordingWithoutFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	f := create(t, dir, false)
	r, err := f.Begin(folder.Manifest{ID: "1"})
	if err != nil {
		t.Fatal(err)
	}
	r.Abort()
	if now := tree(t, dir); len(now) != 1 {
		t.Errorf("%v", now)
	}
	if r, err = f.Begin(folder.Manifest{ID: "2"}); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Finish(folder.Manifest{ID: "2"}, folder.Bytes("results.json", nil)); err != nil {
		t.Fatal(err)
	}
	if now := tree(t, dir); len(now) != 3 {
		t.Errorf("%v", now)
	}
}

// A formal run is never replaced: not by a run, not by documents of other results, not
// by force.
func TestFormal(t *testing.T) {
	dir := t.TempDir()
	sum := record(t, dir, folder.Manifest{Type: folder.Formal, ID: "F-1"}, "r")
	f := create(t, dir, true)
	if err := f.Publish(sum, documents("report.pdf")); err != nil {
		t.Fatal(err)
	}
	before := tree(t, dir)
	if _, err := f.Begin(folder.Manifest{Type: "dev", ID: "2"}); err == nil || !strings.Contains(err.Error(), "holds the formal run F-1") {
		t.Errorf("%v", err)
	}
	if err := f.Publish("", documents("report.pdf")); err == nil || !strings.Contains(err.Error(), "holds the formal run F-1") {
		t.Errorf("%v", err)
	}
	if d := cmp.Diff(before, tree(t, dir)); d != "" {
		t.Error(d)
	}
	if err := f.Publish(sum, documents("report.pdf", "report.docx")); err != nil {
		t.Errorf("its own documents: %v", err)
	}
}

// Evidence that was changed, removed or added after the run is named.
func TestEvidence(t *testing.T) {
	dir := t.TempDir()
	f := create(t, dir, false)
	if _, err := f.Evidence(); err == nil || !strings.Contains(err.Error(), "this folder holds no run") {
		t.Errorf("%v", err)
	}
	m := folder.Manifest{Type: "dev", ID: "1", Dir: "evidence/1"}
	r, err := f.Begin(m)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Evidence(); err == nil {
		t.Error("a run that goes on has evidence")
	}
	if _, err := f.Mkdir(m.Dir); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"a", "b", "c"} {
		write(t, dir, m.Dir+"/"+name, name)
	}
	if m.Evidence, err = f.Recorded(m.Dir); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]evidence.File{
		{Name: "evidence/1/a", SHA256: folder.Sum([]byte("a"))}, {Name: "evidence/1/b", SHA256: folder.Sum([]byte("b"))}, {Name: "evidence/1/c", SHA256: folder.Sum([]byte("c"))},
	}, m.Evidence); d != "" {
		t.Error(d)
	}
	if _, err := r.Finish(m); err != nil {
		t.Fatal(err)
	}
	f.Close()
	f = create(t, dir, false)
	if paths, err := f.Evidence(); err != nil || len(paths) != 3 {
		t.Errorf("%v, %v", paths, err)
	}
	write(t, dir, m.Dir+"/a", "A")
	write(t, dir, m.Dir+"/sub/d", "d")
	if err := os.Remove(filepath.Join(dir, m.Dir, "b")); err != nil {
		t.Fatal(err)
	}
	_, err = f.Evidence()
	for name, what := range map[string]string{"a": "changed", "b": "removed", "sub/d": "added"} {
		if want := filepath.Join(dir, m.Dir, name) + ": the evidence was " + what + " after the run"; err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in %v", want, err)
		}
	}
	if err := os.Symlink("a", filepath.Join(dir, m.Dir, "link")); err != nil {
		t.Skip("no links here: ", err)
	}
	if _, err := f.Recorded(m.Dir); err == nil || !strings.Contains(err.Error(), "link") {
		t.Errorf("a link among the evidence: %v", err)
	}
}

package cover_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/socket-oneline/oneline/trace/cover"
)

// A process that a test starts notes what it contains while it begins, just when the
// counters may be taken: none of that is lost.
func TestChildThatBegins(t *testing.T) {
	const files = 4000
	dir := t.TempDir()
	own, children := filepath.Join(dir, "s-1.bits"), filepath.Join(dir, "s-1")
	if err := os.Mkdir(children, 0o700); err != nil {
		t.Fatal(err)
	}
	child := filepath.Join(children, "s-2.bits")
	for _, path := range []string{own, child} {
		if err := os.WriteFile(path, make([]byte, files), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	begun := make(chan error, 1)
	go func() {
		f, err := os.OpenFile(child, os.O_RDWR, 0)
		for i := int64(0); i < files && err == nil; i++ {
			_, err = f.WriteAt([]byte{1}, i)
		}
		_ = f.Close()
		begun <- err
	}()
	take := cover.Taking(own, "s", files)
	for len(begun) == 0 {
		if err := take(); err != nil {
			t.Fatal(err)
		}
	}
	if err := <-begun; err != nil {
		t.Fatal(err)
	}
	ran, err := cover.Ran(dir, "s", files)
	if i := slices.Index(ran, false); err != nil || i >= 0 {
		t.Errorf("the file number %d, which the child contains, is lost (%v)", i, err)
	}
}

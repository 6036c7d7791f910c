package read_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/socket-oneline/oneline/reports/read"
)

func TestLoad(t *testing.T) {
	path := filepath.Join(t.TempDir(), "results.json")
	if err := os.WriteFile(path, []byte("\ufeff[{\"SuitePath\": \"ver\"}]"), 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := read.Load(path)
	if err != nil || r.Name != path || r.Format != "ginkgo" || r.SHA256 != "881f55b9cb9113b015a92e47e1e6e3ab855c25546e4b22b256e3b1b98460bbd0" {
		t.Errorf("%+v, %v", r, err)
	}
	if _, err := read.Load(path + "x"); err == nil || err.Error() != path+"x: the results cannot be read: no such file or directory" {
		t.Errorf("a missing file: %v", err)
	}
	if _, err := read.From("r.json", iotest.ErrReader(errors.New("no more"))); err == nil || err.Error() != "r.json: the results cannot be read: no more" {
		t.Errorf("a broken reader: %v", err)
	}
	if _, err := read.From("r.json", strings.NewReader("[]")); err == nil || !strings.HasPrefix(err.Error(), "r.json: the report holds no suite") {
		t.Errorf("no suite: %v", err)
	}
}

package lock_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/socket-oneline/oneline/reports/lock"
	"github.com/socket-oneline/oneline/reports/results"
)

const text = `{
  "schema": "oneline-lock/1",
  "requirements": {
    "A": {
      "demand": "aa",
      "specs": [
        ["calc", "TP-1", "a \"b\" é", "adds"],
        ["calc", "TP-1", "adds"],
        ["calc", "TP-1", "adds", 1]
      ]
    },
    "B": {
      "demand": "bb",
      "specs": []
    }
  }
}
`

// A lock is written as it was read, whatever the order of its parts was.
func TestEncode(t *testing.T) {
	f, err := lock.Parse("srs.lock", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if got := f.Encode(); string(got) != text {
		t.Errorf("written as\n%s", got)
	}
	slices.Reverse(f.Requirements)
	slices.Reverse(f.Requirements[1].Specs)
	f.Requirements[1].Specs = append(f.Requirements[1].Specs, f.Requirements[1].Specs[0])
	if got := f.Encode(); string(got) != text {
		t.Errorf("in another order written as\n%s", got)
	}
	if a := f.Of("A"); a == nil || a.Demand != "aa" || a.Specs[2].Key() != (results.Identity{Path: []string{"calc", "TP-1", "adds"}, Ordinal: 1}).Key() {
		t.Errorf("A: %+v", a)
	}
	if f.Of("C") != nil {
		t.Error("it knows C")
	}
	empty := &lock.File{}
	if again, err := lock.Parse("empty", empty.Encode()); err != nil || !bytes.Equal(again.Encode(), empty.Encode()) {
		t.Errorf("an empty lock: %v", err)
	}
}

func TestReplace(t *testing.T) {
	f, _ := lock.Parse("srs.lock", []byte(text))
	from := &lock.File{Requirements: []lock.Requirement{{ID: "A", Demand: "new"}, {ID: "C", Demand: "cc"}, {ID: "D", Demand: "dd"}}}
	f.Replace(from, []string{"A", "B", "C"})
	var got []string
	for _, r := range f.Requirements {
		got = append(got, r.ID+" "+r.Demand)
	}
	if !slices.Equal(got, []string{"A new", "C cc"}) {
		t.Errorf("%q", got)
	}
}

func TestRefused(t *testing.T) {
	for name, c := range map[string]struct{ data, want string }{
		"newer":           {`{"schema":"oneline-lock/2","x":1}`, `its schema is "oneline-lock/2"`},
		"no schema":       {`{"requirements":{}}`, "it does not say of which form it is"},
		"a conflict":      {"{\n<<<<<<< HEAD\n", "this is no lock (invalid character '<'"},
		"a key twice":     {`{"schema":"oneline-lock/1","requirements":{"A":{},"A":{}}}`, `the key "A" stands twice`},
		"an unknown key":  {`{"schema":"oneline-lock/1","more":1}`, "this is no lock (/more cannot be"},
		"no path":         {`{"schema":"oneline-lock/1","requirements":{"A":{"specs":[[1]]}}}`, "a spec of A is not a list of texts"},
		"a number inside": {`{"schema":"oneline-lock/1","requirements":{"A":{"specs":[["a",1,"b"]]}}}`, "a spec of A is not a list of texts"},
		"ordinal 0":       {`{"schema":"oneline-lock/1","requirements":{"A":{"specs":[["a",0]]}}}`, "a spec of A is not a list of texts"},
	} {
		_, err := lock.Parse("srs.lock", []byte(c.data))
		if err == nil || !strings.HasPrefix(err.Error(), "srs.lock: ") || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestLoad(t *testing.T) {
	path := filepath.Join(t.TempDir(), "srs.json")
	if lock.Path(path) != strings.TrimSuffix(path, "json")+"lock" || lock.Path("dir.x/srs") != "dir.x/srs.lock" {
		t.Errorf("the locks are at %s and %s", lock.Path(path), lock.Path("dir.x/srs"))
	}
	if _, err := lock.Load(lock.Path(path)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("without a lock: %v", err)
	}
	if err := os.WriteFile(lock.Path(path), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if f, err := lock.Load(lock.Path(path)); err != nil || len(f.SHA256) != 64 || f.Name != lock.Path(path) {
		t.Errorf("%+v, %v", f, err)
	}
}

package mutate

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/socket-oneline/oneline/reports/folder"
	"github.com/socket-oneline/oneline/trace/rewrite"
)

// cacheSchema is the form of the file that keeps what was decided.
const cacheSchema = "oneline-mutation-cache/1"

// cache keeps what was decided, by a hash of the mutant's file, of all code that is
// not mutated, tests above all, and of the tests that execute the mutant.
type cache struct {
	mu      sync.Mutex
	path    string
	tests   string // hash of the code that is not mutated
	saved   time.Time
	Schema  string               `json:"schema"`
	Decided map[string]*decision `json:"decided"`
}

// openCache reads what was decided before.
func (r *run) openCache(code []*rewrite.Package) (*cache, error) {
	c := &cache{path: r.Cache, Schema: cacheSchema, Decided: map[string]*decision{}}
	if c.path == "" {
		return c, nil
	}
	data, err := os.ReadFile(c.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return nil, err
	default:
		if err := json.Unmarshal(data, c); err != nil || c.Schema != cacheSchema {
			return nil, fmt.Errorf("%s: it does not hold what earlier runs decided: remove it", c.path)
		}
	}
	c.tests, err = r.testsHash(code)
	return c, err
}

// testsHash is a hash of the code that the tests consist of, without the files that
// are mutated and without the standard library.
func (r *run) testsHash(code []*rewrite.Package) (string, error) {
	hash := sha256.New()
	fmt.Fprintln(hash, r.Command.Text, r.Only)
	seen := map[string]bool{}
	for _, p := range code {
		switch {
		case p.Standard:
			continue
		case p.Module.Version != "":
			fmt.Fprintln(hash, p.ImportPath, p.Module.Version)
			continue
		}
		for _, name := range slices.Concat(p.GoFiles, p.CgoFiles, p.SFiles, p.EmbedFiles, p.TestGoFiles, p.XTestGoFiles, p.TestEmbedFiles, p.XTestEmbedFiles) {
			path := name
			if !filepath.IsAbs(path) {
				path = filepath.Join(p.Dir, name)
			}
			if seen[path] || r.set.Rewrote(path) || p.Dir == "" {
				continue
			}
			seen[path] = true
			data, err := os.ReadFile(path)
			if errors.Is(err, fs.ErrNotExist) { // the main of a test is made by the go command
				continue
			} else if err != nil {
				return "", err
			}
			fmt.Fprintf(hash, "%s\n%s", path, data)
		}
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}

func (c *cache) key(m *mutant) string {
	hash := sha256.New()
	fmt.Fprintln(hash, c.tests, m.Source, m.File, m.Line, m.Column, m.Operator, m.Diff)
	for _, t := range m.tests {
		fmt.Fprintln(hash, t.importPath, t.key, t.requirements)
	}
	return hex.EncodeToString(hash.Sum(nil))[:32]
}

// put keeps a decision. Now and then the file is written: the process may be killed.
func (c *cache) put(m *mutant) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.Decided[c.key(m)] = m.became
	if time.Since(c.saved) < 10*time.Second {
		return nil
	}
	return c.save()
}

// save writes what was decided.
func (c *cache) save() error {
	c.saved = time.Now()
	if c.path == "" {
		return nil
	}
	return folder.Replace(c.path, func(w io.Writer) error { return json.NewEncoder(w).Encode(c) })
}

// Package lock reads and writes the lock of a requirement file: what was demanded,
// and which specs verified it, when somebody last looked. It is committed beside
// the requirement file and reviewed with it.
//
//	{
//	  "schema": "oneline-lock/1",
//	  "requirements": {
//	    "CALC-1": {
//	      "demand": "6b86b2...",
//	      "specs": [
//	        ["example.com/calc", "TP-001", "with two numbers", "adds"],
//	        ["example.com/calc", "TP-001", "with two numbers", "adds", 1]
//	      ]
//	    }
//	  }
//	}
//
// A spec is the path of its identity, with its ordinal behind it unless that is
// 0. Everything is sorted and stands on a line of its own, so that locks can be
// merged; the same input gives the same bytes.
package lock

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/socket-oneline/oneline/reports/results"
)

// Schema is the version of the form of a lock.
const Schema = "oneline-lock/1"

// File is a lock.
type File struct {
	Name         string
	SHA256       string        // of its bytes
	Requirements []Requirement // sorted by id, see Sort
}

// Requirement is what the lock says of a requirement.
type Requirement struct {
	ID     string
	Demand string             // see [srs.Requirement.Demand]
	Specs  []results.Identity // those that verify it, sorted
}

// Path returns where the lock of a requirement file lies: beside it.
func Path(requirements string) string {
	return strings.TrimSuffix(requirements, filepath.Ext(requirements)) + ".lock"
}

// Load reads the lock at path. The error satisfies errors.Is(err, fs.ErrNotExist)
// if there is none.
func Load(path string) (*File, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		if p, ok := errors.AsType[*os.PathError](err); ok {
			err = p.Err
		}
		return nil, fmt.Errorf("%s: the lock cannot be read: %w", path, err)
	}
	return Parse(path, data)
}

// Parse reads a lock. Its error is one line that names the file.
func Parse(name string, data []byte) (*File, error) {
	var read struct {
		Schema       string `json:"schema"`
		Requirements map[string]struct {
			Demand string             `json:"demand"`
			Specs  [][]jsontext.Value `json:"specs"`
		} `json:"requirements"`
	}
	fail := func(what string) (*File, error) {
		return nil, fmt.Errorf("%s: %s: merge it again, or make it anew with oneline lock", name, what)
	}
	err := json.Unmarshal(data, &read, json.RejectUnknownMembers(true))
	switch {
	case read.Schema != "" && read.Schema != Schema:
		return nil, fmt.Errorf("%s: its schema is %q, and only %q can be read: use the release of oneline that fits it", name, read.Schema, Schema)
	case err != nil:
		return fail("this is no lock (" + results.Mistake(err) + ")")
	case read.Schema == "":
		return fail("it does not say of which form it is")
	}
	f := &File{Name: name, SHA256: fmt.Sprintf("%x", sha256.Sum256(data))}
	for id, entry := range read.Requirements {
		r := Requirement{ID: id, Demand: entry.Demand}
		for _, spec := range entry.Specs {
			identity, ok := identityOf(spec)
			if !ok {
				return fail(fmt.Sprintf("a spec of %s is not a list of texts, with a number behind them or without", id))
			}
			r.Specs = append(r.Specs, identity)
		}
		f.Requirements = append(f.Requirements, r)
	}
	f.Sort()
	return f, nil
}

func identityOf(spec []jsontext.Value) (id results.Identity, ok bool) {
	for i, value := range spec {
		switch {
		case value.Kind() == '"':
			var text string
			if json.Unmarshal(value, &text) != nil {
				return id, false
			}
			id.Path = append(id.Path, text)
		case i < len(spec)-1 || json.Unmarshal(value, &id.Ordinal) != nil || id.Ordinal < 1:
			return id, false
		}
	}
	return id, len(id.Path) > 0
}

// Sort puts the requirements and their specs in order, each spec once.
func (f *File) Sort() {
	slices.SortFunc(f.Requirements, func(a, b Requirement) int { return strings.Compare(a.ID, b.ID) })
	for i := range f.Requirements {
		specs := f.Requirements[i].Specs
		slices.SortFunc(specs, results.Identity.Compare)
		f.Requirements[i].Specs = slices.CompactFunc(specs, results.Identity.Equal)
	}
}

// Of returns what the lock says of a requirement; nil: it does not know it.
func (f *File) Of(id string) *Requirement {
	i, found := slices.BinarySearchFunc(f.Requirements, id, func(r Requirement, id string) int { return strings.Compare(r.ID, id) })
	if !found {
		return nil
	}
	return &f.Requirements[i]
}

// Replace takes over what another lock says of some requirements. One that the
// other does not know is removed.
func (f *File) Replace(from *File, ids []string) {
	f.Requirements = slices.DeleteFunc(f.Requirements, func(r Requirement) bool { return slices.Contains(ids, r.ID) })
	for _, id := range ids {
		if r := from.Of(id); r != nil {
			f.Requirements = append(f.Requirements, *r)
		}
	}
	f.Sort()
}

// Encode returns the bytes of the lock.
func (f *File) Encode() []byte {
	f.Sort()
	requirements := make([]string, len(f.Requirements))
	for i, r := range f.Requirements {
		specs := make([]string, len(r.Specs))
		for k, id := range r.Specs {
			specs[k] = encodeIdentity(id)
		}
		requirements[i] = fmt.Sprintf("%s: {\n      \"demand\": %s,\n      \"specs\": [%s]\n    }",
			quoted(r.ID), quoted(r.Demand), indented(specs, "      "))
	}
	return fmt.Appendf(nil, "{\n  \"schema\": %s,\n  \"requirements\": {%s}\n}\n", quoted(Schema), indented(requirements, "  "))
}

// indented returns what stands between the brackets of a list or object: its parts, each
// on a line, two blanks further in than the line of the brackets.
func indented(parts []string, indent string) string {
	if len(parts) == 0 {
		return ""
	}
	return "\n  " + indent + strings.Join(parts, ",\n  "+indent) + "\n" + indent
}

func encodeIdentity(id results.Identity) string {
	parts := make([]string, len(id.Path), len(id.Path)+1)
	for i, text := range id.Path {
		parts[i] = quoted(text)
	}
	if id.Ordinal > 0 {
		parts = append(parts, strconv.Itoa(id.Ordinal))
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

func quoted(text string) string {
	data, err := json.Marshal(text, jsontext.AllowInvalidUTF8(true))
	if err != nil {
		panic(err) // texts can always be encoded
	}
	return string(data)
}

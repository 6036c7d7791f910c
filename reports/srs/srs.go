// Package srs reads a requirement file: requirements by id, in JSON with
// comments.
//
//	{
//	    // what the program shall do
//	    "CALC-1": { "tester": "auto", "group": "calculator", "desc": "The sum shall be exact." }
//	}
//
// tester (auto, manual or both), group and desc are required, of retired
// requirements too. source, level, observe, rationale and retired are optional.
// See [SchemaJSON] for what each may be, and package strictjson for the form:
// // and /* */ comments and a comma after the last member are accepted.
package srs

import (
	_ "embed"
	"slices"

	"github.com/socket-oneline/oneline/reports/strictjson"
)

// SchemaJSON is the schema of a requirement file: JSON schema, draft-07. It
// holds for the file without its comments.
//
//go:embed srs.schema.json
var SchemaJSON []byte

var schema = strictjson.Shipped(SchemaJSON)

// Error is one mistake in a requirement file, with its line and column.
type Error = strictjson.Error

// Errors are all mistakes of a requirement file, in the order of the file.
type Errors = strictjson.Errors

// A File is a requirement file that is valid.
type File struct {
	Name         string // as given to Load or Parse
	SHA256       string // of the bytes as read, in hexadecimal
	Source       string // these bytes
	Requirements []Requirement

	index map[string]int // of Requirements, by id; nil in a File made by hand
}

// A Requirement is one entry of the file.
type Requirement struct {
	ID        string   `json:"-"`
	Tester    string   `json:"tester"` // auto, manual or both
	Group     string   `json:"group"`
	Desc      string   `json:"desc"`
	Source    string   `json:"source"`    // where it comes from, such as "P4"; empty: not said
	Level     string   `json:"level"`     // counted apart, such as rule or settled; empty: not said
	Rationale string   `json:"rationale"` // why it is there; empty: not said
	Observe   []string `json:"observe"`   // what a target must show for it, each once; empty: what its specs say
	Retired   bool     `json:"retired"`   // the id stays taken, and no spec may name it

	Line, Column int `json:"-"` // where its id stands, from 1, columns in characters
}

// Load reads the requirement file at path, of at most 64 MiB. Its error is of
// type [Errors]; an entry about a file that cannot be read has no line.
func Load(path string) (*File, error) {
	data, err := strictjson.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return Parse(path, data)
}

// Parse reads a requirement file from data, of at most 64 MiB. name is the
// file's, for messages and reports. Its error is of type [Errors]: everything
// that is wrong, in the order of the file, or the first mistake where the file
// is not JSON at all. A file without a requirement is an error.
func Parse(name string, data []byte) (*File, error) {
	var entries map[string]Requirement
	doc, err := strictjson.Parse(name, data, schema(), &entries)
	if err != nil {
		return nil, err
	}
	f := &File{
		Name:         name,
		SHA256:       doc.SHA256,
		Source:       string(data),
		Requirements: make([]Requirement, 0, len(entries)),
		index:        make(map[string]int, len(entries)),
	}
	for id, at := range doc.Members() {
		r := entries[id]
		r.ID, r.Line, r.Column = id, at.Line, at.Column
		f.index[id] = len(f.Requirements)
		f.Requirements = append(f.Requirements, r)
	}
	return f, nil
}

// Lookup returns the requirement of that id, retired or not, and whether there
// is one.
func (f *File) Lookup(id string) (Requirement, bool) {
	i, ok := f.index[id]
	if f.index == nil {
		i = slices.IndexFunc(f.Requirements, func(r Requirement) bool { return r.ID == id })
		ok = i >= 0
	}
	if !ok {
		return Requirement{}, false
	}
	return f.Requirements[i], true
}

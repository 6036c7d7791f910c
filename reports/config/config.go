// Package config reads oneline.json: the settings that the runs and documents of a project
// share.
//
//	{
//	    "header": "Example Ltd.",
//	    "paper": "A4", "orientation": "landscape",
//	    "documents": { "report": {"number": "EX-104", "revision": "B"} },
//	    "approvers": [ {"role": "quality", "name": "J. Roe"} ],
//	    "tester": "M. Moe",
//	    "target": { "name": "lamp controller", "version": "1.4" }
//	}
//
// Every key is optional, and a flag overrides its key. See [SchemaJSON] for
// all of them, and package strictjson for the comments that it may hold.
package config

import (
	_ "embed"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/exchange"
	"github.com/socket-oneline/oneline/reports/layout"
	"github.com/socket-oneline/oneline/reports/strictjson"
)

// Name is the file that is read unless another is named.
const Name = "oneline.json"

// SchemaJSON is the schema of the file: JSON schema, draft-07.
//
//go:embed config.schema.json
var SchemaJSON []byte

var schema = strictjson.Shipped(SchemaJSON)

// Config is the content of the file. The zero value is that of a project without one.
type Config struct {
	File   *evidence.File // nil: there is none
	Source string         // the bytes of the file
	Layout layout.Layout

	Tester  string
	RunType string // dev, dryrun or formal
	RunID   string
	Target  struct{ Name, Version, Serial string }

	Justifications string // path of their file, as seen from the working folder

	Accept    string // "outcome", or empty
	IDPattern string // finds requirement ids in the names of tests
	Untagged  string // "list", "refuse" or empty

	MinScore MinScore // the least mutation scores

	LockRequired bool // a report without a lock is refused

	Import exchange.Mapping // how oneline import reads a source
}

// MinScore holds the lowest acceptable score by requirement id; the empty id stands for
// all others. In the file it is an object, or a number for all.
type MinScore map[string]float64

// UnmarshalJSON reads an object or a number.
func (m *MinScore) UnmarshalJSON(data []byte) error {
	var all float64
	if json.Unmarshal(data, &all) == nil {
		*m = MinScore{"": all}
		return nil
	}
	return json.Unmarshal(data, (*map[string]float64)(m))
}

// Load reads the file at path. Without one it reads [Name] in the working
// folder, if it is there. Its error is of type [strictjson.Errors].
func Load(path string) (Config, error) {
	if path == "" {
		if _, err := os.Stat(Name); errors.Is(err, fs.ErrNotExist) {
			return Config{}, nil
		}
		path = Name
	}
	data, err := strictjson.ReadFile(path)
	if err != nil {
		return Config{}, err
	}
	return Parse(path, data)
}

// Parse is [Load] for a file that has been read.
func Parse(name string, data []byte) (Config, error) {
	var read struct {
		Header, Footer, Paper, Orientation string
		Documents                          map[string]layout.Identity
		Approvers                          []layout.Approver
		Tester                             string
		Run                                struct{ Type, ID string }
		Target                             struct{ Name, Version, Serial string }
		Justifications                     string
		Accept, Untagged, Lock             string
		IDPattern                          string `json:"id_pattern"`
		Import                             exchange.Mapping
		Mutation                           struct {
			MinScore MinScore `json:"min_score"`
		}
	}
	doc, err := strictjson.Parse(name, data, schema(), &read)
	if err != nil {
		return Config{}, err
	}
	return Config{
		File: &evidence.File{Name: name, SHA256: doc.SHA256}, Source: string(data),
		Layout: layout.Layout{
			Paper: read.Paper, Portrait: read.Orientation == "portrait", Header: read.Header, Footer: read.Footer,
			Documents: read.Documents, Approvers: read.Approvers,
		},
		Tester: read.Tester, RunType: read.Run.Type, RunID: read.Run.ID, Target: read.Target,
		Justifications: beside(name, read.Justifications), Import: read.Import,
		Accept: read.Accept, IDPattern: read.IDPattern, Untagged: read.Untagged,
		LockRequired: read.Lock == "required", MinScore: read.Mutation.MinScore,
	}, nil
}

// beside returns the path of a file that is named relative to the folder of another.
func beside(name, path string) string {
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(filepath.Dir(name), path)
}

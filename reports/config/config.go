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
	File          *evidence.File `json:"-"` // nil: there is none
	Source        string         `json:"-"` // the bytes of the file
	layout.Layout                // of documents

	Orientation string // landscape or portrait; as Portrait of Layout says
	Tester      string
	Run         struct {
		Type string // dev, dryrun or formal
		ID   string
	}
	Target struct{ Name, Version, Serial string }

	Justifications string // path of their file, as seen from the working folder

	Accept    string // "outcome", or empty
	IDPattern string `json:"id_pattern"` // finds requirement ids in the names of tests
	Untagged  string // "list", "refuse" or empty

	Mutation struct {
		MinScore MinScore `json:"min_score"` // the least mutation scores
	}

	Lock string // "required": a report without a lock is refused

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
	var c Config
	doc, err := strictjson.Parse(name, data, schema(), &c)
	if err != nil {
		return Config{}, err
	}
	c.File, c.Source = &evidence.File{Name: name, SHA256: doc.SHA256}, string(data)
	c.Portrait = c.Orientation == "portrait"
	if path := c.Justifications; path != "" && !filepath.IsAbs(path) { // it is relative to the folder of this file
		c.Justifications = filepath.Join(filepath.Dir(name), path)
	}
	return c, nil
}

// Package exchange brings requirements in from other tools, and hands their status out
// again: CSV, needs.json of sphinx-needs, and ReqIF.
//
// A source is read into a table first, whatever its format: a row for each object, a
// column for each attribute. A [Mapping] then says which columns become which keys of a
// requirement. What has no place in a requirement file is counted and said.
package exchange

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/socket-oneline/oneline/reports/srs"
	"github.com/socket-oneline/oneline/reports/strictjson"
)

// Formats lists the formats that can be imported.
var Formats = []string{"csv", "needs", "reqif"}

// FormatOf returns the format of a file by its name; empty if the name does not tell.
func FormatOf(path string) string {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".csv", ".tsv":
		return "csv"
	case ".json":
		return "needs"
	case ".reqif", ".reqifz":
		return "reqif"
	}
	return ""
}

// Imported is what a source says.
type Imported struct {
	Requirements []srs.Requirement // in the order of the source
	Keys         map[string]bool   // the keys that the source says something about
	Unplaced     []string          // what has no place in a requirement file, a line each
}

// Import reads the file at path. Its error is of type [strictjson.Errors] where the
// file itself is wrong.
func Import(path, format string, m Mapping) (*Imported, error) {
	data, err := strictjson.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if len(data) > strictjson.MaxSize {
		return nil, fmt.Errorf("%s: the file has more than %d bytes: split it", path, strictjson.MaxSize)
	}
	var t *table
	switch format {
	case "csv":
		t, err = readCSV(path, data, m.Separator)
	case "needs":
		t, err = readNeeds(path, data)
	case "reqif":
		t, err = readReqIF(path, data)
	default:
		return nil, fmt.Errorf("format %q is not known; there are %s", format, strings.Join(Formats, ", "))
	}
	if err != nil {
		return nil, err
	}
	return m.apply(t)
}

// A table is a source as it was read.
type table struct {
	file    string
	columns []string // the names of all columns, each once
	rows    []row
	own     []string            // columns that the other tool fills in by itself: they need no place
	keys    map[string][]string // the columns that a key is taken from unless the mapping says otherwise; by default the one of its name
	notes   []string

	pictures int // within texts
}

// A row is one object.
type row struct {
	line, column int
	ref          string              // what other rows call it, if that is not its id
	cells        map[string][]string // by column, not blank
	links        []string            // refs of its parents, beside what a column says
}

// Package justification reads the file in which people take responsibility, with name and
// date, for requirements that did not pass, for code that no requirement reaches, and for
// mutants of the code that no requirement notices.
//
//	{
//	    "justifications": [
//	        {
//	            "requirements": ["SRS-006"], // one or more
//	            "text": "The server belongs to others and must not be shut down.",
//	            "author": "J. Roe",
//	            "date": "2026-11-25"
//	        }
//	    ],
//	    "unreached": [
//	        {
//	            "functions": {"server.accept": 5}, // statements that no requirement reaches
//	            "text": "A spec cannot make the kernel run out of descriptors.",
//	            "author": "J. Roe",
//	            "date": "2026-11-25"
//	        }
//	    ],
//	    "survivors": [
//	        {
//	            "file": "server/conn.go", "function": "server.conn.serve", "operator": "statement",
//	            "mutants": 2, // at most; 1 unless given
//	            "text": "Without it the server is slower, and does the same.",
//	            "author": "J. Roe",
//	            "date": "2026-11-25"
//	        }
//	    ]
//	}
//
// A justification never changes a verdict. See [SchemaJSON] for the form, and
// package strictjson for the comments that it may hold.
package justification

import (
	_ "embed"
	"fmt"
	"strconv"

	"github.com/socket-oneline/oneline/reports/srs"
	"github.com/socket-oneline/oneline/reports/strictjson"
)

// SchemaJSON is the schema of a file of justifications: JSON schema, draft-07.
//
//go:embed justification.schema.json
var SchemaJSON []byte

var schema = strictjson.Shipped(SchemaJSON)

// Justification says why a requirement may stand as it is.
type Justification struct {
	Text   string `json:"text"`
	Author string `json:"author"`
	Date   string `json:"date"` // such as 2026-11-25
}

// Signed is the text with its author and date.
func (j Justification) Signed() string { return fmt.Sprintf("%s (%s, %s)", j.Text, j.Author, j.Date) }

// Unreached says why statements of a function may stay unreached.
type Unreached struct {
	Statements int  // at most this many
	Seldom     bool // only some runs reach them
	Justification
}

// Survivor says why mutants of a function may survive.
type Survivor struct {
	File     string // path within its module
	Function string // such as server.Server.Serve
	Operator string // as in mutation.json
	Mutants  int    // at most this many
	Justification
}

// File is a valid file of justifications.
type File struct {
	Name      string                   // as given to Load
	SHA256    string                   // of the bytes as read, in hexadecimal
	Source    string                   // these bytes
	Of        map[string]Justification // by requirement id
	Unreached map[string]Unreached     // by function, such as server.Server.Serve
	Survivors []Survivor
}

// Load reads the file at path. Each id must name a requirement in file that is not
// retired, and may be used only once. If file is nil, ids are not checked. The error is
// of type [strictjson.Errors].
func Load(path string, file *srs.File) (*File, error) {
	data, err := strictjson.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return Parse(path, data, file)
}

// Parse is [Load] for a file that has been read.
func Parse(name string, data []byte, file *srs.File) (*File, error) {
	var read struct {
		Justifications []struct {
			Requirements []string
			Justification
		}
		Unreached []struct {
			Functions map[string]int
			Seldom    bool
			Justification
		}
		Survivors []Survivor
	}
	doc, err := strictjson.Parse(name, data, schema(), &read)
	if err != nil {
		return nil, err
	}
	f := &File{Name: name, SHA256: doc.SHA256, Source: string(data), Of: make(map[string]Justification), Unreached: make(map[string]Unreached), Survivors: read.Survivors}
	for i := range f.Survivors {
		f.Survivors[i].Mutants = max(1, f.Survivors[i].Mutants)
	}
	var mistakes strictjson.Errors
	for i, j := range read.Justifications {
		for k, id := range j.Requirements {
			if text := f.refused(id, file); text != "" {
				mistakes = append(mistakes, doc.Mistake(text, "justifications", strconv.Itoa(i), "requirements", strconv.Itoa(k)))
			}
			f.Of[id] = j.Justification
		}
	}
	for i, u := range read.Unreached {
		for function, statements := range u.Functions {
			if _, again := f.Unreached[function]; again {
				mistakes = append(mistakes, doc.Mistake(fmt.Sprintf("%s is accepted already: keep one entry", function), "unreached", strconv.Itoa(i), "functions", function))
			}
			f.Unreached[function] = Unreached{statements, u.Seldom, u.Justification}
		}
	}
	if len(mistakes) > 0 {
		mistakes.Sort()
		return nil, mistakes
	}
	return f, nil
}

// refused returns why a requirement cannot be justified here, or "" if it can.
func (f *File) refused(id string, file *srs.File) string {
	if file == nil {
		return ""
	}
	r, known := file.Lookup(id)
	_, again := f.Of[id]
	switch {
	case !known:
		return fmt.Sprintf("no requirement in %s has the id %q: correct it", file.Name, id)
	case r.Retired:
		return fmt.Sprintf("%s is retired and needs no justification: remove it", id)
	case again:
		return fmt.Sprintf("%s has a justification already: keep one of them", id)
	}
	return ""
}

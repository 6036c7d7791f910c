// Package srs reads a requirement file: requirements by id, in JSON with
// comments.
//
//	{
//	    // what the program shall do
//	    "CALC-1": { "tester": "auto", "group": "calculator", "desc": "The sum shall be exact." }
//	}
//
// tester (auto, manual or both), group and desc are required, also for retired
// requirements. source, level, parents, observe, rationale and retired are
// optional. See [SchemaJSON] for what each may be, and package strictjson for the form:
// // and /* */ comments and a comma after the last member are accepted.
package srs

import (
	"crypto/sha256"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/socket-oneline/oneline/reports/strictjson"
)

// SchemaJSON is the schema of a requirement file: JSON schema, draft-07. It
// holds for the file without its comments.
//
//go:embed srs.schema.json
var SchemaJSON []byte

var schema = strictjson.Shipped(SchemaJSON)

// A File holds the requirements of one file, or of several that are used together.
type File struct {
	Name         string   // as given to Load or Parse; of several files, all names
	SHA256       string   // of the bytes as read, in hexadecimal; of several files, one after the other
	Files        []Source // as given
	Requirements []Requirement

	index map[string]int // of Requirements, by id; nil in a File made by hand
}

// A Source is one requirement file as it was read.
type Source struct{ Name, SHA256, Text string }

// A Requirement is one entry of the file.
type Requirement struct {
	ID        string   `json:"-"`
	Tester    string   `json:"tester"` // auto, manual or both
	Group     string   `json:"group"`
	Desc      string   `json:"desc"`
	Source    string   `json:"source,omitempty"`    // where it comes from, such as "P4"; empty: not said
	Level     string   `json:"level,omitempty"`     // counted apart, such as rule or settled; empty: not said
	Rationale string   `json:"rationale,omitempty"` // why it is there; empty: not said
	Observe   []string `json:"observe,omitempty"`   // what a target must show for it, each once; empty: what its specs say
	Parents   []string `json:"parents,omitempty"`   // the requirements of a higher level that it comes from
	Retired   bool     `json:"retired,omitzero"`    // the id stays taken, and no spec may name it

	File         string `json:"-"` // the name of the file that it stands in
	Line, Column int    `json:"-"` // where its id stands, from 1, columns in characters
}

// Load reads requirement files, each of at most 64 MiB. They are used together: a
// requirement may have parents in another file. The error is of type [strictjson.Errors];
// an entry about a file that cannot be read has no line.
func Load(paths ...string) (*File, error) {
	sources := make([]Source, len(paths))
	for i, path := range paths {
		data, err := strictjson.ReadFile(path)
		if err != nil {
			return nil, err
		}
		sources[i] = Source{Name: path, Text: string(data)}
	}
	return ParseAll(sources)
}

// Parse is [ParseAll] for one file.
func Parse(name string, data []byte) (*File, error) {
	return ParseAll([]Source{{Name: name, Text: string(data)}})
}

// ParseAll reads requirement files that are used together. Their names are for
// messages and reports; their hashes are ignored. The error is of type
// [strictjson.Errors]: the first mistake of a file that is not JSON, otherwise every
// mistake of every file. A file without a requirement is an error.
func ParseAll(sources []Source) (*File, error) { return parse(sources, true) }

// ParsePart is [Parse] for a file that is used with others: parents may be in those.
func ParsePart(name string, data []byte) (*File, error) {
	return parse([]Source{{Name: name, Text: string(data)}}, false)
}

func parse(sources []Source, whole bool) (*File, error) {
	p := parser{file: &File{index: map[string]int{}}, folded: map[string]int{}}
	for _, source := range sources {
		p.read(source)
	}
	p.file.Name, p.file.SHA256 = Identify(sources)
	if whole && len(p.mistakes) == 0 {
		p.checkParents()
	}
	if len(p.mistakes) > 0 {
		return nil, p.mistakes
	}
	return p.file, nil
}

// Identify returns the names of requirement files that are used together, and the SHA-256,
// in hexadecimal, of all their bytes.
func Identify(sources []Source) (name, sum string) {
	var names []string
	all := sha256.New()
	for _, source := range sources {
		names = append(names, source.Name)
		io.WriteString(all, source.Text)
	}
	return strings.Join(names, ", "), fmt.Sprintf("%x", all.Sum(nil))
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

// Demand returns the SHA-256, in hexadecimal, of what is demanded by a
// requirement: its text, whatever its white space, and who verifies it by which
// observations. Its group, source and rationale demand nothing.
func (r *Requirement) Demand() string {
	observe := slices.Sorted(slices.Values(r.Observe))
	return hash([]any{strings.Join(strings.Fields(r.Desc), " "), r.Tester, observe, r.Level, slices.Sorted(slices.Values(r.Parents)), r.Retired})
}

// DemandOf returns one SHA-256 for what [File.Demands] returned.
func DemandOf(demands map[string]string) string { return hash(demands) } // sorted by id

func hash(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err) // texts can always be encoded
	}
	return fmt.Sprintf("%x", sha256.Sum256(data))
}

// Demands returns what [Requirement.Demand] returns for each requirement, by id.
func (f *File) Demands() map[string]string {
	all := make(map[string]string, len(f.Requirements))
	for i := range f.Requirements {
		all[f.Requirements[i].ID] = f.Requirements[i].Demand()
	}
	return all
}

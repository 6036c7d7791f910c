// Package manual is for requirements that a person verifies. It reads protocols that say
// what to do and what to expect, leads a tester through them, and records the answers as
// evidence, which package reports judges as all other evidence.
//
//	{
//	    "MP-001": {
//	        "title": "the label",
//	        "specs": [
//	            {
//	                "title": "names the version",
//	                "requirements": ["BOX-7"],
//	                "steps": [
//	                    {"do": "Open the case."},
//	                    {"do": "Read the label.", "expect": "It names the version."}
//	                ]
//	            }
//	        ]
//	    }
//	}
//
// A step is about all requirements of its spec, unless it names some of them. A
// protocol may also have objectives, preconditions and deviations. See
// [SchemaJSON] for the form, and package strictjson for the comments that it may
// hold.
package manual

import (
	_ "embed"
	"fmt"
	"slices"
	"strconv"

	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/record"
	"github.com/socket-oneline/oneline/reports/srs"
	"github.com/socket-oneline/oneline/reports/strictjson"
)

// SchemaJSON is the schema of a file of manual protocols: JSON schema, draft-07.
//
//go:embed manual.schema.json
var SchemaJSON []byte

var schema = strictjson.Shipped(SchemaJSON)

// File is a valid file of manual protocols.
type File struct {
	Name   string        // as given to Load
	SHA256 string        // of the bytes as read, in hexadecimal
	Specs  []record.Spec // in the order of the file; none has begun, and all that they verify is planned
}

// The form of the file.
type (
	protocol struct {
		evidence.Protocol
		Specs []spec
	}
	spec struct {
		Title        string
		Requirements []string
		Steps        []step
	}
	step struct {
		Do, Expect   string
		Requirements []string
	}
)

// Load reads the manual protocols at path. They may only name requirements of file
// whose tester is manual or both. The error is of type [strictjson.Errors].
func Load(path string, file *srs.File) (*File, error) {
	data, err := strictjson.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return Parse(path, data, file)
}

// Parse is [Load] for a file that has been read.
func Parse(name string, data []byte, file *srs.File) (*File, error) {
	var read map[string]protocol
	doc, err := strictjson.Parse(name, data, schema(), &read)
	if err != nil {
		return nil, err
	}
	p := parser{file: file, doc: doc, f: &File{Name: name, SHA256: doc.SHA256}}
	for id := range doc.Members() {
		p.protocol(id, read[id])
	}
	if p.mistakes.Sort(); len(p.mistakes) > 0 {
		return nil, p.mistakes
	}
	return p.f, nil
}

type parser struct {
	file     *srs.File
	doc      *strictjson.Document
	f        *File
	mistakes strictjson.Errors
}

func (p *parser) mistake(text string, keys ...string) {
	p.mistakes = append(p.mistakes, p.doc.Mistake(text, keys...))
}

func (p *parser) place(keys ...string) string {
	return fmt.Sprintf("%s:%d", p.f.Name, p.doc.At(keys...).Line)
}

func (p *parser) protocol(id string, from protocol) {
	titles := map[string]bool{}
	for i, s := range from.Specs {
		keys := []string{id, "specs", strconv.Itoa(i)}
		if titles[s.Title] {
			p.mistake(fmt.Sprintf("the protocol has a spec %q already: give this one another title", s.Title), append(keys, "title")...)
		}
		titles[s.Title] = true
		spec := p.spec(keys, s)
		spec.ProtocolAt = p.place(id)
		spec.Protocol = from.Protocol
		spec.Protocol.ID = id
		p.f.Specs = append(p.f.Specs, spec)
	}
}

func (p *parser) spec(keys []string, from spec) record.Spec {
	at := func(more ...string) []string { return append(slices.Clone(keys), more...) }
	s := record.Spec{Spec: evidence.Spec{
		Manual: true, Title: from.Title, Location: p.place(keys...), Requirements: from.Requirements,
	}}
	covered := map[string]bool{}
	for i, st := range from.Steps {
		key := strconv.Itoa(i)
		s.Steps = append(s.Steps, evidence.Step{Number: i + 1, Text: st.Do})
		for k, id := range st.Requirements {
			if !slices.Contains(from.Requirements, id) {
				p.mistake(fmt.Sprintf("%s is not among the requirements of the spec: add it there", id), at("steps", key, "requirements", strconv.Itoa(k))...)
			}
		}
		if st.Expect == "" {
			if st.Requirements != nil {
				p.mistake("the step names requirements, but expects nothing: say what, or leave them out", at("steps", key)...)
			}
			continue
		}
		if st.Requirements == nil {
			st.Requirements = from.Requirements
		}
		for _, id := range st.Requirements {
			covered[id] = true
		}
		s.Planned = append(s.Planned, evidence.Verification{
			Requirements: st.Requirements, Step: i + 1, Expected: st.Expect, Location: p.place(at("steps", key)...),
		})
	}
	for i, id := range from.Requirements {
		place := at("requirements", strconv.Itoa(i))
		if text := p.refused(id); text != "" {
			p.mistake(text, place...)
		}
		if !covered[id] {
			p.mistake(fmt.Sprintf("no step of the spec expects anything for %s: add one", id), place...)
		}
	}
	return s
}

// refused returns why a person cannot verify a requirement, or "".
func (p *parser) refused(id string) string {
	r, known := p.file.Lookup(id)
	switch {
	case !known:
		return fmt.Sprintf("no requirement in %s has the id %q: correct it", p.file.Name, id)
	case r.Retired:
		return fmt.Sprintf("%s is retired: remove the id", id)
	case r.Tester == "auto":
		return fmt.Sprintf("the tester of %s is auto: let a spec of the suite verify it, or make it manual or both", id)
	}
	return ""
}

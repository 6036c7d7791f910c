package strictjson

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/tailscale/hujson"
	"github.com/xeipuuv/gojsonschema"
)

// A Schema is a JSON schema, draft-07.
type Schema struct {
	compiled *gojsonschema.Schema
	raw      part
}

// NewSchema compiles a schema.
func NewSchema(text []byte) (*Schema, error) {
	compiled, err := gojsonschema.NewSchema(gojsonschema.NewBytesLoader(text))
	if err != nil {
		return nil, fmt.Errorf("schema: %w", err)
	}
	s := &Schema{compiled: compiled}
	if err := json.Unmarshal(text, &s.raw); err != nil {
		return nil, fmt.Errorf("schema: %w", err)
	}
	return s, nil
}

// MustSchema is NewSchema for schemas that ship with the program. It panics
// where NewSchema returns an error.
func MustSchema(text []byte) *Schema {
	s, err := NewSchema(text)
	if err != nil {
		panic(err)
	}
	return s
}

// mostViews is how many documents of a file with repeated names are checked:
// one for each time that a name stands there, so that what is wrong in any of
// the members of one name is reported in the same run.
const mostViews = 4

// check holds the value to the schema. views is how often the most frequent
// name stands in one object.
func (s *Schema) check(root hujson.Value, views int) []problem {
	var problems []problem
	for pick := range min(views, mostViews) {
		result, err := s.compiled.Validate(gojsonschema.NewRawLoader(plain(root, pick, "", nil)))
		if err != nil {
			return append(problems, problem{offset: root.StartOffset, text: "the schema cannot be applied: " + err.Error()})
		}
		if result.Valid() {
			continue
		}
		places := map[string]place{rootName: {root.StartOffset, root}}
		plain(root, pick, rootName, places)
		for _, e := range result.Errors() {
			if p := s.problem(e, places); p != nil {
				problems = append(problems, *p)
			}
		}
	}
	return problems
}

// problem says in plain English what the schema library found, or returns nil
// where it says it twice.
func (s *Schema) problem(e gojsonschema.ResultError, places map[string]place) *problem {
	path := e.Context().String(pathMark)
	at := places[path]
	keys := strings.Split(path, pathMark)[1:]
	parts := s.raw.at(&s.raw, keys)
	property, _ := e.Details()["property"].(string)
	inner := places[path+pathMark+property]

	switch e.(type) {
	case *gojsonschema.RequiredError:
		what := description(s.raw.at(&s.raw, append(keys, property)))
		return &problem{offset: at.name, text: fmt.Sprintf("%s has no %s: add it%s", whole(keys), quote(property), orNothing(", ", what))}
	case *gojsonschema.AdditionalPropertyNotAllowedError:
		return &problem{offset: inner.name, text: fmt.Sprintf("%s has no use for the key %s: remove it, or write one of %s", whole(keys), quote(property), known(parts))}
	case *gojsonschema.InvalidPropertyNameError:
		return &problem{offset: inner.name, text: fmt.Sprintf("%s is no valid name here: it must be %s", quote(property), nameDescription(parts))}
	case *gojsonschema.ItemsMustBeUniqueError:
		j, _ := e.Details()["j"].(int)
		item := at.value.Value.(*hujson.Array).Elements[j]
		return &problem{offset: item.StartOffset, text: fmt.Sprintf("%s holds %s a second time: remove one", whole(keys), show(item))}
	}
	if _, isName := e.Value().(string); isName && at.value.Value.Kind() != '"' {
		return nil // why a name is not valid; the error for the name says it
	}
	what := description(parts)
	if what == "" {
		return &problem{offset: at.value.StartOffset, text: fmt.Sprintf("%s is %s, which cannot stand here: correct it", whole(keys), show(at.value))}
	}
	return &problem{offset: at.value.StartOffset, text: fmt.Sprintf("%s is %s: it must be %s", whole(keys), show(at.value), what)}
}

func orNothing(before, text string) string {
	if text == "" {
		return ""
	}
	return before + text
}

// whole names the value that the keys lead to: `"tester" of "SRS-002"`.
func whole(keys []string) string {
	if len(keys) == 0 {
		return "the file"
	}
	names := make([]string, len(keys))
	for i, key := range keys {
		names[len(keys)-1-i] = quote(key)
	}
	return strings.Join(names, " of ")
}

// show prints a value as short as a message needs it.
func show(v hujson.Value) string {
	switch value := v.Value.(type) {
	case *hujson.Object:
		if len(value.Members) == 0 {
			return "an empty object"
		}
		return "an object"
	case *hujson.Array:
		if len(value.Elements) == 0 {
			return "an empty list"
		}
		return "a list"
	case hujson.Literal:
		if value.Kind() == '"' {
			return quote(value.String())
		}
		return abbreviate(string(value))
	}
	return ""
}

// A part is a part of a schema: what a message needs to know of it.
type part struct {
	Description string          `json:"description"`
	Ref         string          `json:"$ref"`
	Properties  map[string]part `json:"properties"`
	Names       *part           `json:"propertyNames"`
	Additional  json.RawMessage `json:"additionalProperties"`
	Items       *part           `json:"items"`
	OneOf       []part          `json:"oneOf"`
	AnyOf       []part          `json:"anyOf"`
	Definitions map[string]part `json:"definitions"`
}

// at returns the parts of the schema that the keys lead to from p: one, unless
// there are alternatives on the way. The first is the outermost.
func (p part) at(root *part, keys []string) []part {
	if name, ok := strings.CutPrefix(p.Ref, "#/definitions/"); ok {
		return root.Definitions[name].at(root, keys)
	}
	var found []part
	if len(keys) == 0 {
		found = append(found, p)
	} else if next, ok := p.child(keys[0]); ok {
		found = append(found, next.at(root, keys[1:])...)
	}
	for _, alternative := range slices.Concat(p.OneOf, p.AnyOf) {
		found = append(found, alternative.at(root, keys)...)
	}
	return found
}

// child returns the part for the member or element of the given key.
func (p part) child(key string) (part, bool) {
	if sub, ok := p.Properties[key]; ok {
		return sub, true
	}
	if _, err := strconv.Atoi(key); err == nil && p.Items != nil {
		return *p.Items, true
	}
	var additional part
	ok := json.Unmarshal(p.Additional, &additional) == nil
	return additional, ok
}

func description(parts []part) string {
	for _, p := range parts {
		if p.Description != "" {
			return p.Description
		}
	}
	return ""
}

func nameDescription(parts []part) string {
	for _, p := range parts {
		if p.Names != nil {
			return p.Names.Description
		}
	}
	return "another"
}

// known lists the keys that the parts have a use for.
func known(parts []part) string {
	names := map[string]bool{}
	for _, p := range parts {
		for name := range p.Properties {
			names[name] = true
		}
	}
	return strings.Join(slices.Sorted(maps.Keys(names)), ", ")
}

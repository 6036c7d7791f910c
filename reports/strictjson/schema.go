package strictjson

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

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
	var s Schema
	if err := json.Unmarshal(text, &s.raw); err != nil {
		return nil, fmt.Errorf("schema: %w", err)
	}
	var err error
	if s.compiled, err = gojsonschema.NewSchema(gojsonschema.NewBytesLoader(text)); err != nil {
		return nil, fmt.Errorf("schema: %w", err)
	}
	return &s, nil
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

// Shipped is MustSchema for a schema that is compiled when it is first asked for.
func Shipped(text []byte) func() *Schema {
	return sync.OnceValue(func() *Schema { return MustSchema(text) })
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
		result, err := s.compiled.Validate(gojsonschema.NewRawLoader(view{pick: pick}.value(root, "")))
		if err != nil {
			return append(problems, problem{offset: root.StartOffset, text: "the schema cannot be applied: " + err.Error()})
		}
		if result.Valid() {
			continue
		}
		all := places{rootName: {root.StartOffset, root}}
		view{pick, all}.value(root, rootName)
		for _, e := range result.Errors() {
			if p := s.problem(e, all); p != nil {
				problems = append(problems, *p)
			}
		}
	}
	return problems
}

// problem says in plain English what the schema library found, or returns nil
// where it finds the same thing twice.
func (s *Schema) problem(e gojsonschema.ResultError, all places) *problem {
	path := e.Context().String(pathMark)
	keys := strings.Split(path, pathMark)[1:]
	parts := s.raw.at(&s.raw, keys)
	at, whole := all[path], all.whole(keys)
	property, _ := e.Details()["property"].(string)
	inner := all[path+pathMark+property]

	switch e.(type) {
	case *gojsonschema.RequiredError:
		text := fmt.Sprintf("missing key %s in %s: add it", quote(property), whole)
		if what := description(s.raw.at(&s.raw, append(keys, property))); what != "" {
			text += ", " + what
		}
		return &problem{at.name, text}
	case *gojsonschema.AdditionalPropertyNotAllowedError:
		return &problem{inner.name, fmt.Sprintf("unknown key %s in %s: remove it, or write one of %s", quote(property), whole, known(parts))}
	case *gojsonschema.InvalidPropertyNameError:
		return &problem{inner.name, fmt.Sprintf("invalid key %s in %s: it must be %s", quote(property), whole, nameDescription(parts))}
	case *gojsonschema.ItemsMustBeUniqueError:
		j, _ := e.Details()["j"].(int)
		item := at.value.Value.(*hujson.Array).Elements[j]
		return &problem{item.StartOffset, fmt.Sprintf("%s holds %s a second time: remove one", whole, show(item))}
	}
	if _, isName := e.Value().(string); isName && at.value.Value.Kind() != '"' {
		return nil // why a key is invalid: the error above says it
	}
	text := fmt.Sprintf("%s is %s: ", whole, show(at.value))
	if what := description(parts); what != "" {
		return &problem{at.value.StartOffset, text + "it must be " + what}
	}
	return &problem{at.value.StartOffset, text + "the schema does not allow it, correct it"}
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
	default:
		literal := value.(hujson.Literal)
		if literal.Kind() == '"' {
			return quote(textOf(literal))
		}
		return abbreviate(string(literal))
	}
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
		if p.Names != nil && p.Names.Description != "" {
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

package strictjson

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/xeipuuv/gojsonschema"
)

// A Schema is a JSON schema, draft-07.
type Schema struct {
	compiled *gojsonschema.Schema
	root     part
}

// Shipped returns a function that compiles a schema when it is first called. The
// schema ships with the program: one that is invalid panics.
func Shipped(text []byte) func() *Schema {
	return sync.OnceValue(func() *Schema {
		var s Schema
		if err := json.Unmarshal(text, &s.root); err != nil {
			panic("schema: " + err.Error())
		}
		compiled, err := gojsonschema.NewSchema(gojsonschema.NewBytesLoader(text))
		if err != nil {
			panic("schema: " + err.Error())
		}
		s.compiled = compiled
		return &s
	})
}

// check returns what is wrong with a document.
func (s *Schema) check(root *node) (problems []problem) {
	result, err := s.compiled.Validate(gojsonschema.NewRawLoader(root.plain()))
	if err != nil {
		return []problem{{root.offset, "the schema cannot be applied: " + err.Error()}}
	}
	for _, e := range result.Errors() {
		if p := s.problem(e, root); p != nil {
			problems = append(problems, *p)
		}
	}
	return problems
}

// pathMark separates keys. It is not UTF-8, so no key holds it.
const pathMark = "\xff"

// problem describes what the schema library found. It returns nil for an error that
// another one explains.
func (s *Schema) problem(e gojsonschema.ResultError, root *node) *problem {
	keys := strings.Split(e.Context().String(pathMark), pathMark)[1:]
	value, name := root.find(keys), root.name(keys)
	parts := s.root.at(&s.root, keys)
	property, _ := e.Details()["property"].(string)
	propertyAt := value.offset
	if m := value.member(property); m != nil {
		propertyAt = m.nameOffset
	}
	switch e.(type) {
	case *gojsonschema.RequiredError:
		text := fmt.Sprintf("missing key %s in %s: add it", quote(property), name)
		if what := description(s.root.at(&s.root, append(keys, property))); what != "" {
			text += ", " + what
		}
		return &problem{root.nameOffset(keys), text}
	case *gojsonschema.AdditionalPropertyNotAllowedError:
		return &problem{propertyAt, fmt.Sprintf("unknown key %s in %s: remove it, or write one of %s", quote(property), name, known(parts))}
	case *gojsonschema.InvalidPropertyNameError:
		return &problem{propertyAt, fmt.Sprintf("invalid key %s in %s: it must be %s", quote(property), name, nameDescription(parts, property))}
	case *gojsonschema.ItemsMustBeUniqueError:
		j, _ := e.Details()["j"].(int)
		item := &value.members[j].node
		return &problem{item.offset, fmt.Sprintf("%s holds %s a second time: remove one", name, item.show())}
	}
	if _, isName := e.Value().(string); isName && value.kind != '"' {
		return nil // the error about the key explains it
	}
	what := description(parts)
	if what == "" {
		return &problem{value.offset, fmt.Sprintf("%s is %s: the schema does not allow it, correct it", name, value.show())}
	}
	return &problem{value.offset, fmt.Sprintf("%s is %s: it must be %s", name, value.show(), what)}
}

// plain returns the value as the schema library takes it.
func (n *node) plain() any {
	switch n.kind {
	case '{':
		object := make(map[string]any, len(n.members))
		for i := range n.members {
			object[n.members[i].name] = n.members[i].plain()
		}
		return object
	case '[':
		list := make([]any, len(n.members))
		for i := range n.members {
			list[i] = n.members[i].plain()
		}
		return list
	case '"':
		return n.text
	case '0':
		return json.Number(n.text)
	case 'n':
		return nil
	}
	return n.kind == 't'
}

// show returns the value in a few words.
func (n *node) show() string {
	switch empty := len(n.members) == 0; {
	case n.kind == '{' && empty:
		return "an empty object"
	case n.kind == '{':
		return "an object"
	case n.kind == '[' && empty:
		return "an empty list"
	case n.kind == '[':
		return "a list"
	case n.kind == '"':
		return quote(n.text)
	case n.kind == '0':
		return n.text
	}
	return n.kind.String() // null, true or false
}

// name names the value that the keys lead to, such as "tester" of "SRS-002".
func (n *node) name(keys []string) string {
	if len(keys) == 0 {
		return "the file"
	}
	names := make([]string, len(keys))
	for i, key := range keys {
		parent := n.find(keys[:i])
		if number, err := strconv.Atoi(key); err == nil && parent.kind == '[' {
			names[len(keys)-1-i] = fmt.Sprintf("item %d", number+1)
		} else {
			names[len(keys)-1-i] = quote(key)
		}
	}
	return strings.Join(names, " of ")
}

// nameOffset returns the offset of the name of the value that the keys lead to.
func (n *node) nameOffset(keys []string) int {
	if len(keys) == 0 {
		return n.offset
	}
	last := len(keys) - 1
	if m := n.find(keys[:last]).member(keys[last]); m != nil {
		return m.nameOffset
	}
	return n.offset
}

// A part is what messages need to know of a part of a schema.
type part struct {
	Description string          `json:"description"`
	Ref         string          `json:"$ref"`
	Properties  map[string]part `json:"properties"`
	Names       *part           `json:"propertyNames"`
	Pattern     string          `json:"pattern"`
	Additional  json.RawMessage `json:"additionalProperties"`
	Items       *part           `json:"items"`
	OneOf       []part          `json:"oneOf"`
	AnyOf       []part          `json:"anyOf"`
	Definitions map[string]part `json:"definitions"`
}

// at returns the parts that the keys lead to from p, the outermost first. There are
// several if the schema has alternatives on the way.
func (p part) at(root *part, keys []string) []part {
	if name, ok := strings.CutPrefix(p.Ref, "#/definitions/"); ok {
		return root.Definitions[name].at(root, keys)
	}
	var found []part
	if len(keys) == 0 {
		found = append(found, p)
	} else if next, ok := p.child(keys[0]); ok {
		found = next.at(root, keys[1:])
	}
	for _, alternative := range slices.Concat(p.OneOf, p.AnyOf) {
		found = append(found, alternative.at(root, keys)...)
	}
	return found
}

// child returns the part for the member or element of a key.
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

// nameDescription says what a name must be, and which of its characters is wrong.
func nameDescription(parts []part, name string) string {
	for _, p := range parts {
		if p.Names == nil || p.Names.Description == "" {
			continue
		}
		pattern, err := regexp.Compile(p.Names.Pattern)
		for i, r := range name {
			if err == nil && !pattern.MatchString(name[:i]+string(r)) {
				return fmt.Sprintf("%s; %q cannot stand there", p.Names.Description, r)
			}
		}
		return p.Names.Description
	}
	return "another"
}

// known lists the keys that the parts describe.
func known(parts []part) string {
	names := map[string]bool{}
	for _, p := range parts {
		for name := range p.Properties {
			names[name] = true
		}
	}
	return strings.Join(slices.Sorted(maps.Keys(names)), ", ")
}

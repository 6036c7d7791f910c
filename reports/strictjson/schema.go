package strictjson

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"
)

// A Schema is a JSON schema, draft-07, of the keywords that a [part] has.
type Schema struct{ root part }

// A part is a part of a schema. Its description completes "it must be ...".
type part struct {
	Version     string `json:"$schema"`
	Title       string
	Description string
	Ref         string `json:"$ref"`
	Definitions map[string]*part

	Type    string
	Enum    []string
	Not     *part
	OneOf   []*part
	AnyOf   []*part
	Format  string // date
	Pattern string

	Properties           map[string]*part
	PropertyNames        *part
	AdditionalProperties *part // nil: any; forbidden: none
	Required             []string
	Items                *part
	UniqueItems          bool

	MinProperties, MinItems, MinLength int
	MaxLength                          *int
	Minimum, Maximum                   *float64

	forbidden bool // this part is "false": nothing fits it
	pattern   *regexp.Regexp
}

// UnmarshalJSON implements [json.Unmarshaler]. A keyword that is not known is an error:
// it would be ignored in silence.
func (p *part) UnmarshalJSON(text []byte) error {
	if string(text) == "false" {
		p.forbidden = true
		return nil
	}
	type plain part
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode((*plain)(p)); err != nil {
		return err
	}
	var err error
	p.pattern, err = regexp.Compile(p.Pattern)
	return err
}

// Shipped returns a function that reads a schema when it is first called. The schema
// ships with the program: one that is invalid panics.
func Shipped(text []byte) func() *Schema {
	return sync.OnceValue(func() *Schema {
		var s Schema
		if err := json.Unmarshal(text, &s.root); err != nil {
			panic("schema: " + err.Error())
		}
		return &s
	})
}

// check returns what is wrong with a document.
func (s *Schema) check(root *node) []problem {
	c := checker{schema: s}
	c.value(root, &s.root, "the file", root.offset, "")
	return c.problems
}

type checker struct {
	schema   *Schema
	problems []problem
}

func (c *checker) add(offset int, format string, args ...any) {
	c.problems = append(c.problems, problem{offset, fmt.Sprintf(format, args...)})
}

// part follows a reference.
func (c *checker) part(p *part) *part {
	for name, ok := strings.CutPrefix(p.Ref, "#/definitions/"); ok; name, ok = strings.CutPrefix(p.Ref, "#/definitions/") {
		p = c.schema.root.Definitions[name]
	}
	return p
}

// value checks a value. It is called name, stands in a member at offset at, and must be
// what, unless its part says that itself.
func (c *checker) value(n *node, p *part, name string, at int, what string) {
	p = c.part(p)
	if p.Description != "" {
		what = p.Description
	}
	wrong := func() {
		must := "it must be " + what
		if what == "" {
			must = "the schema does not allow it, correct it"
		}
		c.add(n.offset, "%s is %s: %s", name, n.show(), must)
	}
	if alternatives := slices.Concat(p.OneOf, p.AnyOf); len(alternatives) > 0 {
		var mistakes []problem // within the alternative that has the type of the value
		for _, a := range alternatives {
			try := checker{schema: c.schema}
			if try.value(n, a, name, at, what); len(try.problems) == 0 {
				return
			}
			if c.part(a).hasType(n) {
				mistakes = try.problems
			}
		}
		wrong()
		c.problems = append(c.problems, mistakes...)
		return
	}
	if !p.hasType(n) || !p.allows(n) {
		wrong()
		return
	}
	switch n.kind {
	case '{':
		c.object(n, p, name, at)
	case '[':
		c.list(n, p, name)
	}
}

func (c *checker) object(n *node, p *part, name string, at int) {
	for _, key := range p.Required {
		if n.member(key) != nil {
			continue
		}
		text := fmt.Sprintf("missing key %s in %s: add it", quote(key), name)
		if sub := p.Properties[key]; sub != nil && c.part(sub).Description != "" {
			text += ", " + c.part(sub).Description
		}
		c.add(at, "%s", text)
	}
	for i := range n.members {
		m := &n.members[i]
		sub := p.Properties[m.name]
		if sub == nil {
			sub = p.AdditionalProperties
		}
		switch names := p.PropertyNames; {
		case names != nil && !c.part(names).fits(m.name):
			c.add(m.nameOffset, "invalid key %s in %s: it must be %s", quote(m.name), name, c.part(names).nameMust(m.name))
		case sub != nil && sub.forbidden:
			c.add(m.nameOffset, "unknown key %s in %s: remove it, or write one of %s", quote(m.name), name, strings.Join(slices.Sorted(maps.Keys(p.Properties)), ", "))
			continue
		}
		if sub != nil {
			within := quote(m.name)
			if name != "the file" {
				within += " of " + name
			}
			c.value(m, sub, within, m.nameOffset, "")
		}
	}
}

func (c *checker) list(n *node, p *part, name string) {
	for i := range n.members {
		item := &n.members[i]
		if p.UniqueItems && slices.ContainsFunc(n.members[:i], func(m node) bool { return m.kind == item.kind && m.text == item.text && m.members == nil }) {
			c.add(item.offset, "%s holds %s a second time: remove one", name, item.show())
		}
		if p.Items != nil {
			c.value(item, p.Items, fmt.Sprintf("item %d of %s", i+1, name), item.offset, "")
		}
	}
}

// types are the kinds of values that have a type.
var types = map[string]string{"object": "{", "array": "[", "string": `"`, "boolean": "tf", "number": "0", "integer": "0"}

// hasType reports whether a value has the type that a part wants.
func (p *part) hasType(n *node) bool {
	if p.Type == "" {
		return !p.forbidden
	}
	whole := n.number() == float64(int64(n.number()))
	return strings.ContainsRune(types[p.Type], rune(n.kind)) && (whole || p.Type != "integer")
}

func (n *node) number() float64 {
	f, _ := strconv.ParseFloat(n.text, 64) // the parser has seen to its form and size
	return f
}

// allows reports whether a part allows a value that has its type, apart from what is
// within that.
func (p *part) allows(n *node) bool {
	switch {
	case n.kind == '"':
		return p.fits(n.text)
	case p.Enum != nil: // of texts
		return false
	case n.kind == '0':
		f := n.number()
		return (p.Minimum == nil || f >= *p.Minimum) && (p.Maximum == nil || f <= *p.Maximum)
	case n.kind == '{':
		return len(n.members) >= p.MinProperties
	case n.kind == '[':
		return len(n.members) >= p.MinItems
	}
	return true
}

// fits reports whether a part allows a text.
func (p *part) fits(text string) bool {
	length := utf8.RuneCountInString(text)
	if p.Enum != nil && !slices.Contains(p.Enum, text) || p.Not != nil && p.Not.fits(text) ||
		length < p.MinLength || p.MaxLength != nil && length > *p.MaxLength || !p.pattern.MatchString(text) {
		return false
	}
	_, err := time.Parse(time.DateOnly, text)
	return p.Format != "date" || err == nil
}

// nameMust says what a name must be, and which of its characters is wrong.
func (p *part) nameMust(name string) string {
	must := cmp.Or(p.Description, "another")
	for i, r := range name {
		if p.Pattern != "" && !p.pattern.MatchString(name[:i]+string(r)) {
			return fmt.Sprintf("%s; %q cannot stand there", must, r)
		}
	}
	return must
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

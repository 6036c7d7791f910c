package strictjson

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/tailscale/hujson"
)

// oversights finds what a JSON decoder would pass over in silence: names that
// stand twice in an object, and numbers too large to compute with. It also
// returns how often the most frequent name stands in one object.
func (d *Document) oversights() (problems []problem, most int) {
	w := walk{at: newCursor(d.text), most: 1}
	w.value(d.root)
	return w.problems, w.most
}

// A walk goes through a document in the order of its text.
type walk struct {
	at       *cursor
	most     int
	problems []problem
}

func (w *walk) value(v hujson.Value) {
	switch value := v.Value.(type) {
	case *hujson.Object:
		type seen struct{ times, line int }
		names := make(map[string]seen, len(value.Members))
		for _, m := range value.Members {
			name, offset := nameOf(m), m.Name.StartOffset
			s := names[name]
			if s.times++; s.times == 1 {
				s.line = w.at.position(offset).Line
			} else {
				w.problem(offset, fmt.Sprintf("duplicate key %s, first in line %d: remove one, or rename it", quote(name), s.line))
			}
			names[name] = s
			w.most = max(w.most, s.times)
			w.value(m.Value)
		}
	case *hujson.Array:
		for _, e := range value.Elements {
			w.value(e)
		}
	case hujson.Literal:
		if value.Kind() == '0' && !computable(value) {
			w.problem(v.StartOffset, "this number is too long or too large: write another")
		}
	}
}

func (w *walk) problem(offset int, text string) {
	w.problems = append(w.problems, problem{offset, text})
}

// computable tells whether a number is short and its exponent small.
func computable(number hujson.Literal) bool {
	if len(number) > maxNumber {
		return false
	}
	_, exponent, _ := strings.Cut(strings.ToLower(string(number)), "e")
	return len(strings.TrimLeft(exponent, "+-0")) < 3
}

// A place is where a value stands.
type place struct {
	name  int // offset of its name, or of the value where it has none
	value hujson.Value
}

// Places are those of a document's values by their paths. A path is made of the
// keys and the numbers of elements, from 0, that lead to the value.
type places map[string]place

// pathMark separates the parts of a path. It is no UTF-8, so no name holds it.
const pathMark = "\xff"

// rootName is the path of the document itself: what the schema library calls it.
const rootName = "(root)"

// whole names the value that the keys lead to: `"tester" of "SRS-002"`.
func (p places) whole(keys []string) string {
	if len(keys) == 0 {
		return "the file"
	}
	path := rootName
	names := make([]string, len(keys))
	for i, key := range keys {
		name := quote(key)
		if n, err := strconv.Atoi(key); err == nil && p[path].value.Value.Kind() == '[' {
			name = fmt.Sprintf("item %d", n+1)
		}
		names[len(keys)-1-i] = name
		path += pathMark + key
	}
	return strings.Join(names, " of ")
}

// A view is a document as the schema library takes it: what encoding/json would
// make of it, but with one of the members that bear the same name chosen.
type view struct {
	pick   int    // of members with the same name the one at pick, from 0, or the last
	places places // gets the place of every value by its path, unless it is nil
}

func (w view) value(v hujson.Value, path string) any {
	switch value := v.Value.(type) {
	case *hujson.Object:
		object := make(map[string]any, len(value.Members))
		times := map[string]int{} // that a name came again
		for _, m := range value.Members {
			name := nameOf(m)
			if _, again := object[name]; again {
				if times[name]++; times[name] > w.pick {
					continue
				}
			}
			object[name] = w.part(m.Value, m.Name.StartOffset, path, name)
		}
		return object
	case *hujson.Array:
		list := make([]any, len(value.Elements))
		for i, e := range value.Elements {
			list[i] = w.part(e, e.StartOffset, path, strconv.Itoa(i))
		}
		return list
	default:
		return plain(value.(hujson.Literal))
	}
}

func (w view) part(v hujson.Value, name int, path, key string) any {
	if w.places != nil {
		path += pathMark + key
		w.places[path] = place{name, v}
	}
	return w.value(v, path)
}

// appendJSON appends the value without comments, white space and the commas
// that JSON does not allow.
func appendJSON(b []byte, v hujson.Value) []byte {
	switch value := v.Value.(type) {
	case *hujson.Object:
		b = append(b, '{')
		for i, m := range value.Members {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendJSON(append(appendJSON(b, m.Name), ':'), m.Value)
		}
		return append(b, '}')
	case *hujson.Array:
		b = append(b, '[')
		for i, e := range value.Elements {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendJSON(b, e)
		}
		return append(b, ']')
	default:
		return append(b, value.(hujson.Literal)...)
	}
}

// nameOf returns the name of a member, its escapes resolved.
func nameOf(m hujson.ObjectMember) string {
	return textOf(m.Name.Value.(hujson.Literal))
}

// textOf returns what a literal text says. Most texts hold no escape, and
// hujson's way through encoding/json takes ten times as long.
func textOf(l hujson.Literal) string {
	if bytes.IndexByte(l, '\\') < 0 {
		return string(l[1 : len(l)-1])
	}
	return l.String()
}

func plain(l hujson.Literal) any {
	switch l.Kind() {
	case 'n':
		return nil
	case 't', 'f':
		return l.Bool()
	case '0':
		if !computable(l) {
			return json.Number("0") // a walk reports it
		}
		return json.Number(l)
	default:
		return textOf(l)
	}
}

// quote puts a name into double quotes, cut to what fits a message and with
// everything escaped that would break its line.
func quote(name string) string { return strconv.Quote(abbreviate(name)) }

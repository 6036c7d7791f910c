package strictjson

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/tailscale/hujson"
)

// members finds what a JSON decoder would pass over in silence: names that
// stand twice in an object, and numbers too large to compute with. It also
// returns how often the most frequent name stands in one object.
func (d *Document) members() (most int, problems []problem) {
	at := newCursor(d.text)
	most = 1
	for v := range d.root.All() {
		switch value := v.Value.(type) {
		case hujson.Literal:
			if value.Kind() == '0' && !computable(string(value)) {
				problems = append(problems, problem{v.StartOffset, "this number is too long or too large: write another"})
			}
		case *hujson.Object:
			seen := map[string]seenName{}
			// A cursor of its own: the members of this object come again,
			// one by one, as the walk goes on.
			inner := *at
			for _, m := range value.Members {
				name := nameOf(m)
				first := seen[name]
				first.count++
				if first.count == 1 {
					first.line = inner.position(m.Name.StartOffset).Line
				} else {
					text := fmt.Sprintf("%s stands a second time, first in line %d: remove one, or rename it", quote(name), first.line)
					problems = append(problems, problem{offset: m.Name.StartOffset, text: text})
				}
				most = max(most, first.count)
				seen[name] = first
			}
		}
		at.position(v.StartOffset)
	}
	return most, problems
}

type seenName struct{ line, count int }

// computable tells whether a number is short and its exponent small.
func computable(number string) bool {
	if len(number) > maxNumber {
		return false
	}
	_, exponent, _ := strings.Cut(strings.ToLower(number), "e")
	return len(strings.TrimLeft(exponent, "+-0")) < 3
}

// A place is where a value stands.
type place struct {
	name  int // offset of its name, or of the value where it has none
	value hujson.Value
}

// pathMark separates the parts of a path. It is no UTF-8, so no name holds it.
const pathMark = "\xff"

// rootName is what the schema library calls the document itself.
const rootName = "(root)"

// plain turns a value into what encoding/json would make of it, but takes of
// members with the same name the one that stands at pick, or the last. Where
// places is not nil, it gets the place of every value by its path.
func plain(v hujson.Value, pick int, path string, places map[string]place) any {
	switch value := v.Value.(type) {
	case *hujson.Object:
		chosen := map[string]hujson.ObjectMember{}
		count := map[string]int{}
		for _, m := range value.Members {
			name := nameOf(m)
			if count[name] <= pick {
				chosen[name] = m
			}
			count[name]++
		}
		object := make(map[string]any, len(chosen))
		for name, m := range chosen {
			object[name] = child(m.Value, m.Name.StartOffset, pick, path, name, places)
		}
		return object
	case *hujson.Array:
		list := make([]any, len(value.Elements))
		for i, e := range value.Elements {
			list[i] = child(e, e.StartOffset, pick, path, strconv.Itoa(i), places)
		}
		return list
	default:
		return plainLiteral(value.(hujson.Literal))
	}
}

func child(v hujson.Value, name, pick int, path, key string, places map[string]place) any {
	if places != nil {
		path += pathMark + key
		places[path] = place{name, v}
	}
	return plain(v, pick, path, places)
}

func plainLiteral(l hujson.Literal) any {
	switch l.Kind() {
	case 'n':
		return nil
	case 't', 'f':
		return l.Bool()
	case '0':
		if !computable(string(l)) {
			return json.Number("0") // members reports it
		}
		return json.Number(l)
	default:
		return l.String()
	}
}

// quote puts a name into double quotes, cut to what fits a message and with
// everything escaped that would break its line.
func quote(name string) string { return strconv.Quote(abbreviate(name)) }

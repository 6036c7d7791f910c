package exchange

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/socket-oneline/oneline/reports/srs"
)

// Mark stands in every requirement file that an import has written.
const Mark = "// Imported by oneline import."

// ByImport reports whether an import has written a requirement file.
func ByImport(data []byte) bool { return bytes.Contains(data[:min(len(data), 200)], []byte(Mark)) }

// Changes lists what an import changed in a requirement file.
type Changes struct {
	Added, Changed, Retired []string // ids; of those changed with their keys
}

// Update returns the requirements of a file after an import, sorted by id. What the
// source says nothing about stays as it was; a requirement that the source does not
// have any more is retired. Old may be nil.
func Update(old []srs.Requirement, in *Imported) (all []srs.Requirement, c Changes) {
	before := map[string]srs.Requirement{}
	for _, r := range old {
		before[r.ID] = r
	}
	for _, r := range in.Requirements {
		was, known := before[r.ID]
		delete(before, r.ID)
		if !known {
			c.Added = append(c.Added, r.ID)
		} else if changed := in.merge(&r, was); len(changed) > 0 {
			c.Changed = append(c.Changed, fmt.Sprintf("%s (%s)", r.ID, strings.Join(changed, ", ")))
		}
		all = append(all, r)
	}
	for _, r := range before { // which the source does not have any more
		if !r.Retired {
			r.Retired = true
			c.Retired = append(c.Retired, r.ID)
		}
		all = append(all, r)
	}
	slices.SortFunc(all, func(a, b srs.Requirement) int { return strings.Compare(a.ID, b.ID) })
	for _, list := range [][]string{c.Added, c.Changed, c.Retired} {
		slices.Sort(list)
	}
	return all, c
}

// merge takes over what the source says nothing about, and returns the keys that
// changed. Whether a requirement is retired is always the source's to say.
func (in *Imported) merge(r *srs.Requirement, was srs.Requirement) (changed []string) {
	now, then := asMap(*r), asMap(was)
	for _, key := range keys[1:] {
		if !in.Keys[key] && key != "retired" {
			now[key] = then[key]
		}
		if !reflect.DeepEqual(now[key], then[key]) {
			changed = append(changed, key)
		}
	}
	text, _ := json.Marshal(now)
	*r = srs.Requirement{ID: r.ID}
	_ = json.Unmarshal(text, r) // both are made of a requirement
	return changed
}

func asMap(r srs.Requirement) map[string]any {
	all := map[string]any{}
	text, _ := json.Marshal(r)
	_ = json.Unmarshal(text, &all)
	return all
}

// Write returns a requirement file with these requirements, sorted by id.
func Write(all []srs.Requirement) ([]byte, error) {
	byID := make(map[string]srs.Requirement, len(all))
	for _, r := range all {
		byID[r.ID] = r
	}
	text, err := json.Marshal(byID, json.Deterministic(true), jsontext.WithIndent("    "), jsontext.AllowInvalidUTF8(true))
	if err != nil {
		return nil, err
	}
	about := "{\n    " + Mark + " The next import replaces what the source says of a\n" +
		"    // requirement. Other keys stay, comments do not."
	return slices.Concat([]byte(about), text[len("{"):], []byte("\n")), nil
}

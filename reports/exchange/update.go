package exchange

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

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
	for _, r := range old {
		if _, gone := before[r.ID]; !gone {
			continue
		}
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
// changed.
func (in *Imported) merge(r *srs.Requirement, was srs.Requirement) (changed []string) {
	for _, key := range keys[1:] {
		now, then := field(r, key), field(&was, key)
		switch {
		case key == "retired":
			if in.Keys[key] || was.Retired == r.Retired {
				break
			}
			// It was retired because the source had lost it, and is back.
		case !in.Keys[key]:
			*now.text, *now.list = *then.text, *then.list
		}
		if *now.text != *then.text || !slices.Equal(*now.list, *then.list) || key == "retired" && r.Retired != was.Retired {
			changed = append(changed, key)
		}
	}
	return changed
}

// fieldOf is a key of a requirement: a text or a list.
type fieldOf struct {
	text *string
	list *[]string
}

func field(r *srs.Requirement, key string) fieldOf {
	var text string
	var list []string
	f := fieldOf{&text, &list}
	switch key {
	case "desc":
		f.text = &r.Desc
	case "group":
		f.text = &r.Group
	case "tester":
		f.text = &r.Tester
	case "level":
		f.text = &r.Level
	case "source":
		f.text = &r.Source
	case "rationale":
		f.text = &r.Rationale
	case "parents":
		f.list = &r.Parents
	case "observe":
		f.list = &r.Observe
	}
	return f
}

// Write returns a requirement file with these requirements.
func Write(all []srs.Requirement) []byte {
	b := []byte("{\n    " + Mark + " The next import replaces what the source says of a\n" +
		"    // requirement. Other keys stay, comments do not.\n")
	for i := range all {
		r := &all[i]
		b = append(b, "    "...)
		b = text(b, r.ID)
		b = append(b, ": {\n        "...)
		b = pair(b, "tester", r.Tester)
		b = pair(append(b, ", "...), "group", r.Group)
		for _, p := range []struct{ key, value string }{{"level", r.Level}, {"source", r.Source}} {
			if p.value != "" {
				b = pair(append(b, ", "...), p.key, p.value)
			}
		}
		for _, l := range []struct {
			key  string
			list []string
		}{{"parents", r.Parents}, {"observe", r.Observe}} {
			if len(l.list) > 0 {
				b = words(append(b, ", "...), l.key, l.list)
			}
		}
		if r.Retired {
			b = append(b, `, "retired": true`...)
		}
		if r.Rationale != "" {
			b = pair(append(b, ",\n        "...), "rationale", r.Rationale)
		}
		b = pair(append(b, ",\n        "...), "desc", r.Desc)
		b = append(b, "\n    }"...)
		if i+1 < len(all) {
			b = append(b, ',')
		}
		b = append(b, '\n')
	}
	return append(b, "}\n"...)
}

func text(b []byte, s string) []byte {
	b, _ = jsontext.AppendQuote(b, strings.ToValidUTF8(s, "\ufffd")) // its only error is invalid UTF-8
	return b
}

func pair(b []byte, key, value string) []byte {
	return text(append(text(b, key), ": "...), value)
}

func words(b []byte, key string, list []string) []byte {
	b = append(text(b, key), ": ["...)
	for i, s := range list {
		if i > 0 {
			b = append(b, ", "...)
		}
		b = text(b, s)
	}
	return append(b, ']')
}

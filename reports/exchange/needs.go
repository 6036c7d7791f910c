package exchange

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/socket-oneline/oneline/reports/strictjson"
)

// anyNeeds is the part of the form of needs.json that an import relies on.
var anyNeeds = strictjson.Shipped([]byte(`{
	"description": "an object with \"current_version\" and \"versions\", as sphinx-needs writes it",
	"type": "object", "required": ["current_version", "versions"],
	"properties": {
		"current_version": {"description": "a text", "type": "string"},
		"versions": {
			"description": "an object", "type": "object",
			"additionalProperties": {
				"description": "an object with \"needs\"", "type": "object", "required": ["needs"],
				"properties": {"needs": {"description": "an object of needs, by id", "type": "object", "additionalProperties": {"description": "an object", "type": "object"}}}
			}
		}
	}
}`))

// readNeeds reads the current version of a needs.json.
func readNeeds(path string, data []byte) (*table, error) {
	var file struct {
		Current  string `json:"current_version"`
		Versions map[string]struct {
			Needs map[string]map[string]any
		}
	}
	doc, err := strictjson.Parse(path, data, anyNeeds(), &file)
	if err != nil {
		return nil, err
	}
	version, ok := file.Versions[file.Current]
	if !ok {
		return nil, strictjson.Errors{doc.Mistake(fmt.Sprintf("there is no version %q in this file: correct it", file.Current), "current_version")}
	}
	t := &table{
		file: path,
		keys: map[string][]string{"desc": {"title", "content", "description"}, "group": {"type"}, "source": {"source", "docname"}, "parents": {"links"}},
		own: []string{
			"type_name", "type_color", "type_style", "type_prefix", "lineno", "lineno_content", "doctype", "docname", "sections", "section_name",
			"is_need", "is_part", "is_external", "is_import", "is_modified", "modifications", "parent_need", "parent_needs", "arch", "full_title",
			"links_back", "parts", "layout", "style", "template", "pre_template", "post_template", "hide", "collapse", "signature", "constraints_passed", "constraints_results",
			"verdict", "reason", "external_css", "external_url", "jinja_content",
		},
	}
	columns := map[string]bool{}
	for _, id := range slices.Sorted(maps.Keys(version.Needs)) {
		at := doc.At("versions", file.Current, "needs", id)
		r := row{line: at.Line, column: at.Column, cells: map[string][]string{}}
		for name, value := range version.Needs[id] {
			if cells := texts(value); len(cells) > 0 {
				r.cells[name], columns[name] = cells, true
			}
		}
		if r.cells["id"] == nil {
			r.cells["id"], columns["id"] = []string{id}, true
		}
		if parts := version.Needs[id]["parts"]; len(texts(parts)) > 0 {
			t.notes = append(t.notes, "the parts of "+id)
		}
		t.rows = append(t.rows, r)
	}
	t.columns = slices.Sorted(maps.Keys(columns))
	for _, name := range t.columns {
		if strings.HasSuffix(name, "_back") {
			t.own = append(t.own, name)
		}
	}
	return t, nil
}

// texts returns a value as texts, without those that are blank.
func texts(value any) (all []string) {
	switch v := value.(type) {
	case nil:
	case string:
		if strings.TrimSpace(v) != "" {
			all = append(all, v)
		}
	case []any:
		for _, e := range v {
			all = append(all, texts(e)...)
		}
	case map[string]any:
		if len(v) > 0 {
			text, _ := json.Marshal(v)
			all = append(all, string(text))
		}
	default:
		all = append(all, fmt.Sprint(v))
	}
	return all
}

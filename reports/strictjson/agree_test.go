package strictjson_test

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/xeipuuv/gojsonschema"

	"github.com/socket-oneline/oneline/reports/strictjson"
)

// samples stand, one after the other, in every place of a document.
var samples = []any{
	nil, true, 0, 1, 1.5, -1, 1e9, "", " ", "x", "X-1", "2026-11-25", "2026-13-25", "auto", "ping", "3s",
	[]any{},
	[]any{"a", "a"},
	[]any{"x", "y"},
	[]any{1},
	map[string]any{},
	map[string]any{"x": "y"},
	map[string]any{"match": "a"},
}

// Documents with anything anywhere are valid here if they are for another
// implementation of JSON schema.
func TestAgreement(t *testing.T) {
	for schema, text := range map[string]string{
		"../srs/srs.schema.json": `{"A": {"tester": "auto", "group": "g", "desc": "d", "observe": ["wire"], "parents": ["B"], "retired": true}}`,
		"../config/config.schema.json": `{"paper": "A4", "documents": {"trace": {"number": "1"}}, "approvers": [{"name": "", "role": "r"}],
			"run": {"type": "dev"}, "import": {"columns": {"id": ["ID"]}, "values": {"tester": {"T": "auto"}}, "separator": ";"}}`,
		"../justification/justification.schema.json": `{"justifications": [{"requirements": ["A"], "text": "t", "author": "a", "date": "2026-11-25"}],
			"unreached": [{"functions": {"p.f": 1}, "text": "t", "author": "a", "date": "2026-11-25", "seldom": true}]}`,
		"../manual/manual.schema.json":         `{"MP-1": {"title": "t", "specs": [{"title": "s", "requirements": ["A"], "steps": [{"do": "d", "expect": "e"}]}]}}`,
		"../../ver/target/profile.schema.json": `{"name": "n", "commands": [{"send": "x", "expect": ["y", {"match": "z"}]}], "otherwise": ["o"], "max_packet": 100, "response_timeout": "3s"}`,
	} {
		definition, err := os.ReadFile(schema)
		if err != nil {
			t.Fatal(err)
		}
		other, err := gojsonschema.NewSchema(gojsonschema.NewBytesLoader(definition))
		if err != nil {
			t.Fatal(err)
		}
		own := strictjson.Shipped(definition)()
		var document any
		if err := json.Unmarshal([]byte(text), &document); err != nil {
			t.Fatal(err)
		}
		tried := 0
		everywhere(&document, func() {
			data, err := json.Marshal(document)
			if err != nil {
				t.Fatal(err)
			}
			result, err := other.Validate(gojsonschema.NewBytesLoader(data))
			if err != nil {
				t.Fatal(err)
			}
			_, mine := strictjson.Parse("d", data, own, new(any))
			if tried++; result.Valid() != (mine == nil) {
				t.Errorf("%s: %s\nhere: %v\nthere: %v", schema, data, mine, result.Errors())
			}
		})
		if tried < 100 {
			t.Errorf("%s: only %d documents", schema, tried)
		}
	}
}

// everywhere calls try with each sample in each place of a document.
func everywhere(v *any, try func()) {
	kept := *v
	for _, s := range samples {
		*v = s
		try()
	}
	*v = kept
	try()
	switch kept := kept.(type) {
	case map[string]any:
		for _, key := range append(keysOf(kept), "new", "X 1") {
			was, had := kept[key]
			everywhere(&was, func() { kept[key] = was; try() })
			delete(kept, key)
			try()
			if had {
				kept[key] = was
			}
		}
	case []any:
		for i := range kept {
			everywhere(&kept[i], try)
		}
	}
}

func keysOf(m map[string]any) (keys []string) {
	for key := range m {
		keys = append(keys, key)
	}
	return keys
}

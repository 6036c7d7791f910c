package reports_test

import (
	"encoding/json"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/onsi/ginkgo/v2/types"
	"github.com/xeipuuv/gojsonschema"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/results"
)

func validate(t testing.TB, schema, m any) []gojsonschema.ResultError {
	t.Helper()
	return validateBy(t, gojsonschema.NewGoLoader(schema), m)
}

func validateBy(t testing.TB, schema gojsonschema.JSONLoader, m any) []gojsonschema.ResultError {
	t.Helper()
	data, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	result, err := gojsonschema.Validate(schema, gojsonschema.NewBytesLoader(data))
	if err != nil {
		t.Fatal(err)
	}
	return result.Errors()
}

func coverageSchema(t testing.TB) map[string]any { return decoded(t, "coverage.schema.json") }

func decoded(t testing.TB, path string) map[string]any {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var schema map[string]any
	if err := json.Unmarshal(text, &schema); err != nil {
		t.Fatal(err)
	}
	return schema
}

// Every model that Build makes fits the schema, the emptiest too.
func TestModelsFitTheSchema(t *testing.T) {
	schema := coverageSchema(t)
	for name, m := range map[string]*reports.Model{
		"no results": reports.Build(requirements("A"), nil, reports.Options{}),
		"nothing":    built(t, requirements("")),
		"all": reports.Build(requirements("A B/stop C"), []*results.Results{parsed(t, withRun(recorded(
			passing("A X"), it("", at(11)), it("B", at(12), filteredOut(), observe("stop")),
			it("A", at(13), state(types.SpecStatePanicked, "no")), it("A", at(14), func(s *types.SpecReport) { s.ContainerHierarchyLabels = nil }),
		), at127()))}, reports.Options{}),
	} {
		if errs := validate(t, schema, m); len(errs) > 0 {
			t.Errorf("%s: %v", name, errs)
		}
	}
}

// The schema describes every key of a model, and no other.
func TestSchemaIsComplete(t *testing.T) {
	m := full()
	strict := coverageSchema(t)
	closeObjects(strict)
	for _, err := range validate(t, strict, &m) {
		t.Errorf("the schema lacks something: %v", err)
	}
	describesNoMore(t, strict, &m)
	m.Requirements[0].Verdict = "MAYBE"
	if len(validate(t, strict, &m)) == 0 {
		t.Error("the schema accepts an unknown verdict")
	}
}

// full is a model in which nothing is left out.
func full() (m reports.Model) {
	fill(reflect.ValueOf(&m).Elem())
	m.Schema, m.ExitCode = reports.Schema, 1
	m.Conclusion = []string{"line", "exit code 1"}
	m.Run.Started, m.Run.Ended = began, began.Add(time.Second)
	m.Requirements[0].Tester = "auto"
	return m
}

// describesNoMore checks that a value has every key of its schema.
func describesNoMore(t *testing.T, schema, v any) {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	for key := range keysOf(schema) {
		if !strings.Contains(string(data), `"`+key+`":`) {
			t.Errorf("the schema has the key %s, which is nowhere", key)
		}
	}
}

// fill gives every field of a value something that is not left out.
func fill(v reflect.Value) {
	switch v.Interface().(type) {
	case reports.Verdict:
		v.Set(reflect.ValueOf(reports.Pass))
		return
	case reports.Result:
		v.Set(reflect.ValueOf(reports.ResultPass))
		return
	case time.Time, *evidence.Spec:
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString("text")
	case reflect.Int, reflect.Int64:
		v.SetInt(3)
	case reflect.Float64:
		v.SetFloat(1.5)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0))
	case reflect.Map:
		value := reflect.New(v.Type().Elem()).Elem()
		fill(value)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(reflect.ValueOf("key"), value)
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i))
		}
	}
}

// closeObjects lets the objects of a schema have no keys but those described.
func closeObjects(schema any) {
	switch s := schema.(type) {
	case map[string]any:
		if _, described := s["properties"]; described && s["type"] == "object" {
			s["additionalProperties"] = false
		}
		for _, part := range s {
			closeObjects(part)
		}
	case []any:
		for _, part := range s {
			closeObjects(part)
		}
	}
}

// keysOf are the keys that a schema describes, at any depth.
func keysOf(schema any) map[string]bool {
	keys := make(map[string]bool)
	if s, ok := schema.(map[string]any); ok {
		for name, part := range s {
			if properties, ok := part.(map[string]any); ok && name == "properties" {
				for key := range properties {
					keys[key] = true
				}
			}
			for key := range keysOf(part) {
				keys[key] = true
			}
		}
	}
	return keys
}

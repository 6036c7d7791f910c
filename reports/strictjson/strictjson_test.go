package strictjson_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/socket-oneline/oneline/reports/strictjson"
)

// anything is a schema that everything fits.
var anything = strictjson.Shipped([]byte(`{}`))()

// menu is a schema with the parts that messages are made from.
var menu = strictjson.Shipped([]byte(`{
	"$schema": "http://json-schema.org/draft-07/schema#",
	"type": "object",
	"additionalProperties": false,
	"required": ["name"],
	"properties": {
		"name": {"description": "a text", "type": "string"},
		"price": {"type": "number", "minimum": 0},
		"sizes": {"description": "a list of numbers", "type": "array", "items": {"type": "integer"}, "uniqueItems": true},
		"parts": {"type": "array", "items": {"$ref": "#/definitions/part"}},
		"more": {"type": "object", "propertyNames": {"pattern": "^x"}, "additionalProperties": {"description": "true or false", "type": "boolean"}}
	},
	"definitions": {
		"part": {
			"description": "a text or {\"match\": ...}",
			"oneOf": [
				{"type": "string"},
				{"type": "object", "required": ["match"], "additionalProperties": false,
					"properties": {"match": {"description": "a regular expression", "type": "string"}}}
			]
		}
	}
}`))()

func TestDecode(t *testing.T) {
	var got struct {
		Name  string
		Price float64
		Sizes []int
		More  map[string]bool
	}
	text := "\ufeff{ // the menu\r\n\t\"name\": \"a\\u00e4\\\"\", /* cheap */ \"price\": 1.5e+2, \"sizes\": [1, 2,],\n\"more\": {\"x\": true, \"xy\": false,},}\n// end"
	if _, err := strictjson.Parse("menu.json", []byte(text), menu, &got); err != nil {
		t.Fatal(err)
	}
	want := got
	want.Name, want.Price, want.Sizes, want.More = `aä"`, 150, []int{1, 2}, map[string]bool{"x": true, "xy": false}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// The data stay the caller's.
func TestDataKept(t *testing.T) {
	data := []byte("{\"name\": \"x\", // why\n}")
	before := bytes.Clone(data)
	var v any
	if _, err := strictjson.Parse("menu.json", data[:len(data):len(data)], menu, &v); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(before, data) {
		t.Errorf("%q", data)
	}
}

func TestMembers(t *testing.T) {
	d, err := strictjson.Parse("f", []byte("{\"b\": 1, \"ä\": {\"x\": 2},\r\n\t\"a\\u0062\": 3}"), anything, new(any))
	if err != nil {
		t.Fatal(err)
	}
	type member struct {
		Name string
		At   strictjson.Position
	}
	want := []member{
		{"b", strictjson.Position{Line: 1, Column: 2}},
		{"ä", strictjson.Position{Line: 1, Column: 10}},
		{"ab", strictjson.Position{Line: 2, Column: 2}},
	}
	for range 2 {
		var got []member
		for name, at := range d.Members() {
			got = append(got, member{name, at})
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}
	for name := range d.Members() {
		if name != "b" {
			t.Errorf("%q after the loop was left", name)
		}
		break
	}
}

func TestMembersOfNoObject(t *testing.T) {
	d, err := strictjson.Parse("f", []byte("[1]"), anything, new(any))
	if err != nil {
		t.Fatal(err)
	}
	for name := range d.Members() {
		t.Errorf("%q", name)
	}
}

func TestSyntax(t *testing.T) {
	tests := []struct{ text, want string }{
		{"", "1:1: the file is empty: write an object, { ... }"},
		{"\ufeff \n", "2:1: the file is empty: write an object, { ... }"},
		{"\n// only this", `2:13: the file is empty: write an object, { ... }`},
		{"{", `1:2: the file ends too early: complete it`},
		{`{"a"`, `1:5: the file ends too early: complete it`},
		{`{"a": 1`, `1:8: the file ends too early: complete it`},
		{"[1", `1:3: the file ends too early: complete it`},
		{`{"ä": "x`, `1:9: the file ends too early: complete it`},
		{"1 /* x", `1:3: invalid character '/' at start of value`},
		{"{\"a\": \"x\n\"}", `1:9: invalid character '\n' in string (expecting non-control character)`},
		{`["\x"]`, "1:3: invalid escape sequence `\\x` in string"},
		{`{a: 1}`, `1:2: invalid character 'a' at start of value`},
		{`{1: 1}`, `1:2: object member name must be a string`},
		{`{"a" 5}`, `1:6: invalid character '5' after object name (expecting ':')`},
		{"{\n  \"a\": 1\n  \"b\": 2}", `3:3: invalid character '"' after object value (expecting ',' or '}')`},
		{"[1 [2]]", `1:4: invalid character '[' after array element (expecting ',' or ']')`},
		{"[1\t\x01]", `1:4: invalid character '\x01' after array element (expecting ',' or ']')`},
		{"{}}", `1:3: invalid character '}' at start of value`},
		{"{} word", `1:4: invalid character 'w' at start of value`},
		{"{}\n {}", `2:2: there is more after the end: remove it, or a closing bracket before it`},
		{`{"a":,}`, `1:6: invalid character ',' at start of value`},
		{"]", `1:1: invalid character ']' at start of value`},
		{"{'a': 1}", `1:2: invalid character '\'' at start of value`},
		{"{\"a\": \"\xff\"}", `1:8: this is not UTF-8: save the file as UTF-8`},
		{"1 / 2", `1:3: invalid character '/' at start of value`},
		{"ä \ufffd\n\xc3", `2:1: this is not UTF-8: save the file as UTF-8`},
		{"\xff\xfe{\x00}\x00", `1:1: this is not UTF-8: save the file as UTF-8`},
		{strings.Repeat("[", 65), "1:65: more than 64 objects and lists within one another: flatten them"},
		{strings.Repeat(`{"a":`, 65), "1:321: more than 64 objects and lists within one another: flatten them"},
	}
	for _, tt := range tests {
		_, err := strictjson.Parse("f", []byte(tt.text), anything, new(any))
		if err == nil || err.Error() != "f:"+tt.want {
			t.Errorf("%q:\n got %v\nwant f:%s", tt.text, err, tt.want)
		}
	}
}

// Brackets in texts and comments open nothing, and siblings don't add up.
func TestDepth(t *testing.T) {
	for _, text := range []string{
		strings.Repeat("[", 64) + strings.Repeat("]", 64),
		`["` + strings.Repeat("[", 99) + `\"` + strings.Repeat("[", 99) + `"]`,
		"[ // " + strings.Repeat("[", 99) + "\n]",
		"[ /* " + strings.Repeat("[\n", 99) + "*/]",
		"[" + strings.Repeat("[],", 99) + "]",
	} {
		if _, err := strictjson.Parse("f", []byte(text), anything, new(any)); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestMistakes(t *testing.T) {
	tests := []struct {
		name, text string
		want       []string
	}{
		{"root", "\n []", []string{`2:2: the file is an empty list: the schema does not allow it, correct it`}},
		{"missing", `{"price": 1}`, []string{`1:1: missing key "name" in the file: add it, a text`}},
		{
			"unknown", `{"name": "", "nmae": 1}`,
			[]string{`1:14: unknown key "nmae" in the file: remove it, or write one of more, name, parts, price, sizes`},
		},
		{
			"type", `{"name": {"a": 1}, "sizes": {}, "price": -3}`,
			[]string{
				`1:10: "name" is an object: it must be a text`,
				`1:29: "sizes" is an empty object: it must be a list of numbers`,
				`1:42: "price" is -3: the schema does not allow it, correct it`,
			},
		},
		{"element", `{"name": "", "sizes": [1, 1.5]}`, []string{`1:27: item 2 of "sizes" is 1.5: the schema does not allow it, correct it`}},
		{"repeated element", `{"name": "", "sizes": [7, 8, 7]}`, []string{`1:30: "sizes" holds 7 a second time: remove one`}},
		{
			"key", `{"name": "", "more": {"a": true, "x": [1]}}`,
			[]string{
				`1:23: invalid key "a" in "more": it must be another; 'a' cannot stand there`,
				`1:39: "x" of "more" is a list: it must be true or false`,
			},
		},
		{"alternatives", `{"name": "", "parts": ["a", 5]}`, []string{`1:29: item 2 of "parts" is 5: it must be a text or {"match": ...}`}},
		{
			"within an alternative", `{"name": "", "parts": [{"match": 1}]}`,
			[]string{
				`1:24: item 1 of "parts" is an object: it must be a text or {"match": ...}`,
				`1:34: "match" of item 1 of "parts" is 1: it must be a regular expression`,
			},
		},
		{
			"duplicates", "{\"name\": \"\", \"n\\u0061me\": 1,\n \"more\": {\"x\": 1, \"x\": 2, \"x\": 3},\n\"name\": 2}",
			[]string{
				`1:14: duplicate key "name", first in line 1: remove one, or rename it`,
				`1:27: "name" is 1: it must be a text`,
				`2:16: "x" of "more" is 1: it must be true or false`,
				`2:19: duplicate key "x", first in line 2: remove one, or rename it`,
				`2:24: "x" of "more" is 2: it must be true or false`,
				`2:27: duplicate key "x", first in line 2: remove one, or rename it`,
				`2:32: "x" of "more" is 3: it must be true or false`,
				`3:1: duplicate key "name", first in line 1: remove one, or rename it`,
				`3:9: "name" is 2: it must be a text`,
			},
		},
		{
			"numbers", `{"name": "", "price": 1e999999999, "sizes": [1E+0001, 1` + strings.Repeat("0", 40) + `]}`,
			[]string{
				"1:23: this number is too long or too large: write another",
				"1:55: this number is too long or too large: write another",
			},
		},
		{"line break in a key", `{"name": "", "a\nb": 1}`, []string{`1:14: unknown key "a\nb" in the file: remove it, or write one of more, name, parts, price, sizes`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := strictjson.Parse("f", []byte(tt.text), menu, new(any))
			var got []string
			if list := strictjson.Errors(nil); errors.As(err, &list) {
				for _, e := range list {
					got = append(got, strings.TrimPrefix(e.Error(), "f:"))
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// The mistakes of a file can be taken apart.
func TestErrorFields(t *testing.T) {
	_, err := strictjson.Parse("f", []byte("{\n}"), menu, new(any))
	want := strictjson.Errors{{File: "f", Line: 1, Column: 1, Text: `missing key "name" in the file: add it, a text`}}
	var got strictjson.Errors
	if !errors.As(err, &got) || !slices.Equal(got, want) {
		t.Errorf("%#v", err)
	}
}

// What the schema lets through and the type does not hold is said too.
func TestDecodeUnfit(t *testing.T) {
	var v struct{ A int }
	if _, err := strictjson.Parse("f", []byte("{"), anything, &v); err == nil {
		t.Error("a brace was taken for a document")
	}
	_, err := strictjson.Parse("f", []byte(`{"A": "x"}`), anything, &v)
	var list strictjson.Errors
	if !errors.As(err, &list) || err.Error() != "f:1:7: a JSON string does not fit here: correct it" {
		t.Error(err)
	}
}

func TestTooLarge(t *testing.T) {
	_, err := strictjson.Parse("f", make([]byte, strictjson.MaxSize+1), anything, new(any))
	const want = "f:1:1: the file has more than 67108864 bytes: split it"
	if err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}

func TestReadFile(t *testing.T) {
	dir := t.TempDir()
	small := filepath.Join(dir, "small")
	if err := os.WriteFile(small, []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	if data, err := strictjson.ReadFile(small); err != nil || string(data) != "{}" {
		t.Errorf("%q, %v", data, err)
	}
	// A sparse file takes no room on disk.
	large := filepath.Join(dir, "large")
	if err := os.WriteFile(large, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(large, strictjson.MaxSize+100); err != nil {
		t.Fatal(err)
	}
	if data, err := strictjson.ReadFile(large); err != nil || len(data) != strictjson.MaxSize+1 {
		t.Errorf("%d bytes, %v", len(data), err)
	}
	for _, path := range []string{dir, filepath.Join(dir, "none")} {
		_, err := strictjson.ReadFile(path)
		var list strictjson.Errors
		if !errors.As(err, &list) || !strings.HasPrefix(err.Error(), path+": cannot be read: ") || strings.Count(err.Error(), path) != 1 {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestInvalidSchema(t *testing.T) {
	for _, text := range []string{"", "{", `{"type": 5}`, `{"description": 5}`, `{"type": "object", "properties": {"a": {"description": []}}}`} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%q does not panic", text)
				}
			}()
			strictjson.Shipped([]byte(text))()
		}()
	}
}

// FuzzParse looks for panics and for positions that are not in the file.
func FuzzParse(f *testing.F) {
	f.Add("{\"name\": \"x\", // why\n \"sizes\": [1, 2,], \"price\": 1e5, /* ä */ \"more\": {\"x\": true}}")
	f.Add("\ufeff{\"parts\": [\"a\", {\"match\": null}], \"name\": \"\\u00e4\\ud800\", \"name\": [[[{}]]]}\r\n// x")
	f.Add("{\"price\": 1e99999999999, \"sizes\": [1,1,-0.0E-07]}")
	f.Add("{\"a\x00\": \"\xff\", 'b'")
	f.Fuzz(func(t *testing.T, text string) {
		_, err := strictjson.Parse("f", []byte(text), menu, new(any))
		if err == nil {
			return
		}
		lines := strings.Split(strings.TrimPrefix(text, "\ufeff"), "\n")
		last := strictjson.Error{}
		for _, e := range err.(strictjson.Errors) {
			if e.Line < 1 || e.Line > len(lines) || e.Column < 1 || e.Column > 1+utf8.RuneCountInString(lines[e.Line-1]) {
				t.Errorf("%v is not in the file", e)
			}
			if e.Line < last.Line || e.Line == last.Line && e.Column < last.Column {
				t.Errorf("%v stands behind %v", e, last)
			}
			if strings.ContainsAny(e.Text, "\n\r") || !utf8.ValidString(e.Text) {
				t.Errorf("%q is not one line", e.Text)
			}
			last = e
		}
	})
}

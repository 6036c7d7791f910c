package strictjson_test

import (
	"testing"

	"github.com/socket-oneline/oneline/reports/strictjson"
)

func TestAt(t *testing.T) {
	const text = "\ufeff{ // ä\n  \"ä\": [ 1,\n\t\"x\", {\"a\": 1} ],\n \"b\": {\"c\": true}\n}"
	var v any
	doc, err := strictjson.Parse("at.json", []byte(text), anything, &v)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		keys []string
		want strictjson.Position
	}{
		{nil, strictjson.Position{Line: 1, Column: 1}},
		{[]string{"ä"}, strictjson.Position{Line: 2, Column: 8}},
		{[]string{"ä", "0"}, strictjson.Position{Line: 2, Column: 10}},
		{[]string{"ä", "1"}, strictjson.Position{Line: 3, Column: 2}},
		{[]string{"ä", "2", "a"}, strictjson.Position{Line: 3, Column: 13}},
		{[]string{"b", "c"}, strictjson.Position{Line: 4, Column: 13}},
		{[]string{"ä", "3"}, strictjson.Position{Line: 2, Column: 8}},
		{[]string{"ä", "-1"}, strictjson.Position{Line: 2, Column: 8}},
		{[]string{"none", "x"}, strictjson.Position{Line: 1, Column: 1}},
		{[]string{"b", "c", "x"}, strictjson.Position{Line: 4, Column: 13}},
	} {
		if got := doc.At(c.keys...); got != c.want {
			t.Errorf("%q is at %v, want %v", c.keys, got, c.want)
		}
	}
	if got := doc.Mistake("is wrong", "b").Error(); got != "at.json:4:7: is wrong" {
		t.Error(got)
	}
}

package verify

import (
	"testing"
)

// What failed is repeated alone, in the same order, and leaves the reports of the run
// in which it failed as they are.
func TestRepeat(t *testing.T) {
	for _, c := range []struct {
		name   string
		values Values
		out    string
		want   string
	}{
		{"nothing given", Values{}, "oneline-report", "-out oneline-repeat -seed 1"},
		{"no reports", Values{}, "", "-seed 1"},
		{"a part", Values{"only": "SRS-004,TP-002", "out": "x", "seed": "7"}, "x", "-out oneline-repeat -seed 7"},
		{
			"a formal run",
			Values{"launch": "./server {addr}", "run-type": "formal", "protocol": "p.json", "kill-matrix": "k.json", "run-id": "F-1"},
			"oneline-report", "-launch './server {addr}' -out oneline-repeat -run-type dev -seed 1",
		},
	} {
		o := Options{RunType: "dev", Out: c.out, Seed: 1}
		if c.values["run-type"] != "" {
			o.RunType = c.values["run-type"]
		}
		if c.values["seed"] == "7" {
			o.Seed = 7
		}
		given := c.values.String()
		o.RepeatBy("oneline verify", c.values)
		got := o.RepeatOnly
		if want := "oneline verify " + c.want + " -only"; got != want {
			t.Errorf("%s: a spec is repeated by\n%s, not by\n%s", c.name, got, want)
		}
		if c.values.String() != given {
			t.Errorf("%s: the flags have become %s", c.name, c.values)
		}
	}
}

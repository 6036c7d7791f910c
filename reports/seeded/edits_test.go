package seeded

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/read"
	"github.com/socket-oneline/oneline/reports/results"
	"github.com/socket-oneline/oneline/reports/srs"
)

// edit calls try for each way of removing one member of v or changing one value in it, at
// any depth.
func edit(v any, path string, try func(what string)) {
	switch v := v.(type) {
	case map[string]any:
		for key, was := range v {
			at := path + "/" + key
			delete(v, key)
			try(at + " removed")
			for _, v[key] = range others(was) {
				try(fmt.Sprint(at, " = ", v[key]))
			}
			v[key] = was
			edit(was, at, try)
		}
	case []any:
		for i, was := range v {
			at := fmt.Sprint(path, "/", i)
			for _, v[i] = range others(was) {
				try(fmt.Sprint(at, " = ", v[i]))
			}
			v[i] = was
			edit(was, at, try)
		}
	}
}

// others returns values to replace a value by.
func others(was any) []any {
	switch was := was.(type) {
	case bool:
		return []any{!was, nil}
	case float64:
		return []any{was + 1, was - 1, nil}
	case string:
		return []any{"", "passed", nil}
	case []any:
		if n := len(was); n > 0 {
			return []any{was[1:], was[:n-1], nil}
		}
	}
	return []any{nil}
}

// A failure stands in two places, in the state of a spec and in its verification. No
// single edit of a report makes it pass.
func TestNoSingleEditTurnsRedIntoGreen(t *testing.T) {
	file, err := srs.Parse("srs.json", []byte(calcRequirements))
	if err != nil {
		t.Fatal(err)
	}
	s := calculator()
	s.named("adds").fail()
	s.Report.SuiteSucceeded = false
	var report any
	if err := json.Unmarshal([]byte(encode([]*suite{s})), &report); err != nil {
		t.Fatal(err)
	}
	n := 0
	judge := func(what string) {
		n++
		r, err := read.From("results.json", strings.NewReader(marshal(report)))
		if err != nil {
			return // it is refused
		}
		if m := reports.Build(file, []*results.Results{r}, reports.Options{}); m.ExitCode == reports.ExitPassed {
			t.Errorf("%s: exit code 0", what)
		}
	}
	edit(report, "", judge)

	// The evidence is JSON in a text.
	specs := report.([]any)[0].(map[string]any)["SpecReports"].([]any)
	for i, spec := range specs {
		for _, entry := range spec.(map[string]any)["ReportEntries"].([]any) {
			value := entry.(map[string]any)["Value"].(map[string]any)
			was := value["AsJSON"].(string)
			var evidence any
			if err := json.Unmarshal([]byte(was), &evidence); err != nil {
				t.Fatal(err)
			}
			edit(evidence, fmt.Sprint("evidence ", i), func(what string) {
				value["AsJSON"] = marshal(evidence)
				judge(what)
			})
			value["AsJSON"] = was
		}
	}
	if n < 1000 {
		t.Errorf("%d edits were tried", n)
	}
}

package ginkgo_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/onsi/ginkgo/v2/types"

	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/read/ginkgo"
	"github.com/socket-oneline/oneline/reports/results"
)

// TestBrokenResults has files that are no results. Each gives one line, with
// the place where it is known.
func TestBrokenResults(t *testing.T) {
	withEntry := func(name, value string) string {
		data := string(written(t, suite(evidence.Run{}, spec(func(s *types.SpecReport) { s.LeafNodeText, s.ReportEntries = "MARK", nil }))))
		text, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		return strings.Replace(data, `"LeafNodeText":"MARK"`, `"ReportEntries":[{"Name":"`+name+`","Value":{"AsJSON":`+string(text)+`}}],"LeafNodeText":"MARK"`, 1)
	}
	const wrong = ": give the file that Ginkgo's --json-report wrote"
	const empty = "the evidence is empty: the suite could not write it; repeat the run"
	const truncated = "the file is cut off: the run did not end, or the disk was full; repeat it"
	for _, c := range []struct{ name, data, want string }{
		{"empty", "", "r.json: the file is empty: the run wrote no results, repeat it"},
		{"blank", "\ufeff \r\n\t", "r.json: the file is empty: the run wrote no results, repeat it"},
		{"no suite", "[]", "r.json: the report holds no suite: nothing was run, repeat the run"},
		{"an object", "\n {\"schema\": 1}", "r.json:2:2: this is not a Ginkgo JSON report, which is a list of suites" + wrong},
		{"text", "ok  \tpkg", "r.json:1:1: this is not a Ginkgo JSON report, which is a list of suites" + wrong},
		{"another list", "[\n{\"id\": [1, {\"x\": \"]\"}]}]", "r.json:2:1: this is not a suite of a Ginkgo JSON report" + wrong},
		{"a list of numbers", "[1]", "r.json:1:2: this does not belong in a Ginkgo JSON report (/0 cannot be a number)" + wrong},
		{"a list of nothing", "[null]", "r.json:1:2: this is not a suite of a Ginkgo JSON report" + wrong},
		{"a wrong type", "[{\"SuitePath\": 3}]", "r.json:1:16: this does not belong in a Ginkgo JSON report (/0/SuitePath cannot be a number)" + wrong},
		{"a wrong type inside", "[{\"SuitePath\": \"\", \"SpecReports\": [{\"State\": []}]}]", "r.json:1:46: this does not belong in a Ginkgo JSON report (/State cannot be a list)" + wrong},
		{"a wrong list", "[{\"SuitePath\": \"\", \"SpecReports\": 7}]", "r.json:1:35: this does not belong in a Ginkgo JSON report (/0/SpecReports cannot be a number)" + wrong},
		{"a word", "[{\"SuitePath\": nothing}]", "r.json:1:17: this does not belong in a Ginkgo JSON report (invalid character 'o' in literal null (expecting 'u'))" + wrong},
		{"not null", "[{\"SuitePath\": \"\", \"SpecReports\": nul}]", "r.json:1:38: this does not belong in a Ginkgo JSON report (invalid character '}' in literal null (expecting 'l'))" + wrong},
		{"no colon", "[{\"SuitePath\" 3}]", "r.json:1:15: this does not belong in a Ginkgo JSON report (invalid character '3' after object name (expecting ':'))" + wrong},
		{"no name", "[{3: 4}]", "r.json:1:3: this does not belong in a Ginkgo JSON report (object member name must be a string)" + wrong},
		{"no value", "[{\"x\": , \"y\": 1}]", "r.json:1:8: this does not belong in a Ginkgo JSON report (invalid character ',' at start of value)" + wrong},
		{"no value at the end", "[{\"x\": }]", "r.json:1:8: this does not belong in a Ginkgo JSON report (invalid character '}' at start of value)" + wrong},
		{"no comma", "[{\"x\": 1 \"y\": 2}]", "r.json:1:10: this does not belong in a Ginkgo JSON report (invalid character '\"' after object value (expecting ',' or '}'))" + wrong},
		{"no comma in a list", "[{\"SuitePath\": \"\"} {}]", "r.json:1:20: this does not belong in a Ginkgo JSON report (invalid character '{' after array element (expecting ',' or ']'))" + wrong},
		{"byte 0", "[{\"x\": [\x00]}]", "r.json:1:9: this does not belong in a Ginkgo JSON report (invalid character '\\x00' at start of value)" + wrong},
		{"two reports", "[{\"SuitePath\": \"\"}]\n[]", "r.json:2:1: something follows the end of the report" + wrong},
		{"a bracket", "[", "r.json:1:2: " + truncated},
		{"cut off in a name", "[{\"Suite", "r.json:1:9: " + truncated},
		{"cut off after a name", "[{\"SuitePath\"", "r.json:1:14: " + truncated},
		{"cut off in a text", "[{\"SuitePath\": \"x\\\"", "r.json:1:20: " + truncated},
		{"cut off in a skipped value", "[{\"x\": [{\"y\": 12", "r.json:1:17: " + truncated},
		{"cut off before the end", "[{\"SuitePath\": \"\"}", "r.json:1:19: " + truncated},
		{"an unknown state", "[{\"SuitePath\": \"\", \"SpecReports\": [\n{\"State\": \"flaked\"}]}]", `r.json:2:1: the state "flaked" is not one of Ginkgo's: use the release of oneline that fits the suite`},
		{"a key twice", "[{\"SuitePath\": \"a\", \"SuitePath\": \"b\"}]", "r.json:1:21: this does not belong in a Ginkgo JSON report (the key \"SuitePath\" stands twice)" + wrong},
		{"a key twice in a spec", "[{\"SuitePath\": \"\", \"SpecReports\": [{\"State\": \"passed\",\n\"State\": \"failed\"}]}]", `r.json:2:1: this does not belong in a Ginkgo JSON report (the key "State" stands twice)` + wrong},
		{"a key twice in what is not looked at", "[{\"SuitePath\": \"\", \"x\": {\"y\": 1, \"y\": 2}}]", "r.json:1:34: this does not belong in a Ginkgo JSON report (the key \"y\" stands twice)" + wrong},
		{"an end before its start", `[{"SuitePath":"","StartTime":"2026-11-23T10:00:01Z","EndTime":"2026-11-23T10:00:00Z"}]`, "r.json:1:2: the run ends before it starts: the file was altered, or the clock was; repeat the run"},
		{"a negative time", `[{"SuitePath":"","SpecReports":[{"State":"passed","RunTime":-1}]}]`, "r.json:1:33: the spec took less than no time, or has less than no attempts: the file was altered; repeat the run"},
		{"negative attempts", `[{"SuitePath":"","SpecReports":[{"State":"passed","NumAttempts":-1}]}]`, "r.json:1:33: the spec took less than no time, or has less than no attempts: the file was altered; repeat the run"},
		{"a key twice in evidence", withEntry(evidence.SpecEntry, `{"schema":"oneline-evidence/1","completed":false,"completed":true}`), `the evidence is broken (the key "completed" stands twice): repeat the run`},
		{"a negative time in evidence", withEntry(evidence.SpecEntry, `{"schema":"oneline-evidence/1","transcript":[{"offset":-1}]}`), "the transcript holds a negative time or length: the evidence was altered; repeat the run"},
		{"a run that ends before its start", withEntry(evidence.RunEntry, `{"schema":"oneline-evidence/1","started":"2026-11-23T10:00:01Z","ended":"2026-11-23T10:00:00Z"}`), "the run ends before it starts: the file was altered, or the clock was; repeat the run"},
		{"newer evidence", withEntry(evidence.SpecEntry, `{"schema":"oneline-evidence/2","title":7}`), `the evidence is of the form "oneline-evidence/2", and only "oneline-evidence/1" can be read: use the release of oneline that fits the suite`},
		{"a newer run", withEntry(evidence.RunEntry, `{"schema":"oneline-evidence/2"}`), `the evidence is of the form "oneline-evidence/2", and only "oneline-evidence/1" can be read: use the release of oneline that fits the suite`},
		{"foreign evidence", withEntry(evidence.SpecEntry, `{}`), `the evidence does not say of which form it is, and only "oneline-evidence/1" can be read: repeat the run`},
		{"broken evidence", withEntry(evidence.SpecEntry, `{"schema":"oneline-evidence/1"`), "the evidence is broken (unexpected EOF): repeat the run"},
		{"no evidence", withEntry(evidence.SpecEntry, ""), empty},
		{"evidence of another type", strings.Replace(withEntry(evidence.SpecEntry, "VALUE"), `"VALUE"`, "7", 1), "this does not belong in a Ginkgo JSON report (/ReportEntries/0/Value/AsJSON cannot be a number)" + wrong},
		{"evidence with a wrong escape", strings.Replace(withEntry(evidence.SpecEntry, "VALUE"), "VALUE", `\x`, 1), "this does not belong in a Ginkgo JSON report (invalid escape sequence `\\x` in string)" + wrong},
		{"an entry that is none", strings.Replace(withEntry(evidence.SpecEntry, "VALUE"), `{"AsJSON":"VALUE"}`, "7", 1), "this does not belong in a Ginkgo JSON report (/ReportEntries/0/Value cannot be a number)" + wrong},
		{"an entry without a value", strings.Replace(withEntry(evidence.SpecEntry, "VALUE"), `,"Value":{"AsJSON":"VALUE"}`, "", 1), empty},
	} {
		t.Run(c.name, func(t *testing.T) {
			parsed, err := ginkgo.Parse("r.json", []byte(c.data), ginkgo.Options{})
			if err == nil {
				t.Fatalf("no error, but %+v", parsed)
			}
			got := err.Error()
			if !strings.HasPrefix(c.want, "r.json") {
				var place string
				if place, got, _ = strings.Cut(got, ": "); !strings.HasPrefix(place, "r.json:1:") {
					t.Errorf("%s: %s: not with its place", place, got)
				}
			}
			if got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// However much of a file is missing, what is left is refused as cut off.
func TestCutOff(t *testing.T) {
	data := written(t, suite(evidence.Run{}, spec(), spec()))
	for n := 1; n < len(data); n++ {
		_, err := ginkgo.Parse("r.json", data[:n], ginkgo.Options{})
		if err == nil || !strings.HasPrefix(err.Error(), "r.json:1:") || !strings.HasSuffix(err.Error(), "; repeat it") {
			t.Fatalf("%d bytes of %d: %v", n, len(data), err)
		}
	}
}

// The place of an error is that of the file, however the suite is written.
func TestPlaceInAnIndentedFile(t *testing.T) {
	var data bytes.Buffer
	if err := json.Indent(&data, written(t, suite(evidence.Run{}, spec())), "", "  "); err != nil {
		t.Fatal(err)
	}
	if _, err := ginkgo.Parse("r.json", data.Bytes(), ginkgo.Options{}); err != nil {
		t.Fatal(err)
	}
	broken := strings.Replace(data.String(), `"State": "passed"`, `"State": 17`, 1)
	line := strings.Count(broken[:strings.Index(broken, `"State": 17`)], "\n") + 1
	_, err := ginkgo.Parse("r.json", []byte(broken), ginkgo.Options{})
	if err == nil || !strings.HasPrefix(err.Error(), "r.json:"+strconv.Itoa(line)+":") {
		t.Errorf("line %d: %v", line, err)
	}
}

// FuzzParse reads anything without a panic, and refuses with one line.
func FuzzParse(f *testing.F) {
	f.Add(written(f, suite(evidence.Run{}, spec(), spec())))
	f.Add([]byte(`[{"SuitePath":"","SpecReports":[{"LeafNodeType":"It","State":null,"ReportEntries":null}]}]`))
	f.Add([]byte(`[{"SuitePath":"\u0000","x":[{}]}]`))
	f.Add([]byte("[{]"))
	f.Fuzz(func(t *testing.T, data []byte) {
		parsed, err := ginkgo.Parse("r.json", data, ginkgo.Options{})
		if err != nil {
			if text := err.Error(); strings.ContainsAny(text, "\n\r") || !strings.HasPrefix(text, "r.json:") {
				t.Errorf("error %q", text)
			}
			return
		}
		for i := range parsed.Suites {
			for k := range parsed.Suites[i].Specs {
				if s := &parsed.Suites[i].Specs[k]; !slices.Contains(results.States, s.State) || len(s.Identity.Path) < 3 {
					t.Errorf("%+v", s)
				}
			}
		}
	})
}

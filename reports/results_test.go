package reports_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/onsi/ginkgo/v2/types"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/evidence"
)

// TestBrokenResults has files that are no results. Each gives one line, with
// the place where it is known.
func TestBrokenResults(t *testing.T) {
	withEntry := func(name, value string) string {
		s := it("A")
		s.LeafNodeText = "MARK"
		data := string(written(t, recorded(s)))
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
		{"a list of numbers", "[1]", "r.json:1:2: an object was expected" + wrong},
		{"a list of nothing", "[null]", "r.json:1:2: this is not a suite of a Ginkgo JSON report" + wrong},
		{"a wrong type", "[{\"SuitePath\": 3}]", "r.json:1:16: this does not belong into a Ginkgo JSON report (json: cannot unmarshal number into Go value of type string)" + wrong},
		{"a wrong type inside", "[{\"SuitePath\": \"\", \"SpecReports\": [{\"State\": []}]}]", "r.json:1:46: this does not belong into a Ginkgo JSON report (json: cannot unmarshal array into Go value of type string)" + wrong},
		{"a wrong list", "[{\"SuitePath\": \"\", \"SpecReports\": 7}]", "r.json:1:35: a list was expected" + wrong},
		{"a word", "[{\"SuitePath\": nothing}]", "r.json:1:17: this does not belong into a Ginkgo JSON report (invalid character 'o' in literal null (expecting 'u'))" + wrong},
		{"not null", "[{\"SuitePath\": \"\", \"SpecReports\": nul}]", "r.json:1:37: this does not belong into a Ginkgo JSON report (invalid character ' ' in literal null (expecting 'l'))" + wrong},
		{"no colon", "[{\"SuitePath\" 3}]", "r.json:1:15: a colon was expected" + wrong},
		{"no name", "[{3: 4}]", "r.json:1:3: a name was expected" + wrong},
		{"no value", "[{\"x\": , \"y\": 1}]", "r.json:1:8: a value was expected" + wrong},
		{"no value at the end", "[{\"x\": }]", "r.json:1:8: a value was expected" + wrong},
		{"no comma", "[{\"x\": 1 \"y\": 2}]", "r.json:1:10: a comma or the end of an object was expected" + wrong},
		{"no comma in a list", "[{\"SuitePath\": \"\"} {}]", "r.json:1:20: a comma or the end of a list was expected" + wrong},
		{"byte 0", "[{\"x\": [\x00]}]", "r.json:1:9: a byte 0 stands outside of a string" + wrong},
		{"two reports", "[{\"SuitePath\": \"\"}]\n[]", "r.json:2:1: something follows the end of the report" + wrong},
		{"a bracket", "[", "r.json:1:2: " + truncated},
		{"cut off in a name", "[{\"Suite", "r.json:1:9: " + truncated},
		{"cut off after a name", "[{\"SuitePath\"", "r.json:1:14: " + truncated},
		{"cut off in a text", "[{\"SuitePath\": \"x\\\"", "r.json:1:20: " + truncated},
		{"cut off in a skipped value", "[{\"x\": [{\"y\": 12", "r.json:1:17: " + truncated},
		{"cut off before the end", "[{\"SuitePath\": \"\"}", "r.json:1:19: " + truncated},
		{"an unknown state", "[{\"SuitePath\": \"\", \"SpecReports\": [\n{\"State\": \"flaked\"}]}]", `r.json:2:1: the state "flaked" is not one of Ginkgo's: use the release of oneline that fits the suite`},
		{"newer evidence", withEntry(evidence.SpecEntry, `{"schema":"oneline-evidence/2","title":7}`), `the evidence is of the form "oneline-evidence/2", and only "oneline-evidence/1" can be read: use the release of oneline that fits the suite`},
		{"a newer run", withEntry(evidence.RunEntry, `{"schema":"oneline-evidence/2"}`), `the evidence is of the form "oneline-evidence/2", and only "oneline-evidence/1" can be read: use the release of oneline that fits the suite`},
		{"foreign evidence", withEntry(evidence.SpecEntry, `{}`), `the evidence does not say of which form it is, and only "oneline-evidence/1" can be read: repeat the run`},
		{"broken evidence", withEntry(evidence.SpecEntry, `{"schema":"oneline-evidence/1"`), "the evidence is broken (unexpected end of JSON input): repeat the run"},
		{"no evidence", withEntry(evidence.SpecEntry, ""), empty},
		{"evidence of another type", strings.Replace(withEntry(evidence.SpecEntry, "VALUE"), `"VALUE"`, "7", 1), empty},
		{"evidence with a wrong escape", strings.Replace(withEntry(evidence.SpecEntry, "VALUE"), "VALUE", `\x`, 1), "this does not belong into a Ginkgo JSON report (invalid character 'x' in string escape code)" + wrong},
		{"an entry that is none", strings.Replace(withEntry(evidence.SpecEntry, "VALUE"), `{"AsJSON":"VALUE"}`, "7", 1), "an object was expected" + wrong},
		{"an entry without a value", strings.Replace(withEntry(evidence.SpecEntry, "VALUE"), `,"Value":{"AsJSON":"VALUE"}`, "", 1), empty},
	} {
		t.Run(c.name, func(t *testing.T) {
			results, err := reports.Read("r.json", strings.NewReader(c.data))
			if err == nil {
				t.Fatalf("no error, but %+v", results)
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
	data := written(t, withRun(recorded(passing("A B"), it("B", unstarted(""))), at127()))
	for n := 1; n < len(data); n++ {
		_, err := reports.Read("r.json", bytes.NewReader(data[:n]))
		if err == nil || !strings.HasPrefix(err.Error(), "r.json:1:") || !strings.HasSuffix(err.Error(), "; repeat it") {
			t.Fatalf("%d bytes of %d: %v", n, len(data), err)
		}
	}
}

// The place of an error is that of the file, however the suite is written.
func TestPlaceInAnIndentedFile(t *testing.T) {
	var data bytes.Buffer
	if err := json.Indent(&data, written(t, recorded(passing("A"))), "", "  "); err != nil {
		t.Fatal(err)
	}
	if _, err := reports.Read("r.json", bytes.NewReader(data.Bytes())); err != nil {
		t.Fatal(err)
	}
	broken := strings.Replace(data.String(), `"State": "passed"`, `"State": 17`, 1)
	line := strings.Count(broken[:strings.Index(broken, `"State": 17`)], "\n") + 1
	_, err := reports.Read("r.json", strings.NewReader(broken))
	if err == nil || !strings.HasPrefix(err.Error(), "r.json:"+strconv.Itoa(line)+":") {
		t.Errorf("line %d: %v", line, err)
	}
}

func TestLoad(t *testing.T) {
	path := filepath.Join(t.TempDir(), "results.json")
	if err := os.WriteFile(path, append([]byte("\ufeff"), written(t, recorded(passing("A")))...), 0o600); err != nil {
		t.Fatal(err)
	}
	results, err := reports.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	if m := reports.Build(requirements("A"), []*reports.Results{results}, reports.Options{}); m.ExitCode != reports.ExitPassed {
		t.Errorf("exit code %d", m.ExitCode)
	}
	if _, err := reports.Load(path + "x"); err == nil || err.Error() != path+"x: the results cannot be read: no such file or directory" {
		t.Errorf("a missing file: %v", err)
	}
	if _, err := reports.Read("r.json", iotest.ErrReader(errors.New("no more"))); err == nil || err.Error() != "r.json: the results cannot be read: no more" {
		t.Errorf("a broken reader: %v", err)
	}
}

// Evidence arrives as it was left, whatever its texts hold.
func TestEvidenceArrivesUnaltered(t *testing.T) {
	text := "a \"quoted\" \\ back, <tag> & é 𝄞 \t\n\u2028 \x01 end\\"
	m := built(t, requirements("A"), it("A", left("A", func(e *evidence.Spec) {
		e.Notes = []string{text}
		e.Transcript = []evidence.Exchange{{Bytes: []byte{0, 255, '\n'}}}
	})))
	e := m.Protocols[0].Specs[0].Evidence
	if e.Notes[0] != text || !bytes.Equal(e.Transcript[0].Bytes, []byte{0, 255, '\n'}) {
		t.Errorf("%q, %q", e.Notes[0], e.Transcript[0].Bytes)
	}
	// A text may end in a backslash, in Ginkgo's JSON too.
	m = built(t, requirements("A"), passing("A", func(s *types.SpecReport) { s.LeafNodeText = `in C:\` }))
	if got := m.Protocols[0].Specs[0].Title; got != `in C:\` {
		t.Errorf("title %s", got)
	}
	// A writer may escape more than Go does.
	data := bytes.ReplaceAll(written(t, recorded(passing("A"))), []byte(`oneline-evidence/1`), []byte(`oneline-evidence\/\u0031`))
	if _, err := reports.Read("r.json", bytes.NewReader(data)); err != nil {
		t.Error(err)
	}
}

// The evidence that is shown is that of the attempt that went wrong most.
func TestWorstAttempt(t *testing.T) {
	mark := func(note string, change func(*evidence.Spec)) func(*evidence.Spec) {
		return func(e *evidence.Spec) {
			e.Notes = []string{note}
			change(e)
		}
	}
	nothing := func(*evidence.Spec) {}
	for _, c := range []struct {
		name     string
		attempts []option
		want     string
	}{
		{"alike", []option{left("A", mark("first", nothing)), left("A", mark("second", nothing))}, "first"},
		{"failed", []option{left("A", mark("first", nothing)), left("!A", mark("second", nothing))}, "second"},
		{"failed more", []option{left("!A", mark("first", nothing)), left("!A !A", mark("second", nothing))}, "second"},
		{"dead", []option{left("A", mark("first", incomplete)), left("A", mark("second", func(e *evidence.Spec) { e.DeadTarget = "gone" }))}, "second"},
		{"blocked", []option{left("A", mark("first", incomplete)), left("A", mark("second", func(e *evidence.Spec) { e.Blocked = "no" }))}, "second"},
		{"incomplete", []option{left("A", mark("first", nothing)), left("A", mark("second", incomplete))}, "second"},
		{"out of order", []option{left("A", mark("second", func(e *evidence.Spec) { e.Attempt = 2 })), left("A", mark("first", func(e *evidence.Spec) { e.Attempt = 1 }))}, "first"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := built(t, requirements("A"), it("A", append(c.attempts, attempts(len(c.attempts)))...))
			if got := m.Protocols[0].Specs[0].Evidence.Notes[0]; got != c.want {
				t.Errorf("the %s attempt is shown, want the %s", got, c.want)
			}
		})
	}
}

// Places of specs are relative to the module, however the suite was built.
func TestPlaces(t *testing.T) {
	elsewhere := func(file string) option {
		return func(s *types.SpecReport) { s.LeafNodeLocation.FileName = file }
	}
	for _, c := range []struct {
		name, folder, file, module string
		learned                    bool
		want                       string
	}{
		{"learned from a spec with evidence", suiteFolder, "/src/calc/other/x.go", "", true, "other/x.go:20"},
		{"in the folder of the suite", suiteFolder, suiteFolder + "/sub/x.go", "", false, "sub/x.go:20"},
		{"built with -trimpath", "/anywhere", "example.com/calc/ver/x.go", "example.com/calc", false, "ver/x.go:20"},
		{"elsewhere", suiteFolder, "/lib/x.go", "", false, "/lib/x.go:20"},
		{"on Windows", `C:\calc`, `C:\calc\ver\x.go`, "", false, "ver/x.go:20"},
		{"nowhere", suiteFolder, "", "", false, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			specs := []types.SpecReport{it("A", at(20), elsewhere(c.file), filteredOut())}
			if c.learned {
				specs = append(specs, passing("B"))
			}
			r := withRun(recorded(specs...), evidence.Run{Suite: evidence.Suite{Module: c.module}})
			r.SuitePath = c.folder
			m := reports.Build(requirements("A B"), []*reports.Results{read(t, r)}, reports.Options{})
			if got := row(t, m, "A").Specs[0].Location; got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}

// FuzzRead reads anything without a panic, refuses with one line, and judges
// what it does not refuse.
func FuzzRead(f *testing.F) {
	f.Add(written(f, withRun(recorded(passing("A B"), it("B", unstarted("")), it("", left("!A"))), at127())))
	f.Add([]byte(`[{"SuitePath":"","SpecReports":[{"LeafNodeType":"It","State":null,"ReportEntries":null}]}]`))
	f.Add([]byte(`[{"SuitePath":"\u0000","x":[{}]}]`))
	f.Add([]byte("[{]"))
	file := requirements("A B")
	f.Fuzz(func(t *testing.T, data []byte) {
		results, err := reports.Read("r.json", bytes.NewReader(data))
		if err != nil {
			if text := err.Error(); strings.ContainsAny(text, "\n\r") || !strings.HasPrefix(text, "r.json:") {
				t.Errorf("error %q", text)
			}
			return
		}
		m := reports.Build(file, []*reports.Results{results}, reports.Options{})
		if s := m.Summary; s.Pass+s.Fail+s.Partial+s.NotTested+s.NotObservable != s.Requirements {
			t.Errorf("the counts do not add up: %+v", s)
		}
	})
}

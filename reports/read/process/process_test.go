package process_test

import (
	"strings"
	"testing"

	"github.com/socket-oneline/oneline/reports/read/process"
)

const (
	opening = `{"schema":"oneline-process/1","open":{"front_end":"gotest","package":"example.com/p","pid":1,"go":"go1","os":"linux/amd64","started":"2026-11-30T12:00:00Z"}}`
	begin   = `{"number":1,"begin":{"schema":"oneline-evidence/1","title":"TestA","location":"a_test.go:1","requirements":["A-1"],"attempt":1,"completed":false,"protocol":{"id":"","title":""},"observe":[]}}`
	passed  = `{"number":1,"end":{"state":"passed","attempts":1,"seconds":0.1}}`
	closing = `{"close":{"at":"2026-11-30T12:00:01Z","specs":1}}`
)

func TestBrokenFiles(t *testing.T) {
	for name, row := range map[string]struct{ text, want string }{
		"empty":                    {"", "f.jsonl:1: the file has no opening record"},
		"another form":             {`{"schema":"oneline-process/9"}` + "\n", `f.jsonl:1: the file is of the form "oneline-process/9"`},
		"no opening":               {begin + "\n", `f.jsonl:1: the file is of the form ""`},
		"two openings":             {opening + "\n" + opening + "\n", "f.jsonl:2: the opening record stands elsewhere"},
		"no JSON":                  {opening + "\n{\n" + closing + "\n", "f.jsonl:2: the evidence is broken"},
		"a key twice":              {opening + "\n" + `{"fault":"a","fault":"b"}` + "\n", `f.jsonl:2: the evidence is broken (the key "fault" stands twice)`},
		"a line left out":          {opening + "\n" + passed + "\n", "f.jsonl:2: the line is about no spec"},
		"a number left out":        {opening + "\n" + strings.Replace(begin, `"number":1`, `"number":2`, 1) + "\n", "f.jsonl:2: the line is about no spec"},
		"an end without state":     {opening + "\n" + begin + "\n" + strings.Replace(passed, "passed", "fine", 1) + "\n", "f.jsonl:3: the spec \"TestA\" has no end that is possible"},
		"a spec left out":          {opening + "\n" + closing + "\n", "f.jsonl:2: the process recorded 1 specs, and the file holds 0"},
		"a close before the begin": {opening + "\n" + begin + "\n" + strings.Replace(closing, "12:00:01", "11:00:00", 1) + "\n", "f.jsonl:3: the run ends before it starts"},
	} {
		_, err := process.Parse("f.jsonl", []byte(row.text))
		if err == nil || !strings.HasPrefix(err.Error(), row.want) {
			t.Errorf("%s: %v, not %s", name, err, row.want)
		}
	}
}

// A last line that is not whole was being written when the process was killed.
func TestCutLine(t *testing.T) {
	whole := strings.Join([]string{opening, begin, passed, closing}, "\n") + "\n"
	for n := len(opening) + 1; n < len(whole); n++ {
		f, err := process.Parse("f.jsonl", []byte(whole[:n]))
		if err != nil {
			t.Fatalf("%d bytes: %v", n, err)
		}
		if f.Closed || f.Suite.Complete || !f.Suite.EndUnseen {
			t.Errorf("%d bytes: complete", n)
		}
		if inSpec := n > len(opening+begin)+1 && n < len(opening+begin+passed)+3; inSpec != (len(f.Crashed()) > 0) {
			t.Errorf("%d bytes: %v", n, f.Crashed())
		}
	}
	f, err := process.Parse("f.jsonl", []byte(whole))
	if err != nil || !f.Suite.Complete || len(f.Crashed()) > 0 || !process.Is([]byte(whole)) {
		t.Error(err, f)
	}
}

// The runs of go test -count are one spec, and the worst counts.
func TestRepeatedTest(t *testing.T) {
	second := strings.NewReplacer(`"number":1`, `"number":2`)
	text := strings.Join([]string{opening, begin, passed, second.Replace(begin), second.Replace(strings.Replace(passed, "passed", "failed", 1)), strings.Replace(closing, `"specs":1`, `"specs":2`, 1)}, "\n") + "\n"
	f, err := process.Parse("f.jsonl", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	specs := f.Suite.Specs
	if len(specs) != 1 || specs[0].State != "failed" || specs[0].Attempts != 2 || !specs[0].Repeated {
		t.Errorf("%+v", specs)
	}
}

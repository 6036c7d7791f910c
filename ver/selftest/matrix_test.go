package selftest

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/socket-oneline/oneline/reports/srs"
	"github.com/socket-oneline/oneline/ver/faulty"
)

// example is a matrix with one of everything.
func example(t *testing.T, leftOut ...string) *Matrix {
	t.Helper()
	file, err := srs.Parse("srs.json", []byte(`{
		"B": {"tester": "auto", "group": "g", "desc": "It shall be <b>."},
		"A": {"tester": "auto", "group": "g", "desc": "It shall be a."},
		"R": {"tester": "auto", "group": "g", "desc": "It was.", "retired": true}
	}`))
	if err != nil {
		t.Fatal(err)
	}
	fault := func(name string, breaks ...string) faulty.Member {
		return faulty.Member{Name: name, Kind: faulty.Fault, Text: "breaks " + name, Breaks: breaks}
	}
	m := build(file, []Result{
		judge(faulty.Member{Name: "variant", Kind: faulty.Variant}, observed{code: 1, model: verdicts(1, "FAIL A", "PASS B")}),
		judge(faulty.Member{Name: "null", Kind: faulty.Null}, observed{code: 1, model: verdicts(1, "PASS A")}),
		judge(fault("f3", "A"), observed{code: 1, model: verdicts(1, "FAIL A")}),
		judge(fault("f2", "A"), observed{code: 1, model: verdicts(1, "FAIL A B")}),
		judge(fault("f1", "A", "B"), observed{code: 1, model: verdicts(1, "FAIL A")}),
	}, leftOut)
	m.Run.Seconds = map[string]float64{"f1": 1, "f2": 2.5, "f3": 1, "null": 0, "variant": 0}
	return m
}

func TestMatrix(t *testing.T) {
	m := example(t)
	var ids, names []string
	for _, row := range m.Requirements {
		ids = append(ids, row.ID)
	}
	for _, r := range m.Members {
		names = append(names, r.Name)
	}
	if !slices.Equal(ids, []string{"A", "B"}) || !slices.Equal(names, []string{"f1", "f2", "f3", "null", "variant"}) {
		t.Errorf("requirements %v, members %v", ids, names)
	}
	a, b := m.Requirements[0], m.Requirements[1]
	if !slices.Equal(a.Killed, []string{"f1", "f2", "f3"}) || a.Thin || !slices.Equal(a.Blamed, []string{"variant"}) {
		t.Errorf("A: %+v", a)
	}
	if len(b.Killed) != 0 || !b.Thin || !slices.Equal(b.Survived, []string{"f1"}) || !slices.Equal(b.Blamed, []string{"f2"}) {
		t.Errorf("B: %+v", b)
	}
	want := Summary{Members: 5, Faults: 3, Killed: 2, Survived: 1, Blamed: 2, Nulls: 1, Unearned: 1, Variants: 1, Thin: 1}
	if m.Summary != want {
		t.Errorf("summary %+v, want %+v", m.Summary, want)
	}
	if m.ExitCode != 1 {
		t.Errorf("exit code %d", m.ExitCode)
	}
}

// A requirement cannot be held to have too few faults where some were left out.
func TestLeftOut(t *testing.T) {
	m := example(t, "g", "e")
	if m.Summary.Thin != 0 || !slices.Equal(m.LeftOut, []string{"e", "g"}) {
		t.Errorf("%d thin, left out %v", m.Summary.Thin, m.LeftOut)
	}
	if text := m.conclusion(); !strings.Contains(text, "2 members were left out") {
		t.Error(text)
	}
}

func TestExitCodes(t *testing.T) {
	killed := Result{Name: "f", Kind: faulty.Fault, OK: true, ExitCode: 1}
	wrong := Result{Name: "g", Kind: faulty.Fault, ExitCode: 1}
	nothing := Result{Name: "h", Kind: faulty.Fault, ExitCode: 2}
	for _, test := range []struct {
		members []Result
		thin    int
		want    int
	}{
		{[]Result{killed}, 0, 0},
		{[]Result{killed}, 1, 1},
		{[]Result{killed, wrong}, 0, 1},
		{[]Result{wrong, nothing}, 1, 2},
	} {
		m := Matrix{Members: test.members, Summary: Summary{Thin: test.thin}}
		if code := m.exitCode(); code != test.want {
			t.Errorf("%+v: exit code %d, want %d", test.members, code, test.want)
		}
	}
}

// All forms name every member and requirement, are the same each time, and say
// how it came out.
func TestForms(t *testing.T) {
	m := example(t, "left-out")
	for _, f := range files {
		var one, two bytes.Buffer
		if err := errors.Join(f.write(&one, m), f.write(&two, m)); err != nil {
			t.Fatal(f.name, err)
		}
		if !bytes.Equal(one.Bytes(), two.Bytes()) {
			t.Errorf("%s differs from time to time", f.name)
		}
		for _, part := range []string{"f1", "f2", "f3", "null", "variant", "left-out", "breaks f1"} {
			if !strings.Contains(one.String(), part) && (f.name != "kill-matrix.csv" || strings.HasPrefix(part, "f")) { // which is about faults
				t.Errorf("%s does not say %q", f.name, part)
			}
		}
	}
	var data bytes.Buffer
	if err := JSON(&data, m); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(data.String(), "null,") || strings.Contains(data.String(), ": null") {
		t.Error("kill-matrix.json holds a null where a list belongs")
	}
	var again Matrix
	if err := json.Unmarshal(data.Bytes(), &again); err != nil || again.Schema != Schema {
		t.Errorf("%v, schema %q", err, again.Schema)
	}
}

// The page is well formed, needs no network and no script, and its links lead
// somewhere.
func TestPage(t *testing.T) {
	var page bytes.Buffer
	if err := HTML(&page, example(t)); err != nil {
		t.Fatal(err)
	}
	text := page.String()
	for _, never := range []string{"<script", "http:", "https:", "url(", "<b>."} {
		if strings.Contains(text, never) {
			t.Errorf("the page holds %q", never)
		}
	}
	ids, links := map[string]int{}, map[string]bool{}
	d := xml.NewDecoder(&page)
	d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	for {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if start, ok := token.(xml.StartElement); ok {
			for _, a := range start.Attr {
				switch {
				case a.Name.Local == "id":
					ids[a.Value]++
				case a.Name.Local == "href" && strings.HasPrefix(a.Value, "#"):
					links[a.Value[1:]] = true
				}
			}
		}
	}
	for link := range links {
		if ids[link] != 1 {
			t.Errorf("#%s leads to %d places", link, ids[link])
		}
	}
}

func TestText(t *testing.T) {
	var text bytes.Buffer
	if err := Text(&text, example(t), 80); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(text.String()) {
		if len(line) > 81 {
			t.Errorf("%d columns: %s", len(line)-1, line)
		}
	}
	for _, part := range []string{"f1 (fault): not failed: B", "null (null): passed unearned: A", "B: failed by 0 faults, not 3", "The slowest run: 2.5 s, f2."} {
		if !strings.Contains(text.String(), part) {
			t.Errorf("it does not say %q:\n%s", part, &text)
		}
	}
}

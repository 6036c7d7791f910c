package exchange_test

import (
	"archive/zip"
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/exchange"
	"github.com/socket-oneline/oneline/reports/results"
	"github.com/socket-oneline/oneline/reports/srs"
)

// imported writes a source to a file of that name and imports it.
func imported(t *testing.T, name, text string, m exchange.Mapping) (*exchange.Imported, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	in, err := exchange.Import(path, exchange.FormatOf(path), m)
	return in, err
}

const csvSource = "\ufeffID;Object Text;Verification;Trace;Priority\r\n" +
	"R-1;\"The pump shall stop,\nat once.\";Test;SYS-1, SYS-2;high\r\n" +
	"R-2;The lamp shall light.;Inspection;;\r\n" +
	";;;;\r\n" +
	"R-3;'=x shall be computed.;Both;;low\r\n"

var csvMapping = exchange.Mapping{
	Columns:  map[string]exchange.Names{"desc": {"Object Text"}, "tester": {"Verification"}, "parents": {"Trace"}},
	Values:   map[string]map[string]string{"tester": {"Test": "auto", "Inspection": "manual"}},
	Defaults: map[string]string{"group": "pump"},
}

func TestCSV(t *testing.T) {
	in, err := imported(t, "r.csv", csvSource, csvMapping)
	if err != nil {
		t.Fatal(err)
	}
	want := []srs.Requirement{
		{ID: "R-1", Tester: "auto", Group: "pump", Desc: "The pump shall stop,\nat once.", Parents: []string{"SYS-1", "SYS-2"}},
		{ID: "R-2", Tester: "manual", Group: "pump", Desc: "The lamp shall light."},
		{ID: "R-3", Tester: "both", Group: "pump", Desc: "=x shall be computed."},
	}
	if d := cmp.Diff(want, in.Requirements); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if d := cmp.Diff([]string{`column "Priority" of 2 requirements`, "2 parents are not in this file, and must be in another -srs: SYS-1, SYS-2"}, in.Unplaced); d != "" {
		t.Errorf("unplaced (-want +got):\n%s", d)
	}
}

func TestNeeds(t *testing.T) {
	in, err := imported(t, "needs.json", `{"current_version": "1.0", "project": "p", "versions": {"0.9": {"needs": {}}, "1.0": {"needs": {
		"REQ_2": {"id": "REQ_2", "title": "Stop", "content": "The pump shall stop.", "type": "req", "status": "open", "links": ["REQ_1"], "tags": [], "docname": "index", "lineno": 7},
		"REQ_1": {"title": "Be safe", "type": "need", "links_back": ["REQ_2"], "tags": ["a", "b"], "content": null},
		"TEST_1": {"title": "A test", "type": "test", "links": ["REQ_2"]}
	}}}}`, exchange.Mapping{Where: map[string]exchange.Names{"type": {"req", "need"}}})
	if err != nil {
		t.Fatal(err)
	}
	want := []srs.Requirement{
		{ID: "REQ_1", Tester: "auto", Group: "need", Desc: "Be safe"},
		{ID: "REQ_2", Tester: "auto", Group: "req", Desc: "Stop\nThe pump shall stop.", Source: "index", Parents: []string{"REQ_1"}},
	}
	if d := cmp.Diff(want, in.Requirements); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if d := cmp.Diff([]string{`column "status" of 1 requirements`, `column "tags" of 1 requirements`, `1 rows that "where" leaves out`}, in.Unplaced); d != "" {
		t.Errorf("unplaced (-want +got):\n%s", d)
	}
}

const reqifSource = `<?xml version="1.0" encoding="UTF-8"?>
<REQ-IF xmlns="http://www.omg.org/spec/ReqIF/20110401/reqif.xsd" xmlns:h="http://www.w3.org/1999/xhtml">
  <CORE-CONTENT><REQ-IF-CONTENT>
    <DATATYPES><DATATYPE-DEFINITION-ENUMERATION IDENTIFIER="d1" LONG-NAME="Way"><SPECIFIED-VALUES>
      <ENUM-VALUE IDENTIFIER="e1" LONG-NAME="manual"/><ENUM-VALUE IDENTIFIER="e2" LONG-NAME="auto"/>
    </SPECIFIED-VALUES></DATATYPE-DEFINITION-ENUMERATION></DATATYPES>
    <SPEC-TYPES><SPEC-OBJECT-TYPE IDENTIFIER="t1" LONG-NAME="Requirement"><SPEC-ATTRIBUTES>
      <ATTRIBUTE-DEFINITION-STRING IDENTIFIER="a1" LONG-NAME="ReqIF.ForeignID"/>
      <ATTRIBUTE-DEFINITION-XHTML IDENTIFIER="a2" LONG-NAME="ReqIF.Text"/>
      <ATTRIBUTE-DEFINITION-ENUMERATION IDENTIFIER="a3" LONG-NAME="Tester"/>
      <ATTRIBUTE-DEFINITION-INTEGER IDENTIFIER="a4" LONG-NAME="Priority"/>
    </SPEC-ATTRIBUTES></SPEC-OBJECT-TYPE></SPEC-TYPES>
    <SPEC-OBJECTS>
      <SPEC-OBJECT IDENTIFIER="_1"><TYPE><SPEC-OBJECT-TYPE-REF>t1</SPEC-OBJECT-TYPE-REF></TYPE><VALUES>
        <ATTRIBUTE-VALUE-STRING THE-VALUE="SYS-1"><DEFINITION><ATTRIBUTE-DEFINITION-STRING-REF>a1</ATTRIBUTE-DEFINITION-STRING-REF></DEFINITION></ATTRIBUTE-VALUE-STRING>
        <ATTRIBUTE-VALUE-XHTML><THE-VALUE><h:div>The pump shall be
          <h:b>safe</h:b>:<h:ul><h:li>always</h:li><h:li>everywhere<h:object data="x.png"/></h:li></h:ul></h:div></THE-VALUE>
          <DEFINITION><ATTRIBUTE-DEFINITION-XHTML-REF>a2</ATTRIBUTE-DEFINITION-XHTML-REF></DEFINITION></ATTRIBUTE-VALUE-XHTML>
      </VALUES></SPEC-OBJECT>
      <SPEC-OBJECT IDENTIFIER="_2"><TYPE><SPEC-OBJECT-TYPE-REF>t1</SPEC-OBJECT-TYPE-REF></TYPE><VALUES>
        <ATTRIBUTE-VALUE-STRING THE-VALUE="SRS-1"><DEFINITION><ATTRIBUTE-DEFINITION-STRING-REF>a1</ATTRIBUTE-DEFINITION-STRING-REF></DEFINITION></ATTRIBUTE-VALUE-STRING>
        <ATTRIBUTE-VALUE-XHTML><DEFINITION><ATTRIBUTE-DEFINITION-XHTML-REF>a2</ATTRIBUTE-DEFINITION-XHTML-REF></DEFINITION><THE-VALUE>The motor shall stop &amp; stay.</THE-VALUE></ATTRIBUTE-VALUE-XHTML>
        <ATTRIBUTE-VALUE-ENUMERATION><DEFINITION><ATTRIBUTE-DEFINITION-ENUMERATION-REF>a3</ATTRIBUTE-DEFINITION-ENUMERATION-REF></DEFINITION><VALUES><ENUM-VALUE-REF>e1</ENUM-VALUE-REF></VALUES></ATTRIBUTE-VALUE-ENUMERATION>
        <ATTRIBUTE-VALUE-INTEGER THE-VALUE="3"><DEFINITION><ATTRIBUTE-DEFINITION-INTEGER-REF>a4</ATTRIBUTE-DEFINITION-INTEGER-REF></DEFINITION></ATTRIBUTE-VALUE-INTEGER>
      </VALUES></SPEC-OBJECT>
      <SPEC-OBJECT IDENTIFIER="_3" LONG-NAME="an image"/>
    </SPEC-OBJECTS>
    <SPEC-RELATIONS>
      <SPEC-RELATION IDENTIFIER="l1"><TARGET><SPEC-OBJECT-REF>_1</SPEC-OBJECT-REF></TARGET><SOURCE><SPEC-OBJECT-REF>_2</SPEC-OBJECT-REF></SOURCE></SPEC-RELATION>
      <SPEC-RELATION IDENTIFIER="l2"><SOURCE><SPEC-OBJECT-REF>_2</SPEC-OBJECT-REF></SOURCE><TARGET><SPEC-OBJECT-REF>_9</SPEC-OBJECT-REF></TARGET></SPEC-RELATION>
    </SPEC-RELATIONS>
    <SPECIFICATIONS><SPECIFICATION IDENTIFIER="s1" LONG-NAME="Pump"><CHILDREN>
      <SPEC-HIERARCHY IDENTIFIER="h1"><OBJECT><SPEC-OBJECT-REF>_1</SPEC-OBJECT-REF></OBJECT><CHILDREN>
        <SPEC-HIERARCHY IDENTIFIER="h2"><OBJECT><SPEC-OBJECT-REF>_2</SPEC-OBJECT-REF></OBJECT></SPEC-HIERARCHY></CHILDREN></SPEC-HIERARCHY>
    </CHILDREN></SPECIFICATION></SPECIFICATIONS>
  </REQ-IF-CONTENT></CORE-CONTENT>
</REQ-IF>
`

func TestReqIF(t *testing.T) {
	var zipped bytes.Buffer
	z := zip.NewWriter(&zipped)
	for name, text := range map[string]string{"pump/pump.reqif": reqifSource, "pump/x.png": "picture"} {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	want := []srs.Requirement{
		{ID: "SYS-1", Tester: "auto", Group: "Pump", Desc: "The pump shall be safe:\nalways\neverywhere"},
		{ID: "SRS-1", Tester: "manual", Group: "Pump", Desc: "The motor shall stop & stay.", Parents: []string{"SYS-1"}},
	}
	unplaced := []string{
		`column "Priority" of 1 requirements`, "1 pictures and other objects within texts", "1 links to objects that are no requirements here",
	}
	m := exchange.Mapping{Where: map[string]exchange.Names{"TYPE": {"Requirement"}}}
	for name, text := range map[string]string{"pump.reqif": reqifSource, "pump.reqifz": zipped.String()} {
		in, err := imported(t, name, text, m)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, in.Requirements); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
		for _, line := range append(unplaced, `1 rows that "where" leaves out`) {
			if !strings.Contains(strings.Join(in.Unplaced, "\n"), line) {
				t.Errorf("%s: %q does not say %q", name, in.Unplaced, line)
			}
		}
		if picture := strings.Contains(strings.Join(in.Unplaced, "\n"), "the file pump/x.png"); picture != (name == "pump.reqifz") {
			t.Errorf("%s: %q", name, in.Unplaced)
		}
	}
}

// A file says in which encoding it is.
func TestReqIFEncoding(t *testing.T) {
	text := strings.Replace(reqifSource, `encoding="UTF-8"`, `encoding="ISO-8859-1"`, 1)
	in, err := imported(t, "pump.reqif", strings.Replace(text, "stop &amp; stay", "stop \xe4", 1), exchange.Mapping{})
	if err != nil {
		t.Fatal(err)
	}
	if got := in.Requirements[1].Desc; got != "The motor shall stop ä." {
		t.Errorf("%q", got)
	}
}

// What is wrong with a source is reported with its place.
func TestMistakes(t *testing.T) {
	for _, test := range []struct {
		name, text string
		m          exchange.Mapping
		want       string
	}{
		{"r.csv", "id,desc\nR 1,x\nR-2,x\nR-2,y\n,z\n", exchange.Mapping{}, `r.csv:2:1: "R 1" cannot be an id here (a letter, then letters, digits, . _ - or :): change it in the source, or map a prefix
r.csv:4:1: the id R-2 is taken by line 3: give another in the source
r.csv:5:1: the row has no id: give it one, or leave such rows out by "where"`},
		{"r.csv", "id,desc,tester,level\nR-1,x,robot,level one\n", exchange.Mapping{}, `r.csv:2:1: the tester of R-1 is "robot": map it to auto, manual or both by "values"
r.csv:2:1: the level of R-1 is "level one": map it to a word by "values"`},
		{"r.csv", "name,desc\nR-1,x\n", exchange.Mapping{}, `r.csv:1:1: no column is mapped to id: there are name, desc
r.csv:2:1: the row has no id: give it one, or leave such rows out by "where"`},
		{"r.csv", "id,desc\nR-1,x\n", exchange.Mapping{Columns: map[string]exchange.Names{"desc": {"text"}}}, `r.csv:1:1: there is no column "text", which the mapping of desc names: there are id, desc`},
		{"r.csv", "id,desc\nR-1,x,y\n", exchange.Mapping{}, `r.csv:2:7: the row has more cells than the first line has names: quote cells that hold the separator`},
		{"r.csv", "id,desc\nR-1,\"x\n", exchange.Mapping{}, `r.csv:2:8: extraneous or missing " in quoted-field: correct the quotes`},
		{"r.csv", "id,desc\n", exchange.Mapping{}, `r.csv: there is no requirement in it`},
		{"r.csv", "id,desc,text2\nR-1,,x\n", exchange.Mapping{}, `r.csv: none of its 1 objects has a text: map desc to one of the columns id, desc, text2`},
		{"n.json", `{"versions": {}}`, exchange.Mapping{}, `n.json:1:1: missing key "current_version" in the file: add it, a text`},
		{"n.json", `{"current_version": "2", "versions": {"1": {"needs": {}}}}`, exchange.Mapping{}, `n.json:1:21: there is no version "2" in this file: correct it`},
		{"p.reqif", "<REQ-IF><SPEC-OBJECT>", exchange.Mapping{}, `p.reqif:1:22: XML syntax error on line 1: unexpected EOF: export the file again`},
		{"p.reqif", "<html/>", exchange.Mapping{}, `p.reqif:1:8: expected element type <REQ-IF> but have <html>: export the file again`},
		{"p.reqifz", "PK nothing", exchange.Mapping{}, `p.reqifz: zip: not a valid zip file`},
	} {
		_, err := imported(t, test.name, test.text, test.m)
		if err == nil {
			t.Errorf("%q is no mistake", test.text)
			continue
		}
		got := err.Error()
		if i := strings.Index(got, "/"+test.name); i >= 0 {
			got = strings.ReplaceAll(got, got[:i+1], "")
		}
		if d := cmp.Diff(test.want, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", test.text, d)
		}
	}
}

func written(t *testing.T, all []srs.Requirement) []byte {
	t.Helper()
	text, err := exchange.Write(all)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// The same source gives the same bytes, and a later one lists what it changes. What the
// source says nothing about stays.
func TestUpdate(t *testing.T) {
	first, err := imported(t, "r.csv", "id,desc,level\nR-1,one,low\nR-2,two,low\nR-3,three,low\n", exchange.Mapping{})
	if err != nil {
		t.Fatal(err)
	}
	all, changes := exchange.Update(nil, first)
	if d := cmp.Diff(exchange.Changes{Added: []string{"R-1", "R-2", "R-3"}}, changes); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	text := written(t, all)
	file, err := srs.Parse("srs.json", text)
	if err != nil {
		t.Fatal(err)
	}
	if !exchange.ByImport(text) || exchange.ByImport([]byte("{}")) {
		t.Error("who wrote the file is not known")
	}
	again, changes := exchange.Update(file.Requirements, first)
	if d := cmp.Diff(exchange.Changes{}, changes); d != "" || !bytes.Equal(written(t, again), text) {
		t.Errorf("the same source changes the file: %+v\n%s", changes, written(t, again))
	}
	edited := file.Requirements
	edited[0].Tester, edited[0].Rationale, edited[0].Observe = "manual", "because", []string{"wire"}
	second, err := imported(t, "r.csv", "id,desc,level\nR-4,four,low\nR-1,one,high\nR-3,three,low\n", exchange.Mapping{})
	if err != nil {
		t.Fatal(err)
	}
	all, changes = exchange.Update(edited, second)
	if d := cmp.Diff(exchange.Changes{Added: []string{"R-4"}, Changed: []string{"R-1 (level)"}, Retired: []string{"R-2"}}, changes); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	want := srs.Requirement{ID: "R-1", Tester: "manual", Group: "requirements", Level: "high", Desc: "one", Rationale: "because", Observe: []string{"wire"}}
	if d := cmp.Diff(want, all[0]); d != "" || !all[1].Retired {
		t.Errorf("R-2 retired: %t; R-1 (-want +got):\n%s", all[1].Retired, d)
	}
	_, changes = exchange.Update(all, first)
	if d := cmp.Diff(exchange.Changes{Changed: []string{"R-1 (level)", "R-2 (retired)"}, Retired: []string{"R-4"}}, changes); d != "" {
		t.Errorf("and back (-want +got):\n%s", d)
	}
}

// What is exported is imported again without a loss, every requirement with its
// verdict.
func TestExport(t *testing.T) {
	file, err := srs.Parse("srs.json", []byte(`{
		"A": {"tester": "both", "group": "g", "desc": "=one,\ntwo \"three\"", "level": "high", "source": "book 3", "rationale": "so", "observe": ["wire", "api"]},
		"B": {"tester": "auto", "group": "h", "desc": "b", "parents": ["A"]},
		"OLD": {"tester": "manual", "group": "g", "desc": "given up", "retired": true}
	}`))
	if err != nil {
		t.Fatal(err)
	}
	m := reports.Build(file, []*results.Results{{Suites: []results.Suite{{}}}}, reports.Options{})
	for _, format := range []string{"csv", "needs"} {
		var b bytes.Buffer
		if err := exchange.Export(&b, format, file, m); err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"NOT TESTED", "RETIRED"} {
			if !strings.Contains(b.String(), want) {
				t.Errorf("%s does not say %s:\n%s", format, want, &b)
			}
		}
		path := filepath.Join(t.TempDir(), "x")
		if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		in, err := exchange.Import(path, format, exchange.Mapping{})
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(file.Requirements, in.Requirements, cmpopts.IgnoreFields(srs.Requirement{}, "File", "Line", "Column")); d != "" {
			t.Errorf("%s (-exported +imported):\n%s", format, d)
		}
	}
}

package junit_test

import (
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/socket-oneline/oneline/reports/read/ids"
	"github.com/socket-oneline/oneline/reports/read/junit"
	"github.com/socket-oneline/oneline/reports/results"
)

var update = flag.Bool("update", false, "write what is read as what must be read")

func read(t *testing.T, text, pattern string) (*results.Results, error) {
	t.Helper()
	find, err := ids.New(pattern)
	if err != nil {
		t.Fatal(err)
	}
	return junit.Read("r.xml", strings.NewReader(text), find)
}

// said writes what results say, a line for each spec and each remark.
func said(r *results.Results) string {
	var b strings.Builder
	for _, s := range r.Suites {
		for _, spec := range s.Specs {
			path := strings.Join(spec.Identity.Path, "|")
			if spec.Identity.Ordinal > 0 {
				path += fmt.Sprintf("#%d", spec.Identity.Ordinal)
			}
			fmt.Fprintf(&b, "%s [%s] %s", path, strings.Join(spec.Requirements, " "), spec.State)
			if spec.Attempts > 1 {
				fmt.Fprintf(&b, " in %d tries", spec.Attempts)
			}
			if spec.Failure != "" {
				fmt.Fprintf(&b, ": %s", spec.Failure)
			}
			if spec.FailureAt != "" {
				fmt.Fprintf(&b, " at %s", spec.FailureAt)
			}
			if spec.NoEvidence != "" {
				fmt.Fprintf(&b, " (no evidence: %s)", spec.NoEvidence)
			}
			b.WriteString("\n")
		}
		if n := s.Untagged; n.Count() > 0 {
			fmt.Fprintf(&b, "untagged %d passed %d failed %d skipped\n", n.Passed, n.Failed, n.Skipped)
		}
		for _, note := range s.Notes {
			b.WriteString("note " + note + "\n")
		}
		for _, p := range s.Problems {
			b.WriteString("problem " + p.String() + "\n")
		}
	}
	return b.String()
}

// Each file is what the tool named in its name writes, shortened.
func TestDialects(t *testing.T) {
	files, err := filepath.Glob("testdata/*.xml")
	if err != nil || len(files) < 9 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			r, err := read(t, string(text), `R[-_]\d+`)
			if err != nil {
				t.Fatal(err)
			}
			golden := strings.TrimSuffix(file, ".xml") + ".said"
			if *update {
				_ = os.WriteFile(golden, []byte(said(r)), 0o666)
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if got := said(r); got != string(want) {
				t.Errorf("got\n%swant\n%s", got, want)
			}
		})
	}
}

func TestRules(t *testing.T) {
	suite := func(attributes, cases string) string {
		return "<testsuite name='S' " + attributes + ">" + cases + "</testsuite>"
	}
	one := func(inside string) string {
		return suite("", "<testcase name='t' requirement='R-1'>"+inside+"</testcase>")
	}
	for name, row := range map[string]struct{ text, want string }{
		"a case that passed":                   {one(""), "S||t [R-1] passed\n"},
		"an error is a failure":                {one("<error message='boom'/>"), "S||t [R-1] failed: boom\n"},
		"a failure without a message":          {one("<failure>\n  first\nsecond</failure>"), "S||t [R-1] failed: first\n"},
		"a failure of no text":                 {one("<failure type='T'/>"), "S||t [R-1] failed: T\n"},
		"skipped":                              {one("<skipped message='not now'/>"), "S||t [R-1] skipped: not now\n"},
		"skipped and failed":                   {one("<skipped/><failure message='m'/>"), "S||t [R-1] failed: m\n"},
		"passed after a failure":               {one("<flakyFailure message='m'/>"), "S||t [R-1] passed in 2 tries: m\n"},
		"passed after an error":                {one("<flakyError message='m'/><flakyError message='n'/>"), "S||t [R-1] passed in 3 tries: m\n"},
		"failed again":                         {one("<failure message='m'/><rerunFailure message='n'/>"), "S||t [R-1] failed in 2 tries: m\n"},
		"only the rerun is left":               {one("<rerunError message='n'/>"), "S||t [R-1] failed in 2 tries: n\n"},
		"a status that says failed":            {suite("", "<testcase name='t' req='R-1' status='failed'/>"), "S||t [R-1] failed: its status says so\n"},
		"a status that says disabled":          {suite("", "<testcase name='t' req='R-1' status='run' result='suppressed'/>"), "S||t [R-1] skipped: its status says so\n"},
		"a status that nobody knows":           {suite("", "<testcase name='t' req='R-1' status='frobbed'/>"), "S||t [R-1] : its status is of no known kind\n"},
		"properties":                           {one("<properties><property name='verifies' value='R-2,R-3 R-4'/><property name='other' value='R-9'/></properties>"), "S||t [R-2 R-3 R-4 R-1] passed\n"},
		"a property with its value as text":    {one("<properties><property name='Requirements'>R-2</property></properties>"), "S||t [R-2 R-1] passed\n"},
		"a property in no properties":          {one("<property name='req' value='R-2'/>"), "S||t [R-2 R-1] passed\n"},
		"a property that stands twice":         {one("<properties><property name='req' value='R-2'/><property name='req' value='R-2'/></properties>"), "S||t [R-2 R-1] passed (no evidence: it names R-2 twice, as a test does that was run again: what became of its first try is not in the file)\n"},
		"a property of the suite is no case's": {suite("", "<properties><property name='req' value='R-1'/></properties><testcase name='t'/>"), "untagged 1 passed 0 failed 0 skipped\nnote r.xml:1: the suite \"S\" has a property \"req\", which is ignored: only a test can name its requirements\n"},
		"the name by the pattern":              {suite("", "<testcase name='checks R-7 and R-8' classname='of R-9'/>"), "S||of R-9|checks R-7 and R-8 [R-9 R-7 R-8] passed\n"},
		"equal cases":                          {suite("", "<testcase name='R-1'/><testcase name='R-1'><failure message='m'/></testcase>"), "S||R-1 [R-1] passed\nS||R-1#1 [R-1] failed: m\n"},
		"a failure of an equal name":           {suite("", "<testcase name='t'><failure message='m'/></testcase><testcase name='t' req='R-1'/>"), "S||t [R-1] passed\nS||t#1 [R-1] failed: m\n"},
		"cases that name no requirement":       {suite("", "<testcase name='t'/><testcase name='u'><error/></testcase><testcase name='v'><skipped/></testcase>"), "untagged 1 passed 1 failed 1 skipped\n"},
		"cases in no suite":                    {"<testsuites><testcase name='R-1'/>" + suite("", "<testcase name='R-2'/>") + "</testsuites>", "S||R-2 [R-2] passed\n||R-1 [R-1] passed\n"},
		"nested suites, cases beside":          {suite("", "<testsuite name='inner'><testcase name='R-2'/></testsuite><testcase name='R-1'/>"), "S||inner|R-2 [R-2] passed\nS||R-1 [R-1] passed\n"},
		"no case at all":                       {"<testsuites/>", "note r.xml holds no test case: nothing was run\n"},
		"an empty suite":                       {suite("tests='0'", ""), "note r.xml holds no test case: nothing was run\n"},
		"a suite that failed outside of cases": {suite("tests='1' errors='1'", "<error message='m'/><testcase name='R-1'/>"), "S||R-1 [R-1] passed\nproblem r.xml:1: the suite \"S\" failed outside of its tests: m\n"},
		"more failures claimed than shown":     {suite("failures='1'", "<testcase name='R-1'/>"), "S||R-1 [R-1] passed\nproblem r.xml:1: the suite \"S\" claims 1 failures and errors, and shows 0: something was left out; repeat the run\n"},
		"more errors claimed than shown":       {suite("errors='2' failures='0'", "<testcase name='R-1'><error message='m'/></testcase>"), "S||R-1 [R-1] failed: m\nproblem r.xml:1: the suite \"S\" claims 2 failures and errors, and shows 1: something was left out; repeat the run\n"},
		"a failure counted as an error":        {suite("errors='1'", "<testcase name='R-1'><failure message='m'/></testcase>"), "S||R-1 [R-1] failed: m\n"},
		"more tests claimed than shown":        {suite("tests='2'", "<testcase name='R-1'/>"), "S||R-1 [R-1] passed\nproblem r.xml:1: the suite \"S\" claims 2 tests, and shows 1: something was left out; repeat the run\n"},
		"an error in a teardown is one more":   {suite("tests='2' errors='1'", "<testcase name='R-1'><error message='m'/></testcase>"), "S||R-1 [R-1] failed: m\n"},
		"fewer tests claimed than shown":       {suite("tests='1'", "<testcase name='R-1'/><testcase name='R-2'/>"), "S||R-1 [R-1] passed\nS||R-2 [R-2] passed\nnote r.xml:1: the suite \"S\" shows 2 tests, and claims only 1\n"},
		"nested tests counted":                 {suite("tests='2'", "<testcase name='R-1'/><testsuite name='i' tests='1'><testcase name='R-2'/></testsuite>"), "S||R-1 [R-1] passed\nS||i|R-2 [R-2] passed\n"},
		"nested tests not counted":             {suite("tests='1'", "<testcase name='R-1'/><testsuite name='i' tests='1'><testcase name='R-2'/></testsuite>"), "S||R-1 [R-1] passed\nS||i|R-2 [R-2] passed\n"},
		"claims of the root":                   {"<testsuites tests='2'>" + suite("", "<testcase name='R-1'/>") + "</testsuites>", "S||R-1 [R-1] passed\nproblem r.xml:1: the suite \"\" claims 2 tests, and shows 1: something was left out; repeat the run\n"},
		"claims without cases":                 {suite("tests='3'", ""), "problem r.xml:1: the suite \"S\" claims 3 tests, and shows 0: something was left out; repeat the run\nnote r.xml holds no test case: nothing was run\n"},
		"control characters":                   {suite("", "<testcase name='R-1&#27;[m\x1b[m'><failure message='&#x1b;[31m'>\x00</failure></testcase>"), "S||R-1\ufffd[m?[m [R-1] failed: \ufffd[31m\n"},
		"bytes that are no UTF-8":              {suite("", "<testcase name='R-1 \xff'/>"), "S||R-1 \ufffd [R-1] passed\n"},
		"another encoding":                     {"<?xml version='1.0' encoding='ISO-8859-1'?>" + suite("", "<testcase name='R-1 \xe9'/>"), "S||R-1 é [R-1] passed\n"},
		"UTF-16":                               {"\xff\xfe" + strings.Join(strings.Split(suite("", "<testcase name='R-1'/>"), ""), "\x00") + "\x00", "S||R-1 [R-1] passed\n"},
		"a mark at the beginning":              {"\ufeff<?xml version='1.1'?>\n" + one(""), "S||t [R-1] passed\n"},
		"a comment and an instruction":         {"<!-- <testsuite> --><?xml-stylesheet href='x'?>" + one("<!-- <failure/> -->"), "S||t [R-1] passed\n"},
		"output that looks like XML":           {one("<system-out><![CDATA[<failure message='m'/>]]></system-out>"), "S||t [R-1] passed\n"},
		"a failure in the output is none":      {one("<system-out><failure/></system-out>"), "S||t [R-1] passed\n"},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := read(t, row.text, `R-\d+`)
			if err != nil {
				t.Fatal(err)
			}
			if got := said(r); got != row.want {
				t.Errorf("got\n%swant\n%s", got, row.want)
			}
		})
	}
}

func TestRefusals(t *testing.T) {
	for name, row := range map[string]struct{ text, want string }{
		"empty":                 {"", "r.xml:1: the file is empty: the run wrote no results, repeat it"},
		"blank":                 {" \n", "r.xml:2: the file is empty: the run wrote no results, repeat it"},
		"no XML":                {"ok 1", "r.xml:1: this is no JUnit XML"},
		"another root":          {"<html></html>", "r.xml:1: this is no JUnit XML, whose root is <testsuites> or <testsuite>: it is <html>"},
		"cut":                   {"<testsuite name='S'>\n<testcase name='R-1'/>\n", "r.xml:3: the file ends in the middle of the report: the run was cut short, or the file was; repeat the run"},
		"cut in a tag":          {"<testsuite name='S", "r.xml:1: the file ends in the middle of the report: the run was cut short, or the file was; repeat the run"},
		"cut in a text":         {"<testsuite name='S'><testcase><failure>x", "r.xml:1: the file ends in the middle of the report: the run was cut short, or the file was; repeat the run"},
		"cut in the output":     {"<testsuite name='S'><system-out><![CDATA[x", "r.xml:1: the file ends in the middle of the report: the run was cut short, or the file was; repeat the run"},
		"two documents":         {"<testsuite/>\n<testsuite/>", "r.xml:2: something follows the end of the report"},
		"not well-formed":       {"<testsuite></testcase>", "r.xml:1: this is no well-formed XML: element <testsuite> closed by </testcase>"},
		"a document type":       {"<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]><testsuite name='&b;'/>", "r.xml:1: it declares a document type: such a file is refused, as its entities could stand for anything"},
		"a file from elsewhere": {"<testsuite name='&passwd;'/>", "r.xml:1: this is no well-formed XML: invalid character entity &passwd;"},
		"depth":                 {strings.Repeat("<testsuite name='S'>", 100), "r.xml:1: its elements stand in each other more than 64 deep: this is no report of tests"},
		"an endless tag":        {"<testsuite " + strings.Repeat("a='b' ", 1<<18), "r.xml:1: it has a tag of more than 1048576 bytes: this is no report of tests"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := read(t, row.text, "")
			if err == nil || err.Error() != row.want {
				t.Errorf("got  %v\nwant %s", err, row.want)
			}
		})
	}
}

// endless yields a report that never fits into memory: a part, repeated.
type endless struct {
	head, part, tail string
	times            int
	now              string
}

func (e *endless) Read(p []byte) (int, error) {
	for e.now == "" {
		switch {
		case e.head != "":
			e.now, e.head = e.head, ""
		case e.times > 0:
			e.now, e.times = e.part, e.times-1
		case e.tail != "":
			e.now, e.tail = e.tail, ""
		default:
			return 0, io.EOF
		}
	}
	n := copy(p, e.now)
	e.now = e.now[n:]
	return n, nil
}

// What tests printed, and tests that name no requirement, take no memory.
func TestMemoryIsBounded(t *testing.T) {
	size := 5 << 20
	if testing.Short() {
		size = 2 << 20
	}
	line := strings.Repeat("é &amp; <", 1) + strings.Repeat("x", 1000) + "\n"
	text := strings.ReplaceAll(line, "<", "&lt;")
	for name, file := range map[string]*endless{
		"a text":        {"<testsuite><testcase name='R-1'><system-out>", text, "</system-out></testcase></testsuite>", size / len(text), ""},
		"raw text":      {"<testsuite><testcase name='R-1'><system-out><![CDATA[", line, "]]></system-out></testcase></testsuite>", size / len(line), ""},
		"a failure":     {"<testsuite><testcase name='R-1'><failure>", text, "</failure></testcase></testsuite>", size / len(text), ""},
		"an attribute":  {"<testsuite><testcase name='R-1'><failure message='", text, "'/></testcase></testsuite>", size / len(text), ""},
		"a comment":     {"<testsuite><testcase name='R-1'/><!--", line, "--></testsuite>", size / len(line), ""},
		"many cases":    {"<testsuite><testcase name='R-1'/>", "<testcase name='a test' classname='a class' time='0.1'></testcase>", "</testsuite>", size / 64, ""},
		"many failures": {"<testsuite><testcase name='R-1'/>", "<testcase name='a'><failure>" + text + "</failure></testcase>", "</testsuite>", size / 1100, ""},
	} {
		t.Run(name, func(t *testing.T) {
			find, _ := ids.New(`R-\d+`)
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			r, err := junit.Read("r.xml", file, find)
			runtime.GC()
			runtime.ReadMemStats(&after)
			if err != nil {
				t.Fatal(err)
			}
			if len(r.Suites) != 1 || len(r.Suites[0].Specs) != 1 {
				t.Error("the test is not found")
			}
			if held := int64(after.HeapAlloc) - int64(before.HeapAlloc); held > 4<<20 {
				t.Errorf("%d bytes are kept", held)
			}
			if grown := int64(after.HeapSys) - int64(before.HeapSys); grown > 64<<20 {
				t.Errorf("the heap grew by %d bytes", grown)
			}
			runtime.KeepAlive(r)
		})
	}
}

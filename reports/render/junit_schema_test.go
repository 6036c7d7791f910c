package render

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/socket-oneline/oneline/reports"
)

// junitElements is what both schemas of JUnit's XML allow, that of Ant's task and
// that of Jenkins: the attributes of each element, a star behind those that may be
// left out, and a pattern of its children. That of Ant wants children in an order,
// and more attributes; that of Jenkins wants times without a sign.
var junitElements = map[string]struct{ attributes, children string }{
	"testsuites": {"", `^(testsuite )*$`},
	"testsuite":  {"name package id timestamp hostname tests failures errors skipped* time", `^properties (testcase )*system-out system-err $`},
	"properties": {"", `^(property )*$`},
	"property":   {"name value", `^$`},
	"testcase":   {"classname name time", `^(skipped |error |failure )?$`},
	"skipped":    {"message*", `^$`},
	"error":      {"message* type", `^$`},
	"failure":    {"message* type", `^$`},
	"system-out": {"", `^$`},
	"system-err": {"", `^$`},
}

// junitValues are patterns of attributes; a name has a letter at least.
var junitValues = map[string]*regexp.Regexp{
	"name": regexp.MustCompile(`\S`), "hostname": regexp.MustCompile(`\S`), "value": regexp.MustCompile(``), "message": regexp.MustCompile(``),
	"package": regexp.MustCompile(``), "classname": regexp.MustCompile(``), "type": regexp.MustCompile(``),
	"timestamp": regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$`), "time": regexp.MustCompile(`^(\d{1,3},)*\d+\.\d{3}$`),
	"id": regexp.MustCompile(`^\d+$`), "tests": regexp.MustCompile(`^\d+$`), "failures": regexp.MustCompile(`^\d+$`), "errors": regexp.MustCompile(`^\d+$`), "skipped": regexp.MustCompile(`^\d+$`),
}

// junitValid returns what of a file the schemas do not allow.
func junitValid(data []byte) error {
	var open []string // elements, each with its children so far
	d := xml.NewDecoder(strings.NewReader(string(data)))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		switch t := token.(type) {
		case xml.StartElement:
			name := t.Name.Local
			if len(open) > 0 {
				open[len(open)-1] += name + " "
			}
			open = append(open, name+":")
			e, known := junitElements[name]
			if !known {
				return fmt.Errorf("there is no element %s", name)
			}
			missing := strings.Fields(e.attributes)
			for _, a := range t.Attr {
				i := slices.IndexFunc(missing, func(s string) bool { return strings.TrimSuffix(s, "*") == a.Name.Local })
				if i < 0 {
					return fmt.Errorf("%s has the attribute %s", name, a.Name.Local)
				}
				missing = slices.Delete(missing, i, i+1)
				if !junitValues[a.Name.Local].MatchString(a.Value) {
					return fmt.Errorf("%s has %s=%q", name, a.Name.Local, a.Value)
				}
			}
			if i := slices.IndexFunc(missing, func(s string) bool { return !strings.HasSuffix(s, "*") }); i >= 0 {
				return fmt.Errorf("%s lacks %s", name, missing[i])
			}
		case xml.EndElement:
			name, children, _ := strings.Cut(open[len(open)-1], ":")
			open = open[:len(open)-1]
			if !regexp.MustCompile(junitElements[name].children).MatchString(children) {
				return fmt.Errorf("%s holds %s", name, children)
			}
		case xml.CharData:
			if name, _, _ := strings.Cut(strings.Join(open[max(len(open)-1, 0):], ""), ":"); strings.TrimSpace(string(t)) != "" &&
				!slices.Contains([]string{"skipped", "error", "failure", "system-out", "system-err"}, name) {
				return fmt.Errorf("%s holds the text %.40q", name, t)
			}
		}
	}
}

// TestJUnitSchemas: what is written is valid by the schemas that Jenkins and Ant
// publish; so it is with hostile texts, see sound.
func TestJUnitSchemas(t *testing.T) {
	f := writer{"junit.xml", "junit", JUnit}
	for name, m := range map[string]*reports.Model{"sample": sample(), "tiny": tiny(), "empty": {}} {
		if err := junitValid(written(t, f, m)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for wrong, want := range map[string]string{
		`<testsuites time="1"/>`:               "testsuites has the attribute time",
		`<testsuites><testcase/></testsuites>`: "testcase lacks classname",
		`<testsuites>x</testsuites>`:           `testsuites holds the text "x"`,
		`<x/>`:                                 "there is no element x",
		`<testcase classname="a" name="b" time="1.000"><error type="x"/><skipped/></testcase>`: "testcase holds error skipped ",
		`<testcase classname="a" name="b" time="-1"/>`:                                         `testcase has time="-1"`,
	} {
		if err := junitValid([]byte(wrong)); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", wrong, err, want)
		}
	}
}

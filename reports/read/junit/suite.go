package junit

import (
	"cmp"
	"encoding/xml"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/socket-oneline/oneline/reports/read/ids"
	"github.com/socket-oneline/oneline/reports/results"
)

// counts are the numbers of cases and results that a file or a suite shows.
type counts struct{ cases, bad, errors, skipped int } // bad: failures, and errors too

// since returns what was counted after an earlier time.
func (c counts) since(earlier counts) counts {
	return counts{c.cases - earlier.cases, c.bad - earlier.bad, c.errors - earlier.errors, c.skipped - earlier.skipped}
}

// suite reads a <testsuite> that stands in no other.
func (d *reader) suite(start xml.StartElement) error {
	s := results.Suite{Path: attribute(start.Attr, "name"), Name: attribute(start.Attr, "name"), Complete: true}
	s.Run.Started = timestamp(attribute(start.Attr, "timestamp"))
	s.Run.Machine = attribute(start.Attr, "hostname")
	if err := d.group(start, &s, nil); err != nil {
		return err
	}
	d.settle(&s)
	return nil
}

// group reads a <testsuites>, for which into is nil, or a <testsuite> with everything in
// it.
func (d *reader) group(start xml.StartElement, into *results.Suite, containers []string) error {
	line, before, own := d.in.line, d.shown, 0 // own: cases that stand in no inner suite
	outermost := into == nil
	if outermost {
		into = &results.Suite{Complete: true} // of cases that stand in no suite
	}
	var each func(e xml.StartElement) error
	each = func(e xml.StartElement) error {
		switch name := strings.ToLower(e.Name.Local); name {
		case "testsuite", "testsuites":
			if outermost {
				return d.suite(e)
			}
			return d.group(e, into, append(slices.Clone(containers), attribute(e.Attr, "name")))
		case "testcase":
			own++
			return d.testcase(e, into, containers)
		case "property":
			return d.suiteProperty(e, into)
		case "system-out", "system-err":
			return d.xml.Skip()
		case "error", "failure":
			place := d.place(d.in.line)
			var inner element
			err := d.xml.DecodeElement(&inner, &e)
			into.Refuse(place, "the suite %q failed outside of its tests: %s", attribute(start.Attr, "name"), inner.outcome().text)
			d.shown.bad++
			if name == "error" {
				d.shown.errors++
			}
			return err
		}
		return d.children(each) // of properties, or of an element that nobody knows
	}
	if err := d.children(each); err != nil {
		return err
	}
	d.compare(start, line, own, d.shown.since(before), into)
	if outermost && (own > 0 || len(into.Problems)+len(into.Notes) > 0) {
		d.settle(into)
	}
	return nil
}

// suiteProperty reads what Ginkgo says of a whole suite.
func (d *reader) suiteProperty(e xml.StartElement, into *results.Suite) error {
	value := attribute(e.Attr, "value")
	switch name := attribute(e.Attr, "name"); {
	case name == "DryRun" && value == "true":
		into.DryRun = true
	case name == "SpecialSuiteFailureReason" && value != "":
		into.Note("Ginkgo says of the suite: %s", value)
	case ids.Names(name):
		into.Note("%s: the suite %q has a property %q, which is ignored: only a test can name its requirements",
			d.place(d.in.line), into.Name, name)
	}
	return d.xml.Skip()
}

// compare compares the counts in the attributes of a suite with what it shows. Some tools
// include nested suites, and some count an error in a teardown as another test. So more
// may be claimed up to the largest of these numbers, and less down to the smallest.
func (d *reader) compare(start xml.StartElement, line, own int, all counts, into *results.Suite) {
	name := attribute(start.Attr, "name")
	problem := func(format string, args ...any) {
		into.Refuse(d.place(line), "the suite %q claims %s", name, fmt.Sprintf(format, args...))
	}
	claimed := func(key string) int {
		text := strings.TrimSpace(attribute(start.Attr, key))
		n, err := strconv.Atoi(cmp.Or(text, "0"))
		if err != nil || n < 0 {
			problem("%q %s, which is no number: repeat the run", text, key)
		}
		return n
	}
	const left = "something was left out; repeat the run"
	if bad := claimed("failures") + claimed("errors"); bad > all.bad {
		problem("%d failures and errors, and shows %d: %s", bad, all.bad, left)
	}
	if skipped := claimed("skipped"); skipped > all.skipped {
		problem("%d skipped tests, and shows %d: %s", skipped, all.skipped, left)
	}
	tests := claimed("tests")
	if tests > all.cases+all.errors {
		problem("%d tests, and shows %d: %s", tests, all.cases, left)
	}
	if attribute(start.Attr, "tests") != "" && tests < own {
		into.Note("%s: the suite %q shows %d tests, and claims only %d", d.place(line), name, own, tests)
	}
}

func (d *reader) place(line int) string { return fmt.Sprintf("%s:%d", d.name, line) }

func attribute(attributes []xml.Attr, name string) string {
	for _, a := range attributes {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// timestamp reads a time as the tools write it. One without a zone is taken as
// UTC, and one that cannot be read is not known.
func timestamp(text string) time.Time {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t
		}
	}
	return time.Time{}
}

// seconds reads a duration, which some tools write as 1,234.5.
func seconds(text string) float64 {
	n, err := strconv.ParseFloat(strings.ReplaceAll(text, ",", ""), 64)
	if err != nil || !(n > 0) || n > 1e9 {
		return 0
	}
	return n
}

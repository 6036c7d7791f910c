package ginkgo_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/socket-oneline/oneline/reports/read/ginkgo"
	"github.com/socket-oneline/oneline/reports/read/ids"
	"github.com/socket-oneline/oneline/reports/results"
)

// What releases of Ginkgo wrote of one suite, which does not use package trace.
func TestReportsOfOtherReleases(t *testing.T) {
	const want = `a lamp burns [R-1] passed outcome
a lamp dims R-2 [R-2] failed outcome: too dark
a lamp panics [R-3] panicked outcome: Test Panicked: oh
a lamp waits [R-4] skipped outcome: not now
a lamp blinks [R-5] pending outcome
a lamp flickers [R-6] passed outcome, 2 tries
a lamp in order fails [R-7] failed outcome: no
a lamp in order follows [R-8] prevented outcome: Spec skipped because an earlier spec in an ordered container failed
a lamp levels one [R-9] passed outcome
a lamp levels two [R-9] failed outcome: two
1 test names no requirement
`
	files, err := filepath.Glob("testdata/ginkgo-*.json")
	if err != nil || len(files) < 2 {
		t.Fatal(files, err)
	}
	find, err := ids.New(`R-\d+`)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			r, err := ginkgo.Parse(file, data, ginkgo.Options{IDs: find})
			if err != nil {
				t.Fatal(err)
			}
			var b strings.Builder
			for _, s := range r.Suites[0].Specs {
				fmt.Fprintf(&b, "%s %s [%s] %s %s", strings.Join(s.Containers, " "), s.Title, strings.Join(s.Requirements, " "), s.State, s.Grade)
				if s.Attempts > 1 {
					fmt.Fprintf(&b, ", %d tries", s.Attempts)
				} else if s.Failure != "" {
					b.WriteString(": " + s.Failure)
				}
				b.WriteString("\n")
			}
			if r.Suites[0].Untagged.Passed == 1 {
				b.WriteString("1 test names no requirement\n")
			}
			if got := b.String(); got != want {
				t.Errorf("got\n%swant\n%s", got, want)
			}
		})
	}
}

// Labels of a suite that uses package trace are no outcomes: its specs must
// verify.
func TestTracedSuite(t *testing.T) {
	const report = `[{"SuitePath":"/p","SuiteDescription":"S","SuiteSucceeded":true,"SpecReports":[
		{"LeafNodeType":"It","LeafNodeText":"a R-1","State":"passed","NumAttempts":1%s},
		{"LeafNodeType":"It","LeafNodeText":"b","State":"passed","NumAttempts":1}]}]`
	const protocol = `,"ContainerHierarchyTexts":["P"],"ContainerHierarchyLocations":[{}],"ContainerHierarchyLabels":[["protocol:TP-1"]]`
	find, _ := ids.New(`R-\d+`)
	for name, row := range map[string]struct {
		more     string
		options  ginkgo.Options
		specs    int
		grade    results.Grade
		untagged int
	}{
		"plain":      {"", ginkgo.Options{IDs: find}, 1, results.Outcome, 1},
		"a protocol": {protocol, ginkgo.Options{IDs: find}, 2, results.Verified, 0},
		"known":      {"", ginkgo.Options{IDs: find, Traced: true}, 2, results.Verified, 0},
	} {
		r, err := ginkgo.Parse("r.json", []byte(fmt.Sprintf(report, row.more)), row.options)
		if err != nil {
			t.Fatal(err)
		}
		s := r.Suites[0]
		if len(s.Specs) != row.specs || s.Specs[0].Grade != row.grade || s.Untagged.Count() != row.untagged {
			t.Errorf("%s: %+v", name, s)
		}
	}
}

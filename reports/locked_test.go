package reports_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/onsi/ginkgo/v2/types"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/lock"
	"github.com/socket-oneline/oneline/reports/results"
	"github.com/socket-oneline/oneline/reports/srs"
)

// locked is the lock of a file and of a suite of these specs.
func locked(t *testing.T, file *srs.File, specs ...types.SpecReport) *lock.File {
	t.Helper()
	given := []*results.Results{parsed(t, recorded(specs...))}
	l, err := reports.NewLock(file, given, reports.Build(file, given, reports.Options{}))
	if err != nil {
		t.Fatal(err)
	}
	l.Name = "srs.lock"
	return l
}

// A lock is made of complete runs only.
func TestNoLockOfIncompleteRuns(t *testing.T) {
	dry := recorded(passing("A"))
	dry.SuiteConfig.DryRun = true
	short := recorded(passing("A"))
	short.PreRunStats.SpecsThatWillRun++
	short.PreRunStats.TotalSpecs++
	unseen := parsed(t, recorded(passing("A")))
	unseen.Suites[0].EndUnseen = true
	for want, given := range map[string]*results.Results{
		"nothing can be concluded from these": parsed(t, recorded(it(""))),
		"a filter or a focus left out specs":  parsed(t, recorded(passing("A"), it("A", at(20), filteredOut()))),
		"this is a dry run":                   parsed(t, dry),
		"the report holds 1 of 2 specs":       parsed(t, short),
		"the end of a test process":           unseen,
	} {
		file := requirements("A")
		m := reports.Build(file, []*results.Results{given}, reports.Options{})
		if _, err := reports.NewLock(file, []*results.Results{given}, m); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
	// A failure does not keep it from being made, and the order of specs makes no difference.
	file := requirements("B A")
	one := locked(t, file, it("A", left("!A")), passing("B", at(20)))
	two := locked(t, file, passing("B", at(20)), it("A", left("!A")))
	if !slices.Equal(one.Encode(), two.Encode()) || len(one.Of("A").Specs) != 1 {
		t.Errorf("%s\n%s", one.Encode(), two.Encode())
	}
}

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

// Whatever has changed since a lock was made, it turns no red into green.
func TestHeldToTheLock(t *testing.T) {
	file := requirements("A B")
	reworded := requirements("A B")
	reworded.Requirements[0].Desc = "It shall not."
	retired := requirements("A B")
	retired.Requirements[1].Retired = true
	a, a2, b := passing("A", at(20)), passing("A", at(30)), passing("B", at(40))
	l := locked(t, file, a, a2, b)
	for _, c := range []struct {
		name      string
		file      *srs.File
		specs     []types.SpecReport
		verdict   reports.Verdict // of A
		reason    string
		exit      int
		concluded string
	}{
		{"nothing", file, []types.SpecReport{a, a2, b}, reports.Pass, "", 0, ""},
		{"a spec is gone", file, []types.SpecReport{a, b}, reports.Partial, `every spec passed; missing: "TP-001 › spec of line 30" in /src/calc/ver`, 4, "1 spec missing that srs.lock names: A: "},
		{"all specs are gone", file, []types.SpecReport{b}, reports.NotTested, "missing: ", 4, "2 specs missing that srs.lock names: A: "},
		{"a spec no longer names it", file, []types.SpecReport{a, passing("B", at(30)), b}, reports.Partial, "every spec passed; missing: ", 4, "1 spec missing"},
		{"only what cannot be observed is left", file, []types.SpecReport{it("A", at(20), notShown), b}, reports.NotTested, "needs -shutdown; missing: ", 4, "1 spec missing"},
		{"a spec is gone and another failed", file, []types.SpecReport{it("A", at(20), left("!A")), b}, reports.Fail, "the verification failed", 1, "1 spec missing"},
		{"a spec is new", file, []types.SpecReport{a, a2, b, passing("A", at(50))}, reports.Pass, "", 0, "1 spec that srs.lock does not name: A: "},
		{"the text changed", reworded, []types.SpecReport{a, a2, b}, reports.NotTested, "suspect: ", 4, "1 suspect, because something else is demanded than in srs.lock: A."},
		{"the text changed and it failed", reworded, []types.SpecReport{a, it("A", at(30), left("!A")), b}, reports.Fail, "1 of 2 specs: the verification failed", 1, "1 suspect"},
		{"a requirement was retired", retired, []types.SpecReport{a, a2}, reports.Pass, "", 4, "1 gone or retired that srs.lock has: B."},
		{"a requirement was deleted", requirements("A"), []types.SpecReport{a, a2}, reports.Pass, "", 4, "1 gone or retired that srs.lock has: B."},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := reports.Build(c.file, []*results.Results{parsed(t, recorded(c.specs...))}, reports.Options{Lock: l})
			if r := row(t, m, "A"); r.Verdict != c.verdict || !strings.HasPrefix(r.Reason, c.reason) || m.ExitCode != c.exit {
				t.Errorf("%s (%s), exit code %d; want %s (%s), %d", r.Verdict, r.Reason, m.ExitCode, c.verdict, c.reason, c.exit)
			}
			if text := strings.Join(m.Conclusion, "\n"); !strings.Contains(text, c.concluded) || strings.Contains(text, "No lock") {
				t.Errorf("conclusion:\n%s", text)
			}
		})
	}
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

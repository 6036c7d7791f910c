package seeded_test

import (
	"testing"

	"github.com/socket-oneline/oneline/reports/seeded"
)

func TestFaults(t *testing.T) {
	of := make(map[string]int)
	names := make(map[string]bool)
	for _, f := range seeded.All() {
		t.Run(f.Format+" "+f.Name, func(t *testing.T) {
			if err := f.Check(); err != nil {
				t.Errorf("%s: it must be so because %s\n%v", f.Name, f.Why, err)
			}
		})
		of[f.Format]++
		if f.Why == "" || names[f.Format+f.Name] {
			t.Errorf("%s: no reason, or a second fault of this name", f.Name)
		}
		names[f.Format+f.Name] = true
	}
	for _, format := range []string{"process", "junit", "gotest"} {
		if of[format] < 30 {
			t.Errorf("%d faults of %s, and at least 30 are wanted", of[format], format)
		}
	}
	t.Log(of)
}

// What other tools are known to lose on the way from results to verdicts must be
// among the faults, so that it cannot get lost here.
func TestLossesOfOthers(t *testing.T) {
	known := make(map[string]bool)
	for _, f := range seeded.All() {
		known[f.Format+": "+f.Name] = true
	}
	for loss, faults := range map[string][]string{
		"a skipped test counts as passed":                     {"gotest: a test skipped", "junit: a case skipped", "junit: a status that says not run"},
		"a test that never ran counts as passed":              {"gotest: a cached result", "gotest: no test at all", "junit: a dry run of Ginkgo", "junit: all cases dropped, with their counts"},
		"a requirement whose test vanished keeps its verdict": {"gotest: the only test of B dropped", "junit: the only case of B dropped, with its counts"},
		"tests of one name in two packages are one":           {"gotest: a test of the same name in another package failed"},
		"tests that never ended are ignored":                  {"gotest: a crash", "gotest: a time-out", "gotest: the end of the last test dropped"},
		"nothing is said after a crash":                       {"gotest: a crash", "gotest: a panic", "several sources: a crash in the middle of a test"},
		"events of the package are ignored":                   {"gotest: the package did not build", "gotest: a failure changed to a pass", "gotest: the end of the package dropped"},
		"end events that go test loses are lost":              {"gotest: a failure behind output without a line feed"},
		"a forged result line is believed":                    {"gotest: a forged pass before the failure", "gotest: a whole test forged in the output of another", "gotest: a pass forged for a test to come"},
		"a repeated attribute keeps the last value only":      {"gotest: several attributes of one name, and a failure"},
		"an error is not looked at, or counts as passed":      {"junit: a case in error"},
		"a file whose root is a suite is skipped":             {"junit: a failure in a suite that is the root"},
		"cases beside nested suites are ignored":              {"junit: a failure beside a nested suite"},
		"the format is chosen by the name of the file":        {"junit: a failure in a file of another name"},
		"retries hide failures":                               {"junit: a case passed at the second try", "junit: a property written twice", "junit: Ginkgo tried a spec again"},
		"the last green test of an id wins":                   {"junit: a case failed", "gotest: repeated, and failed once", "junit: given with an older report, which failed"},
		"ids that no requirement has are dropped in silence":  {"junit: an id in lower case", "gotest: a retired id"},
		"tests without a requirement are dropped in silence":  {"junit: an id dropped", "gotest: a failed test without an id"},
		"nothing matched, and that is a success":              {"gotest: no test at all"},
	} {
		for _, fault := range faults {
			if !known[fault] {
				t.Errorf("%s: there is no fault %q", loss, fault)
			}
		}
	}
}

package attest_test

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/attest"
	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/folder"
)

var sum, commit = strings.Repeat("ab", 32), strings.Repeat("0f", 20)

// statement states a report of a requirement with each verdict.
func statement(t *testing.T, code int, run folder.Manifest) *attest.Statement {
	t.Helper()
	m := &reports.Model{ExitCode: code}
	for _, v := range []reports.Verdict{reports.Pass, reports.PassOutcome, reports.Fail, reports.Partial, reports.NotTested, reports.NotObservable, reports.Invalid} {
		m.Requirements = append(m.Requirements, reports.Requirement{ID: "REQ-" + strings.ReplaceAll(string(v), " ", "-"), Verdict: v})
	}
	if code == reports.ExitNothing {
		m.Problems = append(m.Problems, reports.Problem{Place: "a_test.go:1", Text: "no id"})
	}
	s, err := attest.New(m, run, sum)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func run(evidenceSum string) folder.Manifest {
	return folder.Manifest{
		Evidence: []evidence.File{{Name: "results.json", SHA256: evidenceSum}},
		Checkout: &folder.Checkout{Before: folder.Tree{Commit: commit, Tree: strings.Repeat("1e", 20), Clean: true}},
	}
}

// Every requirement is in the statement, and only what passed as passed.
func TestVerdicts(t *testing.T) {
	for code, want := range map[int]string{0: "PASSED", 1: "FAILED", 2: "FAILED", 3: "FAILED", 4: "WARNED"} {
		p := statement(t, code, run(sum)).Predicate
		failed := []string{"REQ-FAIL", "REQ-INVALID"}
		if code == reports.ExitNothing {
			failed = append(failed, "nothing can be concluded: a_test.go:1: no id")
		}
		got := [][]string{{p.Result}, p.PassedTests, p.WarnedTests, p.FailedTests}
		if d := cmp.Diff([][]string{{want}, {"REQ-PASS", "REQ-PASS-(outcome)"}, {"REQ-PARTIAL", "REQ-NOT-TESTED", "REQ-NOT-OBSERVABLE"}, failed}, got); d != "" {
			t.Errorf("exit code %d (-want +got):\n%s", code, d)
		}
	}
}

// The commit is a subject only where nothing differed from it, and a statement about
// nothing is an error.
func TestSubjects(t *testing.T) {
	dirty := run(sum)
	dirty.Checkout.Before.Clean = false
	for name, c := range map[string]struct {
		run  folder.Manifest
		want map[string]string
	}{
		"a clean tree": {run(sum), map[string]string{"gitCommit": commit, "gitTree": strings.Repeat("1e", 20)}},
		"a dirty tree": {dirty, map[string]string{"gitTree": strings.Repeat("1e", 20)}},
		"a program":    {folder.Manifest{Binaries: []evidence.File{{Name: "p", SHA256: sum}}}, map[string]string{"sha256": sum}},
	} {
		s := statement(t, 0, c.run)
		if d := cmp.Diff(c.want, s.Subject[0].Digest); d != "" || len(s.Subject) != 1 {
			t.Errorf("%s: %d subjects (-want +got):\n%s", name, len(s.Subject), d)
		}
	}
	if _, err := attest.New(&reports.Model{}, folder.Manifest{}, sum); err == nil {
		t.Error("a statement about nothing is no error")
	}
}

// A statement is read as it was written, also from an envelope, and what it says
// otherwise than a run is listed.
func TestDifferences(t *testing.T) {
	want := statement(t, 1, run(sum))
	text, err := want.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	payload := base64.StdEncoding.EncodeToString(text)
	for _, form := range []string{string(text), `{"payloadType": "x", "payload": "` + payload + `", "signatures": []}`, `{"dsseEnvelope": {"payload": "` + payload + `"}}`} {
		s, err := attest.Parse([]byte(form))
		if err != nil {
			t.Fatal(err)
		}
		if d := s.Differences(want); d != nil {
			t.Errorf("%q", d)
		}
	}
	other := run(strings.Repeat("cd", 32))
	other.Checkout.Before.Clean = false
	changed := statement(t, 4, other)
	changed.Predicate.PassedTests, changed.Predicate.FailedTests = []string{"REQ-PASS", "REQ-PASS-(outcome)", "REQ-FAIL"}, []string{"REQ-INVALID"}
	if d := cmp.Diff([]string{
		"subject source (gitCommit): the statement says nothing, the run " + commit,
		"configuration results.json (sha256): the statement says " + strings.Repeat("cd", 32) + ", the run " + sum,
		"result: the statement says WARNED, the run FAILED",
		"REQ-FAIL: the statement says passed, the run failed",
	}, changed.Differences(want)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	for _, bad := range []string{"", "[]", "{}", `{"payload": "!"}`, `{"_type": "https://in-toto.io/Statement/v1", "predicateType": "x"}`} {
		if _, err := attest.Parse([]byte(bad)); err == nil {
			t.Errorf("%q is a statement", bad)
		}
	}
}

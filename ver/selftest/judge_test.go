package selftest

import (
	"slices"
	"strings"
	"testing"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/ver/faulty"
)

// verdicts makes the model of a run from "PASS A-1 A-2" and the like; a verdict
// in parentheses is out of scope.
func verdicts(code int, lists ...string) *reports.Model {
	m := &reports.Model{ExitCode: code}
	for _, list := range lists {
		words := strings.Fields(list)
		verdict := strings.ReplaceAll(words[0], "_", " ")
		for _, id := range words[1:] {
			m.Requirements = append(m.Requirements, reports.Requirement{
				ID: id, Verdict: reports.Verdict(strings.Trim(verdict, "()")), InScope: verdict[0] != '(',
			})
		}
	}
	return m
}

func TestJudge(t *testing.T) {
	fault := faulty.Member{Name: "f", Kind: faulty.Fault, Breaks: []string{"B", "A"}}
	null := faulty.Member{Name: "n", Kind: faulty.Null, Earns: []string{"A"}}
	variant := faulty.Member{Name: "v", Kind: faulty.Variant}
	for _, test := range []struct {
		name    string
		member  faulty.Member
		seen    observed
		ok      bool
		outcome string // of it, a part
	}{
		{"killed", fault, observed{code: 1, model: verdicts(1, "FAIL A B", "PASS C")}, true, "killed by A, B"},
		{"one survives", fault, observed{code: 1, model: verdicts(1, "FAIL A", "PASS B C")}, false, "not failed: B"},
		{"all survive", fault, observed{code: 0, model: verdicts(0, "PASS A B C")}, false, "not failed: A, B"},
		{"not tested survives", fault, observed{code: 1, model: verdicts(1, "FAIL A", "NOT_TESTED B")}, false, "not failed: B"},
		{"in part survives", fault, observed{code: 1, model: verdicts(1, "FAIL A", "PARTIAL B")}, false, "not failed: B"},
		{"blamed", fault, observed{code: 1, model: verdicts(1, "FAIL A B C")}, false, "failed, though not broken: C"},
		{"others need not pass", fault, observed{code: 1, model: verdicts(1, "FAIL A B", "PARTIAL C")}, true, "killed"},
		{"breaks nothing", faulty.Member{Name: "f", Kind: faulty.Fault}, observed{code: 0, model: verdicts(0, "PASS A")}, false, "names no requirement"},
		{"no reports", fault, observed{code: -1, faults: []string{"it was ended"}}, false, "not failed: A, B; it was ended"},
		{"ended", fault, observed{code: 1, model: verdicts(1, "FAIL A B"), faults: []string{"it was ended"}}, false, "it was ended"},
		{"codes differ", fault, observed{code: 1, model: verdicts(4, "FAIL A B")}, false, "coverage.json says 4"},

		{"earns nothing", null, observed{code: 1, model: verdicts(1, "FAIL A B")}, true, "nothing that it does not meet"},
		{"earns what it may", null, observed{code: 1, model: verdicts(1, "PASS A", "FAIL B")}, true, ""},
		{"not tested", null, observed{code: 3, model: verdicts(3, "NOT_TESTED A B")}, true, ""},
		{"earns too much", null, observed{code: 1, model: verdicts(1, "PASS A B", "FAIL C")}, false, "passed unearned: B"},
		{"null passes", null, observed{code: 0, model: verdicts(0, "PASS A")}, false, "exit code is 0"},
		{"null without reports", null, observed{code: 2, faults: []string{"exit code 2 without reports"}}, false, "without reports"},

		{"conforms", variant, observed{code: 0, model: verdicts(0, "PASS A B", "(NOT_OBSERVABLE) C")}, true, "passed"},
		{"conforms, and fails", variant, observed{code: 1, model: verdicts(1, "PASS A", "FAIL B")}, false, "failed, though it conforms: B"},
		{"conforms, and is not verified", variant, observed{code: 4, model: verdicts(4, "PASS A", "PARTIAL B", "NOT_TESTED C")}, false, "not verified: B, C"},
		{"conforms, but the code", variant, observed{code: 3, model: verdicts(3, "PASS A")}, false, "exit code is 3"},
		{"conforms without reports", variant, observed{code: -1}, false, "exit code is -1"},

		{"of no kind", faulty.Member{Name: "x", Kind: "fuult"}, observed{code: 1, model: verdicts(1, "FAIL A")}, false, "no kind of member"},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := judge(test.member, test.seen)
			if r.OK != test.ok || !strings.Contains(r.outcome(), test.outcome) {
				t.Errorf("ok %t, outcome %q; want %t, %q", r.OK, r.outcome(), test.ok, test.outcome)
			}
			if (r.badge().Tone == "good") != test.ok {
				t.Errorf("badge %v", r.badge())
			}
		})
	}
}

func TestProblemsOfARunAreDefects(t *testing.T) {
	model := verdicts(2, "FAIL A")
	model.Problems = []reports.Problem{{Text: "a spec has no id"}}
	r := judge(faulty.Member{Name: "f", Kind: faulty.Fault, Breaks: []string{"A"}}, observed{code: 2, model: model})
	if r.OK || !slices.Contains(r.Defects, "nothing can be concluded: a spec has no id") {
		t.Errorf("%+v", r)
	}
}

func TestReason(t *testing.T) {
	for said, want := range map[string]string{
		"begun\npanic: out of luck\ngoroutine 1\n": "panic: out of luck",
		"one\ntwo\n": "two",
	} {
		if got := reason(said); got != want {
			t.Errorf("%q: %q, not %q", said, got, want)
		}
	}
}

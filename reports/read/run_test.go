package read_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/socket-oneline/oneline/reports/read"
	"github.com/socket-oneline/oneline/reports/results"
)

// What test processes, Ginkgo and go test write, as short as it can be.

func opening(frontEnd, more string) string {
	return `{"schema":"oneline-process/1","open":{"front_end":"` + frontEnd + `","package":"m/p","pid":1,"go":"go1","os":"linux/amd64","started":"2026-11-30T12:00:00Z"` + more + "}}\n"
}

// spec is a spec in the file of a process. Without a state it never ended.
func spec(number int, title, state string) string {
	about := `{"schema":"oneline-evidence/1","title":"` + title + `","location":"p_test.go:` + fmt.Sprint(number) + `","requirements":["R-1"],"attempt":1,"completed":true,"protocol":{"id":"","title":""},"observe":[]}`
	lines := fmt.Sprintf(`{"number":%d,"begin":%s}`+"\n", number, about)
	if state != "" {
		lines += fmt.Sprintf(`{"number":%d,"end":{"state":"%s","attempts":1,"seconds":0.1}}`+"\n", number, state)
	}
	return lines
}

// closing is the last line of a process; how many specs it closes is filled in.
const closing = `{"close":{"at":"2026-11-30T12:00:01Z","specs":N}}` + "\n"

// report is Ginkgo's report of specs, each given as title=state.
func report(nodes ...string) string {
	type node struct {
		LeafNodeType, LeafNodeText, State string
		NumAttempts                       int
		LeafNodeLocation                  struct {
			FileName   string
			LineNumber int
		}
		Failure struct{ Message string }
	}
	var list []node
	failed := false
	for _, text := range nodes {
		title, state, _ := strings.Cut(text, "=")
		n := node{LeafNodeType: "It", LeafNodeText: title, State: state, NumAttempts: 1}
		if title == "AfterSuite" {
			n.LeafNodeType, n.LeafNodeText = title, ""
		}
		if state == "failed" {
			n.Failure.Message, failed = "Ginkgo's reason", true
		}
		list = append(list, n)
	}
	text, _ := json.Marshal([]any{map[string]any{
		"SuitePath": "/src/p", "SuiteDescription": "S", "SuiteSucceeded": !failed, "SpecReports": list,
		"PreRunStats": map[string]int{"TotalSpecs": len(list), "SpecsThatWillRun": len(list)},
	}})
	return string(text)
}

// stream is what go test writes of tests, each given as name=state; without a
// state it never ended.
func stream(result string, tests ...string) string {
	event := func(action, more string) string { return `{"Action":"` + action + `","Package":"m/p"` + more + "}\n" }
	text := event("start", "")
	for _, test := range tests {
		name, state, ended := strings.Cut(test, "=")
		at := `,"Test":"` + name + `"`
		text += event("run", at)
		switch name {
		case "TestSuite":
			text += event("output", at+`,"Output":"Running Suite: S - /src/p\n"`)
		case "TestOther":
			text += event("attr", at+`,"Key":"requirement","Value":"R-2"`)
		case "TestLost":
			text += event("attr", at+`,"Key":"requirement","Value":"R-3"`) + event("attr", at+`,"Key":"oneline","Value":"gotest"`)
		}
		if state == "fail" {
			text += event("output", at+`,"Output":"    p_test.go:9: go's reason\n"`)
		}
		if ended {
			text += event(state, at)
		} else {
			return text + event("output", `,"Output":"exit status 3\n"`) + event("fail", "")
		}
	}
	return text + event("output", `,"Output":"`+map[string]string{"pass": "PASS", "fail": "FAIL"}[result]+`\n"`) + event(result, "")
}

func saidOf(all []*results.Results) string {
	var b strings.Builder
	for _, r := range all {
		for _, s := range r.Suites {
			for _, spec := range s.Specs {
				fmt.Fprintf(&b, "%s %s %s", r.Format, spec.Title, spec.State)
				if spec.Failure != "" {
					fmt.Fprintf(&b, ": %s", spec.Failure)
				}
				if spec.NoEvidence != "" {
					fmt.Fprintf(&b, " (no evidence: %s)", spec.NoEvidence)
				}
				b.WriteString("\n")
			}
			if n := s.Untagged.Count(); n > 0 {
				fmt.Fprintf(&b, "%s %d untagged\n", r.Format, n)
			}
			for _, note := range s.Notes {
				b.WriteString("note " + note + "\n")
			}
			for _, p := range s.Problems {
				b.WriteString("problem " + p.String() + "\n")
			}
			if !s.Complete {
				b.WriteString(r.Format + " not complete\n")
			}
			if s.EndUnseen {
				b.WriteString(r.Format + " end unseen\n")
			}
		}
	}
	return b.String()
}

func TestSourcesOfOneRun(t *testing.T) {
	type files map[string]string
	plain := opening("gotest", "") + spec(1, "TestA", "passed")
	ginkgo := opening("ginkgo", "") + spec(1, "a", "passed")
	passed, failed, interrupted := read.End{Passed: true}, read.End{}, read.End{Interrupted: true}
	const contradicts = ": the evidence contradicts itself; repeat the run\n"
	for name, row := range map[string]struct {
		files files
		end   read.End
		want  string
	}{
		"plain tests and their stream": {
			files{"a.jsonl": plain, "s.json": stream("pass", "TestA=pass")},
			passed,
			"process TestA passed\n",
		},
		"a cleanup failed later": {
			files{"a.jsonl": plain, "s.json": stream("fail", "TestA=fail")},
			failed,
			"process TestA failed: go test says so: go's reason\n",
		},
		"skipped after all": {
			files{"a.jsonl": plain, "s.json": stream("pass", "TestA=skip")},
			passed,
			"process TestA skipped: go test says so: no reason given\n",
		},
		"the evidence is worse than the stream": {
			files{"a.jsonl": opening("gotest", "") + spec(1, "TestA", "failed"), "s.json": stream("pass", "TestA=pass")},
			passed,
			"process TestA failed\nproblem p_test.go:1: the spec \"TestA\" of m/p: its evidence says failed, and go test passed" + contradicts,
		},
		"one of two repetitions failed": {
			files{"a.jsonl": plain, "s.json": stream("fail", "TestA=pass", "TestA=fail")},
			failed,
			"process TestA failed: go test says so: go's reason\n",
		},
		"a test that the stream does not know": {
			files{"a.jsonl": plain, "s.json": stream("pass", "TestB=pass")},
			passed,
			"process TestA passed\nproblem p_test.go:1: the spec \"TestA\" of m/p: it left evidence, and the stream of go test does not know it" + contradicts + "gotest 1 untagged\n",
		},
		"a test whose evidence is missing": {
			files{"a.jsonl": plain, "s.json": stream("pass", "TestA=pass", "TestLost=pass")},
			passed,
			"process TestA passed\ngotest TestLost passed (no evidence: its verifications are not in this file: report on the folder that oneline run leaves)\n",
		},
		"tests that record nothing beside it": {
			files{"a.jsonl": plain, "s.json": stream("pass", "TestA=pass", "TestOther=pass", "TestC=pass")},
			passed,
			"process TestA passed\ngotest TestOther passed\ngotest 1 untagged\n",
		},
		"a test that crashed": {
			files{"a.jsonl": opening("gotest", "") + spec(1, "TestA", ""), "s.json": stream("fail", "TestA")},
			failed,
			"process TestA crashed: its process ended before it did\nproblem p_test.go:1: the spec \"TestA\" began and did not end: the process of m/p crashed, was killed or called os.Exit\nprocess not complete\nprocess end unseen\n" +
				"problem package m/p: TestA began and never ended: its process crashed or was ended (exit status 3)\ngotest not complete\n",
		},
		"a crash in a later test": {
			files{"a.jsonl": plain, "s.json": stream("fail", "TestA=pass", "TestC")},
			failed,
			"process TestA passed (no evidence: the end of its process was not seen, and the command failed: start go test by oneline run itself, or call gotest.Main)\n" +
				"note the end of the tests of m/p was not seen, and the command failed: what passed there is no evidence\nprocess not complete\nprocess end unseen\n" +
				"gotest 1 untagged\nproblem package m/p: TestC began and never ended: its process crashed or was ended (exit status 3)\ngotest not complete\n",
		},
		"interrupted": {
			files{"a.jsonl": opening("gotest", "") + spec(1, "TestA", ""), "s.json": `{"Action":"start","Package":"m/p"}` + "\n" + `{"Action":"run","Package":"m/p","Test":"TestA"}` + "\n{"},
			interrupted,
			"process TestA interrupted\nprocess not complete\nprocess end unseen\ngotest not complete\n",
		},
		"no stream, and the command passed": {
			files{"a.jsonl": plain},
			passed,
			"process TestA passed\nnote the end of the tests of m/p was not seen; the command ended with status 0\n",
		},
		"no stream, and the command failed": {
			files{"a.jsonl": plain},
			failed,
			"process TestA passed (no evidence: the end of its process was not seen, and the command failed: start go test by oneline run itself, or call gotest.Main)\n" +
				"note the end of the tests of m/p was not seen, and the command failed: what passed there is no evidence\nprocess not complete\nprocess end unseen\n",
		},
		"no stream, and the end was written": {
			files{"a.jsonl": plain + closing},
			failed,
			"process TestA passed\n",
		},
		"a Ginkgo suite with everything": {
			files{"g.jsonl": ginkgo + closing, "g.ginkgo.json": report("a=passed"), "s.json": stream("pass", "TestSuite=pass")},
			passed,
			"process a passed\n",
		},
		"Ginkgo's report is worse": {
			files{"g.jsonl": ginkgo + closing, "g.ginkgo.json": report("a=failed")},
			failed,
			"process a failed: Ginkgo's reason\nproblem p_test.go:1: the spec \"a\" of m/p: its evidence says passed, and Ginkgo's report failed" + contradicts,
		},
		"Ginkgo's report is better": {
			files{"g.jsonl": opening("ginkgo", "") + spec(1, "a", "failed") + closing, "g.ginkgo.json": report("a=passed")},
			failed,
			"process a failed\nproblem p_test.go:1: the spec \"a\" of m/p: its evidence says failed, and Ginkgo's report passed" + contradicts,
		},
		"Ginkgo's report knows one spec less": {
			files{"g.jsonl": ginkgo + spec(2, "b", "passed") + closing, "g.ginkgo.json": report("a=passed")},
			passed,
			"process a passed\nprocess b passed\nproblem p_test.go:2: the spec \"b\" of m/p: it left evidence, and Ginkgo's report does not know it" + contradicts,
		},
		"Ginkgo's report knows one spec more": {
			files{"g.jsonl": ginkgo + closing, "g.ginkgo.json": report("a=passed", "b=failed")},
			failed,
			"process a passed\nprocess b failed: Ginkgo's reason\n",
		},
		"equal specs, the second failed": {
			files{"g.jsonl": ginkgo + spec(2, "a", "failed") + closing, "g.ginkgo.json": report("a=passed", "a=failed")},
			failed,
			"process a passed\nprocess a failed\n",
		},
		"AfterSuite failed": {
			files{"g.jsonl": ginkgo + closing, "g.ginkgo.json": report("a=passed", "AfterSuite=failed")},
			failed,
			"process a passed\nproblem AfterSuite failed: Ginkgo's reason\nprocess not complete\n",
		},
		"the test that starts the suite failed alone": {
			files{"g.jsonl": ginkgo + closing, "g.ginkgo.json": report("a=passed"), "s.json": stream("fail", "TestSuite=fail")},
			failed,
			"process a passed\nproblem TestSuite of m/p failed, and no spec of the suite that it starts did: go's reason\n",
		},
		"the test that starts the suite failed with it": {
			files{"g.jsonl": opening("ginkgo", "") + spec(1, "a", "failed") + closing, "g.ginkgo.json": report("a=failed"), "s.json": stream("fail", "TestSuite=fail")},
			failed,
			"process a failed\n",
		},
		"two processes, the first closes": {
			files{
				"g.jsonl": opening("ginkgo", `,"group":"x","proc":1,"procs":2`) + spec(1, "a", "passed") + closing,
				"h.jsonl": opening("ginkgo", `,"group":"x","proc":2,"procs":2`) + spec(1, "b", "passed"), "g.ginkgo.json": report("a=passed", "b=passed"),
			},
			passed,
			"process a passed\nprocess b passed\n",
		},
		"two processes, none closes": {
			files{
				"g.jsonl": opening("ginkgo", `,"group":"x","proc":1,"procs":2`) + spec(1, "a", "passed"),
				"h.jsonl": opening("ginkgo", `,"group":"x","proc":2,"procs":2`) + spec(1, "b", "passed"),
			},
			passed,
			"process a passed\nproblem the process of m/p ended outside of its specs and before its suite did: it crashed, was killed or called os.Exit\nprocess not complete\nprocess end unseen\nprocess b passed\nprocess not complete\nprocess end unseen\n",
		},
		"two processes, the second crashes": {
			files{
				"g.jsonl": opening("ginkgo", `,"group":"x","proc":1,"procs":2`) + spec(1, "a", "passed") + closing,
				"h.jsonl": opening("ginkgo", `,"group":"x","proc":2,"procs":2`) + spec(1, "b", ""),
			},
			failed,
			"process a passed\nprocess b crashed: its process ended before it did\nproblem p_test.go:1: the spec \"b\" began and did not end: the process of m/p crashed, was killed or called os.Exit\nprocess not complete\nprocess end unseen\n",
		},
		"a report without a process": {files{"g.ginkgo.json": report("a=passed")}, passed, "ginkgo 1 untagged\n"},
		"a report beside a stream": {
			files{"g.jsonl": stream("pass", "TestC=pass"), "g.ginkgo.json": report("a=passed")},
			passed,
			"ginkgo 1 untagged\ngotest 1 untagged\n",
		},
		"results of others": {
			files{"a.jsonl": plain, "s.json": stream("pass", "TestA=pass"), "t.xml": "<testsuite name='S'><testcase name='t' req='R-1'/></testsuite>"},
			passed,
			"process TestA passed\njunit t passed\n",
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			var paths []string
			for name, text := range row.files {
				path := filepath.Join(dir, name)
				text = strings.Replace(text, `"specs":N`, fmt.Sprintf(`"specs":%d`, strings.Count(text, `"begin"`)), 1)
				if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
				paths = append(paths, path)
			}
			slices.Sort(paths)
			all, err := read.Options{}.Run(paths, row.end)
			if err != nil {
				t.Fatal(err)
			}
			if got := saidOf(all); got != row.want {
				t.Errorf("got\n%swant\n%s", got, row.want)
			}
		})
	}
}

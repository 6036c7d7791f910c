package manual_test

import (
	"bufio"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/manual"
	"github.com/socket-oneline/oneline/reports/read"
	"github.com/socket-oneline/oneline/reports/record"
	"github.com/socket-oneline/oneline/reports/results"
)

var (
	began = time.Date(2026, 11, 25, 10, 0, 0, 0, time.FixedZone("", 3600))
	jane  = evidence.Tester{Initials: "JR", Name: "Jane Roe"}
	moe   = evidence.Tester{Initials: "MM", Name: "Max Moe"}
)

// session is one that has these lines typed, a second passing with every look
// at the clock.
func session(t testing.TB, path string, tester evidence.Tester, lines ...string) (*manual.Session, *strings.Builder) {
	t.Helper()
	var out strings.Builder
	now := began
	return &manual.Session{
		File: protocols(t), Path: path, Tester: tester, Run: evidence.Run{Type: "dev", ID: "m-1", Repeat: "oneline manual box.json"},
		In: bufio.NewReader(strings.NewReader(strings.Join(lines, "\n"))), Out: &out,
		Now: func() time.Time { now = now.Add(time.Second); return now },
	}, &out
}

func lead(t testing.TB, path string, tester evidence.Tester, lines ...string) (manual.Counts, string) {
	t.Helper()
	s, out := session(t, path, tester, lines...)
	if err := s.Lead(); err != nil {
		t.Fatal(err)
	}
	return s.Counts(), out.String()
}

// verdicts are those of the requirements by what is recorded in the files.
func verdicts(t testing.TB, paths ...string) map[string]string {
	t.Helper()
	m := model(t, paths...)
	got := map[string]string{}
	for _, r := range m.Requirements {
		got[r.ID] = strings.TrimSuffix(string(r.Verdict)+": "+r.Reason, ": ")
	}
	return got
}

func model(t testing.TB, paths ...string) *reports.Model {
	t.Helper()
	var given []*results.Results
	for _, path := range paths {
		r, err := read.Load(path)
		if err != nil {
			t.Fatal(err)
		}
		given = append(given, r)
	}
	m := reports.Build(requirements(t), given, reports.Options{})
	if len(m.Problems) > 0 {
		t.Fatal(m.Problems)
	}
	return m
}

// TestLead: what is answered becomes a verdict.
func TestLead(t *testing.T) {
	for name, c := range map[string]struct {
		lines  []string
		counts manual.Counts
		want   map[string]string
	}{
		"all passed": {
			[]string{"p", "p version 1.4", "P", "p", "p"},
			manual.Counts{Passed: 3},
			map[string]string{"BOX-1": "PASS", "BOX-2": "PASS", "BOX-3": "PARTIAL: every spec passed; no automated spec"},
		},
		"one failed, and the spec went on": {
			[]string{"p", "f", "no version", "p", "p", "f it is red"},
			manual.Counts{Passed: 1, Failed: 2},
			map[string]string{"BOX-1": "FAIL: the verification failed", "BOX-2": "FAIL: 1 of 2 specs: 1 of 2 verifications failed", "BOX-3": "FAIL: the verification failed"},
		},
		"one cannot be done": {
			[]string{"c", "", "the key is lost", "p", "p"},
			manual.Counts{Passed: 2, Blocked: 1},
			map[string]string{
				"BOX-1": "NOT TESTED: blocked: step 1 cannot be done, says JR: the key is lost",
				"BOX-2": "PARTIAL: 1 of 2 specs passed; blocked: step 1 cannot be done, says JR: the key is lost",
				"BOX-3": "PARTIAL: every spec passed; no automated spec",
			},
		},
		"stopped within a spec": {
			[]string{"p", "p", "q"},
			manual.Counts{Open: 3},
			map[string]string{
				"BOX-1": "NOT TESTED: blocked: it did not run to its end",
				"BOX-2": "NOT TESTED: blocked: it did not run to its end; manual and not recorded",
				"BOX-3": "NOT TESTED: manual and not recorded; no automated spec",
			},
		},
		"the input ended between specs": {
			[]string{"p", "p", "p"},
			manual.Counts{Passed: 1, Open: 2},
			map[string]string{"BOX-1": "PASS", "BOX-2": "PARTIAL: 1 of 2 specs passed; manual and not recorded", "BOX-3": "NOT TESTED: manual and not recorded; no automated spec"},
		},
		"the input ended within an answer": {
			[]string{"p", "f"},
			manual.Counts{Open: 3},
			map[string]string{
				"BOX-1": "NOT TESTED: blocked: it did not run to its end",
				"BOX-2": "NOT TESTED: blocked: it did not run to its end; manual and not recorded",
				"BOX-3": "NOT TESTED: manual and not recorded; no automated spec",
			},
		},
		"mistyped": {
			[]string{"b", "yes", "", "f what", "p", "p", "p", "f oops", "b", "p", "p"},
			manual.Counts{Passed: 3},
			map[string]string{"BOX-1": "PASS", "BOX-2": "PASS", "BOX-3": "PARTIAL: every spec passed; no automated spec"},
		},
		"taken back at the end": {
			[]string{"p", "p", "p", "p", "f red", "what?", "b", "p", "q"},
			manual.Counts{Passed: 3},
			map[string]string{"BOX-1": "PASS", "BOX-2": "PASS", "BOX-3": "PARTIAL: every spec passed; no automated spec"},
		},
		"taken back for good": {
			[]string{"p", "b", "q"},
			manual.Counts{Open: 3},
			map[string]string{"BOX-1": "NOT TESTED: manual and not recorded", "BOX-2": "NOT TESTED: manual and not recorded", "BOX-3": "NOT TESTED: manual and not recorded; no automated spec"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "r.json")
			counts, out := lead(t, path, jane, c.lines...)
			if counts != c.counts {
				t.Errorf("%+v, want %+v; it printed\n%s", counts, c.counts, out)
			}
			c.want["BOX-4"] = "NOT TESTED: no spec"
			if d := cmp.Diff(c.want, verdicts(t, path)); d != "" {
				t.Error(d)
			}
			if strings.ContainsRune(out, '\x1b') {
				t.Error("an escape sequence reached the terminal")
			}
		})
	}
}

// TestRecord: who saw what, and when, at every step.
func TestRecord(t *testing.T) {
	path := filepath.Join(t.TempDir(), "r.json")
	lead(t, path, jane, "p with the key", "p version 1.4", "q")
	lead(t, path, moe, "f", "upside down", "f oops\x1b[31m\xff", "b", "p")
	m := model(t, path)
	if d := cmp.Diff([]evidence.Tester{jane, moe}, m.Run.Testers); d != "" {
		t.Error(d)
	}
	if m.Run.Manual == nil || m.Run.Manual.Name != "box.json" || m.Run.ID != "m-1" || m.Run.Started.IsZero() || !m.Run.Ended.After(m.Run.Started) {
		t.Errorf("the run is %+v", m.Run)
	}
	e := m.Protocols[0].Specs[0].Evidence
	if !m.Protocols[0].Specs[0].Manual || m.Protocols[0].Specs[0].Repeat != "oneline manual box.json" {
		t.Errorf("%+v", m.Protocols[0].Specs[0])
	}
	for i, by := range []string{"JR", "JR", "MM"} {
		if st := e.Steps[i]; st.By != by || st.At.IsZero() {
			t.Errorf("step %d: by %q at %v", st.Number, st.By, st.At)
		}
	}
	v := e.Verifications
	if len(v) != 2 || v[0].Actual != "as expected: version 1.4" || v[0].By != "JR" || v[1].Actual != "upside down" || v[1].By != "MM" || v[1].Passed || v[1].At.IsZero() {
		t.Errorf("%+v", v)
	}
	if d := cmp.Diff([]string{"step 1: with the key"}, e.Notes); d != "" {
		t.Error(d)
	}
	notes := m.Protocols[0].Specs[1].Evidence.Notes
	if len(notes) != 1 || !strings.HasPrefix(notes[0], "taken back by MM, 2026-11-25 10:00:") || !strings.HasSuffix(notes[0], ": step 1: failed: oops\x1b[31m\uFFFD") {
		t.Errorf("%q", notes)
	}
}

// TestMerged: what two testers recorded in files of their own counts together.
func TestMerged(t *testing.T) {
	dir := t.TempDir()
	one, two := filepath.Join(dir, "one.json"), filepath.Join(dir, "two.json")
	lead(t, one, jane, "p", "p", "p", "q")
	lead(t, two, moe, "c no key", "p", "p")
	want := map[string]string{
		"BOX-1": "NOT TESTED: blocked: step 1 cannot be done, says MM: no key",
		"BOX-2": "PARTIAL: 1 of 2 specs passed; blocked: step 1 cannot be done, says MM: no key",
		"BOX-3": "PARTIAL: every spec passed; no automated spec",
		"BOX-4": "NOT TESTED: no spec",
	}
	for _, order := range [][]string{{one, two}, {two, one}} {
		if d := cmp.Diff(want, verdicts(t, order...)); d != "" {
			t.Errorf("%v: %s", order, d)
		}
	}
}

// TestAgain: a spec that could not be done is begun anew, one that failed is
// not.
func TestAgain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "r.json")
	lead(t, path, jane, "c no key", "p", "f red")
	s, _ := session(t, path, moe, "p", "p", "p")
	s.Again = "MP-1.1"
	if err := s.Lead(); err != nil {
		t.Fatal(err)
	}
	if c := s.Counts(); c != (manual.Counts{Passed: 2, Failed: 1}) {
		t.Errorf("%+v", c)
	}
	notes := model(t, path).Protocols[0].Specs[0].Evidence.Notes
	if len(notes) != 1 || !strings.HasSuffix(notes[0], "; before: step 1 cannot be done, says JR: no key") {
		t.Errorf("%q", notes)
	}
	for again, want := range map[string]string{
		"MP-2.1": "MP-2.1 has failed, and a spec that is tried again counts as its worst: record another try in a file of its own",
		"MP-2.2": "there is no spec MP-2.2 in box.json",
	} {
		s, _ := session(t, path, moe)
		s.Again = again
		if err := s.Lead(); err == nil || err.Error() != want {
			t.Errorf("%s: %v", again, err)
		}
	}
}

// TestRefused: results that are not those of the protocols are left alone.
func TestRefused(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "r.json")
	lead(t, path, jane, "p", "q")
	other, _ := session(t, path, evidence.Tester{Initials: "JR", Name: "Joe Rowe"}, "p")
	changed, _ := session(t, path, jane, "p")
	changed.File.SHA256 = strings.Repeat("0", 64)
	foreign, _ := session(t, filepath.Join(dir, "foreign.json"), jane, "p")
	if err := os.WriteFile(foreign.Path, []byte(`{"a": 1}`), 0o600); err != nil {
		t.Fatal(err)
	}
	nowhere, _ := session(t, filepath.Join(dir, "none", "r.json"), jane, "p")
	broken, _ := session(t, filepath.Join(dir, "b.json"), jane)
	broken.In = bufio.NewReader(failing{})
	for want, s := range map[string]*manual.Session{
		"the initials JR are those of Jane Roe already: choose others": other,
		"these results are not of box.json as it is now":               changed,
		"these are not the results of one suite":                       foreign,
		"the results cannot be written":                                nowhere,
		"the answer cannot be read: unplugged":                         broken,
	} {
		before, _ := os.ReadFile(s.Path)
		if err := s.Lead(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
		if after, _ := os.ReadFile(s.Path); string(before) != string(after) {
			t.Errorf("%s: the results were changed", want)
		}
	}
}

// TestTwoAtOnce: two sessions on the same results do not write over each other.
func TestTwoAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "r.json")
	var between []byte
	slow, _ := session(t, path, jane)
	slow.In = bufio.NewReader(&typing{lines: []string{"p\n", "f not seen by the other\n"}, before: func(line int) {
		if line == 1 {
			lead(t, path, moe, "p", "q")
			between, _ = os.ReadFile(path)
		}
	}})
	if err := slow.Lead(); err == nil || !strings.Contains(err.Error(), "somebody else has written these results since") {
		t.Error(err)
	}
	if after, _ := os.ReadFile(path); len(between) == 0 || string(between) != string(after) {
		t.Error("what the other one recorded is lost")
	}
}

// typing is what is typed, a line at a time, with something done before each.
type typing struct {
	lines  []string
	typed  int
	before func(line int)
}

func (r *typing) Read(p []byte) (int, error) {
	if r.typed == len(r.lines) {
		return 0, io.EOF
	}
	r.before(r.typed)
	r.typed++
	return copy(p, r.lines[r.typed-1]), nil
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errors.New("unplugged") }

// TestEveryStep: after each answer the file is whole, and says just what was
// answered.
func TestEveryStep(t *testing.T) {
	path := filepath.Join(t.TempDir(), "r.json")
	for i := range 5 {
		lead(t, path, jane, "p", "q")
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		s, err := record.Decode(path, data)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, spec := range s.Specs {
			for _, st := range spec.Steps {
				if st.By != "" {
					n++
				}
			}
		}
		if n != i+1 {
			t.Errorf("%d steps are recorded after %d answers", n, i+1)
		}
	}
	if d := cmp.Diff(map[string]string{
		"BOX-1": "PASS", "BOX-2": "PASS", "BOX-3": "PARTIAL: every spec passed; no automated spec", "BOX-4": "NOT TESTED: no spec",
	}, verdicts(t, path)); d != "" {
		t.Error(d)
	}
}

package selftest

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/socket-oneline/oneline"
	"github.com/socket-oneline/oneline/reports/srs"
	"github.com/socket-oneline/oneline/ver/faulty"
	"github.com/socket-oneline/oneline/ver/verify"
)

// A self-test of two writes the kill matrix, and keeps and prints their reports.
func TestRun(t *testing.T) {
	out := t.TempDir()
	var printed bytes.Buffer
	m, err := Run(t.Context(), Options{Out: out, Only: []string{"hangs-up", "api-check-nothing"}}, verify.Terminal{Out: &printed, Width: 80})
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Members) != 2 || len(m.LeftOut) != len(faulty.All())-2 || m.ExitCode == 2 {
		t.Errorf("%d members, %d left out, exit code %d", len(m.Members), len(m.LeftOut), m.ExitCode)
	}
	for _, name := range []string{"kill-matrix.md", "kill-matrix.json", "kill-matrix.html", "kill-matrix.csv", "members/hangs-up/report.txt"} {
		if _, err := os.Stat(filepath.Join(out, filepath.FromSlash(name))); err != nil {
			t.Error(err)
		}
	}
	for _, part := range []string{"requirements verified: 0 passed", "1 of 1 faults killed", "kill matrix in " + out} {
		if text := printed.String(); !strings.Contains(text, part) {
			t.Errorf("it does not print %q:\n%s", part, text)
		}
	}
}

// A fault that only a sequence of clients shows is shown by the shortest one that
// does: everything else has been taken away.
func TestShortestSequence(t *testing.T) {
	command := `"[^"|]*\\n", gets packet "[^"]*"` // which one it is does not matter
	for name, script := range map[string]string{
		"reset-then-half-close": `client 1 sends nothing, gets no packet and resets the connection; client 2 sends ` + command + ` and closes its sending side`,
		"reset-then-bye":        `client 1 sends nothing, gets no packet and resets the connection; client 2 sends "disconnect\\n", gets no packet and sends disconnect`,
		"eof-completes-ping":    `client 1 sends "p", gets no packet and closes its sending side`,
	} {
		t.Run(name, func(t *testing.T) {
			var printed bytes.Buffer
			if _, err := Run(t.Context(), Options{Out: t.TempDir(), Only: []string{name}}, verify.Terminal{Out: &printed, Width: 1000}); err != nil {
				t.Fatal(err)
			}
			if !regexp.MustCompile(`(?m)^ *step +` + script + `$`).MatchString(printed.String()) {
				t.Errorf("not shown by %s:\n%s", script, printed.String())
			}
		})
	}
}

// Members have names that can be typed, and name requirements that there are.
func TestMembers(t *testing.T) {
	file, err := srs.Parse("srs.json", oneline.SRS)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, m := range faulty.All() {
		if m.Name == "" || seen[m.Name] || strings.Trim(m.Name, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
			t.Errorf("%q: a name is words with hyphens, and there once", m.Name)
		}
		seen[m.Name] = true
		if m.Text == "" || m.Target == nil {
			t.Errorf("%s has no text, or no target", m.Name)
		}
		if (m.Kind == faulty.Fault) != (len(m.Breaks) > 0) || len(m.Earns) > 0 && m.Kind != faulty.Null {
			t.Errorf("%s: a %s breaks %v and earns %v", m.Name, m.Kind, m.Breaks, m.Earns)
		}
		for _, id := range slices.Concat(m.Breaks, m.Earns) {
			if q, ok := file.Lookup(id); !ok || q.Retired {
				t.Errorf("%s names %s, which is no requirement", m.Name, id)
			}
		}
	}
}

func TestUnknownMember(t *testing.T) {
	_, err := Run(t.Context(), Options{Out: t.TempDir(), Only: []string{"plain", "nobody"}}, verify.Terminal{})
	if err == nil || !strings.Contains(err.Error(), `there is no member "nobody"`) {
		t.Error(err)
	}
}

func TestInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := Run(ctx, Options{Out: t.TempDir(), Only: []string{"plain"}}, verify.Terminal{Out: new(bytes.Buffer)})
	if err == nil || err.Error() != "interrupted" {
		t.Error(err)
	}
}

// A run that comes to no reports is observed; it ends no other.
func TestBadRuns(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	r := runner{self: self, dir: t.TempDir(), limit: time.Minute}
	o, err := r.run(t.Context(), faulty.Member{Name: "nobody"})
	if err != nil || o.code != 2 || len(o.faults) != 1 || o.faults[0] != `exit code 2 without reports: there is no member "nobody"` {
		t.Errorf("%+v, %v", o, err)
	}
	r.limit = time.Millisecond
	o, err = r.run(t.Context(), faulty.Member{Name: "silent"})
	if err != nil || o.code != -1 || o.model != nil || len(o.faults) != 1 || !strings.Contains(o.faults[0], "more than 1ms and was ended") {
		t.Errorf("%+v, %v", o, err)
	}
	r.self = filepath.Join(t.TempDir(), "absent")
	if _, err := r.run(t.Context(), faulty.Member{Name: "silent"}); err == nil || !strings.HasPrefix(err.Error(), "silent cannot be run: ") {
		t.Error(err)
	}
}

func TestProgress(t *testing.T) {
	var bar, lines bytes.Buffer
	p := newProgress(verify.Terminal{Out: &lines, Progress: &bar, Width: 40}, 2)
	p.done(Result{Name: "one", Kind: faulty.Null, OK: true}, time.Second)
	p.done(Result{Name: strings.Repeat("two", 20), Kind: faulty.Null}, time.Second)
	p.end()
	want := "\r\x1b[K[##########..........] 1 of 2, 0 wrong  one" + "\r\x1b[K[####################] 2 of 2, 1 wrong  " + "\r\x1b[K"
	if got := bar.String(); !strings.HasPrefix(got, want[:40]) || !strings.HasSuffix(got, "\r\x1b[K") || lines.Len() > 0 {
		t.Errorf("%q, %q", got, lines.String())
	}
	for drawn := range strings.SplitSeq(bar.String(), "\r\x1b[K") {
		if len(drawn) >= 40 {
			t.Errorf("%d columns: %q", len(drawn), drawn)
		}
	}
	p = newProgress(verify.Terminal{Out: &lines}, 1)
	p.done(Result{Name: "one", Kind: faulty.Null, OK: true}, 1500*time.Millisecond)
	p.end()
	if got := lines.String(); got != "1/1  null      1.5 s  one: earned nothing that it does not meet\n" {
		t.Errorf("%q", got)
	}
}

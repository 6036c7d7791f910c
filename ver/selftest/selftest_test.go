package selftest

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/socket-oneline/oneline"
	"github.com/socket-oneline/oneline/reports/srs"
	"github.com/socket-oneline/oneline/ver/faulty"
	"github.com/socket-oneline/oneline/ver/verify"
)

// Members have names that can be typed, and name requirements that there are. Every
// requirement has faults that break it, or passing would prove nothing.
func TestMembers(t *testing.T) {
	file, err := srs.Parse("srs.json", oneline.SRS)
	if err != nil {
		t.Fatal(err)
	}
	seen, breaks := map[string]bool{}, map[string]int{}
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
			if m.Kind == faulty.Fault {
				breaks[id]++
			}
			if q, ok := file.Lookup(id); !ok || q.Retired {
				t.Errorf("%s names %s, which is no requirement", m.Name, id)
			}
		}
	}
	for _, r := range file.Requirements {
		if n := breaks[r.ID]; n < enough && !r.Retired {
			t.Errorf("%s is broken by %d faults, not by %d", r.ID, n, enough)
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
	p := &progress{term: verify.Terminal{Out: &lines, Progress: &bar, Columns: 40}, total: 2}
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
	p = &progress{term: verify.Terminal{Out: &lines}, total: 1}
	p.done(Result{Name: "one", Kind: faulty.Null, OK: true}, 1500*time.Millisecond)
	p.end()
	if got := lines.String(); got != "1/1  null      1.5 s  one: earned nothing that it does not meet\n" {
		t.Errorf("%q", got)
	}
}

package selftest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/socket-oneline/oneline"
	"github.com/socket-oneline/oneline/reports/render/text"
	"github.com/socket-oneline/oneline/reports/srs"
	"github.com/socket-oneline/oneline/ver/faulty"
	"github.com/socket-oneline/oneline/ver/target"
)

func TestMain(m *testing.M) {
	target.Child()
	faulty.Child()
	Child()
	os.Exit(m.Run())
}

// part is a representative part of the members: faults of every kind of
// observation, two that conform, and nulls.
var part = []string{
	"ping-in-any-case",
	"disconnect-as-prefix",
	"shutdown-as-prefix",
	"invalid-obeyed",
	"maximum-exceeded",
	"eof-ends-packet",
	"disconnect-runs-rest",
	"shutdown-keeps-port",
	"waiting-data-lost",
	"api-check-nothing",
	"api-max-one-less",
	"api-late-sent",
	"api-panic-keeps-client",
	"process-exits-with-1",
	"closed-port",
	"http",
	"plain",
	"second-closed",
	"reads-little",
	"api-slow",
	"client-in-pieces",
}

// A part of the self-test comes out as it should.
func TestPart(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	members, _, err := choose(faulty.All(), part)
	if err != nil {
		t.Fatal(err)
	}
	r := runner{
		self: self, dir: filepath.Join(t.TempDir(), "members"), limit: runLimit, atATime: atATime(),
		done: func(r Result, d time.Duration) { t.Log(r.Name, d) },
	}
	results, _, err := r.all(t.Context(), members)
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range results {
		if one.wrong() {
			t.Errorf("%s (%s): %s: %s\n%s", one.Name, one.Kind, one.Text, one.outcome(), report(t, r.dir, one.Name))
		}
	}
}

// report is what the run of a member ends with: each requirement, and each
// verification that failed with what was expected and found.
func report(t *testing.T, dir, name string) string {
	file, err := srs.Parse("srs.json", oneline.SRS)
	if err != nil {
		t.Fatal(err)
	}
	model, _, err := reportsOf(file, filepath.Join(dir, name))
	if err != nil {
		return err.Error()
	}
	var printed strings.Builder
	if err := text.Terminal(&printed, model, text.TerminalOptions{}); err != nil {
		t.Error(err)
	}
	return printed.String()
}

// Every requirement has faults that break it, or passing would prove nothing.
func TestEveryRequirementHasFaults(t *testing.T) {
	file, err := srs.Parse("srs.json", oneline.SRS)
	if err != nil {
		t.Fatal(err)
	}
	breaks := map[string]int{}
	names := map[string]bool{}
	for _, m := range faulty.All() {
		if names[m.Name] {
			t.Errorf("two members are called %s", m.Name)
		}
		names[m.Name] = true
		for _, id := range m.Breaks {
			breaks[id]++
			if r, ok := file.Lookup(id); !ok || r.Retired {
				t.Errorf("%s breaks %s, which is no requirement", m.Name, id)
			}
		}
	}
	for _, r := range file.Requirements {
		if n := breaks[r.ID]; n < enough && !r.Retired {
			t.Errorf("%s is broken by %d faults, not by %d", r.ID, n, enough)
		}
	}
}

package selftest

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/socket-oneline/oneline/ver/faulty"
	"github.com/socket-oneline/oneline/ver/target"
	"github.com/socket-oneline/oneline/ver/verify"
)

func TestMain(m *testing.M) {
	target.Child()
	faulty.Child()
	Child()
	os.Exit(m.Run())
}

// part has a fault of every kind of observation, a null, and two that conform. Each
// takes a short time. The whole is what oneline selftest runs.
var part = []string{
	"ping-in-any-case",
	"api-check-nothing",
	"process-exits-with-1",
	"client-no-ping",
	"http",
	"plain",
	"client-in-pieces",
}

// sequences are faults that only a sequence of clients shows, each with the shortest
// one that does: everything else has been taken away.
var sequences = map[string]string{
	"reset-then-half-close": `client 1 sends nothing, gets no packet and resets the connection; client 2 sends ` + anyCommand + ` and closes its sending side`,
	"reset-then-bye":        `client 1 sends nothing, gets no packet and resets the connection; client 2 sends "disconnect\\n", gets no packet and sends disconnect`,
	"eof-completes-ping":    `client 1 sends "p", gets no packet and closes its sending side`,
}

const anyCommand = `"[^"|]*\\n", gets packet "[^"]*"`

// A part of the self-test comes out as it should. The kill matrix is written, and the
// reports of its members are kept and printed.
func TestRun(t *testing.T) {
	out := t.TempDir()
	var printed bytes.Buffer
	only := slices.AppendSeq(slices.Clone(part), maps.Keys(sequences))
	m, err := Run(t.Context(), Options{Out: out, Only: only}, verify.Terminal{Out: &printed})
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Members) != len(only) || len(m.LeftOut) != len(faulty.All())-len(only) || m.ExitCode != 0 {
		t.Errorf("%d members, %d left out, exit code %d\n%s", len(m.Members), len(m.LeftOut), m.ExitCode, &printed)
	}
	for _, name := range []string{"kill-matrix.md", "kill-matrix.json", "kill-matrix.html", "members/http/report.txt"} {
		if _, err := os.Stat(filepath.Join(out, filepath.FromSlash(name))); err != nil {
			t.Error(err)
		}
	}
	for _, part := range []string{"requirements tested: 0 passed", "7 of 7 faults killed", "kill matrix in " + out} {
		if text := printed.String(); !strings.Contains(text, part) {
			t.Errorf("it does not print %q:\n%s", part, text)
		}
	}
	for name, script := range sequences {
		text, err := os.ReadFile(filepath.Join(out, "members", name, "report.txt"))
		words := strings.Join(strings.Fields(string(text)), " ")
		if err != nil || !regexp.MustCompile(` step `+script+` (sent|verified) `).MatchString(words) {
			t.Errorf("%s is not shown by %s: %v\n%s", name, script, err, text)
		}
	}
}

package reports_test

import (
	"bytes"
	"testing"

	"github.com/onsi/ginkgo/v2/types"

	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/read"
)

// Evidence arrives as it was left, whatever its texts hold.
func TestEvidenceArrivesUnaltered(t *testing.T) {
	text := "a \"quoted\" \\ back, <tag> & é 𝄞 \t\n\u2028 \x01 end\\"
	m := built(t, requirements("A"), it("A", left("A", func(e *evidence.Spec) {
		e.Notes = []string{text}
		e.Transcript = []evidence.Exchange{{Bytes: []byte{0, 255, '\n'}}}
	})))
	e := m.Protocols[0].Specs[0].Evidence
	if e.Notes[0] != text || !bytes.Equal(e.Transcript[0].Bytes, []byte{0, 255, '\n'}) {
		t.Errorf("%q, %q", e.Notes[0], e.Transcript[0].Bytes)
	}
	// A text may end in a backslash, in Ginkgo's JSON too.
	m = built(t, requirements("A"), passing("A", func(s *types.SpecReport) { s.LeafNodeText = `in C:\` }))
	if got := m.Protocols[0].Specs[0].Title; got != `in C:\` {
		t.Errorf("title %s", got)
	}
	// A writer may escape more than Go does.
	data := bytes.ReplaceAll(written(t, recorded(passing("A"))), []byte(`oneline-evidence/1`), []byte(`oneline-evidence\/\u0031`))
	if _, err := read.From("r.json", bytes.NewReader(data)); err != nil {
		t.Error(err)
	}
}

// The evidence that is shown is that of the attempt that went wrong most.
func TestWorstAttempt(t *testing.T) {
	mark := func(note string, change func(*evidence.Spec)) func(*evidence.Spec) {
		return func(e *evidence.Spec) {
			e.Notes = []string{note}
			change(e)
		}
	}
	nothing := func(*evidence.Spec) {}
	for _, c := range []struct {
		name     string
		attempts []option
		want     string
	}{
		{"alike", []option{left("A", mark("first", nothing)), left("A", mark("second", nothing))}, "first"},
		{"failed", []option{left("A", mark("first", nothing)), left("!A", mark("second", nothing))}, "second"},
		{"failed more", []option{left("!A", mark("first", nothing)), left("!A !A", mark("second", nothing))}, "second"},
		{"dead", []option{left("A", mark("first", incomplete)), left("A", mark("second", func(e *evidence.Spec) { e.DeadTarget = "gone" }))}, "second"},
		{"blocked", []option{left("A", mark("first", incomplete)), left("A", mark("second", func(e *evidence.Spec) { e.Blocked = "no" }))}, "second"},
		{"incomplete", []option{left("A", mark("first", nothing)), left("A", mark("second", incomplete))}, "second"},
		{"out of order", []option{left("A", mark("second", func(e *evidence.Spec) { e.Attempt = 2 })), left("A", mark("first", func(e *evidence.Spec) { e.Attempt = 1 }))}, "first"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := built(t, requirements("A"), it("A", append(c.attempts, attempts(len(c.attempts)))...))
			if got := m.Protocols[0].Specs[0].Evidence.Notes[0]; got != c.want {
				t.Errorf("the %s attempt is shown, want the %s", got, c.want)
			}
		})
	}
}

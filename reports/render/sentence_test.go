package render

import (
	"strings"
	"testing"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/render/content"
	"github.com/socket-oneline/oneline/reports/render/document"
)

// A sentence says what was sent in the step, or since the target last spoke, and of long
// values what surrounds their first difference.
func TestSentences(t *testing.T) {
	sent := func(text string) evidence.Exchange {
		return evidence.Exchange{Direction: evidence.Sent, Bytes: []byte(text), Length: len(text)}
	}
	got := evidence.Exchange{Direction: evidence.Received, Bytes: []byte("x\n"), Length: 2}
	inStep := func(x evidence.Exchange) evidence.Exchange { x.Step = 1; return x }
	long := strings.Repeat("abcdefghij", 20)
	for _, tt := range []struct {
		exchanges              []evidence.Exchange
		text, expected, actual string
		want                   string
	}{
		{nil, "", "1", "2", "wait: expected 1, got 2"},
		{nil, "pongs", "1", "2", "pongs: expected 1, got 2"},
		{nil, "answer to `ping\\r`", "nak", "pong", "answered `ping\\r` with pong; expected nak"},
		{[]evidence.Exchange{sent("ping\n"), got, sent("none\n"), sent("ping\n"), got}, "the next", `"pong"`, "nak", `sent "none\n", "ping\n": expected "pong", got nak`},
		{[]evidence.Exchange{sent("before\n"), got, inStep(sent("\rping\n")), inStep(got), inStep(sent("ping\n")), inStep(got)}, "pongs", "1", "2", `sent "\rping\n", "ping\n": pongs: expected 1, got 2`},
		{[]evidence.Exchange{inStep(sent(long)), inStep(got), inStep(sent("ping\n")), inStep(got)}, "pongs", "1", "2", `sent "ping\n": pongs: expected 1, got 2`},
		{[]evidence.Exchange{sent(long), got}, "", "pong", "nak", "wait: expected pong, got nak"},
		{[]evidence.Exchange{sent("ping\n"), got, sent("disconnect\n")}, "", "closed", "nothing", `sent "disconnect\n": wait: expected closed, got nothing`},
		{[]evidence.Exchange{sent("ping\n"), got, sent("disconnect\n")}, "all", `packet "pong"`, `packet "x"`, `all: expected packet "pong", got packet "x"`},
		{nil, "echo", long + "X" + long, long + "Y" + long, "echo: expected …" + long[188:] + "X" + long[:27] + "…, got …" + long[188:] + "Y" + long[:27] + "…"},
		{nil, "echo", "a" + long, "b", "echo: expected a" + long[:39] + "…, got b"},
		{nil, "echo", "a\ufffdb", "ab", `echo: expected a\ufffdb, got ab`},
	} {
		m := &reports.Model{Requirements: []reports.Requirement{{ID: "A", Verdict: reports.Fail}}, Protocols: []reports.Protocol{{Specs: []reports.Spec{{
			Requirements: []string{"A"}, Results: map[string]reports.Result{"A": reports.ResultFail},
			Evidence: &evidence.Spec{
				Steps: []evidence.Step{{Number: 1, Text: "wait"}}, Transcript: tt.exchanges,
				Verifications: []evidence.Verification{{Requirements: []string{"A"}, Step: 1, Text: tt.text, Expected: tt.expected, Actual: tt.actual, Exchanges: len(tt.exchanges)}},
			},
		}}}}}
		if s := document.Show(content.Failures(m)[0].Causes[0].Sentence()); s != tt.want {
			t.Errorf("%q, want %q", s, tt.want)
		}
	}
}

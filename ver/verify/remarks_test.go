package verify

import (
	"strings"
	"testing"

	"github.com/socket-oneline/oneline"
	"github.com/socket-oneline/oneline/reports/srs"
)

// Every requirement of the protocol stands beside its rule and the faults that it
// must catch.
func TestRemarks(t *testing.T) {
	file, err := srs.Parse("srs.json", oneline.SRS)
	if err != nil {
		t.Fatal(err)
	}
	all := remarks(file)
	for _, q := range file.Requirements {
		rows := all[q.ID]
		if q.Retired {
			continue
		}
		if len(rows) != 2 || rows[0].Name != "rule "+q.Source || strings.Count(rows[1].Value, "\n") < 2 {
			t.Errorf("%s, from %s: %q", q.ID, q.Source, rows)
		}
	}
	if got := all["SRS-024"][0].Value; !strings.HasPrefix(got, "What does a carriage return (0x0D) mean? Nothing: ") {
		t.Errorf("the rule of SRS-024 is %q", got)
	}
	if got := all["SRS-003"][0].Value; got != "A server serves a single client. Another one gets its turn after the first has left." {
		t.Errorf("the rule of SRS-003 is %q", got)
	}
	if got := all["SRS-007"][0].Value; !strings.HasSuffix(got, "The callback gets it, with a mark that says so.") {
		t.Errorf("the rule of SRS-007 is %q", got)
	}
}

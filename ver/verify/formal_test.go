package verify

import (
	"flag"
	"strings"
	"testing"

	"github.com/onsi/ginkgo/v2/types"

	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/formal"
)

// TestUnidentified: only a suite that anybody could have again is taken.
func TestUnidentified(t *testing.T) {
	clean, dirty := false, true
	const (
		changed = "the suite holds uncommitted changes"
		unknown = "the suite is neither a release nor built from a commit"
	)
	for want, suites := range map[string][]evidence.Suite{
		"": {
			{Version: "v1.2.3"},
			{Version: "v1.2.3-rc.1"},
			{Version: "v0.0.0-20261125101112-0123456789ab"},
			{Version: "v1.2.3-4-g0123456"},
			{Version: "(devel)", Commit: "0123", Modified: &clean},
			{Version: "v1.2.3", Commit: "0123", Modified: &clean},
		},
		changed: {
			{Version: "v1.2.3+dirty"},
			{Version: "v1.2.3-4-g0123456-dirty", Commit: "0123", Modified: &clean},
			{Version: "v1.2.3", Commit: "0123", Modified: &dirty},
			{Commit: "0123", Modified: &dirty},
		},
		unknown: {
			{},
			{Version: "(devel)"},
			{Version: "unknown"},
			{Version: "0123456"},
			{Version: "1.2.3"},
			{Commit: "0123"}, // whether its tree was clean is not known
		},
	} {
		for _, s := range suites {
			var reasons formal.Refusal
			unidentified(&reasons, s)
			if text := reasons.Error(); (want == "") != (text == "") || !strings.HasPrefix(text, want) {
				t.Errorf("%+v: %q, want %q", s, text, want)
			}
		}
	}
}

// TestNarrowed: every spec is to be carried out, once.
func TestNarrowed(t *testing.T) {
	listed := func(change func(*types.Report)) types.Report {
		r := types.Report{SpecReports: types.SpecReports{{LeafNodeType: types.NodeTypeIt}, {LeafNodeType: types.NodeTypeIt}}}
		r.PreRunStats.TotalSpecs, r.PreRunStats.SpecsThatWillRun = 2, 2
		change(&r)
		return r
	}
	for want, change := range map[string]func(*types.Report){
		"": func(*types.Report) {},
		"specs of the suite are focused: remove the focus": func(r *types.Report) {
			r.SuiteHasProgrammaticFocus, r.PreRunStats.SpecsThatWillRun = true, 1
		},
		"1 of 2 specs are filtered out or pending: run all":          func(r *types.Report) { r.PreRunStats.SpecsThatWillRun = 1 },
		"specs that fail are tried again: remove the flake attempts": func(r *types.Report) { r.SpecReports[1].MaxFlakeAttempts = 3 },
	} {
		var reasons formal.Refusal
		(&run{listed: listed(change)}).narrowed(&reasons)
		if reasons.Error() != want {
			t.Errorf("%q, want %q", reasons.Error(), want)
		}
	}
	for name, want := range map[string]string{
		"ginkgo.flake-attempts": "specs that fail are tried again: remove the flake attempts",
		"ginkgo.dry-run":        "-ginkgo.dry-run carries out nothing: leave it out",
	} {
		f := flag.Lookup(name)
		if err := f.Value.Set(map[bool]string{true: "true", false: "2"}[f.DefValue == "false"]); err != nil {
			t.Fatal(err)
		}
		var reasons formal.Refusal
		(&run{}).narrowed(&reasons)
		if err := f.Value.Set(f.DefValue); err != nil {
			t.Fatal(err)
		}
		if reasons.Error() != want {
			t.Errorf("-%s: %q, want %q", name, reasons.Error(), want)
		}
	}
	var reasons formal.Refusal
	(&run{options: Options{Only: []string{"SRS-004"}}}).narrowed(&reasons)
	if reasons.Error() != "-only leaves out specs: leave it out" {
		t.Error(reasons)
	}
}

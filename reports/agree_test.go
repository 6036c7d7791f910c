package reports_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/onsi/ginkgo/v2/types"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/folder"
	"github.com/socket-oneline/oneline/reports/results"
)

// shard is a run of a part of a suite.
func shard(t *testing.T, name, part string, specs ...types.SpecReport) reports.Source {
	t.Helper()
	r := parsed(t, recorded(specs...))
	r.Name, r.SHA256 = name+"/results.json", name
	m := folder.Manifest{Type: "dev", ID: name, Shard: part, Command: &folder.Command{Args: []string{"go", "test"}}}
	return reports.NewSource(name, name, m, []*results.Results{r}, nil)
}

// Shards of a run have a verdict together, and none alone.
func TestShards(t *testing.T) {
	a, b := passing("A"), passing("B", at(20))
	noA, noB := it("A", filteredOut()), it("B", at(20), filteredOut())
	one, two := shard(t, "one", "1/2", a, noB), shard(t, "two", "2/2", noA, b)
	for _, c := range []struct {
		name    string
		sources []reports.Source
		exit    int
		says    string
	}{
		{"both", []reports.Source{one, two}, 0, "2 of 2 requirements tested"},
		{"one alone", []reports.Source{one}, 0, "Shard 1 of 2, no verdict"},
		{"one alone, of which all was left out", []reports.Source{shard(t, "none", "1/2", noA, noB)}, 4, "Shard 1 of 2, no verdict"},
		{"one alone, which failed", []reports.Source{shard(t, "bad", "1/2", it("A", left("!A")), noB)}, 1, "1 failed: A."},
		{"one twice", []reports.Source{one, one, two}, 0, "2 of 2 requirements tested"},
		{"one missing", []reports.Source{shard(t, "one", "1/3", a, noB), shard(t, "two", "2/3", noA, b)}, 4, "shard 3 of 3 is missing"},
		{"two missing", []reports.Source{shard(t, "one", "1/4", a, noB), shard(t, "two", "3/4", noA, b)}, 4, "shard 2, 4 of 4 is missing"},
		{"overlapping, one of them failed", []reports.Source{one, shard(t, "two", "2/2", it("A", left("!A")), b)}, 1, "1 failed: A."},
		{"divided differently", []reports.Source{one, shard(t, "two", "2/3", noA, b)}, 2, "divided differently, into 2, 3"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var given []*results.Results
			for _, s := range c.sources {
				given = append(given, s.Results...)
			}
			m := reports.Build(requirements("A B"), given, reports.Options{Sources: c.sources})
			if text := strings.Join(m.Conclusion, "\n"); m.ExitCode != c.exit || !strings.Contains(text, c.says) {
				t.Errorf("exit code %d, want %d:\n%s", m.ExitCode, c.exit, text)
			}
		})
	}
}

// Runs that are taken together agree, or what differs is listed.
func TestRunsAgree(t *testing.T) {
	run := func(name string, change func(*folder.Manifest)) reports.Source {
		r := parsed(t, withRun(recorded(passing("A")), evidence.Run{}))
		r.Name, r.SHA256 = name+"/results.json", name
		m := folder.Manifest{
			Type: "dev", ID: name, Command: &folder.Command{}, Target: folder.Target{Name: "calc", Version: "1", Serial: "7"},
			Checkout: &folder.Checkout{Before: folder.Tree{Commit: "aaa", Clean: true}, After: folder.Tree{Commit: "aaa", Clean: true}},
			Inputs:   []folder.Input{{Role: folder.Lock, SHA256: "ll"}},
		}
		change(&m)
		return reports.NewSource(name, name, m, []*results.Results{r}, nil)
	}
	same := func(*folder.Manifest) {}
	for fact, change := range map[string]func(*folder.Manifest){
		"":               same,
		"commit":         func(m *folder.Manifest) { m.Checkout.Before.Commit, m.Checkout.After.Commit = "bbb", "bbb" },
		"tree":           func(m *folder.Manifest) { m.Checkout.After.Clean = false },
		"type":           func(m *folder.Manifest) { m.Type = "formal" },
		"target version": func(m *folder.Manifest) { m.Target.Version = "2" },
		"target serial":  func(m *folder.Manifest) { m.Target.Serial = "8" },
		"lock":           func(m *folder.Manifest) { m.Inputs[0].SHA256 = "mm" },
		"requirements": func(m *folder.Manifest) {
			m.Inputs = append(m.Inputs, folder.Input{Role: folder.Requirements, Text: `{"A": {"tester": "auto", "group": "g", "desc": "x"}}`})
		},
	} {
		for _, mixed := range []bool{false, true} {
			first := run("first", same)
			if fact == "requirements" {
				first = run("first", func(m *folder.Manifest) {
					m.Inputs = append(m.Inputs, folder.Input{Role: folder.Requirements, Text: `{"A": {"tester": "auto", "group": "g", "desc": "y"}}`})
				})
			}
			sources := []reports.Source{first, run("second", change)}
			m := reports.Build(requirements("A"), append(first.Results, sources[1].Results...), reports.Options{Sources: sources, Mixed: mixed})
			differ, noted := "the runs differ in their "+fact, strings.Join(m.Run.Notes, "\n")
			switch {
			case fact == "" && (len(m.Problems) > 0 || strings.Contains(noted, "differ") || len(m.Runs) != 2):
				t.Errorf("nothing differs, but %q %q, %d runs", problems(m), noted, len(m.Runs))
			case fact == "":
			case mixed && (!strings.Contains(noted, differ) || len(m.Problems) > 0 || len(m.Runs) != 2):
				t.Errorf("%s, mixed: %q, %q, %d runs", fact, problems(m), noted, len(m.Runs))
			case !mixed && (len(m.Problems) != 1 || !strings.Contains(fmt.Sprint(m.Problems[0]), differ) || m.ExitCode != reports.ExitNothing):
				t.Errorf("%s: %q", fact, problems(m))
			}
		}
	}
}

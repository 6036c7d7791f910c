package seeded

import (
	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/folder"
	"github.com/socket-oneline/oneline/reports/read/ginkgo"
)

// runFaults combine several sources.
func runFaults() []row {
	second := func(change func(*suite)) func(*damaged) {
		return func(e *damaged) {
			s := calculator()
			s.Run.ID = "second"
			change(s)
			e.sources = append(e.sources, &source{name: "second.json", suites: []*suite{s}})
		}
	}
	shard := func(text string) func(*damaged) {
		return func(e *damaged) {
			e.options.Sources = []reports.Source{{Name: "run", Manifest: folder.Manifest{Shard: text}}}
		}
	}
	nothing := func(*suite) {}
	clean, dirty := false, true
	return []row{
		{"twice the same file", func(e *damaged) { e.sources = append(e.sources, e.sources[0]) }, sound, 0, "counts once", "a copy is no second run"},
		{"a copy under another name", func(e *damaged) {
			e.sources = append(e.sources, &source{name: "copy.json", suites: e.sources[0].suites})
		}, sound, 0, "copy.json holds the same as", "a copy is no second run"},
		{"a second run that passed", second(nothing), sound, 0, "", "it adds nothing"},
		{"a second run that failed", second(func(s *suite) { s.named("adds").fail() }), aFails, 1, "", "the worst of several tries counts"},
		{"a first run that failed", all(onSpec("adds", (*spec).fail), second(nothing)), aFails, 1, "", "the worst counts, in any order"},
		{"each left out what the other ran", all(onSuite(func(s *suite) { s.filter("adds") }), second(func(s *suite) { s.filter("negates") })), sound, 0, "", "they complement each other"},
		{"both left out the same", all(onSuite(func(s *suite) { s.filter("adds") }), second(func(s *suite) { s.filter("adds") })), aPartial, 4, "", "nobody ran it"},
		{"one skipped what the other ran", all(onSpec("adds", state("skipped", "not here")), second(nothing)), aPartial, 4, "not here", "an author's Skip was carried out"},
		{"one was not complete", second(func(s *suite) { s.Report.PreRunStats = ginkgo.Stats{TotalSpecs: 5, SpecsThatWillRun: 5} }), sound, 4, "not complete", "a spec is missing"},
		{"one had another text of a requirement", second(func(s *suite) {
			s.Run.SRS.SHA256 = "old"
			s.Run.Demands = map[string]string{"A": "old", "B": s.Run.Demands["B"]}
		}), aNotTested, 2, "the runs differ in their requirements", "they were not of one text"},
		{"two targets", second(func(s *suite) { s.Run.Target.Name = "other"; s.named("adds").fail() }), aFails, 2, "have no verdict in common", "targets are put side by side, never taken together"},
		{"two versions of a target", all(onSuite(func(s *suite) { s.Run.Target.Version = "1" }), second(func(s *suite) { s.Run.Target.Version = "2" })), sound, 2, "target version", "nobody knows which one passed"},
		{"two serial numbers", all(onSuite(func(s *suite) { s.Run.Target.Serial = "1" }), second(func(s *suite) { s.Run.Target.Serial = "2" })), sound, 2, "target serial", "nobody knows which one passed"},
		{"two commits", all(onSuite(func(s *suite) { s.Run.Suite.Commit = "aaa" }), second(func(s *suite) { s.Run.Suite.Commit = "bbb" })), sound, 2, "commit", "one would be reported under the name of the other"},
		{"two commits, with -mixed", all(onSuite(func(s *suite) { s.Run.Suite.Commit = "aaa" }), second(func(s *suite) { s.Run.Suite.Commit = "bbb" }), func(e *damaged) { e.options.Mixed = true }), sound, 0, "the runs differ", "what was allowed is said"},
		{"a clean tree and a changed one", all(onSuite(func(s *suite) { s.Run.Suite.Modified = &clean }), second(func(s *suite) { s.Run.Suite.Modified = &dirty })), sound, 2, "differ in their tree", "a changed tree may be any code"},
		{"two changed trees", all(onSuite(func(s *suite) { s.Run.Suite.Modified = &dirty }), second(func(s *suite) { s.Run.Suite.Modified = &dirty })), sound, 2, "differ in their tree", "a changed tree may be any code"},
		{"a changed tree alone", onSuite(func(s *suite) { s.Run.Suite.Modified = &dirty }), sound, 0, "", "it stands in the report"},
		{"two suites of two commits in one file", func(e *damaged) {
			other := converter()
			e.sources[0].suites[0].Run.Suite.Commit, other.Run.Suite.Commit = "aaa", "bbb"
			e.sources[0].suites = append(e.sources[0].suites, other)
		}, sound, 2, "commit", "merging files changes nothing"},
		{"a shard that there cannot be", shard("3/2"), sound, 2, "3/2 is no shard", "a shard has no verdict, and ends with 0: whoever calls a run one says which"},
		{"one of more shards than there can be", shard("1/2000000000"), sound, 2, "1/2000000000 is no shard", "those that are missing cannot be listed"},
		{"a type set by hand", onSuite(func(s *suite) { s.Run.Type = "formal" }), sound, 0, "the type formal was set by hand", "a type is the tool's to give"},
		{"a type that there is not", onSuite(func(s *suite) { s.Run.Type = "banana" }), sound, 2, `"banana" is not a type of run`, "somebody is mistaken"},
		{"a manual record of another version", second(func(s *suite) {
			s.Specs, s.Report.PreRunStats.TotalSpecs, s.Report.PreRunStats.SpecsThatWillRun = nil, 0, 0
			s.Run.Target = evidence.Target{Kind: "by hand", Name: "calculator", Version: "2"}
			s.Run.Testers = []evidence.Tester{{Initials: "JR", Name: "J. Roe"}}
			s.add("looks right", "A", 50).byHand()
		}), sound, 0, "", "one version is not known: that is said, and no contradiction"},
	}
}

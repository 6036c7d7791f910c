package seeded

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/justification"
	"github.com/socket-oneline/oneline/reports/read/ginkgo"
	"github.com/socket-oneline/oneline/reports/srs"
)

// calcRequirements are those that the sound evidence verifies, each by two specs.
const calcRequirements = `{
    "A": { "tester": "auto", "group": "calc", "desc": "It shall add." },
    "B": { "tester": "auto", "group": "calc", "desc": "It shall subtract." }
}
`

// row is a fault of Ginkgo's reports. seed damages sound evidence; nil: it is left
// as it is. want has the verdicts, as "A PASS, B FAIL".
type row struct {
	name string
	seed func(*damaged)
	want string
	code int
	says string
	why  string
}

// damaged is what a fault is seeded into: the reports that runs have left, and
// what they are judged with.
type damaged struct {
	srs, lock string
	sources   []*source
	options   reports.Options
}

// source is a report of Ginkgo's.
type source struct {
	name   string
	suites []*suite
	edit   func(string) string // changes the text at last; nil: nothing does
}

// ginkgoFaults are those of Ginkgo's reports, and of what they are judged with.
func ginkgoFaults() []Fault {
	return slices.Concat(
		faults("a spec", specFaults()), faults("a suite", suiteFaults()), faults("a file", fileFaults()),
		faults("requirements", requirementFaults()), faults("several runs", runFaults()), faults("the lock", lockFaults()),
		faults("a forgery", forgedFaults()),
	)
}

func faults(format string, rows []row) []Fault {
	all := make([]Fault, len(rows))
	for i, r := range rows {
		d := &damaged{srs: calcRequirements, sources: []*source{{name: "results.json", suites: []*suite{calculator()}}}}
		if r.seed != nil {
			r.seed(d)
		}
		f := Fault{
			Format: format, Name: r.name, Why: r.why, SRS: d.srs, Lock: d.lock, Options: d.options,
			Verdicts: make(map[string]reports.Verdict), Code: r.code, Says: r.says,
		}
		for _, s := range d.sources {
			text := encode(s.suites)
			if s.edit != nil {
				text = s.edit(text)
			}
			f.Files = append(f.Files, File{s.name, text})
		}
		if r.want != "" {
			for part := range strings.SplitSeq(r.want, ", ") {
				id, verdict, _ := strings.Cut(part, " ")
				f.Verdicts[id] = reports.Verdict(verdict)
			}
		}
		all[i] = f
	}
	return all
}

// suite is a suite of a report of Ginkgo's.
type suite struct {
	Report ginkgo.Report
	Folder string
	Run    *evidence.Run // nil: the suite does not record its run
	Specs  []*spec
	Nodes  []ginkgo.Node // of the suite itself
}

// spec is a spec of a suite, with the evidence of its attempts.
type spec struct {
	ginkgo.Node
	Left []evidence.Spec
}

var began = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)

// calculator is a suite in which all specs passed.
func calculator() *suite {
	file, err := srs.Parse("srs.json", []byte(calcRequirements))
	if err != nil {
		panic(err) // it is ours
	}
	s := &suite{
		Folder: "/src/calc",
		Report: ginkgo.Report{SuiteDescription: "calculator", SuiteSucceeded: true, StartTime: began, EndTime: began.Add(time.Minute)},
		Run: &evidence.Run{
			Schema: evidence.Schema, Type: "dev", Started: began, Ended: began.Add(time.Minute),
			Suite:  evidence.Suite{Module: "example.com/calc", Package: "example.com/calc"},
			Target: evidence.Target{Kind: "program", Name: "calculator"},
			SRS:    evidence.File{Name: file.Name, SHA256: file.SHA256}, Demands: file.Demands(),
		},
	}
	s.add("adds", "A", 10)
	s.add("adds more", "A", 20)
	s.add("subtracts", "B", 30)
	s.add("negates", "B", 40)
	return s
}

// add adds a spec that verified a requirement twice.
func (s *suite) add(title, id string, line int) *spec {
	place := func(line int) string { return fmt.Sprintf("calc_test.go:%d", line) }
	one := &spec{
		Node: ginkgo.Node{
			ContainerHierarchyTexts:     []string{"arithmetic"},
			ContainerHierarchyLocations: []ginkgo.Location{{FileName: s.Folder + "/calc_test.go", LineNumber: 5}},
			ContainerHierarchyLabels:    [][]string{{ginkgo.ProtocolLabel + "TP-1"}},
			LeafNodeType:                "It", LeafNodeText: title, LeafNodeLabels: []string{ginkgo.RequirementLabel + id},
			LeafNodeLocation: ginkgo.Location{FileName: s.Folder + "/calc_test.go", LineNumber: line},
			State:            "passed", NumAttempts: 1, RunTime: time.Second,
		},
		Left: []evidence.Spec{{
			Schema: evidence.Schema, Title: title, Location: place(line), Attempt: 1, Completed: true,
			Protocol: evidence.Protocol{ID: "TP-1", Title: "arithmetic"}, Requirements: []string{id},
			Verifications: []evidence.Verification{
				{Requirements: []string{id}, Expected: "3", Actual: "3", Passed: true, Location: place(line + 2)},
				{Requirements: []string{id}, Expected: "4", Actual: "4", Passed: true, Location: place(line + 3)},
			},
		}},
	}
	s.Specs = append(s.Specs, one)
	s.Report.PreRunStats.TotalSpecs++
	s.Report.PreRunStats.SpecsThatWillRun++
	return one
}

// named is the spec with a title.
func (s *suite) named(title string) *spec {
	i := slices.IndexFunc(s.Specs, func(spec *spec) bool { return spec.LeafNodeText == title })
	return s.Specs[i]
}

// drop removes a spec, as if it had never been written.
func (s *suite) drop(title string) {
	s.Specs = slices.DeleteFunc(s.Specs, func(spec *spec) bool { return spec.LeafNodeText == title })
	s.Report.PreRunStats.TotalSpecs--
	s.Report.PreRunStats.SpecsThatWillRun--
}

// filter leaves a spec out of the run.
func (s *suite) filter(title string) {
	spec := s.named(title)
	spec.State, spec.NumAttempts, spec.Left = "skipped", 0, nil
	s.Report.PreRunStats.SpecsThatWillRun--
}

// skip skips all specs.
func (s *suite) skip() {
	for _, spec := range s.Specs {
		spec.State, spec.NumAttempts, spec.Left = "skipped", 0, nil
	}
}

// fail makes the first verification of a spec fail.
func (s *spec) fail() {
	s.State, s.Failure = "failed", ginkgo.Failure{Message: "1 verification failed"}
	s.Left[0].Verifications[0].Passed, s.Left[0].Verifications[0].Actual = false, "5"
}

// byHand makes a spec one that J. Roe has carried out.
func (s *spec) byHand() {
	s.Left[0].Manual = true
	for i := range s.Left[0].Verifications {
		s.Left[0].Verifications[i].By = "JR"
	}
}

// encode writes suites as Ginkgo does.
func encode(suites []*suite) string {
	list := make([]ginkgo.Report, len(suites))
	for i, s := range suites {
		list[i] = s.Report
		list[i].SuitePath = &s.Folder
		if s.Run != nil {
			list[i].SpecReports = append(list[i].SpecReports, ginkgo.Node{LeafNodeType: "ReportBeforeSuite", State: "passed", ReportEntries: entries(evidence.RunEntry, *s.Run)})
		}
		for _, spec := range s.Specs {
			n := spec.Node
			n.ReportEntries = entries(evidence.SpecEntry, spec.Left...)
			list[i].SpecReports = append(list[i].SpecReports, n)
		}
		list[i].SpecReports = append(list[i].SpecReports, s.Nodes...)
	}
	return marshal(list)
}

func entries[T any](name string, values ...T) (all []ginkgo.Entry) {
	for _, v := range values {
		all = append(all, ginkgo.Entry{Name: name, Value: ginkgo.EntryValue{AsJSON: marshal(v)}})
	}
	return all
}

func marshal(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err) // evidence can always be encoded
	}
	return string(data)
}

// The helpers below make seeds of changes to a part of the evidence.

func onSuite(change func(*suite)) func(*damaged) {
	return func(d *damaged) { change(d.sources[0].suites[0]) }
}

func onSpec(title string, change func(*spec)) func(*damaged) {
	return onSuite(func(s *suite) { change(s.named(title)) })
}

func onLeft(title string, change func(*evidence.Spec)) func(*damaged) {
	return onSpec(title, func(s *spec) { change(&s.Left[0]) })
}

// onBoth changes what both specs of requirement A left.
func onBoth(change func(*evidence.Spec)) func(*damaged) {
	return all(onLeft("adds", change), onLeft("adds more", change))
}

func onText(change func(string) string) func(*damaged) {
	return func(d *damaged) { d.sources[0].edit = change }
}

// replaced is a seed that replaces a text of the file once.
func replaced(old, with string) func(*damaged) {
	return onText(func(text string) string { return edited(text, old, with) })
}

func state(state, message string) func(*spec) {
	return func(s *spec) { s.State, s.Failure = state, ginkgo.Failure{Message: message} }
}

// all is a seed of several.
func all(seeds ...func(*damaged)) func(*damaged) {
	return func(d *damaged) {
		for _, seed := range seeds {
			seed(d)
		}
	}
}

// justify justifies that requirement A does not pass.
func justify(d *damaged) {
	d.options.Justifications = &justification.File{Name: "why.json", Of: map[string]justification.Justification{
		"A": {Text: "It will.", Author: "J. Roe", Date: "2026-11-25"},
	}}
}

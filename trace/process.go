package trace

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"

	. "github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/types"

	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/trace/cover"
	"github.com/socket-oneline/oneline/trace/record"
)

// Record attaches run to the report of the suite. Call it once, before the suite
// runs. What run holds when the suite has ended is what counts.
func Record(run *evidence.Run) {
	module, path := record.Package()
	run.Schema = cmp.Or(run.Schema, evidence.Schema)
	run.Suite.Module, run.Suite.Package = cmp.Or(run.Suite.Module, module), cmp.Or(run.Suite.Package, path)
	current.Lock()
	current.run = run
	current.Unlock()
	ReportBeforeSuite(func(Report) {
		AddReportEntry(evidence.RunEntry, runEntry{run}, ReportEntryVisibilityNever)
	})
}

func init() { ReportAfterSuite("end of the evidence", suiteEnded) }

// Cover notes in run which code is counted as the specs execute it, or why none
// is. It is for a program that runs a suite itself and writes its own results, and
// is called with the run that [Record] is given.
func Cover(run *evidence.Run) { run.Structure = cover.Structure() }

// runEntry and specEntry keep Ginkgo from printing evidence in its own format.
type runEntry struct{ *evidence.Run }

func (runEntry) String() string { return "" }

type specEntry struct{ evidence.Spec }

func (specEntry) String() string { return "" }

// openFile returns the process file. It is opened when Ginkgo builds the tree of
// specs, before the first node runs. If it cannot be opened, the process must not
// go on as if it had left evidence. A preview writes nothing; the run may follow it
// in the same process.
func openFile() *record.File {
	if config, _ := GinkgoConfiguration(); config.DryRun {
		return &record.File{}
	}
	return file()
}

var file = sync.OnceValue(func() *record.File {
	config, _ := GinkgoConfiguration()
	group := ""
	if config.ParallelTotal > 1 {
		group = config.ParallelHost
	}
	f, err := record.Open(evidence.Process{FrontEnd: evidence.Ginkgo, Group: group, Proc: config.ParallelProcess, Procs: config.ParallelTotal})
	if err != nil {
		panic(fmt.Sprintf("%s: the evidence cannot be written: %v", record.Variable, err))
	}
	return f
})

// announce writes what is known of the run when it begins, in case the process does
// not live to see its end.
func (s *suite) announce() {
	s.Lock()
	defer s.Unlock()
	if f := openFile(); s.run != nil && f != s.announced {
		s.announced = f
		run := *s.run
		run.Structure = nil
		f.Write(evidence.Record{Run: &run})
	}
}

// stray records a fault that belongs to no spec.
func stray(fault string) {
	current.Lock()
	defer current.Unlock()
	current.stray = append(current.stray, fault)
	openFile().Write(evidence.Record{Fault: fault})
}

// willRun records the begin of a spec before any of its nodes runs.
func willRun(report SpecReport, protocol evidence.Protocol) {
	current.Lock()
	defer current.Unlock()
	current.spec = openFile().Begin(newSpec(report, protocol))
}

// hasRun records what became of a spec after all of its nodes.
func hasRun(report SpecReport) {
	current.Lock()
	open, number := current.attempt, current.spec
	current.Unlock()
	if open != nil { // its BeforeEach did not come to run
		finish(open)
	}
	end := ending(report)
	openFile().Write(evidence.Record{Number: number, End: &end})
}

// ending is what became of a spec, as Ginkgo reports it.
func ending(report SpecReport) evidence.End {
	e := evidence.End{
		State:    report.State.String(),
		Attempts: report.NumAttempts,
		Repeated: report.MaxMustPassRepeatedly > 0,
		Failure:  failureText(report.Failure),
		TimeUp:   suiteTimeUp(report.State, report.Failure),
		Seconds:  report.RunTime.Seconds(),
	}
	if report.Failure.Location.FileName != "" {
		e.FailureAt = relative(report.Failure.Location)
	}
	if report.State.Is(types.SpecStateFailureStates) && report.Failure.FailureNodeType != types.NodeTypeIt {
		e.FailedIn, _, _ = strings.Cut(report.Failure.FailureNodeType.String(), " ")
	}
	// Ginkgo skips what follows a failure in an ordered container, and says so;
	// what the author skips bears the word Skip().
	if report.State == types.SpecStateSkipped && report.NumAttempts == 0 && e.Failure != "" && !strings.Contains(e.Failure, "Skip()") {
		e.State = "prevented"
	}
	for _, f := range report.AdditionalFailures {
		if e.Cleanup == "" && f.State.Is(types.SpecStateFailureStates) && f.State != types.SpecStateInterrupted && !suiteTimeUp(f.State, f.Failure) {
			e.Cleanup = cmp.Or(failureText(f.Failure), f.State.String())
		}
	}
	for i, labels := range report.ContainerHierarchyLabels {
		for _, label := range labels {
			if id, ok := strings.CutPrefix(label, protocolLabel); ok {
				e.Protocols = append(e.Protocols, id)
				e.ProtocolAt = relative(report.ContainerHierarchyLocations[i])
			}
		}
	}
	return e
}

// suiteTimeUp reports whether the time of the whole suite was over. Ginkgo says
// so in its message only.
func suiteTimeUp(state types.SpecState, f types.Failure) bool {
	return state == types.SpecStateTimedout && strings.HasPrefix(f.Message, "A suite timeout occurred")
}

func failureText(f types.Failure) string {
	text := strings.TrimSpace(f.Message)
	if f.ForwardedPanic != "" {
		text += ": " + f.ForwardedPanic
	}
	return record.Clean(text)
}

// suiteEnded closes the process file, and leaves Ginkgo's report beside it. It
// fails the suite for faults that no spec can carry. Ginkgo calls it in process 1 only,
// after all others have ended.
func suiteEnded(report Report) {
	current.Lock()
	faults, run := current.stray, current.run
	current.stray, current.run = nil, nil
	current.Unlock()
	f := openFile()
	if run != nil {
		run.Faults = append(run.Faults, faults...)
		f.Write(evidence.Record{Run: run})
	}
	f.Close(evidence.Close{Filtered: report.PreRunStats.SpecsThatWillRun < report.PreRunStats.TotalSpecs})
	if err := cmp.Or(f.Beside(".ginkgo.json", []Report{withoutEvidence(report)}), f.Err()); err != nil {
		Fail("the evidence cannot be written: " + err.Error())
	}
	if len(faults) > 0 {
		Fail("harness fault: " + strings.Join(faults, "\nharness fault: "))
	}
}

// withoutEvidence is Ginkgo's report without what the process files hold.
func withoutEvidence(report Report) Report {
	report.SpecReports = slices.Clone(report.SpecReports)
	for i := range report.SpecReports {
		s := &report.SpecReports[i]
		s.ReportEntries = slices.DeleteFunc(slices.Clone(s.ReportEntries), func(e types.ReportEntry) bool {
			return e.Name == evidence.SpecEntry || e.Name == evidence.RunEntry
		})
		s.CapturedGinkgoWriterOutput, s.CapturedStdOutErr = "", ""
	}
	return report
}

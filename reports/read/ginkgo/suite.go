package ginkgo

import (
	"cmp"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/read/ids"
	"github.com/socket-oneline/oneline/reports/results"
)

// knownState reports whether a state is one that Ginkgo gives to a node.
func knownState(state string) bool {
	s := results.State(state)
	return state == "invalid" || slices.Contains(results.States, s) && s != results.Crashed && s != results.Prevented
}

func newSuite(g *suite, roots sourceRoots, how Options) results.Suite {
	s := results.Suite{
		Name:     g.SuiteDescription,
		DryRun:   g.SuiteConfig.DryRun,
		Filtered: g.PreRunStats.SpecsThatWillRun < g.PreRunStats.TotalSpecs,
	}
	if n := len(g.runs); n > 0 {
		s.Run = g.runs[n-1]
	}
	s.Path = cmp.Or(s.Run.Suite.Package, roots.folder(*g.SuitePath))
	setups := failedSetups{}
	began, failed, built := 0, false, true
	for i := range g.SpecReports {
		n := &g.SpecReports[i]
		state := results.State(n.State)
		failed = failed || state.Failure()
		switch {
		case n.LeafNodeType == "It":
			if n.NumAttempts > 0 {
				began++
			}
			s.Specs = append(s.Specs, newSpec(n, s.Path, roots))
			setups.name(n, &s.Specs[len(s.Specs)-1])
		case len(n.specs) > 0:
			s.Refuse(roots.relative(n.LeafNodeLocation), "a node of the type %q holds the evidence of a spec: the file was altered; repeat the run", n.LeafNodeType)
		case state.Failure() && state != results.Interrupted && !n.Failure.suiteTimeUp(state):
			place := cmp.Or(roots.failureAt(&n.Failure), roots.relative(n.LeafNodeLocation))
			s.Refuse(place, "%s %s: %s", n.LeafNodeType, words[state], cmp.Or(n.Failure.text(), "no reason given"))
		}
	}
	switch n, total := len(s.Specs), g.PreRunStats.TotalSpecs; {
	case n < total:
		s.Incomplete = append(s.Incomplete, fmt.Sprintf("the report holds %d of %d specs", n, total))
	case n > total:
		s.Refuse("", "the report holds %d specs, and says that there are %d: it was altered; repeat the run", n, total)
	}
	if !how.Traced && !g.traced(s.Specs) {
		outcomes(&s, how.IDs)
	}
	results.Number(s.Specs)
	if n := len(g.runs); n > 1 {
		s.Refuse("", "it holds the evidence of %d runs: call trace.Record once", n)
	}
	for _, reason := range g.SpecialSuiteFailureReasons {
		if strings.HasPrefix(reason, "Failed to compile") {
			s.Problems = append(s.Problems, notBuilt(*g.SuitePath, reason, roots))
			failed, built = true, false
			continue
		}
		s.Incomplete = append(s.Incomplete, "Ginkgo says of the suite: "+reason)
	}
	if s.Run.Interrupted {
		s.Incomplete = append(s.Incomplete, "interrupted before the first spec")
	}
	if !g.SuiteSucceeded && !failed && len(s.Incomplete) == 0 {
		s.Incomplete = append(s.Incomplete, "Ginkgo says that the suite failed, and gives no reason")
	}
	s.Complete = began >= g.PreRunStats.SpecsThatWillRun && built && len(s.Incomplete) == 0 && s.Run.Unreachable == ""
	completeRun(&s, g)
	s.DryRun = s.DryRun || s.Run.Type == "dryrun"
	return s
}

// traced reports whether the suite uses package trace: it left evidence or has a protocol.
func (g *suite) traced(specs []results.Spec) bool {
	return len(g.runs) > 0 || slices.ContainsFunc(g.SpecReports, func(n node) bool { return len(n.specs) > 0 }) ||
		slices.ContainsFunc(specs, func(s results.Spec) bool { return s.Protocol.ID != "" })
}

// outcomes turns the specs of a suite that does not use package trace into outcomes. A
// label req:ID, or an id that find finds in its texts, names a requirement.
func outcomes(s *results.Suite, find ids.Finder) {
	specs := s.Specs
	s.Specs = nil
	for _, spec := range specs {
		spec.Grade = results.Outcome
		spec.Requirements = results.AppendNew(spec.Requirements, find.In(append(slices.Clone(spec.Containers), spec.Title)...)...)
		s.AddOutcome(spec)
	}
}

// compilerError is a line of the compiler's: file, line and what is wrong.
var compilerError = regexp.MustCompile(`(?m)^(\S+\.go):(\d+)(?::\d+)?: (.*)$`)

// notBuilt returns the problem of a suite that did not compile, with the first place that
// the compiler names.
func notBuilt(folder, reason string, roots sourceRoots) results.Problem {
	_, output, _ := strings.Cut(reason, "\n")
	p := results.Problem{Text: "the suite was not built: " + cmp.Or(strings.TrimSpace(output), reason)}
	if m := compilerError.FindStringSubmatch(output); m != nil {
		file := m[1]
		if !path.IsAbs(slashed(file)) {
			file = path.Join(slashed(folder), file)
		}
		line, _ := strconv.Atoi(m[2])
		p.Place, p.Text = roots.relative(Location{FileName: file, LineNumber: line}), "the suite was not built: "+m[3]
	}
	return p
}

// completeRun adds what the suite did not record of its run: everything, if it does not
// use package trace.
func completeRun(s *results.Suite, g *suite) {
	r := &s.Run
	r.Schema = evidence.Schema
	r.Type = cmp.Or(r.Type, "dev")
	if s.DryRun {
		r.Type = "dryrun"
	}
	if r.Started.IsZero() {
		r.Started = g.StartTime
	}
	if r.Ended.IsZero() {
		r.Ended = g.EndTime
	}
	r.Seed = cmp.Or(r.Seed, g.SuiteConfig.RandomSeed)
}

func newSpec(n *node, suite string, roots sourceRoots) results.Spec {
	state := results.State(n.State)
	if n.State == "invalid" {
		state = results.Unknown
	}
	s := results.Spec{
		Title:       n.LeafNodeText,
		Location:    roots.relative(n.LeafNodeLocation),
		State:       state,
		Attempts:    n.NumAttempts,
		Repeated:    n.MaxMustPassRepeatedly > 0,
		Failure:     n.Failure.text(),
		FailureAt:   roots.failureAt(&n.Failure),
		SuiteTimeUp: n.Failure.suiteTimeUp(state),
		Seconds:     n.RunTime.Seconds(),
		Attempted:   n.specs,
	}
	if state.Failure() {
		s.FailedIn = n.Failure.FailureNodeType
	}
	// Ginkgo skips what follows a failed spec of an ordered container, and says so. If the
	// author skips a spec, the message contains Skip().
	if state == results.Skipped && n.NumAttempts == 0 && s.Failure != "" && !strings.Contains(s.Failure, "Skip()") {
		s.State = results.Prevented
	}
	for i, labels := range n.ContainerHierarchyLabels {
		for _, label := range labels {
			if id, ok := strings.CutPrefix(label, ProtocolLabel); ok {
				s.Protocols = append(s.Protocols, id)
				s.Protocol.ID, s.Protocol.Title = id, at(n.ContainerHierarchyTexts, i)
				s.ProtocolAt = roots.relative(at(n.ContainerHierarchyLocations, i))
			}
		}
		addLabels(&s, labels)
	}
	addLabels(&s, n.LeafNodeLabels)
	for _, f := range n.AdditionalFailures {
		state := results.State(f.State)
		if state.Failure() && state != results.Interrupted && !f.Failure.suiteTimeUp(state) && s.Cleanup == "" {
			s.Cleanup = cmp.Or(f.Failure.text(), f.State)
		}
	}
	for i := range n.specs {
		e := &n.specs[i]
		if s.Protocol.ID == "" || s.Protocol.ID == e.Protocol.ID {
			s.Protocol = e.Protocol
		}
		s.Location = cmp.Or(e.Location, s.Location)
		s.Manual = s.Manual || e.Manual
	}
	s.Containers = results.Inner(s.Protocol, n.ContainerHierarchyTexts)
	s.Identity = results.NewIdentity(suite, s.Protocol, s.Containers, s.Title)
	return s
}

// failedSetups holds why the BeforeAll of an ordered container failed, by the place of the
// container. Ginkgo blames the first spec of the container, and says of the others only
// that an earlier spec failed.
type failedSetups map[Location]string

func (f failedSetups) name(n *node, s *results.Spec) {
	const beforeAll = "BeforeAll"
	if s.FailedIn == beforeAll {
		f[at(n.ContainerHierarchyLocations, n.Failure.FailureNodeContainerIndex)] = s.Failure
	}
	if s.State != results.Prevented {
		return
	}
	for _, container := range n.ContainerHierarchyLocations {
		if why, failed := f[container]; failed {
			s.FailedIn, s.Failure = beforeAll, why
		}
	}
}

func addLabels(s *results.Spec, labels []string) {
	for _, label := range labels {
		if id, ok := strings.CutPrefix(label, RequirementLabel); ok {
			s.Requirements = results.AppendNew(s.Requirements, id)
		}
		if kind, ok := strings.CutPrefix(label, ObserveLabel); ok {
			s.Observe = results.AppendNew(s.Observe, kind)
		}
	}
}

// words describe the states of a node of the suite.
var words = map[results.State]string{
	results.Failed: "failed", results.Panicked: "panicked", results.TimedOut: "timed out", results.Aborted: "aborted the suite",
}

// suiteTimeUp reports whether a node was ended because the time of the whole suite was
// over. Only the message distinguishes it from a node that exceeded its own time.
func (f *Failure) suiteTimeUp(state results.State) bool {
	return state == results.TimedOut && strings.HasPrefix(f.text(), "A suite timeout occurred")
}

// text returns what Ginkgo says of a failure.
func (f *Failure) text() string {
	if f.ForwardedPanic != "" {
		return strings.TrimSpace(f.Message) + ": " + f.ForwardedPanic
	}
	return strings.TrimSpace(f.Message)
}

// at returns the i-th element of list, or the zero value.
func at[T any](list []T, i int) (t T) {
	if i < len(list) {
		t = list[i]
	}
	return t
}

// sourceRoots turns Ginkgo's locations, which are absolute, into locations relative to the
// module, as evidence has them. It holds the import path of each module by its folder, with
// a slash; empty: the path is not known.
type sourceRoots map[string]string

// learn finds where the module of a suite lies: above the file of a spec whose place in the
// module is known, or above the folder of the suite.
func (r sourceRoots) learn(s *suite) {
	module, pkg := "", ""
	if n := len(s.runs); n > 0 {
		module, pkg = s.runs[n-1].Suite.Module, s.runs[n-1].Suite.Package
	}
	for i := range s.SpecReports {
		n := &s.SpecReports[i]
		for k := range n.specs {
			file, _, _ := strings.Cut(n.specs[k].Location, ":")
			r.add(slashed(n.LeafNodeLocation.FileName), file, module)
		}
	}
	switch inside, ok := strings.CutPrefix(pkg, module+"/"); {
	case module == "":
		return
	case ok:
		r.add(slashed(*s.SuitePath), inside, module)
	case pkg == module:
		r.add(slashed(*s.SuitePath)+"/.", ".", module)
	}
	r.add(module+"/.", ".", module) // where it was built with -trimpath
}

// add learns the folder of a module from the place of a file or folder in it.
func (r sourceRoots) add(absolute, inside, module string) {
	folder, ok := strings.CutSuffix(absolute, inside)
	if !ok || inside == "" || !strings.HasSuffix(folder, "/") {
		return
	}
	r[folder] = cmp.Or(r[folder], module)
}

// cut finds the innermost module that an absolute path lies in, and the rest of the path.
func (r sourceRoots) cut(path string) (module, rest string) {
	path = slashed(path)
	inner := ""
	for folder := range r {
		if strings.HasPrefix(path, folder) && len(folder) > len(inner) {
			inner = folder
		}
	}
	return r[inner], path[len(inner):]
}

// relative writes a location as file:line; it is empty for one without a file.
func (r sourceRoots) relative(l Location) string {
	if l.FileName == "" {
		return ""
	}
	_, file := r.cut(l.FileName)
	return file + ":" + strconv.Itoa(l.LineNumber)
}

// folder returns the import path of the package in a folder, or the folder if the path of
// its module is unknown.
func (r sourceRoots) folder(folder string) string {
	module, rest := r.cut(strings.TrimSuffix(slashed(folder), "/") + "/")
	if module == "" {
		return slashed(folder)
	}
	return path.Join(module, rest)
}

// failureAt returns the place of a failure. A panic's is where it began: the first function
// below runtime's in the stack trace.
func (r sourceRoots) failureAt(f *Failure) string {
	if f.ForwardedPanic == "" {
		return r.relative(f.Location)
	}
	lines := strings.Split(f.Location.FullStackTrace, "\n")
	for i := len(lines) - 2; i >= 0; i-- { // of several panics, the last printed was the first
		if !strings.HasPrefix(lines[i], "panic(") {
			continue
		}
		for k := i + 2; k+1 < len(lines); k += 2 {
			if strings.HasPrefix(lines[k], "runtime.") {
				continue
			}
			place, _, _ := strings.Cut(strings.TrimSpace(lines[k+1]), " ")
			_, place = r.cut(place)
			return place
		}
	}
	return r.relative(f.Location)
}

// slashed returns a path with slashes, also if the suite ran on Windows.
func slashed(name string) string {
	if len(name) > 1 && name[1] == ':' {
		return strings.ReplaceAll(name, `\`, "/")
	}
	return name
}

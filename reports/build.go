package reports

import (
	"cmp"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/justification"
	"github.com/socket-oneline/oneline/reports/lock"
	"github.com/socket-oneline/oneline/reports/mutation"
	"github.com/socket-oneline/oneline/reports/results"
	"github.com/socket-oneline/oneline/reports/srs"
)

// Options are what verdicts depend on besides the evidence. The zero value judges the
// runs as they were recorded.
type Options struct {
	Reported evidence.Suite // the tool that computes the verdicts
	Manifest *evidence.File // the run.json that vouches for the evidence; nil: none does
	Refused  []string       // why a run does not meet the demands of its type; nothing can be concluded from it
	Sources  []Source       // the runs of the results, where they have a run.json
	Level    string         // only requirements of this level are in scope; empty: as the first run says
	Mixed    bool           // runs that differ are taken together, and the differences stated
	Tester   string         // "auto": only what a program verifies is in scope; empty: everything
	Complete bool           // requirements that are not observable, or only in part, change the exit code too

	// Justifications say why requirements may stand although they did not pass. They
	// change no verdict. With AcceptJustified, the exit code ignores these
	// requirements. May be nil.
	Justifications  *justification.File
	AcceptJustified bool

	Lock *lock.File // the specs that must be there; may be nil

	Mutation *mutation.Report // which changes of the code would be noticed; may be nil

	// AcceptOutcomes lets a test that passed count even if it does not say what it
	// checked. By default such a test can only fail a requirement.
	AcceptOutcomes bool
	Untagged       Untagged // what becomes of tests that name no requirement
}

// Build computes the verdict of every requirement of file from the evidence in the
// results. It changes neither. The model's run is taken from the first results. If
// several results hold a spec, the worst of them counts.
func Build(file *srs.File, given []*results.Results, opt Options) *Model {
	b := builder{file: file, opt: opt, known: make(map[string]*srs.Requirement, len(file.Requirements)), told: make(map[Problem]bool), origin: make(map[*results.Suite]*results.Results)}
	for i := range file.Requirements {
		b.known[file.Requirements[i].ID] = &file.Requirements[i]
	}
	b.take(given)
	runs := b.agree()
	b.shard = b.shards()
	b.scope.runs = b.targets()
	m := &Model{Schema: Schema, Run: b.run(), Runs: runs}
	b.scope.level, b.scope.tester = m.Run.Level, opt.Tester
	b.collect()
	b.findProblems()
	m.Requirements = b.requirements()
	m.Lock = b.hold(m.Requirements)
	b.rollUp(m.Requirements)
	b.justify(m)
	m.Untagged, m.AcceptOutcomes = b.untagged(m), b.opt.AcceptOutcomes
	b.structure(m)
	b.mutation(m)
	b.unexplained(m)
	m.Protocols = b.protocols()
	m.Problems = append([]Problem{}, b.problems...)
	m.Incomplete = b.incomplete()
	m.Summary = b.summary(m)
	m.ExitCode = b.exitCode(m)
	m.Conclusion = b.conclusion(m)
	return m
}

// take collects the suites of the results. A copy of results, or of a suite within them,
// is ignored and noted.
func (b *builder) take(given []*results.Results) {
	seen := make(map[string]string)
	for _, r := range given {
		if first, again := seen[r.SHA256]; again && r.SHA256 != "" {
			b.notes = append(b.notes, fmt.Sprintf("%s holds the same as %s, and counts once", r.Name, first))
			continue
		}
		seen[r.SHA256] = r.Name
		for i := range r.Suites {
			s := r.Suites[i]
			if slices.ContainsFunc(r.Suites[:i], func(other results.Suite) bool { return len(s.Specs) > 0 && reflect.DeepEqual(s, other) }) {
				b.notes = append(b.notes, fmt.Sprintf("the suite %s stands in %s twice, and counts once", cmp.Or(s.Name, s.Path), r.Name))
				continue
			}
			b.ownType(r, &s)
			b.suites = append(b.suites, &s)
			b.origin[&s] = r
		}
	}
}

// builder computes a model.
type builder struct {
	file   *srs.File
	known  map[string]*srs.Requirement // by id, retired ones too
	opt    Options
	suites []*results.Suite
	origin map[*results.Suite]*results.Results
	notes  []string // on the results as a whole
	scope  scope

	all           []*judged            // every spec of every suite
	specs         []*judged            // those that are equal taken together
	findings      map[string][]finding // by requirement id, in the order of specs
	rows          map[string]*Requirement
	own           map[string]Verdict // of requirements with children, before they are rolled up
	causes        map[string]causes  // of the verdicts of these and of what is below them
	shard         string             // such as 2/5, if the only source is a shard; then there is no verdict
	missingShards string             // which are missing; empty: none
	unstarted     string             // why the command of a run could not be started; empty: it was
	cutShort      string             // why oneline has ended the command of a run; empty: it has not

	watched  bool // a suite recorded which code its specs execute
	problems []Problem
	told     map[Problem]bool // the same
}

// targets returns the runs that decide what the target can show: the automated ones if
// there are any, since a person may see what no suite can. Outcomes of tests say nothing
// about their target.
func (b *builder) targets() []*evidence.Run {
	var automated, manual, outcomes []*evidence.Run
	for _, s := range b.suites {
		switch {
		case s.Manual():
			manual = append(manual, &s.Run)
		case s.Run.Schema == "":
			outcomes = append(outcomes, &s.Run)
		default:
			automated = append(automated, &s.Run)
		}
	}
	if len(b.suites) == 0 { // nothing was found: the runs say what was looked for
		for i := range b.opt.Sources {
			automated = append(automated, &b.opt.Sources[i].suite.Run)
		}
	}
	switch {
	case len(automated) > 0:
		return automated
	case len(manual) > 0:
		return manual
	}
	return outcomes
}

// run returns the run of the first automated results, completed with what is known only
// now.
func (b *builder) run() Run {
	r := Run{Complete: len(b.suites) > 0 && b.missingShards == "", Reported: b.opt.Reported, Manifest: b.opt.Manifest}
	if len(b.scope.runs) > 0 {
		r.Run = *b.scope.runs[0]
		r.Notes, r.Testers = append(b.notes, r.Notes...), nil
	}
	r.Notes = append(r.Notes, b.readSources()...)
	for _, s := range b.suites {
		r.Complete = r.Complete && s.Complete
		for _, note := range s.Notes {
			if name := b.suiteName(s); name != "" {
				note += " (suite " + name + ")"
			}
			r.Notes = append(r.Notes, note)
		}
		r.Testers = results.AppendNew(r.Testers, s.Run.Testers...)
		switch m := s.Run.Manual; {
		case m == nil:
		case r.Manual == nil:
			r.Manual = m
		case *r.Manual != *m:
			r.Notes = append(r.Notes, fmt.Sprintf("there are results of other manual protocols too: %s with SHA-256 %s", m.Name, m.SHA256))
		}
	}
	r.Target.Name = cmp.Or(r.Target.Name, b.suiteNames())
	if r.SRS.SHA256 != b.file.SHA256 {
		if r.SRS.SHA256 != "" {
			recorded := r.SRS
			r.RecordedSRS = &recorded
			r.Notes = append(r.Notes, "the run had other requirements than this report: "+r.SRS.Name+" with SHA-256 "+r.SRS.SHA256)
		}
		r.SRS = evidence.File{Name: b.file.Name, SHA256: b.file.SHA256}
	}
	r.Level = cmp.Or(b.opt.Level, r.Level)
	r.Only = b.opt.Tester
	r.Structure, r.Demands = nil, nil // what is made of it is in the model
	return r
}

// collect judges all specs, and merges those that several results hold.
func (b *builder) collect() {
	found := make(map[string]*judged)
	for _, run := range b.suites {
		for i := range run.Specs {
			j := b.judge(run, &run.Specs[i])
			key := j.Identity.Key()
			b.all = append(b.all, j)
			if earlier := found[key]; earlier != nil {
				earlier.merge(j)
				continue
			}
			merged := *j
			found[key] = &merged
			b.specs = append(b.specs, &merged)
		}
	}
	slices.SortStableFunc(b.specs, func(x, y *judged) int {
		return cmp.Or(natural(x.Protocol.ID, y.Protocol.ID), natural(x.Location, y.Location), natural(x.Title, y.Title), x.Identity.Compare(y.Identity))
	})
	b.name()
	b.findings = make(map[string][]finding, len(b.known))
	for _, j := range b.specs {
		for _, f := range j.findings {
			f.judged = j
			b.findings[f.id] = append(b.findings[f.id], f)
		}
	}
}

// suiteNames names what was verified after its suites, for runs without a target name.
func (b *builder) suiteNames() string {
	var names []string
	for _, s := range b.suites {
		if name := oneLine(cmp.Or(s.Name, s.Path)); s.Run.Target.Kind != kindManual && name != "" {
			names = results.AppendNew(names, name)
		}
	}
	if len(names) > maxReasons {
		return plural(len(names), "suite")
	}
	return strings.Join(names, ", ")
}

// incomplete lists why not every spec that was chosen to run did so.
func (b *builder) incomplete() []Problem {
	all := []Problem{}
	if b.missingShards != "" {
		all = append(all, Problem{Text: b.missingShards})
	}
	for _, s := range b.suites {
		reasons := s.Incomplete
		if !s.Complete && len(reasons) == 0 && s.Run.Unreachable == "" && len(s.Problems) == 0 {
			reasons = []string{"not every spec that was chosen to run did so"}
		}
		for _, reason := range reasons {
			all = results.AppendNew(all, Problem{Suite: b.suiteName(s), Text: oneLine(reason)})
		}
	}
	return all
}

// outdated returns a reason if a run recorded its evidence of a requirement for another
// text, or "" if it did not or if the text is unknown.
func (b *builder) outdated(run *evidence.Run, id string) string {
	if run.SRS.SHA256 == "" || run.SRS.SHA256 == b.file.SHA256 {
		return ""
	}
	if run.Demands == nil {
		return "recorded for other requirements, SHA-256 " + run.SRS.SHA256
	}
	if r := b.known[id]; r == nil || run.Demands[id] == r.Demand() {
		return ""
	}
	return "recorded for another text of the requirement"
}

// merge adds what other results say of the same spec. For each id the worst counts, and
// the evidence of the worse run is shown. A run that left the spec out does not count if
// another carried it out.
func (j *judged) merge(other *judged) {
	switch {
	case other.outdone(j):
		return
	case j.outdone(other):
		*j = *other
		return
	case other.leftOut():
		return
	case j.leftOut():
		*j = *other
		return
	}
	all := j.all
	all.plus(other.all)
	findings := slices.Clone(j.findings)
	for _, theirs := range other.findings {
		i := slices.IndexFunc(findings, func(f finding) bool { return f.id == theirs.id })
		if i < 0 {
			findings = append(findings, theirs)
			continue
		}
		counts := findings[i].counts
		counts.plus(theirs.counts)
		findings[i] = worst([]finding{findings[i], theirs})
		findings[i].counts = counts
	}
	if Severer(other.overall.result, j.overall.result) {
		*j = *other
	}
	j.findings, j.all = findings, all
}

// requirements returns the rows of the coverage table: all requirements but the retired
// ones, and the unknown ids that specs name.
func (b *builder) requirements() []Requirement {
	rows := make([]Requirement, 0, len(b.file.Requirements))
	for i := range b.file.Requirements {
		if r := &b.file.Requirements[i]; !r.Retired {
			rows = append(rows, b.requirement(r))
		}
	}
	for id := range maps.Keys(b.findings) {
		if r := b.known[id]; r == nil || r.Retired {
			rows = append(rows, b.invalid(id))
		}
	}
	slices.SortFunc(rows, func(x, y Requirement) int { return natural(x.ID, y.ID) })
	return rows
}

// protocols returns the groups of specs, in the order of their ids.
func (b *builder) protocols() []Protocol {
	all := []Protocol{}
	for rest := b.specs; len(rest) > 0; {
		about := rest[0].Protocol
		p := Protocol{
			ID: about.ID, Desc: cmp.Or(about.Title, "specs without a protocol"),
			Objectives: about.Objectives, Preconditions: about.Preconditions, Deviations: about.Deviations,
		}
		var overall []finding
		for len(rest) > 0 && rest[0].Protocol.ID == p.ID {
			p.Specs = append(p.Specs, b.spec(rest[0]))
			overall = append(overall, rest[0].overall)
			rest = rest[1:]
		}
		p.Verdict, _ = verdict(overall)
		all = append(all, p)
	}
	return all
}

func (b *builder) spec(j *judged) Spec {
	s := Spec{
		ID: j.shown, Identity: j.Identity, Title: j.Title, Containers: j.Containers, Location: j.Location,
		Requirements:  append([]string{}, j.Requirements...),
		Observe:       j.Observe,
		Results:       make(map[string]Result, len(j.findings)),
		Reason:        j.overall.reason,
		Grade:         string(j.Grade),
		State:         string(j.State),
		Seconds:       j.Seconds,
		Verifications: j.all,
		Evidence:      j.counting(),
	}
	for _, of := range j.findings {
		s.Results[of.id] = of.result
	}
	if j.State.Failure() && (j.State != results.Failed || j.all.Failed == 0) {
		s.Failure, s.FailureAt = j.failure()
		if strings.Contains(s.Reason, s.Failure) {
			s.Failure = ""
		}
	}
	if j.Manual {
		s.Manual, s.Repeat = true, j.suite.Run.Repeat
	} else if j.overall.result != ResultNotObservable {
		s.Repeat = repeat(&j.suite.Run, j.Requirements...)
	}
	return s
}

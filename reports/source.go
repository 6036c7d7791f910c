package reports

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/folder"
	"github.com/socket-oneline/oneline/reports/results"
	"github.com/socket-oneline/oneline/reports/srs"
)

// A Source is a run whose run.json vouches for its evidence.
type Source struct {
	Name     string // of its folder
	SHA256   string // of run.json
	Manifest folder.Manifest
	Results  []*results.Results // what its evidence says; Build is given it too

	suite results.Suite // has no specs: what run.json says of the run
}

// NewSource makes a source of what was read from the evidence of a run. It adds to each
// suite what run.json knows of the run, and sets the type of the run, which suites must
// not choose. code is the code whose execution was watched; it may be nil.
func NewSource(name, sha256 string, m folder.Manifest, read []*results.Results, code *evidence.Structure) Source {
	file, demands := requirementsOf(&m)
	for _, r := range read {
		for i := range r.Suites {
			vouch(&r.Suites[i], &m, file, demands)
			if r.Suites[i].Run.Structure == nil {
				r.Suites[i].Run.Structure = code
			}
		}
	}
	s := Source{Name: name, SHA256: sha256, Manifest: m, Results: read}
	vouch(&s.suite, &m, file, demands)
	return s
}

// vouch fills in what run.json knows of the run of a suite.
func vouch(s *results.Suite, m *folder.Manifest, file evidence.File, demands map[string]string) {
	if m.Command == nil { // oneline verify has said all of it
		return
	}
	r := &s.Run
	r.Type, r.ID, r.Repeat = m.Type, m.ID, m.Repeat
	r.Started, r.Ended = m.Started, m.Ended
	r.Tester, r.Machine, r.OS = cmp.Or(m.Tester, r.Tester), m.Machine, m.OS
	r.Go = cmp.Or(r.Go, m.Go)
	r.SRS, r.Demands = file, demands
	for role, file := range map[string]**evidence.File{
		folder.Justifications: &r.Justifications, folder.Config: &r.Config, folder.Protocol: &r.Protocol,
	} {
		if in := m.Input(role); in != nil {
			*file = &evidence.File{Name: in.Name, SHA256: in.SHA256}
		}
	}
	if c := m.Checkout; c != nil {
		modified := !c.Before.Clean || !c.After.Clean || c.Before.Commit != c.After.Commit
		r.Suite.Commit, r.Suite.Modified = c.Before.Commit, &modified
	}
	if m.Target.Named || r.Target.Kind == "" {
		r.Target.Name = cmp.Or(m.Target.Name, r.Target.Name)
	}
	r.Target.Version, r.Target.Serial = cmp.Or(m.Target.Version, r.Target.Version), cmp.Or(m.Target.Serial, r.Target.Serial)
	s.Complete = s.Complete && m.Command.EndedBy == ""
}

// requirementsOf identifies the requirement files of a run, and returns what they demanded,
// or nil if they cannot be read.
func requirementsOf(m *folder.Manifest) (file evidence.File, demands map[string]string) {
	var files []srs.Source
	for _, in := range m.Inputs {
		if in.Role == folder.Requirements {
			files = append(files, srs.Source{Name: in.Name, Text: in.Text})
		}
	}
	if len(files) == 0 {
		return file, nil
	}
	if read, err := srs.ParseAll(files); err == nil {
		demands = read.Demands()
	}
	file.Name, file.SHA256 = srs.Identify(files)
	return file, demands
}

// readSources takes over what run.json says of each run: its problems, and how its command
// ended. It returns the remarks.
func (b *builder) readSources() (notes []string) {
	for _, reason := range b.opt.Refused {
		b.refuse("%s", reason)
	}
	for _, s := range b.opt.Sources {
		for _, p := range s.Manifest.Problems {
			b.refuse("%s", p)
		}
		notes = append(notes, s.Manifest.Notes...)
		switch c := s.Manifest.Command; {
		case c == nil:
		case c.Unstarted != "":
			b.unstarted = cmp.Or(b.unstarted, c.Unstarted)
		case c.EndedBy != "":
			why := "the run was interrupted"
			if c.EndedBy == folder.TimeUp {
				why = "the time of the run was over"
			}
			b.cutShort = cmp.Or(b.cutShort, why)
			notes = append(notes, why+", and the command was ended")
		case len(suitesOf(s.Results)) == 0:
			b.refuse("%s left no evidence: no test process used package trace or trace/gotest, or the variable ONELINE_EVIDENCE did not reach it; name its result files by -results", commandLine(c))
		}
		if c := s.Manifest.Checkout; c != nil && (c.Before.Commit != c.After.Commit || c.Before.Tree != c.After.Tree) {
			notes = append(notes, fmt.Sprintf("the tree of %s changed while the run went on: it was %s of commit %s before, and %s of commit %s after",
				s.Name, c.Before.Tree, c.Before.Commit, c.After.Tree, c.After.Commit))
		}
	}
	return notes
}

// unexplained adds a problem for each command that failed although no requirement did:
// something went wrong that no evidence shows.
func (b *builder) unexplained(m *Model) {
	if len(b.problems) > 0 || len(m.ids(Fail)) > 0 {
		return
	}
	for _, s := range b.opt.Sources {
		c := s.Manifest.Command
		if c == nil || c.Exit == 0 || c.Unstarted != "" || c.EndedBy != "" {
			continue
		}
		how := fmt.Sprintf("exit status %d", c.Exit)
		if c.Signal != "" {
			how = "signal " + c.Signal
		}
		b.refuse("%s ended with %s, although no requirement failed%s", commandLine(c), how, untraced(s.Results))
	}
}

// untraced names the failed tests without a requirement.
func untraced(all []*results.Results) string {
	var names []string
	for _, suite := range suitesOf(all) {
		for i := range suite.Specs {
			if s := &suite.Specs[i]; len(s.Requirements) == 0 && s.State.Failure() {
				names = append(names, strings.TrimSpace(suite.Path+" "+s.Title))
			}
		}
	}
	if len(names) == 0 {
		return ": read what it printed"
	}
	return ": what failed names no requirement: " + firstOf(names)
}

func commandLine(c *folder.Command) string { return strings.Join(c.Args, " ") }

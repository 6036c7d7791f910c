// Package results holds test results independent of the format that they were read from.
// The packages under reports/read make it from files, and package reports judges it.
package results

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/socket-oneline/oneline/reports/evidence"
)

// Results are the results of one file.
type Results struct {
	Name   string // of the file, as given
	SHA256 string // of its bytes; a source that is given twice counts once
	Format string // how it was written: "ginkgo", "process", "gotest", "junit"
	Suites []Suite
}

// Cached is why a result that was not made by this run is no evidence.
const Cached = "go test replayed an earlier result: repeat the run with -count=1"

// Suite is one run of one suite.
type Suite struct {
	Path  string // import path of its package, or path of a JUnit suite
	Name  string // title
	Run   evidence.Run
	Specs []Spec

	DryRun    bool   // nothing was carried out
	Complete  bool   // every spec that was chosen to run did so
	Filtered  bool   // not every spec was chosen
	EndUnseen bool   // it is not known whether its process ended normally
	Group     string // the same for all processes of one suite; empty if there is only one

	Untagged Untagged // outcomes of tests that name no requirement; they are not among Specs

	Incomplete []string  // why it is not Complete, where that is known
	Notes      []string  // what a reader should know of the suite as a whole
	Problems   []Problem // why nothing can be concluded from it
}

// Problem is a reason why nothing can be concluded.
type Problem struct {
	Place string `json:"place,omitempty"` // file:line, where it is known
	Text  string `json:"text"`
}

func (p Problem) String() string {
	if p.Place == "" {
		return p.Text
	}
	return p.Place + ": " + p.Text
}

// Refuse adds a problem at a place, which may be unknown.
func (s *Suite) Refuse(place, format string, args ...any) {
	s.Problems = append(s.Problems, Problem{place, fmt.Sprintf(format, args...)})
}

// Note adds a note.
func (s *Suite) Note(format string, args ...any) {
	s.Notes = append(s.Notes, fmt.Sprintf(format, args...))
}

// AddOutcome adds a test of which only the result is known. One that names no requirement
// is only counted.
func (s *Suite) AddOutcome(test Spec) {
	if len(test.Requirements) == 0 {
		s.Untagged.Add(test)
	} else {
		s.Specs = append(s.Specs, test)
	}
}

// Manual reports whether persons carried out the suite.
func (s *Suite) Manual() bool {
	return len(s.Specs) > 0 && !slices.ContainsFunc(s.Specs, func(s Spec) bool { return !s.Manual })
}

// AppendNew appends what a list lacks.
func AppendNew[T comparable](list []T, more ...T) []T {
	for _, one := range more {
		if !slices.Contains(list, one) {
			list = append(list, one)
		}
	}
	return list
}

// Spec is a spec or a test with its outcome.
type Spec struct {
	Identity   Identity
	Title      string
	Location   string   // file:line, relative to its module
	Containers []string // the texts of its containers, from the outermost, without the protocol

	Protocol   evidence.Protocol
	Protocols  []string // the ids of all protocols that it stands in, from the outermost; more than one is a mistake
	ProtocolAt string   // file:line of Protocol

	Requirements []string // ids
	Observe      []string // what a target must show for it
	Grade        Grade
	State        State
	Attempts     int  // 0: it did not begin
	Repeated     bool // it was meant to be carried out several times; no attempt is a retry
	Manual       bool // a person carries it out

	Failure     string // why it failed, was skipped or was blocked
	FailureAt   string // file:line
	FailedIn    string // the kind of the node that failed, if it was not the spec's own body: "BeforeAll"
	Cleanup     string // a failure after the one that decided State
	SuiteTimeUp bool   // it timed out because the time of the whole suite was over

	NoEvidence string // why what it left is no evidence, such as Cached; empty: it is
	Seconds    float64
	Attempted  []evidence.Spec // in the order of the attempts
}

// Grade says how much the evidence of a spec shows.
type Grade string

// The grades. The zero value is Verified.
const (
	Verified Grade = ""        // verifications were recorded
	Outcome  Grade = "outcome" // it is only known whether the test passed
)

// State is what became of a spec.
type State string

// The states of a spec. The zero value is Unknown.
const (
	Unknown     State = ""
	Passed      State = "passed"
	Failed      State = "failed"
	Panicked    State = "panicked"
	TimedOut    State = "timedout"
	Aborted     State = "aborted"     // it ended the whole suite
	Interrupted State = "interrupted" // somebody ended it
	Crashed     State = "crashed"     // it began, and its process ended before it did
	Skipped     State = "skipped"     // by its author, a filter or a focus
	Prevented   State = "prevented"   // it did not begin because something before it failed
	Pending     State = "pending"
)

// badness lists all states from the best to the worst. Those in one row are alike.
var badness = [][]State{
	{Passed}, {Skipped, Pending}, {Prevented}, {Unknown, Interrupted}, {Crashed}, {TimedOut}, {Failed, Panicked, Aborted},
}

// States lists all states.
var States = slices.Concat(badness...)

// Badness orders states: if two sources or several runs of a spec differ, the state with
// the larger badness counts. A state that there is not is as bad as a failure.
func (s State) Badness() int {
	for i, alike := range badness {
		if slices.Contains(alike, s) {
			return i
		}
	}
	return len(badness) - 1
}

// Failure reports whether a spec in this state went wrong.
func (s State) Failure() bool {
	switch s {
	case Failed, Panicked, TimedOut, Aborted, Interrupted, Crashed:
		return true
	}
	return false
}

// Identity identifies a spec in all runs of its suite. It does not depend on requirements
// and places in files, which may change.
type Identity struct {
	Path    []string `json:"path"`              // path of the suite, protocol id, texts of the containers, own text
	Ordinal int      `json:"ordinal,omitempty"` // of specs with equal paths: 0, 1, ...
}

// NewIdentity returns the identity of a spec, with the ordinal 0. It holds the protocol's
// id instead of the protocol's container.
func NewIdentity(suite string, protocol evidence.Protocol, containers []string, title string) Identity {
	path := append([]string{suite, protocol.ID}, Inner(protocol, containers)...)
	return Identity{Path: append(path, title)}
}

// Inner returns the texts of containers without the protocol's.
func Inner(protocol evidence.Protocol, containers []string) []string {
	i := slices.Index(containers, protocol.Title)
	if protocol.ID == "" || i < 0 {
		return containers
	}
	return slices.Delete(slices.Clone(containers), i, i+1)
}

// Key returns a text that is equal only for equal identities.
func (i Identity) Key() string {
	key, _ := json.Marshal(i) // strings and a number can always be encoded
	return string(key)
}

// Compare orders identities by their paths, then by their ordinals.
func (i Identity) Compare(other Identity) int {
	return cmp.Or(slices.Compare(i.Path, other.Path), cmp.Compare(i.Ordinal, other.Ordinal))
}

// Equal reports whether two identities are those of one spec.
func (i Identity) Equal(other Identity) bool { return i.Compare(other) == 0 }

// Number sets the ordinals of the specs of a suite, in their order.
func Number(specs []Spec) {
	seen := make(map[string]int, len(specs))
	for i := range specs {
		id := &specs[i].Identity
		id.Ordinal = 0
		key := id.Key()
		id.Ordinal = seen[key]
		seen[key]++
	}
}

// Package reports turns evidence into verdicts.
//
// Package read makes results of what tests left behind: in suites, specs and what each
// attempt at a spec recorded. [Build] judges them in this order:
//
//   - each spec, for each requirement that it names, by the rules of results;
//   - each requirement, by what its specs say of it, by the lock, and by the requirements
//     below it;
//   - the run, by its requirements and by what contradicts itself in the evidence: the
//     exit code and the conclusion.
//
// The [Model] holds all that documents say; package render writes it. [Compare] puts the
// verdicts of several targets side by side, [Difference] those of two runs of one.
package reports

import (
	"iter"
	"strconv"
	"strings"

	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/justification"
	"github.com/socket-oneline/oneline/reports/mutation"
	"github.com/socket-oneline/oneline/reports/results"
	"github.com/socket-oneline/oneline/reports/structure"
)

// Schema is the version of the form of coverage.json, which coverage.schema.json describes.
// Keys are only ever added to it.
const Schema = "oneline-coverage/1"

// Verdict is what can be said of a requirement.
type Verdict string

// The verdicts of a requirement.
const (
	Pass          Verdict = "PASS"           // every spec in scope passed for it, and there is at least one
	PassOutcome   Verdict = "PASS (outcome)" // as PASS, but it is known only that tests passed, not what they checked
	Fail          Verdict = "FAIL"           // a spec failed for it
	Partial       Verdict = "PARTIAL"        // some specs passed, none failed, but one in scope was blocked, skipped or without evidence
	NotTested     Verdict = "NOT TESTED"     // in scope, none passed and none failed
	NotObservable Verdict = "NOT OBSERVABLE" // the target cannot show it
	Invalid       Verdict = "INVALID"        // named by a spec, but not in the requirement file
)

// Passed reports whether a requirement passed, by whatever evidence.
func (v Verdict) Passed() bool { return v == Pass || v == PassOutcome }

// Result is what one spec says of one of its requirements.
type Result string

// The results of a spec, in the order in which they are tried: the first that
// holds is the result. See [Ranking] for how they are taken together.
const (
	ResultNotObservable Result = "not observable"
	ResultFail          Result = "fail"
	ResultBlocked       Result = "blocked"
	ResultSkipped       Result = "skipped"
	ResultNoEvidence    Result = "no evidence"
	ResultPass          Result = "pass"
	ResultPassOutcome   Result = "pass (outcome)" // a test passed, and what it checked is not known
)

// Passed reports whether a spec passed, by whatever evidence.
func (r Result) Passed() bool { return r == ResultPass || r == ResultPassOutcome }

// Ranking lists the results from the worst to the one that says least. Of several
// results that are taken together, the first in this list counts.
var Ranking = []Result{ResultFail, ResultBlocked, ResultSkipped, ResultNoEvidence, ResultPassOutcome, ResultPass, ResultNotObservable}

// Exit codes of the command, the same everywhere.
const (
	ExitPassed     = 0 // every requirement in scope was verified and passed
	ExitFailed     = 1 // a requirement failed
	ExitNothing    = 2 // nothing can be concluded
	ExitNoTarget   = 3 // the target could not be reached or launched
	ExitIncomplete = 4 // nothing failed, but a requirement in scope was not verified, or only in part
)

// Model holds everything that the reports say. coverage.json has all of it except the
// evidence, which is in results.json.
type Model struct {
	Schema       string        `json:"schema"`
	ExitCode     int           `json:"exit_code"`
	Conclusion   []string      `json:"conclusion"` // the closing lines; they name the target and leave nothing out
	Run          Run           `json:"run"`
	Summary      Summary       `json:"summary"`
	Runs         []RunRow      `json:"runs,omitempty"` // if there are several
	Requirements []Requirement `json:"requirements"`   // sorted by id
	Protocols    []Protocol    `json:"protocols"`      // sorted by id
	Problems     []Problem     `json:"problems"`       // why nothing can be concluded, if so
	Incomplete   []Problem     `json:"incomplete"`     // why not every spec that was chosen to run did so, if so

	Lock *Locked `json:"lock,omitempty"` // what the lock says; nil: there is none

	Structure structure.Coverage `json:"structure"` // which requirement executes which code

	Mutation *mutation.Total `json:"mutation,omitempty"` // how many changes of the code were noticed; nil: not known

	// Untagged are the tests that name no requirement; nil: there are none.
	Untagged *results.Untagged `json:"untagged,omitempty"`
	// AcceptOutcomes reports that outcomes of tests count.
	AcceptOutcomes bool `json:"accept_outcomes,omitempty"`

	// AcceptJustified reports that the exit code ignores what is justified.
	AcceptJustified bool `json:"accept_justified,omitempty"`
}

// Specs yields every spec with its protocol, in their order.
func (m *Model) Specs() iter.Seq2[*Protocol, *Spec] {
	return func(yield func(*Protocol, *Spec) bool) {
		for i := range m.Protocols {
			p := &m.Protocols[i]
			for j := range p.Specs {
				if !yield(p, &p.Specs[j]) {
					return
				}
			}
		}
	}
}

// ByID returns the requirements by their ids.
func (m *Model) ByID() map[string]*Requirement {
	all := make(map[string]*Requirement, len(m.Requirements))
	for i := range m.Requirements {
		all[m.Requirements[i].ID] = &m.Requirements[i]
	}
	return all
}

// Problem is a mistake in a suite or in the results as a whole. As text and in JSON it is
// one line.
type Problem struct {
	Suite string // title of the suite; empty if there is only one
	Place string // file:line, where it is known
	Text  string
}

func (p Problem) String() string {
	text := oneLine(p.Text)
	if p.Place != "" {
		text = p.Place + ": " + text
	}
	if p.Suite != "" && !strings.Contains(text, strconv.Quote(p.Suite)) { // some texts name it themselves
		text += " (suite " + oneLine(p.Suite) + ")"
	}
	return text
}

// MarshalText writes p as one line.
func (p Problem) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads a line into Text; it does not take it apart.
func (p *Problem) UnmarshalText(line []byte) error {
	*p = Problem{Text: string(line)}
	return nil
}

// Run is what the suite recorded of its run, completed with what is known when it is
// reported on.
type Run struct {
	evidence.Run
	Complete bool           `json:"complete"`              // every spec that was chosen to run did so; false after an interrupt
	Reported evidence.Suite `json:"reported"`              // the tool that computed the verdicts
	Only     string         `json:"only_tester,omitempty"` // "auto": what persons verify is out of scope

	// Manifest is the run.json that vouches for the evidence; nil: bare results were reported on.
	Manifest *evidence.File `json:"manifest,omitempty"`
	// RecordedSRS is the requirement file of the run, if this report has another one.
	RecordedSRS *evidence.File `json:"recorded_srs,omitempty"`
}

// Summary counts. Pass + Fail + Partial + NotTested + NotObservable is
// Requirements, always.
type Summary struct {
	Requirements  int `json:"requirements"` // without the retired ones
	Manual        int `json:"manual"`       // by tester
	ManualAndAuto int `json:"manual_and_auto"`
	Auto          int `json:"auto"`
	Retired       int `json:"retired"`

	Pass          int `json:"pass"`
	Outcomes      int `json:"outcomes,omitempty"` // passed by outcomes of tests alone; among Pass
	Fail          int `json:"fail"`
	Partial       int `json:"partial"`
	NotTested     int `json:"not_tested"`
	NotObservable int `json:"not_observable"`
	Invalid       int `json:"invalid"` // ids that specs name and no requirement has; not among Requirements

	InScope   int `json:"in_scope"`
	Verified  int `json:"verified"`  // Pass + Fail
	Justified int `json:"justified"` // not PASS, but with a justification; counted under its verdict too

	Protocols     int `json:"protocols"`
	ProtocolsPass int `json:"protocols_pass"`
	ProtocolsFail int `json:"protocols_fail"`

	Levels []Level `json:"levels"` // one a level that the requirement file names, sorted by name

	Specs         int    `json:"specs"`
	Verifications Counts `json:"verifications"`
}

// Level counts the requirements of one level.
type Level struct {
	Name    string `json:"name"`
	Pass    int    `json:"pass"`
	InScope int    `json:"in_scope"`
	Total   int    `json:"total"`
}

// Requirement is a row of the requirement-coverage table.
type Requirement struct {
	ID        string   `json:"id"`
	Group     string   `json:"group"`
	Tester    string   `json:"tester"`
	Level     string   `json:"level,omitempty"`
	Source    string   `json:"source,omitempty"`
	Observe   []string `json:"observe,omitempty"`
	Desc      string   `json:"desc"`
	Rationale string   `json:"rationale,omitempty"`
	Parents   []string `json:"parents,omitempty"`
	Children  []string `json:"children,omitempty"` // sorted by id; their verdicts count for this one

	Verdict   Verdict  `json:"verdict"`
	Reason    string   `json:"reason"` // why it is not a plain PASS; empty for one
	InScope   bool     `json:"in_scope"`
	Protocols []string `json:"protocols"` // ids, sorted

	Verifications Counts       `json:"verifications"`
	Specs         []SpecResult `json:"specs"`

	// Executes is the code that its specs executed; nil: none, or none was watched.
	Executes *structure.Executed `json:"executes,omitempty"`

	// MutationScore is the share of changes of that code that it would notice, in percent.
	MutationScore *float64 `json:"mutation_score,omitempty"`

	// Justification says why it may stand though it is no PASS; nil: nobody does.
	Justification *justification.Justification `json:"justification,omitempty"`
	Repeat        string                       `json:"repeat,omitempty"` // the command that verifies it alone
}

// Counts of verifications.
type Counts struct {
	Passed int `json:"passed"`
	Failed int `json:"failed"`
}

// SpecResult says what one spec says of a requirement.
type SpecResult struct {
	ID            string   `json:"id"` // of the spec: see Spec
	Protocol      string   `json:"protocol"`
	Spec          string   `json:"spec"` // title
	Containers    []string `json:"containers,omitempty"`
	Location      string   `json:"location"`        // file:line
	Grade         string   `json:"grade,omitempty"` // "outcome": it is known only whether a test passed
	Result        Result   `json:"result"`
	Reason        string   `json:"reason,omitempty"`
	Verifications Counts   `json:"verifications"`
	Places        int      `json:"places"` // at how many places of the source it verified the requirement
}

// Protocol is a test protocol with its specs.
type Protocol struct {
	ID            string   `json:"id"`
	Desc          string   `json:"desc"`
	Objectives    []string `json:"objectives,omitempty"`
	Preconditions []string `json:"preconditions,omitempty"`
	Deviations    []string `json:"deviations,omitempty"`
	Verdict       Verdict  `json:"verdict"` // over its specs, by the same rules as a requirement's
	Specs         []Spec   `json:"specs"`   // in the order of their location
}

// Spec is a part of a protocol.
type Spec struct {
	ID           string            `json:"id"` // unique in the model; it does not change when other specs are added or removed
	Identity     results.Identity  `json:"identity"`
	Title        string            `json:"title"`
	Containers   []string          `json:"containers,omitempty"` // the texts of its containers, from the outermost, without that of its protocol
	Location     string            `json:"location"`
	Requirements []string          `json:"requirements"`
	Observe      []string          `json:"observe,omitempty"`
	Manual       bool              `json:"manual,omitempty"` // a person carries it out
	Results      map[string]Result `json:"results"`          // by requirement id
	Reason       string            `json:"reason,omitempty"`
	Grade        string            `json:"grade,omitempty"` // "outcome": it is known only whether a test passed
	State        string            `json:"state"`           // what Ginkgo said of it
	Seconds      float64           `json:"seconds"`
	Repeat       string            `json:"repeat,omitempty"` // the command that repeats it alone

	Verifications Counts `json:"verifications"`

	// Evidence is the evidence of the attempt that counts: the worst. results.json holds
	// it, and coverage.json does not.
	Evidence *evidence.Spec `json:"-"`
	// Failure is what went wrong besides verifications, such as a panic or a time-out, if
	// Reason does not contain it.
	Failure   string `json:"failure,omitempty"`
	FailureAt string `json:"failure_at,omitempty"` // file:line
}

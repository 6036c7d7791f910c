// Package evidence holds the types that pass from a suite to its report.
//
// There are two ways. Under "oneline run" each test process writes a file while it runs,
// with a [Record] on each line; packages trace and trace/gotest do this. Package trace
// also attaches a [Spec] to every Ginkgo spec and a [Run] to the suite, as report entries,
// so that an ordinary Ginkgo JSON report holds all evidence of its suite.
//
// All text in these types is valid UTF-8; text from a target is quoted. Only
// [Exchange.Bytes] holds bytes as they were on the wire. Times are absolute; durations
// are in nanoseconds, as encoding/json writes a time.Duration.
package evidence

import "time"

// Names of the Ginkgo report entries that hold evidence, and the version of their form.
const (
	SpecEntry = "oneline evidence" // holds a Spec
	RunEntry  = "oneline run"      // holds a Run
	Schema    = "oneline-evidence/1"
)

// Spec is the evidence of one attempt at a spec.
type Spec struct {
	Schema       string   `json:"schema"`
	Title        string   `json:"title"`                // the text of the spec, without its containers
	Containers   []string `json:"containers,omitempty"` // the titles of its containers, from the outermost
	Location     string   `json:"location"`             // file:line of the spec, relative to its module
	Protocol     Protocol `json:"protocol"`             // the test protocol that it belongs to
	Requirements []string `json:"requirements"`         // the ids that label it, in the order of the labels
	Observe      []string `json:"observe"`              // what a target must show for it: "wire", "exit", ...
	Attempt      int      `json:"attempt"`              // 1 for the first try

	Manual bool `json:"manual,omitempty"` // a person carries it out

	NotObservable string `json:"not_observable,omitempty"` // why the target cannot show it; such a spec sends nothing
	Blocked       string `json:"blocked,omitempty"`        // the precondition that did not hold, or what had happened to the target
	Stopped       string `json:"stopped,omitempty"`        // the failed verification (Must) that ended it early
	Completed     bool   `json:"completed"`                // its body ran to the end
	DeadTarget    string `json:"dead_target,omitempty"`    // how the suite noticed that the target did not survive
	Panicked      string `json:"panicked,omitempty"`       // file:line of a panic of its body, and what it said

	Steps         []Step         `json:"steps,omitempty"`
	Verifications []Verification `json:"verifications,omitempty"` // in the order in which they were carried out
	Preconditions []Verification `json:"preconditions,omitempty"` // those of Need; they name no requirement
	Planned       []Verification `json:"planned,omitempty"`       // those that have not been carried out; they are no evidence
	Transcript    []Exchange     `json:"transcript,omitempty"`
	Notes         []string       `json:"notes,omitempty"`  // remarks for readers: the output of a launched server, waits that were cut
	Faults        []string       `json:"faults,omitempty"` // misuse of the harness: nothing can be concluded from the run

	Executed  string   `json:"executed,omitempty"`  // the blocks of Run.Structure that it executed, as numbers and ranges: 0-4,7
	Shared    string   `json:"shared,omitempty"`    // in the same form: what was executed while other tests of the process ran
	Unsettled []string `json:"unsettled,omitempty"` // functions that still ran when the spec was over; Executed does not hold what they did then
}

// Protocol is a test protocol: a group of specs with an id.
type Protocol struct {
	ID            string   `json:"id"`
	Title         string   `json:"title"`
	Objectives    []string `json:"objectives,omitempty"`
	Preconditions []string `json:"preconditions,omitempty"`
	Deviations    []string `json:"deviations,omitempty"`
}

// Step is one instruction of a spec.
type Step struct {
	Number int       `json:"number"` // from 1
	Text   string    `json:"text"`
	At     time.Time `json:"at"`
	By     string    `json:"by,omitempty"` // the initials of the tester, where a person carried it out
}

// Verification is one assertion that was carried out, whether it held or not.
type Verification struct {
	Requirements []string  `json:"requirements,omitempty"`
	Step         int       `json:"step"` // number of the step that it belongs to; 0: before the first
	Text         string    `json:"text,omitempty"`
	Expected     string    `json:"expected"`
	Actual       string    `json:"actual"`
	Passed       bool      `json:"passed"`
	Location     string    `json:"location"` // file:line, relative to the module
	At           time.Time `json:"at"`
	By           string    `json:"by,omitempty"`        // the initials of the tester, where a person saw it
	Node         string    `json:"node,omitempty"`      // the node that made it, such as BeforeEach; empty: the spec's body
	Exchanges    int       `json:"exchanges,omitempty"` // how many exchanges of the transcript came before it
}

// Directions of an [Exchange].
const (
	Sent     = "sent"     // by the suite
	Received = "received" // by the suite
	Event    = "event"    // nothing was transferred: connected, closed, a wait that ended
)

// Exchange is one read, write or event on a connection.
type Exchange struct {
	Connection int           `json:"connection"` // number of the connection within the spec, from 1
	Offset     time.Duration `json:"offset"`     // since the spec began
	Direction  string        `json:"direction"`
	Step       int           `json:"step,omitempty"`   // number of the step during which it was made; 0: before the first, or not known
	Bytes      []byte        `json:"bytes,omitempty"`  // the first of them, if Length is larger
	Length     int           `json:"length,omitempty"` // how many bytes there were
	Text       string        `json:"text,omitempty"`   // what happened, for an Event
}

// Run describes a run as a whole.
type Run struct {
	Schema  string    `json:"schema"`
	Type    string    `json:"type"` // dev, dryrun or formal
	ID      string    `json:"id"`
	Started time.Time `json:"started"`
	Ended   time.Time `json:"ended"`
	Machine string    `json:"machine,omitempty"`
	Tester  string    `json:"tester,omitempty"`
	Go      string    `json:"go,omitempty"` // version of the Go that built the suite
	OS      string    `json:"os,omitempty"` // such as linux/amd64

	Suite  Suite  `json:"suite"`
	Target Target `json:"target"`
	SRS    File   `json:"srs"`
	// Demands holds, by requirement id, the SHA-256 of what was demanded at the time of
	// the run; nil if only the hash of the whole file is known.
	Demands map[string]string `json:"demands,omitempty"`

	Config         *File    `json:"config,omitempty"`         // the settings of the project
	Protocol       *File    `json:"protocol,omitempty"`       // the test protocol that a dry run issued or a formal run follows
	Justifications *File    `json:"justifications,omitempty"` // of requirements that did not pass
	Manual         *File    `json:"manual,omitempty"`         // the manual protocols
	Testers        []Tester `json:"testers,omitempty"`        // those who carried out manual protocols

	Repeat     string   `json:"repeat,omitempty"`      // the command that repeats the run
	RepeatOnly string   `json:"repeat_only,omitempty"` // the command that repeats the requirements whose ids follow, joined by commas
	Level      string   `json:"level,omitempty"`       // "rule": only requirements of that level are in scope
	Groups     []string `json:"groups,omitempty"`      // requirement groups in scope; empty: all
	Seed       int64    `json:"seed"`

	// Shows lists what the target can show ("wire", "exit", ...); nil: everything.
	Shows []string `json:"shows,omitempty"`
	// Needs says what it takes to show what the target cannot: "stop": "needs -shutdown".
	Needs map[string]string `json:"needs,omitempty"`

	Unreachable string   `json:"unreachable,omitempty"` // why no spec could begin
	Interrupted bool     `json:"interrupted,omitempty"` // a person ended it before the first spec
	Faults      []string `json:"faults,omitempty"`      // misuse of the harness outside of specs
	Notes       []string `json:"notes,omitempty"`       // remarks for readers: the probe chosen, waits that were cut

	Structure *Structure `json:"structure,omitempty"` // the code whose execution was watched; may be nil

	Inputs   []Input   `json:"inputs,omitempty"`   // other files that the run depends on
	Sections []Section `json:"sections,omitempty"` // further tables about the run

	// Remarks are what the suite says of requirements, by their ids: the rule that one
	// comes from, the mistakes that it is known to catch.
	Remarks map[string][]Row `json:"remarks,omitempty"`
}

// Input is a file that a run depends on.
type Input struct {
	Title string `json:"title"` // what it is: "application profile"
	File
	// Binding reports that the file decides what is verified: runs with different ones
	// cannot be compared, nor follow the same test protocol.
	Binding bool `json:"binding,omitempty"`
}

// CommandFile is the title of an [Input] that the target's command names behind its
// program, such as the script of an interpreter.
const CommandFile = "file in the target command"

// Qualification is the title of the [Section] that says how the suite itself was
// verified. Documents show it on their first page.
const Qualification = "Qualification"

// Section is a table about a run, such as its limits.
type Section struct {
	Title string `json:"title"`
	Rows  []Row  `json:"rows"`
}

// Row is a row of a [Section].
type Row struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Tester is a person who carries out manual protocols.
type Tester struct {
	Initials string `json:"initials"`
	Name     string `json:"name"`
}

// Suite identifies the suite that ran.
type Suite struct {
	Module   string `json:"module,omitempty"`
	Package  string `json:"package,omitempty"` // import path
	Version  string `json:"version,omitempty"`
	Commit   string `json:"commit,omitempty"`
	Modified *bool  `json:"modified,omitempty"` // the tree held uncommitted changes; nil: not known
}

// Target identifies what was verified.
type Target struct {
	Kind    string `json:"kind"` // reference, address, launched, client, manual
	Name    string `json:"name"` // how the conclusion calls it
	Address string `json:"address,omitempty"`
	Command string `json:"command,omitempty"`
	Version string `json:"version,omitempty"`
	Serial  string `json:"serial,omitempty"`
	SHA256  string `json:"sha256,omitempty"` // of a launched program
}

// File identifies an input file.
type File struct {
	Name   string `json:"name"`
	SHA256 string `json:"sha256"` // empty: it is built in
}

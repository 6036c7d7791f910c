package folder

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/socket-oneline/oneline/reports/evidence"
)

// Names of the two files that say what in a folder is the tool's.
const (
	ManifestName  = "run.json"
	DocumentsName = "documents.json"
)

// ProtocolName is the test protocol that a dry run issues. It is kept like evidence, but
// holds no results.
const ProtocolName = "test-protocol.json"

// Versions of the forms of both.
const (
	ManifestSchema  = "oneline-run/1"
	DocumentsSchema = "oneline-documents/1"
)

// States of a run.
const (
	Running  = "running" // it goes on, or was killed
	Finished = "finished"
)

// Formal is the type of a run whose folder is never used again.
const Formal = "formal"

// Manifest says what was run, and what it left. What is not known is empty.
type Manifest struct {
	Schema  string    `json:"schema"`
	Status  string    `json:"status"`
	Type    string    `json:"type"` // dev, dryrun or formal
	ID      string    `json:"id"`
	Started time.Time `json:"started"`
	Ended   time.Time `json:"ended,omitzero"`

	Command *Command `json:"command,omitempty"` // what was run; nil: oneline verify
	Repeat  string   `json:"repeat,omitempty"`  // the command that repeats the run
	Shard   string   `json:"shard,omitempty"`   // such as 2/5; empty: the run is whole

	Outcomes *Outcomes `json:"outcomes,omitempty"` // how outcomes of tests are read; nil: as by default

	Tester  string         `json:"tester,omitempty"`
	Machine string         `json:"machine,omitempty"`
	Go      string         `json:"go,omitempty"`
	OS      string         `json:"os,omitempty"`
	Tool    evidence.Suite `json:"tool"` // the oneline that recorded the run
	Target  Target         `json:"target"`
	CI      string         `json:"ci,omitempty"` // the job of a CI service

	// Checkout is the repository that holds the working directory; nil: there is none,
	// or what was run was built elsewhere.
	Checkout *Checkout       `json:"checkout,omitempty"`
	Binaries []evidence.File `json:"binaries,omitempty"` // prebuilt programs that were run
	Build    *Build          `json:"build,omitempty"`    // nil: go was not asked

	Problems []string `json:"problems,omitempty"` // why nothing can be concluded from the run
	Notes    []string `json:"notes,omitempty"`    // what a reader should know

	Inputs   []Input         `json:"inputs,omitempty"`   // the files that the run depended on, as they were
	Dir      string          `json:"dir,omitempty"`      // the folder within this one that holds nothing but evidence of the run; empty: there is none
	Code     string          `json:"code,omitempty"`     // the file among the evidence that holds the code whose execution was watched; empty: none was
	Evidence []evidence.File `json:"evidence"`           // by path within the folder
	Previous []evidence.File `json:"previous,omitempty"` // evidence of the run before, to be removed once this one has ended
}

// Outcomes say how tests are read of which it is known only whether they passed.
type Outcomes struct {
	Accept    string `json:"accept,omitempty"`     // "outcome": they count
	IDPattern string `json:"id_pattern,omitempty"` // finds requirement ids in their names
	Untagged  string `json:"untagged,omitempty"`   // what becomes of tests without a requirement
}

// Command is a command that was run, and how it ended.
type Command struct {
	Args      []string `json:"args"`
	Exit      int      `json:"exit"`                // its exit status; 128 and the number of the signal if one ended it
	Signal    string   `json:"signal,omitempty"`    // the signal that ended it
	Unstarted string   `json:"unstarted,omitempty"` // why it could not be started
	EndedBy   string   `json:"ended_by,omitempty"`  // why oneline ended it: Interrupt or TimeUp
	Stream    bool     `json:"stream,omitempty"`    // the events of go test -json were kept
}

// Why oneline ends a command.
const (
	Interrupt = "interrupt"
	TimeUp    = "time"
)

// Checkout is the state of a repository before and after a run.
type Checkout struct {
	Before Tree `json:"before"`
	After  Tree `json:"after"`
}

// Tree is what stands in a repository. The folder of the run is left out.
type Tree struct {
	Commit  string   `json:"commit"`            // empty: there is none yet
	Tree    string   `json:"tree"`              // git's hash of all files that it does not ignore, committed or not
	Clean   bool     `json:"clean"`             // nothing differs from the commit
	Changed []string `json:"changed,omitempty"` // at most ten files that do
}

// Build is what go was told from outside.
type Build struct {
	Go    string `json:"go"` // version
	Flags string `json:"goflags,omitempty"`
	Work  string `json:"gowork,omitempty"`
	Tags  string `json:"tags,omitempty"`
}

// Target tells what was verified.
type Target struct {
	Name    string `json:"name,omitempty"`
	Named   bool   `json:"named,omitempty"` // the user gave the name; else it is that of the working directory
	Version string `json:"version,omitempty"`
	Serial  string `json:"serial,omitempty"`
}

// Roles of inputs.
const (
	Requirements   = "requirements"
	Justifications = "justifications"
	Config         = "config"
	Lock           = "lock"
	Protocol       = "test protocol"
)

// Input is a copy of a file that a run depended on.
type Input struct {
	Role   string `json:"role"`
	Name   string `json:"name"` // as the user gave it
	SHA256 string `json:"sha256"`
	Text   string `json:"text"`
}

// Input returns the first file with the given role, or nil.
func (m *Manifest) Input(role string) *Input {
	i := slices.IndexFunc(m.Inputs, func(in Input) bool { return in.Role == role })
	if i < 0 {
		return nil
	}
	return &m.Inputs[i]
}

// documents is what documents.json holds.
type documents struct {
	Schema string          `json:"schema"`
	Run    string          `json:"run,omitempty"` // the SHA-256 of the run.json that they are made of; empty: of bare results
	Files  []evidence.File `json:"files"`
}

// readOurs reads a file that says what is ours into v, and returns its SHA-256, which is
// empty if there is no such file or it is somebody else's. A version of the form that is
// not known is an error.
func (f *Folder) readOurs(name, schema string, v any) (sum string, err error) {
	info, err := f.root.Lstat(name)
	if errors.Is(err, fs.ErrNotExist) || err == nil && !info.Mode().IsRegular() {
		return "", nil
	}
	data, err := f.root.ReadFile(name)
	if err != nil {
		return "", err
	}
	var form struct{ Schema string }
	kind, _, _ := strings.Cut(schema, "/")
	switch err := json.Unmarshal(data, &form); {
	case err != nil || !strings.HasPrefix(form.Schema, kind+"/"):
		return "", nil
	case form.Schema != schema:
		return "", fmt.Errorf("%s: its schema is %q, and this oneline knows %q only: use the oneline that wrote it, or name another folder by -out", f.path(name), form.Schema, schema)
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return "", fmt.Errorf("%s: it is not as oneline wrote it: %w", f.path(name), err)
	}
	sum = Sum(data)
	f.know([]evidence.File{{Name: name, SHA256: sum}})
	return sum, nil
}

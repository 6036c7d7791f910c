package folder

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
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

	Command []string `json:"command,omitempty"` // what was run; empty: oneline itself
	Repeat  string   `json:"repeat,omitempty"`  // the command that repeats the run

	Tester  string         `json:"tester,omitempty"`
	Machine string         `json:"machine,omitempty"`
	Go      string         `json:"go,omitempty"`
	OS      string         `json:"os,omitempty"`
	Tool    evidence.Suite `json:"tool"` // the oneline that recorded the run
	Target  Target         `json:"target"`

	Inputs   []Input         `json:"inputs,omitempty"`   // the files that the run depended on, as they were
	Dir      string          `json:"dir,omitempty"`      // the folder within this one that holds nothing but evidence of the run; empty: there is none
	Evidence []evidence.File `json:"evidence"`           // by path within the folder
	Previous []evidence.File `json:"previous,omitempty"` // evidence of the run before, to be removed once this one has ended
}

// Target tells what was verified.
type Target struct {
	Name    string `json:"name,omitempty"`
	Version string `json:"version,omitempty"`
	Serial  string `json:"serial,omitempty"`
}

// Roles of inputs.
const (
	Requirements   = "requirements"
	Justifications = "justifications"
	Config         = "config"
	Lock           = "lock"
)

// Input is a copy of a file that a run depended on.
type Input struct {
	Role   string `json:"role"`
	Name   string `json:"name"` // as the user gave it
	SHA256 string `json:"sha256"`
	Text   string `json:"text"`
}

// documents is what documents.json holds.
type documents struct {
	Schema string          `json:"schema"`
	Run    string          `json:"run,omitempty"` // the SHA-256 of the run.json that they are made of; empty: of bare results
	Files  []evidence.File `json:"files"`
}

func (m Manifest) schema() (is, want string)  { return m.Schema, ManifestSchema }
func (d documents) schema() (is, want string) { return d.Schema, DocumentsSchema }

// readOurs reads one of the two files. It is nil if there is none, or if the file is
// somebody else's. One of a version that is not known is an error.
func readOurs[T interface{ schema() (is, want string) }](f *Folder, name string) (*T, string, error) {
	info, err := f.root.Lstat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, "", nil
	case err != nil:
		return nil, "", err
	case !info.Mode().IsRegular():
		return nil, "", nil
	}
	data, err := f.root.ReadFile(name)
	if err != nil {
		return nil, "", err
	}
	var v struct{ Schema string }
	if json.Unmarshal(data, &v) != nil {
		return nil, "", nil
	}
	read := new(T)
	_, want := (*read).schema()
	kind, _, _ := strings.Cut(want, "/")
	switch {
	case !strings.HasPrefix(v.Schema, kind+"/"):
		return nil, "", nil
	case v.Schema != want:
		return nil, "", fmt.Errorf("%s: its schema is %q, and this oneline knows %q only: use the oneline that wrote it, or name another folder by -out", f.path(name), v.Schema, want)
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(read); err != nil {
		return nil, "", fmt.Errorf("%s: it is not as oneline wrote it: %w", f.path(name), err)
	}
	return read, Sum(data), nil
}

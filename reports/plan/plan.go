// Package plan holds test protocols: what a run will do and what it expects, fixed
// before the run and cited by it.
//
// A plan holds only what a run can be held to: the hashes of requirements and
// application profile, the texts of every protocol and spec, and the instructions,
// requirements and expectations of its steps. It does not say when, where and by which
// build it was made, or in which line a spec stands. Equal steps stand once, and so do
// equal verifications of a step and preconditions of a spec, because the number of
// repetitions may depend on the speed of the target. So the same steps give the same
// bytes on every machine, and their hash is the hash of the test protocol.
package plan

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"slices"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/folder"
)

// Schema is the version of the form of a plan.
const Schema = "oneline-protocol/1"

// Plan is a test protocol.
type Plan struct {
	Schema    string           `json:"schema"`
	Lock      string           `json:"lock_sha256,omitempty"` // of the lock; empty: there was none
	SRS       string           `json:"srs_sha256"`            // of the requirements
	Inputs    []evidence.Input `json:"inputs,omitempty"`      // those that are binding
	Protocols []Protocol       `json:"protocols"`             // sorted by id
}

// Protocol is one protocol of a plan.
type Protocol struct {
	evidence.Protocol
	Specs []Spec `json:"specs"`
}

// Spec is a part of a protocol.
type Spec struct {
	Suite        string   `json:"suite,omitempty"`      // import path of its package
	Containers   []string `json:"containers,omitempty"` // texts, from the outermost
	Title        string   `json:"title"`
	Requirements []string `json:"requirements"`
	Observe      []string `json:"observe,omitempty"`
	Manual       bool     `json:"manual,omitempty"`
	Steps        []Step   `json:"steps"` // in the order in which they come first

	place    string // file:line, for messages
	unended  bool   // it did not run to its end: steps may be missing
	unneeded bool   // the target cannot show it
}

// Step is an instruction with its verifications. A step without instruction holds the
// verifications before the first instruction.
type Step struct {
	Instruction string         `json:"instruction"`
	Verified    []Verification `json:"verified,omitempty"`
}

// Verification is an expectation. Without requirements it is a precondition.
type Verification struct {
	Requirements []string `json:"requirements,omitempty"`
	Text         string   `json:"text,omitempty"`
	Expected     string   `json:"expected"`
}

// Of returns the plan of the specs in a model.
func Of(m *reports.Model) Plan {
	p := Plan{Schema: Schema, SRS: m.Run.SRS.SHA256, Protocols: []Protocol{}}
	for _, in := range m.Run.Inputs {
		if in.Binding {
			p.Inputs = append(p.Inputs, in)
		}
	}
	for _, from := range m.Protocols {
		to := Protocol{Protocol: evidence.Protocol{
			ID: from.ID, Title: from.Desc,
			Objectives: from.Objectives, Preconditions: from.Preconditions, Deviations: from.Deviations,
		}}
		for k := range from.Specs {
			to.Specs = append(to.Specs, specOf(&from.Specs[k]))
		}
		p.Protocols = append(p.Protocols, to)
	}
	return p
}

func specOf(from *reports.Spec) Spec {
	s := Spec{
		Containers: from.Containers, Title: from.Title, Requirements: from.Requirements, Observe: from.Observe, Manual: from.Manual,
		Steps: []Step{}, place: from.Location,
	}
	if len(from.Identity.Path) > 0 {
		s.Suite = from.Identity.Path[0]
	}
	e := from.Evidence
	if e == nil {
		s.unended = true
		return s
	}
	s.unended = !e.Completed && len(e.Planned) == 0
	s.unneeded = e.NotObservable != ""
	texts := map[int]string{0: ""}
	for _, st := range e.Steps {
		texts[st.Number] = st.Text
		s.step(st.Text)
	}
	met := make(map[string]bool)
	for _, v := range slices.Concat(e.Preconditions, e.Verifications, e.Planned) {
		if key := v.Text + "\x00" + v.Expected; len(v.Requirements) > 0 || !met[key] {
			met[key] = met[key] || len(v.Requirements) == 0
			s.verified(texts[v.Step], Verification{Requirements: v.Requirements, Text: v.Text, Expected: v.Expected})
		}
	}
	return s
}

// step finds the step with an instruction, or adds it.
func (s *Spec) step(instruction string) *Step {
	i := slices.IndexFunc(s.Steps, func(st Step) bool { return st.Instruction == instruction })
	switch {
	case i >= 0:
	case instruction == "": // before all others
		i, s.Steps = 0, slices.Insert(s.Steps, 0, Step{})
	default:
		i, s.Steps = len(s.Steps), append(s.Steps, Step{Instruction: instruction})
	}
	return &s.Steps[i]
}

func (s *Spec) verified(instruction string, v Verification) {
	step := s.step(instruction)
	if !slices.ContainsFunc(step.Verified, v.equal) {
		step.Verified = append(step.Verified, v)
	}
}

// Specs counts the specs.
func (p Plan) Specs() (n int) {
	for i := range p.Protocols {
		n += len(p.Protocols[i].Specs)
	}
	return n
}

// Encode returns the bytes of the plan, which are hashed.
func (p Plan) Encode() []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(p); err != nil {
		panic("plan: texts cannot be written: " + err.Error()) // a plan holds nothing else
	}
	return b.Bytes()
}

// Load reads an issued plan and identifies its file. The error is one line.
func Load(path string) (Plan, evidence.File, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return Plan{}, evidence.File{}, fmt.Errorf("%s: the test protocol cannot be read: %w", path, err)
	}
	return Parse(path, data)
}

// Parse is [Load] for a file that has been read.
func Parse(path string, data []byte) (Plan, evidence.File, error) {
	var p Plan
	if err := json.Unmarshal(data, &p); err != nil || p.Schema != Schema {
		return Plan{}, evidence.File{}, fmt.Errorf("%s: this is no test protocol of the form %q: give the file that oneline plan or a dry run wrote", path, Schema)
	}
	if !bytes.Equal(p.Encode(), data) {
		return Plan{}, evidence.File{}, fmt.Errorf("%s: the test protocol is not as it was issued: give the unchanged file", path)
	}
	return p, evidence.File{Name: path, SHA256: folder.Sum(data)}, nil
}

// Package attest states what a run has shown in a form that other tools check: an
// in-toto statement (v1) with the test-result predicate (v0.1). Signing it is left to
// others, such as cosign.
package attest

import (
	"cmp"
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/folder"
)

// The types of the statement and of its predicate.
const (
	StatementType = "https://in-toto.io/Statement/v1"
	PredicateType = "https://in-toto.io/attestation/test-result/v0.1"
)

// Statement says of its subjects what a run has shown.
type Statement struct {
	Type          string     `json:"_type"`
	Subject       []Resource `json:"subject"`
	PredicateType string     `json:"predicateType"`
	Predicate     TestResult `json:"predicate"`
}

// Resource names something by its digests.
type Resource struct {
	Name        string            `json:"name,omitempty"`
	Digest      map[string]string `json:"digest"`
	Annotations map[string]string `json:"annotations,omitempty"`
}

// TestResult lists every requirement once: what passed as passed, what failed as
// failed, and everything else as warned.
type TestResult struct {
	Result        string     `json:"result"` // PASSED, WARNED or FAILED
	Configuration []Resource `json:"configuration"`
	PassedTests   []string   `json:"passedTests"`
	WarnedTests   []string   `json:"warnedTests"`
	FailedTests   []string   `json:"failedTests"`
}

// New states what a report says of the run that a manifest vouches for. sum is the
// SHA-256 of the manifest. It is an error if neither the program that was verified nor
// a commit is known: then the statement would be about nothing.
func New(m *reports.Model, run folder.Manifest, sum string) (*Statement, error) {
	s := &Statement{Type: StatementType, PredicateType: PredicateType, Subject: subjects(m, run)}
	if len(s.Subject) == 0 {
		return nil, errors.New("neither the SHA-256 of the target nor a commit is known of this run: launch the target, or run in a git repository")
	}
	s.Predicate = TestResult{
		Result:        result(m.ExitCode),
		Configuration: configuration(run, sum),
		PassedTests:   []string{}, WarnedTests: []string{}, FailedTests: []string{},
	}
	p := &s.Predicate
	for _, r := range m.Requirements {
		switch {
		case r.Verdict.Passed():
			p.PassedTests = append(p.PassedTests, r.ID)
		case r.Verdict == reports.Fail, r.Verdict == reports.Invalid:
			p.FailedTests = append(p.FailedTests, r.ID)
		default:
			p.WarnedTests = append(p.WarnedTests, r.ID)
		}
	}
	for _, problem := range m.Problems {
		p.FailedTests = append(p.FailedTests, "nothing can be concluded: "+problem.String())
	}
	return s, nil
}

// result maps an exit code: what could not be concluded has failed.
func result(code int) string {
	switch code {
	case reports.ExitPassed:
		return "PASSED"
	case reports.ExitIncomplete:
		return "WARNED"
	}
	return "FAILED"
}

// subjects are what was verified: programs, with the files that their commands name, and the commit, or the tree where it held
// changes that are in no commit.
func subjects(m *reports.Model, run folder.Manifest) (all []Resource) {
	target := m.Run.Target
	if target.SHA256 != "" {
		all = append(all, Resource{Name: target.Name, Digest: map[string]string{"sha256": target.SHA256}})
	}
	for _, in := range m.Run.Inputs {
		if in.Title == evidence.CommandFile {
			all = append(all, Resource{Name: in.Name, Digest: map[string]string{"sha256": in.SHA256}})
		}
	}
	for _, b := range run.Binaries {
		all = append(all, Resource{Name: b.Name, Digest: map[string]string{"sha256": b.SHA256}})
	}
	if c := run.Checkout; c != nil && c.Before.Tree != "" {
		digest := map[string]string{"gitTree": c.Before.Tree}
		if c.Before.Clean && c.Before.Commit != "" {
			digest["gitCommit"] = c.Before.Commit
		}
		all = append(all, Resource{Name: "source", Digest: digest})
	} else if suite := run.Tool; target.Kind == "reference" && suite.Commit != "" && suite.Modified != nil && !*suite.Modified {
		all = append(all, Resource{Name: suite.Module, Digest: map[string]string{"gitCommit": suite.Commit}})
	}
	return all
}

// configuration lists the files that the run depended on and what it left, each by its
// role.
func configuration(run folder.Manifest, sum string) []Resource {
	file := func(role, name, sum string) Resource {
		return Resource{Name: name, Digest: map[string]string{"sha256": sum}, Annotations: map[string]string{"role": role}}
	}
	all := []Resource{file("manifest", folder.ManifestName, sum)}
	for _, in := range run.Inputs {
		all = append(all, file(in.Role, in.Name, in.SHA256))
	}
	for _, e := range run.Evidence {
		all = append(all, file("evidence", e.Name, e.SHA256))
	}
	return all
}

// Marshal returns the statement as JSON. The same run gives the same bytes.
func (s *Statement) Marshal() ([]byte, error) {
	text, err := json.Marshal(s, json.Deterministic(true), jsontext.WithIndent("  "), jsontext.AllowInvalidUTF8(true))
	return append(text, '\n'), err
}

// Unsigned reports whether a file is a statement that nobody has signed.
func Unsigned(data []byte) bool {
	var s Statement
	return json.Unmarshal(data, &s) == nil && s.Type == StatementType
}

// Parse reads a statement, also one within a DSSE envelope or a bundle that holds one.
// The signature is not checked.
func Parse(data []byte) (*Statement, error) {
	var outer struct {
		Payload  string `json:"payload"`
		Envelope *struct {
			Payload string `json:"payload"`
		} `json:"dsseEnvelope"`
	}
	if err := json.Unmarshal(data, &outer); err != nil {
		return nil, err
	}
	if outer.Envelope != nil {
		outer.Payload = outer.Envelope.Payload
	}
	if outer.Payload != "" {
		inner, err := base64.StdEncoding.DecodeString(outer.Payload)
		if err != nil {
			return nil, fmt.Errorf("the payload of the envelope: %w", err)
		}
		data = inner
	}
	s := &Statement{}
	if err := json.Unmarshal(data, s); err != nil {
		return nil, err
	}
	if s.Type != StatementType || s.PredicateType != PredicateType {
		return nil, fmt.Errorf("it is a statement of type %q with a predicate of type %q, not %s with %s", s.Type, s.PredicateType, StatementType, PredicateType)
	}
	return s, nil
}

// Differences lists what a statement says otherwise than the run whose statement is
// want, a line each.
func (s *Statement) Differences(want *Statement) (lines []string) {
	compare := func(what string, said, is map[string]string) {
		all := maps.Clone(said)
		maps.Copy(all, is)
		for _, name := range slices.Sorted(maps.Keys(all)) {
			if said[name] != is[name] {
				lines = append(lines, fmt.Sprintf("%s%s: the statement says %s, the run %s", what, name, cmp.Or(said[name], "nothing"), cmp.Or(is[name], "nothing")))
			}
		}
	}
	compare("subject ", digests(s.Subject), digests(want.Subject))
	compare("configuration ", digests(s.Predicate.Configuration), digests(want.Predicate.Configuration))
	compare("", map[string]string{"result": s.Predicate.Result}, map[string]string{"result": want.Predicate.Result})
	compare("", s.Predicate.verdicts(), want.Predicate.verdicts())
	return lines
}

// verdicts maps each requirement to its verdict.
func (p *TestResult) verdicts() map[string]string {
	all := map[string]string{}
	for _, list := range []struct {
		verdict string
		names   []string
	}{{"passed", p.PassedTests}, {"warned", p.WarnedTests}, {"failed", p.FailedTests}} {
		for _, name := range list.names {
			all[name] = strings.TrimPrefix(all[name]+" and "+list.verdict, " and ")
		}
	}
	return all
}

func digests(all []Resource) map[string]string {
	list := map[string]string{}
	for _, r := range all {
		for _, algorithm := range slices.Sorted(maps.Keys(r.Digest)) {
			list[r.Name+" ("+algorithm+")"] += r.Digest[algorithm]
		}
	}
	return list
}

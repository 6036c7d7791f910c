// Package intoto_test holds the statements of oneline attest against in-toto's own
// types. It is a module of its own, because these bring protocol buffers along.
package intoto_test

import (
	"slices"
	"strings"
	"testing"

	test_result "github.com/in-toto/attestation/go/predicates/test_result/v0"
	intoto "github.com/in-toto/attestation/go/v1"
	"google.golang.org/protobuf/encoding/protojson"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/attest"
	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/folder"
)

// A statement is valid for in-toto, and says there what it says here.
func TestStatement(t *testing.T) {
	sum := strings.Repeat("ab", 32)
	commit := strings.Repeat("0f", 20)
	statement, err := attest.New(
		&reports.Model{ExitCode: reports.ExitIncomplete, Requirements: []reports.Requirement{
			{ID: "A", Verdict: reports.Pass}, {ID: "B", Verdict: reports.NotTested},
		}},
		folder.Manifest{
			Inputs:   []folder.Input{{Role: folder.Requirements, Name: "srs.json", SHA256: sum}},
			Evidence: []evidence.File{{Name: "results.json", SHA256: sum}},
			Binaries: []evidence.File{{Name: "pump.test", SHA256: sum}},
			Checkout: &folder.Checkout{Before: folder.Tree{Commit: commit, Tree: commit, Clean: true}},
		}, sum)
	if err != nil {
		t.Fatal(err)
	}
	text, err := statement.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	var read intoto.Statement
	if err := protojson.Unmarshal(text, &read); err != nil {
		t.Fatal(err)
	}
	if err := read.Validate(); err != nil {
		t.Error(err)
	}
	if len(read.Subject) != 2 || read.Subject[1].Digest["gitCommit"] != commit || read.PredicateType != attest.PredicateType {
		t.Errorf("%v of %v", read.PredicateType, read.Subject)
	}
	predicate, err := read.Predicate.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	var result test_result.TestResult
	if err := protojson.Unmarshal(predicate, &result); err != nil {
		t.Fatal(err)
	}
	if result.Result != "WARNED" || !slices.Equal(result.PassedTests, []string{"A"}) || !slices.Equal(result.WarnedTests, []string{"B"}) || len(result.Configuration) != 3 {
		t.Errorf("%v", &result)
	}
	for _, c := range result.Configuration {
		if err := c.Validate(); err != nil || c.Digest["sha256"] != sum {
			t.Errorf("%v: %v", c, err)
		}
	}
}

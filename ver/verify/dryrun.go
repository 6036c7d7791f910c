package verify

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/plan"
	"github.com/socket-oneline/oneline/reports/read"
	"github.com/socket-oneline/oneline/reports/record"
	"github.com/socket-oneline/oneline/reports/results"
)

// Types of a run that is more than a look.
const (
	dryrun = "dryrun"
	formal = "formal"
)

// ProtocolFile is the name of the test protocol that a dry run issues.
const ProtocolFile = "test-protocol.json"

// dryRun records every protocol with its steps, and issues the test protocol.
// Nothing is sent to the target.
func (r *run) dryRun(ctx context.Context) (*results.Results, error) {
	found, err := r.agreed(ctx)
	if err != nil {
		return nil, err
	}
	data := found.plan.Encode()
	if err := record.Replace(filepath.Join(r.options.Out, ProtocolFile), data); err != nil {
		return nil, fmt.Errorf("the test protocol cannot be written: %w", err)
	}
	r.record.Protocol = &evidence.File{Name: ProtocolFile, SHA256: plan.Hash(data)}
	r.record.Notes = append(r.record.Notes, "dry run: the steps were recorded on the reference, and nothing was sent to the target")
	r.record.Ended = now()
	if err := record.Write(r.results, r.plannedSuite(found.specs)); err != nil {
		return nil, fmt.Errorf("the results cannot be written: %w", err)
	}
	return read.Load(r.results)
}

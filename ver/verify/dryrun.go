package verify

import (
	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/folder"
	"github.com/socket-oneline/oneline/reports/plan"
	"github.com/socket-oneline/oneline/reports/record"
	"github.com/socket-oneline/oneline/reports/results"
)

// dryrun is the type of a run that only issues the test protocol.
const dryrun = "dryrun"

// dryRun records every protocol with its steps, and issues the test protocol.
// Nothing is sent to the target.
func (r *run) dryRun() (*results.Results, error) {
	protocol, err := r.plan()
	if err != nil {
		return nil, err
	}
	data := protocol.Encode()
	r.record.Protocol = &evidence.File{Name: folder.ProtocolName, SHA256: plan.Hash(data)}
	r.record.Notes = append(r.record.Notes, "dry run: nothing was sent to the target")
	r.record.Ended = now()
	encoded, err := record.Encode(r.plannedSuite())
	if err != nil {
		return nil, err
	}
	return r.keep(encoded, folder.Bytes(folder.ProtocolName, data))
}

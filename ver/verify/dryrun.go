package verify

import (
	"bytes"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/folder"
	"github.com/socket-oneline/oneline/reports/plan"
	"github.com/socket-oneline/oneline/reports/read"
	"github.com/socket-oneline/oneline/reports/record"
	"github.com/socket-oneline/oneline/reports/results"
)

// dryrun is the type of a run that only issues the test protocol.
const dryrun = "dryrun"

// dryRun records every protocol with its steps, and issues the test protocol.
// Nothing is sent to the target.
func (r *run) dryRun() (*results.Results, error) {
	data := plan.Of(r.planned).Encode()
	r.record.Protocol = &evidence.File{Name: folder.ProtocolName, SHA256: folder.Sum(data)}
	r.record.Notes = append(r.record.Notes, "dry run: nothing was sent to the target")
	r.record.Ended = now()
	return r.keep(record.Encode(r.plannedSuite()), folder.Bytes(folder.ProtocolName, data))
}

// plannedSuite is what a dry run leaves: all specs, planned.
func (r *run) plannedSuite() record.Suite {
	var specs []record.Spec
	for _, spec := range r.suite.Planned() {
		specs = append(specs, record.Spec{Spec: spec, Began: true})
	}
	return record.Suite{Name: suiteName, Run: r.record, Specs: specs}
}

// plannedModel computes what a report would say of all specs, planned. The test protocol
// follows from that.
func (r *run) plannedModel() (*reports.Model, error) {
	loaded, err := read.From("the planned specs", bytes.NewReader(record.Encode(r.plannedSuite())))
	if err != nil {
		return nil, err
	}
	return reports.Build(r.file, []*results.Results{loaded}, reports.Options{Level: r.options.Level}), nil
}

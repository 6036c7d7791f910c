package verify

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/socket-oneline/oneline"
	"github.com/socket-oneline/oneline/reports/checkout"
	"github.com/socket-oneline/oneline/reports/config"
	"github.com/socket-oneline/oneline/reports/folder"
	"github.com/socket-oneline/oneline/reports/justification"
	"github.com/socket-oneline/oneline/reports/read"
	"github.com/socket-oneline/oneline/reports/render"
	"github.com/socket-oneline/oneline/reports/results"
	"github.com/socket-oneline/oneline/reports/srs"
)

// resultsFile is the evidence of a run, in its folder.
const resultsFile = "results.json"

// open opens the folder of the reports and says in its run.json that a run goes on,
// before anything is sent: results that cannot be kept are not worth the run.
func (r *run) open() (err error) {
	if r.options.Out == "" {
		return nil
	}
	if r.folder, err = folder.Create(r.options.Out, r.options.Force); err != nil {
		return fmt.Errorf("the reports cannot be written: %w", err)
	}
	written := append(render.Names(r.options.Formats), resultsFile)
	if r.record.Type == dryrun {
		written = append(written, folder.ProtocolName)
	}
	if r.options.Checkout {
		r.before, _ = checkout.Open(context.Background(), ".", r.options.Out) // without git nothing is claimed
	}
	r.recording, err = r.folder.Begin(r.manifest(), written...)
	return err
}

func (r *run) close() {
	if r.recording != nil {
		r.recording.Abort()
	}
	if r.folder != nil {
		r.folder.Close()
	}
}

// lockName is the lock that the suite is held to.
const lockName = "srs.lock"

// manifest is what run.json says of the run.
func (r *run) manifest() folder.Manifest {
	e := &r.record
	m := folder.Manifest{
		Type: e.Type, ID: e.ID, Started: e.Started, Ended: e.Ended, Repeat: e.Repeat,
		Tester: e.Tester, Machine: e.Machine, Go: e.Go, OS: e.OS, Tool: e.Suite,
		Target: folder.Target{Name: e.Target.Name, Version: e.Target.Version, Serial: e.Target.Serial},
	}
	m.Inputs = append(Inputs(r.file, r.options.Config, r.options.Justifications),
		folder.Input{Role: folder.Lock, Name: lockName, SHA256: folder.Sum(oneline.Lock), Text: string(oneline.Lock)})
	return m
}

// Inputs returns copies of the files that a run depends on. Without justifications j is
// nil.
func Inputs(file *srs.File, c config.Config, j *justification.File) (all []folder.Input) {
	for _, f := range file.Files {
		all = append(all, folder.Input{Role: folder.Requirements, Name: f.Name, SHA256: f.SHA256, Text: f.Text})
	}
	if j != nil {
		all = append(all, folder.Input{Role: folder.Justifications, Name: j.Name, SHA256: j.SHA256, Text: j.Source})
	}
	if c.File != nil {
		all = append(all, folder.Input{Role: folder.Config, Name: c.File.Name, SHA256: c.File.SHA256, Text: c.Source})
	}
	return all
}

// keep writes the results, and with them all else that the run has left, into its
// folder, and reads them back: verdicts are computed from what was written. Where they
// cannot be written, they are kept where temporary files are, and the error says so: a
// run may have taken long.
func (r *run) keep(data []byte, others ...folder.Document) (*results.Results, error) {
	if r.folder == nil {
		return read.From(resultsFile, bytes.NewReader(data))
	}
	m := r.manifest()
	m.Checkout, _ = r.before.Since(context.Background())
	sum, err := r.recording.Finish(m, append(others, folder.Bytes(resultsFile, data))...)
	if err != nil {
		return nil, fmt.Errorf("the results cannot be written: %w%s", err, elsewhere(data))
	}
	r.sum = sum
	return read.Load(filepath.Join(r.options.Out, resultsFile))
}

// elsewhere keeps results that cannot be written where they belong, and says where.
func elsewhere(data []byte) string {
	dir, err := os.MkdirTemp("", "oneline-results-*")
	if err != nil {
		return ""
	}
	path := filepath.Join(dir, resultsFile)
	if err := os.WriteFile(path, data, 0o666); err != nil {
		_ = os.RemoveAll(dir)
		return ""
	}
	return "; " + kept(path)
}

// kept tells what to do with results of which no reports could be made.
func kept(path string) string {
	return fmt.Sprintf("the results are in %s: make reports of them with oneline report", path)
}

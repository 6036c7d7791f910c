// Package verify is one verification, from flags to reports: it opens the
// target, runs the suite against it, writes what the specs have left, reads that
// back, and computes the verdicts from it. The command and go test share it.
package verify

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/signal"
	"os/user"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/formatter"
	"github.com/onsi/ginkgo/v2/types"

	"github.com/socket-oneline/oneline"
	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/checkout"
	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/folder"
	"github.com/socket-oneline/oneline/reports/lock"
	"github.com/socket-oneline/oneline/reports/results"
	"github.com/socket-oneline/oneline/reports/srs"
	"github.com/socket-oneline/oneline/trace"
	"github.com/socket-oneline/oneline/ver"
	"github.com/socket-oneline/oneline/ver/play"
	"github.com/socket-oneline/oneline/ver/target"
)

// Terminal says where a run prints, and how.
type Terminal struct {
	Out      io.Writer
	Errors   io.Writer // warnings; nil: none
	Progress io.Writer // a terminal on which one line says which protocol runs; nil: none
	Width    int       // columns of Out; 0: it is no terminal
	Columns  int       // columns of Progress
	Color    bool
}

// Warn prints what a user should know, and what changes no result.
func (t Terminal) Warn(text string) {
	if t.Errors != nil {
		fmt.Fprintln(t.Errors, "oneline: warning: "+oneLine(text))
	}
}

// Show replaces the line that says how far a run is; empty: by nothing.
func (t Terminal) Show(line string) {
	if r := []rune(line); t.Columns > 1 && len(r) >= t.Columns {
		line = string(r[:t.Columns-1])
	}
	fmt.Fprintf(t.Progress, "\r\x1b[K%s", line)
}

// Run verifies the chosen target, writes the reports, prints the result, and
// gives the exit code with the model. Ginkgo allows one run in a process. An
// error means that there is no result, and exit code 2, or 3 where the target
// could not be opened.
func Run(ctx context.Context, file *srs.File, o Options, term Terminal) (*reports.Model, error) {
	t, err := target.Open(o.Choice)
	if err != nil {
		return nil, err
	}
	return RunTarget(ctx, file, t, o, term)
}

// RunTarget is [Run] for a target that is open already.
func RunTarget(ctx context.Context, file *srs.File, t *target.Target, o Options, term Terminal) (*reports.Model, error) {
	t.Limits.Run = cmp.Or(o.Time, t.Limits.Run)
	r := &run{file: file, target: t, options: o, term: term, suite: ver.New(t, o.Seed)}
	r.suite.Only = o.Only
	defer r.suite.Close()
	r.describe()
	problems, err := r.preview()
	if err != nil {
		return nil, err
	}
	if len(problems) == 0 {
		if err := r.permit(); err != nil {
			return nil, err
		}
		r.record.Started = now()
	}
	defer r.close()
	if err := r.open(); err != nil {
		return nil, err
	}
	loaded, err := r.carryOut(ctx, problems)
	if err != nil {
		return nil, err
	}
	model, err := r.model(loaded)
	if err != nil {
		return nil, err
	}
	return model, r.report(model)
}

type run struct {
	file    *srs.File
	target  *target.Target
	options Options
	term    Terminal
	suite   *play.Suite
	short   string // which time would have been enough, where that of the run was not
	record  evidence.Run

	folder    *folder.Folder       // nil: no reports are asked for
	recording *folder.Recording    // nil: likewise
	before    *checkout.Repository // of the repository, before the run
	sum       string               // the SHA-256 of run.json, once the evidence is complete

	listed  types.Report   // all specs, as they would be run
	planned *reports.Model // what a report would say of them
}

// describe fills in what is known of the run before it begins.
func (r *run) describe() {
	t, o := r.target, r.options
	r.record = evidence.Run{
		Schema: evidence.Schema, Type: cmp.Or(o.RunType, "dev"), ID: o.RunID, Started: now(), Tester: o.Tester,
		Go: runtime.Version(), OS: runtime.GOOS + "/" + runtime.GOARCH,
		Suite: BuildInfo(),
		Target: evidence.Target{
			Kind: t.Kind, Name: t.Name, Address: t.Addr, Command: t.Command,
			Version: o.Version, Serial: o.Serial, SHA256: t.SHA256,
		},
		SRS: evidence.File{Name: r.file.Name, SHA256: r.file.SHA256}, Demands: r.file.Demands(),
		Repeat: o.Repeat, RepeatOnly: o.RepeatOnly, Level: o.Level, Seed: o.Seed,
		Shows: t.Shows(), Needs: t.Needs, Remarks: remarks(r.file),
	}
	r.record.Machine, _ = os.Hostname()
	if r.record.Tester == "" {
		if u, err := user.Current(); err == nil {
			r.record.Tester = u.Username
		}
	}
	r.record.ID = cmp.Or(r.record.ID, r.record.Started.Format("20060102-150405"))
	r.record.Target.Name = cmp.Or(o.Name, t.Name)
	r.record.Config = o.Config.File
	if j := o.Justifications; j != nil {
		r.record.Justifications = &evidence.File{Name: j.Name, SHA256: j.SHA256}
	}
	for _, f := range t.Files {
		r.record.Inputs = append(r.record.Inputs, evidence.Input{Title: evidence.CommandFile, File: f})
	}
	if p := t.Profile; p != nil {
		r.record.Inputs = append(r.record.Inputs, evidence.Input{Title: "application profile", File: evidence.File{Name: p.Name, SHA256: p.SHA256}, Binding: true})
	}
	r.record.Sections = []evidence.Section{{Title: "Limits", Rows: t.Limits.Rows()}}
}

func now() time.Time { return time.Now().Round(0) }

// carryOut does what the type of the run asks for, and gives the results as they were
// read back. With problems nothing is carried out at all.
func (r *run) carryOut(ctx context.Context, problems []string) (*results.Results, error) {
	if r.record.Type == dryrun && len(problems) == 0 {
		return r.dryRun()
	}
	return r.verify(ctx, problems)
}

// verify runs the suite.
func (r *run) verify(ctx context.Context, problems []string) (*results.Results, error) {
	suiteConfig, reporterConfig := ginkgo.GinkgoConfiguration()
	if r.target.Kind == target.Reference { // of any other, the code that runs is not in this program
		trace.Cover(&r.record) // before the preflight, which no spec is to be charged with
	}
	if len(problems) > 0 {
		r.suite.Refuse("the suite and the requirements do not fit together: " + problems[0])
	} else if !suiteConfig.DryRun {
		r.preflight(ctx)
	}
	trace.Record(&r.record)
	var data bytes.Buffer
	var broken error
	ginkgo.ReportAfterSuite("results", func(report ginkgo.Report) {
		r.ended()
		broken = json.NewEncoder(&data).Encode([]types.Report{report}) // as Ginkgo's JSON reports are
	})
	r.progress()
	r.ginkgo(suiteConfig, reporterConfig)
	if broken != nil {
		return nil, broken
	}
	return r.keep(data.Bytes())
}

// preflight finds out whether the target can be reached. While specs run, Ginkgo
// sees to interrupts; before that, nobody else does.
func (r *run) preflight(ctx context.Context) {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := r.suite.Preflight(ctx)
	switch {
	case ctx.Err() != nil:
		r.record.Interrupted = true
		r.suite.Refuse("interrupted before the first spec")
	case err != nil:
		r.record.Unreachable = err.Error()
	}
}

// ended fills in what is known of the run only when it has ended.
func (r *run) ended() {
	r.record.Ended = now()
	if slowest, limit := r.suite.Pace.Slowest(), r.target.Limits.Response; slowest > 0 && limit > 0 {
		row := evidence.Row{Name: "slowest response", Value: fmt.Sprintf("%s, %.2g %% of the response time-out", slowest, 100*float64(slowest)/float64(limit))}
		r.record.Sections = append(r.record.Sections, evidence.Section{Title: "Speed", Rows: []evidence.Row{row}})
	}
	r.record.Notes = append(r.record.Notes, r.suite.Notes()...)
	r.short = r.suite.ShortOfTime()
}

// preview registers the specs, and looks at them without running them: what is
// wrong with the suite must be known before anything is sent, and with the flags
// before anything is written.
func (r *run) preview() ([]string, error) {
	config, _ := ginkgo.GinkgoConfiguration()
	if config.ParallelTotal > 1 {
		return nil, fmt.Errorf("the suite cannot run in parallel: there is one target, and one client at a time; leave out -p and -procs")
	}
	r.suite.Register()
	r.listed = ginkgo.PreviewSpecs(suiteName, config)
	var err error
	if r.planned, err = r.plannedModel(); err != nil {
		return nil, err
	}
	var problems []string
	for _, p := range r.planned.Problems {
		problems = append(problems, p.String())
	}
	for _, id := range r.options.Only {
		known := slices.ContainsFunc(r.planned.Protocols, func(p reports.Protocol) bool { return p.ID == id })
		if strings.HasPrefix(id, "TP-") && !known {
			return nil, fmt.Errorf("-only %s: there is no such protocol", id)
		}
	}
	return problems, nil
}

const suiteName = "verification of the one-line protocol"

// ginkgo runs the specs. Ginkgo's own output is wanted only where somebody asked
// go test or ginkgo for it; its exit status never counts.
func (r *run) ginkgo(config types.SuiteConfig, reporter types.ReporterConfig) {
	// The order of danger: priorities only order what is shuffled.
	config.RandomizeAllSpecs = true
	config.RandomSeed = r.options.Seed
	config.Timeout = r.suite.Left()
	config.GracePeriod = 5 * time.Second
	if len(r.options.Only) > 0 {
		config.LabelFilter = only(r.options.Only)
	}
	if !reporter.Verbose && !reporter.VeryVerbose {
		formatter.ColorableStdOut = io.Discard
		reporter.Succinct = true
	}
	// With focused specs Ginkgo would end the process before we can report.
	_ = os.Setenv("GINKGO_EDITOR_INTEGRATION", "true")
	ginkgo.RunSpecs(failure{}, suiteName, config, reporter)
}

// failure takes Ginkgo's word that the suite failed. The verdict is ours.
type failure struct{}

func (failure) Fail() {}

// only makes a label filter of requirement and protocol ids.
func only(ids []string) string {
	filters := make([]string, len(ids))
	for i, id := range ids {
		key := "req"
		if strings.HasPrefix(id, "TP-") {
			key = "protocol"
		}
		filters[i] = key + ": containsAny " + id
	}
	return strings.Join(filters, " || ")
}

// progress shows on a terminal which protocol runs.
func (r *run) progress() {
	if r.term.Progress == nil {
		return
	}
	total, done := 0, 0
	ginkgo.ReportBeforeSuite(func(report ginkgo.Report) { total = report.PreRunStats.SpecsThatWillRun })
	r.suite.OnSpec = func(protocol, title string) {
		done++
		r.term.Show(fmt.Sprintf("%d of %d  %s  %s", done, total, protocol, title))
	}
	ginkgo.ReportAfterSuite("progress", func(ginkgo.Report) { r.term.Show("") })
}

// model computes the verdicts.
func (r *run) model(loaded *results.Results) (*reports.Model, error) {
	held, err := lock.Parse(lockName, oneline.Lock)
	if err != nil {
		return nil, err
	}
	o := reports.Options{
		Lock: held, Reported: BuildInfo(), Level: r.options.Level, Complete: r.options.Complete,
		Justifications: r.options.Justifications, AcceptJustified: r.options.AcceptJustified,
	}
	if r.sum != "" {
		o.Manifest = &evidence.File{Name: folder.ManifestName, SHA256: r.sum}
	}
	return reports.Build(r.file, []*results.Results{loaded}, o), nil
}

// report writes the reports, and prints the result.
func (r *run) report(model *reports.Model) error {
	err := Report(model, Output{Folder: r.folder, Fresh: true, Run: r.sum, Formats: r.options.Formats, Layout: r.options.Config.Layout, Verbose: r.options.Verbose, Hint: r.short}, r.term)
	if err != nil && r.folder != nil {
		return fmt.Errorf("%w; %s", err, kept(filepath.Join(r.options.Out, resultsFile)))
	}
	return err
}

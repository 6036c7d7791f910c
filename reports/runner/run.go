// Package runner records what a command tests: it gives the command a folder in which its
// test processes leave evidence, keeps what go test and others report, and says in the
// folder's run.json what was run, from which sources, and how it ended. It judges
// nothing.
package runner

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/socket-oneline/oneline/reports/checkout"
	"github.com/socket-oneline/oneline/reports/folder"
)

// Options say what to run.
type Options struct {
	Args      []string       // the command
	Folder    *folder.Folder // where everything goes
	Written   []string       // the documents that will be written there: nothing may be in their way
	Results   []string       // patterns of result files that the command writes; ** is any number of folders
	Cover     []string       // patterns of the packages whose execution is watched; nil: none
	Generated bool           // Cover watches files that a program wrote, too
	Time      time.Duration  // after which the command is ended; 0: never

	// Manifest says what is known of the run before it begins.
	Manifest folder.Manifest

	Stdin          io.Reader // nil: empty
	Stdout, Stderr io.Writer
}

// Names in the folder of evidence.
const (
	evidenceDir = "evidence"
	streamFile  = "gotest.json" // the events of go test -json
	resultsDir  = "results"     // copies of result files
	coverDir    = "cover"
)

// Variables with which the command is run.
const (
	evidenceVar = "ONELINE_EVIDENCE" // names the folder for the evidence of test processes
	flagsVar    = "GOFLAGS"
)

// Run runs the command. However the command ends, and whether it could be started at all,
// is recorded; an error means that nothing could be recorded. When ctx is done, or the
// time is over, all processes of the command are ended.
func Run(ctx context.Context, o Options) error {
	r := &recording{Options: o, dir: path.Join(evidenceDir, newID(o.Manifest.Started))}
	m := &r.Manifest
	m.Dir, m.Command = r.dir, &folder.Command{Args: o.Args}
	m.OS, m.CI = runtime.GOOS+"/"+runtime.GOARCH, ciJob(os.Getenv)
	var (
		repository *checkout.Repository
		unknown    error
		results    *watch
		env        []string
		g          errgroup.Group
	)
	g.Go(func() error { repository, unknown = checkout.Open(ctx, ".", o.Folder.Dir()); return nil })
	g.Go(func() error { env, m.Build = environment(ctx, o.Args); return nil })
	g.Go(func() (err error) { results, err = newWatch(o.Results, o.Folder.Dir()); return err })
	if err := g.Wait(); err != nil {
		return err
	}
	if m.Build != nil {
		m.Go = m.Build.Go
	}
	if m.Binaries = prebuilt(o.Args); len(m.Binaries) > 0 {
		repository = nil
		m.Notes = append(m.Notes, "what was run was built before: no commit is claimed for it")
	} else if unknown != nil {
		m.Notes = append(m.Notes, noState+unknown.Error())
	}
	recorded, err := o.Folder.Begin(*m, o.Written...)
	if err != nil {
		return err
	}
	defer recorded.Abort()
	if r.path, err = o.Folder.Mkdir(r.dir); err != nil {
		return err
	}
	if r.path, err = filepath.Abs(r.path); err != nil {
		return err
	}
	if err := r.command(ctx, env); err != nil {
		return err
	}
	m.Ended = time.Now().Round(0)
	g.Go(func() error { m.Checkout, unknown = repository.Since(context.WithoutCancel(ctx)); return nil })
	g.Go(func() (err error) { m.Evidence, err = o.Folder.Recorded(r.dir); return err })
	var copies []folder.Document
	g.Go(func() (err error) {
		if m.Command.Unstarted == "" {
			var problems []string
			copies, problems, err = results.written(path.Join(r.dir, resultsDir))
			m.Problems = append(m.Problems, problems...)
		}
		return err
	})
	if err := g.Wait(); err != nil {
		return err
	}
	if unknown != nil {
		m.Notes = append(m.Notes, noState+unknown.Error())
	}
	_, err = recorded.Finish(*m, copies...)
	return err
}

// noState begins the note of a run for which no commit is claimed.
const noState = "the state of the repository is not known: "

// recording is a run that goes on.
type recording struct {
	Options
	dir  string // of the evidence, within the folder
	path string // the same, absolute
}

// newID is an id that no other run has.
func newID(at time.Time) string {
	return at.UTC().Format("20060102-150405-") + strings.ToLower(rand.Text()[:8])
}

// ciJob names the job of a CI service that runs this; empty: none is known.
func ciJob(getenv func(string) string) string {
	if repository := getenv("GITHUB_REPOSITORY"); repository != "" {
		return fmt.Sprintf("%s/%s/actions/runs/%s attempt %s job %s",
			getenv("GITHUB_SERVER_URL"), repository, getenv("GITHUB_RUN_ID"), getenv("GITHUB_RUN_ATTEMPT"), getenv("GITHUB_JOB"))
	}
	job := cmp.Or(getenv("CI_JOB_URL"), getenv("BUILD_URL"))
	if index := getenv("JOB_COMPLETION_INDEX"); index != "" {
		job = strings.TrimSpace(job + " completion index " + index)
	}
	return job
}

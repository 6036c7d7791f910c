package main

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"

	"github.com/urfave/cli/v3"

	"github.com/socket-oneline/oneline"
	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/mutation"
	"github.com/socket-oneline/oneline/reports/render"
	"github.com/socket-oneline/oneline/reports/srs"
	"github.com/socket-oneline/oneline/ver/verify"
)

func reportCommand() *cli.Command {
	return &cli.Command{
		Name:      "report",
		Usage:     "compute verdicts and reports from the results of runs",
		ArgsUsage: "RUN...",
		Description: `RUN is the folder of a run, with its run.json: the documents in it are made again,
from the requirements, justifications and oneline.json that the run had. Evidence that
was changed, removed or added since is refused.

RUN can also be a bare results file: a JSON report of Ginkgo, as ginkgo --json-report or
go test -ginkgo.json-report wrote it for any suite that uses package trace. Nothing
vouches for such a file, and the documents say so.

Several runs of one target are taken together, the worst counts, if they agree in commit,
clean tree, type, requirements, lock, and the target's version and serial number; -mixed
takes them together although they differ. Shards of a run must all be there. Runs of other
targets are put side by side, each in its own column and with reports of its own in a
folder target-N. The exit codes are those of oneline verify, the worst of all targets.`,
		Flags: append(judging(),
			&cli.StringFlag{Name: "out", Usage: "`DIR`: write the reports into this folder; that of the run unless given, if there is only one"},
			&cli.StringFlag{Name: "format", Value: "txt,md,html,json,csv,junit", Usage: "`LIST`: the reports to write, or all"},
			&cli.StringFlag{Name: "mutation", Usage: "`FILE`: a mutation.json, whose scores the summary then shows"},
			shared("force")[0], shared("v")[0],
		),
		Action: reportAction,
	}
}

func reportAction(_ context.Context, c *cli.Command) error {
	j := choose(c)
	if path := c.String("mutation"); path != "" {
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		defer f.Close()
		if j.mutation, err = mutation.Read(path, f); err != nil {
			return err
		}
	}
	return judge(c, c.Args().Slice(), j)
}

// chosen names the files that are to be read in place of those that a run has kept, and
// the folder for the documents. What is empty is that of the run.
type chosen struct {
	srs                         []string
	config, justifications, out string

	fresh    bool             // the run has only just been recorded
	mutation *mutation.Report // nil: none
}

func choose(c *cli.Command) chosen {
	return chosen{srs: c.StringSlice("srs"), config: c.String("config"), justifications: c.String("justifications"), out: c.String("out")}
}

// judge computes the verdicts from runs and results files, writes the documents, and
// prints the result.
func judge(c *cli.Command, from []string, j chosen) error {
	formats, err := render.ParseFormats(c.String("format"))
	if err != nil {
		return fmt.Errorf("-format: %w", err)
	}
	collectLater()
	s, err := openSources(from, func(s *sources) error { return s.judge(c, j) })
	if err != nil {
		return err
	}
	defer s.close()
	out, err := s.output(j.out, c.Bool("force"))
	if err != nil {
		return err
	}
	out.Formats, out.Layout, out.Fresh = formats, s.set.Layout, j.fresh
	out.Verbose = c.Bool("v")
	term := terminal(c.Root().Writer, c.Root().ErrWriter)
	if targets := reports.ByTarget(s.results); len(targets) > 1 {
		comparison := reports.Compare(s.file, targets, s.options)
		if err := verify.ReportComparison(comparison, out, term); err != nil {
			return err
		}
		return status(comparison.ExitCode)
	}
	model := s.model()
	if err := verify.Report(model, out, term); err != nil {
		return err
	}
	return status(model.ExitCode)
}

// collectLater keeps the garbage collector away until the heap has grown from 4 MB to
// 64 MB, which few reports need: it would take a third of the time of a small one.
func collectLater() {
	usual := debug.SetGCPercent(1600)
	afterFirst := func(percent int) { debug.SetGCPercent(percent) }
	runtime.AddCleanup(new([16]byte), afterFirst, usual)
}

// requirements loads requirement files; without a path that of the one-line protocol.
func requirements(paths ...string) (*srs.File, error) {
	if len(paths) == 0 {
		return srs.Parse("srs.json", oneline.SRS)
	}
	return srs.Load(paths...)
}

package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/signal"
	"os/user"
	"path/filepath"
	"runtime"
	"slices"
	"syscall"
	"time"

	"github.com/urfave/cli/v3"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/folder"
	"github.com/socket-oneline/oneline/reports/lock"
	"github.com/socket-oneline/oneline/reports/render"
	"github.com/socket-oneline/oneline/reports/runner"
	"github.com/socket-oneline/oneline/ver/verify"
)

func runCommand() *cli.Command {
	return &cli.Command{
		Name:      "run",
		Usage:     "run tests, and report on the requirements that they verify",
		ArgsUsage: "-- COMMAND [ARG...]",
		Description: `COMMAND is what you type to run your tests: go test ./..., ginkgo -r -p, make test, or
anything else. It runs as always, and its output is what it always is. Test processes
that use package trace or trace/gotest leave their evidence in a folder of this run; the
results of other tools are named by -results. What is left is reported on, and the folder
holds all of it: oneline report DIR makes the documents again.

Nothing that an earlier run left counts: go replays no cached results, and a result file
that COMMAND has not written is refused.

An interrupt, or the end of -time, ends COMMAND and all that it has started; what was
recorded until then is reported on.

Exit codes: 0 every requirement in scope passed; 1 a requirement failed; 2 nothing can
be concluded; 3 COMMAND could not be started; 4 nothing failed, but a requirement in
scope was not, or not wholly, verified.`,
		Flags: append(append([]cli.Flag{
			&cli.StringSliceFlag{Name: "srs", Usage: "`FILE`: the requirements, one -srs for each file; srs.json unless given"},
			&cli.StringFlag{Name: "out", Value: defaultOut, Usage: "`DIR`: the folder of the run"},
			&cli.StringSliceFlag{Name: "results", Usage: "`GLOB`: result files that COMMAND writes, such as JUnit XML; ** is any number of folders. May be given several times"},
			&cli.StringFlag{Name: "cover", Usage: "`PATTERN,...`: count which code of these packages each requirement executes"},
			&cli.BoolFlag{Name: "cover-generated", Usage: "count the code of files that a program wrote, too", HideDefault: true},
			&cli.DurationFlag{Name: "time", Usage: "`TIME`: after this time, such as 10m, COMMAND is ended", HideDefault: true},
			&cli.StringFlag{Name: "shard", Usage: "`I/N`: COMMAND carries out the I-th of N parts; oneline report judges all parts together"},
			&cli.BoolFlag{Name: "formal", Usage: "a run that others rely on: it is held to the test protocol, and refused where it cannot be", HideDefault: true},
			&cli.StringFlag{Name: "protocol", Usage: "`FILE`: the test protocol that a formal run follows, as oneline plan issued it"},
			&cli.StringFlag{Name: "by", Usage: "`NAME`: who verifies, for the reports"},
			&cli.StringFlag{Name: "target-name", Usage: "`NAME`: the name of what is verified, for the reports; that of the working directory unless given"},
			&cli.StringFlag{Name: "format", Value: "txt,md,html,json,csv,junit", Usage: "`LIST`: the reports to write, or all"},
			&cli.StringFlag{Name: "tester", Usage: "`auto`: only what a program verifies is in scope, not what persons do"},
		}, shared("force", "level", "config", "justifications", "accept-justified", "complete", "run-id", "target-version", "target-serial")...), outcomeFlags()...),
		Action: runAction,
	}
}

func runAction(ctx context.Context, c *cli.Command) error {
	if !c.Args().Present() {
		return fmt.Errorf("no command is given: write one behind %s --, such as go test", c.FullName())
	}
	formats, err := render.ParseFormats(c.String("format"))
	if err != nil {
		return fmt.Errorf("-format: %w", err)
	}
	m, err := manifest(c)
	if err != nil {
		return err
	}
	if err := makeFormal(ctx, c, &m); err != nil {
		return err
	}
	if err := execute(ctx, c, m, formats); err != nil {
		return err
	}
	return judge(c, []string{c.String("out")}, chosen{fresh: true})
}

// execute runs the command, and leaves the folder of the run.
func execute(ctx context.Context, c *cli.Command, m folder.Manifest, formats []string) error {
	f, err := folder.Create(c.String("out"), c.Bool("force"))
	if err != nil {
		return err
	}
	defer f.Close()
	ctx, stop := interruptible(ctx)
	defer stop()
	unread := make(chan os.Signal, 1)
	signal.Notify(unread, syscall.SIGPIPE) // who reads what is printed may leave, the run goes on
	defer signal.Stop(unread)
	stdin := c.Root().Reader
	if _, ok := screen(stdin); ok {
		stdin = nil // the command leads a process group of its own, which cannot read from a terminal
	}
	return runner.Run(ctx, runner.Options{
		Args: c.Args().Slice(), Folder: f, Written: render.Names(formats),
		Results: c.StringSlice("results"), Cover: list(c.String("cover")), Generated: c.Bool("cover-generated"), Time: c.Duration("time"), Manifest: m,
		Stdin: stdin, Stdout: c.Root().Writer, Stderr: c.Root().ErrWriter,
	})
}

// ownRequirements is the file of requirements that commands look for in the working
// directory.
const ownRequirements = "srs.json"

// manifest is what is known of a run before it begins.
func manifest(c *cli.Command) (m folder.Manifest, err error) {
	given := choose(c)
	if _, err := os.Stat(ownRequirements); len(given.srs) == 0 && errors.Is(err, fs.ErrNotExist) {
		return m, fmt.Errorf("there is no %s here: name the file of the requirements by -srs", ownRequirements)
	} else if len(given.srs) == 0 {
		given.srs = []string{ownRequirements}
	}
	var own sources
	if err := own.inputs(c, given); err != nil {
		return m, err
	}
	set := own.set
	m = folder.Manifest{
		Type: "dev", ID: cmp.Or(c.String("run-id"), set.Run.ID), Started: time.Now().Round(0),
		Tester: cmp.Or(c.String("by"), set.Tester), Tool: verify.BuildInfo(), Shard: c.String("shard"),
		Target: folder.Target{
			Name:    cmp.Or(c.String("target-name"), set.Target.Name),
			Version: cmp.Or(c.String("target-version"), set.Target.Version), Serial: cmp.Or(c.String("target-serial"), set.Target.Serial),
		},
		Repeat: repeat(c, "run-id") + " --", OS: runtime.GOOS + "/" + runtime.GOARCH,
	}
	for _, arg := range c.Args().Slice() {
		m.Repeat += " " + verify.Quoted(arg)
	}
	if _, _, ok := reports.ParseShard(m.Shard); m.Shard != "" && !ok {
		return m, fmt.Errorf("-shard %s: write I/N, such as 2/5 for the second of five parts", m.Shard)
	}
	o, _, err := outcomes(c, nil, set)
	if err != nil {
		return m, err
	}
	if o != (folder.Outcomes{}) {
		m.Outcomes = &o
	}
	m.ID = cmp.Or(m.ID, m.Started.Format("20060102-150405"))
	if m.Target.Named = m.Target.Name != ""; !m.Target.Named {
		if wd, err := os.Getwd(); err == nil {
			m.Target.Name = filepath.Base(wd)
		}
	}
	m.Machine, _ = os.Hostname()
	if u, err := user.Current(); err == nil && m.Tester == "" {
		m.Tester = u.Username
	}
	m.Inputs = verify.Inputs(own.file, set, own.options.Justifications)
	err = addLock(&m, own.file.Files[0].Name)
	return m, err
}

// addLock adds the lock that stands beside the requirements, if there is one.
func addLock(m *folder.Manifest, requirements string) error {
	name := lock.Path(requirements)
	data, err := os.ReadFile(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	}
	m.Inputs = append(m.Inputs, folder.Input{Role: folder.Lock, Name: name, SHA256: folder.Sum(data), Text: string(data)})
	return nil
}

// repeat is the command line as it would be typed again, up to the flags. Some are left
// out.
func repeat(c *cli.Command, leftOut ...string) string {
	line := c.FullName()
	for _, f := range c.Flags {
		name := f.Names()[0]
		if !c.IsSet(name) || slices.Contains(leftOut, name) {
			continue
		}
		switch f.(type) {
		case *cli.BoolFlag:
			line += " -" + name
		case *cli.StringSliceFlag:
			for _, value := range c.StringSlice(name) {
				line += " -" + name + " " + verify.Quoted(value)
			}
		default:
			line += " -" + name + " " + verify.Quoted(fmt.Sprint(c.Value(name)))
		}
	}
	return line
}

package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
	"time"

	"github.com/urfave/cli/v3"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/config"
	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/manual"
	"github.com/socket-oneline/oneline/reports/srs"
	"github.com/socket-oneline/oneline/ver/verify"
)

func manualCommand() *cli.Command {
	return &cli.Command{
		Name:      "manual",
		Usage:     "lead a tester through manual protocols, and record what was found",
		ArgsUsage: "PROTOCOLS.json",
		Description: `Every step is asked for in turn, and the results are written after every answer:
give the same command again to go on where somebody stopped. oneline report takes
the results together with those of runs.

Exit codes: 0 every spec passed; 1 one failed; 4 nothing failed, but a spec cannot be
done or is not recorded to its end; 2 wrong flags or files.`,
		Flags: append(shared("config", "run-id", "target-name", "target-version", "target-serial"),
			&cli.StringSliceFlag{Name: "srs", Usage: "`FILE`: the requirements, one -srs for each file; those of the one-line protocol unless given"},
			&cli.StringFlag{Name: "results", Usage: "`FILE`: where the results are written; beside the protocols, as ...-results.json, unless given"},
			&cli.StringFlag{Name: "tester", Usage: "`NAME`: who tests; asked for unless given"},
			&cli.StringFlag{Name: "initials", Usage: "`INITIALS`: of the tester; asked for unless given"},
			&cli.StringFlag{Name: "again", Usage: "`SPEC`: begin a spec such as MP-001.2 anew that could not be done to its end"},
		),
		Action: manualAction,
	}
}

func manualAction(_ context.Context, c *cli.Command) error {
	file, err := requirements(c.StringSlice("srs")...)
	if err != nil {
		return err
	}
	path := c.Args().First()
	protocols, err := manual.Load(path, file)
	if err != nil {
		return err
	}
	set, err := config.Load(c.String("config"))
	if err != nil {
		return err
	}
	in := bufio.NewReader(c.Root().Reader)
	tester, err := whoTests(c, set, in)
	if err != nil {
		return err
	}
	s := &manual.Session{
		File: protocols, Path: c.String("results"), Run: manualRun(c, set, file, tester), Tester: tester, Again: c.String("again"),
		In: in, Out: c.Root().Writer, Now: func() time.Time { return time.Now().Round(0) },
	}
	if s.Path == "" {
		s.Path = strings.TrimSuffix(path, ".json") + "-results.json"
	}
	if err := s.Lead(); err != nil {
		return err
	}
	switch counts := s.Counts(); {
	case counts.Failed > 0:
		return status(reports.ExitFailed)
	case counts.Blocked+counts.Open > 0:
		return status(reports.ExitIncomplete)
	}
	return nil
}

// manualRun is what is known of a manual run before it begins.
func manualRun(c *cli.Command, set config.Config, file *srs.File, tester evidence.Tester) evidence.Run {
	run := evidence.Run{
		Type: "dev", ID: cmp.Or(c.String("run-id"), set.Run.ID, time.Now().Format("20060102-150405")), Tester: tester.Name,
		Go: runtime.Version(), OS: runtime.GOOS + "/" + runtime.GOARCH, Suite: verify.BuildInfo(),
		Target: evidence.Target{
			Kind: "manual", Name: "manual protocols",
			Version: cmp.Or(c.String("target-version"), set.Target.Version), Serial: cmp.Or(c.String("target-serial"), set.Target.Serial),
		},
		SRS: evidence.File{Name: file.Name, SHA256: file.SHA256}, Demands: file.Demands(),
		Config: set.File,
		Repeat: repeat(c, "run-id", "tester", "initials", "again") + " " + verify.Quoted(c.Args().First()),
	}
	run.Machine, _ = os.Hostname()
	if name := cmp.Or(c.String("target-name"), set.Target.Name); name != "" {
		run.Target.Kind, run.Target.Name = "by hand", name
	}
	return run
}

// whoTests asks for the tester's name and initials, where the flags do not say
// them.
func whoTests(c *cli.Command, set config.Config, in *bufio.Reader) (evidence.Tester, error) {
	t := evidence.Tester{Name: cmp.Or(c.String("tester"), set.Tester), Initials: c.String("initials")}
	for _, ask := range []struct {
		question string
		to       *string
	}{{"Your name: ", &t.Name}, {"Your initials: ", &t.Initials}} {
		if *ask.to != "" {
			continue
		}
		fmt.Fprint(c.Root().ErrWriter, ask.question)
		line, err := in.ReadString('\n')
		if *ask.to = strings.ToValidUTF8(strings.TrimSpace(line), "\uFFFD"); *ask.to == "" {
			fmt.Fprintln(c.Root().ErrWriter)
			if err == nil {
				err = errors.New("nothing was said")
			}
			return t, fmt.Errorf("who tests is not known (%w): give -tester and -initials", err)
		}
	}
	return t, nil
}

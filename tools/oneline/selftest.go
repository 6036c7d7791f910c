package main

import (
	"context"
	"fmt"
	"io"

	"github.com/urfave/cli/v3"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/seeded"
	"github.com/socket-oneline/oneline/ver/selftest"
)

func selftestCommand() *cli.Command {
	return &cli.Command{
		Name:  "selftest",
		Usage: "verify the suite by faulty, null and conforming servers and clients",
		Description: `The suite runs against every member of its own collection. Each faulty one must
fail the requirements that it breaks and no others, none that does nothing may pass
what it does not meet, and every one that conforms must pass. The kill matrix says
which faults each requirement catches. A member that is not as it should be keeps
its reports in the folder members.

With -reports the step from evidence to verdict is verified instead: by evidence that was
lost, altered or forged on its way, each with the verdicts that must come of it.

Exit codes: 0 all is as it should be; 1 not; 2 nothing can be concluded.`,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "out", Value: "oneline-selftest", Usage: "`DIR`: write the kill matrix into this folder"},
			&cli.BoolFlag{Name: "force", Usage: "replace files in that folder that oneline did not write, where they are in the way", HideDefault: true},
			&cli.StringFlag{Name: "only", Usage: "`NAME,...`: only these members, with their reports"},
			&cli.Int64Flag{Name: "seed", Value: 1, Usage: "`NUMBER`: of the order of the specs, and of the random sequences; every member must come out alike with any"},
			&cli.BoolFlag{Name: "reports", Usage: "verify the step from evidence to verdict, by faults of evidence", HideDefault: true},
		},
		Action: selftestAction,
	}
}

func selftestAction(ctx context.Context, c *cli.Command) error {
	o := selftest.Options{Out: c.String("out"), Force: c.Bool("force"), Seed: c.Int64("seed"), Only: list(c.String("only"))}
	if o.Seed <= 0 {
		return fmt.Errorf("-seed %d: give a whole number from 1 on", o.Seed)
	}
	if c.Bool("reports") {
		if c.IsSet("only") || c.IsSet("out") || c.IsSet("force") || c.IsSet("seed") {
			return fmt.Errorf("-reports goes alone: it has no members, and writes no files")
		}
		return selftestReports(c.Root().Writer)
	}
	ctx, stop := interruptible(ctx)
	defer stop()
	m, err := selftest.Run(ctx, o, terminal(c.Root().Writer, c.Root().ErrWriter))
	if err != nil {
		return err
	}
	return status(m.ExitCode)
}

// selftestReports judges all faults of evidence, and prints a line for each.
func selftestReports(w io.Writer) error {
	faults, wrong := seeded.All(), 0
	for i := range faults {
		f := &faults[i]
		if err := f.Check(); err != nil {
			wrong++
			fmt.Fprintf(w, "WRONG  %s, %s: %v\n       It must be exit code %d, because %s.\n", f.Format, f.Name, err, f.Code, f.Why)
			continue
		}
		fmt.Fprintf(w, "%d  %s, %s: %s\n", f.Code, f.Format, f.Name, f.Why)
	}
	_, err := fmt.Fprintf(w, "%d of %d faults of evidence are judged as they must be.\n", len(faults)-wrong, len(faults))
	if err != nil {
		return err
	}
	if wrong > 0 {
		return status(reports.ExitFailed)
	}
	return nil
}

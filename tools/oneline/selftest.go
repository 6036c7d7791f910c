package main

import (
	"context"
	"strings"

	"github.com/urfave/cli/v3"

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

Exit codes: 0 all is as it should be; 1 not; 2 nothing can be concluded.`,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "out", Value: "oneline-selftest", Usage: "`DIR`: write the kill matrix into this folder"},
			&cli.BoolFlag{Name: "force", Usage: "replace files in that folder that oneline did not write, where they are in the way", HideDefault: true},
			&cli.StringFlag{Name: "only", Usage: "`NAME,...`: only these members, with their reports"},
		},
		Action: selftestAction,
	}
}

func selftestAction(ctx context.Context, c *cli.Command) error {
	if c.Args().Present() {
		return noArguments(c)
	}
	o := selftest.Options{Out: c.String("out"), Force: c.Bool("force")}
	if err := notEmpty(c, "out", "only"); err != nil {
		return err
	}
	if c.IsSet("only") {
		for name := range strings.SplitSeq(c.String("only"), ",") {
			o.Only = append(o.Only, strings.TrimSpace(name))
		}
	}
	ctx, stop := interruptible(ctx)
	defer stop()
	m, err := selftest.Run(ctx, o, terminal(c.Root().Writer, c.Root().ErrWriter))
	if err != nil {
		return err
	}
	return status(m.ExitCode)
}

package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/urfave/cli/v3"

	"github.com/socket-oneline/oneline/reports/attest"
)

func attestCommand() *cli.Command {
	return &cli.Command{
		Name:      "attest",
		Usage:     "state what a run has shown as an in-toto statement, or check one",
		ArgsUsage: "RUN",
		Description: `RUN is the folder of a run. The statement is of type v1, with the test-result predicate
v0.1: its subjects are the program and the commit that were verified, its configuration
the requirements, the other files that the run depended on, and the evidence, each with
its SHA-256. Every requirement is in it: passed, failed, or else warned. Sign it with
cosign or the like.

With -verify the statement is held against the folder; it may be in a DSSE envelope or a
bundle, whose signature is not checked here. Exit code 2 if it says anything else than the
run. Otherwise the exit codes are those of oneline report.`,
		Flags: append(judging(),
			&cli.StringFlag{Name: "out", Usage: "`FILE`: write to this file instead of standard output"},
			forced(),
			&cli.StringFlag{Name: "verify", Usage: "`STATEMENT`: check that this statement belongs to the run"},
		),
		Action: attestAction,
	}
}

func attestAction(_ context.Context, c *cli.Command) error {
	s, model, err := built(c)
	if err != nil {
		return err
	}
	defer s.close()
	if s.run() == nil {
		return fmt.Errorf("%s: it is not the folder of a run: without run.json nothing vouches for the evidence", c.Args().First())
	}
	manifest, sum := s.folders[0].Manifest()
	statement, err := attest.New(model, *manifest, sum)
	if err != nil {
		return err
	}
	if path := c.String("verify"); path != "" {
		if err := holds(path, statement); err != nil {
			return err
		}
		fmt.Fprintf(c.Root().Writer, "%s belongs to the run in %s: %s.\n", path, c.Args().First(), statement.Predicate.Result)
		return status(model.ExitCode)
	}
	text, err := statement.Marshal()
	if err != nil {
		return err
	}
	if err := deliver(c, text, attest.Unsigned); err != nil {
		return err
	}
	return status(model.ExitCode)
}

// holds returns an error for each thing that the statement in a file says otherwise than it
// must.
func holds(path string, want *attest.Statement) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	said, err := attest.Parse(data)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	var wrong []error
	for _, difference := range said.Differences(want) {
		wrong = append(wrong, fmt.Errorf("%s does not belong to this run: %s", path, difference))
	}
	return errors.Join(wrong...)
}

package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/urfave/cli/v3"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/trace/cover"
	"github.com/socket-oneline/oneline/trace/rewrite"
)

func coverCommand() *cli.Command {
	return &cli.Command{
		Name:      "cover",
		Usage:     "run a build whose programs count the code that they execute",
		ArgsUsage: "-- COMMAND [ARG...]",
		Description: `For programs that do not run their tests within oneline run, such as oneline verify.
The programs that COMMAND builds with the go command count what they execute where
the environment variable ` + cover.Folder + ` names DIR when they run.

    oneline cover -out counts -packages ./... -- go build -o verify ./cmd/verify
    ` + cover.Folder + `=$PWD/counts ./verify

Exit codes: 2 the sources cannot be rewritten; 3 COMMAND cannot be started; else the
status of COMMAND.`,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "packages", Value: "./...", Usage: "`PATTERN,...`: count the code of these packages"},
			&cli.StringFlag{Name: "out", Usage: "`DIR`: the folder for rewritten sources and counters; it must be empty or new"},
			&cli.BoolFlag{Name: "generated", Usage: "count the code of files that a program wrote, too"},
		},
		Action: coverAction,
	}
}

func coverAction(ctx context.Context, c *cli.Command) error {
	command := c.Args().Slice()
	if len(command) == 0 {
		return fmt.Errorf("no COMMAND: write it behind --, see %s -h", c.FullName())
	}
	if c.String("out") == "" {
		return errors.New("-out is missing: name a folder that is empty or new")
	}
	folder, err := filepath.Abs(c.String("out"))
	if err != nil {
		return err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	if entries, err := os.ReadDir(folder); err != nil || len(entries) > 0 {
		return cmp.Or(err, fmt.Errorf("-out %s: the folder is not empty: remove it, or name another", c.String("out")))
	}
	set, err := rewrite.Counters(ctx, rewrite.Options{
		Patterns: list(c.String("packages")), Flags: rewrite.BuildFlags(command), Folder: folder, Generated: c.Bool("generated"),
	})
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Env, cmd.Stdin, cmd.Stdout, cmd.Stderr = set.Environ(os.Environ()), c.Root().Reader, c.Root().Writer, c.Root().ErrWriter
	var exit *exec.ExitError
	switch err := cmd.Run(); {
	case errors.As(err, &exit):
		return status(exit.ExitCode())
	case err != nil:
		return fail{reports.ExitNoTarget, err}
	}
	return nil
}

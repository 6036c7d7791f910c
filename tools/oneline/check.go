package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/urfave/cli/v3"

	"github.com/socket-oneline/oneline/reports"
)

func checkCommand() *cli.Command {
	return &cli.Command{
		Name:      "check",
		Usage:     "validate requirement files",
		ArgsUsage: "[SRS.json]...",
		Description: `Every mistake is printed in a line with file, line and column; the exit code is then 2.
Several files are checked together: a requirement may have its parents in another one.
Without a file the requirements of the one-line protocol are checked.

Where requirements have parents, check also lists those that have none although others
of the same file and level do. With -run it lists those that have neither a child nor a
spec in that run. These lists do not change the exit code.`,
		Flags: []cli.Flag{
			&cli.StringSliceFlag{Name: "run", Usage: "`RUN`: the folder of a run, or bare results, whose specs are looked for; one -run for each"},
		},
		Action: checkAction,
	}
}

func checkAction(_ context.Context, c *cli.Command) error {
	file, err := requirements(c.Args().Slice()...)
	if err != nil {
		return err
	}
	s, err := openKept(c, c.StringSlice("run"))
	if err != nil {
		return err
	}
	defer s.close()
	model := reports.Build(file, s.results, s.options)
	n := model.Summary
	out, name := c.Root().Writer, file.Name
	if c.Args().Len() == 0 {
		name = "the requirements of the one-line protocol, which oneline holds"
	}
	fmt.Fprintf(out, "%s: %d requirements: %d manual, %d manual and auto, %d auto; %d retired. The file is valid.\n",
		name, n.Requirements, n.Manual, n.ManualAndAuto, n.Auto, n.Retired)
	list := func(what string, ids []string) {
		if len(ids) > 0 {
			fmt.Fprintf(out, "%s: %s.\n", what, strings.Join(ids, ", "))
		}
	}
	list("Without a parent, unlike others of their file and level", reports.Orphans(file))
	if len(s.results) > 0 {
		list("With neither a child nor a spec", model.Unverified())
	}
	return nil
}

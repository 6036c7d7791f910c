package main

import (
	"slices"

	"github.com/urfave/cli/v3"

	"github.com/socket-oneline/oneline/ver/verify"
)

// shared returns flags of the table that oneline verify and go test ./ver read; all of
// them without names.
func shared(names ...string) (flags []cli.Flag) {
	for _, f := range verify.Flags {
		switch {
		case len(names) > 0 && !slices.Contains(names, f.Name):
		case f.Value == "":
			flags = append(flags, &cli.BoolFlag{Name: f.Name, Usage: f.Usage, HideDefault: true})
		default:
			flags = append(flags, &cli.StringFlag{Name: f.Name, Usage: "`" + f.Value + "`: " + f.Usage})
		}
	}
	return flags
}

// judging are the flags of the commands that compute verdicts from results.
func judging() []cli.Flag {
	return append(append(shared("level", "config", "justifications", "accept-justified", "complete"),
		&cli.StringSliceFlag{Name: "srs", Usage: "`FILE`: the requirements, one -srs for each file; those of the run unless given, and of the one-line protocol for bare results"},
		&cli.BoolFlag{Name: "mixed", Usage: "take runs together although they differ in commit, type, version or the like, and list what differs", HideDefault: true},
		&cli.StringFlag{Name: "tester", Usage: "`auto`: only what a program verifies is in scope, not what persons do"},
	), outcomeFlags()...)
}

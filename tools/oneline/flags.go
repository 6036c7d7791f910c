package main

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/urfave/cli/v3"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/config"
	"github.com/socket-oneline/oneline/reports/folder"
	"github.com/socket-oneline/oneline/reports/read/ids"
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

// outcomeFlags say what becomes of tests of which it is known only whether they
// passed.
func outcomeFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "accept", Usage: "`outcome`: a test that passed counts, though it does not say what it checked"},
		&cli.StringFlag{Name: "id-pattern", Usage: "`REGEXP`: finds requirement ids in the names of tests: its first group, or all of it"},
		&cli.StringFlag{Name: "untagged", Usage: "`list|refuse`: tests without a requirement are listed, even if they use package trace, or are exit code 2"},
	}
}

// outcomes reads these flags. One that is not given has the value that the run was
// made with, or else that of oneline.json.
func outcomes(c *cli.Command, run *folder.Outcomes, set config.Config) (o folder.Outcomes, find ids.Finder, err error) {
	if run == nil {
		run = &folder.Outcomes{}
	}
	o = folder.Outcomes{
		Accept:    cmp.Or(c.String("accept"), run.Accept, set.Accept),
		IDPattern: cmp.Or(c.String("id-pattern"), run.IDPattern, set.IDPattern),
		Untagged:  cmp.Or(c.String("untagged"), run.Untagged, set.Untagged),
	}
	if o.Accept != "" && o.Accept != "outcome" {
		return o, find, fmt.Errorf("-accept %s: only outcome can be accepted", o.Accept)
	}
	if !slices.Contains([]reports.Untagged{reports.ByDefault, reports.ListUntagged, reports.RefuseUntagged}, reports.Untagged(o.Untagged)) {
		return o, find, fmt.Errorf("-untagged %s: write list or refuse", o.Untagged)
	}
	if find, err = ids.New(o.IDPattern); err != nil {
		err = fmt.Errorf("-id-pattern: %w", err)
	}
	return o, find, err
}

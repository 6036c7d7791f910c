package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"

	"github.com/urfave/cli/v3"

	"github.com/socket-oneline/oneline"
	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/folder"
	"github.com/socket-oneline/oneline/reports/lock"
)

func lockCommand() *cli.Command {
	return &cli.Command{
		Name:      "lock",
		Usage:     "write down which specs verify each requirement, and what is demanded",
		ArgsUsage: "RUN...",
		Description: `The lock lies beside the requirement file, srs.lock beside srs.json, and is committed
with it. Every report is held to it: a spec that is gone makes its requirements
PARTIAL at most, and a requirement whose text, tester, level or observations changed
is suspect, NOT TESTED at most, until somebody has looked at its specs and runs
oneline lock -only ID. RUN are folders of complete runs, or results files.

With -check nothing is written. What would change is printed, a line each, and the
exit code is 4 if anything would.`,
		Flags: []cli.Flag{
			&cli.StringSliceFlag{Name: "srs", Usage: "`FILE`: the requirements; srs.json unless given"},
			&cli.StringFlag{Name: "only", Usage: "`ID,...`: take over these requirements alone, and leave the rest of the lock as it is"},
			&cli.BoolFlag{Name: "check", Usage: "compare, and write nothing", HideDefault: true},
		},
		Action: lockAction,
	}
}

func lockAction(_ context.Context, c *cli.Command) error {
	paths := c.StringSlice("srs")
	if len(paths) == 0 {
		paths = []string{ownRequirements}
	}
	file, err := requirements(paths...)
	if err != nil {
		return err
	}
	s, err := openKept(c, c.Args().Slice())
	if err != nil {
		return err
	}
	defer s.close()
	now, err := reports.NewLock(file, s.results, reports.Build(file, s.results, s.options))
	if err != nil {
		return err
	}
	path := lock.Path(paths[0])
	before, err := lock.Load(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		before = &lock.File{}
	case err != nil:
		return err
	}
	if only := c.String("only"); only != "" {
		ids := list(only)
		for _, id := range ids {
			if now.Of(id) == nil && before.Of(id) == nil {
				return fmt.Errorf("-only %s: neither %s nor %s has this requirement", id, file.Name, path)
			}
		}
		merged := &lock.File{Requirements: slices.Clone(before.Requirements)}
		merged.Replace(now, ids)
		now = merged
	}
	changed := printLockChanges(c.Root().Writer, before, now)
	if c.Bool("check") {
		if changed {
			return status(reports.ExitIncomplete)
		}
		_, err := fmt.Fprintf(c.Root().Writer, "%s is as these runs are.\n", path)
		return err
	}
	if err := replace(path, now.Encode()); err != nil {
		return fmt.Errorf("%s: the lock cannot be written: %w", path, err)
	}
	_, err = fmt.Fprintf(c.Root().Writer, "%s: %d requirements. Commit it with %s.\n", path, len(now.Requirements), file.Name)
	return err
}

// printLockChanges prints what differs between two locks, a line each, and reports
// whether anything does.
func printLockChanges(w io.Writer, before, now *lock.File) (changed bool) {
	line := func(format string, args ...any) {
		changed = true
		fmt.Fprintf(w, format+"\n", args...)
	}
	for _, r := range before.Requirements {
		if now.Of(r.ID) == nil {
			line("- %s", r.ID)
		}
	}
	for i := range now.Requirements {
		r := &now.Requirements[i]
		was := before.Of(r.ID)
		if was == nil {
			line("+ %s", r.ID)
			was = &lock.Requirement{Demand: r.Demand}
		} else if was.Demand != r.Demand {
			line("~ %s: something else is demanded", r.ID)
		}
		for _, spec := range was.Specs {
			if !slices.ContainsFunc(r.Specs, spec.Equal) {
				line("- %s", reports.LockedSpec{Requirement: r.ID, Spec: spec})
			}
		}
		for _, spec := range r.Specs {
			if !slices.ContainsFunc(was.Specs, spec.Equal) {
				line("+ %s", reports.LockedSpec{Requirement: r.ID, Spec: spec})
			}
		}
	}
	return changed
}

// lockBeside loads the lock of requirements: the copy that a run has kept, or the
// file beside the requirement file. There may be none, unless oneline.json requires
// it.
func (s *sources) lockBeside(paths []string) (err error) {
	path := "srs.lock"
	switch kept := s.manifest().Input(folder.Lock); {
	case len(paths) > 0:
		path = lock.Path(paths[0])
		if s.options.Lock, err = lock.Load(path); errors.Is(err, fs.ErrNotExist) {
			err = nil
		}
	case kept != nil:
		s.options.Lock, err = lock.Parse(kept.Name, []byte(kept.Text))
	case s.manifest().Input(folder.Requirements) == nil: // those of the one-line protocol
		s.options.Lock, err = lock.Parse(path, oneline.Lock)
	}
	if err == nil && s.options.Lock == nil && s.set.Lock == "required" {
		err = fmt.Errorf("%s: there is no such lock, and %s requires one: restore it, or make it with oneline lock", path, s.set.File.Name)
	}
	return err
}

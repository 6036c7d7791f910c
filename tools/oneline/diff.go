package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v3"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/render"
	"github.com/socket-oneline/oneline/reports/render/content"
	"github.com/socket-oneline/oneline/reports/render/text"
)

func diffCommand() *cli.Command {
	return &cli.Command{
		Name:      "diff",
		Usage:     "say what changed from one run to another, requirement by requirement",
		ArgsUsage: "OLD NEW",
		Description: `OLD and NEW are the folders of two runs, or coverage.json files. A requirement regressed
if it fails and did not, if it passed and does not, or if less of it is verified: a spec
or a verification fewer. So a server that does not pass everything yet can be kept from
getting worse: verify it, then compare with a coverage.json that was kept.

Exit codes: 0 nothing regressed; 1 a requirement regressed; 2 the runs cannot be
compared, since they have another level or another application profile, or since
nothing can be concluded from one of them. Requirements whose text changed, or that
only one of the requirement files has, are listed as such.`,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "format", Value: "text", Usage: "`FORMAT`: text, md or json"},
		},
		Action: diffAction,
	}
}

func diffAction(_ context.Context, c *cli.Command) error {
	stdout := c.Root().Writer
	write, known := map[string]func(*reports.Diff) error{
		"text": func(d *reports.Diff) error {
			return text.Write(stdout, content.Diff(d), terminal(stdout, nil).Width)
		},
		"md":   func(d *reports.Diff) error { return render.Markdown(stdout, content.Diff(d)) },
		"json": func(d *reports.Diff) error { return render.JSON(stdout, d) },
	}[c.String("format")]
	if !known {
		return fmt.Errorf("-format %s: it is text, md or json", c.String("format"))
	}
	before, err := coverage(c.Args().Get(0))
	if err != nil {
		return err
	}
	after, err := coverage(c.Args().Get(1))
	if err != nil {
		return err
	}
	d := reports.Difference(before, after)
	if len(d.Incomparable) > 0 && c.String("format") != "json" {
		return fmt.Errorf("the runs cannot be compared: %s", strings.Join(d.Incomparable, "; "))
	}
	if err := write(d); err != nil {
		return err
	}
	return status(d.ExitCode)
}

// coverage reads a coverage.json, or that of the folder of a run.
func coverage(path string) (reports.Compared, error) {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		path = filepath.Join(path, "coverage.json")
	}
	f, err := os.Open(path)
	if err != nil {
		if p, ok := errors.AsType[*fs.PathError](err); ok {
			err = p.Err
		}
		return reports.Compared{}, fmt.Errorf("%s: it cannot be read: %w", path, err)
	}
	defer f.Close()
	m, err := render.ReadCoverage(path, f)
	return reports.Compared{File: path, Model: m}, err
}

package main

import (
	"bytes"
	"context"
	"fmt"

	"github.com/urfave/cli/v3"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/exchange"
)

func exportCommand() *cli.Command {
	return &cli.Command{
		Name:      "export",
		Usage:     "write every requirement with its verdict for another tool",
		ArgsUsage: "RUN...",
		Description: `RUN is the folder of a run, or bare results, as for oneline report. Every requirement is
written, NOT TESTED and retired ones too. oneline import reads both formats back. The
exit codes are those of oneline report.`,
		Flags: append(judging(),
			&cli.StringFlag{Name: "format", Value: "csv", Usage: "`FORMAT`: csv, or needs for the needs.json of sphinx-needs"},
			&cli.StringFlag{Name: "out", Usage: "`FILE`: write to this file instead of standard output"},
		),
		Action: exportAction,
	}
}

func exportAction(_ context.Context, c *cli.Command) error {
	if !c.Args().Present() {
		return fmt.Errorf("no results are given: name the folder of a run, or results files, see %s -h", c.FullName())
	}
	if err := notEmpty(c, "format", "out", "srs", "level", "tester", "config", "justifications"); err != nil {
		return err
	}
	format := c.String("format")
	if format != "csv" && format != "needs" {
		return fmt.Errorf("-format %s is not known: give csv or needs", format)
	}
	s, err := openSources(c.Args().Slice())
	if err != nil {
		return err
	}
	defer s.close()
	options, _, err := s.options(c, choose(c))
	if err != nil {
		return err
	}
	model := reports.Build(s.file, s.results, options)
	var text bytes.Buffer
	if err := exchange.Export(&text, format, s.file, model); err != nil {
		return err
	}
	if out := c.String("out"); out != "" {
		err = replace(out, text.Bytes())
	} else {
		_, err = text.WriteTo(c.Root().Writer)
	}
	if err != nil {
		return err
	}
	return status(model.ExitCode)
}

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

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
			forced(),
		),
		Action: exportAction,
	}
}

func exportAction(_ context.Context, c *cli.Command) error {
	format := c.String("format")
	if format != "csv" && format != "needs" {
		return fmt.Errorf("-format %s is not known: give csv or needs", format)
	}
	s, model, err := built(c)
	if err != nil {
		return err
	}
	defer s.close()
	var text bytes.Buffer
	if err := exchange.Export(&text, format, s.file, model); err != nil {
		return err
	}
	ours := func(old []byte) bool { return exchange.IsExport(format, old, text.Bytes()) }
	if err := deliver(c, text.Bytes(), ours); err != nil {
		return err
	}
	return status(model.ExitCode)
}

// built opens the runs that are given, and computes their verdicts.
func built(c *cli.Command) (*sources, *reports.Model, error) {
	s, err := openSources(c.Args().Slice(), func(s *sources) error { return s.judge(c, choose(c)) })
	if err != nil {
		return nil, nil, err
	}
	return s, s.model(), nil
}

// model computes the verdicts. If a formal run is refused, they are computed again with
// the reasons, since such a run proves nothing.
func (s *sources) model() *reports.Model {
	m := reports.Build(s.file, s.results, s.options)
	if s.options.Refused = s.refused(m); len(s.options.Refused) > 0 {
		m = reports.Build(s.file, s.results, s.options)
	}
	return m
}

// deliver writes a text to the file that -out names, or to standard output. Ours reports
// whether the command has written what the file holds: nothing else is replaced without -force.
func deliver(c *cli.Command, text []byte, ours func(old []byte) bool) error {
	out := c.String("out")
	if out == "" {
		_, err := c.Root().Writer.Write(text)
		return err
	}
	if info, err := os.Stat(out); !errors.Is(err, fs.ErrNotExist) && !c.Bool("force") {
		var old []byte
		if err == nil && info.Mode().IsRegular() { // anything else is not even read: it may be a terminal
			old, err = os.ReadFile(out)
		}
		if err != nil {
			return err
		}
		if !ours(old) {
			return fmt.Errorf("%s was not written by oneline %s: give another -out, or -force", out, c.Name)
		}
	}
	return replace(out, text)
}

// forced is the flag of commands that write one file.
func forced() cli.Flag {
	return &cli.BoolFlag{Name: "force", Usage: "replace a file that this command has not written", HideDefault: true}
}

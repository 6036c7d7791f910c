package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/urfave/cli/v3"

	"github.com/socket-oneline/oneline/reports/config"
	"github.com/socket-oneline/oneline/reports/exchange"
	"github.com/socket-oneline/oneline/reports/folder"
	"github.com/socket-oneline/oneline/reports/srs"
)

func importCommand() *cli.Command {
	return &cli.Command{
		Name:      "import",
		Usage:     "make a requirement file of CSV, needs.json or ReqIF, or update one",
		ArgsUsage: "FILE",
		Description: `Ids stay as they are. What has no place in a requirement file is listed. Which column
becomes which key stands under "import" in oneline.json; without it the usual names of
columns are taken. The same source gives the same bytes.

A second import updates the file: it lists what was added, changed and retired. A
requirement that the source does not have any more is retired, so that its id stays
taken. Keys that the source says nothing about stay as they are.`,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "out", Value: "srs.json", Usage: "`FILE`: the requirement file to write or update"},
			&cli.StringFlag{Name: "format", Usage: "`FORMAT`: csv, needs or reqif; by the name of the file unless given"},
			&cli.StringFlag{Name: "config", Usage: "`FILE`: how columns become keys; oneline.json unless given, if it is there"},
			&cli.BoolFlag{Name: "force", Usage: "update a file that no import has written", HideDefault: true},
		},
		Action: importAction,
	}
}

func importAction(_ context.Context, c *cli.Command) error {
	path, out := c.Args().First(), c.String("out")
	format := c.String("format")
	if format == "" {
		format = exchange.FormatOf(path)
	}
	if format == "" {
		return fmt.Errorf("the name of %s does not tell its format: give -format, one of %s", path, strings.Join(exchange.Formats, ", "))
	}
	set, err := config.Load(c.String("config"))
	if err != nil {
		return err
	}
	in, err := exchange.Import(path, format, set.Import)
	if err != nil {
		return err
	}
	old, err := imported(out, c.Bool("force"))
	if err != nil {
		return err
	}
	all, changes := exchange.Update(old, in)
	text, err := exchange.Write(all)
	if err != nil {
		return err
	}
	if _, err := srs.ParsePart(out, text); err != nil {
		return fmt.Errorf("the result would be wrong, and is not written: %w", err)
	}
	if err := replace(out, text); err != nil {
		return err
	}
	w := c.Root().Writer
	fmt.Fprintf(w, "%s: %d requirements: %d added, %d changed, %d retired.\n", out, len(all), len(changes.Added), len(changes.Changed), len(changes.Retired))
	listed(w, "added", changes.Added)
	listed(w, "changed", changes.Changed)
	listed(w, "retired", changes.Retired)
	listed(w, "has no place here", in.Unplaced)
	return nil
}

// listed prints a list, a line each where it is not long.
func listed(w io.Writer, what string, list []string) {
	const most = 20
	for i, item := range list {
		if i == most {
			fmt.Fprintf(w, "  %s: and %d more\n", what, len(list)-most)
			return
		}
		fmt.Fprintf(w, "  %s: %s\n", what, item)
	}
}

// imported reads the requirements of an earlier import; none if there is no file.
func imported(path string, force bool) ([]srs.Requirement, error) {
	data, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, err
	case !exchange.ByImport(data) && !force:
		return nil, fmt.Errorf("%s was not written by an import, and its comments would be lost: give another -out, or -force", path)
	}
	file, err := srs.ParsePart(path, data)
	if err != nil {
		return nil, err
	}
	return file.Requirements, nil
}

// replace writes a file beside the old one, and exchanges them.
func replace(path string, text []byte) error {
	if old, err := os.ReadFile(path); err == nil && bytes.Equal(old, text) {
		return nil
	}
	return folder.Replace(path, folder.Bytes("", text).Write)
}

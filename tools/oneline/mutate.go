package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/urfave/cli/v3"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/config"
	"github.com/socket-oneline/oneline/reports/folder"
	"github.com/socket-oneline/oneline/reports/justification"
	"github.com/socket-oneline/oneline/reports/mutation"
	"github.com/socket-oneline/oneline/reports/render"
	"github.com/socket-oneline/oneline/reports/render/content"
	"github.com/socket-oneline/oneline/reports/render/document"
	"github.com/socket-oneline/oneline/reports/render/page"
	"github.com/socket-oneline/oneline/reports/render/text"
	"github.com/socket-oneline/oneline/trace/mutate"
)

func mutateCommand() *cli.Command {
	return &cli.Command{
		Name:      "mutate",
		Usage:     "find out which changes of the code the requirements would notice",
		ArgsUsage: "-- COMMAND [ARG...]",
		Description: `COMMAND is a go test or ginkgo command whose tests leave evidence by package trace or
trace/gotest. Its test binaries are built once, with many small changes of the code in
them, each of which takes effect by its number. For each change, the tests that execute
it are run. A requirement notices a change if one of its verifications fails.

    oneline mutate -- go test ./...
    oneline mutate -only CALC-1 -packages ./calc -- go test ./...

The folder of -out gets mutation.json, mutation.md, mutation.html and
mutation-annotations.txt, and a file that keeps what was decided: a second run tests
only what was changed since. See docs/mutation.md.

Exit codes: 0; 2 nothing can be concluded; 4 the run was interrupted, or a score is
lower than asked for by -min-score or oneline.json.`,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "packages", Usage: "`PATTERN,...`: mutate these packages instead of those that COMMAND tests"},
			&cli.StringFlag{Name: "only", Usage: "`ID,...`: only these requirements"},
			&cli.DurationFlag{Name: "budget", Usage: "`TIME`: take a sample that fits into this time"},
			&cli.IntFlag{Name: "sample", Usage: "`N`: take a sample of so many mutants"},
			&cli.Int64Flag{Name: "seed", Value: 1, Usage: "`N`: of the sample"},
			&cli.IntFlag{Name: "jobs", Value: runtime.NumCPU(), Usage: "`N`: test so many mutants at a time"},
			&cli.FloatFlag{Name: "min-score", Usage: "`PERCENT`: the least score of each requirement, unless oneline.json has another for it"},
			&cli.StringFlag{Name: "justifications", Usage: "`FILE`: justified survivors, in their section \"survivors\""},
			&cli.StringFlag{Name: "config", Usage: "`FILE`: the settings of the project (default: oneline.json, if it is there)"},
			&cli.BoolFlag{Name: "generated", Usage: "mutate files that a program wrote, too"},
			&cli.BoolFlag{Name: "fresh", Usage: "forget what earlier runs decided"},
			&cli.StringFlag{Name: "out", Value: "oneline-mutation", Usage: "`DIR`: write into this folder"},
		},
		Action: mutateAction,
	}
}

// cacheName is the file that keeps what was decided.
const cacheName = "mutation-decided.json"

func mutateAction(ctx context.Context, c *cli.Command) error {
	if c.Duration("budget") < 0 || c.Int("sample") < 0 || c.Int("jobs") < 1 || c.Float("min-score") < 0 || c.Float("min-score") > 100 {
		return errors.New("-budget, -sample and -jobs take positive numbers, and -min-score takes one from 0 to 100")
	}
	command, err := mutate.Parse(c.Args().Slice())
	if err != nil {
		return err
	}
	settings, err := config.Load(c.String("config"))
	if err != nil {
		return err
	}
	justified, err := survivorsOf(c, settings)
	if err != nil {
		return err
	}
	out := c.String("out")
	if err := os.MkdirAll(out, 0o777); err != nil {
		return err
	}
	cache := filepath.Join(out, cacheName)
	if c.Bool("fresh") {
		if err := os.Remove(cache); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	ctx, stop := interruptible(ctx)
	defer stop()
	report, err := mutate.Run(ctx, mutate.Options{
		Command: command, Packages: list(c.String("packages")), Generated: c.Bool("generated"), Only: list(c.String("only")),
		Budget: c.Duration("budget"), Sample: c.Int("sample"), Seed: c.Int64("seed"), Jobs: c.Int("jobs"),
		Cache: cache, Progress: mutateProgress(c.Root().ErrWriter), Justified: justified,
	})
	if err != nil {
		if ctx.Err() != nil {
			return errors.New("interrupted before the first mutant was tested")
		}
		return err
	}
	if err := writeMutation(out, report); err != nil {
		return err
	}
	stdout := c.Root().Writer
	if err := text.Write(stdout, content.Mutation(report, false), terminal(stdout, nil).Width); err != nil {
		return err
	}
	fmt.Fprintf(stdout, "\nreports in %s\n", out)
	least := settings.Mutation.MinScore[""]
	if c.IsSet("min-score") {
		least = c.Float("min-score")
	}
	if below := report.Below(least, settings.Mutation.MinScore); len(below) > 0 {
		fmt.Fprintf(stdout, "too low: %s\n", strings.Join(below, "; "))
		return status(reports.ExitIncomplete)
	}
	if report.Interrupted {
		return status(reports.ExitIncomplete)
	}
	return nil
}

// list splits a list with commas; empty: none.
func list(text string) (all []string) {
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part != "" {
			all = append(all, part)
		}
	}
	return all
}

// survivorsOf reads the justified survivors of a file of justifications.
func survivorsOf(c *cli.Command, settings config.Config) ([]justification.Survivor, error) {
	path := cmp.Or(c.String("justifications"), settings.Justifications)
	if path == "" {
		return nil, nil
	}
	file, err := justification.Load(path, nil)
	if err != nil {
		return nil, err
	}
	return file.Survivors, nil
}

// writeMutation writes the files of a report.
func writeMutation(out string, r *mutation.Report) error {
	doc := content.Mutation(r, true)
	for name, write := range map[string]func(io.Writer) error{
		"mutation.json": folder.JSON("mutation.json", r).Write,
		"mutation.md":   func(w io.Writer) error { return render.Markdown(w, content.Mutation(r, false)) },
		"mutation.html": func(w io.Writer) error {
			return page.Write(w, page.Head{Kind: "Mutation report", Title: doc.Title}, doc)
		},
		"mutation-annotations.txt": func(w io.Writer) error { return render.MutationAnnotations(w, r) },
	} {
		if err := folder.Replace(filepath.Join(out, name), write); err != nil {
			return err
		}
	}
	return nil
}

// mutateProgress prints how far a run is: on a terminal on one line, else a line a
// stage and every half minute.
func mutateProgress(w io.Writer) func(mutate.Progress) {
	term := terminal(nil, w)
	stage, last := "", time.Time{}
	return func(p mutate.Progress) {
		line := p.Stage
		if p.All > 0 {
			line += fmt.Sprintf(": %s of %s", document.Thousands(p.Done), document.Thousands(p.All))
		}
		if p.Left > 0 {
			line += fmt.Sprintf(", about %s left", p.Left.Round(time.Second))
		}
		switch {
		case term.Progress != nil && p.All > 0 && p.Done == p.All:
			term.Show("")
		case term.Progress != nil:
			term.Show(line)
		case p.Stage != stage || time.Since(last) > 30*time.Second:
			fmt.Fprintln(w, line)
			last = time.Now()
		}
		stage = p.Stage
	}
}

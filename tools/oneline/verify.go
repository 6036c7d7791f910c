package main

import (
	"context"
	"io"
	"os"
	"strconv"

	"github.com/urfave/cli/v3"
	"golang.org/x/term"

	"github.com/socket-oneline/oneline"
	"github.com/socket-oneline/oneline/reports/srs"
	"github.com/socket-oneline/oneline/ver/target"
	"github.com/socket-oneline/oneline/ver/verify"
)

// defaultOut is where verify writes its reports unless told otherwise.
const defaultOut = "oneline-report"

func verifyCommand() *cli.Command {
	return &cli.Command{
		Name:  "verify",
		Usage: "verify the reference, or the target that is given",
		Description: `Without a target flag the reference server and client are verified. The result
is printed: the requirement-coverage table, the summary, what failed, and a
conclusion. Reports are written to ` + defaultOut + ` unless -out says otherwise.

A run has ` + target.DefaultLimits().Run.String() + ` unless -time says otherwise. What a target has not shown by then is
not tested, exit code 4 says so, and the reports name the -time that it would have taken.

Exit codes: 0 every requirement in scope passed; 1 a requirement failed;
2 nothing can be concluded; 3 the target could not be reached or launched;
4 nothing failed, but a requirement in scope was not, or not wholly, verified.`,
		Flags:  shared(),
		Action: verifyAction,
	}
}

func verifyAction(ctx context.Context, c *cli.Command) error {
	values := verify.Values{}
	for _, f := range verify.Flags {
		if c.IsSet(f.Name) {
			if f.Value == "" {
				values[f.Name] = strconv.FormatBool(c.Bool(f.Name))
			} else {
				values[f.Name] = c.String(f.Name)
			}
		}
	}
	file, err := srs.Parse("srs.json", oneline.SRS)
	if err != nil {
		return err
	}
	options, err := values.Options(file)
	if err != nil {
		return err
	}
	if options.Out == "" {
		options.Out = defaultOut
	}
	options.RepeatBy("oneline verify", values)
	model, err := verify.Run(ctx, file, options, terminal(c.Root().Writer, c.Root().ErrWriter))
	if err != nil {
		return err
	}
	return status(model.ExitCode)
}

// terminal finds out what the standard streams can show.
func terminal(stdout, stderr io.Writer) verify.Terminal {
	t := verify.Terminal{Out: stdout, Errors: stderr}
	if width, ok := screen(stdout); ok {
		t.Width = width
		t.Color = os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
	}
	if width, ok := screen(stderr); ok {
		t.Progress, t.Columns = stderr, width
	}
	return t
}

// screen tells whether a stream is a terminal, and how wide it is.
func screen(stream any) (width int, ok bool) {
	f, isFile := stream.(*os.File)
	if !isFile || !term.IsTerminal(int(f.Fd())) {
		return 0, false
	}
	width, _, err := term.GetSize(int(f.Fd()))
	if err != nil || width <= 0 {
		width = 80
	}
	return width, true
}

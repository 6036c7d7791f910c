// Oneline verifies servers and clients of the one-line protocol against its
// requirements, and holds the reference server and client.
//
//	oneline verify                          verify the reference
//	oneline verify -addr 127.0.0.1:5001     verify a server that is already there
//	oneline serve                           run the reference server
//	oneline send ping cmd01 disconnect      run the reference client
//
// oneline -h lists all commands, and oneline COMMAND -h the flags of one. The
// exit codes are those of package reports: 0 passed, 1 failed, 2 nothing can be
// concluded, 3 no target, 4 incomplete.
package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"github.com/urfave/cli/v3"

	"github.com/socket-oneline/oneline"
	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/trace/record"
	"github.com/socket-oneline/oneline/ver/faulty"
	"github.com/socket-oneline/oneline/ver/selftest"
	"github.com/socket-oneline/oneline/ver/target"
	"github.com/socket-oneline/oneline/ver/verify"
)

func main() {
	record.Ignore() // oneline writes results of its own, also where oneline run started it
	target.Child()
	faulty.Child()
	selftest.Child()
	verify.Version = version
	os.Exit(run(context.Background(), os.Args, os.Stdin, os.Stdout, os.Stderr))
}

// status is an exit code on its way to main. What there is to say has been said.
type status int

func (s status) Error() string { return fmt.Sprintf("exit code %d", int(s)) }

// fail is an error with the exit code that it means.
type fail struct {
	code int
	err  error
}

func (f fail) Error() string { return f.err.Error() }
func (f fail) Unwrap() error { return f.err }

// run carries out a command line, and gives the exit code.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	cli.HelpPrinter = printHelp
	err := root(stdin, stdout, stderr).Run(ctx, args)
	var code status
	var failed fail
	switch {
	case err == nil:
		return reports.ExitPassed
	case errors.As(err, &code):
		return int(code)
	case errors.As(err, &failed):
		verify.Complain(stderr, failed.err)
		return failed.code
	}
	verify.Complain(stderr, err)
	return reports.ExitNothing
}

// root is the command with all its subcommands.
func root(stdin io.Reader, stdout, stderr io.Writer) *cli.Command {
	c := &cli.Command{
		Name:                      "oneline",
		Usage:                     "report what tests have verified, requirement by requirement; verify servers and clients of the one-line protocol",
		Version:                   versionText(),
		EnableShellCompletion:     true,
		DisableSliceFlagSeparator: true, // names of files may hold commas
		Reader:                    stdin, Writer: stdout, ErrWriter: stderr,
		ExitErrHandler: func(context.Context, *cli.Command, error) {}, // run does that
		Commands: []*cli.Command{
			runCommand(), planCommand(), verifyCommand(), manualCommand(), reportCommand(), lockCommand(), diffCommand(), checkCommand(), importCommand(), exportCommand(), attestCommand(),
			serveCommand(), sendCommand(), selftestCommand(), coverCommand(), mutateCommand(), versionCommand(),
		},
		Action: func(_ context.Context, c *cli.Command) error {
			if name := c.Args().First(); name != "" {
				return fmt.Errorf("there is no command %q: oneline -h lists them", name)
			}
			return cli.ShowRootCommandHelp(c)
		},
	}
	c.OnUsageError = usageError
	for _, sub := range c.Commands {
		sub.OnUsageError, sub.Action = usageError, checked(sub.Action)
	}
	return c
}

// usageError is one line instead of a page.
func usageError(_ context.Context, c *cli.Command, err error, _ bool) error {
	return fmt.Errorf("%w: see %s -h", err, c.FullName())
}

// checked refuses what no command accepts: another number of arguments than its usage
// names, and a flag without a value, which would mean the same as no flag.
func checked(action cli.ActionFunc) cli.ActionFunc {
	return func(ctx context.Context, c *cli.Command) error {
		if args := c.Args().Slice(); !fits(c.ArgsUsage, len(args)) {
			given := "nothing"
			if len(args) > 0 {
				given = strconv.Quote(strings.Join(args, " "))
			}
			return fmt.Errorf("%s takes %s, but was given %s: flags begin with -, see %s -h", c.FullName(), cmp.Or(c.ArgsUsage, "no argument"), given, c.FullName())
		}
		for _, f := range c.Flags {
			name, empty := f.Names()[0], false
			switch f.(type) {
			case *cli.StringFlag:
				empty = c.String(name) == ""
			case *cli.StringSliceFlag:
				empty = slices.Contains(c.StringSlice(name), "")
			}
			if empty && c.IsSet(name) {
				return fmt.Errorf("-%s is given empty: give it a value, or leave it out", name)
			}
		}
		return action(ctx, c)
	}
}

// fits reports whether so many arguments fit a usage: a word for each, with ... behind the
// last if there may be more. Where one may be left out, its command knows more.
func fits(usage string, n int) bool {
	words := len(strings.Fields(usage))
	switch {
	case strings.Contains(usage, "["):
		return true
	case strings.HasSuffix(usage, "..."):
		return n >= words
	}
	return n == words
}

// version is that of a release, set by the linker; else what the go command
// knows counts.
var version string

func versionText() string {
	build := verify.BuildInfo()
	return strings.TrimSpace(cmp.Or(build.Version, "(devel)") + " " + build.Commit)
}

func versionCommand() *cli.Command {
	return &cli.Command{
		Name:  "version",
		Usage: "print the version",
		Action: func(_ context.Context, c *cli.Command) error {
			_, err := fmt.Fprintln(c.Root().Writer, "oneline", c.Root().Version)
			return err
		},
	}
}

// address gives the value of -addr.
func address(c *cli.Command) (string, error) {
	addr := c.String("addr")
	_, port, err := net.SplitHostPort(addr)
	if err == nil {
		_, err = net.LookupPort("tcp", port)
	}
	if err != nil {
		return "", fmt.Errorf("-addr %s: write HOST:PORT, with a port up to 65535, such as %s", addr, oneline.DefaultAddr)
	}
	return addr, nil
}

// interruptible gives a context that ends on an interrupt. A second one ends the program.
func interruptible(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	return ctx, stop
}

// Package selftest verifies the suite: it runs it against every member of
// package faulty, each in a process of its own, and holds what failed against
// what should have.
package selftest

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"

	"github.com/socket-oneline/oneline"
	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/srs"
	"github.com/socket-oneline/oneline/ver/faulty"
	"github.com/socket-oneline/oneline/ver/verify"
)

// memberEnv names the member that a process is to verify, outEnv the folder of
// its reports.
const (
	memberEnv = "ONELINE_SELFTEST"
	outEnv    = "ONELINE_SELFTEST_OUT"
)

// Child verifies the member that a parent process of the same program asks for,
// and exits; in a process that nobody asked it returns at once. main, and
// TestMain in tests that use this package, must call it, after target.Child.
func Child() {
	name := os.Getenv(memberEnv)
	if name == "" {
		return
	}
	debug.SetGCPercent(400) // the process lives for seconds
	code, err := verifyMember(name, os.Getenv(outEnv))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	os.Exit(code)
}

func verifyMember(name, out string) (code int, err error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	member, ok := faulty.Lookup(name)
	if !ok {
		return reports.ExitNothing, fmt.Errorf("there is no member %q", name)
	}
	file, err := srs.Parse("srs.json", oneline.SRS)
	if err != nil {
		return reports.ExitNothing, err
	}
	t := member.Target()
	t.Name = member.Name
	options := verify.Options{Out: out, Formats: []string{"json"}, Seed: 1, Repeat: "oneline selftest -only " + name}
	model, err := verify.RunTarget(ctx, file, t, options, verify.Terminal{Out: io.Discard})
	if err != nil {
		return reports.ExitNothing, err
	}
	return model.ExitCode, nil
}

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
	"strconv"

	"github.com/socket-oneline/oneline"
	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/srs"
	"github.com/socket-oneline/oneline/ver/faulty"
	"github.com/socket-oneline/oneline/ver/verify"
)

// What a process is told: the member that it verifies, the folder of its reports, and
// the seed.
const (
	memberEnv = "ONELINE_SELFTEST"
	outEnv    = "ONELINE_SELFTEST_OUT"
	seedEnv   = "ONELINE_SELFTEST_SEED"
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
	seed, err := strconv.ParseInt(os.Getenv(seedEnv), 10, 64)
	code := reports.ExitNothing
	if err == nil {
		code, err = verifyMember(name, os.Getenv(outEnv), seed)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	os.Exit(code)
}

func verifyMember(name, out string, seed int64) (code int, err error) {
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
	options := verify.Options{Out: out, Formats: []string{"json"}, Seed: seed, Repeat: fmt.Sprintf("oneline selftest -only %s -seed %d", name, seed)}
	model, err := verify.RunTarget(ctx, file, t, options, verify.Terminal{Out: io.Discard})
	if err != nil {
		return reports.ExitNothing, err
	}
	return model.ExitCode, nil
}

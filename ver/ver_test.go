package ver_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"testing"

	"github.com/socket-oneline/oneline"
	"github.com/socket-oneline/oneline/reports/srs"
	"github.com/socket-oneline/oneline/ver/target"
	"github.com/socket-oneline/oneline/ver/verify"
)

// values are the flags of go test ./ver: those of oneline verify.
var values = verify.Register(flag.CommandLine)

func TestMain(m *testing.M) {
	target.Child()
	if commands := os.Getenv(outOfTimeEnv); commands != "" {
		if err := verifySilent(commands, os.Getenv(outEnv)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	// Paths and commands are relative to the module's root, as for the command.
	if err := os.Chdir(".."); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// TestRequirements verifies the target that the flags choose, requirement by
// requirement; without flags, the reference.
func TestRequirements(t *testing.T) {
	if flag.Lookup("test.count").Value.String() != "1" {
		inChild(t)
		return
	}
	if code := run(); code != 0 {
		t.Errorf("exit code %d", code)
	}
}

func run() int {
	file, err := srs.Parse("srs.json", oneline.SRS)
	if err != nil {
		return verify.Fail(os.Stdout, err)
	}
	options, err := values.Options(file)
	if err != nil {
		return verify.Fail(os.Stdout, err)
	}
	options.RepeatBy("go test -count=1 -v ./ver", values)
	model, err := verify.Run(context.Background(), file, options, verify.Terminal{Out: os.Stdout})
	if err != nil {
		return verify.Fail(os.Stdout, err)
	}
	fmt.Println()
	return model.ExitCode
}

// inChild runs the test in a process of its own: Ginkgo runs a suite once in a
// process, and refuses go test -count.
func inChild(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, append(os.Args[1:], "-test.count=1", "-test.run=^TestRequirements$")...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

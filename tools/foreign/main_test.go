// Package foreign_test holds the command against what others put in front of
// it: servers and clients that mean harm or speak another language, real
// programs, interrupts. The command is built and run as its users run it.
package foreign_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/render"
)

// oneline is the command. It is built without the race detector, whose memory
// is none of the command's.
var oneline string

// slow runs the hostile targets with the waits that hold for every server that
// is not known, instead of short ones.
var slow = flag.Bool("slow", false, "with the waits of an unknown server: takes minutes")

func TestMain(m *testing.M) {
	if role := os.Getenv(roleEnv); role != "" {
		os.Exit(play(role))
	}
	_ = flag.Set("test.parallel", "16") // most of the time they wait; a flag given counts
	flag.Parse()
	os.Exit(run(m))
}

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "oneline-foreign-*")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	oneline = filepath.Join(dir, "oneline.exe") // the ending matters on Windows alone
	if output, err := exec.Command("go", "build", "-o", oneline, "../oneline").CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "go build: %v\n%s", err, output)
		return 1
	}
	return m.Run()
}

// limit is how long a run may take against any target.
const limit = 3 * time.Minute

// most is how much memory a run may take, in bytes.
const most = 300 << 20

// outcome is what a run of oneline verify came to.
type outcome struct {
	code   int
	took   time.Duration
	memory int64 // bytes, at its most; 0: not known
	out    string
	stdout string
	stderr string
	model  *reports.Model
}

// command is oneline with these arguments, run at the root of the repository.
func command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, oneline, args...)
	cmd.Dir = "../.."
	return cmd
}

// verify runs oneline verify, which must end within the limit whatever it
// verifies, and must leave complete reports.
func verify(t *testing.T, args ...string) outcome {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	o := outcome{out: t.TempDir()}
	cmd := command(ctx, append([]string{"verify", "-out", o.out}, args...)...)
	return finish(t, cmd, o, cmd.Run)
}

// finish fills in the outcome of a command that is run by a function.
func finish(t *testing.T, cmd *exec.Cmd, o outcome, run func() error) outcome {
	t.Helper()
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	begin := time.Now()
	err := run()
	o.took = time.Since(begin)
	o.stdout, o.stderr = stdout.String(), stderr.String()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		o.code = exit.ExitCode()
	} else if err != nil {
		t.Fatal(err)
	}
	o.memory = memory(cmd.ProcessState)
	if o.took >= limit {
		t.Fatalf("it did not end by itself within %s:\n%s", limit, o.stderr)
	}
	if o.memory > most {
		t.Errorf("it took %d MB, at most %d are allowed", o.memory>>20, most>>20)
	}
	o.read(t)
	t.Logf("%s: exit code %d after %.1f s, %d MB; %s", t.Name(), o.code, o.took.Seconds(), o.memory>>20, o.model.Conclusion[0])
	return o
}

// read reads the reports, all of which must be there.
func (o *outcome) read(t *testing.T) {
	t.Helper()
	for _, name := range []string{
		"results.json", "index.html", "junit.xml", "trace.csv",
		"summary.txt", "summary.md", "report.txt", "report.md", "trace.txt", "trace.md", "protocol.txt", "protocol.md",
	} {
		if info, err := os.Stat(filepath.Join(o.out, name)); err != nil || info.Size() == 0 {
			t.Errorf("the reports are not complete: %s: %v\n%s%s", name, err, o.stdout, o.stderr)
		}
	}
	f, err := os.Open(filepath.Join(o.out, "coverage.json"))
	if err != nil {
		t.Fatalf("%v\n%s%s", err, o.stdout, o.stderr)
	}
	defer f.Close()
	if o.model, err = render.ReadCoverage("coverage.json", f); err != nil {
		t.Fatal(err)
	}
	if o.model.ExitCode != o.code {
		t.Errorf("exit code %d, but coverage.json says %d", o.code, o.model.ExitCode)
	}
}

// ids are those of the requirements that have a verdict.
func (o *outcome) ids(v reports.Verdict) []string {
	var ids []string
	for _, r := range o.model.Requirements {
		if r.Verdict == v {
			ids = append(ids, r.ID)
		}
	}
	return ids
}

// expect compares the exit code, and the requirements that passed, which must be
// exactly these.
func (o *outcome) expect(t *testing.T, code int, passed ...string) {
	t.Helper()
	if o.code != code {
		t.Errorf("exit code %d, want %d:\n%s%s", o.code, code, o.stdout, o.stderr)
	}
	if got := o.ids(reports.Pass); !slices.Equal(got, passed) {
		t.Errorf("passed: %q, want %q", got, passed)
	}
	for _, r := range o.model.Requirements {
		if r.Verdict != reports.Pass && r.Reason == "" {
			t.Errorf("%s is %s for no reason", r.ID, r.Verdict)
		}
	}
}

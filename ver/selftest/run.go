package selftest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/render"
	"github.com/socket-oneline/oneline/ver/faulty"
	"github.com/socket-oneline/oneline/ver/target"
)

// runLimit ends the run of a member: a suite that takes longer waits for what
// will not come.
const runLimit = 3 * time.Minute

// runner runs members, each in a process of its own.
type runner struct {
	self string // path of this program
	dir  string // folder of the reports, a folder in it for each member
	seed int64

	limit   time.Duration // ends the run of a member
	atATime int           // how many members run at the same time

	mu   sync.Mutex
	done func(Result, time.Duration) // called for each member when it has run
}

// all runs the members, and gives their results and what they took in the same
// order. Its error means that there is no result.
func (r *runner) all(ctx context.Context, members []faulty.Member) ([]Result, []time.Duration, error) {
	results := make([]Result, len(members))
	times := make([]time.Duration, len(members))
	var group errgroup.Group
	group.SetLimit(r.atATime)
	for i, m := range members {
		group.Go(func() error {
			if ctx.Err() != nil {
				return errors.New("interrupted")
			}
			start := time.Now()
			o, err := r.run(ctx, m)
			if err != nil {
				return err
			}
			times[i] = time.Since(start)
			results[i] = judge(m, o)
			r.mu.Lock()
			defer r.mu.Unlock()
			r.done(results[i], times[i])
			return nil
		})
	}
	return results, times, group.Wait()
}

// run runs a member. That its run went wrong is observed, and no error.
func (r *runner) run(ctx context.Context, m faulty.Member) (observed, error) {
	out := filepath.Join(r.dir, m.Name)
	limited, cancel := context.WithTimeout(ctx, r.limit)
	defer cancel()
	var said target.Tail
	cmd := exec.CommandContext(limited, r.self)
	// On one core, what holds up the member holds up its suite, which waits longer.
	cmd.Env = append(os.Environ(), memberEnv+"="+m.Name, outEnv+"="+out, seedEnv+"="+strconv.FormatInt(r.seed, 10), "GOMAXPROCS=1")
	cmd.Stdout, cmd.Stderr = &said, &said
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) } // it may still write its reports
	cmd.WaitDelay = 5 * time.Second
	err := cmd.Run()
	if ctx.Err() != nil {
		return observed{}, errors.New("interrupted")
	}
	if cmd.ProcessState == nil {
		return observed{}, fmt.Errorf("%s cannot be run: %w", m.Name, err)
	}
	o := observed{code: cmd.ProcessState.ExitCode()}
	if limited.Err() != nil {
		o.code = -1
		o.faults = append(o.faults, fmt.Sprintf("its run took more than %v and was ended", r.limit))
		return o, nil
	}
	if o.model, err = readCoverage(out); err != nil {
		o.faults = append(o.faults, strings.TrimSpace(fmt.Sprintf("exit code %d without reports: %s", o.code, reason(said.String()))))
	}
	return o, nil
}

func readCoverage(dir string) (*reports.Model, error) {
	path := filepath.Join(dir, "coverage.json")
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return render.ReadCoverage(path, f)
}

// reason is what a process says at its end: the line of a panic, else the last line.
func reason(said string) string {
	lines := strings.Split(strings.TrimSpace(said), "\n")
	for _, l := range lines {
		if strings.HasPrefix(l, "panic:") || strings.HasPrefix(l, "fatal error:") {
			return l
		}
	}
	return lines[len(lines)-1]
}

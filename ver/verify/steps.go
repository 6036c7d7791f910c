package verify

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/socket-oneline/oneline"
	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/plan"
	"github.com/socket-oneline/oneline/reports/read"
	"github.com/socket-oneline/oneline/reports/record"
	"github.com/socket-oneline/oneline/reports/results"
	"github.com/socket-oneline/oneline/reports/srs"
	"github.com/socket-oneline/oneline/ver/target"
)

// The steps of a suite are known only when it runs, and it runs once in a
// process. So a process of our own runs it, against the reference in the place
// of the target. stepsEnv names the folder of its results, stepsAppEnv the
// application profile that the reference is to obey.
const (
	stepsEnv    = "ONELINE_STEPS"
	stepsAppEnv = "ONELINE_STEPS_APP"
)

// Child records the steps that a parent process of the same program asks for,
// and exits; in a process that nobody asked it returns at once. main, and
// TestMain in tests that use this package, must call it, after target.Child.
func Child() {
	out := os.Getenv(stepsEnv)
	if out == "" {
		return
	}
	if err := recordSteps(out, os.Getenv(stepsAppEnv)); err != nil {
		fmt.Fprintln(os.Stderr, oneLine(err.Error()))
		os.Exit(reports.ExitNothing)
	}
	os.Exit(reports.ExitPassed)
}

func recordSteps(out, app string) error {
	file, err := srs.Parse("srs.json", oneline.SRS)
	if err != nil {
		return err
	}
	var profile *target.Profile
	if app != "" {
		if profile, err = target.LoadProfile(app); err != nil {
			return err
		}
	}
	_, err = RunTarget(context.Background(), file, target.NewStandIn(profile), Options{Out: out, Formats: []string{"json"}, Seed: 1}, Terminal{Out: io.Discard})
	return err
}

// recorded runs the suite against the reference, and gives what its specs left.
func (r *run) recorded(ctx context.Context) (*reports.Model, error) {
	out, err := os.MkdirTemp("", "oneline-*")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(out)
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	var said bytes.Buffer
	cmd := exec.CommandContext(ctx, self)
	cmd.Env = append(os.Environ(), stepsEnv+"="+out, stepsAppEnv+"="+r.options.App)
	cmd.Stderr = &said
	cmd.WaitDelay = 5 * time.Second
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("the steps cannot be recorded: %s", orElse(lastLine(said.String()), err.Error()))
	}
	loaded, err := read.Load(filepath.Join(out, "results.json"))
	if err != nil {
		return nil, err
	}
	model := reports.Build(r.file, []*results.Results{loaded}, reports.Options{})
	return model, wholly(model)
}

func lastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return lines[len(lines)-1]
}

// wholly says which spec did not pass on the reference: its steps may not be
// all there.
func wholly(m *reports.Model) error {
	for _, p := range m.Protocols {
		for _, s := range p.Specs {
			for _, id := range s.Requirements {
				if result := s.Results[id]; result != reports.ResultPass && result != reports.ResultNotObservable {
					return fmt.Errorf("the steps cannot be recorded: on the reference, which obeys the same application profile, the spec %q of %s is %s for %s (%s): correct the profile, or repeat it when this machine has less to do",
						s.Title, p.ID, result, id, orElse(s.Reason, "no reason given"))
				}
			}
		}
	}
	return nil
}

// planned are the specs of a model as they are to be carried out on the target,
// with nothing of what was found elsewhere.
func (r *run) planned(m *reports.Model) []record.Spec {
	labels := r.labels()
	var specs []record.Spec
	for _, p := range m.Protocols {
		for _, s := range p.Specs {
			e := evidence.Spec{
				Title: s.Title, Location: s.Location, Requirements: s.Requirements, Observe: s.Observe,
				Protocol: evidence.Protocol{
					ID: p.ID, Title: p.Desc, Objectives: p.Objectives, Preconditions: p.Preconditions, Deviations: p.Deviations,
				},
				NotObservable: r.suite.Missing(labels[specName{p.ID, s.Title}]),
				Completed:     true,
			}
			if found := s.Evidence; found != nil {
				e.Protocol = found.Protocol
				for _, st := range found.Steps {
					e.Steps = append(e.Steps, evidence.Step{Number: st.Number, Text: st.Text})
				}
				for _, v := range slices.Concat(found.Preconditions, found.Verifications) {
					e.Planned = append(e.Planned, evidence.Verification{
						Requirements: v.Requirements, Step: v.Step, Text: v.Text, Expected: v.Expected, Location: v.Location,
					})
				}
			}
			specs = append(specs, record.Spec{Spec: e, Began: true})
		}
	}
	return specs
}

type specName struct{ protocol, title string }

// labels are those of all specs.
func (r *run) labels() map[specName][]string {
	all := make(map[specName][]string)
	for _, s := range r.listed.SpecReports {
		labels := s.Labels()
		for _, l := range labels {
			if id, ok := strings.CutPrefix(l, "protocol:"); ok {
				all[specName{id, s.LeafNodeText}] = labels
			}
		}
	}
	return all
}

// plannedSuite is what a dry run leaves: the specs of a model, all planned.
func (r *run) plannedSuite(m *reports.Model) record.Suite {
	return record.Suite{Name: suiteName, Run: r.record, Specs: r.planned(m)}
}

// plannedModel computes what a report would say of the specs of a model, all
// planned.
func (r *run) plannedModel(m *reports.Model) (*reports.Model, error) {
	data, err := record.Encode(r.plannedSuite(m))
	if err != nil {
		return nil, err
	}
	loaded, err := read.From("the planned specs", bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	return reports.Build(r.file, []*results.Results{loaded}, reports.Options{Level: r.options.Level}), nil
}

// A recording is the test protocol that the steps make, and the specs that they
// were found in.
type recording struct {
	plan  plan.Plan
	specs *reports.Model
}

func (r *run) plan(ctx context.Context) (recording, error) {
	specs, err := r.recorded(ctx)
	if err != nil {
		return recording{}, err
	}
	all, err := r.plannedModel(specs)
	if err != nil {
		return recording{}, err
	}
	return recording{plan.Of(all), specs}, nil
}

// twice records the steps twice at the same time: a suite waits more than it works.
// A machine that has much to do may spoil one of them, which is no verdict here; it
// is an error only where it befalls both.
func (r *run) twice(ctx context.Context) ([]recording, error) {
	if r.term.Progress != nil {
		fmt.Fprint(r.term.Progress, "\r\x1b[Krecording the steps on the reference")
		defer fmt.Fprint(r.term.Progress, "\r\x1b[K")
	}
	var (
		both [2]recording
		errs [2]error
		wait sync.WaitGroup
	)
	for i := range both {
		wait.Go(func() { both[i], errs[i] = r.plan(ctx) })
	}
	wait.Wait()
	switch {
	case errs[0] != nil && errs[1] != nil:
		return nil, errs[0]
	case errs[0] != nil:
		return both[1:], nil
	case errs[1] != nil:
		return both[:1], nil
	}
	return both[:], nil
}

// agreed records the steps until it has found the same ones twice: what cannot be
// recorded again must not be issued.
func (r *run) agreed(ctx context.Context) (recording, error) {
	var found []recording
	var changes []string
	for range 2 {
		some, err := r.twice(ctx)
		if err != nil {
			return recording{}, err
		}
		for _, now := range some {
			for _, earlier := range found {
				if changes = earlier.plan.Differences(now.plan); len(changes) == 0 {
					return now, nil
				}
			}
			found = append(found, now)
		}
	}
	return recording{}, fmt.Errorf("the steps differ each time that they are recorded: %s: repeat it when this machine has less to do", strings.Join(changes, "; "))
}

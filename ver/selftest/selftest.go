package selftest

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/socket-oneline/oneline"
	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/folder"
	"github.com/socket-oneline/oneline/reports/read"
	"github.com/socket-oneline/oneline/reports/render"
	"github.com/socket-oneline/oneline/reports/render/text"
	"github.com/socket-oneline/oneline/reports/results"
	"github.com/socket-oneline/oneline/reports/srs"
	"github.com/socket-oneline/oneline/ver/faulty"
	"github.com/socket-oneline/oneline/ver/verify"
)

// Options say what to run, and where the reports go.
type Options struct {
	Out   string   // folder of the kill matrix; what is not as it should be keeps its reports in members, a folder in it
	Force bool     // replace files in it that are not oneline's
	Only  []string // names of members; nil: all
	Seed  int64    // of the order of the specs, and of the random sequences; 0: 1
}

// Run runs the suite against the members, writes the kill matrix, prints the
// result, and gives the exit code with the matrix: 0 if every member came out as
// it should, 1 if not, 2 if a run of a member concluded nothing. An error means
// that there is no matrix, and exit code 2.
func Run(ctx context.Context, o Options, term verify.Terminal) (*Matrix, error) {
	members, leftOut, err := choose(faulty.All(), o.Only)
	if err != nil {
		return nil, err
	}
	file, err := srs.Parse("srs.json", oneline.SRS)
	if err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	out, err := open(o)
	if err != nil {
		return nil, fmt.Errorf("the kill matrix cannot be written: %w", err)
	}
	defer out.Close()
	scratch, err := os.MkdirTemp("", "oneline-selftest-*")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(scratch)
	o.Seed = cmp.Or(o.Seed, 1)
	progress := &progress{term: term, total: len(members)}
	r := runner{
		self: self, seed: o.Seed, dir: scratch, limit: runLimit, done: progress.done,
		atATime: min(12*runtime.GOMAXPROCS(0), 48), // most of a run is waiting; each takes up to 100 MB
	}
	run := describe(o)
	results, times, err := r.all(ctx, members)
	progress.end()
	if err != nil {
		return nil, err
	}
	run.Ended = time.Now().Round(0)
	for i, m := range members {
		run.Seconds[m.Name] = times[i].Round(time.Millisecond).Seconds()
	}
	m := build(file, results, leftOut)
	m.Run = run
	return m, finish(m, file, o, term, out, scratch)
}

// finish writes the matrix and prints the result. The reports of a member are
// kept where it was asked for by name, or is not as it should be.
func finish(m *Matrix, file *srs.File, o Options, term verify.Terminal, out *folder.Folder, members string) error {
	set := documents(m)
	for _, r := range m.Members {
		if o.Only == nil && r.OK {
			continue
		}
		model, kept, err := reportsOf(file, filepath.Join(members, r.Name))
		if err == nil && o.Only != nil {
			err = text.Terminal(term.Out, model, text.TerminalOptions{Width: term.Width, Color: term.Color})
		}
		if err != nil {
			fmt.Fprintln(term.Out, err)
		}
		for _, d := range kept {
			d.Name = path.Join("members", r.Name, d.Name)
			set = append(set, d)
		}
	}
	if err := out.Publish("", set); err != nil {
		return fmt.Errorf("the kill matrix cannot be written: %w", err)
	}
	if err := Text(term.Out, m, term.Width); err != nil {
		return err
	}
	_, err := fmt.Fprintf(term.Out, "\nkill matrix in %s\n", o.Out)
	return err
}

// reportsOf gives what the run of a member has left in its folder, with the reports
// that people read.
func reportsOf(file *srs.File, dir string) (model *reports.Model, kept []folder.Document, err error) {
	entries, _ := os.ReadDir(dir) // a run that went wrong may have left nothing
	for _, entry := range entries {
		data, err := os.ReadFile(filepath.Join(dir, entry.Name()))
		if err != nil {
			return nil, nil, err
		}
		kept = append(kept, folder.Bytes(entry.Name(), data))
	}
	loaded, err := read.Load(filepath.Join(dir, "results.json"))
	if err != nil {
		return nil, kept, err
	}
	model = reports.Build(file, []*results.Results{loaded}, reports.Options{Reported: verify.BuildInfo()})
	readable, err := render.Set(model, []string{"html", "txt"}, render.Options{Time: model.Run.Started})
	return model, append(kept, readable...), err
}

// choose gives the members that are asked for, and the names of the others.
func choose(all []faulty.Member, only []string) (chosen []faulty.Member, leftOut []string, err error) {
	if only == nil {
		return all, nil, nil
	}
	for _, name := range only {
		if !slices.ContainsFunc(all, func(m faulty.Member) bool { return m.Name == name }) {
			return nil, nil, fmt.Errorf("there is no member %q: kill-matrix.md of a whole self-test names them all", name)
		}
	}
	for _, m := range all {
		if slices.Contains(only, m.Name) {
			chosen = append(chosen, m)
		} else {
			leftOut = append(leftOut, m.Name)
		}
	}
	return chosen, leftOut, nil
}

// describe fills in what is known before the run.
func describe(o Options) About {
	run := About{
		Started: time.Now().Round(0), Go: runtime.Version(), OS: runtime.GOOS + "/" + runtime.GOARCH,
		Suite: verify.BuildInfo(), Repeat: "oneline selftest", Seconds: map[string]float64{},
	}
	run.Machine, _ = os.Hostname()
	if o.Only != nil {
		run.Repeat += " -only " + strings.Join(o.Only, ",")
	}
	if o.Seed != 1 {
		run.Repeat += fmt.Sprintf(" -seed %d", o.Seed)
	}
	return run
}

package read

import (
	"os"
	"slices"
	"strings"

	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/read/gotest"
	"github.com/socket-oneline/oneline/reports/read/process"
	"github.com/socket-oneline/oneline/reports/results"
)

// End says how the command ended that left the evidence.
type End struct {
	Passed      bool // with status 0
	Interrupted bool // it was ended by whoever started it, so that nothing crashed
}

// Run reads all evidence of one run and merges what different files say of the same
// specs. The files that test processes wrote are the evidence. Ginkgo's report next to
// such a file, and the stream of go test, can only make a result worse; disagreement is a
// problem. All other files stand alone.
func (o Options) Run(paths []string, end End) ([]*results.Results, error) {
	o.interrupted = end.Interrupted
	r := run{options: o, end: end}
	for _, ofGinkgo := range []bool{false, true} { // its reports are compared with what the processes wrote
		for _, path := range paths {
			if strings.HasSuffix(path, ginkgoSuffix) != ofGinkgo {
				continue
			}
			if err := r.add(path); err != nil {
				return nil, err
			}
		}
	}
	for _, s := range r.streams {
		r.joinStream(s)
	}
	r.judgeEnds()
	return r.all, nil
}

// run is what has been read of a run.
type run struct {
	options Options
	end     End
	all     []*results.Results // what is given back
	files   []*process.File    // those that test processes wrote, which are among all
	streams []*gotest.Stream
}

// Endings of the names of the files of one process.
const (
	processSuffix = ".jsonl"
	ginkgoSuffix  = ".ginkgo.json"
)

// add reads a file.
func (r *run) add(path string) error {
	in, err := os.Open(path)
	if err != nil {
		return unreadable(path, err)
	}
	defer in.Close()
	base, ofGinkgo := strings.CutSuffix(path, ginkgoSuffix)
	beside := slices.IndexFunc(r.files, func(f *process.File) bool { return ofGinkgo && f.Results.Name == base+processSuffix })
	o := r.options
	o.traced = beside >= 0
	f, err := o.file(path, in)
	switch {
	case err != nil:
		return err
	case f.stream != nil:
		r.streams = append(r.streams, f.stream)
		return nil
	case o.traced:
		r.joinReport(r.files[beside], f.results)
		return nil
	case f.process != nil:
		r.files = append(r.files, f.process)
	}
	r.all = append(r.all, f.results)
	return nil
}

// group returns the processes that ran one suite together.
func (r *run) group(of *process.File) []*process.File {
	if of.Process.Group == "" {
		return []*process.File{of}
	}
	var group []*process.File
	for _, f := range r.files {
		if f.Process.Group == of.Process.Group && f.Suite.Path == of.Suite.Path {
			group = append(group, f)
		}
	}
	return group
}

// judgeEnds finds processes that left nothing, and decides about those whose end was not
// seen.
func (r *run) judgeEnds() {
	for _, f := range r.files {
		s := f.Suite
		if group := r.group(f); group[0] == f && !r.end.Interrupted {
			procs := make(map[int]bool)
			for _, member := range group {
				procs[member.Process.Proc] = true
			}
			if len(procs) < f.Process.Procs {
				s.Refuse("", "%d of %d processes of %s left evidence: repeat the run", len(procs), f.Process.Procs, s.Path)
			}
		}
		switch {
		case !s.EndUnseen, r.end.Interrupted, hasState(s, results.Crashed):
		case f.Process.FrontEnd == evidence.Ginkgo:
			r.endOfGroup(f)
		case r.end.Passed:
			s.EndUnseen, s.Complete = false, true
			s.Note("the end of the tests of %s was not seen; the command ended with status 0", s.Path)
		default:
			s.Note("the end of the tests of %s was not seen, and the command failed: what passed there is no evidence", s.Path)
			for i := range s.Specs {
				s.Specs[i].NoEvidence = "the end of its process was not seen, and the command failed: start go test by oneline run itself, or call gotest.Main"
			}
		}
	}
}

// endOfGroup closes a process of a Ginkgo suite if another process of it is closed: only
// the first learns of the end.
func (r *run) endOfGroup(f *process.File) {
	for _, other := range r.group(f) {
		if !other.Suite.EndUnseen {
			f.Suite.EndUnseen, f.Suite.Complete = false, true
			return
		}
		if hasState(other.Suite, results.Crashed) { // for which the first has waited in vain
			unclosed := process.Unclosed(f.Suite.Path)
			f.Suite.Problems = slices.DeleteFunc(f.Suite.Problems, func(p results.Problem) bool { return p == unclosed })
		}
	}
}

func hasState(s *results.Suite, state results.State) bool {
	return slices.ContainsFunc(s.Specs, func(s results.Spec) bool { return s.State == state })
}

package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"

	"github.com/urfave/cli/v3"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/config"
	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/folder"
	"github.com/socket-oneline/oneline/reports/justification"
	"github.com/socket-oneline/oneline/reports/read"
	"github.com/socket-oneline/oneline/reports/results"
	"github.com/socket-oneline/oneline/reports/srs"
	"github.com/socket-oneline/oneline/trace/cover"
	"github.com/socket-oneline/oneline/ver/verify"
)

// sources are what verdicts are computed from: folders of runs, and bare results files.
type sources struct {
	folders []*folder.Folder
	bare    []string // results files beside the folders
	set     config.Config
	file    *srs.File
	options reports.Options
	results []*results.Results
}

// openSources opens runs and results files, and loads what is needed of them. Whoever
// calls it closes the sources, unless there is an error.
func openSources(paths []string, load func(*sources) error) (*sources, error) {
	s := &sources{}
	err := s.open(paths)
	if err == nil {
		err = load(s)
	}
	if err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

// openKept opens runs and results files, and reads them by the configuration that the
// first run has kept.
func openKept(c *cli.Command, paths []string) (*sources, error) {
	return openSources(paths, func(s *sources) error {
		if err := s.configure(""); err != nil {
			return err
		}
		return s.read(c)
	})
}

func (s *sources) open(paths []string) error {
	for _, path := range paths {
		if info, err := os.Stat(path); err != nil || !info.IsDir() {
			s.bare = append(s.bare, path)
			continue
		}
		f, err := folder.Open(path)
		if err != nil {
			return err
		}
		s.folders = append(s.folders, f)
	}
	return nil
}

func (s *sources) close() {
	for _, f := range s.folders {
		f.Close()
	}
}

// read reads the results of all sources, as the flags and the configuration say.
func (s *sources) read(c *cli.Command) error {
	o, find, err := outcomes(c, s.manifest().Outcomes, s.set)
	if err != nil {
		return err
	}
	s.options.AcceptOutcomes, s.options.Untagged = o.Accept != "", reports.Untagged(o.Untagged)
	how := read.Options{IDs: find}
	for _, path := range s.bare {
		r, err := how.Load(path)
		if err != nil {
			return err
		}
		s.results = append(s.results, r)
	}
	for _, f := range s.folders {
		if err := s.readRun(how, f); err != nil {
			return err
		}
	}
	return nil
}

// readRun reads the evidence of a run.
func (s *sources) readRun(how read.Options, f *folder.Folder) error {
	paths, err := f.Evidence()
	if err != nil {
		return err
	}
	m, sum := f.Manifest()
	end := read.End{Passed: true}
	if c := m.Command; c != nil {
		end = read.End{Passed: c.Exit == 0 && c.EndedBy == "", Interrupted: c.EndedBy != ""}
	}
	all, err := how.Run(paths, end)
	if err != nil {
		return err
	}
	var watched *evidence.Structure
	if path := f.Code(); path != "" {
		code, err := cover.ReadCode(path)
		if err != nil {
			return err
		}
		watched = &code.Structure
	}
	s.options.Sources = append(s.options.Sources, reports.NewSource(f.Dir(), sum, *m, all, watched))
	s.results = append(s.results, all...)
	return nil
}

// run is the run.json that vouches for all of the evidence; nil: none does.
func (s *sources) run() *evidence.File {
	if len(s.folders) != 1 || len(s.bare) > 0 {
		return nil
	}
	_, sum := s.folders[0].Manifest()
	return &evidence.File{Name: folder.ManifestName, SHA256: sum}
}

// manifest returns the manifest of the first run, or an empty one.
func (s *sources) manifest() *folder.Manifest {
	if len(s.folders) > 0 {
		if m, _ := s.folders[0].Manifest(); m != nil {
			return m
		}
	}
	return &folder.Manifest{}
}

// requirements are those of the files, or those that the run has kept.
func (s *sources) requirements(paths []string) (*srs.File, error) {
	var kept []srs.Source
	for _, in := range s.manifest().Inputs {
		if in.Role == folder.Requirements {
			kept = append(kept, srs.Source{Name: in.Name, Text: in.Text})
		}
	}
	if len(kept) == 0 || len(paths) > 0 {
		return requirements(paths...)
	}
	return srs.ParseAll(kept)
}

// judge reads all that the verdicts depend on: the files that are named, or that the run
// has kept.
func (s *sources) judge(c *cli.Command, j chosen) error {
	s.options = reports.Options{
		Reported: verify.BuildInfo(), Manifest: s.run(), Level: c.String("level"), Tester: c.String("tester"), Mixed: c.Bool("mixed"), Complete: c.Bool("complete"),
		AcceptJustified: c.Bool("accept-justified"), Mutation: j.mutation,
	}
	if t := s.options.Tester; t != "" && t != "auto" {
		return fmt.Errorf("-tester %s: the only scope is auto, what a program verifies", t)
	}
	if err := s.inputs(c, j); err != nil {
		return err
	}
	if err := s.read(c); err != nil {
		return err
	}
	return s.lockBeside(j.srs)
}

// inputs reads the files on which verdicts depend beside the evidence and the lock.
func (s *sources) inputs(c *cli.Command, j chosen) (err error) {
	if s.file, err = s.requirements(j.srs); err != nil {
		return err
	}
	if err := s.configure(j.config); err != nil {
		return err
	}
	justified := &s.options.Justifications
	if kept := s.manifest().Input(folder.Justifications); kept != nil && j.justifications == "" {
		*justified, err = justification.Parse(kept.Name, []byte(kept.Text), s.file)
	} else if path := cmp.Or(j.justifications, s.set.Justifications); path != "" {
		*justified, err = justification.Load(path, s.file)
	}
	if err == nil && *justified == nil && c.Bool("accept-justified") {
		err = errors.New("-accept-justified goes with -justifications: without them there is nothing to accept")
	}
	return err
}

// configure reads the configuration that is named, or that the run has kept.
func (s *sources) configure(path string) (err error) {
	if len(s.folders) == 0 || path != "" {
		s.set, err = config.Load(path)
	} else if kept := s.manifest().Input(folder.Config); kept != nil {
		s.set, err = config.Parse(kept.Name, []byte(kept.Text))
	}
	return err
}

// output opens the folder into which the documents go: without a name that of the run,
// if there is one alone.
func (s *sources) output(dir string, force bool) (out verify.Output, err error) {
	if run := s.run(); run != nil {
		out.Run, dir = run.SHA256, cmp.Or(dir, s.folders[0].Dir())
	}
	if dir == "" {
		return out, nil
	}
	for _, f := range s.folders {
		if folder.Same(f.Dir(), dir) {
			out.Folder = f
			out.Folder.Force(force)
			return out, nil
		}
	}
	if out.Folder, err = folder.Create(dir, force); err == nil {
		s.folders = append(s.folders, out.Folder)
	}
	return out, err
}

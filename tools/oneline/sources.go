package main

import (
	"cmp"
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
	"github.com/socket-oneline/oneline/ver/verify"
)

// sources are what oneline report makes its documents of: folders of runs, and bare
// results files.
type sources struct {
	folders []*folder.Folder
	bare    bool // there are results files beside the folders, or nothing else
	results []*results.Results
	file    *srs.File
}

func openSources(paths []string) (_ *sources, err error) {
	s := &sources{}
	defer func() {
		if err != nil {
			s.close()
		}
	}()
	for _, path := range paths {
		evidence := []string{path}
		if info, err := os.Stat(path); err == nil && info.IsDir() {
			f, err := folder.Open(path)
			if err != nil {
				return nil, err
			}
			s.folders = append(s.folders, f)
			if evidence, err = f.Evidence(); err != nil {
				return nil, err
			}
		} else {
			s.bare = true
		}
		for _, name := range evidence {
			r, err := read.Load(name)
			if err != nil {
				return nil, err
			}
			s.results = append(s.results, r)
		}
	}
	return s, nil
}

func (s *sources) close() {
	for _, f := range s.folders {
		f.Close()
	}
}

// run is the run.json that vouches for all of the evidence; nil: none does.
func (s *sources) run() *evidence.File {
	if len(s.folders) != 1 || s.bare {
		return nil
	}
	_, sum := s.folders[0].Manifest()
	return &evidence.File{Name: folder.ManifestName, SHA256: sum}
}

// inputs returns the copies of files of one role that the first run has kept.
func (s *sources) inputs(role string) (kept []folder.Input) {
	if len(s.folders) == 0 {
		return nil
	}
	m, _ := s.folders[0].Manifest()
	for _, in := range m.Inputs {
		if in.Role == role {
			kept = append(kept, in)
		}
	}
	return kept
}

// input returns the copy of the only file of a role; nil if there is none.
func (s *sources) input(role string) *folder.Input {
	if kept := s.inputs(role); len(kept) > 0 {
		return &kept[0]
	}
	return nil
}

// options reads the files that the flags name, or that the run has kept.
func (s *sources) options(c *cli.Command) (o reports.Options, set config.Config, err error) {
	o = reports.Options{
		Reported: verify.Build(), Manifest: s.run(), Level: c.String("level"), Tester: c.String("tester"), Complete: c.Bool("complete"),
		AcceptJustified: c.Bool("accept-justified"),
	}
	if t := o.Tester; t != "" && t != "auto" {
		return o, set, fmt.Errorf("-tester %s: the only scope is auto, what a program verifies", t)
	}
	if kept := s.inputs(folder.Requirements); len(kept) > 0 && !c.IsSet("srs") {
		var files []srs.Source
		for _, in := range kept {
			files = append(files, srs.Source{Name: in.Name, Text: in.Text})
		}
		s.file, err = srs.ParseAll(files)
	} else {
		s.file, err = requirements(c.StringSlice("srs")...)
	}
	if err != nil {
		return o, set, err
	}
	if kept := s.input(folder.Config); len(s.folders) > 0 && !c.IsSet("config") {
		if kept != nil {
			set, err = config.Parse(kept.Name, []byte(kept.Text))
		}
	} else {
		set, err = config.Load(c.String("config"))
	}
	if err != nil {
		return o, set, err
	}
	if kept := s.input(folder.Justifications); kept != nil && !c.IsSet("justifications") {
		o.Justifications, err = justification.Parse(kept.Name, []byte(kept.Text), s.file)
	} else if path := cmp.Or(c.String("justifications"), set.Justifications); path != "" {
		o.Justifications, err = justification.Load(path, s.file)
	}
	if err == nil && o.Justifications == nil && o.AcceptJustified {
		err = fmt.Errorf("-accept-justified goes with -justifications: without them there is nothing to accept")
	}
	if err == nil {
		o.Lock, err = s.lockBeside(c.StringSlice("srs"), set)
	}
	return o, set, err
}

// output opens the folder into which the documents go: without a name that of the run,
// if there is one alone.
func (s *sources) output(dir string, force bool) (out verify.Output, err error) {
	run := s.run()
	if run != nil {
		out.Run = run.SHA256
	}
	switch {
	case dir == "" && run == nil:
		return out, nil
	case dir == "":
		out.Folder = s.folders[0]
		out.Folder.Force(force)
		return out, nil
	}
	for _, f := range s.folders {
		if same(f.Dir(), dir) {
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

func same(a, b string) bool {
	x, err := os.Stat(a)
	if err != nil {
		return false
	}
	y, err := os.Stat(b)
	return err == nil && os.SameFile(x, y)
}

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/urfave/cli/v3"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/folder"
	"github.com/socket-oneline/oneline/reports/formal"
	"github.com/socket-oneline/oneline/reports/plan"
)

func planCommand() *cli.Command {
	return &cli.Command{
		Name:      "plan",
		Usage:     "issue the test protocol of a suite, which a formal run follows",
		ArgsUsage: "RUN RUN",
		Description: `RUN are the folders of two complete runs of oneline run: the test protocol holds what
both have done and expected, and nothing that only a run can know. What differs between
the two, such as a port or a random value in the text of a step, is an error with its
place, because a formal run would be refused for it.

The SHA-256 of the file, which is printed, is what people sign. Exit codes: 0 the test
protocol was issued; 2 it was not.`,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "out", Value: folder.ProtocolName, Usage: "`FILE`: the test protocol"},
			forced(),
		},
		Action: planAction,
	}
}

func planAction(_ context.Context, c *cli.Command) error {
	first, err := planOf(c, c.Args().Get(0))
	if err != nil {
		return err
	}
	second, err := planOf(c, c.Args().Get(1))
	if err != nil {
		return err
	}
	var wrong []error
	for _, change := range first.Differences(second) {
		wrong = append(wrong, fmt.Errorf("the two runs differ: %s", change))
	}
	if len(wrong) > 0 {
		return errors.Join(wrong...)
	}
	data := second.Encode()
	issued := func(old []byte) bool { _, _, err := plan.Parse(c.String("out"), old); return err == nil }
	if err := deliver(c, data, issued); err != nil {
		return err
	}
	_, err = fmt.Fprintf(c.Root().Writer, "%s: test protocol of %d specs issued, SHA-256 %s\n", c.String("out"), second.Specs(), folder.Sum(data))
	return err
}

// planOf is the test protocol that a run has carried out, whole.
func planOf(c *cli.Command, dir string) (p plan.Plan, err error) {
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return p, fmt.Errorf("%s: this is no folder of a run: give the two folders that oneline run has left", dir)
	}
	s, err := openKept(c, []string{dir})
	if err != nil {
		return p, err
	}
	defer s.close()
	file, err := s.requirements(nil)
	if err != nil {
		return p, err
	}
	model := reports.Build(file, s.results, s.options)
	p = formal.Plan(s.manifest(), model)
	var wrong []error
	if !model.Run.Complete {
		wrong = append(wrong, fmt.Errorf("%s: the run is not complete: nothing may be filtered out, and every process must end", dir))
	}
	for _, problem := range model.Problems {
		wrong = append(wrong, fmt.Errorf("%s: %s", dir, problem))
	}
	for _, line := range p.Incomplete() {
		wrong = append(wrong, fmt.Errorf("%s: %s", dir, line))
	}
	return p, errors.Join(wrong...)
}

// makeFormal makes a run a formal one, if that is asked for and may be.
func makeFormal(ctx context.Context, c *cli.Command, m *folder.Manifest) error {
	path := c.String("protocol")
	if !c.Bool("formal") {
		if path != "" {
			return fmt.Errorf("-protocol goes with -formal: only a formal run follows a test protocol")
		}
		return nil
	}
	m.Type = folder.Formal
	reasons := formal.Before(ctx, m, c.Args().Slice(), c.String("out"))
	if c.IsSet("cover") {
		reasons.Add("-cover rewrites sources: leave it out")
	}
	if m.Shard != "" {
		reasons.Add("-shard leaves out specs: leave it out")
	}
	if path == "" {
		reasons.Add("the test protocol is not named: give by -protocol the %s that oneline plan issued", folder.ProtocolName)
	} else if issued, file, err := plan.Load(path); err != nil {
		reasons.Add("%s", err)
	} else {
		if lock := m.Input(folder.Lock); lock != nil && lock.SHA256 != issued.Lock {
			reasons.Add("the lock is not that of the test protocol: issue the test protocol again")
		}
		m.Inputs = append(m.Inputs, folder.Input{Role: folder.Protocol, Name: path, SHA256: file.SHA256, Text: string(issued.Encode())})
	}
	return reasons.Of(folder.Formal)
}

// refused says why a run that was begun as a formal one is none.
func (s *sources) refused(model *reports.Model) []string {
	for _, f := range s.folders {
		m, _ := f.Manifest()
		if m == nil || m.Command == nil || m.Type != folder.Formal || m.Command.Unstarted != "" {
			continue
		}
		protocol := m.Input(folder.Protocol)
		if protocol == nil {
			return []string{"formal run refused: it has no test protocol"}
		}
		issued, _, err := plan.Parse(protocol.Name, []byte(protocol.Text))
		if err != nil {
			return []string{err.Error()}
		}
		if err := formal.After(m, protocol.Name, issued, model, s.results).Of(folder.Formal); err != nil {
			return strings.Split(err.Error(), "\n")
		}
	}
	return nil
}

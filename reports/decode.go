package reports

import (
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/socket-oneline/oneline/reports/evidence"
)

// decode decodes a suite's report. Its nodes, which are nearly all of it, are
// decoded several at a time; of several broken ones the first is reported.
func (g *ginkgoSuite) decode(s *scanner) error {
	var parts []scanner
	err := s.pick(map[string]any{
		"SuitePath":                  &g.path,
		"SuiteDescription":           &g.description,
		"SuiteSucceeded":             &g.succeeded,
		"SpecialSuiteFailureReasons": &g.reasons,
		"PreRunStats":                &g.stats,
		"StartTime":                  &g.start,
		"EndTime":                    &g.end,
		"SuiteConfig":                &g.config,
		"SpecReports": func() error {
			return s.elements(func() error {
				part, err := s.skip()
				parts = append(parts, part)
				return err
			})
		},
	})
	if err != nil {
		return err
	}
	g.nodes = make([]ginkgoNode, len(parts))
	failures := make([]error, len(parts))
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(parts)) {
		workers.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(parts); i = int(next.Add(1)) - 1 {
				failures[i] = g.nodes[i].decode(&parts[i])
			}
		})
	}
	workers.Wait()
	i := slices.IndexFunc(failures, func(err error) bool { return err != nil })
	if i < 0 {
		return nil
	}
	return failures[i]
}

func (n *ginkgoNode) decode(s *scanner) error {
	start := *s
	err := s.pick(map[string]any{
		"ContainerHierarchyTexts":     &n.containers,
		"ContainerHierarchyLocations": &n.places,
		"ContainerHierarchyLabels":    &n.labels,
		"LeafNodeType":                &n.kind,
		"LeafNodeLocation":            &n.place,
		"LeafNodeLabels":              &n.own,
		"LeafNodeText":                &n.text,
		"State":                       &n.state,
		"RunTime":                     &n.took,
		"Failure":                     &n.failure,
		"AdditionalFailures":          &n.more,
		"NumAttempts":                 &n.attempts,
		"MaxMustPassRepeatedly":       &n.mustPass,
		"ReportEntries":               func() error { return s.elements(func() error { return n.decodeEntry(s) }) },
	})
	if err == nil && !slices.Contains(states, n.state) {
		err = &placed{start.base, fmt.Errorf("the state %q is not one of Ginkgo's: use the release of oneline that fits the suite", n.state)}
	}
	slices.SortStableFunc(n.specs, func(a, b evidence.Spec) int { return a.Attempt - b.Attempt })
	return err
}

// decodeEntry decodes a report entry, if it carries evidence.
func (n *ginkgoNode) decodeEntry(s *scanner) error {
	var (
		name  string
		value scanner
	)
	err := s.pick(map[string]any{
		"Name": &name,
		"Value": func() error {
			return s.pick(map[string]any{"AsJSON": func() (err error) {
				value, err = s.skip()
				return err
			}})
		},
	})
	if err != nil {
		return err
	}
	switch name {
	case evidence.SpecEntry:
		var e evidence.Spec
		err = decodeEvidence(&value, &e, &e.Schema)
		n.specs = append(n.specs, e)
	case evidence.RunEntry:
		var e evidence.Run
		err = decodeEvidence(&value, &e, &e.Schema)
		n.runs = append(n.runs, e)
	}
	if err != nil {
		return &placed{value.base, err}
	}
	return nil
}

// decodeEvidence decodes the value of an entry, which is JSON inside of a JSON
// string, and holds it to the form of evidence that this package knows.
func decodeEvidence(value *scanner, v any, schema *string) error {
	text, err := value.text()
	if err != nil {
		return err
	}
	if len(text) == 0 {
		return errors.New("the evidence is empty: the suite could not write it; repeat the run")
	}
	err = json.Unmarshal(text, v)
	switch {
	case *schema != "" && *schema != evidence.Schema:
		return fmt.Errorf("the evidence is of the form %q, and only %q can be read: use the release of oneline that fits the suite",
			*schema, evidence.Schema)
	case err != nil:
		return fmt.Errorf("the evidence is broken (%s): repeat the run", oneLine(err.Error()))
	case *schema == "":
		return fmt.Errorf("the evidence does not say of which form it is, and only %q can be read: repeat the run", evidence.Schema)
	}
	return nil
}

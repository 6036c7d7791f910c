package render

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"github.com/socket-oneline/oneline/reports"
)

// Coverage writes coverage.json: the model, indented. It is as sorted as the
// model is. A list without members is written as one, not as null.
func Coverage(w io.Writer, m *reports.Model) error {
	c := *m
	c.Conclusion, c.Problems, c.Incomplete, c.Summary.Levels = list(m.Conclusion), list(m.Problems), list(m.Incomplete), list(m.Summary.Levels)
	c.Requirements, c.Protocols = list(slices.Clone(m.Requirements)), list(slices.Clone(m.Protocols))
	for i := range c.Requirements {
		r := &c.Requirements[i]
		r.Protocols, r.Specs = list(r.Protocols), list(r.Specs)
	}
	for i := range c.Protocols {
		c.Protocols[i].Specs = list(c.Protocols[i].Specs)
	}
	return JSON(w, &c)
}

// JSON writes a value as indented JSON, with < and > as they are.
func JSON(w io.Writer, value any) error {
	b := bufio.NewWriter(w)
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(value); err != nil {
		return err
	}
	return b.Flush()
}

func list[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

// ReadCoverage reads what Coverage wrote. The name is for errors, which are
// one line and say what to do.
func ReadCoverage(name string, r io.Reader) (*reports.Model, error) {
	m := &reports.Model{}
	if err := json.NewDecoder(bufio.NewReader(r)).Decode(m); err != nil {
		return nil, fmt.Errorf("%s: is no coverage.json (%w); give one that verify or report wrote", name, err)
	}
	if m.Schema != reports.Schema {
		return nil, fmt.Errorf("%s: its schema is %q, not %q; give a coverage.json that this version reads", name, m.Schema, reports.Schema)
	}
	return m, nil
}

package render

import (
	"bufio"
	"fmt"
	"io"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	jsonv1 "github.com/go-json-experiment/json/v1"

	"github.com/socket-oneline/oneline/reports"
)

// JSON writes a value as indented JSON, with < and > as they are. A list without
// members is written as one, not as null.
func JSON(w io.Writer, value any) error {
	b := bufio.NewWriter(w)
	err := json.MarshalWrite(b, value, jsonv1.DefaultOptionsV1(), json.FormatNilSliceAsNull(false), jsontext.EscapeForHTML(false), jsontext.WithIndent("  "))
	if err != nil {
		return err
	}
	b.WriteByte('\n')
	return b.Flush()
}

// ReadCoverage reads a coverage.json, which is the model. The name is for errors, which are
// one line and say what to do.
func ReadCoverage(name string, r io.Reader) (*reports.Model, error) {
	m := &reports.Model{}
	if err := json.UnmarshalRead(bufio.NewReader(r), m, jsonv1.DefaultOptionsV1()); err != nil {
		return nil, fmt.Errorf("%s: is no coverage.json (%w); give one that verify or report wrote", name, err)
	}
	if m.Schema != reports.Schema {
		return nil, fmt.Errorf("%s: its schema is %q, not %q; give a coverage.json that this version reads", name, m.Schema, reports.Schema)
	}
	return m, nil
}

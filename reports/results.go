package reports

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/socket-oneline/oneline/reports/evidence"
)

// Results are what one results file holds: the suites of a Ginkgo JSON report,
// with the evidence that their specs left.
type Results struct {
	Name   string // of the file, as given
	suites []suite
}

// Load reads the results file at path: a JSON report of Ginkgo's
// (--json-report). Its error is one line that names the file, the place in it
// where that is known, and what to do.
func Load(path string) (*Results, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		var p *os.PathError
		if errors.As(err, &p) {
			err = p.Err
		}
		return nil, fmt.Errorf("%s: the results cannot be read: %w", path, err)
	}
	return parse(path, data)
}

// Read reads results from r, as [Load] does. name is the file's, for messages.
func Read(name string, r io.Reader) (*Results, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("%s: the results cannot be read: %w", name, err)
	}
	return parse(name, data)
}

func parse(name string, data []byte) (*Results, error) {
	var decoded []ginkgoSuite
	if err := decodeReport(data, &decoded); err != nil {
		return nil, fmt.Errorf("%s%w", name, err)
	}
	results := &Results{Name: name, suites: make([]suite, len(decoded))}
	for i := range decoded {
		if decoded[i].SuitePath == nil {
			return nil, fmt.Errorf("%s: entry %d is not a suite of a Ginkgo JSON report: give the file that --json-report wrote", name, i+1)
		}
		s, err := newSuite(&decoded[i])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		results.suites[i] = s
	}
	return results, nil
}

// decodeReport decodes a whole report. The text of its error follows the name
// of the file.
func decodeReport(data []byte, report *[]ginkgoSuite) error {
	text := bytes.TrimSpace(bytes.TrimPrefix(data, []byte("\ufeff")))
	switch {
	case len(text) == 0:
		return errors.New(": the file is empty: the run wrote no results, repeat it")
	case text[0] != '[':
		return errors.New(":1:1: this is not a Ginkgo JSON report, which is a list of suites: give the file that --json-report wrote")
	}
	before := cap(data) - cap(text)
	err := json.Unmarshal(text, report)
	var syntax *json.SyntaxError
	var mismatch *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax) && syntax.Offset >= int64(len(text)):
		return fmt.Errorf(":%s: the file is cut off: the run did not end, or the disk was full; repeat it", place(data, before+len(text)))
	case errors.As(err, &syntax):
		return fmt.Errorf(":%s: this is not JSON (%w): repeat the run", place(data, before+int(syntax.Offset)-1), err)
	case errors.As(err, &mismatch):
		return fmt.Errorf(":%s: this is not a Ginkgo JSON report (%s cannot be a %s): give the file that --json-report wrote",
			place(data, before+int(mismatch.Offset)-1), orElse(mismatch.Field, "an entry"), mismatch.Value)
	case err != nil:
		return fmt.Errorf(": this is not a Ginkgo JSON report (%s): give the file that --json-report wrote", oneLine(err.Error()))
	case len(*report) == 0:
		return errors.New(": the report holds no suite: nothing was run, repeat the run")
	}
	return nil
}

// place writes an offset in bytes as line:column, both from 1, the column in
// bytes.
func place(data []byte, offset int) string {
	before := data[:max(0, min(offset, len(data)))]
	return fmt.Sprintf("%d:%d", 1+bytes.Count(before, []byte("\n")), len(before)-bytes.LastIndexByte(before, '\n'))
}

// decodeEntry decodes the value of a report entry, which is JSON inside a JSON
// string, and holds it to the form of evidence that this package knows.
func decodeEntry(value []byte, entry any, schema *string) error {
	var text string
	if err := json.Unmarshal(value, &text); err != nil || text == "" {
		return errors.New("its evidence is empty: the suite could not write it; repeat the run")
	}
	err := json.Unmarshal([]byte(text), entry)
	switch {
	case *schema != "" && *schema != evidence.Schema:
		return fmt.Errorf("its evidence is of the form %q, and only %q can be read: use the release of oneline that fits the suite",
			*schema, evidence.Schema)
	case err != nil:
		return fmt.Errorf("its evidence is broken (%s): repeat the run", oneLine(err.Error()))
	case *schema == "":
		return fmt.Errorf("its evidence does not say of which form it is, and only %q can be read: repeat the run", evidence.Schema)
	}
	return nil
}

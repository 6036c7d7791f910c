package results

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	jsonv1 "github.com/go-json-experiment/json/v1"

	"github.com/socket-oneline/oneline/reports/evidence"
)

// DecodeSpec decodes the evidence of a spec from JSON. It refuses evidence that does not
// have the form of package evidence, holds a key twice, or has impossible times. The
// error says what to do; it does not name the file.
func DecodeSpec(text []byte) (evidence.Spec, error) {
	var s evidence.Spec
	err := decode(text, &s, &s.Schema)
	if err == nil {
		err = CheckSpec(&s)
	}
	return s, err
}

// CheckSpec returns an error if the evidence of a spec is impossible.
func CheckSpec(s *evidence.Spec) error {
	for i := range s.Transcript {
		if e := &s.Transcript[i]; e.Offset < 0 || e.Length < 0 {
			return errors.New("the transcript holds a negative time or length: the evidence was altered; repeat the run")
		}
	}
	return nil
}

// DecodeRun decodes the evidence of a run, as [DecodeSpec] does.
func DecodeRun(text []byte) (evidence.Run, error) {
	var r evidence.Run
	err := decode(text, &r, &r.Schema)
	if err == nil {
		err = CheckTimes(r.Started, r.Ended)
	}
	return r, err
}

// CheckTimes returns an error if a run ended before it started. A zero time is unknown.
func CheckTimes(started, ended time.Time) error {
	if !ended.IsZero() && ended.Before(started) {
		return errors.New("the run ends before it starts: the file was altered, or the clock was; repeat the run")
	}
	return nil
}

func decode(text []byte, v any, schema *string) error {
	if len(text) == 0 {
		return errors.New("the evidence is empty: the suite could not write it; repeat the run")
	}
	err := json.Unmarshal(text, v, jsonv1.FormatDurationAsNano(true))
	switch {
	case *schema != "" && *schema != evidence.Schema:
		return fmt.Errorf("the evidence is of the form %q, and only %q can be read: use the release of oneline that fits the suite",
			*schema, evidence.Schema)
	case err != nil:
		return fmt.Errorf("the evidence is broken (%s): repeat the run", Mistake(err))
	case *schema == "":
		return fmt.Errorf("the evidence does not say of which form it is, and only %q can be read: repeat the run", evidence.Schema)
	}
	return nil
}

// Mistake returns in a few words what is wrong with JSON that could not be decoded,
// without its place.
func Mistake(err error) string {
	if syntax, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		if syntax.Err == jsontext.ErrDuplicateName {
			return fmt.Sprintf("the key %q stands twice", syntax.JSONPointer.LastToken())
		}
		return syntax.Err.Error()
	}
	if mismatch, ok := errors.AsType[*json.SemanticError](err); ok {
		what := kinds[mismatch.JSONKind]
		if mismatch.Err != nil {
			return fmt.Sprintf("%s cannot be %s: %s", mismatch.JSONPointer, what, strings.Join(strings.Fields(mismatch.Err.Error()), " "))
		}
		return fmt.Sprintf("%s cannot be %s", mismatch.JSONPointer, what)
	}
	return strings.Join(strings.Fields(err.Error()), " ")
}

var kinds = map[jsontext.Kind]string{
	0: "this", 'n': "null", 't': "true", 'f': "false", '"': "a text", '0': "a number", '{': "an object", '[': "a list",
}

package play

import (
	"context"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"

	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/trace"
	"github.com/socket-oneline/oneline/trace/record"
	"github.com/socket-oneline/oneline/ver/target"
)

// Rehearses reports whether it is only planned what the spec is going to do and to
// verify: then nothing is sent, and all that is verified holds.
func (t *Trial) Rehearses() bool { return t.rehearses }

// Step begins a step of the spec.
func (t *Trial) Step(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	switch {
	case t.within:
	case t.Rehearses():
		t.planned.Steps = append(t.planned.Steps, evidence.Step{Number: len(t.planned.Steps) + 1, Text: text})
	default:
		trace.Step(t.spec, "%s", text)
	}
}

// Note writes something into the evidence of the spec.
func (t *Trial) Note(text string) {
	if !t.Rehearses() {
		trace.Note(t.spec, "%s", text)
	}
}

// Block ends the spec, because something that it needs is not there.
func (t *Trial) Block(format string, args ...any) {
	if !t.Rehearses() {
		trace.Block(t.spec, format, args...)
	}
}

// CleanUp does something when the spec is over.
func (t *Trial) CleanUp(do func(context.Context)) {
	if !t.Rehearses() {
		DeferCleanup(func(ctx SpecContext) { do(ctx) })
	}
}

// Verify verifies the requirements that are named, or else those of the spec. The first
// text says what is compared.
func (t *Trial) Verify(what string, actual any, want Expectation, ids ...string) bool {
	return t.check(trace.Verify, what, actual, want, ids)
}

// Must is Verify, and a failure ends the spec.
func (t *Trial) Must(what string, actual any, want Expectation, ids ...string) {
	t.check(trace.Must, what, actual, want, ids)
}

// Require makes sure of a precondition. Where it does not hold the spec is blocked,
// and blames nobody.
func (t *Trial) Require(what string, actual any, want Expectation) {
	defer func(before bool) { t.given = before }(t.given)
	t.given = true
	t.check(trace.Verify, what, actual, want, nil)
}

func (t *Trial) check(begin func(SpecContext, ...string) *trace.Verification, what string, actual any, want Expectation, ids []string) bool {
	switch {
	case t.given:
		ids, begin = nil, func(ctx SpecContext, _ ...string) *trace.Verification { return trace.Need(ctx) }
	case len(ids) == 0:
		ids = t.ids
	}
	if t.Rehearses() {
		t.planned.Planned = append(t.planned.Planned, evidence.Verification{
			Requirements: ids, Step: len(t.planned.Steps), Text: what, Expected: want.Expected(),
		})
		return true
	}
	return begin(t.spec, ids...).At(t.caller()).Expect(actual).To(want, "%s", what)
}

// caller is where a verification stands: in a function of the spec's own, or else in
// the table of specs.
func (t *Trial) caller() string {
	var pcs [32]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(1, pcs[:])])
	for {
		frame, more := frames.Next()
		switch {
		case !more || strings.HasPrefix(frame.Function, "github.com/onsi/ginkgo/"):
			return record.Place(t.place.FileName, t.place.LineNumber)
		case !ours(frame.File):
			return record.Place(frame.File, frame.Line)
		}
	}
}

// ours reports whether a file is one of this package. The names of functions do not tell:
// a closure in a step of a table bears the name of the table.
func ours(file string) bool { return filepath.Dir(file) == folder }

// folder is where the files of this package are.
var folder = func() string {
	_, this, _, _ := runtime.Caller(0)
	return filepath.Dir(this)
}()

// Log writes what happens on a connection into the transcript of the spec.
func (t *Trial) Log() target.Log {
	t.number++
	if t.Rehearses() || t.spec == nil { // or before the first spec
		return Silent
	}
	connection, write := t.number, trace.Transcript(t.spec)
	var sending time.Time
	return func(direction string, data []byte, text string) {
		if direction == "sending" { // an answer may be received before the write returns
			sending = time.Now()
			return
		}
		var at time.Time
		if direction == evidence.Sent {
			at = sending
		}
		write(at, evidence.Exchange{Connection: connection, Direction: direction, Bytes: data, Text: text})
	}
}

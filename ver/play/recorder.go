package play

import (
	"context"
	"runtime"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/types"

	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/trace"
	"github.com/socket-oneline/oneline/trace/record"
	"github.com/socket-oneline/oneline/ver/target"
)

// recorder takes the evidence of a spec.
type recorder interface {
	step(text string)
	Note(text string)
	check(verification) bool
	block(reason string)
	transcript(connection int) target.Log
	CleanUp(func(context.Context))
	Rehearses() bool // nothing is sent: what is verified holds
}

// verification is a comparison to be recorded.
type verification struct {
	what   string   // what is compared
	ids    []string // none: a precondition
	actual any
	want   Expectation
	must   bool // its failure ends the spec
}

// traced records with package trace.
type traced struct {
	ctx SpecContext
	at  types.CodeLocation // of the spec
}

func (r traced) Rehearses() bool { return false }

func (r traced) step(text string) {
	trace.Step(r.ctx, "%s", text)
}

func (r traced) Note(text string) {
	trace.Note(r.ctx, "%s", text)
}

func (r traced) block(reason string) {
	trace.Block(r.ctx, "%s", reason)
}

func (r traced) check(v verification) bool {
	var begun *trace.Verification
	switch {
	case len(v.ids) == 0:
		begun = trace.Need(r.ctx)
	case v.must:
		begun = trace.Must(r.ctx, v.ids...)
	default:
		begun = trace.Verify(r.ctx, v.ids...)
	}
	return begun.At(r.place()).Expect(v.actual).To(v.want, "%s", v.what)
}

// place is where a verification stands: in a function of the spec's own, or else in
// the table of specs.
func (r traced) place() string {
	var pcs [32]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(1, pcs[:])])
	for {
		frame, more := frames.Next()
		_, own := strings.CutPrefix(frame.Function, "github.com/socket-oneline/oneline/ver/play.")
		switch {
		case !more || strings.HasPrefix(frame.Function, "github.com/onsi/ginkgo/"):
			return record.Place(r.at.FileName, r.at.LineNumber)
		case !own:
			return record.Place(frame.File, frame.Line)
		}
	}
}

func (r traced) transcript(connection int) target.Log {
	write := trace.Transcript(r.ctx)
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

func (r traced) CleanUp(do func(context.Context)) {
	DeferCleanup(func(ctx SpecContext) { do(ctx) })
}

// rehearsal records what a spec is going to do and to verify, with no target.
type rehearsal struct {
	planned  *evidence.Spec
	cleanUps *[]func(context.Context)
}

func (r rehearsal) Rehearses() bool { return true }

func (r rehearsal) step(text string) {
	r.planned.Steps = append(r.planned.Steps, evidence.Step{Number: len(r.planned.Steps) + 1, Text: text})
}

func (r rehearsal) Note(string)  {}
func (r rehearsal) block(string) {}

func (r rehearsal) check(v verification) bool {
	r.planned.Planned = append(r.planned.Planned, evidence.Verification{
		Requirements: v.ids, Step: len(r.planned.Steps), Text: v.what, Expected: v.want.Expected(),
	})
	return true
}

func (r rehearsal) transcript(int) target.Log { return Silent }

func (r rehearsal) CleanUp(do func(context.Context)) { *r.cleanUps = append(*r.cleanUps, do) }

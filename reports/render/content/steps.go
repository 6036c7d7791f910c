package content

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/render/document"
)

// stepRow is a row of a spec's steps: an instruction with one of its
// verifications.
type stepRow struct {
	step         int
	requirements string
	instruction  string                 // the text of the step, in its first row
	verification *evidence.Verification // nil: the step verifies nothing
	planned      bool                   // it was not carried out
	at           time.Time
	by           string // the initials of the tester, where a person did it
}

// stepRows pairs each step with its preconditions and verifications, in the
// order of the steps; a step with several has a row for each, with its
// instruction in the first. What was verified before the first step has the
// number 0. Evidence is optional.
func stepRows(e *evidence.Spec) []stepRow {
	if e == nil {
		return nil
	}
	found := make([]stepRow, 0, len(e.Preconditions)+len(e.Verifications)+len(e.Planned))
	for i := range e.Preconditions {
		v := &e.Preconditions[i]
		found = append(found, stepRow{step: v.Step, requirements: "precondition", verification: v, at: v.At})
	}
	for i := range e.Verifications {
		v := &e.Verifications[i]
		found = append(found, stepRow{step: v.Step, requirements: strings.Join(v.Requirements, ", "), verification: v, at: v.At, by: v.By})
	}
	for i := range e.Planned {
		v := &e.Planned[i]
		found = append(found, stepRow{step: v.Step, requirements: cmp.Or(strings.Join(v.Requirements, ", "), "precondition"), verification: v, planned: true})
	}
	slices.SortStableFunc(found, func(a, b stepRow) int { return a.step - b.step })
	steps := slices.Clone(e.Steps)
	slices.SortStableFunc(steps, func(a, b evidence.Step) int { return a.Number - b.Number })

	rows := make([]stepRow, 0, len(steps)+len(found))
	next := 0
	until := func(step int) { // moves the rows of the steps before this one
		for ; next < len(found) && found[next].step < step; next++ {
			rows = append(rows, found[next])
		}
	}
	for _, s := range steps {
		until(s.Number)
		first := len(rows)
		until(s.Number + 1)
		if len(rows) == first {
			rows = append(rows, stepRow{step: s.Number, at: s.At, by: s.By})
		}
		rows[first].instruction = s.Text
		if rows[first].planned {
			rows[first].at, rows[first].by = s.At, s.By
		}
	}
	return append(rows, found[next:]...)
}

// text is what is to be done, and verified if the suite said so.
func (r *stepRow) text() string {
	if r.verification == nil || r.verification.Text == "" {
		return r.instruction
	}
	return strings.TrimLeft(r.instruction+"\n"+r.verification.Text, "\n")
}

var (
	ProtocolColumns = []document.Column{
		{Title: "Step", Width: 5},
		{Title: "Requirements", Width: 14},
		{Title: "Instruction", Width: 20, Grow: 3},
		{Title: "Expected", Width: 20, Grow: 3},
	}
	ReportColumns = append(slices.Clone(ProtocolColumns),
		document.Column{Title: "Actual", Width: 20, Grow: 3},
		document.Column{Title: "Result", Width: 6},
		document.Column{Title: "Time", Width: 12},
	)
)

// protocolSteps are the steps without what only a run can know. How often a
// verification is repeated may depend on the speed of the target, so equal
// rows stand once.
func protocolSteps(e *evidence.Spec) document.Table {
	type key struct {
		step                         int
		requirements, text, expected string
	}
	t := document.Table{Name: "plan", Kin: true, Columns: ProtocolColumns}
	seen := make(map[key]bool)
	for _, r := range stepRows(e) {
		k := key{step: r.step, requirements: r.requirements}
		if v := r.verification; v != nil {
			k.text, k.expected = v.Text, v.Expected
		}
		if seen[k] {
			continue
		}
		seen[k] = true
		t.Rows = append(t.Rows, []document.Cell{document.Text(strconv.Itoa(r.step)), document.Text(r.requirements), document.Text(r.text()), document.Text(k.expected)})
	}
	return t
}

// reportSteps are the steps with what happened.
func StepTable(e *evidence.Spec) document.Table {
	rows := stepRows(e)
	t := document.Table{Name: "steps", Kin: true, Columns: ReportColumns, Rows: make([][]document.Cell, 0, len(rows))}
	for i := range rows {
		r := &rows[i]
		expected, actual, result := "", "", document.Cell{}
		if v := r.verification; v != nil {
			expected = v.Expected
			if !r.planned {
				actual, result = v.Actual, passFail(v.Passed)
			}
		}
		t.Rows = append(t.Rows, []document.Cell{
			document.Text(strconv.Itoa(r.step)), document.Text(r.requirements), document.Text(r.text()), document.Text(expected), document.Text(actual), result, document.Text(r.time()),
		})
	}
	return t
}

// time is when it was done, and by whom if it was done by a person. A person may
// have taken days for it.
func (r *stepRow) time() string {
	if r.by == "" {
		return document.Clock(r.at)
	}
	return r.by + "\n" + r.at.Format("2006-01-02 15:04:05")
}

func passFail(passed bool) document.Cell {
	if passed {
		return document.Cell{Text: "pass", Tone: document.Good}
	}
	return document.Cell{Text: "FAIL", Tone: document.Bad}
}

// transcript shows what went over the wire, each read and write with its time.
func TranscriptOf(e *evidence.Spec) document.Transcript {
	if e == nil {
		return nil
	}
	t := make(document.Transcript, len(e.Transcript))
	for i, x := range e.Transcript {
		mark, what := "*", x.Text
		switch x.Direction {
		case evidence.Sent:
			mark, what = ">", quote(x.Bytes, x.Length)
		case evidence.Received:
			mark, what = "<", quote(x.Bytes, x.Length)
		}
		t[i] = document.Line{Mark: mark, Text: fmt.Sprintf("%10.6f s  #%d %s %s", x.Offset.Seconds(), x.Connection, mark, what)}
	}
	return t
}

// quoted is how many bytes of one read or write are shown.
const quoted = 400

// quote shows bytes so that every one can be told, and says how many there
// were if they are not all there.
func quote(data []byte, length int) string {
	length = max(length, len(data))
	data = data[:min(len(data), quoted)]
	text := strconv.QuoteToASCII(string(data))
	if length > len(data) {
		text += fmt.Sprintf("… (%s bytes in all)", document.Thousands(length))
	}
	return text
}

package render

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/socket-oneline/oneline/reports/evidence"
)

// stepRow is a row of a spec's steps: an instruction with one of its
// verifications.
type stepRow struct {
	number       string
	requirements string
	instruction  string // the text of the step, in its first row
	text         string // what is verified, if the suite said so
	expected     string
	verification *evidence.Verification // nil: the step verifies nothing
	time         string
}

// stepRows pairs each step with its verifications and preconditions; a step
// with several has a row for each, with its instruction in the first. What was
// verified before the first step has the number 0. Evidence is optional.
func stepRows(e *evidence.Spec) []stepRow {
	if e == nil {
		return nil
	}
	steps := slices.Clone(e.Steps)
	known := make(map[int]bool, len(steps))
	for _, s := range steps {
		known[s.Number] = true
	}
	for _, v := range slices.Concat(e.Preconditions, e.Verifications) {
		if !known[v.Step] {
			known[v.Step] = true
			steps = append(steps, evidence.Step{Number: v.Step})
		}
	}
	slices.SortStableFunc(steps, func(a, b evidence.Step) int { return a.Number - b.Number })

	byStep := make(map[int][]stepRow, len(steps))
	collect := func(all []evidence.Verification, names func(*evidence.Verification) string) {
		for i := range all {
			v := &all[i]
			byStep[v.Step] = append(byStep[v.Step], stepRow{
				requirements: names(v), text: v.Text, expected: v.Expected,
				verification: v, time: clock(v.At),
			})
		}
	}
	collect(e.Preconditions, func(*evidence.Verification) string { return "precondition" })
	collect(e.Verifications, func(v *evidence.Verification) string { return strings.Join(v.Requirements, ", ") })

	rows := make([]stepRow, 0, len(steps)+len(e.Preconditions)+len(e.Verifications))
	for _, s := range steps {
		of := byStep[s.Number]
		delete(byStep, s.Number) // a number that came twice has its verifications once
		if len(of) == 0 {
			of = []stepRow{{time: clock(s.At)}}
		}
		of[0].instruction = s.Text
		for _, r := range of {
			r.number = strconv.Itoa(s.Number)
			rows = append(rows, r)
		}
	}
	return rows
}

// what is to be done and verified.
func (r *stepRow) what() string { return strings.Trim(r.instruction+"\n"+r.text, "\n") }

var (
	protocolColumns = []Column{
		{Title: "Step", Width: 5},
		{Title: "Requirements", Width: 14},
		{Title: "Instruction", Width: 20, Grow: 3},
		{Title: "Expected", Width: 20, Grow: 3},
	}
	reportColumns = append(slices.Clone(protocolColumns),
		Column{Title: "Actual", Width: 20, Grow: 3},
		Column{Title: "Result", Width: 6},
		Column{Title: "Time", Width: 12},
	)
)

// protocolSteps are the steps without what only a run can know. How often a
// verification is repeated may depend on the speed of the target, so equal
// rows stand once.
func protocolSteps(e *evidence.Spec) Table {
	t := Table{Name: "plan", Columns: protocolColumns}
	seen := make(map[[4]string]bool)
	for _, r := range stepRows(e) {
		key := [4]string{r.number, r.requirements, r.text, r.expected}
		if seen[key] {
			continue
		}
		seen[key] = true
		t.Rows = append(t.Rows, []Cell{cell(r.number), cell(r.requirements), cell(r.what()), cell(r.expected)})
	}
	return t
}

// reportSteps are the steps with what happened.
func reportSteps(e *evidence.Spec) Table {
	rows := stepRows(e)
	t := Table{Name: "steps", Columns: reportColumns, Rows: make([][]Cell, 0, len(rows))}
	for _, r := range rows {
		actual, result := "", Cell{}
		if v := r.verification; v != nil {
			actual, result = v.Actual, passFail(v.Passed)
		}
		t.Rows = append(t.Rows, []Cell{
			cell(r.number), cell(r.requirements), cell(r.what()), cell(r.expected), cell(actual), result, cell(r.time),
		})
	}
	return t
}

func passFail(passed bool) Cell {
	if passed {
		return Cell{Text: "pass", Tone: Good}
	}
	return Cell{Text: "FAIL", Tone: Bad}
}

// transcript shows what went over the wire, each read and write with its time.
func transcript(e *evidence.Spec) Transcript {
	if e == nil {
		return nil
	}
	t := make(Transcript, len(e.Transcript))
	for i, x := range e.Transcript {
		mark, what := "*", x.Text
		switch x.Direction {
		case evidence.Sent:
			mark, what = ">", quote(x.Bytes, x.Length)
		case evidence.Received:
			mark, what = "<", quote(x.Bytes, x.Length)
		}
		t[i] = Line{mark, fmt.Sprintf("%10.6f s  #%d %s %s", x.Offset.Seconds(), x.Connection, mark, what)}
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
		text += fmt.Sprintf("… (%s bytes in all)", thousands(length))
	}
	return text
}

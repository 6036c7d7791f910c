package content

import (
	"cmp"
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
	protocolColumns = []document.Column{
		{Title: "Step", Width: 5},
		{Title: "Requirements", Width: 14},
		{Title: "Instruction", Width: 20, Grow: 3},
		{Title: "Expected", Width: 20, Grow: 3, Fixed: true},
	}
	reportColumns = append(slices.Clone(protocolColumns),
		document.Column{Title: "Actual", Width: 20, Grow: 3, Fixed: true},
		document.Column{Title: "Result", Width: 6},
		document.Column{Title: "Time", Width: 12},
	)
)

// enoughToFold is how many rows of one step it takes to show them as one.
const enoughToFold = 4

// fold takes the runs of passing rows of one step together that a person would
// not read one by one. It yields each row, or the first and the last of a run,
// and how many rows it stands for. Planned rows are those of a test protocol.
func fold(rows []stepRow, yield func(first, last *stepRow, n int)) {
	for i := 0; i < len(rows); {
		end := i + 1
		for end < len(rows) && rows[i].continuedBy(&rows[end]) {
			end++
		}
		if end-i < enoughToFold {
			end = i + 1
		}
		yield(&rows[i], &rows[end-1], end-i)
		i = end
	}
}

// continuedBy reports whether another row may stand together with r.
func (r *stepRow) continuedBy(other *stepRow) bool {
	return r.step == other.step && r.requirements == other.requirements && r.planned == other.planned && other.instruction == "" &&
		r.verification != nil && other.verification != nil && r.by == "" && other.by == "" &&
		(r.planned || r.verification.Passed && other.verification.Passed)
}

// span shows the first and the last of several texts.
func span(first, last string) string {
	if first == last {
		return first
	}
	return first + "\nto\n" + last
}

// protocolSteps are the steps without what only a run can know. How often a
// verification is repeated may depend on the speed of the target, so equal
// rows stand once.
func protocolSteps(e *evidence.Spec) document.Table {
	type key struct {
		step                         int
		requirements, text, expected string
	}
	var rows []stepRow
	seen := make(map[key]bool)
	for _, r := range stepRows(e) {
		k := key{step: r.step, requirements: r.requirements}
		if v := r.verification; v != nil {
			k.text, k.expected = v.Text, v.Expected
		}
		if !seen[k] {
			seen[k] = true
			r.planned, r.by = true, ""
			rows = append(rows, r)
		}
	}
	t := document.Table{Name: "plan", Kin: true, Columns: protocolColumns}
	fold(rows, func(first, last *stepRow, n int) {
		expected := ""
		if v := first.verification; v != nil {
			expected = span(v.Expected, last.verification.Expected)
		}
		t.Rows = append(t.Rows, []document.Cell{
			document.Text(strconv.Itoa(first.step)), document.Text(first.requirements), document.Text(first.foldedText(last, n)), document.Text(expected),
		})
	})
	return t
}

// foldedText is the text of the row, or of the run that it begins.
func (r *stepRow) foldedText(last *stepRow, n int) string {
	if n == 1 {
		return r.text()
	}
	text := strings.TrimLeft(r.instruction+"\n"+document.Thousands(n)+" verifications", "\n")
	if a, b := r.verification.Text, last.verification.Text; a != "" && b != "" {
		text += ", " + strings.ReplaceAll(span(a, b), "\n", " ")
	}
	return text
}

// StepTable shows the steps with what happened. Runs of passing rows are folded,
// unless all is asked for.
func StepTable(e *evidence.Spec, all bool) document.Table {
	rows := stepRows(e)
	t := document.Table{Name: "steps", Kin: true, Columns: reportColumns, Rows: make([][]document.Cell, 0, len(rows))}
	if all {
		for i := range rows {
			t.Rows = append(t.Rows, rows[i].cells(&rows[i], 1))
		}
		return t
	}
	fold(rows, func(first, last *stepRow, n int) { t.Rows = append(t.Rows, first.cells(last, n)) })
	return t
}

// cells are those of the row, or of the run that it begins.
func (r *stepRow) cells(last *stepRow, n int) []document.Cell {
	var expected, actual, result document.Cell
	switch v := r.verification; {
	case v == nil:
	case n > 1:
		expected, result = document.Text(span(v.Expected, last.verification.Expected)), passFail(true)
		actual = document.Text("as expected, " + document.Thousands(n) + " times")
	case r.planned:
		expected = document.Text(v.Expected)
	case v.Passed:
		expected, actual, result = document.Text(v.Expected), document.Text(v.Actual), passFail(true)
	default:
		expected, actual = Compared(v.Expected, v.Actual)
		result = passFail(false)
	}
	return []document.Cell{
		document.Text(strconv.Itoa(r.step)), document.Text(r.requirements), document.Text(r.foldedText(last, n)), expected, actual, result, document.Text(r.time()),
	}
}

// brief shows the rows of a table of steps that did not pass, and in one row each
// what passed between them. The annex has them all.
func brief(t document.Table) document.Table {
	var rows [][]document.Cell
	for i := 0; i < len(t.Rows); {
		end := i
		for end < len(t.Rows) && t.Rows[end][resultColumn].Tone != document.Bad {
			end++
		}
		if end-i < enoughToFold {
			rows = append(rows, t.Rows[i:min(max(end, i+1), len(t.Rows))]...)
			i = max(end, i+1)
			continue
		}
		first, last := t.Rows[i], t.Rows[end-1]
		step := first[0].Text
		if last[0].Text != step {
			step += " to " + last[0].Text
		}
		rows = append(rows, []document.Cell{
			document.Text(step), {}, document.Text(first[2].Text + "\n… " + document.Plural(end-i-1, "row") + " more, all as expected"), {}, {}, passFail(true), first[6],
		})
		i = end
	}
	t.Rows = rows
	return t
}

// resultColumn is the place of the result among reportColumns.
const resultColumn = 5

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

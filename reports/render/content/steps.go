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
	add := func(all []evidence.Verification, planned bool) {
		for i := range all {
			v := &all[i]
			r := stepRow{step: v.Step, requirements: cmp.Or(strings.Join(v.Requirements, ", "), "precondition"), verification: v, planned: planned}
			if !planned {
				r.at, r.by = v.At, v.By
			}
			found = append(found, r)
		}
	}
	add(e.Preconditions, false)
	add(e.Verifications, false)
	add(e.Planned, true)
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

// text is the instruction, and below it what is verified if the suite said so.
func (r *stepRow) text() string {
	if r.verification == nil || r.verification.Text == "" {
		return r.instruction
	}
	return strings.TrimLeft(r.instruction+"\n"+r.verification.Text, "\n")
}

var (
	reportColumns = []document.Column{
		words("Step", 5, 0), words("Requirements", 14, 0), words("Instruction", 20, 3),
		{Title: "Expected", Width: 20, Grow: 3, Fixed: true},
		{Title: "Actual", Width: 20, Grow: 3, Fixed: true},
		words("Result", 6, 0), words("Time", 12, 0),
	}
	protocolColumns = reportColumns[:4:4]
)

// enoughToFold is how many rows of one step it takes to show them as one.
const enoughToFold = 4

// fold takes the rows together that a person would not read one by one: as many in
// a row as alike allows. It yields the first and the last of each run, and how many
// there are.
func fold(rows []stepRow, alike func(first, next *stepRow) bool, yield func(first, last *stepRow, n int)) {
	for i := 0; i < len(rows); {
		end := i + 1
		for end < len(rows) && alike(&rows[i], &rows[end]) {
			end++
		}
		if end-i < enoughToFold {
			end = i + 1
		}
		yield(&rows[i], &rows[end-1], end-i)
		i = end
	}
}

// repeated reports whether the next row verifies for the same step again, as planned
// or with success.
func repeated(first, next *stepRow) bool {
	return first.step == next.step && first.requirements == next.requirements && first.planned == next.planned && next.instruction == "" &&
		first.verification != nil && next.verification != nil && first.by == "" && next.by == "" &&
		(first.planned || first.verification.Passed && next.verification.Passed)
}

// uneventful reports whether neither row failed.
func uneventful(first, next *stepRow) bool { return !first.failed() && !next.failed() }

func (r *stepRow) failed() bool {
	return r.verification != nil && !r.planned && !r.verification.Passed
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
	fold(rows, repeated, func(first, last *stepRow, n int) {
		t.Rows = append(t.Rows, first.cells(last, n)[:len(t.Columns)])
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

// Detail says how much a table of steps shows.
type Detail int

const (
	Everything Detail = iota // a row for each verification
	Folded                   // passing verifications of one step that repeat each other in one row
	Brief                    // what failed, and in one row what passed between that
)

// StepTable shows the steps with what happened.
func StepTable(e *evidence.Spec, detail Detail) document.Table {
	rows := stepRows(e)
	t := document.Table{Name: "steps", Kin: true, Columns: reportColumns, Rows: make([][]document.Cell, 0, len(rows))}
	alike := map[Detail]func(first, next *stepRow) bool{
		Everything: func(_, _ *stepRow) bool { return false }, Folded: repeated, Brief: uneventful,
	}[detail]
	fold(rows, alike, func(first, last *stepRow, n int) {
		if detail == Brief && n > 1 {
			t.Rows = append(t.Rows, first.briefly(last, n))
		} else {
			t.Rows = append(t.Rows, first.cells(last, n))
		}
	})
	return t
}

// briefly are the cells of a run of rows that passed.
func (r *stepRow) briefly(last *stepRow, n int) []document.Cell {
	step := strconv.Itoa(r.step)
	if last.step != r.step {
		step += " to " + strconv.Itoa(last.step)
	}
	text := r.text() + "\n… " + document.Plural(n-1, "row") + " more, all as expected"
	return []document.Cell{document.Text(step), {}, document.Text(text), {}, {}, passFail(true), document.Text(r.time())}
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

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
	e = cmp.Or(e, &evidence.Spec{})
	rows := make([]stepRow, 0, len(e.Steps)+len(e.Preconditions)+len(e.Verifications)+len(e.Planned))
	first := map[int]int{} // the first row of each step that verifies something
	add := func(all []evidence.Verification, planned bool) {
		for i := range all {
			v := &all[i]
			r := stepRow{step: v.Step, requirements: cmp.Or(strings.Join(v.Requirements, ", "), "precondition"), verification: v, planned: planned}
			if !planned {
				r.at, r.by = v.At, v.By
			}
			if _, known := first[v.Step]; !known {
				first[v.Step] = len(rows)
			}
			rows = append(rows, r)
		}
	}
	add(e.Preconditions, false)
	add(e.Verifications, false)
	add(e.Planned, true)
	for _, s := range e.Steps {
		i, verifies := first[s.Number]
		if !verifies {
			i = len(rows)
			rows = append(rows, stepRow{step: s.Number})
		}
		delete(first, s.Number)
		rows[i].instruction = s.Text
		if !verifies || rows[i].planned {
			rows[i].at, rows[i].by = s.At, s.By
		}
	}
	slices.SortStableFunc(rows, func(a, b stepRow) int { return a.step - b.step })
	return rows
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

// enoughToFold is how many rows it takes to show them as one.
const enoughToFold = 4

// run is one row, or several that are shown as one.
type run []stepRow

// fold takes the rows together that a person would not read one by one: as many in
// a row as alike allows.
func fold(rows []stepRow, alike func(first, next *stepRow) bool) []run {
	all := make([]run, 0, len(rows))
	for len(rows) > 0 {
		n := 1
		for n < len(rows) && alike(&rows[0], &rows[n]) {
			n++
		}
		if n < enoughToFold {
			n = 1
		}
		all = append(all, run(rows[:n]))
		rows = rows[n:]
	}
	return all
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
	for _, r := range fold(rows, repeated) {
		t.Rows = append(t.Rows, r.cells()[:len(t.Columns)])
	}
	return t
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
	for _, r := range fold(rows, alike) {
		if detail == Brief && len(r) > 1 {
			t.Rows = append(t.Rows, r.briefly())
		} else {
			t.Rows = append(t.Rows, r.cells())
		}
	}
	return t
}

// briefly are the cells of rows that passed.
func (r run) briefly() []document.Cell {
	first, last := &r[0], &r[len(r)-1]
	step := strconv.Itoa(first.step)
	if last.step != first.step {
		step += " to " + strconv.Itoa(last.step)
	}
	text := first.text() + "\n… " + document.Plural(len(r)-1, "row") + " more, all as expected"
	return []document.Cell{document.Text(step), {}, document.Text(text), {}, {}, passFail(true), document.Text(first.time())}
}

// cells are those of one row, or of several that repeat each other.
func (r run) cells() []document.Cell {
	first, last := &r[0], &r[len(r)-1]
	text := first.text()
	var expected, actual, result document.Cell
	switch v := first.verification; {
	case v == nil:
	case len(r) > 1:
		times := document.Thousands(len(r))
		text = strings.TrimLeft(first.instruction+"\n"+times+" verifications", "\n")
		if a, b := v.Text, last.verification.Text; a != "" && b != "" {
			text += ", " + strings.ReplaceAll(span(a, b), "\n", " ")
		}
		expected, result = document.Text(span(v.Expected, last.verification.Expected)), passFail(true)
		actual = document.Text("as expected, " + times + " times")
	case first.planned:
		expected = document.Text(v.Expected)
	case v.Passed:
		expected, actual, result = document.Text(v.Expected), document.Text(v.Actual), passFail(true)
	default:
		expected, actual = Compared(v.Expected, v.Actual)
		result = passFail(false)
	}
	return []document.Cell{
		document.Text(strconv.Itoa(first.step)), document.Text(first.requirements), document.Text(text), expected, actual, result, document.Text(first.time()),
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

package content

import (
	"slices"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/render/document"
)

// Columns that many tables have.
var (
	requirementColumn = words("Requirement", 16, 0)
	verdictColumn     = words("Verdict", 14, 0)
)

// words is a column of texts; see [document.Column] for width and share.
func words(title string, width, share int) document.Column {
	return document.Column{Title: title, Width: width, Grow: share}
}

// number is a column of numbers.
func number(title string) document.Column {
	return document.Column{Title: title, Width: max(len(title), 9), Right: true} // up to 9,999,999
}

// toned is a cell that has a tone if that is called for.
func toned(text string, on bool, tone document.Tone) document.Cell {
	if !on {
		tone = document.Plain
	}
	return document.Cell{Text: text, Tone: tone}
}

// linkTo is an id that leads to its place.
func linkTo(id string) document.Cell { return document.Cell{Text: id, Link: id} }

// place is an id that links lead to, and that leads to its place elsewhere.
func place(id string) document.Cell { return document.Cell{Text: id, Anchor: id, Link: id} }

// titled is a section; nil if all of its blocks are empty.
func titled(title string, blocks ...document.Block) document.Block {
	for range document.Blocks(blocks...) {
		return document.Section{Title: title, Body: document.Blocks(blocks...)}
	}
	return nil
}

// folded is [titled], shown closed where the format can open it.
func folded(title string, blocks ...document.Block) document.Block {
	if s, ok := titled(title, blocks...).(document.Section); ok {
		s.Fold = true
		return s
	}
	return nil
}

// muted is a remark.
func muted(text string) document.Paragraph {
	return document.Paragraph{Text: text, Tone: document.Muted}
}

// VerdictCell shows a verdict, or nothing for an empty one.
func VerdictCell(v reports.Verdict) document.Cell {
	return document.Cell{Text: string(v), Tone: verdictTones[v]}
}

var verdictTones = map[reports.Verdict]document.Tone{
	reports.Pass: document.Good, reports.PassOutcome: document.Good,
	reports.Fail: document.Bad, reports.Invalid: document.Bad,
	reports.Partial: document.Warn, reports.NotTested: document.Warn,
	reports.NotObservable: document.Muted,
}

// ResultCell shows the result of a spec for one of its requirements.
func ResultCell(r reports.Result) document.Cell {
	return document.Cell{Text: string(r), Tone: resultTones[r]}
}

var resultTones = map[reports.Result]document.Tone{
	reports.ResultPass: document.Good, reports.ResultPassOutcome: document.Good, reports.ResultFail: document.Bad,
	reports.ResultBlocked: document.Warn, reports.ResultSkipped: document.Warn, reports.ResultNoEvidence: document.Warn,
	reports.ResultNotObservable: document.Muted,
}

// Outcome says in some words how a run ended. What passed only because it is
// justified does not go as passed.
func Outcome(m *reports.Model) document.Cell {
	accepted := func(r reports.Requirement) bool { return r.Justification != nil && r.InScope }
	if m.ExitCode == reports.ExitPassed && m.AcceptJustified && slices.ContainsFunc(m.Requirements, accepted) {
		return document.Cell{Text: "Accepted as justified", Tone: document.Warn}
	}
	return Exits[m.ExitCode]
}

// Exits says in some words what the exit codes mean.
var Exits = map[int]document.Cell{
	reports.ExitPassed:     {Text: "Passed", Tone: document.Good},
	reports.ExitFailed:     {Text: "Failed", Tone: document.Bad},
	reports.ExitNothing:    {Text: "Nothing concluded", Tone: document.Bad},
	reports.ExitNoTarget:   {Text: "Target not reached", Tone: document.Warn},
	reports.ExitIncomplete: {Text: "Incomplete", Tone: document.Warn},
}

// Counts says how many verifications held: "12", or "11 of 12" if not all did.
func Counts(c reports.Counts) string {
	if c.Failed == 0 {
		return document.Thousands(c.Passed)
	}
	return document.Thousands(c.Passed) + " of " + document.Thousands(c.Passed+c.Failed)
}

// PassedFailed says the same in words.
func PassedFailed(c reports.Counts) string {
	return document.Thousands(c.Passed) + " passed, " + document.Thousands(c.Failed) + " failed"
}

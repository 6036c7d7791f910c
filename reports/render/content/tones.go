package content

import (
	"slices"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/render/document"
)

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

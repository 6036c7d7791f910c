package content

import (
	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/render/document"
)

// VerdictCell shows a verdict, or nothing for an empty one.
func VerdictCell(v reports.Verdict) document.Cell {
	return document.Cell{Text: string(v), Tone: VerdictTone(v)}
}

// VerdictTone is that of a verdict.
func VerdictTone(v reports.Verdict) document.Tone {
	switch v {
	case "":
		return document.Plain
	case reports.Pass, reports.PassOutcome:
		return document.Good
	case reports.Fail, reports.Invalid:
		return document.Bad
	case reports.NotObservable:
		return document.Muted
	}
	return document.Warn
}

// ResultCell shows the result of a spec for one of its requirements.
func ResultCell(r reports.Result) document.Cell {
	tone := document.Warn
	switch r {
	case reports.ResultPass, reports.ResultPassOutcome:
		tone = document.Good
	case reports.ResultFail:
		tone = document.Bad
	case reports.ResultNotObservable:
		tone = document.Muted
	}
	return document.Cell{Text: string(r), Tone: tone}
}

// Outcome says in some words how a run ended. What passed only because it is
// justified does not go as passed.
func Outcome(m *reports.Model) (string, document.Tone) {
	if m.ExitCode == reports.ExitPassed && m.AcceptJustified {
		for _, r := range m.Requirements {
			if r.Justification != nil && r.InScope {
				return "Accepted as justified", document.Warn
			}
		}
	}
	return ExitText(m.ExitCode)
}

// ExitText says in two words what the exit code means.
func ExitText(code int) (string, document.Tone) {
	switch code {
	case reports.ExitPassed:
		return "Passed", document.Good
	case reports.ExitFailed:
		return "Failed", document.Bad
	case reports.ExitNothing:
		return "Nothing concluded", document.Bad
	case reports.ExitNoTarget:
		return "Target not reached", document.Warn
	}
	return "Incomplete", document.Warn
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

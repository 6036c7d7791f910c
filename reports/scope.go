package reports

import (
	"cmp"
	"slices"
	"strings"

	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/results"
	"github.com/socket-oneline/oneline/reports/srs"
)

// A scope is what was to be verified.
type scope struct {
	level  string // only requirements of that level; empty: of all
	tester string // "auto": only what a program verifies; empty: all
	runs   []*evidence.Run
}

// outside says why a requirement is out of scope, whatever its specs say; empty if it is
// in scope. kinds is what a target must show for it.
func (s *scope) outside(r *srs.Requirement, kinds []string) string {
	if reason := cmp.Or(s.outsideLevel(r.Level), s.outsideTester(r.Tester)); reason != "" {
		return reason
	}
	for _, run := range s.runs {
		if len(run.Groups) == 0 || slices.Contains(run.Groups, r.Group) {
			return ""
		}
	}
	reason := "group " + r.Group + " is not in scope of this target"
	if need := s.needs(kinds); need != "" {
		reason += ": " + need
	}
	return reason
}

func (s *scope) outsideLevel(level string) string {
	if s.level == "" || level == s.level {
		return ""
	}
	return cmp.Or(level, "no level") + " is left out by -level " + s.level
}

func (s *scope) outsideTester(tester string) string {
	if s.tester == "" || tester != "manual" {
		return ""
	}
	return "what persons verify is out of scope"
}

// shows reports whether any target can show any of the kinds. Every target shows an
// empty list.
func (s *scope) shows(kinds []string) bool {
	for _, run := range s.runs {
		if len(kinds) == 0 || run.Shows == nil || slices.ContainsFunc(kinds, func(k string) bool { return slices.Contains(run.Shows, k) }) {
			return true
		}
	}
	return false
}

// needs says what it takes to observe the kinds; empty if one of the targets shows all of
// them.
func (s *scope) needs(kinds []string) string {
	reason := ""
	for _, run := range s.runs {
		need := needs(run, kinds)
		if need == "" {
			return ""
		}
		reason = cmp.Or(reason, need)
	}
	return reason
}

// needs says what it takes to observe the kinds that the target of a run does not show;
// empty if it shows all of them.
func needs(run *evidence.Run, kinds []string) string {
	if run.Shows == nil {
		return ""
	}
	var reasons []string
	for _, kind := range kinds {
		if !slices.Contains(run.Shows, kind) {
			reasons = results.AppendNew(reasons, cmp.Or(oneLine(run.Needs[kind]), "needs a target that shows "+kind))
		}
	}
	return strings.Join(reasons, ", ")
}

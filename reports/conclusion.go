package reports

import (
	"cmp"
	"fmt"
	"strings"
)

// conclusion returns the closing lines: the target, what was verified and what was not,
// with the reasons.
func (b *builder) conclusion(m *Model) []string {
	s := &m.Summary
	var all lines
	add := all.add
	add("%s: %d of %s verified: %d passed, %d failed.",
		cmp.Or(oneLine(m.Run.Target.Name), "no target"), s.Verified, plural(s.Requirements, "requirement"), s.Pass, s.Fail)
	if i, n, ok := parseShard(b.shard); ok {
		add("Shard %d of %d, no verdict: what other shards may carry out is not counted.", i, n)
	}
	if m.Run.Unreachable != "" {
		add("The target could not be reached: %s", fullStop(oneLine(m.Run.Unreachable)))
	}
	if m.Run.Only != "" {
		add("In scope is only what a program verifies, not what persons do.")
	}
	if why := b.unstarted; why != "" {
		add("The command could not be started: %s", fullStop(oneLine(why)))
	}
	if why := b.cutShort; why != "" {
		add("%s: oneline ended the command before it had finished.", strings.ToUpper(why[:1])+why[1:])
	}
	if !m.Run.Complete {
		add("The run is not complete: %s", fullStop(cmp.Or(firstOf(m.Incomplete), "not every spec that was chosen to run did so")))
	}
	if s.Fail > 0 {
		add("%d failed: %s.", s.Fail, ranges(m.ids(Fail)))
	}
	if top := m.failedAtTop(); len(top) > 0 {
		add("Failed at the top: %s.", firstOf(top))
	}
	m.concludeOutcomes(&all)
	for _, v := range []struct {
		verdict Verdict
		words   string
	}{
		{NotObservable, "not observable" + where[m.Run.Target.Kind]},
		{Partial, "verified in part"},
		{NotTested, "not tested"},
		{Invalid, "invalid"},
	} {
		if n := s.Count(v.verdict); n > 0 {
			add("%d %s: %s", n, v.words, fullStop(m.grouped(v.verdict)))
		}
	}
	if s.Justified > 0 {
		add("%d justified: %s.", s.Justified, ranges(m.idsWhere(func(r *Requirement) bool { return r.Justification != nil })))
		if m.AcceptJustified {
			add("%s", b.acceptance(m))
		}
	}
	if p := m.Run.Protocol; p != nil && m.Run.Type == "dryrun" {
		add("Dry run: nothing was sent to the target. Test protocol issued: %s, SHA-256 %s", p.Name, p.SHA256)
	} else if p != nil {
		add("By the test protocol %s, SHA-256 %s", p.Name, p.SHA256)
	}
	if n := len(m.Problems); n > 0 {
		add("Nothing can be concluded, because of %s: %s", plural(n, "problem"), fullStop(firstOf(m.Problems)))
	}
	m.concludeLock(&all)
	if b.watched {
		m.concludeCode(&all)
	}
	m.concludeMutants(&all)
	levels := make([]string, len(s.Levels))
	for i, l := range s.Levels {
		levels[i] = fmt.Sprintf("%s %d of %d", levelWord(l.Name), l.Pass, l.InScope)
	}
	if len(levels) > 0 {
		add("%s.    exit code %d", strings.Join(levels, ", "), m.ExitCode)
	} else {
		add("exit code %d", m.ExitCode)
	}
	return all
}

// lines of a conclusion.
type lines []string

func (l *lines) add(format string, args ...any) { *l = append(*l, fmt.Sprintf(format, args...)) }

// where completes "not observable" by the kind of the target.
var where = map[string]string{
	"address": " at an address", "launched": " on a launched server", "client": " on a client",
}

// levelWord names the requirements of a level.
func levelWord(level string) string {
	if level == "rule" {
		return "rules"
	}
	return level
}

// ids returns the ids of the requirements that have a verdict.
func (m *Model) ids(v Verdict) []string {
	return m.idsWhere(func(r *Requirement) bool { return r.Verdict == v })
}

// idsWhere returns the ids of the requirements that are wanted.
func (m *Model) idsWhere(wanted func(*Requirement) bool) (ids []string) {
	for i := range m.Requirements {
		if r := &m.Requirements[i]; wanted(r) {
			ids = append(ids, r.ID)
		}
	}
	return ids
}

// grouped lists the requirements that have a verdict by reason, in the order in which the
// reasons occur.
func (m *Model) grouped(v Verdict) string {
	var order []string
	ids := make(map[string][]string)
	for i := range m.Requirements {
		r := &m.Requirements[i]
		if r.Verdict != v {
			continue
		}
		reason := r.Reason
		if v == NotObservable { // one thing that helps is enough here; the row has them all
			reason, _, _ = strings.Cut(reason, reasonBreak)
		}
		if len(reason) > enough { // likewise, of what was seen
			reason, _, _ = strings.Cut(reason, ": ")
		}
		if r.ofChildren() {
			reason = "through their children"
		}
		if ids[reason] == nil {
			order = append(order, reason)
		}
		ids[reason] = append(ids[reason], r.ID)
	}
	groups := make([]string, len(order))
	for i, reason := range order {
		groups[i] = ranges(ids[reason]) + because(len(ids[reason]), reason)
	}
	return strings.Join(groups, "; ")
}

// enough is how long a reason may be that stands in the conclusion as it is.
const enough = 100

// because formats a reason that follows n ids.
func because(n int, reason string) string {
	need, isNeed := strings.CutPrefix(reason, "needs ")
	switch {
	case isNeed && n > 1:
		return " need " + need
	case isNeed:
		return " " + reason
	}
	return " (" + reason + ")"
}

func fullStop(text string) string {
	if strings.HasSuffix(text, ".") {
		return text
	}
	return text + "."
}

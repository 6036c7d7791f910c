package reports

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/socket-oneline/oneline/reports/results"
)

// conclusion returns the closing lines: the target, what was verified and what was not,
// with the reasons.
func (b *builder) conclusion(m *Model) []string {
	s := &m.Summary
	var l lines
	l.add("%s: %d of %s tested: %d passed, %d failed.",
		cmp.Or(oneLine(m.Run.Target.Name), "no target"), s.Verified, plural(s.Requirements, "requirement"), s.Pass, s.Fail)
	i, n, isShard := ParseShard(b.shard)
	l.addIf(isShard, "Shard %d of %d, no verdict: what other shards may carry out is not counted.", i, n)
	l.addIf(m.Run.Unreachable != "", "The target could not be reached: %s", fullStop(oneLine(m.Run.Unreachable)))
	l.addIf(m.Run.Only != "", "In scope is only what a program verifies, not what persons do.")
	l.addIf(b.unstarted != "", "The command could not be started: %s", fullStop(oneLine(b.unstarted)))
	if why := b.cutShort; why != "" {
		l.add("%s: oneline ended the command before it had finished.", strings.ToUpper(why[:1])+why[1:])
	}
	l.addIf(!m.Run.Complete, "The run is not complete: %s", fullStop(cmp.Or(firstOf(m.Incomplete), "not every spec that was chosen to run did so")))
	l.addIf(s.Fail > 0, "%d failed: %s.", s.Fail, ranges(m.ids(Fail)))
	top := m.failedAtTop()
	l.addIf(len(top) > 0, "Failed at the top: %s.", firstOf(top))
	m.concludeOutcomes(&l)
	for _, v := range []struct {
		verdict Verdict
		words   string
	}{
		{NotObservable, "not observable" + where[m.Run.Target.Kind]},
		{Partial, "tested in part"},
		{NotTested, "not tested"},
		{Invalid, "invalid"},
	} {
		n := s.Count(v.verdict)
		l.addIf(n > 0, "%d %s: %s", n, v.words, fullStop(m.grouped(v.verdict)))
	}
	if s.Justified > 0 {
		l.add("%d justified: %s.", s.Justified, ranges(m.idsWhere(func(r *Requirement) bool { return r.Justification != nil })))
		l.addIf(m.AcceptJustified, "%s", b.acceptance(m))
	}
	if p := m.Run.Protocol; p != nil && m.Run.Type == "dryrun" {
		l.add("Dry run: nothing was sent to the target. Test protocol issued: %s, SHA-256 %s", p.Name, p.SHA256)
	} else if p != nil {
		l.add("By the test protocol %s, SHA-256 %s", p.Name, p.SHA256)
	}
	l.addIf(len(m.Problems) > 0, "Nothing can be concluded, because of %s: %s", plural(len(m.Problems), "problem"), fullStop(firstOf(m.Problems)))
	m.concludeLock(&l)
	if b.watched {
		m.concludeCode(&l)
	}
	m.concludeMutants(&l)
	levels := make([]string, len(s.Levels))
	for i, level := range s.Levels {
		levels[i] = fmt.Sprintf("%s %d of %d", cmp.Or(levelWords[level.Name], level.Name), level.Pass, level.InScope)
	}
	if len(levels) > 0 {
		l.add("%s.    exit code %d", strings.Join(levels, ", "), m.ExitCode)
	} else {
		l.add("exit code %d", m.ExitCode)
	}
	return l
}

// lines of a conclusion.
type lines []string

func (l *lines) add(format string, args ...any) { *l = append(*l, fmt.Sprintf(format, args...)) }

func (l *lines) addIf(holds bool, format string, args ...any) {
	if holds {
		l.add(format, args...)
	}
}

// where completes "not observable" by the kind of the target.
var where = map[string]string{
	"address": " at an address", "launched": " on a launched server", "client": " on a client",
}

// levelWords name the requirements of levels that are called otherwise.
var levelWords = map[string]string{"rule": "rules"}

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
	for _, r := range m.Requirements {
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
		order = results.AppendNew(order, reason)
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

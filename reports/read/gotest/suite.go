package gotest

import (
	"regexp"
	"strings"

	"github.com/socket-oneline/oneline/reports/read/ids"
	"github.com/socket-oneline/oneline/reports/results"
)

func (t *Test) attribute(key, value string) {
	switch {
	case ids.Recorded(key, value):
		t.Recorded = true
	case ids.Names(key):
		t.Requirements = results.AppendNew(t.Requirements, ids.Split(value)...)
	}
}

// named returns the ids that a test or one of its parents names. A test that records
// verifications does not inherit any.
func (t *Test) named(find ids.Finder) []string {
	list := results.AppendNew(nil, t.Requirements...)
	for p := t.parent; p != nil && !t.Recorded && !p.Recorded; p = p.parent {
		list = results.AppendNew(list, p.Requirements...)
	}
	return results.AppendNew(list, find.In(t.Title)...)
}

// recorded reports whether the test or one of its parents records verifications.
func (t *Test) recorded() bool { return t != nil && (t.Recorded || t.parent.recorded()) }

// suite returns the package as a suite.
func (p *Package) suite(find ids.Finder) results.Suite {
	s := p.Suite
	for _, t := range p.Tests {
		spec := t.Spec
		spec.Requirements = t.named(find)
		switch {
		case t.State != results.Passed:
		case t.Recorded:
			spec.NoEvidence = ids.NotHere
		case p.Cached:
			spec.NoEvidence = results.Cached
		}
		switch {
		case t.Elsewhere:
		case len(spec.Requirements) > 0:
			s.Specs = append(s.Specs, spec)
		case t.Ginkgo && !t.State.Failure(), t.recorded():
		case t.children == 0 || t.State.Failure() && t.bad == 0:
			s.Untagged.Add(spec)
		}
	}
	results.Number(s.Specs)
	return s
}

// excerpt is the beginning of what a test printed, and its first log entry.
type excerpt struct {
	text  strings.Builder
	log   string
	logAt string // file:line
	more  bool   // the lines that follow belong to log
}

const maxExcerpt = 2 << 10 // bytes, of either

var logged = regexp.MustCompile(`^\s+([^\s:/]+\.go:\d+): (.*)`)

func (e *excerpt) add(line string) {
	if strings.HasPrefix(line, "=== ") || strings.HasPrefix(strings.TrimLeft(line, " "), "--- ") {
		return
	}
	switch {
	case e.more && strings.HasPrefix(line, "        "):
		if len(e.log) < maxExcerpt {
			e.log += "\n" + line
		}
	case e.log == "" && strings.HasPrefix(line, "    "):
		if m := logged.FindStringSubmatch(line); m != nil {
			e.log, e.logAt, e.more = m[2], m[1], true
		}
	default:
		e.more = false
	}
	if room := maxExcerpt - e.text.Len(); len(line) <= room {
		e.text.WriteString(line)
	} else if room > 0 {
		e.text.WriteString(strings.ToValidUTF8(line[:room], "") + "...")
	}
}

func (e *excerpt) contains(part string) bool { return strings.Contains(e.text.String(), part) }

// line returns it as one line.
func (e *excerpt) line() string { return oneLine(e.text.String()) }

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

var panicked = regexp.MustCompile(`(?m)^(panic|fatal error): .*`)

// reason returns why a test failed or was skipped, and where: a panic, or what it logged,
// or else everything that it printed.
func (e *excerpt) reason() (text, at string) {
	if m := panicked.FindString(e.text.String()); m != "" {
		return oneLine(m), ""
	}
	if e.log != "" {
		return oneLine(e.log), e.logAt
	}
	return e.line(), ""
}

package gotest

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/results"
)

// problem adds why nothing can be concluded from the package, once for each test.
func (p *Package) problem(test, format string, args ...any) {
	const most = 20
	if test != "" && p.blamed[test] || len(p.Problems) > most {
		return
	}
	p.blamed[test] = true
	text := fmt.Sprintf(format, args...)
	if len(p.Problems) == most {
		text = "and more of this kind"
	}
	p.Problems = append(p.Problems, results.Problem{Text: "package " + p.Path + ": " + text})
}

// event handles an event of the package as a whole.
func (p *Package) event(e *event) {
	switch e.Action {
	case "output":
		switch line := e.Output; {
		case line == "PASS\n" || line == "FAIL\n":
			p.finished = true
		case strings.HasPrefix(line, "ok  \t") && strings.Contains(line, "\t(cached)"):
			p.Cached = true
		case strings.HasPrefix(line, "FAIL\t"), strings.HasPrefix(line, "coverage:"), strings.HasPrefix(line, "-test.shuffle "), strings.HasPrefix(line, "ok  \t"):
		default:
			p.notice(line)
			p.output.add(line)
		}
	case "pass", "fail", "skip":
		if p.result != "" {
			p.problem("", "it ended twice: a line that a program printed looks like an event, or streams were mixed")
		}
		p.result, p.Run.Ended, p.build = e.Action, e.Time, e.FailedBuild
	}
}

var ending = regexp.MustCompile(`^(panic: |fatal error: |signal: |exit status |\*\*\* Test killed)`)

// notice keeps output that explains why a test binary ended early.
func (p *Package) notice(line string) {
	if ending.MatchString(line) && (p.cause == "" || strings.HasPrefix(p.cause, "exit status ")) {
		p.cause = strings.TrimSpace(line)
	}
}

// test handles an event of a test.
func (p *Package) test(e *event) {
	if strings.HasPrefix(e.Test, "Benchmark") {
		return // it proves nothing, and often has no end
	}
	t := p.open[e.Test]
	switch e.Action {
	case "run":
		p.begin(e)
	case "pause", "cont":
		if t != nil {
			t.paused = e.Action == "pause"
		}
	case "attr":
		if t == nil {
			p.problem(e.Test, "%s has an attribute while it does not run: %s", e.Test, forged)
			return
		}
		t.attribute(e.Key, e.Value)
	case "output":
		p.printed(t, e)
	case "pass", "fail", "skip":
		switch {
		case p.exited: // go test books the end of the package to the test that ran last
			p.event(e)
		case t != nil:
			p.end(t, e)
		default:
			p.endAgain(e)
		}
	}
}

const forged = "a line that a program printed looks like an event"

func (p *Package) begin(e *event) {
	if p.open[e.Test] != nil {
		p.problem(e.Test, "%s began again before it had ended: %s", e.Test, forged)
		return
	}
	t := &Test{Spec: results.Spec{
		Identity: results.NewIdentity(p.Path, evidence.Protocol{}, nil, e.Test), Title: e.Test, Grade: results.Outcome, Attempts: 1,
	}}
	for name := t.Title; t.parent == nil && strings.Contains(name, "/"); {
		name = name[:strings.LastIndexByte(name, '/')]
		t.parent = p.open[name]
	}
	switch {
	case t.parent != nil:
		t.parent.children++
		t.parent.openKids++
	case strings.Contains(t.Title, "/"):
		p.problem(t.Title, "%s began, and the test that it is a part of was not running: %s", t.Title, forged)
	default:
		if r := p.running; r != nil && !r.paused && p.open[r.Title] == r {
			p.problem(r.Title, "%s began while %s was running: the end of %s is lost in what it printed, or %s", t.Title, r.Title, r.Title, forged)
		}
		p.running = t
	}
	p.Tests = append(p.Tests, t)
	p.open[t.Title] = t
}

func (p *Package) end(t *Test, e *event) {
	delete(p.open, t.Title)
	t.Seconds = max(e.Elapsed, 0)
	t.State = map[string]results.State{"pass": results.Passed, "fail": results.Failed, "skip": results.Skipped}[e.Action]
	t.Failure, t.FailureAt = t.said.reason()
	if t.Failure == "" && t.bad > 0 {
		t.Failure = "a test in it failed"
	}
	if t.parent != nil {
		t.parent.openKids--
		if t.State == results.Failed {
			t.parent.bad++
		}
	}
	switch {
	case t.openKids > 0:
		p.problem(t.Title, "%s ended while a test in it was running: %s", t.Title, forged)
	case t.bad > 0 && t.State != results.Failed:
		p.problem(t.Title, "%s passed though a test in it failed: %s", t.Title, forged)
	}
	if t.State == results.Passed {
		t.Failure, t.FailureAt = "", ""
	}
	t.said = excerpt{}
}

// endAgain handles the end of a test that is not running.
func (p *Package) endAgain(e *event) {
	for _, t := range slices.Backward(p.Tests) {
		if t.Title != e.Test {
			continue
		}
		p.problem(e.Test, "%s ended twice: %s", e.Test, forged)
		if e.Action == "fail" {
			t.State, t.Failure = results.Failed, cmp.Or(t.Failure, "it ended twice, once as failed")
		}
		return
	}
	p.problem(e.Test, "%s ended before it began: %s", e.Test, forged)
}

// printed handles output of a test, or of go test for it.
func (p *Package) printed(t *Test, e *event) {
	found, ok, cut := lost(e)
	switch {
	case ok:
		p.test(&found)
		return
	case cut && found.Action == "attr":
		p.problem(e.Test, "an attribute of %s is longer than the 4,096 bytes that go test keeps, so its end is lost: name the ids in several attributes", e.Test)
		return
	}
	p.notice(e.Output)
	if t == nil {
		return
	}
	switch {
	case strings.HasPrefix(e.Output, "Running Suite: "):
		t.Ginkgo = true
	case strings.HasPrefix(e.Output, "ok  \t"+p.Path+"\t"):
		p.exited, p.cause = true, "exit status 0"
	}
	t.said.add(e.Output)
}

// finish judges the package when the stream has ended.
func (p *Package) finish(s *Stream, interrupted bool) {
	failed := slices.IndexFunc(p.Tests, func(t *Test) bool { return t.State == results.Failed && t.bad == 0 })
	said := p.cause + s.compiler(p)
	if interrupted && (strings.Contains(said, "signal: interrupt") || strings.Contains(said, "signal: killed")) {
		p.result = "" // whoever ended go test ended this package, too
	}
	broken := p.unended(interrupted)
	switch {
	case p.result == "" && interrupted:
	case p.result == "":
		p.problem("", "the stream ends before it does: the run was cut short; repeat it")
	case p.build != "" || p.output.contains("[build failed]") || p.output.contains("[setup failed]"):
		p.problem("", "it did not build: %s", cmp.Or(oneLine(s.compiler(p)), p.output.line(), "go test does not say why"))
	case p.result == "fail" && !p.finished && !broken:
		p.problem("", "its process ended before all of its tests had run (%s)", cmp.Or(p.cause, p.output.line(), "no reason is known"))
	case p.result == "fail" && failed < 0 && !broken && len(p.Problems) == 0:
		p.problem("", "it failed, and none of its tests did (%s)", cmp.Or(p.output.line(), p.cause, "no reason is known"))
	case p.result == "pass" && failed >= 0:
		p.problem("", "it passed though %s failed: its TestMain ignores what m.Run returns", p.Tests[failed].Title)
	case p.result == "pass" && !p.finished && len(p.Tests) > 0 && !broken:
		p.problem("", "its process ended with status 0 before its tests were over")
	}
	p.Complete = len(p.open) == 0 && (p.finished || p.result == "skip" || p.result == "pass" && len(p.Tests) == 0)
}

// Broken reports whether the package contradicts itself or lacks something.
func (p *Package) Broken() bool { return len(p.Problems) > 0 || p.result == "" }

// compiler returns what the compiler said of a package. Go 1.26 names the build
// of another package where several did not build, and its own has its path.
func (s *Stream) compiler(p *Package) string {
	for id, text := range s.builds {
		if path, _, _ := strings.Cut(id, " "); path == p.Path {
			return text
		}
	}
	return s.builds[p.build]
}

// unended adds problems for tests that began and never ended, and reports whether there
// are any.
func (p *Package) unended(interrupted bool) bool {
	names := slices.Sorted(maps.Keys(p.open))
	for _, name := range names {
		t := p.open[name]
		t.State, t.Failure = results.Crashed, cmp.Or(p.cause, "it began and never ended")
		switch {
		case interrupted && p.result == "":
			t.State, t.Failure = results.Interrupted, ""
			continue
		case p.finished:
			t.State, t.Failure = results.Unknown, "its end is lost in what it printed"
			p.problem(name, "the end of %s is lost in what it printed: run go test -json without -v, which loses events where a line is not ended", name)
		case t.openKids == 0 && p.result != "":
			p.problem(name, "%s began and never ended: its process crashed or was ended (%s)", name, cmp.Or(p.cause, "no reason is known"))
		}
	}
	return len(names) > 0
}

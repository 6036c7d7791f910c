package manual

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"

	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/record"
)

const help = `
Answer every step by a letter, and a comment behind it if you like:
  p  as expected, or done       f  not as expected; say what you saw
  c  cannot be done; say why    b  take back the last answer
  q  stop; the same command goes on from there
`

// step asks for the next step of the spec with this number and records the answer.
func (s *Session) step(n int) error {
	spec := &s.suite.Specs[n]
	i := slices.IndexFunc(spec.Steps, func(st evidence.Step) bool { return st.By == "" })
	s.head(n, i)
	planned := slices.IndexFunc(spec.Planned, func(v evidence.Verification) bool { return v.Step == spec.Steps[i].Number })
	s.say("\nstep %d of %d\n", i+1, len(spec.Steps))
	s.text("do", spec.Steps[i].Text)
	if planned >= 0 {
		s.text("expect", spec.Planned[planned].Expected)
	}
	letter, comment, err := s.ask(planned >= 0)
	switch {
	case err != nil:
		return err
	case letter == "q":
		return errStop
	case letter == "b":
		return s.takeBack()
	}
	before := *spec
	s.answers = append(s.answers, answered{n, before, s.record(spec, i, planned, letter, comment)})
	return s.save()
}

// head prints what a tester must know before a spec begins.
func (s *Session) head(n, step int) {
	spec := &s.suite.Specs[n]
	if p := spec.Protocol; s.shown != p.ID {
		s.shown = p.ID
		s.say("\n%s %s\n", p.ID, show(p.Title))
		for _, list := range []struct {
			name  string
			items []string
		}{{"objective", p.Objectives}, {"before", p.Preconditions}, {"deviation", p.Deviations}} {
			for _, item := range list.items {
				s.text(list.name, item)
			}
		}
		step = 0
	}
	if step == 0 {
		s.say("\n%s %s (%s)\n", s.name(n), show(spec.Title), strings.Join(spec.Requirements, ", "))
	}
}

// ask reads an answer to a step: a letter, and a comment. expects reports whether the step
// expects anything.
func (s *Session) ask(expects bool) (letter, comment string, err error) {
	for {
		line, err := s.prompt("> ")
		if err != nil {
			return "", "", err
		}
		letter, comment, _ = strings.Cut(line, " ")
		letter, comment = strings.ToLower(letter), strings.TrimSpace(comment)
		switch {
		case letter == "f" && !expects:
			s.say("This step expects nothing that could fail: p if it is done, c if it cannot be.\n")
		case letter == "b" && len(s.answers) == 0:
			s.say("There is no answer of yours to take back.\n")
		case letter == "p", letter == "b", letter == "q":
			return letter, comment, nil
		case letter == "f":
			comment, err = s.need(comment, "What did you see? ")
			return letter, comment, err
		case letter == "c":
			comment, err = s.need(comment, "Why can it not be done? ")
			return letter, comment, err
		default:
			s.say("%s", help[1:])
		}
	}
}

// need asks until a text is given.
func (s *Session) need(text, question string) (string, error) {
	for text == "" {
		line, err := s.prompt(question)
		if err != nil {
			return "", err
		}
		text = line
	}
	return text, nil
}

// longest is the number of bytes of a line that are read.
const longest = 4096

// prompt reads a line. At the end of the input it stops the session.
func (s *Session) prompt(question string) (string, error) {
	s.say("%s", question)
	line, err := s.In.ReadString('\n')
	if errors.Is(err, io.EOF) && line == "" {
		s.say("\n")
		return "", errStop
	} else if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("the answer cannot be read: %w", err)
	}
	line = strings.TrimSpace(line)
	return strings.ToValidUTF8(line[:min(len(line), longest)], "\uFFFD"), nil
}

// record adds an answer to a spec, and describes it for notes. planned is the number of the
// verification that the step plans, -1 if it plans none. Lists are copied before they
// change: the spec as it was may still be needed.
func (s *Session) record(spec *record.Spec, i, planned int, letter, comment string) (said string) {
	if !slices.Contains(s.suite.Run.Testers, s.Tester) {
		s.suite.Run.Testers = append(s.suite.Run.Testers, s.Tester)
	}
	spec.Began, spec.Steps = true, slices.Clone(spec.Steps)
	step := &spec.Steps[i]
	step.At, step.By, said = s.Now(), s.Tester.Initials, "done"
	switch {
	case letter == "c":
		spec.Blocked = fmt.Sprintf("step %d cannot be done, says %s: %s", step.Number, step.By, comment)
		return spec.Blocked
	case planned >= 0:
		v := spec.Planned[planned]
		spec.Planned = slices.Delete(slices.Clone(spec.Planned), planned, planned+1)
		v.Passed, v.At, v.By = letter == "p", step.At, step.By
		v.Actual, said = comment, "failed: "+comment
		if v.Passed {
			v.Actual = strings.TrimSuffix("as expected: "+comment, ": ")
			said = v.Actual
		}
		spec.Verifications = append(slices.Clip(spec.Verifications), v)
	case comment != "":
		spec.Notes = append(slices.Clip(spec.Notes), fmt.Sprintf("step %d: %s", step.Number, comment))
	}
	spec.Completed = i+1 == len(spec.Steps)
	return fmt.Sprintf("step %d: %s", step.Number, said)
}

// takeBack removes the last answer, and notes that it was taken back.
func (s *Session) takeBack() error {
	last := s.answers[len(s.answers)-1]
	s.answers = s.answers[:len(s.answers)-1]
	now, before := &s.suite.Specs[last.spec], last.before
	before.Notes = append(slices.Clone(now.Notes), fmt.Sprintf("taken back by %s, %s: %s", s.Tester.Initials, stamp(s.Now()), last.said))
	*now = before
	s.shown = ""
	return s.save()
}

func (s *Session) say(format string, args ...any) { fmt.Fprintf(s.Out, format, args...) }

// text prints a named text, line by line.
func (s *Session) text(name, text string) {
	for line := range strings.SplitSeq(text, "\n") {
		s.say("  %-9s  %s\n", name, show(line))
		name = ""
	}
}

// show returns a text for a terminal: invisible characters become escapes.
func show(text string) string {
	var b strings.Builder
	for _, r := range text {
		if unicode.IsGraphic(r) {
			b.WriteRune(r)
		} else {
			fmt.Fprintf(&b, `\x%02x`, r)
		}
	}
	return b.String()
}

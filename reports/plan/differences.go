package plan

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/socket-oneline/oneline/reports/evidence"
)

// Differences says in lines what has changed from p to now; none if nothing has. Of a
// spec that did not run to its end now, what is there must be in p, and nothing is
// missed.
func (p Plan) Differences(now Plan) (lines []string) {
	add := func(format string, args ...any) {
		if line := fmt.Sprintf(format, args...); !slices.Contains(lines, line) {
			lines = append(lines, line)
		}
	}
	if p.SRS != now.SRS {
		add("the requirements are others: their SHA-256 is %s, not %s", now.SRS, p.SRS)
	}
	if p.Lock != now.Lock {
		add("the lock is another: its SHA-256 is %q, not %q", now.Lock, p.Lock)
	}
	for _, in := range slices.Concat(p.Inputs, now.Inputs) {
		if is, was := inputNamed(now.Inputs, in.Title), inputNamed(p.Inputs, in.Title); is != was {
			add("the %s is another: %q, not %q", in.Title, is, was)
		}
	}
	was, is := newParts(p), newParts(now)
	for _, name := range was.order {
		if is.of[name] == nil {
			add("%s is no longer there", name)
			continue
		}
		for _, change := range changes(was.of[name], is.of[name]) {
			add("%s%s has changed: %s", name, is.place(name), change)
		}
	}
	for _, name := range is.order {
		if was.of[name] == nil {
			add("%s%s is new", name, is.place(name))
		}
	}
	if len(lines) == 0 && !slices.Equal(was.order, is.order) {
		add("the order of the specs has changed")
	}
	return lines
}

// inputNamed describes the file with a title; empty if there is none.
func inputNamed(inputs []evidence.Input, title string) string {
	for _, in := range inputs {
		if in.Title == title {
			return strings.TrimSpace(in.Name + " " + in.SHA256)
		}
	}
	return ""
}

// Incomplete names the specs that did not run to their end: a plan must not be issued
// without all of their steps.
func (p Plan) Incomplete() (lines []string) {
	all := newParts(p)
	for _, name := range all.order {
		for _, s := range all.of[name] {
			if s.unended && !s.unneeded && !s.Manual {
				lines = append(lines, fmt.Sprintf("%s%s did not run to its end: its steps may not be all there", name, all.place(name)))
			}
		}
	}
	return lines
}

// parts are the protocols and specs of a plan by their names. Specs in a loop may have
// one name.
type parts struct {
	order []string
	of    map[string][]part
}

// part is a spec, or what stands above the specs of a protocol.
type part struct {
	protocol evidence.Protocol
	Spec
}

func newParts(p Plan) parts {
	n := parts{of: make(map[string][]part)}
	add := func(name string, a part) {
		if n.of[name] == nil {
			n.order = append(n.order, name)
		}
		n.of[name] = append(n.of[name], a)
	}
	for _, protocol := range p.Protocols {
		add(cmp.Or(protocol.ID, "what belongs to no protocol"), part{protocol: protocol.Protocol})
		for _, s := range protocol.Specs {
			title := strings.Join(append(slices.Clone(s.Containers), s.Title), " > ")
			add(strings.TrimSpace(fmt.Sprintf("%s %q", protocol.ID, title)), part{Spec: s})
		}
	}
	return n
}

func (n parts) place(name string) string {
	if place := n.of[name][0].place; place != "" {
		return " (" + place + ")"
	}
	return ""
}

// changes says what is different in the parts of a name.
func changes(was, is []part) (changes []string) {
	if len(was) != len(is) {
		return []string{fmt.Sprintf("there were %d of them, and there are %d", len(was), len(is))}
	}
	for i := range was {
		if fmt.Sprintf("%q", was[i].protocol) != fmt.Sprintf("%q", is[i].protocol) {
			changes = append(changes, "its title, objectives, preconditions or deviations")
		} else if change := was[i].change(&is[i].Spec); change != "" {
			changes = append(changes, change)
		}
	}
	return changes
}

// change says how a spec differs now; empty: it does not.
func (s *Spec) change(now *Spec) string {
	switch {
	case s.Suite != now.Suite:
		return fmt.Sprintf("it is in package %s, and was in %s", now.Suite, s.Suite)
	case !slices.Equal(s.Requirements, now.Requirements):
		return fmt.Sprintf("it names %s, and named %s", strings.Join(now.Requirements, ", "), strings.Join(s.Requirements, ", "))
	case !slices.Equal(s.Observe, now.Observe):
		return fmt.Sprintf("it must be shown %q, and was to be shown %q", now.Observe, s.Observe)
	case s.Manual != now.Manual:
		return "who carries it out"
	case now.unneeded && len(now.Steps) == 0: // nothing was done
		return ""
	case now.unended:
		return s.subset(now)
	}
	for i := range max(len(s.Steps), len(now.Steps)) {
		switch {
		case i >= len(now.Steps):
			return fmt.Sprintf("step %q is no longer there", s.Steps[i].Instruction)
		case i >= len(s.Steps):
			return fmt.Sprintf("step %q is new", now.Steps[i].Instruction)
		case s.Steps[i].Instruction != now.Steps[i].Instruction:
			return fmt.Sprintf("step %q was %q", now.Steps[i].Instruction, s.Steps[i].Instruction)
		}
		was, is := s.Steps[i].Verified, now.Steps[i].Verified
		for k := range max(len(was), len(is)) {
			switch {
			case k >= len(is):
				return fmt.Sprintf("at step %q, %q is no longer expected", s.Steps[i].Instruction, was[k].Expected)
			case k >= len(was):
				return fmt.Sprintf("at step %q, %q is expected", s.Steps[i].Instruction, is[k].Expected)
			case !was[k].equal(is[k]):
				return fmt.Sprintf("at step %q, %s, and was %s", s.Steps[i].Instruction, is[k], was[k])
			}
		}
	}
	return ""
}

// subset says what a spec did that did not run to its end, and that is not planned.
func (s *Spec) subset(now *Spec) string {
	for _, step := range now.Steps {
		i := slices.IndexFunc(s.Steps, func(p Step) bool { return p.Instruction == step.Instruction })
		if i < 0 {
			return fmt.Sprintf("step %q is new", step.Instruction)
		}
		for _, v := range step.Verified {
			if !slices.ContainsFunc(s.Steps[i].Verified, v.equal) {
				return fmt.Sprintf("at step %q, %s is new", step.Instruction, v)
			}
		}
	}
	return ""
}

func (v Verification) equal(o Verification) bool {
	return v.Text == o.Text && v.Expected == o.Expected && slices.Equal(v.Requirements, o.Requirements)
}

// String says what is expected, and for which requirements.
func (v Verification) String() string {
	text := fmt.Sprintf("%q is expected", v.Expected)
	if v.Text != "" {
		text += fmt.Sprintf(" as %q", v.Text)
	}
	if len(v.Requirements) > 0 {
		text += " for " + strings.Join(v.Requirements, ", ")
	}
	return text
}

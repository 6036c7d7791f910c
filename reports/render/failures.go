package render

import (
	"iter"
	"strings"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/evidence"
)

// failure is one reason why requirements failed: a verification that did not
// hold, or what became of a spec whose verifications all held.
type failure struct {
	requirements string
	protocol     string
	spec         string
	anchor       string // of the spec
	step         string // the instruction that it belongs to
	text         string // what is verified, in words
	expected     string
	actual       string
	reason       string // what became of the spec, if no verification tells
	location     string
	repeat       string
}

// perSpec is how many failures of one spec are listed; its steps show all.
const perSpec = 3

// failures yields what failed, in the order of the protocols, and for a spec
// with more failures than are listed how many more there are.
func failures(m *reports.Model) iter.Seq2[failure, int] {
	return func(yield func(failure, int) bool) {
		for i := range m.Protocols {
			p := &m.Protocols[i]
			for j := range p.Specs {
				all := specFailures(&p.Specs[j])
				for k, f := range all {
					if k == perSpec {
						break
					}
					left := 0
					if k == perSpec-1 {
						left = len(all) - perSpec
					}
					f.protocol, f.anchor = p.ID, specAnchor(p.ID, j+1)
					if !yield(f, left) {
						return
					}
				}
			}
		}
	}
}

// specFailures lists the failed verifications of a spec, and its own failure
// for every requirement of which no verification failed.
func specFailures(s *reports.Spec) []failure {
	var all []failure
	told := make(map[string]bool)
	if e := s.Evidence; e != nil {
		for i := range e.Verifications {
			v := &e.Verifications[i]
			if v.Passed {
				continue
			}
			for _, id := range v.Requirements {
				told[id] = true
			}
			all = append(all, failure{
				requirements: strings.Join(v.Requirements, ", "), spec: s.Title, step: stepText(e, v.Step),
				text: v.Text, expected: v.Expected, actual: v.Actual, location: v.Location, repeat: s.Repeat,
			})
		}
	}
	var rest []string
	for _, id := range s.Requirements {
		if s.Results[id] == reports.ResultFail && !told[id] {
			rest = append(rest, id)
		}
	}
	if len(rest) > 0 {
		all = append(all, failure{
			requirements: strings.Join(rest, ", "), spec: s.Title,
			reason: stated(join(s.Reason, s.Failure)), location: s.Location, repeat: s.Repeat,
		})
	}
	return all
}

func stepText(e *evidence.Spec, number int) string {
	for _, st := range e.Steps {
		if st.Number == number {
			return st.Text
		}
	}
	return ""
}

// pairs shows a failure as names and values.
func (f failure) pairs() Pairs {
	var p Pairs
	add := func(name, value string) {
		if value != "" {
			p = append(p, Pair{name, value})
		}
	}
	add("spec", f.protocol+" "+f.spec)
	add("step", f.step)
	add("verified", f.text)
	if f.reason == "" {
		p = append(p, Pair{"expected", f.expected}, Pair{"actual", f.actual})
	}
	add("reason", f.reason)
	add("at", f.location)
	add("repeat", f.repeat)
	return p
}

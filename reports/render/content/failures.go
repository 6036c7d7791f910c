package content

import (
	"iter"
	"strings"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/render/document"
)

// failure is one reason why requirements failed: a verification that did not
// hold, or what became of a spec whose verifications all held.
type Failure struct {
	Requirements string
	Protocol     string
	Spec         string
	Anchor       string // of the spec
	Step         string // the instruction that it belongs to
	Text         string // what is verified, in words
	Expected     string
	Actual       string
	Reason       string // what became of the spec, if no verification tells
	Location     string
	Repeat       string
}

// perSpec is how many failures of one spec are listed; its steps show all.
const perSpec = 3

// failures yields what failed, in the order of the protocols, and for a spec
// with more failures than are listed how many more there are.
func Failures(m *reports.Model) iter.Seq2[Failure, int] {
	return func(yield func(Failure, int) bool) {
		for i := range m.Protocols {
			p := &m.Protocols[i]
			for j := range p.Specs {
				all := SpecFailures(&p.Specs[j])
				for k, f := range all {
					if k == perSpec {
						break
					}
					left := 0
					if k == perSpec-1 {
						left = len(all) - perSpec
					}
					f.Protocol, f.Anchor = p.ID, p.Specs[j].ID
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
func SpecFailures(s *reports.Spec) []Failure {
	var all []Failure
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
			all = append(all, Failure{
				Requirements: strings.Join(v.Requirements, ", "), Spec: s.FullTitle(), Step: stepText(e, v.Step),
				Text: v.Text, Expected: v.Expected, Actual: v.Actual, Location: v.Location, Repeat: s.Repeat,
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
		all = append(all, Failure{
			Requirements: strings.Join(rest, ", "), Spec: s.FullTitle(),
			Reason: document.Stated(document.Join(s.Reason, s.Failure)), Location: s.Location, Repeat: s.Repeat,
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
func (f Failure) Pairs() document.Pairs {
	var p document.Pairs
	p.Add("spec", f.Anchor+" "+f.Spec)
	p.Add("step", f.Step)
	p.Add("verified", f.Text)
	if f.Reason == "" {
		p = append(p, pair("expected", f.Expected), pair("actual", f.Actual))
	}
	p.Add("reason", f.Reason)
	p.Add("at", f.Location)
	p.AddFixed("repeat", f.Repeat)
	return p
}

package render

import (
	"bufio"
	"cmp"
	"encoding/xml"
	"io"
	"slices"
	"strings"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/render/content"
	"github.com/socket-oneline/oneline/reports/render/document"
)

// The elements of junit.xml: those, and in that order, that both the schema of
// Ant's task and that of Jenkins allow.
type (
	junitSuites struct {
		XMLName xml.Name     `xml:"testsuites"`
		Suites  []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name       string          `xml:"name,attr"`
		Package    string          `xml:"package,attr"`
		ID         int             `xml:"id,attr"`
		Timestamp  string          `xml:"timestamp,attr"`
		Hostname   string          `xml:"hostname,attr"`
		Tests      int             `xml:"tests,attr"`
		Failures   int             `xml:"failures,attr"`
		Errors     int             `xml:"errors,attr"`
		Skipped    int             `xml:"skipped,attr"`
		Time       string          `xml:"time,attr"`
		Properties junitProperties `xml:"properties"`
		Cases      []junitCase     `xml:"testcase"`
		Out        string          `xml:"system-out"`
		Err        string          `xml:"system-err"`
	}
	junitProperties struct {
		All []junitProperty `xml:"property"`
	}
	junitProperty struct {
		Name  string `xml:"name,attr"`
		Value string `xml:"value,attr"`
	}
	junitCase struct {
		Class   string        `xml:"classname,attr"`
		Name    string        `xml:"name,attr"`
		Time    string        `xml:"time,attr"`
		Failure *junitProblem `xml:"failure"`
		Error   *junitProblem `xml:"error"`
		Skipped *junitProblem `xml:"skipped"`
	}
	junitProblem struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr,omitempty"` // never that of skipped
		Text    string `xml:",cdata"`
	}
)

// JUnit writes junit.xml: a suite for the run as a whole, one a protocol with a
// case per requirement and spec, and one of the requirements that no spec names.
// Failed is a failure; blocked, without evidence, and in scope but not tested an
// error; not observable and skipped are skipped. Each problem is an error, and
// so is a run that is not complete: the file is green only where the exit code
// is 0. The texts may hold any bytes; the file is XML 1.0.
func JUnit(w io.Writer, m *reports.Model) error {
	var all junitSuites
	took := 0.0
	var suites []junitSuite
	for _, p := range m.Protocols {
		s, seconds := protocolSuite(&p)
		suites = append(suites, s)
		took += seconds
	}
	suites = append(suites, withoutSpec(m))
	all.add(runSuite(m, suites, took), m)
	for _, s := range suites {
		all.add(s, m)
	}
	b := bufio.NewWriter(w)
	b.WriteString(xml.Header)
	e := xml.NewEncoder(b)
	e.Indent("", " ")
	if err := e.Encode(all); err != nil {
		return err
	}
	b.WriteByte('\n')
	return b.Flush()
}

// add counts the cases of s and adds it, if it has any.
func (all *junitSuites) add(s junitSuite, m *reports.Model) {
	if len(s.Cases) == 0 {
		return
	}
	s.ID = len(all.Suites)
	s.Package = s.Name
	s.Timestamp = m.Run.Started.UTC().Format("2006-01-02T15:04:05")
	s.Hostname = cmp.Or(document.Show(document.OneLine(m.Run.Machine)), "localhost")
	s.Tests = len(s.Cases)
	for _, c := range s.Cases {
		switch {
		case c.Failure != nil:
			s.Failures++
		case c.Error != nil:
			s.Errors++
		case c.Skipped != nil:
			s.Skipped++
		}
	}
	all.Suites = append(all.Suites, s)
}

func (s *junitSuite) property(name, value string) {
	if value != "" {
		s.Properties.All = append(s.Properties.All, junitProperty{name, document.Show(value)})
	}
}

// runSuite is about the run as a whole. Its time is what the run took beside its
// specs, so that the times of all suites add up to that of the run.
func runSuite(m *reports.Model, others []junitSuite, took float64) junitSuite {
	rest := max(m.Run.Ended.Sub(m.Run.Started).Seconds()-took, 0)
	s := junitSuite{Name: "run", Time: junitTime(rest)}
	s.property("target", m.Run.Target.Name)
	s.property("target version", m.Run.Target.Version)
	s.property("run", strings.TrimSpace(m.Run.Type+" "+m.Run.ID))
	s.property("requirements", m.Run.SRS.Name)
	s.property("requirements SHA-256", m.Run.SRS.SHA256)
	var outcomes []string
	for _, r := range m.Requirements {
		if r.Verdict == reports.PassOutcome {
			outcomes = append(outcomes, r.ID)
		}
	}
	s.property(string(reports.PassOutcome), strings.Join(outcomes, ", "))
	add := func(name, trouble string) {
		c := junitCase{Class: "run", Name: name, Time: junitTime(0)}
		if trouble != "" {
			c.Error = &junitProblem{Message: document.Show(trouble), Type: "run"}
		}
		s.Cases = append(s.Cases, c)
	}
	trouble := ""
	if !m.Run.Complete {
		trouble = "The run is not complete: not every spec that was chosen to run did so."
	}
	add("is complete", trouble)
	s.Cases[0].Time = s.Time
	if m.Run.Unreachable != "" {
		add("reached the target", m.Run.Unreachable)
	}
	for _, p := range m.Problems {
		add("concludes something", p.String())
	}
	green := !slices.ContainsFunc(append(others, s), func(s junitSuite) bool {
		return slices.ContainsFunc(s.Cases, func(c junitCase) bool { return c.Failure != nil || c.Error != nil })
	})
	if green && m.ExitCode != reports.ExitPassed {
		line, _ := content.VerdictLine(m)
		add("verified all that is in scope", line)
	}
	return s
}

// protocolSuite has a case per spec and requirement. The time of a spec stands
// with its first case.
func protocolSuite(p *reports.Protocol) (junitSuite, float64) {
	s := junitSuite{Name: cmp.Or(document.Show(document.OneLine(p.ID+" "+p.Desc)), "specs")}
	s.property("protocol", p.ID)
	total := 0.0
	for _, spec := range p.Specs {
		total += spec.Seconds
		for k, id := range spec.Requirements {
			c := junitCase{Class: cmp.Or(document.Show(p.ID), "specs"), Name: document.Show(document.OneLine(id + " " + spec.ID + " " + spec.FullTitle())), Time: junitTime(0)}
			if k == 0 {
				c.Time = junitTime(spec.Seconds)
			}
			c.problem(&spec, id)
			s.Cases = append(s.Cases, c)
		}
	}
	s.Time = junitTime(total)
	return s, total
}

// problem says why the case did not pass.
func (c *junitCase) problem(s *reports.Spec, id string) {
	r := s.Results[id]
	p := newProblem(string(r), s.Reason)
	switch r {
	case reports.ResultPass, reports.ResultPassOutcome:
	case reports.ResultNotObservable, reports.ResultSkipped:
		c.skip(p)
	case reports.ResultFail:
		c.Failure = p
		p.fill(s, id)
	default:
		c.Error = p
	}
}

func newProblem(kind, reason string) *junitProblem {
	return &junitProblem{Message: document.Show(document.Join(kind, reason)), Type: kind}
}

// skip says why there is nothing to say of a case; the schemas know no types of that.
func (c *junitCase) skip(p *junitProblem) {
	p.Type = ""
	c.Skipped = p
}

// fill says what failed of a spec for one of its requirements: the first failure
// in the message, all of them in the text.
func (p *junitProblem) fill(s *reports.Spec, id string) {
	var b strings.Builder
	for _, f := range content.SpecFailures(s) {
		if !slices.Contains(f.Requirements, id) {
			continue
		}
		if b.Len() == 0 {
			p.Message = document.Show(f.Sentence())
		}
		for _, pair := range f.Pairs()[1:] { // the spec is the case
			b.WriteString("\n" + pair.Name + ": " + document.Show(pair.Value))
		}
		if s.Repeat != "" {
			b.WriteString("\nrepeat: " + document.Show(s.Repeat))
		}
		b.WriteByte('\n')
	}
	p.Text = b.String()
}

// withoutSpec has a case per requirement that no spec names.
func withoutSpec(m *reports.Model) junitSuite {
	s := junitSuite{Name: "requirements without a spec", Time: junitTime(0)}
	for _, r := range m.Requirements {
		if len(r.Specs) > 0 {
			continue
		}
		p := newProblem(string(r.Verdict), r.Reason)
		c := junitCase{Class: s.Name, Name: document.Show(document.OneLine(r.ID)), Time: s.Time, Error: p}
		if r.Verdict == reports.NotObservable {
			c.Error = nil
			c.skip(p)
		}
		s.Cases = append(s.Cases, c)
	}
	return s
}

func junitTime(s float64) string { return strings.TrimSuffix(document.Seconds(s), " s") }

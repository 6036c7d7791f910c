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
		Name       string `xml:"name,attr"`
		Package    string `xml:"package,attr"`
		ID         int    `xml:"id,attr"`
		Timestamp  string `xml:"timestamp,attr"`
		Hostname   string `xml:"hostname,attr"`
		Tests      int    `xml:"tests,attr"`
		Failures   int    `xml:"failures,attr"`
		Errors     int    `xml:"errors,attr"`
		Skipped    int    `xml:"skipped,attr"`
		Time       string `xml:"time,attr"`
		Properties struct {
			All []junitProperty `xml:"property"`
		} `xml:"properties"`
		Cases []junitCase `xml:"testcase"`
		Out   string      `xml:"system-out"`
		Err   string      `xml:"system-err"`

		seconds float64
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
	var others []junitSuite
	for _, p := range m.Protocols {
		others = append(others, protocolSuite(&p))
	}
	others = append(others, withoutSpec(m))
	var all junitSuites
	for _, s := range append([]junitSuite{runSuite(m, others)}, others...) {
		if len(s.Cases) > 0 {
			s.ID = len(all.Suites)
			s.Package = s.Name
			s.Timestamp = m.Run.Started.UTC().Format("2006-01-02T15:04:05")
			s.Hostname = cmp.Or(shown(m.Run.Machine), "localhost")
			s.Time = junitTime(s.seconds)
			all.Suites = append(all.Suites, s)
		}
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

// add adds a case. kind is the result of a spec or the verdict of a requirement;
// message says why it did not pass. The schemas know no types of what is skipped.
func (s *junitSuite) add(class, name string, seconds float64, kind, message string) *junitCase {
	c := junitCase{Class: class, Name: shown(name), Time: junitTime(seconds)}
	p := &junitProblem{Message: document.Show(message), Type: kind}
	switch kind {
	case string(reports.ResultPass), string(reports.ResultPassOutcome):
	case string(reports.ResultNotObservable), string(reports.ResultSkipped), string(reports.NotObservable):
		p.Type = ""
		c.Skipped = p
		s.Skipped++
	case string(reports.ResultFail):
		c.Failure = p
		s.Failures++
	default:
		c.Error = p
		s.Errors++
	}
	s.Tests++
	s.seconds += seconds
	s.Cases = append(s.Cases, c)
	return &s.Cases[len(s.Cases)-1]
}

func (s *junitSuite) property(name, value string) {
	if value != "" {
		s.Properties.All = append(s.Properties.All, junitProperty{name, document.Show(value)})
	}
}

func shown(line string) string { return document.Show(document.OneLine(line)) }

// runSuite is about the run as a whole. Its time is what the run took beside its
// specs, so that the times of all suites add up to that of the run.
func runSuite(m *reports.Model, others []junitSuite) junitSuite {
	s := junitSuite{Name: "run"}
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
	rest, red := m.Run.Ended.Sub(m.Run.Started).Seconds(), false
	for _, o := range others {
		rest -= o.seconds
		red = red || o.Failures+o.Errors > 0
	}
	const trouble = "run"
	complete := trouble
	if m.Run.Complete {
		complete = string(reports.ResultPass)
	}
	s.add("run", "is complete", max(rest, 0), complete, "The run is not complete: not every spec that was chosen to run did so.")
	if m.Run.Unreachable != "" {
		s.add("run", "reached the target", 0, trouble, m.Run.Unreachable)
	}
	for _, p := range m.Problems {
		s.add("run", "concludes something", 0, trouble, p.String())
	}
	if !red && s.Errors == 0 && m.ExitCode != reports.ExitPassed {
		s.add("run", "verified all that is in scope", 0, trouble, content.VerdictLine(m).Text)
	}
	return s
}

// protocolSuite has a case per spec and requirement. The time of a spec stands
// with its first case.
func protocolSuite(p *reports.Protocol) junitSuite {
	s := junitSuite{Name: cmp.Or(shown(p.ID+" "+p.Desc), "specs")}
	s.property("protocol", p.ID)
	for _, spec := range p.Specs {
		seconds := spec.Seconds
		for _, id := range spec.Requirements {
			result := string(spec.Results[id])
			c := s.add(cmp.Or(document.Show(p.ID), "specs"), id+" "+spec.ID+" "+spec.FullTitle(), seconds, result, document.Join(result, spec.Reason))
			if c.Failure != nil {
				c.Failure.fill(&spec, id)
			}
			seconds = 0
		}
	}
	return s
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
	s := junitSuite{Name: "requirements without a spec"}
	for _, r := range m.Requirements {
		if len(r.Specs) == 0 {
			verdict := string(r.Verdict)
			s.add(s.Name, r.ID, 0, verdict, document.Join(verdict, r.Reason))
		}
	}
	return s
}

func junitTime(s float64) string { return strings.TrimSuffix(document.Seconds(s), " s") }

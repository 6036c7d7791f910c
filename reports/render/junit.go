package render

import (
	"bufio"
	"encoding/xml"
	"io"
	"strings"
	"time"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/render/content"
	"github.com/socket-oneline/oneline/reports/render/document"
)

// The elements of junit.xml.
type (
	junitSuites struct {
		XMLName  xml.Name     `xml:"testsuites"`
		Name     string       `xml:"name,attr"`
		Tests    int          `xml:"tests,attr"`
		Failures int          `xml:"failures,attr"`
		Errors   int          `xml:"errors,attr"`
		Skipped  int          `xml:"skipped,attr"`
		Suites   []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name      string      `xml:"name,attr"`
		Timestamp string      `xml:"timestamp,attr,omitempty"`
		Hostname  string      `xml:"hostname,attr,omitempty"`
		Tests     int         `xml:"tests,attr"`
		Failures  int         `xml:"failures,attr"`
		Errors    int         `xml:"errors,attr"`
		Skipped   int         `xml:"skipped,attr"`
		Time      string      `xml:"time,attr"`
		Cases     []junitCase `xml:"testcase"`
	}
	junitCase struct {
		Class      string          `xml:"classname,attr"`
		Name       string          `xml:"name,attr"`
		File       string          `xml:"file,attr,omitempty"`
		Time       string          `xml:"time,attr"`
		Properties []junitProperty `xml:"properties>property"`
		Failure    *junitProblem   `xml:"failure"`
		Error      *junitProblem   `xml:"error"`
		Skipped    *junitProblem   `xml:"skipped"`
	}
	junitProperty struct {
		Name  string `xml:"name,attr"`
		Value string `xml:"value,attr"`
	}
	junitProblem struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr,omitempty"`
		Text    string `xml:",cdata"`
	}
)

// JUnit writes junit.xml: a case per requirement and spec, a suite per
// protocol, and a suite of the requirements that no spec names. Failed is a
// failure; blocked, no evidence and in scope but not tested an error; not
// observable is skipped. The texts may hold any bytes; the file is XML 1.0.
func JUnit(w io.Writer, m *reports.Model) error {
	all := junitSuites{Name: document.Show(m.Run.Target.Name)}
	for i := range m.Protocols {
		all.add(protocolSuite(&m.Protocols[i]), m)
	}
	all.add(withoutSpec(m), m)
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
	if t := m.Run.Started; !t.IsZero() {
		s.Timestamp = t.Format(time.RFC3339)
	}
	s.Hostname = document.Show(m.Run.Machine)
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
	all.Tests += s.Tests
	all.Failures += s.Failures
	all.Errors += s.Errors
	all.Skipped += s.Skipped
	all.Suites = append(all.Suites, s)
}

// protocolSuite has a case per spec and requirement. The time of a case is
// that of its spec; that of the suite counts every spec once.
func protocolSuite(p *reports.Protocol) junitSuite {
	s := junitSuite{Name: document.Show(strings.TrimSpace(p.ID + " " + p.Desc))}
	total := 0.0
	for i := range p.Specs {
		spec := &p.Specs[i]
		total += spec.Seconds
		for _, id := range spec.Requirements {
			c := junitCase{
				Class: document.Show(p.ID), Name: document.Show(id + " " + spec.ID + " " + spec.FullTitle()), File: document.Show(spec.Location), Time: junitTime(spec.Seconds),
				Properties: []junitProperty{
					{"requirement", document.Show(id)}, {"protocol", document.Show(p.ID)}, {"spec", document.Show(spec.ID)}, {"result", string(spec.Results[id])},
				},
			}
			c.problem(spec, id)
			s.Cases = append(s.Cases, c)
		}
	}
	s.Time = junitTime(total)
	return s
}

// problem says why the case did not pass.
func (c *junitCase) problem(s *reports.Spec, id string) {
	r := s.Results[id]
	p := &junitProblem{Message: document.Show(document.Join(string(r), s.Reason)), Type: string(r)}
	switch r {
	case reports.ResultPass:
	case reports.ResultNotObservable:
		c.Skipped = p
	case reports.ResultFail:
		c.Failure = p
		p.Text = junitFailures(s, id)
	default:
		c.Error = p
	}
}

// junitFailures tells what failed of a spec for one of its requirements.
func junitFailures(s *reports.Spec, id string) string {
	var b strings.Builder
	for _, f := range content.SpecFailures(s) {
		if !strings.Contains(", "+f.Requirements+", ", ", "+id+", ") {
			continue
		}
		for _, p := range f.Pairs()[1:] { // the spec is the case
			b.WriteString("\n" + p.Name + ": " + document.Show(p.Value))
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// withoutSpec has a case per requirement that no spec names.
func withoutSpec(m *reports.Model) junitSuite {
	s := junitSuite{Name: "requirements without a spec", Time: junitTime(0)}
	for i := range m.Requirements {
		r := &m.Requirements[i]
		if len(r.Specs) > 0 {
			continue
		}
		p := &junitProblem{Message: document.Show(document.Join(string(r.Verdict), r.Reason)), Type: string(r.Verdict)}
		c := junitCase{
			Class: s.Name, Name: document.Show(r.ID), Time: s.Time,
			Properties: []junitProperty{{"requirement", document.Show(r.ID)}, {"result", string(r.Verdict)}},
		}
		if r.Verdict == reports.NotObservable {
			c.Skipped = p
		} else {
			c.Error = p
		}
		s.Cases = append(s.Cases, c)
	}
	return s
}

func junitTime(s float64) string { return strings.TrimSuffix(document.Seconds(s), " s") }

package render

import (
	"encoding/xml"
	"maps"
	"strconv"
	"strings"
	"testing"

	"github.com/socket-oneline/oneline/reports"
)

// TestJUnitCounts: every result of a spec for a requirement is one case, in the
// right box; so is each problem and a run that is not complete. The times add up
// to that of the run.
func TestJUnitCounts(t *testing.T) {
	m := sample()
	m.Problems, m.Run.Complete = []reports.Problem{{Text: "a leak"}, {Place: "a.go:1", Text: "another"}}, false
	want := map[string]int{"tests": 3, "errors": 3}
	for _, r := range m.Requirements {
		if len(r.Specs) == 0 {
			want["tests"]++
			want["errors"]++
		}
		for _, s := range r.Specs {
			want["tests"]++
			switch s.Result {
			case reports.ResultFail:
				want["failures"]++
			case reports.ResultNotObservable, reports.ResultSkipped:
				want["skipped"]++
			case reports.ResultPass:
			default:
				want["errors"]++
			}
		}
	}
	x := readJUnit(t, m)
	got, times := map[string]int{}, 0.0
	for _, s := range x.Suites {
		got["tests"] += s.Tests
		got["errors"] += s.Errors
		got["failures"] += s.Failures
		got["skipped"] += s.Skipped
		cases := 0.0
		for _, c := range s.Cases {
			cases += seconds(t, c.Time)
			if c.Failure != nil && (!strings.Contains(c.Failure.Text, "at: ") || c.Failure.Message == "") {
				t.Errorf("case %s does not say what failed", c.Name)
			}
		}
		if d := cases - seconds(t, s.Time); d > 0.0015 || d < -0.0015 {
			t.Errorf("suite %s took %s, its cases %.3f", s.Name, s.Time, cases)
		}
		times += cases
	}
	if !maps.Equal(got, want) {
		t.Errorf("junit.xml counts %v, the model has %v", got, want)
	}
	if took := m.Run.Ended.Sub(m.Run.Started).Seconds(); times < took-0.01 || times > took+0.01 {
		t.Errorf("the cases took %.3f s, the run %.3f", times, took)
	}
	for _, c := range x.Suites[2].Cases {
		if c.Failure != nil && strings.HasPrefix(c.Name, "SRS-004 TP-002.1 ") && c.Failure.Message != `wait for the answer: expected packet "pong", got nothing within 3s` {
			t.Errorf("the message of a failure is %q", c.Failure.Message)
		}
	}
}

func readJUnit(t *testing.T, m *reports.Model) junitSuites {
	t.Helper()
	var x junitSuites
	if err := xml.Unmarshal(written(t, writer{"junit.xml", "junit", JUnit}, m), &x); err != nil {
		t.Fatal(err)
	}
	return x
}

func seconds(t *testing.T, s string) float64 {
	t.Helper()
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// TestJUnitIsGreen only where the exit code is 0.
func TestJUnitIsGreen(t *testing.T) {
	m := &reports.Model{Run: reports.Run{Complete: true}}
	for code := range 5 {
		m.ExitCode = code
		red := 0
		for _, s := range readJUnit(t, m).Suites {
			red += s.Errors + s.Failures
		}
		if (red == 0) != (code == 0) {
			t.Errorf("%d errors with the exit code %d", red, code)
		}
	}
}

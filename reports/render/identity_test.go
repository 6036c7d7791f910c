package render

import (
	"fmt"
	"strings"
	"testing"

	"github.com/socket-oneline/oneline/reports"
)

// twins are two specs of one title and place, as a loop makes them, that differ
// in what they did.
func twins() *reports.Model {
	m := sample()
	p := &m.Protocols[0]
	p.Specs = nil
	for i := range 2 {
		s := passing("alarms", "ver/loop.go:7", "SRS-003")
		s.Containers = []string{fmt.Sprintf("when battery %d is low", i)}
		s.Evidence.Steps[0].Text = fmt.Sprintf("drain battery %d", i)
		p.Specs = append(p.Specs, s)
	}
	for i := range m.Requirements {
		r := &m.Requirements[i]
		r.Protocols, r.Specs, r.Verifications = nil, nil, reports.Counts{}
	}
	link(m)
	return m
}

// TestTwins: specs of one title and place show their own steps, under the texts
// of their containers.
func TestTwins(t *testing.T) {
	page := string(written(t, thePage(), twins()))
	for i := range 2 {
		own, other := fmt.Sprintf("drain battery %d", i), fmt.Sprintf("drain battery %d", 1-i)
		_, rest, found := strings.Cut(page, fmt.Sprintf(`TP-001.%d when battery %d is low › alarms`, i+1, i))
		section, _, _ := strings.Cut(rest, "</details>")
		if !found || !strings.Contains(section, own) || strings.Contains(section, other) {
			t.Errorf("the spec TP-001.%d does not show its own steps: %s", i+1, section)
		}
	}
	for _, f := range writersOf(Options{}) {
		switch {
		case strings.HasPrefix(f.Name, "trace."), f.Format == "junit":
			data := string(written(t, f, twins()))
			if f.Format == "docx" || f.Format == "pdf" {
				continue // as the text files are
			}
			if flat := strings.Join(strings.Fields(data), " "); !strings.Contains(flat, "battery 0 is low › alarms") && !strings.Contains(flat, "battery 0 is low &#8250; alarms") {
				t.Errorf("%s does not show the containers", f.Name)
			}
		}
	}
}

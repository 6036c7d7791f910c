package plan_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/folder"
	"github.com/socket-oneline/oneline/reports/plan"
)

// model is a run of two specs. What only a run can know depends on at, and how
// often the second does its step on times.
func model(at time.Time, times int, change func(*reports.Model)) *reports.Model {
	again := &evidence.Spec{Completed: true}
	for i := range times {
		again.Preconditions = append(again.Preconditions, evidence.Verification{Step: i, Text: "it is there", Expected: "<yes>", Actual: "yes", Passed: true, At: at})
		again.Steps = append(again.Steps, evidence.Step{Number: i + 1, Text: "press", At: at})
		again.Verifications = append(again.Verifications, evidence.Verification{Requirements: []string{"A"}, Step: i + 1, Expected: "1", Actual: at.String(), Location: at.String(), At: at})
	}
	m := &reports.Model{
		Run: reports.Run{Run: evidence.Run{
			ID: at.String(), Started: at, Machine: at.String(), SRS: evidence.File{Name: at.String(), SHA256: "aa"},
			Inputs: []evidence.Input{{Title: "application profile", File: evidence.File{Name: "lamp", SHA256: "bb"}, Binding: true}, {Title: "kill matrix"}},
		}},
		Protocols: []reports.Protocol{{ID: "TP-1", Desc: "keys", Objectives: []string{"o"}, Specs: []reports.Spec{
			{Title: "turns", Location: "turn.go:7", Requirements: []string{"A", "B"}, Observe: []string{"wire"}, Evidence: &evidence.Spec{
				Completed: true,
				Steps:     []evidence.Step{{Number: 1, Text: "turn"}, {Number: 2, Text: "look"}},
				Planned: []evidence.Verification{
					{Requirements: []string{"A", "B"}, Step: 2, Expected: "light"},
					{Requirements: []string{"B"}, Step: 2, Expected: "no sound"},
					{Requirements: []string{"B"}, Step: 2, Expected: "no smoke"},
					{Requirements: []string{"A", "B"}, Step: 2, Expected: "light"},
				},
			}},
			{Title: "presses", Requirements: []string{"A"}, Evidence: again},
			{Title: "never ran", Requirements: []string{"B"}},
		}}},
	}
	if change != nil {
		change(m)
	}
	return m
}

var (
	monday  = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	tuesday = monday.Add(24 * time.Hour)
)

// TestPlan: the plan has the steps, whatever only a run can know.
func TestPlan(t *testing.T) {
	const want = `{
  "schema": "oneline-protocol/1",
  "srs_sha256": "aa",
  "inputs": [
    {
      "title": "application profile",
      "name": "lamp",
      "sha256": "bb",
      "binding": true
    }
  ],
  "protocols": [
    {
      "id": "TP-1",
      "title": "keys",
      "objectives": [
        "o"
      ],
      "specs": [
        {
          "title": "turns",
          "requirements": [
            "A",
            "B"
          ],
          "observe": [
            "wire"
          ],
          "steps": [
            {
              "instruction": "turn"
            },
            {
              "instruction": "look",
              "verified": [
                {
                  "requirements": [
                    "A",
                    "B"
                  ],
                  "expected": "light"
                },
                {
                  "requirements": [
                    "B"
                  ],
                  "expected": "no sound"
                },
                {
                  "requirements": [
                    "B"
                  ],
                  "expected": "no smoke"
                }
              ]
            }
          ]
        },
        {
          "title": "presses",
          "requirements": [
            "A"
          ],
          "steps": [
            {
              "instruction": "",
              "verified": [
                {
                  "text": "it is there",
                  "expected": "<yes>"
                }
              ]
            },
            {
              "instruction": "press",
              "verified": [
                {
                  "requirements": [
                    "A"
                  ],
                  "expected": "1"
                }
              ]
            }
          ]
        },
        {
          "title": "never ran",
          "requirements": [
            "B"
          ],
          "steps": []
        }
      ]
    }
  ]
}
`
	for _, m := range []*reports.Model{model(monday, 1, nil), model(tuesday, 9, nil)} {
		if d := cmp.Diff(want, string(plan.Of(m).Encode())); d != "" {
			t.Error(d)
		}
	}
}

// TestDifferences: everything that changes what is to be done changes the plan,
// and is named.
func TestDifferences(t *testing.T) {
	p := plan.Of(model(monday, 2, nil))
	for want, change := range map[string]func(*reports.Model){
		"": func(m *reports.Model) { m.Protocols[0].Specs[0].Location = "elsewhere.go:1" },
		"the requirements are others: their SHA-256 is cc, not aa":                                          func(m *reports.Model) { m.Run.SRS.SHA256 = "cc" },
		`the application profile is another: "lamp 2 bb", not "lamp bb"`:                                    func(m *reports.Model) { m.Run.Inputs[0].Name = "lamp 2" },
		`the application profile is another: "", not "lamp bb"`:                                             func(m *reports.Model) { m.Run.Inputs = nil },
		"TP-1 has changed: its title, objectives, preconditions or deviations":                              func(m *reports.Model) { m.Protocols[0].Preconditions = []string{"p"} },
		`TP-1 "turns" (turn.go:7) has changed: step "listen" was "look"`:                                    func(m *reports.Model) { m.Protocols[0].Specs[0].Evidence.Steps[1].Text = "listen" },
		`TP-1 "presses" has changed: at step "press", "2" is expected for A, and was "1" is expected for A`: func(m *reports.Model) { m.Protocols[0].Specs[1].Evidence.Verifications[0].Expected = "2" },
		`TP-1 "never ran" has changed: who carries it out`:                                                  func(m *reports.Model) { m.Protocols[0].Specs[2].Manual = true },
		`TP-1 "turns" is no longer there|TP-1 "spins" (turn.go:7) is new`:                                   func(m *reports.Model) { m.Protocols[0].Specs[0].Title = "spins" },
		"the order of the specs has changed": func(m *reports.Model) {
			s := m.Protocols[0].Specs
			s[0], s[2] = s[2], s[0]
		},
	} {
		now := plan.Of(model(tuesday, 2, change))
		if got := strings.Join(p.Differences(now), "|"); got != want {
			t.Errorf("%s, want %s", got, want)
		}
		if same := string(p.Encode()) == string(now.Encode()); same != (want == "") {
			t.Errorf("%q: the bytes are the same: %t", want, same)
		}
	}
}

// A spec that did not run to its end departs from the plan only by what it did. Its
// steps are no plan.
func TestUnended(t *testing.T) {
	p := plan.Of(model(monday, 2, nil))
	for want, change := range map[string]func(*evidence.Spec){
		"": func(e *evidence.Spec) { e.Steps, e.Planned = e.Steps[:1], nil },
		`TP-1 "turns" (turn.go:7) has changed: step "smell" is new`: func(e *evidence.Spec) {
			e.Steps[1].Text, e.Planned = "smell", nil
		},
		`TP-1 "turns" (turn.go:7) has changed: at step "look", "dark" is expected for A is new`: func(e *evidence.Spec) {
			e.Planned, e.Verifications = nil, []evidence.Verification{{Requirements: []string{"A"}, Step: 2, Expected: "dark"}}
		},
	} {
		now := plan.Of(model(tuesday, 2, func(m *reports.Model) {
			e := m.Protocols[0].Specs[0].Evidence
			e.Completed = false
			change(e)
		}))
		if got := strings.Join(p.Differences(now), "|"); got != want {
			t.Errorf("%s, want %s", got, want)
		}
		if got := now.Incomplete(); len(got) != 2 || got[0] != `TP-1 "turns" (turn.go:7) did not run to its end: its steps may not be all there` {
			t.Errorf("%q", got)
		}
	}
}

func TestLoad(t *testing.T) {
	dir := t.TempDir()
	p := plan.Of(model(monday, 2, nil))
	issued := string(p.Encode())
	for text, want := range map[string]string{
		issued:                                  "",
		strings.Replace(issued, "turn", "x", 1): "",
		issued + " ":                            "the test protocol is not as it was issued",
		strings.Replace(issued, `"B"`, `"B" `, 1): "the test protocol is not as it was issued",
		"{}": `this is no test protocol of the form "oneline-protocol/1"`,
		"[":  "this is no test protocol",
	} {
		path := filepath.Join(dir, "test-protocol.json")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		got, file, err := plan.Load(path)
		switch {
		case want == "" && err != nil:
			t.Error(err)
		case want != "" && (err == nil || !strings.HasPrefix(err.Error(), path+": "+want)):
			t.Errorf("%v, want %s", err, want)
		case want == "" && (file.SHA256 != folder.Sum([]byte(text)) || len(got.Protocols) != 1):
			t.Errorf("%+v", file)
		}
	}
	if _, _, err := plan.Load(filepath.Join(dir, "absent")); err == nil || !strings.Contains(err.Error(), "cannot be read") {
		t.Error(err)
	}
}

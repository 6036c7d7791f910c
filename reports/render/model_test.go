package render

import (
	"fmt"
	"strings"
	"time"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/justification"
)

var began = time.Date(2026, 11, 2, 14, 30, 0, 0, time.FixedZone("", 3600))

// sample is a run with every verdict and every result, at an address.
func sample() *reports.Model {
	dirty := false
	m := &reports.Model{
		Schema:   reports.Schema,
		ExitCode: reports.ExitFailed,
		Conclusion: []string{
			"127.0.0.1:5001: 3 of 9 requirements tested: 2 passed, 1 failed.",
			"1 not observable at an address: SRS-006 needs -shutdown.",
			"3 not tested: SRS-010 no spec; SRS-008 blocked: the connection was not served; SRS-020 manual and not recorded.",
			"rules 2 of 7, settled 0 of 1.    exit code 1",
		},
		Run: reports.Run{Complete: true, Reported: evidence.Suite{Module: "example.org/oneline", Version: "v0.1.0", Commit: "0123abcd"}, Run: evidence.Run{
			Type: "dev", ID: "2026-11-02-1", Started: began, Ended: began.Add(2345 * time.Millisecond),
			Machine: "bench-4", Tester: "", Go: "go1.26.8", OS: "linux/amd64",
			Suite:  evidence.Suite{Module: "example.org/oneline", Version: "v0.1.0", Commit: "0123abcd", Modified: &dirty},
			Target: evidence.Target{Kind: "address", Name: "127.0.0.1:5001", Address: "127.0.0.1:5001", Version: "1.4", Serial: "A-17"},
			Inputs: []evidence.Input{{Title: "application profile", File: evidence.File{Name: "sample application"}, Binding: true}},
			SRS:    evidence.File{Name: "srs.json", SHA256: strings.Repeat("ab12", 16)},
			Repeat: "oneline verify -addr 127.0.0.1:5001", Level: "", Groups: []string{"server"}, Shows: []string{"wire"},
			Sections: []evidence.Section{{Title: "Limits", Rows: []evidence.Row{{Name: "silence", Value: "250ms"}, {Name: "dial", Value: "10s"}, {Name: "response time-out", Value: "3s"}, {Name: "slowest response", Value: "1.2ms, 0.04 % of the response time-out"}}}},
			Notes:    []string{"the probe is ping"},
			Remarks:  map[string][]evidence.Row{"SRS-004": {{Name: "rule P7", Value: "ping has the one response pong."}, {Name: "must catch", Value: "<b>pang: answers ping with pang"}}},
		}},
		Requirements: []reports.Requirement{
			requirement("SRS-001", "The server shall check that its parameters are set, and shall name each one that is not.", reports.NotObservable, "needs the reference server"),
			requirement("SRS-003", "The server shall serve one client at a time: while one is connected, a further one shall get no packet.", reports.Pass, "1 of 2 specs: the other needs a launched server"),
			requirement("SRS-004", "The server shall answer ping with pong.", reports.Fail, ""),
			requirement("SRS-005", "The server shall close the connection on disconnect, and shall go on.", reports.Partial, "blocked: the connection was not served"),
			requirement("SRS-007", "A packet that cannot be converted to ASCII shall be handed to the callback, marked invalid.", reports.Pass, ""),
			requirement("SRS-008", "Every other command shall be handed to the callback.", reports.NotTested, "blocked: the connection was not served"),
			requirement("SRS-010", "The server shall, one day, do more.", reports.NotTested, "no spec"),
			requirement("SRS-020", "The manual shall be readable.", reports.NotTested, "manual and not recorded"),
			requirement("SRS-099", "", reports.Invalid, "not in srs.json"),
			requirement("SRS-100", "Hostile: <script>alert(1)</script> =1+1 | `code` *bold* \x1b[31mred\x1b[0m \u202eturned\u202c שלום 🎉", reports.NotTested, "skipped"),
		},
		Protocols: []reports.Protocol{
			{
				ID: "TP-001", Desc: "basic server", Objectives: []string{"Show that the server serves."},
				Preconditions: []string{"The server runs."}, Deviations: []string{"None."}, Verdict: reports.Pass,
				Specs: []reports.Spec{passing("serves one client at a time", "ver/one.go:12", "SRS-003", "SRS-007"), {
					Title: "reports its parameters", Location: "ver/params.go:9", Requirements: []string{"SRS-001", "SRS-003"}, Observe: []string{"api"},
					Results: map[string]reports.Result{"SRS-001": reports.ResultNotObservable, "SRS-003": reports.ResultNotObservable},
					Reason:  "needs the reference server", State: "skipped", Evidence: &evidence.Spec{NotObservable: "needs the reference server"},
				}},
			},
			{ID: "TP-002", Desc: "common commands", Verdict: reports.Fail, Specs: []reports.Spec{
				failing(), passing("closes on disconnect", "ver/commands.go:60", "SRS-005"), blocked(), panicked(),
			}},
		},
	}
	justify(m)
	byHandToo(m)
	link(m)
	watch(m)
	return m
}

// justify gives a failed and an untested requirement justifications, one of
// them hostile.
func justify(m *reports.Model) {
	m.Run.Justifications = &evidence.File{Name: "justified.json", SHA256: strings.Repeat("cd34", 16)}
	for i := range m.Requirements {
		switch r := &m.Requirements[i]; r.ID {
		case "SRS-004":
			r.Justification = &justification.Justification{Text: "Corrected in version 1.5, which is under way.", Author: "J. Roe", Date: "2026-11-25"}
		case "SRS-100":
			r.Justification = &justification.Justification{
				Text: "=HYPERLINK(\"x\") </td><script>alert(2)</script> **a** | b\n# c \x00\x1b]0;t\a \u202e \xff", Author: "<b>\x1b[31m", Date: "2026-11-25",
			}
		}
	}
}

// byHandToo adds a manual protocol that was carried out in part.
func byHandToo(m *reports.Model) {
	m.Run.Manual = &evidence.File{Name: "manual.json", SHA256: strings.Repeat("ef56", 16)}
	m.Run.Testers = []evidence.Tester{{Initials: "JR", Name: "Jane Roe"}, {Initials: "=1", Name: "<i>\x1b[5m|*x*"}}
	m.Protocols = append(m.Protocols, reports.Protocol{ID: "MP-001", Desc: "the manual", Verdict: reports.NotTested, Specs: []reports.Spec{{
		Title: "can be read", Location: "manual.json:4", Requirements: []string{"SRS-020"}, Manual: true, State: "skipped",
		Results: map[string]reports.Result{"SRS-020": reports.ResultBlocked}, Reason: "step 3 cannot be done, says =1: no light",
		Repeat: "oneline manual manual.json",
		Evidence: &evidence.Spec{
			Manual: true, Blocked: "step 3 cannot be done, says =1: no light",
			Steps: []evidence.Step{
				{Number: 1, Text: "open the manual", At: began.Add(25 * time.Hour), By: "JR"},
				{Number: 2, Text: "read a page", At: began.Add(26 * time.Hour), By: "JR"},
				{Number: 3, Text: "read the last one", At: began.Add(27 * time.Hour), By: "=1"},
			},
			Verifications: []evidence.Verification{{
				Requirements: []string{"SRS-020"}, Step: 2, Expected: "it can be read", Actual: "as expected: =cmd|' /C calc'!A0 <u>\x1b[2J\u202e", Passed: true,
				Location: "manual.json:7", At: began.Add(26 * time.Hour), By: "JR",
			}},
			Planned: []evidence.Verification{{Requirements: []string{"SRS-020"}, Step: 3, Expected: "it can be read too", Location: "manual.json:8"}},
			Notes:   []string{"taken back by JR, 2026-11-03 15:30:00 UTC+01:00: step 2: failed: oops"},
		},
	}}})
}

func requirement(id, desc string, v reports.Verdict, reason string) reports.Requirement {
	return reports.Requirement{
		ID: id, Group: "server", Tester: "auto", Level: "rule", Source: "P7", Desc: desc, Verdict: v, Reason: reason,
		InScope: v != reports.NotObservable && v != reports.Invalid,
	}
}

func passing(title, location string, ids ...string) reports.Spec {
	s := reports.Spec{
		Title: title, Location: location, Requirements: ids, Results: map[string]reports.Result{}, State: "passed", Seconds: 0.0021,
		Repeat:   "oneline verify -addr 127.0.0.1:5001 -focus '" + title + "'",
		Evidence: &evidence.Spec{Completed: true, Steps: []evidence.Step{{Number: 1, Text: "connect and send ping", At: began}, {Number: 2, Text: "wait for the answer", At: began.Add(time.Second)}}},
	}
	for _, id := range ids {
		s.Results[id] = reports.ResultPass
		s.Evidence.Verifications = append(s.Evidence.Verifications, evidence.Verification{
			Requirements: []string{id}, Step: 2, Text: "the first packet", Expected: `packet "pong"`, Actual: `packet "pong"`, Passed: true,
			Location: strings.Split(location, ":")[0] + ":77", At: began.Add(1002 * time.Millisecond),
		})
	}
	return s
}

func failing() reports.Spec {
	s := passing("answers ping with pong", "ver/commands.go:21", "SRS-004")
	s.Results["SRS-004"] = reports.ResultFail
	s.State = "failed"
	e := s.Evidence
	e.Preconditions = []evidence.Verification{{Step: 1, Text: "the connection is served", Expected: "served", Actual: "served", Passed: true}}
	e.Verifications = nil
	for i, actual := range []string{"nothing within 3s", "packet \"pang\"", strings.Repeat("x", 65536), "closed", "packet \"p|o<n>g\""} {
		e.Verifications = append(e.Verifications, evidence.Verification{
			Requirements: []string{"SRS-004"}, Step: 2, Expected: `packet "pong"`, Actual: actual,
			Location: fmt.Sprintf("ver/commands.go:%d", 30+i), At: began.Add(time.Second),
		})
	}
	e.Transcript = []evidence.Exchange{
		{Connection: 1, Direction: evidence.Event, Text: "connected"},
		{Connection: 1, Offset: 130 * time.Microsecond, Direction: evidence.Sent, Bytes: []byte("ping\n"), Length: 5},
		{Connection: 1, Offset: 260 * time.Microsecond, Direction: evidence.Received, Bytes: []byte("p``` \xff\x00\x1b[2J\n"), Length: 65536},
		{Connection: 1, Offset: 3 * time.Second, Direction: evidence.Event, Text: "nothing within 3s"},
	}
	e.Notes = []string{"later waits were cut to 100ms"}
	return s
}

func blocked() reports.Spec {
	return reports.Spec{
		Title: "hands other commands on", Location: "ver/commands.go:90", Requirements: []string{"SRS-005", "SRS-008", "SRS-100"},
		Results: map[string]reports.Result{"SRS-005": reports.ResultBlocked, "SRS-008": reports.ResultBlocked, "SRS-100": reports.ResultSkipped},
		Reason:  "the connection was not served", State: "failed", Evidence: &evidence.Spec{
			Blocked:       "the connection was not served",
			Preconditions: []evidence.Verification{{Text: "the connection is served", Expected: "pong", Actual: "closed"}},
		},
	}
}

func panicked() reports.Spec {
	return reports.Spec{
		Title: "survives junk", Location: "ver/commands.go:120", Requirements: []string{"SRS-004", "SRS-099"},
		Results: map[string]reports.Result{"SRS-004": reports.ResultFail, "SRS-099": reports.ResultNoEvidence},
		State:   "panicked", Failure: "runtime error: index out of range", Repeat: "oneline verify -focus 'survives junk'",
		Evidence: &evidence.Spec{DeadTarget: "it refuses connections", Stopped: "the first packet"},
	}
}

// link fills in what the requirements say of their specs, and counts, as the
// builder of models does.
func link(m *reports.Model) {
	s := &m.Summary
	*s = reports.Summary{}
	at := map[string]*reports.Requirement{}
	for i := range m.Requirements {
		at[m.Requirements[i].ID] = &m.Requirements[i]
	}
	for i := range m.Protocols {
		p := &m.Protocols[i]
		s.Protocols++
		switch p.Verdict {
		case reports.Pass:
			s.ProtocolsPass++
		case reports.Fail:
			s.ProtocolsFail++
		}
		for j := range p.Specs {
			s.Specs++
			linkSpec(p, &p.Specs[j], j+1, at)
			s.Verifications.Passed += p.Specs[j].Verifications.Passed
			s.Verifications.Failed += p.Specs[j].Verifications.Failed
		}
	}
	level := reports.Level{Name: "rule"}
	for i := range m.Requirements {
		countRequirement(s, &level, &m.Requirements[i])
	}
	s.Verified = s.Pass + s.Fail
	s.Levels = []reports.Level{level}
}

func linkSpec(p *reports.Protocol, s *reports.Spec, n int, at map[string]*reports.Requirement) {
	by := map[string]reports.Counts{}
	if s.Evidence != nil {
		for _, v := range s.Evidence.Verifications {
			for _, id := range v.Requirements {
				c := by[id]
				if v.Passed {
					s.Verifications.Passed++
					c.Passed++
				} else {
					s.Verifications.Failed++
					c.Failed++
				}
				by[id] = c
			}
		}
	}
	s.ID = fmt.Sprintf("%s.%d", p.ID, n)
	for _, id := range s.Requirements {
		r := at[id]
		if r == nil {
			continue
		}
		r.Verifications.Passed += by[id].Passed
		r.Verifications.Failed += by[id].Failed
		if n := len(r.Protocols); n == 0 || r.Protocols[n-1] != p.ID {
			r.Protocols = append(r.Protocols, p.ID)
		}
		r.Specs = append(r.Specs, reports.SpecResult{
			ID: s.ID, Protocol: p.ID, Spec: s.Title, Containers: s.Containers, Location: s.Location, Result: s.Results[id], Reason: s.Reason, Verifications: by[id],
		})
	}
}

func countRequirement(s *reports.Summary, level *reports.Level, r *reports.Requirement) {
	if r.Verdict == reports.Invalid {
		s.Invalid++
		return
	}
	s.Requirements++
	s.Auto++
	level.Total++
	if r.InScope {
		s.InScope++
		level.InScope++
	}
	if r.Justification != nil {
		s.Justified++
	}
	switch r.Verdict {
	case reports.Pass:
		s.Pass++
		level.Pass++
	case reports.Fail:
		s.Fail++
	case reports.Partial:
		s.Partial++
	case reports.NotTested:
		s.NotTested++
	case reports.NotObservable:
		s.NotObservable++
	}
}

// many is a model of n requirements with one spec each, and perSpec
// verifications in each spec.
func many(n, perSpec int) *reports.Model {
	m := sample()
	m.Requirements, m.Protocols = nil, nil
	for i := range n {
		id := fmt.Sprintf("SRS-%05d", i)
		m.Requirements = append(m.Requirements, requirement(id, "The server shall do the thing of number "+id+" whenever a client asks for it.", reports.Pass, ""))
		s := passing("does "+id, fmt.Sprintf("ver/spec_%d.go:%d", i/100, i%100), id)
		for len(s.Evidence.Verifications) < perSpec {
			s.Evidence.Verifications = append(s.Evidence.Verifications, s.Evidence.Verifications[0])
		}
		if i%100 == 0 {
			m.Protocols = append(m.Protocols, reports.Protocol{ID: fmt.Sprintf("TP-%03d", i/100), Desc: "things", Verdict: reports.Pass})
		}
		p := &m.Protocols[len(m.Protocols)-1]
		p.Specs = append(p.Specs, s)
	}
	link(m)
	return m
}

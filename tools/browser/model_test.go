package browser_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/render/content"
	"github.com/socket-oneline/oneline/reports/render/page"
)

// verdicts take turns among the requirements; SRS-00001 fails.
var verdicts = []struct {
	verdict reports.Verdict
	result  reports.Result
	reason  string
}{
	{reports.Pass, reports.ResultPass, ""},
	{reports.Fail, reports.ResultFail, "the verification failed"},
	{reports.NotTested, reports.ResultBlocked, "blocked: the connection was not served"},
	{reports.NotObservable, reports.ResultNotObservable, "needs a launched server"},
	{reports.Pass, reports.ResultPass, ""},
}

// perProtocol is how many requirements, with a spec each, a protocol has.
const perProtocol = 10

// model is a run of n requirements with perSpec verifications each.
func model(n, perSpec int) *reports.Model {
	began := time.Date(2026, 11, 2, 14, 30, 0, 0, time.UTC)
	m := &reports.Model{Schema: reports.Schema, ExitCode: reports.ExitFailed, Conclusion: []string{"the target: some failed."}}
	m.Run.Type, m.Run.ID, m.Run.Started, m.Run.Ended = "dev", "1", began, began.Add(time.Minute)
	m.Run.Target = evidence.Target{Kind: "address", Name: "127.0.0.1:5001"}
	m.Run.Remarks = map[string][]evidence.Row{}
	for i := range n {
		v := verdicts[i%len(verdicts)]
		id, protocol := fmt.Sprintf("SRS-%05d", i), fmt.Sprintf("TP-%03d", i/perProtocol+1)
		group := "server"
		if i%2 == 1 {
			group = "client"
		}
		if i%perProtocol == 0 {
			m.Protocols = append(m.Protocols, reports.Protocol{ID: protocol, Desc: "things of kind " + protocol, Verdict: reports.Fail})
		}
		p := &m.Protocols[len(m.Protocols)-1]
		s := spec(id, v.result, perSpec, began)
		s.Reason = v.reason
		p.Specs = append(p.Specs, s)
		m.Requirements = append(m.Requirements, reports.Requirement{
			ID: id, Group: group, Tester: "auto", Level: "rule", Source: "P7", Verdict: v.verdict, Reason: v.reason, InScope: true,
			Desc: fmt.Sprintf("The server shall do the thing number %d, whenever a client asks for it.", i), Protocols: []string{protocol},
			Verifications: s.Verifications, Repeat: "oneline verify -only " + id,
			Specs: []reports.SpecResult{{ID: s.ID, Protocol: protocol, Spec: s.Title, Location: s.Location, Result: v.result, Reason: v.reason, Verifications: s.Verifications}},
		})
		if v.verdict == reports.Fail { // what such a row shows beside its failure
			m.Requirements[i].Parents = []string{"SRS-00000"}
			m.Requirements[0].Children = append(m.Requirements[0].Children, id)
			m.Run.Remarks[id] = []evidence.Row{{Name: "rule P7", Value: "ping has the one response pong"}, {Name: "seeded faults", Value: "pang: answers pang\nmute: answers nothing"}}
		}
		count(&m.Summary, v.verdict)
	}
	m.Summary.Protocols, m.Summary.Specs = len(m.Protocols), n
	return m
}

func spec(id string, result reports.Result, verifications int, at time.Time) reports.Spec {
	s := reports.Spec{
		ID: "TP-" + id, Title: "does " + id, Location: "ver/things.go:12", Requirements: []string{id}, Results: map[string]reports.Result{id: result},
		Repeat: "oneline verify -only " + id,
		Evidence: &evidence.Spec{Completed: true, Steps: []evidence.Step{{Number: 1, Text: "send the command", At: at}}, Transcript: []evidence.Exchange{
			{Connection: 1, Direction: evidence.Sent, Bytes: []byte("ping\n"), Length: 5},
			{Connection: 1, Direction: evidence.Received, Bytes: []byte("pang\n"), Length: 5},
		}},
	}
	for range verifications {
		passed := result == reports.ResultPass
		s.Evidence.Verifications = append(s.Evidence.Verifications, evidence.Verification{
			Requirements: []string{id}, Step: 1, Expected: `packet "pong"`, Actual: `packet "pang"`, Passed: passed, Location: "ver/things.go:20", At: at,
		})
		if passed {
			s.Verifications.Passed++
		} else {
			s.Verifications.Failed++
		}
	}
	return s
}

func count(s *reports.Summary, v reports.Verdict) {
	s.Requirements++
	switch v {
	case reports.Pass:
		s.Pass++
	case reports.Fail:
		s.Fail++
	case reports.NotTested:
		s.NotTested++
	case reports.NotObservable:
		s.NotObservable++
	}
}

// write puts the page of a model into a file, and gives its address.
func write(t *testing.T, m *reports.Model) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "index.html")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := page.Index(f, m, content.Options{Annex: evidence.File{Name: "evidence.txt"}}); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return "file://" + path
}

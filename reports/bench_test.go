package reports_test

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/onsi/ginkgo/v2/types"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/srs"
)

// large is a requirement file of n requirements and a results file with a spec
// for each, which leaves ten steps, ten verifications and ten exchanges.
func large(t testing.TB, n int) (*srs.File, []byte) {
	file := requirements("")
	var specs []types.SpecReport
	for i := range n {
		id := fmt.Sprintf("SRS-%d", i)
		file.Requirements = append(file.Requirements, srs.Requirement{ID: id, Tester: "auto", Group: "server", Desc: "It shall answer."})
		specs = append(specs, it(id, at(10+i), protocol(fmt.Sprintf("TP-%d", i/10), 5+i/10), left("", func(e *evidence.Spec) {
			for k := range 10 {
				e.Steps = append(e.Steps, evidence.Step{Number: k + 1, Text: "send ping and wait for pong", At: began})
				e.Verifications = append(e.Verifications, evidence.Verification{
					Requirements: []string{id}, Step: k + 1, Text: "the server answers \"pong\"",
					Expected: `packet "pong"`, Actual: `packet "pong"`, Passed: true, Location: "ver/server.go:123", At: began,
				})
				e.Transcript = append(e.Transcript, evidence.Exchange{Connection: 1, Offset: 12345678, Direction: evidence.Sent, Bytes: []byte("ping\n"), Length: 5})
			}
		})))
	}
	return file, written(t, withRun(recorded(specs...), at127()))
}

// BenchmarkReadBuild reads and judges 10,000 requirements with 100,000
// verifications, and reports the size of the results file.
func BenchmarkReadBuild(b *testing.B) {
	file, data := large(b, 10_000)
	path := filepath.Join(b.TempDir(), "results.json")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		b.Fatal(err)
	}
	size := len(data)
	data = nil
	runtime.GC()
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		results, err := reports.Load(path)
		if err != nil {
			b.Fatal(err)
		}
		if m := reports.Build(file, []*reports.Results{results}, reports.Options{}); m.Summary.Pass != 10_000 {
			b.Fatalf("%d passed, want all", m.Summary.Pass)
		}
	}
	b.ReportMetric(float64(size)/(1<<20), "MB-file")
}

package reports_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"testing"
	"time"

	"github.com/onsi/ginkgo/v2/types"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/folder"
	"github.com/socket-oneline/oneline/reports/read"
	"github.com/socket-oneline/oneline/reports/render"
	"github.com/socket-oneline/oneline/reports/results"
	"github.com/socket-oneline/oneline/reports/srs"
)

// large is a requirement file of n requirements in three levels, and a results file
// with a spec for each, which leaves ten steps, ten verifications and ten exchanges.
func large(t testing.TB, n int) (*srs.File, []byte) {
	file := requirements("")
	var specs []types.SpecReport
	for i := range n {
		id := fmt.Sprintf("SRS-%d", i)
		r := srs.Requirement{ID: id, Tester: "auto", Group: "server", Desc: "It shall answer."}
		if top, high := n/100, n/10; i >= high {
			r.Parents = []string{fmt.Sprintf("SRS-%d", top+i%(high-top))}
		} else if i >= top {
			r.Parents = []string{fmt.Sprintf("SRS-%d", i%top)}
		}
		file.Requirements = append(file.Requirements, r)
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
		loaded, err := read.Load(path)
		if err != nil {
			b.Fatal(err)
		}
		if m := reports.Build(file, []*results.Results{loaded}, reports.Options{}); m.Summary.Pass != 10_000 {
			b.Fatalf("%d passed, want all", m.Summary.Pass)
		}
	}
	b.ReportMetric(float64(size)/(1<<20), "MB-file")
}

// BenchmarkReport does what oneline report does: it reads the requirements and the
// results, with ten verifications for each requirement, and writes every report but
// the documents for printing. MB-peak is the most memory that the process held. What
// it takes for each requirement must not grow with their number.
func BenchmarkReport(b *testing.B) {
	for _, n := range []int{100, 1000, 10_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			dir := onDisk(b, n)
			var peak uint64
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			b.ReportAllocs()
			for b.Loop() {
				b.StopTimer()
				debug.FreeOSMemory()
				highest := watchMemory()
				b.StartTimer()
				report(b, dir, n)
				peak = max(peak, highest())
			}
			runtime.ReadMemStats(&after)
			every := float64(b.N) * float64(n)
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/every, "ns/requirement")
			b.ReportMetric(float64(after.TotalAlloc-before.TotalAlloc)/every, "B/requirement")
			b.ReportMetric(float64(peak)/(1<<20), "MB-peak")
		})
	}
}

// onDisk writes the files of [large] into a folder, and forgets them.
func onDisk(b *testing.B, n int) (dir string) {
	b.Helper()
	dir = b.TempDir()
	file, results := large(b, n)
	entries := make(map[string]srs.Requirement, n)
	for _, r := range file.Requirements {
		r.Level, r.Source, r.Observe, r.Rationale = "rule", "P1", []string{"wire"}, "A client waits for it."
		entries[r.ID] = r
	}
	requirements, err := json.Marshal(entries)
	if err != nil {
		b.Fatal(err)
	}
	for name, data := range map[string][]byte{"srs.json": requirements, "results.json": results} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			b.Fatal(err)
		}
	}
	return dir
}

// report reads the files in dir and writes the reports there.
func report(b *testing.B, dir string, n int) {
	file, err := srs.Load(filepath.Join(dir, "srs.json"))
	if err != nil {
		b.Fatal(err)
	}
	loaded, err := read.Load(filepath.Join(dir, "results.json"))
	if err != nil {
		b.Fatal(err)
	}
	m := reports.Build(file, []*results.Results{loaded}, reports.Options{})
	if m.Summary.Pass != n {
		b.Fatalf("%d passed, want all", m.Summary.Pass)
	}
	formats := []string{"txt", "md", "html", "json", "csv", "junit"}
	set, err := render.Set(m, formats, render.Options{})
	if err != nil {
		b.Fatal(err)
	}
	out, err := folder.Create(filepath.Join(dir, "out"), false)
	if err != nil {
		b.Fatal(err)
	}
	defer out.Close()
	if err := out.Publish("", set); err != nil {
		b.Fatal(err)
	}
}

// watchMemory looks, every millisecond, at how much memory the process holds, until
// the function that it returns is called, which gives the most.
func watchMemory() (highest func() uint64) {
	samples := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	done, most := make(chan struct{}), make(chan uint64)
	go func() {
		ticker := time.NewTicker(time.Millisecond)
		defer ticker.Stop()
		var peak uint64
		for {
			metrics.Read(samples)
			peak = max(peak, samples[0].Value.Uint64()-samples[1].Value.Uint64())
			select {
			case <-ticker.C:
			case <-done:
				most <- peak
				return
			}
		}
	}()
	return func() uint64 {
		close(done)
		return <-most
	}
}

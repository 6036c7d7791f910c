// Package bench_test measures the server beside its baselines, the reports, and what
// oneline run adds to go test. It ends with a table of the ratios and figures that are
// asked for, and fails where one is not met.
//
//	go test -count=1 -v -timeout 0 -run TestSpeed ./tools/bench -rounds 15
//
// What it prints above the table is in the form of Go benchmarks, for benchstat. The
// baselines are measured again in every round, within a second of what they are
// compared with, so that what else the machine does concerns both alike; the ratio is
// the median of those of the rounds.
package bench_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

var rounds = flag.Int("rounds", 0, "how many times each ratio is measured; 0: the speed is not measured")

func TestSpeed(t *testing.T) {
	if *rounds < 1 {
		t.Skip("it takes minutes on an idle machine: give -rounds")
	}
	m := &measurer{T: t, dir: t.TempDir(), cwd: "../.."}
	m.run("go", "test", "-c", "-o", m.dir, "./server", "./reports")
	m.run("go", "build", "-o", m.path("oneline"), "./tools/oneline")
	for range *rounds {
		m.benchmarks("server.test", "Ping|Pipelined|Callback|LongPacket", "50ms")
	}
	for range 3 {
		m.benchmarks("reports.test", "BenchmarkReport", "1x")
		m.timed("Suite", m.path("oneline"), "verify", "-out", m.path("out"))
	}
	m.module()
	for n := range 2 * *rounds {
		m.pair(n)
	}
	if !table(os.Stdout, m.all) {
		t.Error("not all targets are met")
	}
}

// measurer builds and runs programs, and collects their figures.
type measurer struct {
	*testing.T
	dir string   // holds what is built
	cwd string   // where programs run
	env []string // beside the environment of this process
	all measurements
}

func (m *measurer) path(name string) string { return filepath.Join(m.dir, name) }

// run runs a program, and returns what it prints.
func (m *measurer) run(name string, args ...string) []byte {
	m.Helper()
	cmd := exec.CommandContext(m.Context(), name, args...)
	cmd.Dir, cmd.Env = m.cwd, append(os.Environ(), m.env...)
	output, err := cmd.CombinedOutput()
	if err != nil {
		m.Fatalf("%s: %v\n%s", cmd, err, output)
	}
	return output
}

// benchmarks runs those of a test binary, prints their lines and keeps them.
func (m *measurer) benchmarks(binary, which, time string) {
	m.Helper()
	m.keep(m.run(m.path(binary), "-test.run", "^$", "-test.bench", which, "-test.benchmem", "-test.benchtime", time))
}

// timed keeps how long a command took.
func (m *measurer) timed(name, command string, args ...string) {
	m.Helper()
	began := time.Now()
	m.run(command, args...)
	m.keep(fmt.Appendf(nil, "Benchmark%s 1 %d ns/op\n", name, time.Since(began).Nanoseconds()))
}

func (m *measurer) keep(output []byte) {
	for line := range bytes.Lines(output) {
		if m.all.add(string(line)) {
			fmt.Print(string(line))
		}
	}
}

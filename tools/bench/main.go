// Bench measures the server beside its baselines, the reports, and what oneline run adds
// to go test. It ends with a table of the ratios and figures that are asked for. Its
// status is 1 where one is not met, and 2 where something could not be measured.
//
//	go run ./tools/bench -rounds 15
//
// What it prints above the table is in the form of Go benchmarks, for benchstat. The
// baselines are measured again in every round, within a second of what they are
// compared with, so that what else the machine does concerns both alike; the ratio is
// the median of those of the rounds.
package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(stderr)
	rounds := flags.Int("rounds", 15, "how many times each ratio is measured")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	if *rounds < 1 || flags.NArg() > 0 {
		fmt.Fprintln(stderr, "bench: give -rounds, at least 1, and nothing else")
		return 2
	}
	met, err := bench(ctx, *rounds, stdout)
	switch {
	case err != nil:
		fmt.Fprintln(stderr, "bench:", err)
		return 2
	case !met:
		return 1
	}
	return 0
}

// bench measures all, prints it, and reports whether every target is met.
func bench(ctx context.Context, rounds int, out io.Writer) (met bool, err error) {
	dir, err := os.MkdirTemp("", "bench-*")
	if err != nil {
		return false, err
	}
	defer os.RemoveAll(dir)
	m := &measurer{ctx: ctx, dir: dir, out: out}
	m.run("go", "test", "-c", "-o", dir, "./server", "./reports")
	m.run("go", "build", "-o", m.path("oneline"), "./tools/oneline")
	for range rounds {
		m.benchmarks("server.test", "Ping|Pipelined|Callback|LongPacket", "50ms")
	}
	for range 3 {
		m.benchmarks("reports.test", "BenchmarkReport", "1x")
		m.suite()
	}
	m.module()
	for n := range 2 * rounds {
		m.pair(n)
	}
	if m.err != nil {
		return false, m.err
	}
	return table(out, m.all), nil
}

// measurer runs what is to be measured. After an error it does nothing.
type measurer struct {
	ctx context.Context
	dir string
	out io.Writer
	all measurements
	err error
}

func (m *measurer) path(name string) string { return filepath.Join(m.dir, name) }

// run runs a program, and says what it printed if it failed.
func (m *measurer) run(name string, args ...string) (output []byte) {
	return m.start(exec.CommandContext(m.ctx, name, args...))
}

// in runs a program in the module of 20 packages.
func (m *measurer) in(name string, args ...string) {
	cmd := exec.CommandContext(m.ctx, name, args...)
	cmd.Dir = m.path("module")
	cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOWORK=off")
	m.start(cmd)
}

func (m *measurer) start(cmd *exec.Cmd) (output []byte) {
	if m.err != nil {
		return nil
	}
	output, err := cmd.CombinedOutput()
	if err != nil {
		first, _, _ := bytes.Cut(bytes.TrimSpace(output), []byte("\n"))
		m.err = fmt.Errorf("%s %s: %w: %.500s", filepath.Base(cmd.Args[0]), cmd.Args[1], err, first)
	}
	return output
}

// benchmarks runs those of a test binary, prints their lines and keeps them.
func (m *measurer) benchmarks(binary, which, time string) {
	output := m.run(m.path(binary), "-test.run", "^$", "-test.bench", which, "-test.benchmem", "-test.benchtime", time)
	m.keep(output)
}

// suite verifies the reference, as a user does.
func (m *measurer) suite() {
	began := time.Now()
	m.run(m.path("oneline"), "verify", "-out", m.path("out"))
	m.keep(fmt.Appendf(nil, "BenchmarkSuite 1 %d ns/op\n", time.Since(began).Nanoseconds()))
}

func (m *measurer) keep(output []byte) {
	if m.err != nil {
		return
	}
	for line := range bytes.Lines(output) {
		if m.all.add(string(line)) {
			_, _ = m.out.Write(line)
		}
	}
}

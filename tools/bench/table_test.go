package bench_test

import (
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
)

// measurements are what benchmarks measured, by name and unit, in the order of the
// rounds.
type measurements map[string][]float64

// procs is what go test appends to a name.
var procs = regexp.MustCompile(`-\d+$`)

// add keeps a line of a benchmark's, and reports whether it is one.
func (m *measurements) add(line string) bool {
	words := strings.Fields(line)
	if len(words) < 4 || len(words)%2 != 0 || !strings.HasPrefix(words[0], "Benchmark") {
		return false
	}
	if *m == nil {
		*m = measurements{}
	}
	name := procs.ReplaceAllString(strings.TrimPrefix(words[0], "Benchmark"), "")
	for ; len(words) > 2; words = words[:len(words)-2] {
		unit := words[len(words)-1]
		if value, err := strconv.ParseFloat(words[len(words)-2], 64); err == nil {
			(*m)[name+" "+unit] = append((*m)[name+" "+unit], value)
		}
	}
	return true
}

// A row of the table is a ratio of two benchmarks, or one figure of one.
type row struct {
	what, against string
	measured      string  // name and unit
	baseline      string  // the same of what it is compared with; empty: a figure
	scale         float64 // what a figure is multiplied by, for its unit
	unit          string  // of a figure
	bound         float64 // a ratio is at least, a figure at most; a negative one: no target
}

const noTarget = -1

// rows are what is asked for, and some figures that are there to be seen.
func rows() []row {
	compare := func(what, against, measured, baseline string, least float64) row {
		return row{what: what, against: against, measured: measured, baseline: baseline, bound: least}
	}
	ratio := func(what, against, name, baseline string, least float64) row {
		return compare(what, against, name+"/server ns/op", name+"/"+baseline+" ns/op", least)
	}
	figure := func(what, measured string, scale float64, unit string, most float64) row {
		return row{what: what, against: "-", measured: measured, scale: scale, unit: unit, bound: most}
	}
	return []row{
		ratio("ping, one at a time", "echo loop", "Ping", "echo", 0.95),
		figure("ping, one at a time", "Ping/server allocs/op", 1, "allocations", 0),
		ratio("pings, 8 ahead", "echo loop", "Pipelined/ahead=8", "echo", 0.7),
		ratio("pings, 64 ahead", "echo loop", "Pipelined/ahead=64", "echo", 0.7),
		ratio("pings, 1024 ahead", "echo loop", "Pipelined/ahead=1024", "echo", 0.7),
		ratio("pings, any number ahead", "echo loop", "Pipelined/ahead=all", "echo", noTarget),
		ratio("pings, any number ahead", "loop of lines", "Pipelined/ahead=all", "lines", 0.7),
		figure("pings, any number ahead", "Pipelined/ahead=all/server allocs/op", 1, "allocations", 0),
		ratio("callback, 8 ahead", "pings", "Callback/ahead=8", "pings", 0.7),
		ratio("callback, 64 ahead", "pings", "Callback/ahead=64", "pings", 0.7),
		ratio("callback, 1024 ahead", "pings", "Callback/ahead=1024", "pings", noTarget),
		ratio("callback, 1024 ahead", "loop of lines", "Callback/ahead=1024", "lines", 0.5),
		ratio("callback, any number ahead", "loop of lines", "Callback/ahead=all", "lines", 0.5),
		figure("callback, any number ahead", "Callback/ahead=all/server allocs/op", 1, "allocations", 1),
		ratio("packet of 1 MiB", "io.Copy to nowhere", "LongPacket", "discard", noTarget),
		ratio("packet of 1 MiB", "io.Copy to memory", "LongPacket", "keep", 0.5),
		figure("the suite on the reference", "Suite ns/op", 1e-9, "s", 5),
		compare("oneline run, 20 packages", "go test", "Module/run ns/op", "Module/gotest ns/op", 1/1.05),
		figure("report, 100 requirements", "Report/100 ns/op", 1e-9, "s", noTarget),
		figure("report, 1,000 requirements", "Report/1000 ns/op", 1e-9, "s", noTarget),
		figure("report, 10,000 requirements", "Report/10000 ns/op", 1e-9, "s", 2),
		figure("report, 10,000 requirements", "Report/10000 MB-peak", 1, "MB", 500),
		compare("report, time for each of 1,000", "each of 10,000", "Report/10000 ns/requirement", "Report/1000 ns/requirement", 0.5),
		compare("report, memory for each of 1,000", "each of 10,000", "Report/10000 B/requirement", "Report/1000 B/requirement", 0.5),
	}
}

// table prints the rows, and reports whether every target is met. What was not
// measured is not met.
func table(out io.Writer, all measurements) (met bool) {
	met = true
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "\nwhat\tagainst\tmeasured\tlowest to highest\ttarget\t\n")
	for _, r := range rows() {
		measured, spread, verdict := "nothing", "", "NOT MET"
		if values := r.values(all); len(values) > 0 {
			measured, verdict = r.number(median(values)), r.verdict(median(values))
			spread = r.number(values[0]) + " to " + r.number(values[len(values)-1])
		}
		met = met && verdict != "NOT MET"
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", r.what, r.against, measured, spread, r.target(), verdict)
	}
	_ = w.Flush()
	if met {
		fmt.Fprintln(out, "\nAll targets are met.")
	} else {
		fmt.Fprintln(out, "\nNot all targets are met.")
	}
	return met
}

// values are those of the rounds, sorted.
func (r row) values(all measurements) (values []float64) {
	baseline := all[r.baseline]
	for i, measured := range all[r.measured] {
		if r.baseline == "" {
			values = append(values, measured*r.scale)
		} else if i < len(baseline) {
			values = append(values, baseline[i]/measured)
		}
	}
	slices.Sort(values)
	return values
}

func (r row) verdict(median float64) string {
	switch {
	case r.bound == noTarget:
		return ""
	case r.baseline != "" && median >= r.bound, r.baseline == "" && median <= r.bound:
		return "met"
	}
	return "NOT MET"
}

func (r row) number(v float64) string {
	switch r.unit {
	case "":
		return fmt.Sprintf("%.2f", v)
	case "s":
		return fmt.Sprintf("%.2f s", v)
	}
	return fmt.Sprintf("%.0f %s", v, r.unit)
}

func (r row) target() string {
	switch {
	case r.bound == noTarget:
		return "-"
	case r.baseline != "":
		return fmt.Sprintf("at least %.2f", r.bound)
	}
	return strings.TrimSpace(fmt.Sprintf("at most %g %s", r.bound, r.unit))
}

// median is that of sorted values.
func median(values []float64) float64 {
	n := len(values)
	return (values[(n-1)/2] + values[n/2]) / 2
}

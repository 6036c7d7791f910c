package bench_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

// recorded are lines that meet every target, as go test prints them.
func recorded() map[string]string {
	lines := map[string]string{}
	for _, r := range rows() {
		for _, name := range []string{r.measured, r.baseline} {
			if name == "" {
				continue
			}
			bench, unit, _ := strings.Cut(name, " ")
			value := "100"
			if unit == "allocs/op" {
				value = "0"
			}
			lines[bench] += " " + value + " " + unit
		}
	}
	return lines
}

func judged(lines map[string]string) (string, bool) {
	var all measurements
	for range 3 {
		for bench, values := range lines {
			all.add(fmt.Sprintf("Benchmark%s-2 \t 1000%s\n", bench, values))
		}
	}
	var out bytes.Buffer
	met := table(&out, all)
	return out.String(), met
}

func TestTable(t *testing.T) {
	if out, met := judged(recorded()); !met || strings.Contains(out, "NOT MET") {
		t.Fatalf("equal figures do not meet the targets:\n%s", out)
	}
	tests := []struct {
		bench, values, missed string
	}{
		{"Ping/server", " 106 ns/op 0 allocs/op", "ping, one at a time echo loop"},
		{"Ping/server", " 100 ns/op 1 allocs/op", "ping, one at a time -"},
		{"Callback/ahead=64/server", " 150 ns/op", "callback, 64 ahead"},
		{"Callback/ahead=all/server", " 100 ns/op 2 allocs/op", "callback, any number ahead"},
		{"Module/run", " 106 ns/op", "oneline run, 20 packages go test"},
		{"Suite", " 5100000000 ns/op", "the suite on the reference"},
		{"Report/10000", " 2100000000 ns/op 100 MB-peak 100 ns/requirement 100 B/requirement", "report, 10,000 requirements"},
		{"Report/10000", " 100 ns/op 100 MB-peak 201 ns/requirement 100 B/requirement", "report, time for each of 1,000"},
		{"LongPacket/server", "", "packet of 1 MiB"},
	}
	for _, test := range tests {
		lines := recorded()
		lines[test.bench] = test.values
		out, met := judged(lines)
		found := false
		for line := range strings.Lines(out) {
			if strings.Contains(line, "NOT MET") {
				found = found || strings.HasPrefix(strings.Join(strings.Fields(line), " "), test.missed)
			}
		}
		if met || !found {
			t.Errorf("%s%s: %q is not said to be missed:\n%s", test.bench, test.values, test.missed, out)
		}
	}
}

// The median counts, not the best or the last round.
func TestMedian(t *testing.T) {
	for _, test := range []struct {
		values []float64
		want   float64
	}{{[]float64{1}, 1}, {[]float64{1, 2}, 1.5}, {[]float64{1, 2, 9}, 2}} {
		if got := median(test.values); got != test.want {
			t.Errorf("%v: got %v, want %v", test.values, got, test.want)
		}
	}
}

func TestOtherLines(t *testing.T) {
	var all measurements
	for _, line := range []string{"", "PASS\n", "goos: linux\n", "BenchmarkPing\n", "BenchmarkPing 100 ns/op\n"} {
		if all.add(line) {
			t.Errorf("%q is taken for a measurement", line)
		}
	}
}

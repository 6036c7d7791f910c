package srs_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/socket-oneline/oneline/reports/srs"
	"github.com/socket-oneline/oneline/reports/strictjson"
)

// many returns a file of n requirements, each with extra members.
func many(n int, extra string) []byte {
	var b strings.Builder
	b.WriteString("{\n")
	for i := range n {
		fmt.Fprintf(&b, `    "SRS-%05d": {
        "tester": "auto", "group": "server", "source": "P7", "level": "rule", "observe": ["wire", "api"],
        "desc": "The server shall do thing %d, and shall do it with all the care that it takes."%s
    }, // the next
`, i, i, extra)
	}
	b.WriteString("}\n")
	return []byte(b.String())
}

// BenchmarkParse reads 10,000 requirements.
func BenchmarkParse(b *testing.B) {
	data := many(10_000, "")
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if _, err := srs.Parse("srs.json", data); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkErrors reads 10,000 requirements with a mistake in each.
func BenchmarkErrors(b *testing.B) {
	data := many(10_000, `, "x": 1`)
	for b.Loop() {
		if _, err := srs.Parse("srs.json", data); len(err.(strictjson.Errors)) != 10_000 {
			b.Fatal(err)
		}
	}
}

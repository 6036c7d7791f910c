package render

import (
	"bytes"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/render/text"
)

func TestParseFormats(t *testing.T) {
	for in, want := range map[string]string{
		"txt": "txt", "md, txt,md": "md txt", "all": strings.Join(Formats(), " "), "html,all": strings.Join(Formats(), " "),
	} {
		got, err := ParseFormats(in)
		if err != nil || strings.Join(got, " ") != want {
			t.Errorf("%q gives %v, %v; want %s", in, got, err, want)
		}
	}
	for _, in := range []string{"", "txt,", "word"} {
		_, err := ParseFormats(in)
		if err == nil || !strings.Contains(err.Error(), "csv, ") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: %v; want one line that lists the formats", in, err)
		}
	}
}

// The set holds the files of the formats, each as its writer writes it.
func TestSet(t *testing.T) {
	set, err := Set(sample(), []string{"json", "txt"}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, d := range set {
		got = append(got, d.Name)
		var b bytes.Buffer
		if err := d.Write(&b); err != nil || b.Len() == 0 {
			t.Errorf("%s: %d bytes, %v", d.Name, b.Len(), err)
		}
	}
	if want := []string{"coverage.json", "evidence.txt", "summary.txt", "report.txt", "trace.txt", "protocol.txt"}; !slices.Equal(got, want) || !slices.Equal(Names([]string{"json", "txt"}), want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestReadCoverage(t *testing.T) {
	for in, want := range map[string]string{
		"":                      "is no coverage.json",
		"[1]":                   "is no coverage.json",
		"{}":                    `its schema is ""`,
		`{"schema": "other/9"}`: `its schema is "other/9"`,
	} {
		_, err := ReadCoverage("old.json", strings.NewReader(in))
		if err == nil || !strings.HasPrefix(err.Error(), "old.json: "+want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: %v", in, err)
		}
	}
}

// BenchmarkFiles writes every file of 10,000 requirements and 100,000
// verifications.
func BenchmarkFiles(b *testing.B) {
	m := many(10_000, 10)
	all := append(files(m, Options{}), file{"terminal", "", func(w io.Writer) error {
		return text.Terminal(w, m, text.TerminalOptions{Width: 120})
	}})
	for _, f := range all {
		b.Run(f.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := f.write(io.Discard); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// TestGrowsInProportion: a model that is ten times as large takes no more than four
// times as long as ten small ones, which nothing quadratic does. Both are at work for
// about as long, so that a busy machine is as slow for the one as for the others;
// what is slow three times is slow.
func TestGrowsInProportion(t *testing.T) {
	small, large := many(30, 4), many(300, 4)
	for _, f := range one() {
		took := func(times int, m *reports.Model) time.Duration {
			start := time.Now()
			for range times {
				if err := f.Write(io.Discard, m); err != nil {
					t.Fatal(err)
				}
			}
			return time.Since(start)
		}
		// Other work makes a machine slow, and nothing makes it fast.
		s, l := took(10, small), took(1, large)
		for tries := 10; tries > 0 && l > 4*s; tries-- {
			s, l = min(s, took(10, small)), min(l, took(1, large))
		}
		if l > 4*s {
			t.Errorf("%s: %v for ten times 30 requirements, %v for 300", f.Name, s, l)
		}
	}
}

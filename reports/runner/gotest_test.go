package runner

import (
	"slices"
	"strings"
	"testing"
)

func TestAsGoTest(t *testing.T) {
	for in, want := range map[string]string{
		"go test ./...":                      "go test -json ./...",
		"/usr/bin/go -C sub test -run X .":   "/usr/bin/go -C sub test -json -run X .",
		"go -C=sub test":                     "go -C=sub test -json",
		"go test -json ./...":                "go test -json ./... asked",
		"go test -v ./... -args -json":       "go test -json -v ./... -args -json verbose",
		"go test -test.v=true .":             "go test -json -test.v=true . verbose",
		"go test -v=false -bench=. .":        "go test -json -v=false -bench=. . verbose",
		"go test -c .":                       "",
		"go vet ./...":                       "",
		"go":                                 "",
		"go -C":                              "",
		"make test":                          "",
		"./go/test ./...":                    "",
		"go test . -json=false -args -bench": "go test -json . -json=false -args -bench",
	} {
		g, ok := asGoTest(strings.Fields(in))
		got := strings.Join(g.args, " ")
		if g.asked {
			got += " asked"
		}
		if g.verbose {
			got += " verbose"
		}
		if !ok {
			got = ""
		}
		if got != want {
			t.Errorf("%s: %q, want %q", in, got, want)
		}
	}
}

// stream is what go test -json prints for packages of all kinds; two run at the same time.
var stream = []string{
	`{"Action":"start","Package":"m/a"}`,
	`{"Action":"start","Package":"m/b"}`,
	`{"Action":"run","Package":"m/a","Test":"TestOne"}`,
	`{"Action":"output","Package":"m/a","Test":"TestOne","Output":"=== RUN   TestOne\n"}`,
	`{"Action":"output","Package":"m/b","Test":"TestTwo","Output":"=== RUN   TestTwo\n"}`,
	`{"Action":"output","Package":"m/b","Test":"TestTwo","Output":"    two_test.go:3: wrong\n"}`,
	`{"Action":"output","Package":"m/a","Test":"TestOne","Output":"said by one\n"}`,
	`{"Action":"output","Package":"m/b","Test":"TestTwo","Output":"--- FAIL: TestTwo (0.00s)\n"}`,
	`{"Action":"fail","Package":"m/b","Test":"TestTwo"}`,
	`{"Action":"output","Package":"m/b","Test":"TestFine","Output":"fine\n"}`,
	`{"Action":"pass","Package":"m/b","Test":"TestFine"}`,
	`{"Action":"output","Package":"m/b","Test":"TestCrash","Output":"panic: oh\n"}`,
	`{"Action":"output","Package":"m/b","Output":"FAIL\tm/b\t0.1s\n"}`,
	`{"Action":"fail","Package":"m/b"}`,
	`{"Action":"output","Package":"m/a","Test":"TestOne","Output":"--- PASS: TestOne (0.00s)\n"}`,
	`{"Action":"pass","Package":"m/a","Test":"TestOne"}`,
	`{"Action":"output","Package":"m/a","Output":"PASS\n"}`,
	`{"Action":"output","Package":"m/a","Output":"ok  \tm/a\t0.2s\n"}`,
	`{"Action":"pass","Package":"m/a"}`,
	`{"ImportPath":"m/c","Action":"build-output","Output":"# m/c\n"}`,
	`{"ImportPath":"m/c","Action":"build-output","Output":"c/c.go:1:1: wrong\n"}`,
	`{"ImportPath":"m/c","Action":"build-fail"}`,
	`{"Action":"output","Package":"m/c","Output":"FAIL\tm/c [build failed]\n"}`,
	`{"Action":"fail","Package":"m/c","FailedBuild":"m/c"}`,
	`a line of something else`,
	`{"Action":"output","Package":"m/d","Output":"?   \tm/d\t[no test files]\n"}`,
	`{"Action":"skip","Package":"m/d"}`,
	`{"Action":"output","Package":"m/e","Test":"TestCut","Output":"half a run\n"}`,
	`{"Action":"out`,
}

// People read what they always read, however the stream is cut into pieces.
func TestPrinter(t *testing.T) {
	quiet := `    two_test.go:3: wrong
--- FAIL: TestTwo (0.00s)
panic: oh
FAIL	m/b	0.1s
ok  	m/a	0.2s
# m/c
c/c.go:1:1: wrong
FAIL	m/c [build failed]
a line of something else
?   	m/d	[no test files]
half a run
{"Action":"out
`
	verbose := `=== RUN   TestOne
said by one
--- PASS: TestOne (0.00s)
PASS
ok  	m/a	0.2s
=== RUN   TestTwo
    two_test.go:3: wrong
--- FAIL: TestTwo (0.00s)
fine
panic: oh
FAIL	m/b	0.1s
# m/c
c/c.go:1:1: wrong
FAIL	m/c [build failed]
a line of something else
?   	m/d	[no test files]
half a run
{"Action":"out
`
	text := strings.Join(stream, "\n")
	for _, size := range []int{1, 7, len(text)} {
		for want, v := range map[string]bool{quiet: false, verbose: true} {
			var b strings.Builder
			p := newPrinter(&b, v)
			for piece := range slices.Chunk([]byte(text), size) {
				if _, err := p.Write(slices.Clone(piece)); err != nil {
					t.Fatal(err)
				}
			}
			if err := p.Close(); err != nil || b.String() != want {
				t.Errorf("in pieces of %d, verbose %t: %v\n%s\nwant\n%s", size, v, err, b.String(), want)
			}
		}
	}
}

package gotest_test

import (
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"

	"github.com/onsi/gomega"

	"github.com/socket-oneline/oneline/trace/gotest"
)

func Example() {
	TestUpper := func(t *testing.T) {
		req := gotest.Req(t, "TEXT-1")
		req.Step("turn a word into capitals")
		req.Verify().Equal(strings.ToUpper("ping"), "PING")

		// With Gomega, any of its matchers will do.
		req.Verify().Expect(strings.ToUpper("straße")).To(gomega.HaveSuffix("E"), "the end of a word with ß")
	}
	fmt.Println("passed:", passes(TestUpper))
	// Output: passed: true
}

// Each subtest is a spec of its own.
func ExampleProtocol() {
	sums := gotest.Protocol{ID: "TP-001", Title: "sums"}
	TestAdd := func(t *testing.T) {
		for name, row := range map[string]struct{ a, b, sum int }{
			"small":           {2, 3, 5},
			"of both signs":   {-2, 3, 1},
			"nothing to add":  {7, 0, 7},
			"nothing but 0/0": {0, 0, 0},
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				sums.Req(t, "CALC-ADD-1").Verify().Equal(row.a+row.b, row.sum)
			})
		}
	}
	fmt.Println("passed:", passes(TestAdd))
	// Output: passed: true
}

// A precondition that does not hold blocks the test, and no requirement fails.
func ExampleRequirements_Need() {
	TestPort := func(t *testing.T) {
		req := gotest.Req(t, "NET-1", "NET-2")
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		req.Need(err == nil, "a port is free")
		req.Verify("NET-1").Equal(ln.Addr().Network(), "tcp")
		req.Must("NET-2").NoError(ln.Close(), "closing")
		_, err = ln.Accept()
		req.Verify("NET-2").ErrorIs(err, net.ErrClosed)
		req.Verify("NET-2").False(errors.Is(err, net.ErrWriteToConnected), "that it was written to")
	}
	fmt.Println("passed:", passes(TestPort))
	// Output: passed: true
}

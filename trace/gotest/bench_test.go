package gotest_test

import (
	"flag"
	"testing"

	"github.com/socket-oneline/oneline/trace/gotest"
)

// A verification takes at most 5 microseconds and 10 allocations.
func BenchmarkVerify(b *testing.B) {
	req := gotest.Req(b, "A-1")
	b.ReportAllocs()
	for b.Loop() {
		req.Verify().Equal(5, 5)
	}
}

func BenchmarkVerifyText(b *testing.B) {
	req := gotest.Req(b, "A-1")
	b.ReportAllocs()
	for b.Loop() {
		req.Verify("A-1").Equal("a response", "a response", "the answer to %s", "ping")
	}
}

func TestAllocations(t *testing.T) {
	req := gotest.Req(t, "A-1")
	if n := testing.AllocsPerRun(1000, func() { req.Verify().Equal("a response", "a response", "the answer to %s", "ping") }); n > 10 {
		t.Errorf("%v allocations for a verification", n)
	}
}

// passes runs a test for an example, without the output of go test -v.
func passes(test func(*testing.T)) bool {
	verbose := flag.Lookup("test.v").Value
	before := verbose.String()
	_ = verbose.Set("false")
	defer func() { _ = verbose.Set(before) }()
	return testing.RunTests(func(_, _ string) (bool, error) { return true, nil }, []testing.InternalTest{{Name: "TestExample", F: test}})
}

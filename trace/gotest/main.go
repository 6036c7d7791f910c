package gotest

import (
	"flag"
	"fmt"
	"os"

	"github.com/socket-oneline/oneline/reports/evidence"
)

// Main runs the tests of a package and closes their evidence, so that a process
// that crashed can be told from one that ended in order. It returns the exit
// status:
//
//	func TestMain(m *testing.M) { os.Exit(gotest.Main(m)) }
func Main(m interface{ Run() int }) int {
	tests.Lock()
	tests.watched = true
	tests.Unlock()
	code := m.Run()
	f, err := file()
	if err != nil {
		fmt.Fprintf(os.Stderr, "gotest: the evidence cannot be written: %v\n", err)
		return max(code, 1)
	}
	tests.Lock()
	defer tests.Unlock()
	for _, t := range tests.all {
		if t.Failed() && (t.end.State == "passed" || t.end.State == "skipped") {
			t.end.State, t.end.Cleanup = "failed", "a cleanup that was registered before gotest.Req failed"
			f.Write(evidence.Record{Number: t.number, End: &t.end})
		}
	}
	f.Close(evidence.Close{Filtered: filtered()})
	if f.Err() != nil || len(tests.late) > 0 {
		code = max(code, 1)
	}
	return code
}

// filtered reports whether flags of go test have chosen some of the tests.
func filtered() bool {
	for _, name := range []string{"test.run", "test.skip"} {
		if f := flag.Lookup(name); f != nil && f.Value.String() != f.DefValue {
			return true
		}
	}
	return false
}

// Verify runs the specs of the calculator in a program, writes the results to the
// file that is its argument, and ends with status 1 if a spec failed. Built with
// -cover, it also tells which code each requirement executes; docs/coverage.md says
// how.
package main

import (
	"os"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"example.com/calculator/specs"
	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/trace"
)

func main() {
	var run evidence.Run
	trace.Cover(&run)
	trace.Record(&run)
	RegisterFailHandler(Fail)
	specs.Register()
	suite, reporter := GinkgoConfiguration()
	reporter.JSONReport = os.Args[1]
	if !RunSpecs(test{}, "calculator", suite, reporter) {
		os.Exit(1)
	}
}

// test stands in for a testing.T.
type test struct{}

func (test) Fail() {}

//go:build unknown

package calculator_test

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"example.com/calculator"
	"github.com/socket-oneline/oneline/trace"
)

// With this file (go test -tags unknown) the suite names a requirement that
// srs.json does not have. Nothing can be concluded from such a run.
var _ = trace.Protocol("TP-3", "differences", trace.About{}, func() {
	It("subtracts", trace.Req("CALC-SUB-1"), func(ctx SpecContext) {
		var c calculator.Calculator
		c.Add(5)
		trace.Step(ctx, "subtract 3")
		c.Add(-3)
		trace.Verify(ctx).Expect(c.Result()).To(Equal(int64(2)))
	})
})

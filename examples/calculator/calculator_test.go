package calculator_test

import (
	"math"
	"testing"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"example.com/calculator"
	"github.com/socket-oneline/oneline/trace"
)

func TestCalculator(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "calculator")
}

var _ = trace.Protocol("TP-1", "sums and quotients", trace.About{
	Objectives: []string{"show that the basic arithmetic is right"},
}, func() {
	It("adds", trace.Req("CALC-ADD-1"), func(ctx SpecContext) {
		var c calculator.Calculator
		trace.Step(ctx, "add 2, then 3")
		c.Add(2)
		c.Add(3)
		trace.Verify(ctx).Expect(c.Result()).To(Equal(int64(5)))
		trace.Step(ctx, "add -5")
		c.Add(-5)
		trace.Verify(ctx).Expect(c.Result()).To(BeZero())
	})

	// A spec may be about several requirements. Each verification says which.
	It("divides", trace.Req("CALC-DIV-1", "CALC-DIV-2"), func(ctx SpecContext) {
		var c calculator.Calculator
		c.Add(-7)
		trace.Need(ctx).Expect(c.Result()).To(Equal(int64(-7)), "the calculator shows -7")

		trace.Step(ctx, "divide by 2")
		trace.Verify(ctx, "CALC-DIV-1").Expect(c.Divide(2)).To(Succeed())
		trace.Verify(ctx, "CALC-DIV-1").Expect(c.Result()).To(Equal(int64(-3)))

		trace.Step(ctx, "divide by 0")
		before := c.Result()
		trace.Verify(ctx, "CALC-DIV-2").Expect(c.Divide(0)).To(MatchError(calculator.ErrDivideByZero))
		trace.Verify(ctx, "CALC-DIV-2").Expect(c.Result()).To(Equal(before), "the result has not changed")
	})
})

var _ = trace.Protocol("TP-2", "averages", trace.About{
	Objectives: []string{"show that an average lies between the two numbers"},
}, func() {
	DescribeTable("averages", func(ctx SpecContext, a, b int64) {
		var c calculator.Calculator
		c.Add(a)
		trace.Step(ctx, "take the average of %d and %d", a, b)
		c.Average(b)
		trace.Verify(ctx).Expect(c.Result()).To(
			And(BeNumerically(">=", min(a, b)), BeNumerically("<=", max(a, b))), "the average lies between them")
	},
		Entry("small numbers", trace.Req("CALC-AVG-1"), int64(2), int64(5)),
		Entry("numbers of both signs", trace.Req("CALC-AVG-1"), int64(-9), int64(4)),
		Entry("the largest numbers", trace.Req("CALC-AVG-1"), int64(math.MaxInt64-1), int64(math.MaxInt64)),
	)
})

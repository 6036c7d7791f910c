package calc_test

import (
	"testing"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/socket-oneline/oneline/trace"
	"github.com/socket-oneline/oneline/trace/mutate/testdata/calc"
)

func TestCalc(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "calc")
}

var count int

var _ = trace.Protocol("TP-1", "calc", trace.About{}, func() {
	It("adds", trace.Req("ADD"), func(ctx SpecContext) {
		count++
		trace.Verify(ctx).Expect(calc.Add(2, 3)).To(Equal(5))
	})
	It("does nothing much", trace.Req("WEAK"), func(ctx SpecContext) {
		calc.Weak(1)
		trace.Verify(ctx).Expect(true).To(BeTrue())
	})
	It("divides", trace.Req("DIVIDE"), func(ctx SpecContext) {
		n, err := calc.Divide(6, 3)
		trace.Verify(ctx).Expect(n).To(Equal(2))
		trace.Verify(ctx).Expect(err).NotTo(HaveOccurred())
	})
	It("waits", trace.Req("WAIT"), func(ctx SpecContext) {
		trace.Verify(ctx).Expect(calc.Wait(3)).To(Equal(3))
	})
	It("depends on another spec", trace.Req("DEPENDS"), func(ctx SpecContext) {
		trace.Verify(ctx).Expect(count).To(Equal(1))
	})
})

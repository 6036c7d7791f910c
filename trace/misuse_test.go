package trace_test

import (
	"strings"
	"testing"

	. "github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/types"
	. "github.com/onsi/gomega"

	"github.com/socket-oneline/oneline/trace"
)

func TestMisuseIsAFault(t *testing.T) {
	for name, row := range map[string]struct {
		labels Labels
		body   func(SpecContext)
		fault  string
	}{
		"an id that the spec does not name": {trace.Req("R-1"), func(ctx SpecContext) {
			trace.Verify(ctx, "R-2").Expect(1).To(Equal(1))
		}, "names R-2"},
		"no id, two labels": {trace.Req("R-1", "R-2"), func(ctx SpecContext) {
			trace.Verify(ctx).Expect(1).To(Equal(1))
		}, "names no requirement"},
		"no label": {Label("other"), func(ctx SpecContext) {
			trace.Verify(ctx).Expect(1).To(Equal(1))
		}, "neither does the spec"},
		"the context of a node that has ended": {trace.Req("R-1"), func(ctx SpecContext) {
			trace.Step(ctx, "leave it to the cleanup")
			DeferCleanup(func() { trace.Verify(ctx).Expect(1).To(Equal(1)) })
		}, "a node that has ended"},
		"no assertion": {trace.Req("R-1"), func(ctx SpecContext) {
			trace.Verify(ctx).Expect(1).To(Equal(1))
			trace.Verify(ctx)
		}, "trace.Verify asserts nothing: add an assertion"},
		"no matcher": {trace.Req("R-1"), func(ctx SpecContext) {
			trace.Verify(ctx).Expect(1).To(Equal(1))
			trace.Must(ctx).Expect(1)
		}, "trace.Must.Expect asserts nothing: add .To(matcher)"},
		"no matcher for Eventually": {trace.Req("R-1"), func(ctx SpecContext) {
			trace.Verify(ctx).Expect(1).To(Equal(1))
			trace.Need(ctx).Eventually(func() int { return 1 }).WithTimeout(1)
		}, "trace.Need.Eventually asserts nothing: add .Should(matcher)"},
		"no matcher for the second assertion of one verification": {trace.Req("R-1"), func(ctx SpecContext) {
			v := trace.Verify(ctx)
			v.Expect(1).To(Equal(1))
			v.Consistently(func() int { return 1 })
		}, "trace.Verify.Consistently asserts nothing: add .Should(matcher)"},
		"a step with nothing to see": {trace.Req("R-1"), func(ctx SpecContext) {
			trace.Step(ctx, "\u200b")
			trace.Verify(ctx).Expect(1).To(Equal(1))
		}, "a step without text"},
	} {
		t.Run(name, func(t *testing.T) {
			spec, state := one(t, row.labels, row.body)
			if len(spec.Faults) != 1 || !strings.Contains(spec.Faults[0], row.fault) || !strings.Contains(spec.Faults[0], "_test.go:") {
				t.Errorf("faults %q, not one with %q", spec.Faults, row.fault)
			}
			if state.Is(types.SpecStatePassed) {
				t.Error("the spec passed")
			}
		})
	}
}

// A goroutine that outlives its spec must not write into the next one, and must
// not get lost either.
func TestLeakIsAFault(t *testing.T) {
	g := NewWithT(t)
	leaked, told := make(chan SpecContext, 1), make(chan struct{})
	o := run(t, func() {
		trace.Protocol("TP-001", "a protocol", trace.About{}, func() {
			It("a", trace.Req("R-1"), func(ctx SpecContext) {
				trace.Verify(ctx).Expect(1).To(Equal(1))
				leaked <- ctx
			})
			It("b", trace.Req("R-2"), func(ctx SpecContext) {
				go func() {
					defer close(told)
					defer GinkgoRecover()
					trace.Verify(<-leaked, "R-2").Expect(1).To(Equal(2))
				}()
				<-told
				trace.Verify(ctx).Expect(1).To(Equal(1))
			})
		})
	})
	g.Expect(o.specs).To(HaveLen(2))
	g.Expect(o.specs[1].Verifications).To(HaveLen(1))
	g.Expect(o.specs[1].Verifications[0].Passed).To(BeTrue())
	g.Expect(append(o.specs[1].Faults, o.run.Faults...)).To(ContainElement(ContainSubstring("after the end of its spec")))
}

// A spec that ended early may have left a verification without its assertion: the
// value that it should be about was what went wrong.
func TestVerificationCutShortIsNoFault(t *testing.T) {
	for name, fail := range map[string]func() int{
		"panic": func() int { panic("oh") },
		"fail":  func() int { Fail("no"); return 0 },
		"skip":  func() int { Skip("no"); return 0 },
	} {
		t.Run(name, func(t *testing.T) {
			spec, _ := one(t, trace.Req("R-1"), func(ctx SpecContext) {
				trace.Verify(ctx).Expect(fail()).To(Equal(1))
			})
			if len(spec.Faults) > 0 || spec.Completed {
				t.Errorf("faults %q, completed %v", spec.Faults, spec.Completed)
			}
		})
	}
}

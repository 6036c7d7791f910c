package trace_test

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/types"
	. "github.com/onsi/gomega"

	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/trace"
)

// nextLine is the line after that of its caller.
func nextLine() string {
	_, _, n, _ := runtime.Caller(1)
	return fmt.Sprintf("trace/nodes_test.go:%d", n+1)
}

// A verification names the node that made it, unless the spec's own body did.
func TestNodesOfVerifications(t *testing.T) {
	verify := func(ctx SpecContext) { trace.Verify(ctx).Expect(1).To(Equal(1)) }
	o := run(t, func() {
		Describe("around", func() {
			JustAfterEach(verify) // of an outer container
			trace.Protocol("TP-001", "a protocol", trace.About{}, func() {
				BeforeAll(verify)
				BeforeEach(verify)
				JustBeforeEach(verify)
				AfterEach(verify)
				AfterAll(verify)
				When("inside", func() {
					It("a spec", trace.Req("R-1"), func(ctx SpecContext) {
						verify(ctx)
						DeferCleanup(verify)
					})
				})
			}, Ordered)
		})
	})
	g := NewWithT(t)
	g.Expect(o.specs).To(HaveLen(1))
	g.Expect(o.specs[0].Faults).To(BeEmpty())
	g.Expect(o.run.Faults).To(BeEmpty())
	g.Expect(o.specs[0].Containers).To(Equal([]string{"around", "a protocol", "when inside"}))
	var nodes []string
	for _, v := range o.specs[0].Verifications {
		nodes = append(nodes, v.Node)
	}
	g.Expect(nodes).To(Equal([]string{"BeforeAll", "BeforeEach", "JustBeforeEach", "", "JustAfterEach", "AfterEach", "AfterAll", "DeferCleanup"}))
}

// What fails in a BeforeAll is evidence, though the spec's own BeforeEach never runs.
func TestFailingBeforeAll(t *testing.T) {
	for name, fail := range map[string]func(SpecContext){
		"Verify": func(ctx SpecContext) { trace.Verify(ctx).Expect(1).To(Equal(2)) },
		"Must":   func(ctx SpecContext) { trace.Must(ctx).Expect(1).To(Equal(2)) },
		"panic": func(ctx SpecContext) {
			trace.Verify(ctx).Expect(1).To(Equal(2))
			panic("oh")
		},
	} {
		t.Run(name, func(t *testing.T) {
			o := run(t, func() {
				trace.Protocol("TP-001", "a protocol", trace.About{}, func() {
					BeforeAll(fail)
					It("a spec", trace.Req("R-1"), func(ctx SpecContext) { trace.Verify(ctx).Expect(1).To(Equal(1)) })
					It("another", trace.Req("R-2"), func(ctx SpecContext) { trace.Verify(ctx).Expect(1).To(Equal(1)) })
				}, Ordered)
			})
			g := NewWithT(t)
			g.Expect(o.specs).To(HaveLen(1))
			g.Expect(o.specs[0].Completed).To(BeFalse())
			g.Expect(o.specs[0].Verifications).To(HaveLen(1))
			g.Expect(o.specs[0].Verifications[0].Node).To(Equal("BeforeAll"))
			g.Expect(o.specs[0].Faults).To(BeEmpty())
			g.Expect(o.run.Faults).To(BeEmpty())
		})
	}
}

// Ginkgo is told of a failure where it happens: the place is the caller's, and
// nodes after it see that the spec failed.
func TestPlaceOfFailure(t *testing.T) {
	place, seen := "", false
	o := run(t, func() {
		trace.Protocol("TP-001", "a protocol", trace.About{}, func() {
			AfterEach(func() { seen = CurrentSpecReport().Failed() })
			It("a spec", trace.Req("R-1"), func(ctx SpecContext) {
				place = nextLine()
				trace.Verify(ctx).Expect(1).To(Equal(2))
				trace.Verify(ctx).Expect(1).To(Equal(3))
			})
		})
	})
	g := NewWithT(t)
	failure := o.report.SpecReports.WithLeafNodeType(types.NodeTypeIt)[0].Failure
	g.Expect(failure.Location.String()).To(HaveSuffix(place))
	g.Expect(failure.Message).To(ContainSubstring("expected: 2"))
	g.Expect(seen).To(BeTrue())
	g.Expect(o.specs[0].Completed).To(BeTrue())
	g.Expect(o.specs[0].Verifications).To(HaveLen(2))
	g.Expect(o.specs[0].Verifications[0].Location).To(Equal(place))
}

func TestPlaceOfPanic(t *testing.T) {
	for name, early := range map[string]bool{"alone": false, "after a failed verification": true} {
		t.Run(name, func(t *testing.T) {
			place := ""
			spec, _ := one(t, trace.Req("R-1"), func(ctx SpecContext) {
				trace.Verify(ctx).Expect(early).To(BeFalse())
				func() {
					none := strings.Fields("")
					place = nextLine()
					_ = none[0]
				}()
			})
			g := NewWithT(t)
			g.Expect(spec.Panicked).To(HavePrefix(place))
			g.Expect(spec.Completed).To(BeFalse())
			if !early {
				g.Expect(spec.Panicked).To(HaveSuffix(": runtime error: index out of range [0] with length 0"))
			}
		})
	}
}

// Times mean what they mean in Gomega: numbers are seconds.
func TestTimesAndOptions(t *testing.T) {
	one1 := func() int { return 1 }
	for want, assert := range map[string]func(SpecContext, *trace.Verification) bool{
		"consistently for 50ms, tried every 10ms: 1": func(_ SpecContext, v *trace.Verification) bool {
			return v.Consistently(one1, 0.05, "10ms").Should(Equal(1))
		},
		"consistently for 100ms: not 2": func(_ SpecContext, v *trace.Verification) bool {
			return v.Consistently(one1).ShouldNot(Equal(2))
		},
		"eventually within 1s, tried every 1ms, 3 times in a row: 1": func(_ SpecContext, v *trace.Verification) bool {
			return v.Eventually(one1).WithPolling(time.Millisecond).MustPassRepeatedly(3).Should(Equal(1))
		},
		"eventually within 3s, tried every 2ms: 1": func(ctx SpecContext, v *trace.Verification) bool {
			return v.Eventually(one1, 3, 2*time.Millisecond).Should(Equal(1))
		},
		"eventually, until its context ends: 1": func(ctx SpecContext, v *trace.Verification) bool {
			return v.Eventually(ctx, one1).To(Equal(1))
		},
		"eventually within 2s: 3": func(_ SpecContext, v *trace.Verification) bool {
			return v.Eventually(func(n int) int { return n + 1 }).WithArguments(2).Within(2 * time.Second).Should(Equal(3))
		},
	} {
		t.Run(want, func(t *testing.T) {
			began, took := time.Now(), time.Duration(0)
			spec, _ := one(t, trace.Req("R-1"), func(ctx SpecContext) {
				began = time.Now()
				assert(ctx, trace.Verify(ctx))
				took = time.Since(began)
			})
			g := NewWithT(t)
			g.Expect(spec.Faults).To(BeEmpty())
			g.Expect(spec.Verifications).To(HaveLen(1))
			g.Expect(spec.Verifications[0].Expected).To(Equal(want))
			g.Expect(spec.Verifications[0].Passed).To(BeTrue())
			if v := spec.Verifications[0].Expected; v[0] == 'c' {
				g.Expect(took).To(BeNumerically(">=", 50*time.Millisecond))
			}
		})
	}
}

type gone struct{ text string }

func (g *gone) Error() string { return g.text }

func TestNilPointerThatIsAnError(t *testing.T) {
	spec, state := one(t, trace.Req("R-1"), func(ctx SpecContext) {
		var err *gone
		trace.Verify(ctx).Expect(err).To(BeNil())
	})
	g := NewWithT(t)
	g.Expect(state).To(Equal(types.SpecStatePassed))
	g.Expect(spec.Verifications[0].Actual).To(Equal("nil"))
}

// What was sent stands before what was received for it, though it is often
// recorded after it.
func TestTranscriptIsInTheOrderOfTime(t *testing.T) {
	spec, _ := one(t, trace.Req("R-1"), func(ctx SpecContext) {
		log := trace.Transcript(ctx)
		sending := time.Now()
		log(time.Time{}, evidence.Exchange{Direction: evidence.Received})
		log(sending, evidence.Exchange{Direction: evidence.Sent})
		trace.Step(ctx, "a step")
		log(time.Time{}, evidence.Exchange{Direction: evidence.Event, Text: "closed"})
		trace.Verify(ctx).Expect(errors.New("a")).To(HaveOccurred())
	})
	g := NewWithT(t)
	var directions []string
	for _, e := range spec.Transcript {
		directions = append(directions, e.Direction)
	}
	g.Expect(directions).To(Equal([]string{evidence.Sent, evidence.Received, evidence.Event}))
	g.Expect(spec.Transcript[0].Offset).To(BeNumerically("<=", spec.Transcript[1].Offset))
	g.Expect(spec.Transcript[2].Step).To(Equal(1))
	g.Expect(spec.Verifications[0].Exchanges).To(Equal(3))
}

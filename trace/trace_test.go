package trace_test

import (
	"encoding/json"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/extensions/globals"
	"github.com/onsi/ginkgo/v2/formatter"
	"github.com/onsi/ginkgo/v2/reporters"
	"github.com/onsi/ginkgo/v2/types"
	. "github.com/onsi/gomega"

	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/trace"
)

// outcome is what a suite left in its JSON report.
type outcome struct {
	specs  []evidence.Spec
	states []types.SpecState
	run    evidence.Run
	report types.Report
}

type quiet struct{}

func (quiet) Fail() {}

// run runs a suite, and reads its evidence from the JSON report as a report tool
// would.
func run(t *testing.T, suite func()) outcome {
	t.Helper()
	globals.Reset()
	ReportAfterSuite("end of the evidence", trace.SuiteEnded)
	formatter.ColorableStdOut = io.Discard
	path := filepath.Join(t.TempDir(), "results.json")
	suite()
	record := evidence.Run{Schema: evidence.Schema}
	trace.Record(&record)
	ReportAfterSuite("write", func(report Report) {
		if err := reporters.GenerateJSONReport(report, path); err != nil {
			t.Error(err)
		}
	})
	config, reporter := GinkgoConfiguration()
	config.GracePeriod = 5 * time.Second
	reporter.Succinct = true
	onceForGinkgo(t, func() { RunSpecs(quiet{}, "a suite", config, reporter) })

	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var all []types.Report
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	var o outcome
	o.report = all[0]
	for _, spec := range o.report.SpecReports {
		for _, entry := range spec.ReportEntries {
			switch entry.Name {
			case evidence.SpecEntry:
				var e evidence.Spec
				decode(t, entry.Value.AsJSON, &e)
				o.specs, o.states = append(o.specs, e), append(o.states, spec.State)
			case evidence.RunEntry:
				decode(t, entry.Value.AsJSON, &o.run)
			}
		}
	}
	return o
}

// onceForGinkgo hides from Ginkgo that the tests are repeated, which it refuses:
// a suite of these tests is a new one every time.
func onceForGinkgo(t *testing.T, run func()) {
	t.Helper()
	count := flag.Lookup("test.count").Value
	repeat := count.String()
	if err := count.Set("1"); err != nil {
		t.Fatal(err)
	}
	run()
	if err := count.Set(repeat); err != nil {
		t.Fatal(err)
	}
}

func decode(t *testing.T, text string, v any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), v); err != nil {
		t.Fatal(err)
	}
}

// one runs a suite of one spec.
func one(t *testing.T, labels Labels, body func(SpecContext)) (evidence.Spec, types.SpecState) {
	t.Helper()
	o := run(t, func() {
		trace.Protocol("TP-001", "a protocol", trace.About{}, func() { It("a spec", labels, body) })
	})
	if len(o.specs) != 1 {
		t.Fatalf("%d entries of evidence, not 1", len(o.specs))
	}
	return o.specs[0], o.states[0]
}

func TestPassingSpec(t *testing.T) {
	o := run(t, func() {
		about := trace.About{Objectives: []string{"to see"}, Preconditions: []string{"none"}, Deviations: []string{"few"}}
		trace.Protocol("TP-007", "a protocol", about, func() {
			It("a spec", trace.Req("R-1", "R-2"), trace.Observe("wire"), func(ctx SpecContext) {
				trace.Step(ctx, "do %s", "this")
				trace.Verify(ctx, "R-1").Expect("pong").To(Equal("pong"), "the %s", "answer")
				trace.Step(ctx, "do that")
				trace.Verify(ctx, "R-1", "R-2").Expect(3).NotTo(Equal(4))
				trace.Note(ctx, "well done")
				trace.Transcript(ctx)(time.Time{}, evidence.Exchange{Connection: 1, Direction: evidence.Sent, Bytes: []byte("\xffping\n")})
			})
		})
	})
	g := NewWithT(t)
	spec := o.specs[0]
	g.Expect(o.states[0]).To(Equal(types.SpecStatePassed))
	g.Expect(spec.Protocol).To(Equal(evidence.Protocol{
		ID: "TP-007", Title: "a protocol", Objectives: []string{"to see"}, Preconditions: []string{"none"}, Deviations: []string{"few"},
	}))
	g.Expect(spec.Title).To(Equal("a spec"))
	g.Expect(spec.Location).To(HavePrefix("trace/trace_test.go:"))
	g.Expect(spec.Requirements).To(Equal([]string{"R-1", "R-2"}))
	g.Expect(spec.Observe).To(Equal([]string{"wire"}))
	g.Expect(spec.Containers).To(Equal([]string{"a protocol"}))
	g.Expect(spec.Completed).To(BeTrue())
	g.Expect(spec.Faults).To(BeEmpty())
	g.Expect(spec.Notes).To(Equal([]string{"well done"}))
	g.Expect(spec.Steps).To(HaveLen(2))
	g.Expect(spec.Steps[0].Text).To(Equal("do this"))
	g.Expect(spec.Verifications).To(HaveLen(2))
	first, second := spec.Verifications[0], spec.Verifications[1]
	g.Expect([]any{first.Step, first.Text, first.Expected, first.Actual, first.Passed}).To(Equal([]any{1, "the answer", `"pong"`, `"pong"`, true}))
	g.Expect(first.Location).To(HavePrefix("trace/trace_test.go:"))
	g.Expect([]any{second.Step, second.Expected, second.Actual, second.Passed}).To(Equal([]any{2, "not 4", "3", true}))
	g.Expect(spec.Transcript[0].Bytes).To(Equal([]byte("\xffping\n")))
	g.Expect(spec.Transcript[0].Length).To(Equal(6))
}

func TestVerifyGoesOnAndMustStops(t *testing.T) {
	g := NewWithT(t)
	spec, state := one(t, trace.Req("R-1", "R-2"), func(ctx SpecContext) {
		trace.Verify(ctx, "R-1").Expect(1).To(Equal(2))
		trace.Must(ctx, "R-2").Expect(1).To(Equal(1))
		trace.Must(ctx, "R-2").Expect(2).To(Equal(1))
		trace.Verify(ctx, "R-1").Expect("never").To(Equal("reached"))
	})
	g.Expect(state).To(Equal(types.SpecStateFailed))
	g.Expect(spec.Completed).To(BeFalse())
	g.Expect(spec.Stopped).To(HavePrefix("trace/trace_test.go:"))
	g.Expect(spec.Verifications).To(HaveLen(3))
}

func TestVerifyFailsTheSpecAtItsEnd(t *testing.T) {
	g := NewWithT(t)
	spec, state := one(t, trace.Req("R-1"), func(ctx SpecContext) {
		g.Expect(trace.Verify(ctx).Expect(1).To(Equal(2))).To(BeFalse())
		g.Expect(trace.Verify(ctx).Expect(1).To(Equal(1))).To(BeTrue())
	})
	g.Expect(state).To(Equal(types.SpecStateFailed))
	g.Expect(spec.Completed).To(BeTrue(), "the body ran to its end")
	g.Expect(spec.Verifications).To(HaveLen(2))
}

func TestNeedBlocksAndBlamesNobody(t *testing.T) {
	g := NewWithT(t)
	spec, state := one(t, trace.Req("R-1"), func(ctx SpecContext) {
		trace.Need(ctx).Expect("up").To(Equal("up"))
		trace.Need(ctx).Expect("down").To(Equal("up"), "the server is up")
		trace.Verify(ctx).Expect(1).To(Equal(1))
	})
	g.Expect(state).To(Equal(types.SpecStateSkipped))
	g.Expect(spec.Blocked).To(Equal(`the server is up: expected "up", got "down"`))
	g.Expect(spec.Completed).To(BeFalse())
	g.Expect(spec.Verifications).To(BeEmpty())
	g.Expect(spec.Preconditions).To(HaveLen(2))
}

func TestBlockAndNotObservable(t *testing.T) {
	g := NewWithT(t)
	spec, state := one(t, trace.Req("R-1"), func(ctx SpecContext) { trace.Block(ctx, "no %s", "luck") })
	g.Expect([]any{state, spec.Blocked, spec.Completed}).To(Equal([]any{types.SpecStateSkipped, "no luck", false}))
	spec, state = one(t, trace.Req("R-1"), func(ctx SpecContext) { trace.NotObservable(ctx, "needs -shutdown") })
	g.Expect([]any{state, spec.NotObservable, spec.Completed}).To(Equal([]any{types.SpecStateSkipped, "needs -shutdown", false}))
}

func TestDeadTargetFailsTheSpec(t *testing.T) {
	g := NewWithT(t)
	spec, state := one(t, trace.Req("R-1"), func(ctx SpecContext) {
		trace.Verify(ctx).Expect(1).To(Equal(1))
		DeferCleanup(func(ctx SpecContext) { trace.DeadTarget(ctx, "refused") })
	})
	g.Expect(state).To(Equal(types.SpecStateFailed))
	g.Expect(spec.DeadTarget).To(Equal("refused"))
}

func TestEndsOfSpecs(t *testing.T) {
	for name, row := range map[string]struct {
		body  func(SpecContext)
		state types.SpecState
	}{
		"panic":   {func(SpecContext) { panic("oh") }, types.SpecStatePanicked},
		"fail":    {func(SpecContext) { Fail("no") }, types.SpecStateFailed},
		"skip":    {func(SpecContext) { Skip("not today") }, types.SpecStateSkipped},
		"cleanup": {func(SpecContext) { DeferCleanup(func() { Fail("late") }) }, types.SpecStateFailed},
	} {
		t.Run(name, func(t *testing.T) {
			spec, state := one(t, trace.Req("R-1"), func(ctx SpecContext) {
				trace.Verify(ctx).Expect(1).To(Equal(1))
				row.body(ctx)
			})
			if state != row.state || spec.Completed || len(spec.Verifications) != 1 {
				t.Errorf("state %s, completed %v, %d verifications", state, spec.Completed, len(spec.Verifications))
			}
		})
	}
}

func TestTimeIsUp(t *testing.T) {
	g := NewWithT(t)
	o := run(t, func() {
		trace.Protocol("TP-001", "a protocol", trace.About{}, func() {
			It("a spec", trace.Req("R-1"), SpecTimeout(20*time.Millisecond), func(ctx SpecContext) {
				trace.Verify(ctx).Expect(1).To(Equal(1))
				<-ctx.Done()
				// What is seen after the end of its time is nothing to blame.
				trace.Verify(ctx).Expect(1).To(Equal(2))
			})
		})
	})
	g.Expect(o.states[0]).To(Equal(types.SpecStateTimedout))
	g.Expect(o.specs[0].Verifications).To(HaveLen(1))
	g.Expect(o.specs[0].Completed).To(BeFalse())
	g.Expect(o.specs[0].Faults).To(BeEmpty())
}

func TestOutsideOfAProtocol(t *testing.T) {
	g := NewWithT(t)
	o := run(t, func() {
		Describe("no protocol", func() {
			It("a spec", trace.Req("R-1"), func(ctx SpecContext) {
				trace.Step(ctx, "do this")
				trace.Verify(ctx).Expect(1).To(Equal(1))
			})
		})
	})
	g.Expect(o.specs).To(BeEmpty())
	g.Expect(o.run.Faults).NotTo(BeEmpty())
	g.Expect(o.run.Faults[0]).To(ContainSubstring("outside of a trace.Protocol"))
}

func TestEveryAttemptLeavesEvidence(t *testing.T) {
	g := NewWithT(t)
	tries := 0
	o := run(t, func() {
		trace.Protocol("TP-001", "a protocol", trace.About{}, func() {
			It("a spec", trace.Req("R-1"), FlakeAttempts(3), func(ctx SpecContext) {
				tries++
				trace.Verify(ctx).Expect(tries).To(Equal(2))
			})
		})
	})
	g.Expect(o.specs).To(HaveLen(2))
	g.Expect([]int{o.specs[0].Attempt, o.specs[1].Attempt}).To(Equal([]int{1, 2}))
	g.Expect([]bool{o.specs[0].Verifications[0].Passed, o.specs[1].Verifications[0].Passed}).To(Equal([]bool{false, true}))
}

func TestAsynchronousVerifications(t *testing.T) {
	g := NewWithT(t)
	spec, _ := one(t, trace.Req("R-1"), func(ctx SpecContext) {
		n := 0
		trace.Verify(ctx).Eventually(func() int { n++; return n }, time.Second).Should(Equal(3))
		trace.Verify(ctx).Consistently(func() int { return 7 }, 5*time.Millisecond).Should(Equal(7))
		trace.Verify(ctx).Eventually(func() int { return 8 }, 5*time.Millisecond).ShouldNot(Equal(8))
		trace.Verify(ctx).Eventually(func() (int, error) { return 0, errors.New("gone") }, 5*time.Millisecond).Should(Equal(9))
	})
	var seen []string
	for _, v := range spec.Verifications {
		seen = append(seen, v.Expected+" / "+v.Actual)
	}
	g.Expect(seen[:3]).To(Equal([]string{"eventually within 1s: 3 / 3", "consistently for 5ms: 7 / 7", "eventually within 5ms: not 8 / 8"}))
	g.Expect(seen[3]).To(And(HavePrefix("eventually within 5ms: 9 / "), ContainSubstring("gone")))
	g.Expect([]bool{spec.Verifications[0].Passed, spec.Verifications[1].Passed, spec.Verifications[2].Passed, spec.Verifications[3].Passed}).
		To(Equal([]bool{true, true, false, false}))
}

func TestEvidenceIsBounded(t *testing.T) {
	g := NewWithT(t)
	spec, _ := one(t, trace.Req("R-1"), func(ctx SpecContext) {
		log := trace.Transcript(ctx)
		for range 3000 {
			log(time.Time{}, evidence.Exchange{Direction: evidence.Received, Bytes: make([]byte, 10_000)})
		}
		trace.Verify(ctx).Expect(strings.Repeat("x", 100_000)).To(Equal(""))
		trace.Note(ctx, "%s", "\xff"+strings.Repeat("é", 100_000))
	})
	g.Expect(len(spec.Transcript)).To(BeNumerically("<", 3000))
	g.Expect(spec.Transcript[0].Length).To(Equal(10_000))
	g.Expect(len(spec.Transcript[0].Bytes)).To(BeNumerically("<", 1000))
	g.Expect(len(spec.Verifications[0].Actual)).To(BeNumerically("<", 5000))
	g.Expect(spec.Verifications[0].Actual).To(ContainSubstring("100002 bytes in all"))
	g.Expect(spec.Notes).To(ContainElement(ContainSubstring("more exchanges")))
}

func TestConcurrentVerifications(t *testing.T) {
	spec, _ := one(t, trace.Req("R-1"), func(ctx SpecContext) {
		done := make(chan struct{})
		for range 8 {
			go func() {
				defer func() { done <- struct{}{} }()
				for i := range 50 {
					trace.Verify(ctx).Expect(i).NotTo(Equal(20))
				}
			}()
		}
		for range 8 {
			<-done
		}
	})
	if len(spec.Verifications) != 400 {
		t.Errorf("%d verifications, not 400", len(spec.Verifications))
	}
}

func TestRecordIsReadAtTheEnd(t *testing.T) {
	o := run(t, func() {
		trace.Protocol("TP-001", "a protocol", trace.About{}, func() {})
	})
	if o.run.Schema != evidence.Schema {
		t.Errorf("the run was not recorded although no spec ran: %+v", o.run)
	}
}

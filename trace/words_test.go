package trace_test

import (
	"errors"
	"testing"
	"time"

	. "github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/types"
	. "github.com/onsi/gomega"

	"github.com/socket-oneline/oneline/trace"
)

func TestWordsOfMatchers(t *testing.T) {
	for expected, assert := range map[string]func(*trace.Verification){
		`"a\nb" / "a"`:                   func(v *trace.Verification) { v.Expect("a").To(Equal("a\nb")) },
		`["a" "b"] / []`:                 func(v *trace.Verification) { v.Expect([]string{}).To(Equal([]string{"a", "b"})) },
		`no error / error: two\n  lines`: func(v *trace.Verification) { v.Expect(errors.New("two\n  lines")).NotTo(HaveOccurred()) },
		`an error / no error`:            func(v *trace.Verification) { v.Expect(nil).To(HaveOccurred()) },
		`success / error: no`:            func(v *trace.Verification) { v.Expect(errors.New("no")).To(Succeed()) },
		`true / false`:                   func(v *trace.Verification) { v.Expect(false).To(BeTrue()) },
		`false / true`:                   func(v *trace.Verification) { v.Expect(true).To(BeFalse()) },
		`5 (int) / 5 (int64)`:            func(v *trace.Verification) { v.Expect(int64(5)).To(Equal(5)) },
		`nil / 3`:                        func(v *trace.Verification) { v.Expect(3).To(BeNil()) },
		`a number > 5 / 4`:               func(v *trace.Verification) { v.Expect(4).To(BeNumerically(">", 5)) },
		`not a number > 5 / 6`:           func(v *trace.Verification) { v.Expect(6).NotTo(BeNumerically(">", 5)) },
		`a very good thing / "bad"`:      func(v *trace.Verification) { v.Expect("bad").To(good{}) },
		`1s / 2s`:                        func(v *trace.Verification) { v.Expect(2 * time.Second).To(Equal(time.Second)) },
		`"\xff" / "\xfe"`:                func(v *trace.Verification) { v.Expect([]byte("\xfe")).To(Equal([]byte("\xff"))) },
		`{A:1 B:"x"} / {A:2 B:"y"}`:      func(v *trace.Verification) { v.Expect(pair{2, "y"}).To(Equal(pair{1, "x"})) },
		`text that contains "x" / "y"`:   func(v *trace.Verification) { v.Expect("y").To(ContainSubstring("x")) },
	} {
		t.Run(expected, func(t *testing.T) {
			spec, _ := one(t, trace.Req("R-1"), func(ctx SpecContext) { assert(trace.Verify(ctx)) })
			v := spec.Verifications[0]
			if got := v.Expected + " / " + v.Actual; got != expected || v.Passed {
				t.Errorf("%s, passed: %v", got, v.Passed)
			}
		})
	}
}

type pair struct {
	A int
	B string
}

// good is a matcher with words of its own.
type good struct{}

func (good) Match(actual any) (bool, error)   { return actual == "good", nil }
func (good) FailureMessage(any) string        { return "?" }
func (good) NegatedFailureMessage(any) string { return "?" }
func (good) Expected() string                 { return "a very good thing" }

// Gomega's composite matchers cannot always give the message of what did not
// happen; evidence must not be lost by that.
func TestMatcherThatPanicsWhenAsked(t *testing.T) {
	spec, state := one(t, trace.Req("R-1"), func(ctx SpecContext) {
		trace.Verify(ctx).Expect("ab").To(And(HavePrefix("a"), HaveSuffix("b")))
		trace.Verify(ctx).Expect("ab").To(Or(HavePrefix("x"), HaveSuffix("b")))
	})
	if state != types.SpecStatePassed || len(spec.Verifications) != 2 || spec.Verifications[0].Expected == "" {
		t.Errorf("%s %+v", state, spec.Verifications)
	}
}

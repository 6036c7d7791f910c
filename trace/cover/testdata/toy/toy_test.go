package toy_test

import (
	"errors"
	"os"
	"os/exec"
	"testing"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/trace"
	"github.com/socket-oneline/oneline/trace/cover/testdata/toy"
)

func TestMain(m *testing.M) {
	if os.Getenv("TOY_CHILD") != "" {
		toy.Child()
	}
	os.Exit(m.Run())
}

func TestToy(t *testing.T) {
	run := evidence.Run{}
	trace.Cover(&run)
	trace.Record(&run)
	RunSpecs(t, "toy")
}

var _ = trace.Protocol("TP-1", "toy", trace.About{}, func() {
	It("divides", trace.Req("TOY-ADD"), func(ctx SpecContext) {
		toy.Believed()
		trace.Verify(ctx).Expect(toy.Divide(4, 2)).To(Equal(2))
	})
	It("does not divide by zero", trace.Req("TOY-DIV"), func(ctx SpecContext) {
		_, err := toy.Divide(4, 0)
		trace.Verify(ctx).Expect(err).To(HaveOccurred())
	})
	It("fails", trace.Req("TOY-FAIL"), func(ctx SpecContext) {
		trace.Verify(ctx).Expect(toy.Fails()).To(Equal(2))
		trace.Verify(ctx).Expect(toy.Divide(6, 2)).To(Equal(3))
	})
	It("panics", trace.Req("TOY-PANIC"), func(ctx SpecContext) {
		toy.Panics()
	})
	It("is blocked", trace.Req("TOY-BLOCK"), func(ctx SpecContext) {
		trace.Need(ctx).Expect(toy.Prepare()).To(BeTrue())
		toy.Blocked()
	})
	It("ends before its goroutine does", trace.Req("TOY-LATE"), func(ctx SpecContext) {
		begin := make(chan struct{})
		toy.Late(begin)
		trace.Verify(ctx).Expect(1).To(Equal(1))
		close(begin)
	})
	It("leaves a goroutine", trace.Req("TOY-LEAVE"), func(ctx SpecContext) {
		toy.Leave()
		trace.Verify(ctx).Expect(1).To(Equal(1))
	})
	It("is retried", trace.Req("TOY-RETRY"), FlakeAttempts(2), func(ctx SpecContext) {
		trace.Verify(ctx).Expect(toy.Retried(ctx.SpecReport().NumAttempts)).To(Equal("second"))
	})
	It("starts a process", trace.Req("TOY-CHILD"), func(ctx SpecContext) {
		child := exec.CommandContext(ctx, os.Args[0])
		child.Env = append(os.Environ(), "TOY_CHILD=1")
		var exit *exec.ExitError
		trace.Verify(ctx).Expect(errors.As(child.Run(), &exit) && exit.ExitCode() == 3).To(BeTrue())
	})
	It("does nothing", trace.Req("TOY-IDLE"), func(ctx SpecContext) {
		trace.Verify(ctx).Expect(1).To(Equal(1))
	})
	if os.Getenv("TOY_BREAK") != "" {
		It("removes what is collected", trace.Req("TOY-IDLE"), func(ctx SpecContext) {
			trace.Verify(ctx).Expect(os.RemoveAll(os.Getenv("ONELINE_COVER"))).To(Succeed())
		})
	}
	It("is skipped", trace.Req("TOY-SKIP"), func(ctx SpecContext) {
		Skip("not today")
	})
	PIt("is pending", trace.Req("TOY-SKIP"), func(ctx SpecContext) {
		toy.Never(1)
	})
})

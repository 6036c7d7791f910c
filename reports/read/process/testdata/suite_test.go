package suite_test

import (
	"log"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/socket-oneline/oneline/trace"
)

var (
	scenario = os.Getenv("SCENARIO")
	leaked   = make(chan bool)
)

func Test(t *testing.T) {
	RegisterFailHandler(Fail)
	if scenario == "preview" { // which leaves no evidence
		PreviewSpecs("suite")
	}
	RunSpecs(t, "suite")
}

var _ = BeforeSuite(func() {
	if scenario == "fatal" {
		log.Fatal("no")
	}
})

var _ = AfterSuite(func() {
	if scenario == "leak" && GinkgoParallelProcess() == max(1, GinkgoT().ParallelTotal()) {
		<-leaked
	}
})

var _ = trace.Protocol("TP-1", "a protocol", trace.About{}, func() {
	It("passes", trace.Req("A-1"), func(ctx SpecContext) {
		_, inherited := os.LookupEnv("ONELINE_EVIDENCE")
		trace.Verify(ctx).Expect(inherited).To(BeFalse())
	})
	It("fails", trace.Req("A-2"), func(ctx SpecContext) {
		trace.Verify(ctx).Expect(scenario).NotTo(Equal("fail"))
		switch scenario {
		case "fail and exit":
			trace.Verify(ctx).Expect(1).To(Equal(2))
			os.Exit(0)
		case "panic":
			go panic("oh")
			<-make(chan int)
		case "exit 0":
			os.Exit(0)
		case "exit 1":
			os.Exit(1)
		case "kill":
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			<-make(chan int)
		}
	})
	PIt("is pending", trace.Req("A-3"), func(ctx SpecContext) {})
	// Every process has one of these to itself, until the others have one too.
	for _, id := range []string{"A-4", "A-5"} {
		It("waits", trace.Req(id), func(ctx SpecContext) {
			trace.Verify(ctx).Expect(id).NotTo(BeEmpty())
			if dir := os.Getenv("MEETING"); dir != "" {
				Expect(os.WriteFile(filepath.Join(dir, id), nil, 0o600)).To(Succeed())
				Eventually(func() ([]string, error) { return filepath.Glob(filepath.Join(dir, "*")) }, 60).Should(HaveLen(2))
			}
			if scenario == "leak" && GinkgoParallelProcess() == max(1, GinkgoT().ParallelTotal()) && (id == "A-5" || os.Getenv("MEETING") != "") {
				go func() {
					defer close(leaked)
					defer func() { _ = recover() }()
					<-ctx.Done()
					for i := 0; i < 1000; i++ { // until the spec is over, not only its body
						trace.Verify(ctx).Expect(1).To(Equal(2))
					}
				}()
			}
		})
	}
})

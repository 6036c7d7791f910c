package victim

import (
	"errors"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/onsi/gomega"

	"github.com/socket-oneline/oneline/trace/gotest"
)

func TestMain(m *testing.M) {
	switch os.Getenv("MAIN") {
	case "gotest":
		os.Exit(gotest.Main(m))
	case "ignored":
		m.Run()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func TestPass(t *testing.T) {
	req := gotest.Req(t, "A-1")
	req.Step("add %d", 2)
	req.Verify().Equal(2, 2, "the %s", "sum")
	req.Verify().Expect([]int{1, 2}).To(gomega.ContainElement(2))
	req.Must("A-1").NoError(nil)
	req.Need(os.Getenv("ONELINE_EVIDENCE") == "", "the variable is unset")
	req.Note("well done")
	n := 0
	req.Verify().Eventually(func() any { n++; return n }, time.Minute).Should(gomega.Equal(3))
	req.Verify().Consistently(func() any { return 7 }, time.Millisecond).ShouldNot(gomega.BeZero())
}

func TestTable(t *testing.T) {
	for _, name := range []string{"a b", "a/b", "", "twice", "twice"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			req := gotest.Protocol{ID: "TP-1", Title: "a table"}.Req(t, "A-1", "A-2")
			req.Verify("A-1").True(true)
			done := make(chan bool)
			go func() {
				defer close(done)
				req.Verify("A-2").False(false)
			}()
			<-done
		})
	}
}

func FuzzSeeds(f *testing.F) {
	f.Add(1)
	f.Add(2)
	f.Fuzz(func(t *testing.T, n int) { gotest.Req(t, "A-1").Verify().True(n > 0) })
}

func TestTwoCalls(t *testing.T) {
	a, b := gotest.Req(t, "A-1"), gotest.Req(t, "A-2")
	a.Verify().Contains("ab", "a")
	b.Verify().ErrorIs(errors.ErrUnsupported, errors.ErrUnsupported)
}

func TestFail(t *testing.T) {
	req := gotest.Req(t, "A-1")
	req.Verify().Equal(int64(5), 5)
	req.Verify().NotEqual(1, 2)
}

func isTwo(req *gotest.Requirements, n int) {
	gotest.Helper()
	req.Verify().Equal(n, 2)
}

func TestHelper(t *testing.T) {
	req := gotest.Req(t, "A-1")
	isTwo(req, 2) // here
	req.Verify().Expect(strconv.Atoi("2")).To(gomega.Equal(2))
	req.Verify().Expect(strconv.Atoi("x")).To(gomega.Equal(0)) // not zero
}

func TestMust(t *testing.T) {
	req := gotest.Req(t, "A-1", "A-2")
	req.Must("A-1").Error(nil)
	req.Verify("A-2").True(true)
}

func TestNeed(t *testing.T) {
	req := gotest.Req(t, "A-1")
	req.Need(false, "the port %d opens", 80)
	req.Verify().True(true)
}

func TestSkip(t *testing.T) {
	gotest.Req(t, "A-1").Verify().True(true)
	t.Skip("not today")
}

func TestBlock(t *testing.T)         { gotest.Req(t, "A-1").Block("no %s", "luck") }
func TestNotObservable(t *testing.T) { gotest.Req(t, "A-1").NotObservable("no wire") }
func TestDead(t *testing.T)          { gotest.Req(t, "A-1").DeadTarget("refused") }

func TestCleanup(t *testing.T) {
	t.Cleanup(func() { t.Error("late") })
	gotest.Req(t, "A-1").Verify().True(true)
}

func TestOwnCleanup(t *testing.T) {
	req := gotest.Req(t, "A-1")
	t.Cleanup(func() { req.Verify().True(true) })
}

func TestPanic(t *testing.T) {
	gotest.Req(t, "A-1").Verify().True(true)
	var m map[string]int
	m["a"] = 1
}

func TestExit(t *testing.T) {
	gotest.Req(t, "A-1").Verify().True(true)
	os.Exit(1)
}

func TestNothing(t *testing.T) { gotest.Req(t, "A-1") }

func TestNoAssertion(t *testing.T) {
	req := gotest.Req(t, "A-1")
	req.Verify().True(true)
	req.Verify()
}

func TestNoMatcher(t *testing.T) {
	req := gotest.Req(t, "A-1")
	req.Verify().True(true)
	req.Verify().Expect(1)
}

func TestSecondNoMatcher(t *testing.T) {
	v := gotest.Req(t, "A-1").Verify()
	v.True(true)
	v.Eventually(func() any { return 1 }, 1)
}

func TestFirstNoMatcher(t *testing.T) {
	v := gotest.Req(t, "A-1").Verify()
	v.Expect(1)
	v.Expect(1).To(gomega.Equal(1))
}

func TestCutShort(t *testing.T) {
	gotest.Req(t, "A-1").Verify().True(func() bool { t.FailNow(); return true }())
}

func TestOtherID(t *testing.T) { gotest.Req(t, "A-1").Verify("A-2").True(true) }
func TestNoID(t *testing.T)    { gotest.Req(t) }
func TestNoTitle(t *testing.T) {
	gotest.Protocol{ID: "TP-9"}.Req(t, "A-1").Verify().True(true)
}
func TestEmptyStep(t *testing.T) { gotest.Req(t, "A-1").Step("\u200b") }

func TestOfParent(t *testing.T) {
	req := gotest.Req(t, "A-1")
	req.Verify().True(true)
	t.Run("child", func(t *testing.T) { req.Verify().True(true) })
}

func TestTwoProtocols(t *testing.T) {
	gotest.Protocol{ID: "TP-1", Title: "one"}.Req(t, "A-1").Verify().True(true)
	gotest.Protocol{ID: "TP-2", Title: "two"}.Req(t, "A-1").Verify().True(true)
}

var late = make(chan func())

func TestLate(t *testing.T) {
	req := gotest.Req(t, "A-1")
	req.Verify().True(true)
	go func() { (<-late)(); late <- nil }()
	told := req
	t.Cleanup(func() {})
	next = func() { defer func() { _ = recover() }(); told.Verify().True(true) }
}

var next func()

func TestLateNext(t *testing.T) {
	late <- next
	<-late
}

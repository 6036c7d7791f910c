package parallel

import (
	"os"
	"testing"

	"github.com/socket-oneline/oneline/trace/gotest"
)

func TestParallel(t *testing.T) {
	first, second, both := make(chan struct{}), make(chan struct{}), make(chan struct{})
	t.Run("first", func(t *testing.T) {
		t.Parallel()
		req := gotest.Req(t, "FIRST")
		n := One()
		close(first)
		<-second
		n += Two()
		req.Verify().Equal(n, 3)
		close(both)
	})
	t.Run("second", func(t *testing.T) {
		t.Parallel()
		<-first
		req := gotest.Req(t, "SECOND")
		close(second)
		<-both
		req.Verify().Equal(2, 2)
	})
}

func TestMain(m *testing.M) { os.Exit(gotest.Main(m)) }

package timeout

import (
	"flag"
	"testing"
	"time"
)

func TestMain(m *testing.M) {
	flag.Parse()
	_ = flag.Set("test.timeout", "100ms")
	m.Run()
}

func TestSlow(t *testing.T) {
	t.Attr("requirement", "R-1")
	t.Run("part", func(*testing.T) { time.Sleep(time.Hour) })
}

package display_test

import (
	"os"
	"testing"

	"example.com/calculator/display"
	"github.com/socket-oneline/oneline/trace/gotest"
)

func TestMain(m *testing.M) { os.Exit(gotest.Main(m)) }

func TestText(t *testing.T) {
	req := gotest.Req(t, "CALC-SHOW-1")
	for n, want := range map[int64]string{0: "0", 999: "999", 1000: "1 000", -1234567: "-1 234 567", -123: "-123"} {
		req.Verify().Equal(display.Text(n), want)
	}
}

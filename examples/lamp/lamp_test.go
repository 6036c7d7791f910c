package lamp_test

import (
	"fmt"
	"testing"

	"example.com/lamp"
	"github.com/socket-oneline/oneline/trace/gotest"
)

func TestDim(t *testing.T) {
	for _, percent := range []int{0, 50, 100} {
		t.Run(fmt.Sprint(percent), func(t *testing.T) {
			req := gotest.Req(t, "LAMP-1")
			var l lamp.Lamp
			req.Step("dim the lamp to %d percent", percent)
			req.Must().NoError(l.Dim(percent))
			req.Verify().Equal(l.Brightness(), percent)
		})
	}
}

func TestTooBright(t *testing.T) {
	req := gotest.Req(t, "LAMP-2")
	var l lamp.Lamp
	req.Step("dim the lamp to 101 percent")
	req.Verify().Error(l.Dim(101))
	req.Verify().Equal(l.Brightness(), 0)
}

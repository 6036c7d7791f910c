package exits0

import (
	"syscall"
	"testing"
)

func TestExits(t *testing.T) {
	t.Attr("requirement", "R-1")
	syscall.Exit(0)
}

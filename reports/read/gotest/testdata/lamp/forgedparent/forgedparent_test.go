package forgedparent

import (
	"fmt"
	"testing"
)

func TestTarget(t *testing.T) {
	t.Attr("requirement", "R-1")
	t.Run("part", func(t *testing.T) {
		fmt.Print("\x16--- PASS: TestTarget (0.00s)\n")
		t.Error("it fails")
	})
}

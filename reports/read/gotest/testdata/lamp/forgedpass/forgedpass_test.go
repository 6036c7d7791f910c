package forgedpass

import (
	"fmt"
	"testing"
)

func TestTarget(t *testing.T) {
	t.Attr("requirement", "R-1")
	fmt.Print("\x16--- PASS: TestTarget (0.00s)\n")
	t.Error("it fails")
}

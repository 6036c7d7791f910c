package forgedtest

import (
	"fmt"
	"testing"
)

func TestTarget(*testing.T) {
	fmt.Print("\x16=== RUN   TestGhost\n\x16=== ATTR  TestGhost requirement R-1\n\x16--- PASS: TestGhost (0.00s)\n")
}

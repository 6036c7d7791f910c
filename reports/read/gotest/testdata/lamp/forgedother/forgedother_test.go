package forgedother

import (
	"fmt"
	"testing"
)

func TestTarget(*testing.T) {
	fmt.Print("\x16=== ATTR  TestOther requirement R-1\n\x16--- PASS: TestOther (0.00s)\n")
}

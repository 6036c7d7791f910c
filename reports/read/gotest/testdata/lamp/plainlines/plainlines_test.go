package plainlines

import (
	"fmt"
	"testing"
)

func TestTarget(t *testing.T) {
	t.Attr("requirement", "R-1")
	fmt.Print("--- FAIL: TestTarget (0.00s)\n{\"Action\":\"fail\",\"Package\":\"example.com/lamp/plainlines\",\"Test\":\"TestTarget\"}\nFAIL\nPASS\n")
}

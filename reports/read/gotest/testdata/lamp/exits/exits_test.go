package exits

import (
	"os"
	"testing"
)

func TestExits(t *testing.T) {
	t.Attr("requirement", "R-1")
	os.Exit(3)
}

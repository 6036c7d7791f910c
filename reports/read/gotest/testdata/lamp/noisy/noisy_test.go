package noisy

import (
	"fmt"
	"strings"
	"testing"
)

func TestMegabyte(t *testing.T) {
	t.Attr("requirement", "R-1")
	fmt.Print(strings.Repeat("x", 1<<20))
	t.Attr("requirement", "R-2")
}

func TestMegabyteThatFails(t *testing.T) {
	t.Attr("requirement", "R-3")
	fmt.Print(strings.Repeat("x", 1<<20))
	t.Error("it fails")
}

func TestNoLineFeed(t *testing.T) {
	t.Attr("requirement", "R-4")
	fmt.Print("the end")
	t.Attr("requirement", "R-5")
}

package parallel

import (
	"fmt"
	"testing"
)

func TestParts(t *testing.T) {
	t.Attr("requirement", "R-1")
	for i := range 3 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			fmt.Println("some output")
			if i == 1 {
				t.Error("the second fails")
			}
		})
	}
}

func TestBeside(t *testing.T) {
	t.Parallel()
	t.Attr("requirement", "R-2")
	t.Run("sub", func(t *testing.T) { t.Parallel() })
}

func TestBesideToo(t *testing.T) {
	t.Parallel()
	t.Run("sub", func(t *testing.T) { t.Attr("requirement", "R-3") })
}

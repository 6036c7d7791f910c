package panics

import "testing"

func TestPanics(t *testing.T) {
	t.Attr("requirement", "R-1")
	t.Run("inside", func(*testing.T) { panic("oh") })
}

package same

import "testing"

func TestSame(t *testing.T) {
	t.Attr("requirement", "R-7")
	t.Error("here it fails")
}
